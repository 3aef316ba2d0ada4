"""The log under other writers, kills, replaced files, full disks and places that cannot be written."""

from __future__ import annotations

import importlib
import json
import os
import random
import signal
import sys
import time
import unittest
from typing import List, Set

import daybook
from case import BookCase, forget, told
from daybook._log import AppendLog
from daybook._text import iso_micros, now_us

LONG = os.environ.get("DAYBOOK_LONG") == "1"

POINTS = """
import daybook, sys
run = daybook.run("runs/a", join=True)
name, count = sys.argv[1], int(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline() if len(sys.argv) > 3 else None
for step in range(count):
    assert run.log({name: float(step)}, step=step)
run.finish()
"""

ACKNOWLEDGED = """
import daybook, os, sys
run = daybook.run("runs/a", join=True)
os.write(1, b"ready\\n")
step = 0
while True:
    values = {f"{sys.argv[1]}_{number}": float(step) for number in range(1 + step % 200)}
    if run.log(values, step=step) and daybook.action(sys.argv[1], step=step, filler="x" * (step % 3000)):
        os.write(1, b"%d\\n" % step)
    step += 1
"""


class WritersTest(BookCase):
    def test_eight_processes_lose_none_of_ten_thousand_points_each(self) -> None:
        writers = [self.start(POINTS, f"w{number}", "10000") for number in range(8)]
        for writer in writers:
            _, errors = writer.communicate(timeout=200)
            self.assertEqual((writer.returncode, errors), (0, ""))
        found: "dict[str, List[int]]" = {}
        for line in self.lines("runs", "a", "metrics.jsonl"):
            name = next(name for name in line if name.startswith("w"))
            found.setdefault(name, []).append(line["step"])
        self.assertEqual(found, {f"w{number}": list(range(10_000)) for number in range(8)})

    @unittest.skipIf(sys.platform == "win32", "kills of POSIX")
    def test_kills_lose_no_acknowledged_line(self) -> None:
        kills = 120 if LONG else 24
        running = [self.start(ACKNOWLEDGED, f"w{number}") for number in range(3)]
        names = [f"w{number}" for number in range(3)]
        acknowledged: "dict[str, List[int]]" = {}
        for kill in range(kills):
            victim = kill % 3
            output = running[victim].stdout
            assert output is not None
            output.readline()
            output.readline()
            time.sleep(random.random() * 0.01)
            running[victim].send_signal(signal.SIGKILL)
            rest, errors = running[victim].communicate()
            self.assertEqual(errors, "")
            # What was read by line above is the first number, 0.
            acknowledged[names[victim]] = [0, *(int(line) for line in rest.split("\n")[:-1])]
            names[victim] = f"r{kill}"
            running[victim] = self.start(ACKNOWLEDGED, names[victim])
        for process in running:
            process.kill()
            process.wait()
        for log, name_of in (("runs/a/metrics.jsonl", _metric_of), ("snapshots/action_log.jsonl", _action_of)):
            found = _whole_lines(self.root / log, name_of)
            for name, steps in acknowledged.items():
                missing = [step for step in steps if (name, step) not in found]
                self.assertEqual(missing, [], f"{name} in {log}")
        self.assertGreater(sum(len(steps) for steps in acknowledged.values()), kills)

    def test_a_fragment_of_a_dead_neighbour_swallows_nothing(self) -> None:
        log = AppendLog(str(self.root / "x.jsonl"))
        log.append(b"one\n")
        with open(self.root / "x.jsonl", "ab") as other:
            other.write(b'{"half')
        log.append(b"two\n")
        log.append(b"three\n")
        log.close()
        self.assertEqual((self.root / "x.jsonl").read_bytes(), b'one\n{"halftwo\n\ntwo\nthree\n')

    def test_a_log_that_is_replaced_is_followed(self) -> None:
        path = self.root / "x.jsonl"
        log = AppendLog(str(path))
        log.append(b"one\n")
        log._looked = time.monotonic() + 60
        log.append(b"two\n")
        path.unlink()
        path.write_bytes(b"new\n")
        log._looked = float("-inf")
        log.append(b"three\n")
        log.close()
        self.assertEqual(path.read_bytes(), b"new\none\ntwo\nthree\n")

    def test_every_durability_keeps_every_line(self) -> None:
        for durability in ("os", "batch", "sync"):
            path = self.root / f"{durability}.jsonl"
            log = AppendLog(str(path), durability)
            for number in range(50):
                log.append(b"%d\n" % number)
            log.close()
            self.assertEqual(path.read_bytes(), b"".join(b"%d\n" % number for number in range(50)))


def _metric_of(record: "dict[str, object]") -> "tuple[str, object]":
    name = next(name for name in record if name[0] in "wr" and name.endswith("_0"))
    return name[:-2], record["step"]


def _action_of(record: "dict[str, dict[str, dict[str, object]]]") -> "tuple[str, object]":
    return str(record["action"]["type"]), record["action"]["details"]["step"]


def _whole_lines(path: "os.PathLike[str]", name_of: object) -> "Set[tuple[str, object]]":
    found = set()
    with open(path, "rb") as file:
        for line in file:
            try:
                record = json.loads(line)
            except ValueError:
                continue  # the piece that a killed writer left
            found.add(name_of(record))  # type: ignore[operator]
    return found


@unittest.skipIf(sys.platform == "win32", "limits of POSIX")
class FaultTest(BookCase):
    LIMITED = (
        "import daybook, resource, signal, sys\n"
        "def limit(size): resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))\n"
        "run = daybook.run('runs/a')\n"
        "kept = [run.log(x=float(step), step=step) for step in range(50)]\n"
        "limit(6000)\n"
        "kept += [run.log(x=float(step), step=step) for step in range(50, 90)]\n"
    )

    def test_a_full_disk_is_told_once_and_what_is_held_is_written_when_there_is_room(self) -> None:
        done = self.program(
            self.LIMITED + "import time; limit(resource.RLIM_INFINITY); time.sleep(1.1)\n"
            "print(run.log(x=90.0, step=90), kept.count(True))\n"
            "run.finish()\n"
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr.count("daybook: "), 1)
        self.assertRegex(done.stderr, "File too large.*They are held")
        written, kept = done.stdout.split()
        self.assertEqual(written, "True")
        self.assertLess(int(kept), 90)
        steps = [line["step"] for line in _readable(self.root / "runs/a/metrics.jsonl")]
        self.assertEqual(steps, list(range(91)))
        self.assertEqual(self.experiment("runs/a")["status"], "completed")

    def test_nothing_is_reported_as_kept_that_is_not(self) -> None:
        done = self.program(self.LIMITED + "print(kept.count(True), flush=True)\nrun.finish()\nprint('work went on')\n")
        count, went_on = done.stdout.strip().split("\n")
        self.assertEqual((went_on, done.returncode), ("work went on", 0))
        self.assertIn(f"{90 - int(count)} points of runs/a could not be recorded", done.stderr)
        self.assertEqual(len(_readable(self.root / "runs/a/metrics.jsonl")), int(count))

    def test_places_that_cannot_be_written(self) -> None:
        (self.root / "runs").write_text("a file stands here")
        (self.root / "snapshots/action_log.jsonl").mkdir()
        (self.root / "m").write_text("x")
        spool = self.root / "spool"
        os.environ["DAYBOOK_SPOOL"] = str(spool)
        self.addCleanup(os.environ.__setitem__, "DAYBOOK_SPOOL", "/nonexistent/spool")
        with told() as said:
            with daybook.run("runs/a", config={"lr": 1}) as run:
                self.assertFalse(run.log(x=1.0))
                self.assertFalse(run.log(x=2.0))
                self.assertFalse(run.tag("x"))
                self.assertFalse(run.artifact("m"))
            for _ in range(3):
                self.assertIsNone(daybook.action("a"))
        lines = said.getvalue().strip().split("\n")
        self.assertEqual(len(lines), 4, said.getvalue())
        self.assertIn("2 points of runs/a could not be recorded", said.getvalue())
        self.assertIn(f"They wait in {spool}", said.getvalue())
        waiting = [path for path in spool.rglob("*.jsonl")]
        self.assertEqual(len(waiting), 3)
        with told() as said:
            os.environ["DAYBOOK_SPOOL"] = str(self.root / "m" / "no")
            self.assertIsNone(daybook.action("b"))
        self.assertIn("Nor can they be kept elsewhere", said.getvalue())

    def test_links_out_of_the_book_and_pipes_are_not_written(self) -> None:
        outside = self.root.parent / f"{self.root.name}-outside"
        self.addCleanup(lambda: outside.exists() and outside.unlink())
        outside.write_text("")
        (self.root / "runs/a").mkdir(parents=True)
        (self.root / "runs/a/metrics.jsonl").symlink_to(outside)
        os.mkfifo(self.root / "snapshots/action_log.jsonl")
        with told() as said, daybook.run("runs/a") as run:
            self.assertFalse(run.log(x=1.0))
            self.assertIsNone(daybook.action("a"))
        self.assertEqual(outside.read_text(), "")
        self.assertIn("a link that leads out of the book", said.getvalue())

    def test_a_damaged_record_is_not_written_over(self) -> None:
        (self.root / "runs/a").mkdir(parents=True)
        path = self.root / "runs/a/experiment_tracker.json"
        path.write_text('{"experiment_id": "a", "sta')
        with told() as said, daybook.run("runs/a") as run:
            self.assertTrue(run.log(x=1.0))
        self.assertEqual(path.read_text(), '{"experiment_id": "a", "sta')
        self.assertIn("is not recorded as it should be", said.getvalue())

    def test_who_holds_the_lock_for_ever_stops_nothing(self) -> None:
        from unittest import mock

        files = importlib.import_module("daybook._files")

        run = daybook.run("runs/a")
        with mock.patch.object(files, "_PATIENCE", 0.1), told() as said:
            with files.file_lock(str(self.root), "experiment", "runs/a/experiment_tracker.json"):
                self.assertFalse(run.tag("x"))
                self.assertTrue(run.log(x=1.0))
            self.assertTrue(run.tag("y"))
        run.finish()
        self.assertIn("another process has been changing runs/a/experiment_tracker.json", said.getvalue())
        # What could not be written then was written with what came next.
        self.assertEqual(self.experiment("runs/a")["tags"], ["x", "y"])

    def test_a_run_that_could_not_be_begun_is_whole_as_soon_as_it_can(self) -> None:
        (self.root / "runs").write_text("a file stands here")
        with told() as said:
            run = daybook.run("runs/a", config={"lr": 1}, tags=["t"])
            began = iso_micros(now_us())
            self.assertFalse(run.log(x=1.0, step=1))
            (self.root / "runs").unlink()
            time.sleep(1.05)
            self.assertTrue(run.log(x=2.0, step=2))
            run.beat()
            self.assertEqual(self.experiment("runs/a")["status"], "running")
            self.assertLessEqual(self.experiment("runs/a")["started_at"], began)
            run.finish()
        self.assertEqual(said.getvalue().count("daybook: "), 2)
        self.assertEqual((self.experiment("runs/a")["tags"], self.beside("runs/a")["config"]), (["t"], {"lr": 1}))
        self.assertEqual([line["step"] for line in self.lines("runs", "a", "metrics.jsonl")], [1, 2])

    def test_standard_error_that_is_closed_stops_nothing(self) -> None:
        (self.root / "runs").write_text("a file stands here")
        done = self.program(
            "import os, sys\nsys.stderr.close(); sys.stderr = None\nimport daybook\n"
            "with daybook.run('runs/a') as run: run.log(x=1.0)\nprint('done')"
        )
        self.assertEqual((done.stdout, done.returncode), ("done\n", 0))


def _readable(path: "os.PathLike[str]") -> "list[dict[str, int]]":
    records = []
    with open(path, "rb") as file:
        for line in file:
            try:
                records.append(json.loads(line))
            except ValueError:
                continue
    return records


def setUpModule() -> None:
    forget()


if __name__ == "__main__":
    unittest.main()
