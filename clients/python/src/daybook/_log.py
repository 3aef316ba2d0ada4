"""A log that several processes append to at once without a lock (docs/formats.md, "How lines are appended")."""

from __future__ import annotations

import os
import threading
import time
import weakref
from typing import List, Optional, Tuple

from ._files import refuse_obstacle

_MAX_TRIES = 8
_LOOK_EVERY = 64
_LOOK_AFTER = 0.05
_BATCH = 0.05


class AppendLog:
    """
    One line is one write; afterwards the writer reads its own bytes back. If a neighbour died half way through a line,
    ours is glued to its fragment: then it is appended once more, behind a newline. Nor is a line lost when another file
    takes the place of the log. Threads and forked processes may share one.
    """

    def __init__(self, path: str, durability: str = "os") -> None:
        self._path = path
        self._durability = durability
        self._lock = threading.RLock()
        self._saw_others = False
        self._unchecked: List[bytes] = []
        self._looked = float("-inf")
        self._flusher: Optional[threading.Thread] = None
        self._dirty = threading.Event()
        self._fd, self._file, self._end = self._open()
        _logs.add(self)

    def append(self, line: bytes) -> None:
        """Appends one line, newline included, and returns when it stands in the file. Raises OSError where it does not."""
        with self._lock:
            self._write(line)
            if self._durability == "sync":
                _flush(self._fd)
            elif self._durability == "batch":
                self._flush_soon()

    def close(self) -> None:
        """Flushes what is to be flushed and closes the file."""
        with self._lock:
            if self._fd < 0:
                return
            descriptor, self._fd = self._fd, -1
            try:
                if self._durability != "os":
                    _flush(descriptor)
            finally:
                os.close(descriptor)

    def after_fork(self) -> None:
        """A child has its own locks and threads; the file and its end are found as they are."""
        self._lock = threading.RLock()
        self._dirty = threading.Event()
        self._flusher = None

    def _open(self) -> Tuple[int, Tuple[int, int], int]:
        folder = os.path.dirname(self._path)
        os.makedirs(folder, exist_ok=True)
        refuse_obstacle(self._path)
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self._path, flags, 0o666)
        found = os.fstat(descriptor)
        return descriptor, (found.st_ino, found.st_dev), found.st_size

    def _write(self, line: bytes) -> None:
        if self._fd < 0:
            raise OSError("the log is closed")
        data = line
        for _ in range(_MAX_TRIES):
            taken = os.write(self._fd, data)
            stands = taken == len(data) and self._stands_alone(data)
            if self._must_look() and not self._is_current():
                self._open_again()
                data = line
                continue
            if stands:
                self._unchecked.append(line)
                return
            # A leading newline ends whatever fragment stands before: ours after a short write, or a dead neighbour's.
            if data is line:
                data = b"\n" + line
        raise OSError(f"a line could not be placed whole in {self._path}; run daybook doctor")

    def _stands_alone(self, data: bytes) -> bool:
        """Whether our bytes stand in the file behind a newline. Alone on the file, one small read tells."""
        self._saw_others = False
        before = self._end
        length = len(data)
        if before == 0:
            found = _read_at(self._fd, length, 0)
            if found == data:
                self._end = length
                return True
        else:
            found = _read_at(self._fd, length + 1, before - 1)
            if len(found) == length + 1 and found.endswith(data):
                self._end = before + length
                return found[0] == 10 or data[0] == 10
        return self._search_from(max(0, before - 1), data)

    def _search_from(self, start: int, data: bytes) -> bool:
        """Others wrote in the meantime: our bytes are somewhere between the end we knew and the end now."""
        self._saw_others = True
        size = os.fstat(self._fd).st_size
        overlap = len(data) + 1
        window = max(256 * 1024, overlap * 2)
        at = start
        while at < size:
            found = _read_at(self._fd, min(window, size - at), at)
            place = found.find(data)
            if place != -1:
                self._end = at + place + len(data)
                return at + place == 0 or data[0] == 10 or (place > 0 and found[place - 1] == 10)
            if not found or at + len(found) >= size:
                break
            at += max(1, len(found) - overlap)
        self._end = size
        return False

    def _must_look(self) -> bool:
        if self._saw_others or len(self._unchecked) >= _LOOK_EVERY:
            return True
        return time.monotonic() - self._looked > _LOOK_AFTER

    def _is_current(self) -> bool:
        """Whether the file we write to still is the log: git or a rotation may have put another one in its place."""
        self._looked = time.monotonic()
        try:
            now = os.stat(self._path)
        except FileNotFoundError:
            return False
        except OSError:
            return True  # what may not even be looked at could not be opened again either
        if (now.st_ino, now.st_dev) != self._file:
            return False
        self._unchecked = []
        return True

    def _open_again(self) -> None:
        descriptor, file, end = self._open()
        old = self._fd
        try:
            # A file without a name is nobody's any more: what was appended since it had one is appended again.
            lost = self._unchecked if os.fstat(old).st_nlink == 0 else []
            if self._durability != "os":
                _flush(old)
        finally:
            os.close(old)
            self._unchecked = []
            self._fd, self._file, self._end = descriptor, file, end
        for line in lost:
            self._write(line)

    def _flush_soon(self) -> None:
        if self._flusher is None:
            self._flusher = threading.Thread(target=self._flush_always, name="daybook-flush", daemon=True)
            self._flusher.start()
        self._dirty.set()

    def _flush_always(self) -> None:
        while self._fd >= 0:
            self._dirty.wait()
            time.sleep(_BATCH)
            self._dirty.clear()
            with self._lock:
                if self._fd >= 0:
                    try:
                        _flush(self._fd)
                    except OSError:
                        return


_logs: "weakref.WeakSet[AppendLog]" = weakref.WeakSet()


def _renew_logs() -> None:
    for log in list(_logs):
        log.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_logs)

_flush = getattr(os, "fdatasync", os.fsync)


def _seek_and_read(descriptor: int, length: int, offset: int) -> bytes:
    os.lseek(descriptor, offset, os.SEEK_SET)
    return os.read(descriptor, length)


_read_at = getattr(os, "pread", _seek_and_read)
