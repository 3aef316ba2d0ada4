"""Runs: what stands in their files, and how they end."""

from __future__ import annotations

import argparse
import dataclasses
import enum
import math
import os
import pickle
import signal
import sys
import threading
import time
import unittest
from pathlib import Path
from typing import Any

import daybook
from case import BookCase, told


class Colour(enum.Enum):
    RED = "red"


@dataclasses.dataclass
class Optimizer:
    name: str = "adam"
    lr: float = 0.1


class Config:
    epochs = 3
    data = Path("data/a.csv")

    def method(self) -> None:
        """No parameter."""


class RunTest(BookCase):
    def test_a_run_has_its_files_as_the_command_writes_them(self) -> None:
        with daybook.run("runs/a", config={"lr": 0.1}, tags=["x"], name="first", description="d", epochs=3) as run:
            self.assertEqual(run.key, "runs/a")
            self.assertEqual(self.experiment("runs/a")["status"], "running")
            self.assertTrue(run.log(loss=0.5, step=1))
            self.assertTrue(run.log({"val/loss": 0.25, "inner": {"a": 1}}, epoch=2))
            self.assertIs(daybook.current_run(), run)
        main, beside = self.experiment("runs/a"), self.beside("runs/a")
        self.assertEqual(
            (main["status"], main["tags"], main["experiment_name"], main["total_epochs"], main["current_epoch"]),
            ("completed", ["x"], "first", 3, 2),
        )
        self.assertEqual([word for _, word in beside["status_history"]], ["created", "running", "completed"])
        self.assertEqual([at for at, _ in beside["status_history"]], sorted(at for at, _ in beside["status_history"]))
        self.assertEqual(main["created_at"], main["started_at"])
        self.assertEqual(beside["config"], {"lr": 0.1})
        self.assertEqual((beside["source"]["pid"], beside["source"]["beats"]), (os.getpid(), True))
        first, second = self.lines("runs", "a", "metrics.jsonl")
        self.assertEqual([*first], ["step", "time", "loss", "_id", "_crc"])
        self.assertEqual((second["val/loss"], second["inner.a"], second["epoch"]), (0.25, 1, 2))
        self.assertIsNone(daybook.current_run())

    def test_numbers_of_every_kind_are_numbers(self) -> None:
        class Scalar:
            ndim = 0

            def item(self) -> float:
                return 2.5

        with told() as said, daybook.run("runs/a") as run:
            run.log(a=math.nan, b=math.inf, c=-math.inf, d=True, e=10**20, f=1e-7, g=-0.0, h=Scalar())
            self.assertEqual(said.getvalue(), "")
            self.assertFalse(run.log(text="abc"))
            self.assertFalse(run.log(step=1))
            run.log({"time": 3, "_x": 1, "": 2, "ok": 1})
        text = (self.root / "runs/a/metrics.jsonl").read_text()
        self.assertIn('"a":"NaN","b":"Infinity","c":"-Infinity","d":1,"e":100000000000000000000,"f":1e-07,"g":-0.0,"h":2.5', text)
        self.assertEqual([line.get("ok") for line in self.lines("runs", "a", "metrics.jsonl")], [None, 1])
        self.assertEqual(said.getvalue().count("daybook: "), 4)
        self.assertIn("found str", said.getvalue())

    def test_configurations_of_every_kind(self) -> None:
        for given, expected in [
            ({"a": Optimizer(), "p": Path("x"), "c": Colour.RED, "n": math.nan, 3: None}, None),
            (Config, {"epochs": 3, "data": "data/a.csv"}),
            (Config(), {"epochs": 3, "data": "data/a.csv"}),
            (Optimizer(), {"name": "adam", "lr": 0.1}),
            (argparse.Namespace(lr=1), {"lr": 1}),
        ]:
            daybook.run("runs/a", config=given).finish()
            expected = expected or {"a": {"name": "adam", "lr": 0.1}, "p": "x", "c": "red", "n": "NaN", "3": None}
            self.assertEqual(self.beside("runs/a")["config"], expected)
        self.assertEqual(len(self.beside("runs/a")["earlier"]), 3)

    def test_what_is_added_later(self) -> None:
        with daybook.run("runs/a", config={"lr": 1}, best={"loss": "min", "acc": "max"}) as run:
            run.param(seed=3, lr=2)
            run.params({"depth": 4})
            run.tag("a", "b", "a")
            run.untag("b")
            run.describe("what it is")
            run.progress(epoch=1, epochs=9, seconds=2.5)
            for loss, acc in ((3.0, 0.1), (1.0, 0.3), (2.0, 0.2), (math.nan, math.nan)):
                run.log(loss=loss, acc=acc)
        main, beside = self.experiment("runs/a"), self.beside("runs/a")
        self.assertEqual(beside["config"], {"lr": 2, "seed": 3, "depth": 4})
        self.assertEqual((main["tags"], main["description"], main["total_epochs"]), (["a"], "what it is", 9))
        self.assertEqual(main["best_metrics"], {"loss": 1.0, "acc": 0.3})
        self.assertEqual(beside["directions"], {"loss": "min", "acc": "max"})

    def test_artifacts_have_size_and_digest(self) -> None:
        for name in ("one/model.pt", "two/model.pt", "folder/b", "folder/a"):
            (self.root / name).parent.mkdir(exist_ok=True)
            (self.root / name).write_text(name)
        with told() as said, daybook.run("runs/a") as run:
            self.assertTrue(run.artifact("one/model.pt", type="checkpoint", tags=["best"]))
            self.assertTrue(run.artifact(Path("two/model.pt"), "checkpoint"))
            self.assertTrue(run.artifact("folder"))
            self.assertTrue(run.artifact("s3://bucket/x", id="remote"))
            self.assertFalse(run.artifact("nowhere.pt"))
        self.assertIn("nowhere.pt is not attached", said.getvalue())
        artifacts = {each["id"]: each for each in self.beside("runs/a")["artifacts"]}
        self.assertEqual([*artifacts], ["model.pt", "two/model.pt", "folder", "remote"])
        self.assertEqual(artifacts["model.pt"]["bytes"], 12)
        self.assertEqual(artifacts["remote"]["digest"], None)
        self.assertEqual(self.experiment("runs/a")["checkpoint_paths"], ["one/model.pt", "two/model.pt"])

    def test_secrets_are_masked(self) -> None:
        token = "ghp" + "_" + "a1B2c3D4e5" * 4
        with daybook.run("runs/a", config={"api_key": "hunter2", "note": token}, description=token) as run:
            run.tag(token)
            run.log({token: 1.0})
        for path in (self.root / "runs/a").iterdir():
            text = path.read_text("utf-8")
            self.assertNotIn(token, text)
            self.assertNotIn("hunter2", text)

    def test_what_others_wrote_into_the_file_stays(self) -> None:
        daybook.run("runs/a").finish()
        path = self.root / "runs/a/experiment_tracker.json"
        text = path.read_text("utf-8").replace('"gpu_info": {}', '"gpu_info": {"a": 1.50, "b": 1e400, "c": -0, "é": "é"}')
        path.write_text(text, "utf-8")
        run = daybook.run("runs/a")
        run.finish()
        again = path.read_text("utf-8")
        for each in ("1.50", "1e400", '"c": -0', '"é": "é"'):
            self.assertIn(each, again)
        history = [word for _, word in self.beside("runs/a")["status_history"]]
        self.assertEqual(history, ["created", "running", "completed", "running", "completed"])

    def test_nothing_that_is_handed_in_is_ever_raised(self) -> None:
        class Bad:
            def __str__(self) -> str:
                raise RuntimeError("no text")

            def __getattr__(self, name: str) -> object:
                raise RuntimeError("no members")

            def __float__(self) -> float:
                raise RuntimeError("no number")

        recursive: "dict[str, object]" = {}
        recursive["again"] = recursive
        odd: "list[object]" = [None, 5, "", "x\0y", "\ud800", b"\xff", [], {}, recursive, Bad, Bad(), object(), 1e400, -0.0, 2**70, ..., {1: 2}]
        with told() as said:
            for value in odd:
                anything: "list[Any]" = [value]
                for given in anything:
                    run = daybook.run("runs/a", config=given, tags=given or (), best=given, epochs=given, description=given)
                    run.log(given)
                    run.log({"x": given, "y": 1.0}, step=given, epoch=given)
                    run.param(given)
                    run.param(**{"p": given})
                    run.tag(given)
                    run.untag(given)
                    run.progress(given, given, given)
                    run.artifact(given)
                    run.artifact("nowhere", type=given, id=given, tags=given)
                    run.finish("completed", given)
                    daybook.action(given, given, id=given, run=given, details_=given)
                    daybook.run(given).finish()
        self.assertEqual(self.experiment("runs/a")["status"], "completed")
        self.assertTrue(said.getvalue())
        for line in self.lines("runs", "a", "metrics.jsonl"):
            self.assertEqual(line.get("y", 1.0), 1.0)
        self.lines("snapshots", "action_log.jsonl")

    def test_nothing_is_written_outside_of_the_book(self) -> None:
        outside = self.root / "outside"
        book = self.root / "book"
        (book / "snapshots").mkdir(parents=True)
        outside.mkdir()
        (book / "linked").symlink_to(outside)
        with told() as said:
            for key in ("../outside/run", "linked/run"):
                run = daybook.run(key, book=book)
                self.assertFalse(run.log(x=1.0))
                run.finish()
        self.assertIn("does not lie in the book", said.getvalue())
        self.assertEqual(list(outside.iterdir()), [])

    def test_who_begins_a_run_that_another_process_runs_is_told(self) -> None:
        with daybook.run("runs/a"):
            done = self.program("import daybook; daybook.run('runs/a', join=True).log(x=1.0); daybook.run('runs/a')")
            self.assertRegex(done.stderr, r"^daybook: process \d+ runs runs/a, too; all but one should begin it with join=True\.\n$")

    def test_where_a_run_goes(self) -> None:
        def key(*given: object) -> str:
            run = daybook.run(*given)
            run.finish()
            self.assertEqual(self.experiment(run.key)["status"], "completed")
            return run.key

        (self.root / "deep/er").mkdir(parents=True)
        os.chdir("deep/er")
        self.assertEqual(key("runs/a"), "runs/a")
        self.assertEqual(key(self.root / "x/y"), "x/y")
        first, second = key(), key()
        self.assertNotEqual(first, second)
        self.assertTrue(first.startswith("runs/"))
        os.environ.update(DAYBOOK_BOOK=str(self.root), DAYBOOK_RUN="sweep/7", DAYBOOK_RUN_DIR=str(self.root / "sweep/7"))
        try:
            self.assertEqual(key(), "sweep/7")
            self.assertEqual(key("own/key"), "own/key")
            del os.environ["DAYBOOK_RUN_DIR"]
            self.assertEqual(key(), "sweep/7")
            daybook.action("inside")
            self.assertEqual(self.lines("snapshots", "action_log.jsonl")[-1]["run"], "sweep/7")
            os.environ["DAYBOOK_BOOK"] = str(self.root / "another")
            daybook.action("beside", book=self.root)
            self.assertNotIn("run", self.lines("snapshots", "action_log.jsonl")[-1])
            other = daybook.run(book=self.root)
            other.finish()
            self.assertTrue(other.key.startswith("runs/"))
        finally:
            for name in ("DAYBOOK_BOOK", "DAYBOOK_RUN", "DAYBOOK_RUN_DIR"):
                os.environ.pop(name, None)

    def test_a_folder_without_a_book_becomes_one(self) -> None:
        bare = self.root / "snapshots"
        bare.rmdir()
        done = self.program("import daybook; daybook.run('runs/a').finish(); daybook.action('x')")
        self.assertIn("this folder becomes one", done.stderr)
        self.assertEqual(done.stderr.count("daybook: "), 1)
        self.assertTrue(bare.is_dir())
        self.assertEqual(self.experiment("runs/a")["status"], "completed")

    def test_threads_share_a_run(self) -> None:
        with daybook.run("runs/a") as run:

            def work(number: int) -> None:
                for step in range(300):
                    run.log({f"t{number}": float(step)}, step=step)

            threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        lines = self.lines("runs", "a", "metrics.jsonl")
        self.assertEqual(len({line["_id"] for line in lines}), 1800)

    @unittest.skipUnless(hasattr(os, "fork"), "no fork on this system")
    def test_forked_children_log_and_end_nothing(self) -> None:
        done = self.program(
            "import daybook, os, sys, warnings\n"
            "warnings.simplefilter('ignore')\n"
            "with daybook.run('runs/a') as run:\n"
            "    run.log(parent=0.0)\n"
            "    children = []\n"
            "    for number in range(4):\n"
            "        pid = os.fork()\n"
            "        if pid == 0:\n"
            "            for step in range(200): run.log({f'c{number}': float(step)}, step=step)\n"
            "            sys.exit(0)\n"
            "        children.append(pid)\n"
            "    for pid in children: os.waitpid(pid, 0)\n"
            "    print(run._change([]))\n"
        )
        self.assertEqual((done.stdout, done.stderr, done.returncode), ("True\n", "", 0))
        lines = self.lines("runs", "a", "metrics.jsonl")
        self.assertEqual(len({line["_id"] for line in lines}), 801)
        history = [word for _, word in self.beside("runs/a")["status_history"]]
        self.assertEqual(history, ["created", "running", "completed"])


class EndTest(BookCase):
    def status(self, key: str = "runs/a") -> str:
        return str(self.experiment(key)["status"])

    def test_an_exception_is_a_failure_and_goes_on(self) -> None:
        with self.assertRaises(ValueError), daybook.run("runs/a") as run:
            run.log(loss=1.0)
            raise ValueError("diverged")
        self.assertEqual(self.status(), "failed")
        self.assertRegex(self.beside("runs/a")["error"], r"^ValueError: diverged \(test_run\.py:\d+\)$")
        self.assertTrue(self.experiment("runs/a")["description"].startswith("\nError: ValueError"))

    def test_interrupts_and_exits(self) -> None:
        for error, status in [(KeyboardInterrupt(), "aborted"), (SystemExit(0), "completed"), (SystemExit(3), "failed")]:
            with self.assertRaises(type(error)), daybook.run("runs/a"):
                raise error
            self.assertEqual(self.status(), status)

    def test_the_end_of_the_program_ends_what_nobody_ended(self) -> None:
        self.program("import daybook; daybook.run('runs/a').log(x=1.0)")
        self.assertEqual(self.status(), "completed")
        done = self.program("import daybook; daybook.run('runs/b'); 1/0")
        self.assertIn("ZeroDivisionError", done.stderr)
        self.assertEqual(self.status("runs/b"), "failed")
        self.assertIn("ZeroDivisionError", self.beside("runs/b")["error"])

    @unittest.skipIf(sys.platform == "win32", "signals of POSIX")
    def test_signals_abort(self) -> None:
        body = (
            "import daybook, time\n"
            "try:\n"
            "    with daybook.run('runs/a') as run:\n"
            "        print('ready', flush=True)\n"
            # A signal that comes just before a sleep begins is only heard of when it is over.
            "        while True: time.sleep(0.01)\n"
            "finally:\n"
            "    print('cleaned', flush=True)\n"
        )
        for number, code in ((signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, None)):
            process = self.start(body)
            assert process.stdout is not None
            process.stdout.readline()
            process.send_signal(number)
            output, _ = process.communicate(timeout=30)
            self.assertEqual(output, "cleaned\n")
            self.assertEqual(self.status(), "aborted")
            if code is not None:
                self.assertEqual(process.returncode, code)
                self.assertIn(f"stopped by {number.name}", self.beside("runs/a")["error"])

    @unittest.skipIf(sys.platform == "win32", "signals of POSIX")
    def test_a_handler_of_the_program_is_left_alone(self) -> None:
        done = self.program(
            "import daybook, os, signal\n"
            "signal.signal(signal.SIGTERM, lambda *_: print('own'))\n"
            "with daybook.run('runs/a'): os.kill(os.getpid(), signal.SIGTERM)\n"
        )
        self.assertEqual((done.stdout, self.status()), ("own\n", "completed"))

    def test_a_second_end_changes_nothing(self) -> None:
        with daybook.run("runs/a") as run:
            self.assertTrue(run.fail("by hand"))
            self.assertFalse(run.finish())
        self.assertEqual((self.status(), self.beside("runs/a")["error"]), ("failed", "by hand"))

    def test_a_heartbeat_is_a_sign_of_life(self) -> None:
        run = daybook.run("runs/a", best={"loss": "min"})
        before = self.experiment("runs/a")["updated_at"]
        run.log(loss=0.5, epoch=4)
        time.sleep(0.01)
        run.beat()
        main = self.experiment("runs/a")
        self.assertGreater(main["updated_at"], before)
        self.assertEqual((main["best_metrics"], main["current_epoch"], main["status"]), ({"loss": 0.5}, 4, "running"))
        run.finish()

    def test_the_heartbeat_comes_by_itself(self) -> None:
        done = self.program(
            "import daybook, importlib, json, time\n"
            "importlib.import_module('daybook._lifecycle')._BEAT = 0.05\n"
            "def updated(): return json.load(open('runs/a/experiment_tracker.json'))['updated_at']\n"
            "with daybook.run('runs/a') as run:\n"
            "    before, until = updated(), time.monotonic() + 20\n"
            "    while updated() == before and time.monotonic() < until: time.sleep(0.01)\n"
            "    print(updated() > before)\n"
        )
        self.assertEqual((done.stdout, done.stderr), ("True\n", ""))

    @unittest.skipUnless(hasattr(os, "fork"), "no fork on this system")
    def test_signals_end_forked_workers_at_once(self) -> None:
        done = self.program(
            "import daybook, os, signal, warnings\n"
            "warnings.simplefilter('ignore')\n"
            "with daybook.run('runs/a'):\n"
            "    pid = os.fork()\n"
            "    if pid == 0:\n"
            "        print(signal.getsignal(signal.SIGTERM) is signal.SIG_DFL, flush=True)\n"
            "        os.kill(os.getpid(), signal.SIGTERM)\n"
            "    print(os.WTERMSIG(os.waitpid(pid, 0)[1]))\n"
        )
        self.assertEqual((done.stdout, done.stderr), ("True\n15\n", ""))
        self.assertEqual(self.status(), "completed")

    def test_a_run_that_is_handed_to_another_process_is_joined_there(self) -> None:
        with daybook.run("runs/a") as run:
            again = pickle.loads(pickle.dumps(run))
            self.assertTrue(again.log(x=1.0))
            again.finish()
            self.assertEqual((again.key, self.status()), ("runs/a", "running"))

    def test_join_writes_to_a_run_that_another_process_has(self) -> None:
        with daybook.run("runs/a") as run:
            with daybook.run("runs/a", join=True) as other:
                other.log(rank1=1.0)
            self.assertEqual(self.status(), "running")
            run.log(rank0=1.0)
        self.assertEqual(len(self.lines("runs", "a", "metrics.jsonl")), 2)


if __name__ == "__main__":
    unittest.main()
