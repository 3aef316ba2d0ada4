"""The modules that stand in for the five systems: their files, their errors, and other writers beside them."""

from __future__ import annotations

import importlib.util
import json
import os
import pickle
import platform
import re
import shutil
import subprocess
import unittest
from pathlib import Path
from typing import Any, Dict

import stand_ins
from case import BookCase, forget, told
from daybook import framework0
from daybook.barrot import BarrotSnapshotGenerator, SnapshotViewer
from daybook.crackseg import ExperimentTracker
from daybook.flexlock import FlexLockSnapshotError, FlexLockValidationError, snapshot
from daybook.framework0 import SnapshotManager
from daybook.pycaddy import Ledger, Status

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


class LedgerTest(BookCase):
    def test_the_file_is_the_originals_byte_for_byte(self) -> None:
        given = {
            "train": {"": {"000": {"status": "done", "param_hash": None, "files": {"m": "ü/m.pt"}, "timestamp_status_lst": []}}}
        }
        text = json.dumps(given, indent=2, ensure_ascii=False)
        path = self.root / "metadata.json"
        path.write_text(text, "utf-8")
        uid = Ledger(path).allocate("train", param_hash=12345, status=Status.RUNNING)
        Ledger(path).log("train", uid, path_dict={"b": Path("x/y")})
        record = Ledger(path).get_record("train", uid)
        given["train"][""]["001"] = {
            "status": "running",
            "param_hash": "12345",
            "files": {"b": "x/y"},
            "timestamp_status_lst": [[record.timestamp_status_lst[0][0].isoformat(), "running"]],  # type: ignore[list-item]
        }
        self.assertEqual(path.read_text("utf-8"), json.dumps(given, indent=2, ensure_ascii=False))
        self.assertEqual(Ledger(path).find_by_param_hash("train", 12345), (uid, record))
        self.assertEqual((self.root / "metadata.lock").read_bytes(), b"")

    def test_errors(self) -> None:
        path = self.root / "metadata.json"
        ledger = Ledger(path)
        self.assertEqual((ledger.load(), ledger.get_uid_record_dict("x")), ({}, {}))
        for call in (lambda: ledger.get_record("x", "000"), lambda: ledger.log("x", "000", status=Status.DONE)):
            with self.assertRaisesRegex(KeyError, "run not found: identifier='x'"):
                call()
        path.write_text('{"train": ')
        with self.assertRaisesRegex(RuntimeError, "failed to parse"):
            ledger.allocate("train")
        self.assertEqual(path.read_text(), '{"train": ')

    def test_a_uid_of_another_place_is_found_where_there_is_only_one(self) -> None:
        ledger = Ledger(self.root / "metadata.json")
        first = ledger.allocate("train", relpath=Path("a"))
        ledger.log("train", first, status=Status.DONE)
        self.assertEqual(ledger.get_record("train", first).status, Status.DONE)
        second = ledger.allocate("train", relpath=Path("b"))
        ledger.log("train", second, status=Status.ERROR)
        statuses = [each["000"].status for each in ledger.load()["train"].values()]
        self.assertEqual(statuses, [Status.DONE, Status.ERROR])

    def test_processes_never_share_a_uid(self) -> None:
        program = (
            "import sys\nfrom daybook.pycaddy import Ledger, Status\nledger = Ledger('metadata.json')\n"
            "for _ in range(60):\n    uid = ledger.allocate('train')\n    ledger.log('train', uid, status=Status.DONE)\n"
            "    print(uid)\n"
        )
        writers = [self.start(program) for _ in range(4)]
        uids = [uid for writer in writers for uid in writer.communicate(timeout=120)[0].split()]
        self.assertEqual(sorted(uids), [f"{number:03d}" for number in range(240)])
        runs = json.loads((self.root / "metadata.json").read_text())["train"][""]
        self.assertEqual({each["status"] for each in runs.values()}, {"done"})


class TrackerTest(BookCase):
    def setUp(self) -> None:
        super().setUp()
        forget()

    def tracker(self, **options: Any) -> ExperimentTracker:
        return ExperimentTracker(Path("exp/a"), "20260101-120000-a", "a", **options)

    def test_the_file_has_the_originals_keys_in_their_order(self) -> None:
        self.tracker().start_experiment()
        original = next((FIXTURES / "runs-book").rglob("experiment_tracker.json"))
        self.assertEqual([*self.experiment("exp/a")], [*json.loads(original.read_text("utf-8"))])

    @unittest.skipUnless(importlib.util.find_spec("yaml"), "needs PyYAML")
    def test_the_hash_of_a_configuration_is_the_originals(self) -> None:
        import yaml  # type: ignore[import-untyped,unused-ignore]

        from daybook._yaml import config_hash

        known = json.loads((FIXTURES / "crackseg" / "configs.json").read_text("utf-8"))
        self.assertGreater(len(known), 3)
        for each in known:
            # PyYAML itself reads long keys otherwise than it writes them.
            if re.search(r"^\s*\? ", each["dumped"], re.M):
                continue
            config = yaml.safe_load(each["dumped"])
            if isinstance(config, dict) and config:
                self.assertEqual(config_hash(config), each["config_hash"], each["dumped"])

    def test_a_second_tracker_goes_on_with_the_file(self) -> None:
        first = self.tracker(config={"training": {"epochs": 3}})
        first.start_experiment()
        first.add_tags(["x"])
        second = self.tracker(config={"other": 1})
        self.assertEqual(second.get_metadata().tags, ["x"])
        second.add_tags(["y"])
        first.add_tags(["z"])
        self.assertEqual(self.experiment("exp/a")["tags"], ["x", "y", "z"])
        self.assertEqual(self.beside("exp/a")["config"], {"training": {"epochs": 3}})

    def test_what_the_original_drops_is_kept_beside(self) -> None:
        tracker = self.tracker()
        tracker.start_experiment()
        (self.root / "m.pt").write_text("abc")
        tracker.add_artifact("m", "checkpoint", "m.pt", "the best", ["best"])
        tracker.add_artifact("w", "weights", "nowhere.pt")
        tracker.fail_experiment("out of memory")
        artifact, missing = self.beside("exp/a")["artifacts"]
        self.assertEqual((artifact["bytes"], artifact["description"], artifact["tags"]), (3, "the best", ["best"]))
        self.assertEqual((missing["digest"], tracker.get_artifacts_by_type("weights")), (None, ["nowhere.pt"]))
        main = self.experiment("exp/a")
        self.assertEqual((main["status"], main["description"]), ("failed", "\nError: out of memory"))
        self.assertEqual(self.beside("exp/a")["error"], "out of memory")

    def test_without_auto_save_nothing_is_written_until_it_is_asked_for(self) -> None:
        tracker = self.tracker(auto_save=False)
        tracker.start_experiment()
        tracker.add_tags(["x"])
        self.assertEqual((tracker.metadata.status, tracker.metadata.tags), ("running", ["x"]))
        self.assertFalse(tracker.metadata_file.exists())
        tracker.save()
        self.assertEqual((self.experiment("exp/a")["status"], self.experiment("exp/a")["tags"]), ("running", ["x"]))

    def test_a_place_that_cannot_be_written_stops_nothing(self) -> None:
        (self.root / "exp").write_text("a file")
        with told() as said:
            tracker = self.tracker()
            tracker.start_experiment()
            tracker.update_training_progress(1, 3, {"iou": 0.5})
        self.assertEqual((tracker.metadata.current_epoch, tracker.metadata.best_metrics), (1, {"iou": 0.5}))
        self.assertEqual(said.getvalue().count("is not recorded as it should be"), 1)

    def test_configurations_of_omegaconf(self) -> None:
        stand_ins.omegaconf()
        from omegaconf import OmegaConf  # type: ignore[import-not-found,unused-ignore]

        self.tracker(config=OmegaConf.create({"model": {"_target_": "m.UNet"}}))
        self.assertEqual(self.experiment("exp/a")["config_summary"]["model_type"], "m.UNet")


class SnapshotManagerTest(BookCase):
    def setUp(self) -> None:
        super().setUp()
        self.manager = SnapshotManager(self.root / "store")

    def test_values_of_every_kind_come_back(self) -> None:
        values: "list[Any]" = [{"a": [1, 2.5, None, "ü"]}, [1, 2], "text\nof lines", 5, None, True, (1, 2), {1, 2}, b"\x00\xff", 1e-9]
        for value in values:
            version = self.manager.create_snapshot(value)
            again = self.manager.get_snapshot(version)[0]
            self.assertEqual((again, type(again)), (value, type(value)))

    def test_whatever_changes_a_delta_leads_there(self) -> None:
        import random

        from daybook._patch import apply_delta, make_delta, same_json

        chance = random.Random(7)

        def value(depth: int) -> Any:
            kind = chance.randrange(8 if depth < 4 else 5)
            if kind < 5:
                return chance.choice([None, True, 0, 1, 1.0, "a", "b~/", "", -3.5])
            if kind == 5:
                return {chance.choice("abc/~"): value(depth + 1) for _ in range(chance.randrange(5))}
            return [value(depth + 1) for _ in range(chance.randrange(6))]

        for _ in range(400):
            before, after = [[value(0) for _ in range(chance.randrange(7))] for _ in range(2)]
            text = make_delta(before, after)
            self.assertIsNotNone(text)
            self.assertTrue(same_json(apply_delta(before, text or ""), after))

    def test_deltas_in_chains(self) -> None:
        data = {"rows": list(range(300)), "name": "x" * 300}
        names = [self.manager.create_snapshot(data)]
        for number in range(14):
            data = {**data, f"k{number}": number, "rows": [*data["rows"][1:], number]}  # type: ignore[index,misc]
            names.append(self.manager.create_delta_snapshot(data))
        self.assertEqual(self.manager.get_snapshot(names[-1])[0], data)
        patches = len(list((self.root / "store/data").glob("*.patch.json")))
        self.assertEqual(patches, 13)
        for name in (names[0], names[3]):
            self.manager.delete_snapshot(name)
        self.assertEqual(self.manager.get_snapshot(names[9])[0]["k8"], 8)
        self.assertEqual(self.manager.get_delta_snapshot(names[1])[0]["k0"], 0)
        text = "".join(f"line {number}\n" for number in range(200))
        self.manager.create_snapshot(text, version="text")
        changed = text.replace("line 7\n", "other\nlines\n")
        self.manager.create_delta_snapshot(changed, "text", version="changed")
        self.assertEqual(self.manager.get_snapshot("changed")[0], changed)
        self.assertTrue((self.root / "store/data/changed.patch.json").exists())

    def test_errors(self) -> None:
        self.manager.create_snapshot({"a": 1}, version="v1")
        with self.assertRaisesRegex(framework0.VersioningError, "never overwritten"):
            self.manager.create_snapshot({"a": 2}, version="v1")
        self.assertEqual(self.manager.get_snapshot("v1")[0], {"a": 1})
        for name in ("../x", "a/b", "latest", "", " "):
            with self.assertRaises(framework0.SnapshotError):
                self.manager.create_snapshot({}, version=name or "/")
        for call in (
            lambda: self.manager.get_snapshot("gone"),
            lambda: self.manager.get_snapshot("../registry"),
            lambda: self.manager.get_snapshot_by_tag("gone"),
            lambda: SnapshotManager(self.root / "empty").get_latest_snapshot(),
        ):
            with self.assertRaises(framework0.SnapshotNotFoundError):
                call()
        (self.root / "store/data/v1.data").write_text('{"a": 3}')
        with self.assertRaisesRegex(framework0.SnapshotError, "not what was saved"):
            self.manager.get_snapshot("v1")
        with self.assertRaises(framework0.SnapshotError):
            SnapshotManager(self.root / "store", storage_backend="memory")

    def test_limits_tags_and_comparisons(self) -> None:
        manager = SnapshotManager(self.root / "few", max_snapshots=2)
        names = [manager.create_snapshot({"n": number}, tags=["t"]) for number in range(4)]
        self.assertEqual(manager.list_versions(), names[2:])
        manager.tag_snapshot(names[3], ["x", "t"])
        manager.untag_snapshot(names[3], ["t"])
        self.assertEqual(manager.list_tags(), {"t": 1, "x": 1})
        self.assertEqual(manager.get_snapshot_by_tag("x")[1].version, names[3])
        found = manager.compare_snapshots(names[2], names[3])
        self.assertEqual((found["is_different"], found["delta_info"]["changes"]), (True, {"n": 3}))
        self.assertFalse(manager.compare_snapshots(names[2], names[2])["is_different"])
        registry = json.loads((self.root / "few/registry.json").read_text())
        self.assertEqual([*registry["snapshots"]], names[2:])
        manager.clear_all()
        self.assertEqual(manager.list_snapshots(), [])

    def test_exports_and_imports(self) -> None:
        self.manager.create_snapshot({"a": 1}, tags=["t"], version="v1")
        for ending in ("json", "pkl"):
            path = self.manager.export_snapshot("v1", str(self.root / f"out/v1.{ending}"))
            other = SnapshotManager(self.root / f"other-{ending}")
            self.assertEqual(other.import_snapshot(path), "v1")
            self.assertEqual(other.import_snapshot(path), "v1")
            self.assertEqual(other.import_snapshot(path, "v2"), "v2")
            self.assertEqual(other.list_tags(), {"t": 2})
        changed = SnapshotManager(self.root / "changed")
        changed.create_snapshot({"a": 2}, version="v1")
        with self.assertRaisesRegex(framework0.VersioningError, "never overwritten"):
            changed.import_snapshot(path)
        with self.assertRaises(framework0.SnapshotError):
            changed.import_snapshot(self.root / "nowhere.json")

    def test_what_the_original_wrote_is_read_and_nothing_in_a_delta_is_run(self) -> None:
        data, metadata = self.root / "store/data", self.root / "store/metadata"
        self.manager.create_snapshot({"a": 1, "b": 2}, version="base")
        known = {"version": "d", "created_at": "2026-01-01T00:00:00+00:00", "user_info": {"delta_base_version": "base"}}
        (metadata / "d.json").write_text(json.dumps(known))
        (data / "d.delta").write_bytes(pickle.dumps({"changes": {"a": 5}, "removed_keys": ["b"]}))
        self.assertEqual(self.manager.get_snapshot("d")[0], {"a": 5})

        class Bad:
            def __reduce__(self) -> Any:
                return os.mkdir, ("was-run",)

        (data / "d.delta").write_bytes(pickle.dumps(Bad()))
        with self.assertRaises(framework0.SnapshotError):
            self.manager.get_snapshot("d")
        self.assertFalse((self.root / "was-run").exists())

    def test_processes_lose_no_version(self) -> None:
        program = (
            "import sys\nfrom daybook.framework0 import SnapshotManager\nmanager = SnapshotManager('store')\n"
            "for number in range(15): manager.create_snapshot({'n': number}, version=f'{sys.argv[1]}-{number}')\n"
        )
        writers = [self.start(program, f"w{number}") for number in range(4)]
        for writer in writers:
            self.assertEqual(writer.communicate(timeout=120)[1], "")
        self.assertEqual(len(self.manager.list_versions()), 60)
        registry = json.loads((self.root / "store/registry.json").read_text())
        self.assertEqual(len(registry["snapshots"]), 60)


class BarrotTest(BookCase):
    def test_actions_have_the_originals_keys_and_file(self) -> None:
        id, found = BarrotSnapshotGenerator(self.root).generate_action_snapshot("deploy", {"a": 1})
        self.assertEqual(json.loads((self.root / f"snapshots/{id}.json").read_text()), found)
        self.assertEqual(self.lines("snapshots", "action_log.jsonl"), [found])
        self.assertEqual((found["action"]["status"], found["action"]["details"]), ("executing", {"a": 1}))
        summary = BarrotSnapshotGenerator(self.root).generate_snapshot_summary()
        self.assertEqual((summary["total_snapshots"], summary["action_snapshots"]), (1, 1))

    def test_the_viewer_without_anything(self) -> None:
        done = self.program(
            "from daybook.barrot import SnapshotViewer\nviewer = SnapshotViewer()\n"
            "viewer.view_latest_periodic(); viewer.view_latest_actions(); viewer.view_snapshot_by_id('../x')"
        )
        expected = "No periodic snapshot found yet.\nNo action log found yet.\nSnapshot not found: ../x\n"
        self.assertEqual((done.stdout, done.stderr), (expected, ""))
        self.assertTrue(SnapshotViewer(self.root))


class CommandTest(BookCase):
    def environment(self, value: str) -> None:
        self.addCleanup(os.environ.__setitem__, "DAYBOOK_COMMAND", os.environ.get("DAYBOOK_COMMAND", ""))
        os.environ["DAYBOOK_COMMAND"] = value

    def test_where_the_command_is_not_found_the_error_says_how_to_get_it(self) -> None:
        self.environment("")
        self.addCleanup(os.environ.__setitem__, "PATH", os.environ["PATH"])
        os.environ["PATH"] = str(self.root)
        with self.assertRaisesRegex(FlexLockSnapshotError, "npm install"):
            snapshot(config={"save_dir": "out"})
        with self.assertRaisesRegex(Exception, "npm install"):
            BarrotSnapshotGenerator(self.root).generate_periodic_snapshot()
        import daybook

        with told() as said:
            self.assertIsNone(daybook.snapshot(config={"save_dir": "out"}))
        self.assertIn("npm install", said.getvalue())
        self.environment("/nowhere/daybook")
        with self.assertRaisesRegex(FlexLockSnapshotError, "could not be started"):
            snapshot(config={"save_dir": "out"})

    def test_arguments_of_flexlock(self) -> None:
        with self.assertRaisesRegex(ValueError, "save_dir"):
            snapshot(config={})
        with self.assertRaisesRegex(FlexLockValidationError, "two data are called x"):
            snapshot(config={"save_dir": "out"}, data=["a/x", "b/x"])

    @unittest.skipUnless(os.environ.get("DAYBOOK_COMMAND") and shutil.which("git"), "needs daybook and git")
    def test_a_receipt_of_a_run_stands_beside_it(self) -> None:
        import daybook

        subprocess.run(["git", "init", "-q", "."], check=True)
        (self.root / "in.csv").write_text("1\n")
        with daybook.run("runs/a", config={"lr": 0.5, "password": "hunter2"}) as run:
            path = run.snapshot(repos=".", data="in.csv")
        self.assertEqual(path, str(self.root / "runs/a/run.lock"))
        receipt = Path(str(path)).read_text("utf-8")
        self.assertIn("lr: 0.5", receipt)
        self.assertIn(f"python: {platform.python_version()}\n", receipt)
        self.assertNotIn("hunter2", receipt)
        found: Dict[str, Any] = snapshot(cfg={"save_dir": "x", "a": 1}, return_snapshot=True) or {}
        self.assertEqual(found["config"], {"save_dir": "x", "a": 1})
        self.assertFalse((self.root / "x").exists())


if __name__ == "__main__":
    unittest.main()
