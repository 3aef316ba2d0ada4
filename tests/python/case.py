"""What tests of the Python client share: a book of their own, programs beside them, and what stands in its files."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import zlib
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional


class BookCase(unittest.TestCase):
    """A test in a book of its own, in which it also runs."""

    def setUp(self) -> None:
        self.root = Path(os.path.realpath(tempfile.mkdtemp(prefix="daybook-python-")))
        self.addCleanup(self._remove)
        (self.root / "snapshots").mkdir()
        before = os.getcwd()
        os.chdir(self.root)
        self.addCleanup(os.chdir, before)

    def _remove(self) -> None:
        for folder, _, _ in os.walk(self.root):
            with contextlib.suppress(OSError):
                os.chmod(folder, 0o755)
        shutil.rmtree(self.root, ignore_errors=True)

    def program(self, text: str, *args: str, env: Optional[Dict[str, str]] = None) -> "subprocess.CompletedProcess[str]":
        """Runs a program of its own in the book."""
        return subprocess.run(
            [sys.executable, "-c", text, *args],
            cwd=self.root,
            capture_output=True,
            text=True,
            env={**os.environ, **(env or {})},
            timeout=120,
            check=False,
        )

    def start(self, text: str, *args: str) -> "subprocess.Popen[str]":
        """Starts a program of its own in the book; it ends with the test at the latest."""
        process = subprocess.Popen(
            [sys.executable, "-c", text, *args],
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def lines(self, *way: str) -> List[Dict[str, Any]]:
        """The records of a log; every one of ours must be as it was written, and nothing else may stand there."""
        found = []
        data = self.root.joinpath(*way).read_bytes()
        self.assertTrue(data.endswith(b"\n"), "the log ends in the middle of a line")
        for line in data.split(b"\n"):
            if line == b"":
                continue
            record = json.loads(line)
            name = b',"_crc":"' if "_crc" in record else b',"checksum":"crc32:'
            body, _, tail = line.rpartition(name)
            self.assertEqual(int(tail[:8], 16), zlib.crc32(body))
            found.append(record)
        return found

    def experiment(self, key: str) -> Dict[str, Any]:
        """experiment_tracker.json of a run."""
        found: Dict[str, Any] = json.loads((self.root / key / "experiment_tracker.json").read_text("utf-8"))
        return found

    def beside(self, key: str) -> Dict[str, Any]:
        """experiment_daybook.json of a run."""
        found: Dict[str, Any] = json.loads((self.root / key / "experiment_daybook.json").read_text("utf-8"))
        return found


@contextlib.contextmanager
def told() -> Iterator[io.StringIO]:
    """What is told on standard error; what was told before is told again."""
    forget()
    out = io.StringIO()
    with contextlib.redirect_stderr(out):
        yield out


def forget() -> None:
    """Lets everything be told once more, and every book be looked at anew."""
    import importlib

    for name, members in (
        ("daybook._book", ("_told", "_settings")),
        ("daybook._actions", ("_maskers", "_writers")),
        ("daybook._source", ("_sources",)),
    ):
        module = importlib.import_module(name)
        for member in members:
            getattr(module, member).clear()
