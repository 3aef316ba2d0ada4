"""Where records wait that could not be written to their book, until the next recording of `daybook` takes them in."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import re
import stat
import tempfile
import time
from typing import Callable, Iterator, List, Sequence

from ._text import dump_json

_MAX_BYTES = 16 * 1024 * 1024
_MAX_FILES = 4096
_spooled = itertools.count(1)


def keep_in_spool(root: str, entries: Sequence[bytes], seal: Callable[[str], bytes]) -> str:
    """Keeps sealed entries as one file that stands whole or not at all, and returns its folder. Raises OSError without a place."""
    failure = OSError("there is no private folder for them")
    key = os.path.realpath(root)
    data = seal(dump_json({"spool": 1, "book": key})) + b"".join(entries)
    name = re.sub(r"[^A-Za-z0-9._-]", "_", os.path.basename(key))[:40]
    name = f"{name}-{hashlib.sha256(key.encode('utf-8', 'surrogateescape')).hexdigest()[:24]}"
    for home in _homes():
        folder = os.path.join(home, name)
        try:
            if _make_private(home) and _make_private(folder):
                _write(folder, data)
                return folder
        except OSError as error:
            failure = error
    raise failure


def _homes() -> Iterator[str]:
    given = os.environ.get("DAYBOOK_SPOOL")
    if given:
        yield os.path.abspath(given)
        return
    name = f"daybook-spool-{os.getuid()}" if hasattr(os, "getuid") else "daybook-spool"
    places: List[str] = [tempfile.gettempdir(), os.environ.get("XDG_RUNTIME_DIR") or "", "/tmp", "/dev/shm"]
    for place in dict.fromkeys(place for place in places if place):
        for suffix in ("", "-2", "-3"):
            yield os.path.join(place, name + suffix)


def _make_private(path: str) -> bool:
    """Makes a folder that only this user may enter; false where something else stands there."""
    with contextlib.suppress(FileExistsError):
        os.mkdir(path, 0o700)
    found = os.lstat(path)
    if not stat.S_ISDIR(found.st_mode):
        return False
    return not hasattr(os, "getuid") or (found.st_uid == os.getuid() and found.st_mode & 0o077 == 0)


def _write(folder: str, data: bytes) -> None:
    names = os.listdir(folder)
    size = len(data) + sum(os.path.getsize(os.path.join(folder, name)) for name in names)
    if size > _MAX_BYTES or len(names) >= _MAX_FILES:
        raise OSError(f"more than {_MAX_BYTES // 1024 // 1024} MiB would wait in {folder}")
    base = os.path.join(folder, f"{int(time.time() * 1000):014d}-{os.getpid()}-{next(_spooled):06d}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(base + ".tmp", flags, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.rename(base + ".tmp", base + ".jsonl")
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(base + ".tmp")
        raise
