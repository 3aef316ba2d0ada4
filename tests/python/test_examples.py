"""Every example in the documents of the five systems, run unchanged but for its import line."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Any, Dict, List, Tuple

import stand_ins
from case import BookCase, forget

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "python-examples"

IMPORTS = {
    "from flexlock import": "from daybook.flexlock import",
    "from pycaddy.ledger import": "from daybook.pycaddy import",
    "from crackseg.utils.experiment.tracker import": "from daybook.crackseg import",
    "from isolated_recipe.example_numbers.orchestrator.persistence.snapshot import": "from daybook.framework0 import",
    "from snapshot_generator import": "from daybook.barrot import",
    "from snapshot_viewer import": "from daybook.barrot import",
}


def blocks(name: str, language: str = "python") -> List[str]:
    """The examples of a document."""
    text = (FIXTURES / f"{name}.md").read_text("utf-8")
    found = re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)
    assert found
    return found


def migrated(code: str) -> str:
    """The same code with its import line changed, and nothing else."""
    lines = code.split("\n")
    for at, line in enumerate(lines):
        for old, new in IMPORTS.items():
            if line.startswith(old):
                lines[at] = new + line[len(old) :]
    return "\n".join(lines)


def programs(name: str) -> Tuple[List[str], List[str]]:
    """The examples that are programs, and those that are signatures or leave something out."""
    is_program = []
    others = []
    for code in blocks(name):
        try:
            ast.parse(code)
            (others if "(...)" in code else is_program).append(code)
        except SyntaxError:
            others.append(code)
    return is_program, others


class ExampleCase(BookCase):
    def setUp(self) -> None:
        super().setUp()
        forget()

    def run_all(self, name: str, names: Dict[str, Any]) -> str:
        out = io.StringIO()
        for code in programs(name)[0]:
            with contextlib.redirect_stdout(out):
                exec(compile(migrated(code), f"{name}.md", "exec"), names)  # noqa: S102
        return out.getvalue()


class FlexLockTest(ExampleCase):
    def test_every_example(self) -> None:
        project = self.root / "project"
        for folder in (project, self.root / "libs/my_lib"):
            folder.mkdir(parents=True)
            subprocess.run(["git", "init", "-q", str(folder)], check=True)
            (folder / "code.py").write_text("print(1)\n")
        os.chdir(project)
        (project / "data").mkdir()
        (project / "data/input.csv").write_text("a,b\n")
        (project / "data/validation.csv").write_text("c\n")
        from daybook.flexlock import snapshot

        snapshot(config={"stage": "prepare"}, snapshot_path="data/run.lock")
        self.assertEqual(programs("flexlock")[1], [])
        names: Dict[str, Any] = {"__name__": "__main__"}
        exec(compile(migrated(blocks("flexlock")[0]), "flexlock.md", "exec"), names)  # noqa: S102
        self.assertIn("param: 1", (project / "results/process/run.lock").read_text())
        names["cfg"] = names["Config"]()
        self.run_all("flexlock", names)
        receipt = (project / "results/process/run.lock").read_text()
        for expected in ("input.csv: ", "project:\n", "prevs:\n", "save_dir: results/process", "stage: prepare"):
            self.assertIn(expected, receipt)
        # Earlier receipts of the same place are kept.
        self.assertTrue((project / "results/process/replaced/run.lock").exists())


class PycaddyTest(ExampleCase):
    def test_every_example(self) -> None:
        found, signatures = programs("pycaddy")
        self.assertTrue(all(re.match(r"Ledger[.(]", code) for code in signatures), signatures)
        # The documents speak of a run "0001", with four digits.
        record = {"status": "pending", "param_hash": None, "files": {}, "timestamp_status_lst": []}
        results = self.root / "results"
        results.mkdir()
        (results / "metadata.json").write_text(json.dumps({"train": {"": {"0001": record}}}))
        names: Dict[str, Any] = {"__name__": "examples", "configs": []}
        said = self.run_all("pycaddy", names)
        self.assertGreaterEqual(len(found), 10)
        ledger = names["ledger"]
        self.assertIs(ledger, names["Ledger"](path=Path("results/metadata.json")))
        done = ledger.get_record("train", "000", relpath=Path("mnist/cnn"))
        self.assertEqual((str(done.status), done.files), ("done", {"model": Path("model.pt")}))
        self.assertIn("done", said)
        again = io.StringIO()
        with contextlib.redirect_stdout(again):
            code = next(code for code in found if "Already trained" in code)
            exec(compile(migrated(code), "pycaddy.md", "exec"), names)  # noqa: S102
        self.assertEqual(again.getvalue(), "Already trained with these params: model.pt\n")

    def test_the_example_with_many_processes(self) -> None:
        code = next(code for code in blocks("pycaddy") if "pool.map" in code)
        done = self.program("configs = list(range(12))\n" + migrated(self.with_imports(code)))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        runs = json.loads((self.root / "results/metadata.json").read_text())["train"][""]
        self.assertEqual([each["status"] for each in runs.values()], ["done"] * 12)

    def with_imports(self, code: str) -> str:
        """The example takes its imports from the ones before."""
        return "from pathlib import Path\nfrom pycaddy.ledger import Ledger, Status\n" + code


class CrackSegTest(ExampleCase):
    def test_every_example(self) -> None:
        stand_ins.omegaconf()
        found, others = programs("crackseg")
        self.assertEqual([code.split("\n")[1] for code in others], ["tracker = ExperimentTracker(...)"])
        for number in range(3):
            (self.root / f"checkpoint-{number}").write_text("x")
        names: Dict[str, Any] = {
            "num_epochs": 3,
            "current_best_metrics": {"iou": 0.9},
            "model": None,
            "epoch": 1,
            "save_checkpoint": lambda _, epoch: self.root / f"checkpoint-{epoch}",
        }
        said = self.run_all("crackseg", names)
        self.assertIn("Experiment: my_experiment", said)
        self.assertIn("Best IoU: 0.85", said)
        self.assertIn("Artifact count: 3", said)
        key = "outputs/experiments/20241201-120000-my_experiment"
        main, beside = self.experiment(key), self.beside(key)
        self.assertEqual((main["status"], main["best_metrics"]), ("completed", {"iou": 0.9, "dice": 0.9}))
        self.assertEqual(main["config_summary"]["learning_rate"], 0.001)
        self.assertEqual([each["id"] for each in beside["artifacts"]][-1], "checkpoint-2")
        self.assertEqual(main["tags"], ["attention", "improved", "final"])


class Framework0Test(ExampleCase):
    def test_every_example(self) -> None:
        names: Dict[str, Any] = {}
        self.run_all("framework0", names)
        manager = names["create_snapshot_manager"]()
        version = manager.create_snapshot({"a": 1}, tags=["first"])
        self.assertEqual(manager.get_snapshot(version)[0], {"a": 1})
        self.assertTrue(issubclass(names["SnapshotNotFoundError"], names["SnapshotError"]))


@unittest.skipIf(os.environ.get("DAYBOOK_ONE_FILE") == "1", "the same commands as with the package")
class BarrotTest(ExampleCase):
    def setUp(self) -> None:
        super().setUp()
        for name in ("generator", "viewer"):
            text = f"import sys\nfrom daybook.barrot import {name}_main\nsys.exit({name}_main())\n"
            (self.root / f"snapshot_{name}.py").write_text(text)
        for name in ("build", "test", "deploy"):
            (self.root / f"{name}.sh").write_text("#!/bin/sh\n")
            (self.root / f"{name}.sh").chmod(0o755)
        # The examples say "python".
        (self.root / "bin").mkdir()
        (self.root / "bin/python").symlink_to(sys.executable)
        self.addCleanup(os.environ.__setitem__, "PATH", os.environ["PATH"])
        os.environ["PATH"] = f"{self.root / 'bin'}{os.pathsep}{os.environ['PATH']}"

    def test_every_example_in_python(self) -> None:
        self.assertEqual(programs("barrot")[1], [])
        said = self.run_all("barrot", {})
        self.assertRegex(said, r"Generated snapshot: action_\d{8}_\d{6}_\d{6}")
        self.assertIn("Total snapshots: 2", said)
        self.assertIn("Type: test_execution", said)
        self.assertRegex(said, r"Dashboard generated at: .*snapshot_dashboard.html")
        self.assertTrue((self.root / "dashboard/index.html").exists())
        lines = self.lines("snapshots", "action_log.jsonl")
        self.assertEqual([line["action"]["type"] for line in lines], ["test_execution", "model_training"])

    @unittest.skipIf(sys.platform == "win32", "shell of POSIX")
    def test_every_example_of_the_shell(self) -> None:
        ran = 0
        for code in blocks("barrot", "bash"):
            # Loops for ever, other programs, and pages that are opened in a browser.
            if not re.search("python snapshot_|snapshots/", code) or re.search("while true|watch|xdg-open|chmod", code):
                continue
            known = max((path.stem for path in (self.root / "snapshots").glob("periodic_*.json")), default="")
            command = code.replace("periodic_20251222_022049", known).replace("#!/bin/bash\n", "")
            env = {**os.environ, "ENV": "staging", "VERSION": "1"}
            done = subprocess.run(["bash", "-ec", command], cwd=self.root, capture_output=True, text=True, env=env)
            self.assertEqual(done.returncode, 0, f"{code}\n{done.stdout}{done.stderr}")
            ran += 1
        self.assertGreaterEqual(ran, 10)
        types = [line["action"]["type"] for line in self.lines("snapshots", "action_log.jsonl")]
        for type in ("deployment", "build", "test", "data_ingestion", "deployment_start", "deployment_complete"):
            self.assertIn(type, types)


if __name__ == "__main__":
    unittest.main()
