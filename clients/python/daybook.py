# Daybook for Python as one file: copy it into a project. Made from clients/python/src by npm run docs; MIT licence.
"""
Daybook from inside of Python programs: runs, metrics and actions as plain files that the `daybook` command reads.

    import daybook
    with daybook.run("runs/a", config={"lr": 0.1}) as run:
        run.log(loss=0.5, step=1)

Recording never stops the work it records: what cannot be written is told once on standard error, and nothing is
reported as kept that is not. See docs/python.md.
"""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import datetime
import enum
import functools
import hashlib
import importlib.abc
import importlib.util
import itertools
import json
import math
import os
import platform
import random
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import types
import uuid
import weakref
import zlib
from typing import AbstractSet, Any, Callable, Dict, Iterable, Iterator, List, Mapping, NamedTuple, Optional, Protocol, Sequence, Set, Tuple, Type, TypeVar, Union, cast, overload

# ---- _book.py

VERSION = "0.1.0"

_told: Set[str] = set()
_told_lock = threading.Lock()


def tell(kind: str, text: str) -> None:
    """Says something on standard error, once for each kind in a process; never raises."""
    with _told_lock:
        if kind in _told:
            return
        _told.add(kind)
    try:
        if sys.stderr is not None:
            print(f"daybook: {text}", file=sys.stderr, flush=True)
    except Exception:  # closed, or full: there is nobody to tell
        pass


def find_book(start: str) -> Optional[str]:
    """The nearest folder upwards that holds daybook.yaml, snapshots/ or .git."""
    folder = os.path.abspath(start)
    while True:
        for mark in ("daybook.yaml", "snapshots", ".git"):
            if os.path.lexists(os.path.join(folder, mark)):
                return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def book_root(given: Any = None) -> str:
    """The book to record in: the one that is named, that of DAYBOOK_BOOK, the nearest upwards, or else this folder becomes one."""
    named = given if given is not None else os.environ.get("DAYBOOK_BOOK") or None
    if named is not None:
        return os.path.abspath(os.fspath(named))
    here = os.getcwd()
    found = find_book(here)
    if found is not None:
        return found
    tell("new-book", f"no book in {here} or above it, so this folder becomes one (snapshots/).")
    try:
        os.makedirs(os.path.join(here, "snapshots"), exist_ok=True)
    except OSError:  # what cannot be written is told by what is recorded
        pass
    return here


def told(root: str, name: str) -> Optional[str]:
    """What `daybook exec` told this program (DAYBOOK_RUN and the like), unless that is of another book."""
    value = os.environ.get(name)
    book = os.environ.get("DAYBOOK_BOOK")
    if not value or (book and book != root and os.path.realpath(book) != os.path.realpath(root)):
        return None
    return value


def root_near(path: Any) -> str:
    """The book that a file or folder lies in; without one the folder the program runs in, or else the one around the path."""
    named = os.environ.get("DAYBOOK_BOOK")
    place = os.path.abspath(os.fspath(path))
    if named and inside(named, place):
        return os.path.abspath(named)
    around = place if os.path.isdir(place) else os.path.dirname(place)
    found = find_book(around)
    if found is not None:
        return found
    return book_root() if inside(os.getcwd(), place) else around


class Settings:
    """What daybook.yaml says of writing."""

    def __init__(self) -> None:
        self.durability = "os"
        self.action_files = False
        self.masks = True
        self.keys: List[str] = []


_settings: Dict[str, Settings] = {}
_mentioned = re.compile(r"^\s*[\"']?(?:durability|actionFiles|redaction)[\"']?\s*:|^\s*[{\[]|<<|[*&]\w", re.M)


def settings_of(root: str) -> Settings:
    """The settings of a book, read once in a process. What cannot be understood stays as it is by default: masking is on."""
    known = _settings.get(root)
    if known is None:
        known = _read_settings(root)
        _settings[root] = known
    return known


def _read_settings(root: str) -> Settings:
    settings = Settings()
    try:
        with open(os.path.join(root, "daybook.yaml"), encoding="utf-8") as file:
            text = file.read()
    except (OSError, ValueError):
        return settings
    if not _mentioned.search(text):
        return settings
    found = _with_yaml(text)
    if found is None:
        found = _without_yaml(text)
    durability = found.get("durability")
    if durability in ("sync", "batch", "os"):
        settings.durability = durability
    settings.action_files = found.get("actionFiles") is True
    redaction = found.get("redaction")
    if isinstance(redaction, dict):
        settings.masks = redaction.get("mask") not in ("off", False)
        keys = redaction.get("keys")
        settings.keys = [str(key) for key in keys] if isinstance(keys, list) else []
    else:
        settings.masks = redaction not in ("off", False)
    return settings


def _with_yaml(text: str) -> Optional[Dict[str, Any]]:
    try:
        import yaml  # type: ignore[import-untyped,unused-ignore]

        found = yaml.safe_load(text)
        return found if isinstance(found, dict) else None
    except Exception:  # no PyYAML, or a text that it refuses
        return None


def _without_yaml(text: str) -> Dict[str, Any]:
    """The few settings that matter here, in the plain forms that people write."""
    found: Dict[str, Any] = {}
    for name in ("durability", "actionFiles"):
        match = re.search(rf"^{name}\s*:\s*[\"']?(\w+)", text, re.M)
        if match:
            found[name] = {"true": True, "false": False}.get(match.group(1), match.group(1))
    match = re.search(r"^redaction\s*:[ \t]*(.*(?:\n(?:[ \t]+.*|[ \t]*))*)", text, re.M)
    if match:
        body = match.group(1)
        word = re.match(r"[\"']?(on|off)\b", body)
        found["redaction"] = word.group(1) if word else _redaction_map(body)
    return found


def _redaction_map(body: str) -> Dict[str, Any]:
    mask = re.search(r"\bmask\s*:\s*[\"']?(on|off)", body)
    keys = re.search(r"\bkeys\s*:\s*\[([^\]]*)\]", body) or re.search(r"\bkeys\s*:((?:\s*\n\s*-[^\n]*)+)", body)
    listed = re.split(r"[,\n]", keys.group(1)) if keys else []
    names = [re.sub(r"^\s*(?:-\s+)?[\"']?|[\"']?\s*(?:#.*)?$", "", name) for name in listed]
    return {"mask": mask.group(1) if mask else "on", "keys": [name for name in names if name]}


def inside(folder: str, path: str) -> bool:
    """Whether a path lies in a folder or is it."""
    way = os.path.relpath(os.path.abspath(path), os.path.abspath(folder))
    return way != ".." and not way.startswith(".." + os.sep) and not os.path.isabs(way)


def book_path(root: str, path: str) -> str:
    """A path relative to the book with forward slashes; "" for the book itself."""
    way = os.path.relpath(path, root).replace(os.sep, "/")
    return "" if way == "." else way

# ---- _files.py

_counter = itertools.count(1)
_PATIENCE = 20.0


def host_name() -> str:
    """The name of this machine."""
    return socket.gethostname()


def process_start(pid: int) -> Optional[str]:
    """When a process began, in the host's own words: its boot and the tick within it; None where the system does not say."""
    try:
        with open(f"/proc/{pid}/stat", encoding="latin-1") as file:
            fields = file.read().rpartition(") ")[2].split(" ")
        if fields[0] in ("Z", "X"):
            return None
        with open("/proc/sys/kernel/random/boot_id", encoding="latin-1") as file:
            return f"{file.read().strip()}:{fields[19]}"
    except (OSError, IndexError):
        return None


def is_running(pid: int, start: Any) -> bool:
    """Whether the process that began then still runs; where the system does not say, it is taken for gone."""
    return start is not None and process_start(pid) == start


def _place_name() -> str:
    """The machine and the container of it, in which the number of a process counts."""
    host = re.sub(r"[^A-Za-z0-9.]", "_", host_name())[:40]
    try:
        return f"{host}_{re.sub(r'[^0-9]', '', os.readlink('/proc/self/ns/pid')) or 0}"
    except OSError:
        return f"{host}_0"


def temporary_path(path: str) -> str:
    """A name beside a path for a file that is not finished yet; it says whose it is, and doctor knows such names."""
    start = (process_start(os.getpid()) or ":0").rpartition(":")[2]
    name = re.sub(rb"[^ -~]", b"_", os.fsencode(os.path.basename(path)))[:100].decode("ascii")
    mark = f".daybook-tmp-{_place_name()}-{os.getpid()}-{start}-{next(_counter)}-{name}"
    return os.path.join(os.path.dirname(path), mark)


def write_whole(path: str, data: bytes) -> None:
    """Temporary file in the same folder, write, flush, rename, flush the folder: a reader sees the old content or the new."""
    refuse_obstacle(path)
    temporary = temporary_path(path)
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        flush_folder(os.path.dirname(path) or ".")
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def flush_folder(folder: str) -> None:
    """Makes a rename survive a power cut; systems that cannot flush folders are left alone."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def refuse_obstacle(path: str) -> None:
    """Makes sure that a path is free or a regular file, and that no link leads out of the folder around it."""
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return
    if stat.S_ISLNK(found.st_mode):
        target = os.path.realpath(path)
        folder = os.path.dirname(os.path.abspath(path))
        homes = [os.path.realpath(folder), os.path.realpath(os.path.dirname(folder))]
        if not any(target == home or target.startswith(home.rstrip(os.sep) + os.sep) for home in homes):
            raise OSError(f"expected a regular file at {path}, found a link that leads out of the book")
        found = os.stat(target)
    if not stat.S_ISREG(found.st_mode):
        raise OSError(f"expected a regular file at {path}, found something else")


@contextlib.contextmanager
def file_lock(root: str, kind: str, file: str) -> Iterator[None]:
    """
    Holds the lock of one file of the book, the one that the command takes, too: one of the system's on an empty database
    in .daybook/. It ends with its holder, however that ends, and never by time. Work that is only recorded must not wait for
    ever for a holder that was stopped: after a while that is an OSError.
    """
    connection = _open_lock(root, kind, file)
    if connection is None:
        yield
        return
    try:
        import sqlite3

        started = time.monotonic()
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
                break
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    raise OSError(f"the lock of {file} cannot be taken: {error}") from error
            waited = time.monotonic() - started
            if waited > _PATIENCE:
                raise OSError(f"another process has been changing {file} for {_PATIENCE:.0f} seconds")
            time.sleep(0.001 + (next(_counter) % 16) / 16 * min(0.03, 0.002 + waited / 4))
        yield
    finally:
        connection.close()


def _open_lock(root: str, kind: str, file: str) -> Optional[Any]:
    try:
        import sqlite3
    except ImportError:  # a Python without it: one writer at a time is safe all the same
        return None
    folder = os.path.join(cache_folder(root), "locks")
    os.makedirs(folder, exist_ok=True)
    digest = hashlib.sha256(file.encode("utf-8", "surrogateescape")).hexdigest()
    try:
        return sqlite3.connect(
            os.path.join(folder, f"{kind}-{digest[:3]}.db"), timeout=0, isolation_level=None, check_same_thread=False
        )
    except sqlite3.Error as error:
        raise OSError(f"the lock of {file} cannot be opened: {error}") from error


def cache_folder(root: str) -> str:
    """The folder for what may be thrown away and made again; git ignores it."""
    folder = os.path.join(root, ".daybook")
    ignore = os.path.join(folder, ".gitignore")
    if not os.path.exists(ignore):
        os.makedirs(folder, exist_ok=True)
        with open(ignore, "w", encoding="utf-8") as out:
            out.write("*\n")
    return folder


def digest_of(path: str) -> Tuple[int, str]:
    """Size and digest of a file or folder as receipts have it (docs/formats.md, "How data is digested")."""
    if not os.path.isdir(path):
        return _digest_file(path)
    entries: List[Tuple[bytes, str]] = []
    size = 0
    for folder, names, files in os.walk(path):
        names[:] = [name for name in names if name != ".daybook" and not os.path.islink(os.path.join(folder, name))]
        for name in files:
            full = os.path.join(folder, name)
            if not os.path.isfile(full):
                continue
            way = os.path.relpath(full, path).replace(os.sep, "/")
            length, digest = _digest_file(full)
            size += length
            entries.append((os.fsencode(way), digest[7:]))
    whole = hashlib.sha256()
    for way_bytes, hexadecimal in sorted(entries):
        whole.update(hexadecimal.encode("ascii") + b"  " + way_bytes + b"\0")
    return size, f"sha256:{whole.hexdigest()}"


def _digest_file(path: str) -> Tuple[int, str]:
    digest = hashlib.sha256()
    size = 0
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
            size += len(block)
    return size, f"sha256:{digest.hexdigest()}"

# ---- _log.py

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

# ---- _text.py

class Pattern:
    """A regular expression that is made when it is first used: most programs never mask anything."""

    def __init__(self, text: str, flags: int = 0) -> None:
        self._text = text
        self._flags = flags
        self._made: Optional["re.Pattern[str]"] = None

    def made(self) -> "re.Pattern[str]":
        """The expression itself."""
        if self._made is None:
            self._made = re.compile(self._text, self._flags)
        return self._made

    def match(self, text: str, at: int = 0) -> Optional["re.Match[str]"]:
        """What stands at a place."""
        return self.made().match(text, at)

    def search(self, text: str, at: int = 0) -> Optional["re.Match[str]"]:
        """What stands first behind a place."""
        return self.made().search(text, at)


_MAX_DEPTH = 200
_MAX_ARRAY = 10_000


def now_us() -> int:
    """Microseconds since 1970 UTC."""
    return time.time_ns() // 1000


_second: Tuple[int, str] = (-1, "")


def iso_micros(us: int) -> str:
    """The canonical text of a moment: 2025-12-22T02:20:57.454420Z."""
    global _second
    seconds, micros = divmod(us, 1_000_000)
    known = _second
    if known[0] != seconds:
        known = (seconds, time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)))
        _second = known
    return f"{known[1]}.{micros:06d}Z"


def compact_time(us: int) -> str:
    """A moment as it stands in ids: 20251222_022057_454420."""
    day, _, clock = iso_micros(us)[:-1].partition("T")
    return f"{day.replace('-', '')}_{clock.replace(':', '').replace('.', '_')}"


def plain(value: Any) -> Any:
    """A value as JSON holds it, never an error: NaN and the infinities become texts, and so does what JSON has no place for."""
    try:
        return _plain(value, 0)
    except RecursionError:  # the caller itself is deep already
        return f"<{type(value).__name__}, nested too deep>"


def as_text(value: Any) -> str:
    """A text for whatever was given, never an error."""
    simple = plain(value)
    return simple if isinstance(simple, str) else dump_json(simple)


def _plain(value: Any, depth: int) -> Any:
    if value is None or value.__class__ in (bool, str, int):
        return value
    if isinstance(value, float):
        return _plain_float(float(value))
    if depth > _MAX_DEPTH:
        return f"<nested deeper than {_MAX_DEPTH} levels>"
    if isinstance(value, enum.Enum):
        return _plain(value.value, depth + 1)
    if isinstance(value, (bool, int)):
        return int(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Mapping):
        return {_key_text(key): _plain(member, depth + 1) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(element, depth + 1) for element in value]
    return _plain_other(value, depth)


def _plain_float(value: float) -> Any:
    return value if math.isfinite(value) else special_name(value)


def special_name(value: float) -> str:
    """NaN and the infinities as they are written into JSON, which has none."""
    if value != value:
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def _key_text(key: Any) -> str:
    if isinstance(key, str):
        return str.__str__(key)
    simple = plain(key)
    return simple if isinstance(simple, str) else json.dumps(simple)


def _plain_other(value: Any, depth: int) -> Any:
    try:
        if isinstance(value, (set, frozenset)):
            return sorted((_plain(element, depth + 1) for element in value), key=repr)
        if isinstance(value, os.PathLike):
            return os.fsdecode(value)
        if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
            return value.isoformat()
        if isinstance(value, (bytes, bytearray)):
            return bytes(value).decode("utf-8", "replace")
        if isinstance(value, BaseException):
            return {"name": type(value).__name__, "message": str(value)}
        if isinstance(value, type):
            return value.__qualname__
        if dataclasses.is_dataclass(value):
            names = [field.name for field in dataclasses.fields(value)]
            return {name: _plain(getattr(value, name, None), depth + 1) for name in names}
        if type(value).__module__.partition(".")[0] == "omegaconf":
            return _plain(_from_omegaconf(value), depth + 1)
        number = as_number(value)
        if number is not None:
            return _plain(number, depth + 1)
        if hasattr(value, "tolist") and getattr(value, "size", _MAX_ARRAY + 1) <= _MAX_ARRAY:
            return _plain(value.tolist(), depth + 1)
        if type(value).__name__ in ("Namespace", "SimpleNamespace"):
            return _plain(vars(value), depth + 1)
        return str(value)
    except Exception as error:  # whatever a stranger's class does when it is looked at
        return f"<{type(value).__name__}, which cannot be shown: {type(error).__name__}>"


def as_number(value: Any) -> Any:
    """The number in a scalar of numpy, torch, jax and the like; None for what is none."""
    if isinstance(value, (int, float)):
        return value
    try:
        item = getattr(value, "item", None)
        if item is None or getattr(value, "ndim", 0) not in (0, 1):
            return None
        number = item()
    except Exception:  # more than one element, or something that only looks alike
        return None
    return number if isinstance(number, (int, float)) else None


def _from_omegaconf(value: Any) -> Any:
    from omegaconf import OmegaConf  # type: ignore[import-not-found,unused-ignore]

    try:
        return OmegaConf.to_container(value, resolve=True)
    except Exception:  # an interpolation that leads nowhere: the text says so
        return OmegaConf.to_container(value, resolve=False)


def config_map(config: Any) -> Dict[str, Any]:
    """A configuration as a map: a dict, an OmegaConf, a Namespace, a dataclass, or an object with attributes."""
    simple = plain(config)
    if isinstance(simple, dict):
        return simple
    attributes: Dict[str, Any] = {}
    for name in dir(config):
        if name.startswith("_"):
            continue
        try:
            member = getattr(config, name, None)
        except Exception:  # whatever a stranger's class does when it is looked at
            continue
        if not callable(member):
            attributes[name] = plain(member)
    return attributes


def dump_json(value: Any) -> str:
    """One line of JSON, as JSON.stringify writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def to_bytes(text: str) -> bytes:
    """UTF-8; halves of characters, which have none, as JSON escapes them."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half.group()):04x}", text).encode("utf-8")


_exact_mark = "\u0000exact "
_exact = re.compile(r'"\\u0000exact ([^"]*)"')


def read_document(text: str) -> Any:
    """Reads JSON that is written again: numbers keep the characters they were written in."""
    return json.loads(text, parse_float=_exact_float, parse_int=_exact_int, parse_constant=_constant)


def write_document(value: Any) -> bytes:
    """JSON laid out with two spaces, with what read_document kept."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return to_bytes(_exact.sub(r"\1", text) + "\n")


def _exact_float(text: str) -> Any:
    number = float(text)
    return number if repr(number) == text else _exact_mark + text


def _exact_int(text: str) -> Any:
    return _exact_mark + text if text == "-0" else int(text)


def _constant(text: str) -> str:
    return text

# ---- _secret_names.py

_A = re.ASCII
_AI = re.ASCII | re.IGNORECASE

_LONGEST_NAME = 100

_separators = Pattern(r"[\s_.$-]")


def plain_name(name: str) -> str:
    """Names without case and separators: "API-Key" and "api_key" are one."""
    return _separators.made().sub("", name[-_LONGEST_NAME:]).lower()


_quickly = Pattern(
    r"(?:pass(?:words?|wd|phrase|code)?|pwd?|secrets?|token|key(?:base)?|credentials?|creds|authorization|auth|cookies?"
    r"|bearer|jwt|dsn|string|str|uri|url|webhooks?|pat|session(?:id)?|sessid)\Z"
)
_certain = Pattern(
    r"(?:passwords?|passwd|passphrase|passcode|pwd|secrets?|secretkeybase|credentials?|creds|authorization|cookies?"
    r"|bearer|jwt|dsn|conn(?:ection)?str(?:ing)?|connectionuri|webhooks?|webhookur[li])\Z"
)
_glued_pass = Pattern(
    r"(?:^|[^a-z])?(?:db|user|root|admin|pg|my|sql|ssh|ldap|smtp|imap|ftp|mail|proxy|store|key|http|redis|mongo|rabbit)pass\Z"
)
_ordinary_tokens = frozenset(
    "pad eos bos unk sep cls mask special stop start end begin image audio video per next page continuation sync first"
    " last prompt completion added additional new extra num n max min total unexpected current previous prev each"
    " any".split(" ")
)
_ordinary_passes = frozenset(
    "forward backward first second third fourth last final low high band multi single one two three render sub test"
    " tests all each per next previous must did should can will is has by num n train training eval validation warmup"
    " optimizer optimization compiler depth shadow post boarding season ski hall".split(" ")
)
_key_opens = frozenset(
    "api access secret private signing sign signature ssh encryption encrypt encrypting decryption crypto cipher master"
    " account storage shared deploy deployment service server client license licence auth jwt jwk hmac aes rsa gpg pgp"
    " tls ssl app application admin root session consumer subscription functions function webhook host recovery"
    " symmetric data dek kek wrapping vault token user personal integration project write admin security wireless wpa"
    " psk preshared cookie csrf kms seed validation instrumentation openai anthropic claude groq mistral cohere gemini"
    " google aws azure gcp stripe sendgrid twilio mailgun datadog dd wandb hf huggingface github gitlab slack algolia"
    " cloudflare pinecone replicate deepseek openrouter perplexity together fireworks tavily serper langsmith langchain"
    " langfuse comet neptune clearml".split(" ")
)
_key_is_ordinary = frozenset("public primary foreign sort partition cache row hash param".split(" "))
_glued_key = Pattern(
    r"(?:api|access|secret|private|signing|ssh|encryption|encrypt|decryption|master|account|storage|shared|deploy|license"
    r"|hmac|auth|jwt|crypto|sharedaccess|session)key\Z"
)
_session = Pattern(r"(?:sessid|session_?id|sessioncookie)\Z")
_looks_alike = Pattern(r"(?:obsession|sacred)s?\Z")


def judge_name(name: str, own: AbstractSet[str]) -> Optional[str]:
    """"secret" (texts and numbers go), "doubtful" (texts go unless they are ordinary), or nothing; `own` are plain names of the user."""
    plain = plain_name(name)
    if plain in own:
        return "secret"
    if not _quickly.search(plain):
        return None
    words = _words_of(name)
    last = words[-1] if words else ""
    before = words[-2] if len(words) > 1 else ""
    if len(words) > 1 and words[0] == "no":
        return None
    if plain.endswith("token"):
        tail = before if last == "token" else plain[:-5]
        return None if tail in _ordinary_tokens else "secret"
    if plain.endswith("key"):
        return _judge_key(words, plain)
    if last == "pat" and len(words) > 1:
        return "secret"
    if last in ("pass", "pw"):
        return None if before in _ordinary_passes else "doubtful"
    if _glued_pass.search(plain) or last in ("auth", "session") or _session.search(plain):
        return "doubtful"
    return "secret" if _certain.search(plain) and not _looks_alike.search(plain) else None


def _judge_key(words: List[str], plain: str) -> Optional[str]:
    if words[-1] != "key":
        return "secret" if _glued_key.search(plain) and not plain.endswith("publickey") else None
    if any(word in _key_is_ordinary for word in words):
        return None
    return "secret" if len(words) > 1 and words[-2] in _key_opens else None


_hump = Pattern(r"([a-z0-9])([A-Z])")
_caps = Pattern(r"([A-Z])([A-Z][a-z])")
_not_word = Pattern(r"[^a-z0-9]+")


def _words_of(name: str) -> List[str]:
    """"dbPassword2", "DB_PASSWORD" and "db.password" by words, in lower case."""
    text = _caps.made().sub(r"\1 \2", _hump.made().sub(r"\1 \2", name[-_LONGEST_NAME:])).lower()
    return [word for word in _not_word.made().split(text) if word]


def is_ordinary(name: str, value: str) -> bool:
    """Whether a value under a doubtful name ("pass", "auth", "session") is an ordinary one and may stay."""
    text = value.strip()
    if re.match(r"[\d\s.,:;%/+-]*\Z", text, _A):
        return True
    if len(text) > 60:
        return False
    plain = plain_name(name)
    if plain.endswith("pass") or plain.endswith("pw"):
        return _is_count(text) or bool(_result_words.match(text)) or bool(_pass_source.match(text))
    if plain.endswith("auth"):
        first = _methods.match(text)
        return first is not None and bool(_prose.match(text[first.end() :]))
    return all(_plain_label.match(part) for part in _label_splits.made().split(text))


_pass_source = Pattern(r"(?:stdin\Z|(?:env|file|fd):)")
_count = Pattern(r"\d[\d.,%/]*(?:ms|s|x)?(?:[ ,;(]|\Z)(?!.*[^\w\s.,:;%/()=-])", _A)
_result_words = Pattern(
    r"(?:all|none|any|some|ok|okay|passed|failed|fail|failing|passing|skipped|partial|yes|no|true|false|success|forward"
    r"|backward|first|second|third|final|low|high|train|eval|test|tests|warmup|shadow|depth|color|main|on|off|enabled"
    r"|disabled|required|optional|unknown|pending|n/a|done|complete|completed)\Z",
    _AI,
)
_methods = Pattern(
    r"(?:basic|bearer|digest|ntlm|negotiate|kerberos|oauth\d?|oauth2?\.0|oidc|saml|ldap|iam|mtls|tls|jwt|token"
    r"|api[_ -]?key|key|password|cookie|session|sso|anonymous|public|private|none|any|ok|okay|success|succeeded|failed"
    r"|failure|failing|denied|granted|required|optional|enabled|disabled|on|off|valid|invalid|expired|missing|pending"
    r"|plain|login|scram(?:-sha-\d+)?|md5|trust|peer|user|admin|guest|service|default|github|google|gitlab|azure|aws"
    r"|auth0|firebase|local|remote|unknown|error|true|false|null)(?=[ ,.;]|\Z)",
    _AI,
)
_prose = Pattern(r"(?:[ ,.;]+(?:[a-z']{1,14}|\d[\d.:]*)?)*\Z", _A)
_label_splits = Pattern(r"[\s_.,:;/()-]+")
_plain_label = Pattern(r"(?:[A-Za-z]{0,24}\d{0,4}|\d{0,14}|\d{8}T\d{4,6}Z?)\Z", _A)


def _is_count(text: str) -> bool:
    """"12 of 14", "3 passed", "12, fail: 0"."""
    return bool(_count.match(text)) and not re.search(r"\d[a-z]{3,}\d", text, _AI)


def is_placeholder(text: str, is_secret_name: Callable[[str], bool]) -> bool:
    """Whether a whole text stands for a secret and is none: `$TOKEN`, `${{ secrets.TOKEN }}`, `<token>`, `***`, `none`."""
    if len(text) > 200:
        return False
    scheme = _scheme.match(text)
    if scheme is not None:
        return is_placeholder(text[scheme.end() :], is_secret_name)
    if _whole_placeholder.match(text):
        return True
    variable = re.match(r"\$([A-Za-z_]\w*)\Z", text, _A)
    if variable is not None:
        name = variable.group(1)
        return name == name.upper() or is_secret_name(name)
    parts = re.split("[:/@]", text)
    return len(parts) > 1 and all(_reference.match(part) for part in parts)


_scheme = Pattern(r"(?:bearer|basic|token|digest) (?=[$<{%‹*])", _AI)
_reference = Pattern(r"\$(?:[A-Z_][A-Z0-9_]*|\{[A-Za-z_]\w*\})\Z", _A)
_whole_placeholder = Pattern(
    "(?:"
    + "|".join(
        [
            "‹masked: [^‹›\\n]{1,60}›",
            r"\$\{[A-Za-z_][\w.]*(?::[A-Za-z_][\w.]*)?\}",
            r"\$\{\{ ?[\w.[\]'\" -]+ ?\}\}",
            r"\{\{-? ?[\w.$| \"'-]+ ?-?\}\}",
            r"%[A-Za-z_]\w*%",
            r"%\([A-Za-z_]\w*\)s",
            r"<[A-Za-z][\w .-]*>",
            "[*•]{3,}",
            r"[\[(<]?(?:redacted|masked|hidden|filtered|removed)[\])>]?",
            "true|false|null|none|nil|undefined|yes|no",
            r"\.{3}|…",
        ]
    )
    + r")\Z",
    _AI,
)

spaced_placeholder = Pattern(r"(?:‹masked: [^‹›\n]{1,60}›|\$?\{\{[^{}\n]{1,120}\}\}|<[A-Za-z][\w .-]{0,60}>)", _A)

# ---- _secret_addresses.py

_before_scheme = Pattern(r"[a-z][a-z0-9+.-]{0,20}\Z", re.ASCII | re.IGNORECASE)


def mask_addresses(text: str, mask: str) -> str:
    """Masks the password of `scheme://user:password@host`, and a token that stands in the user's place."""
    clean: List[str] = []
    done = 0
    at = text.find("://")
    while at != -1:
        start = at + 3
        user = _user_part_at(text, start)
        if user is not None and _before_scheme.search(text[max(0, at - 22) : at]):
            masked = _mask_user(user, mask)
            if masked != user:
                clean.append(text[done:start] + masked)
                done = start + len(user)
        at = text.find("://", start)
    return "".join(clean) + text[done:] if done else text


def _user_part_at(text: str, start: int) -> Optional[str]:
    """What stands before the last "@" of an address."""
    at = start
    last = path = -1
    end = min(len(text), start + 300)
    while at < end:
        char = text[at]
        if (char.isspace() or char in "\"'`<>\\") and not text.startswith("<", start):
            break
        if char == "‹":
            at = max(at, text.find("›", at))
        if char == "@" and (path == -1 or _may_hold_slash(text[start:path])):
            last = at
        if char in "/?#" and path == -1:
            path = at
        if path != -1 and text.startswith("://", at):
            break
        at += 1
    return None if last == -1 else text[start:last]


def _may_hold_slash(before: str) -> bool:
    colon = before.find(":")
    return colon != -1 and not re.match(r"\d*\Z", before[colon + 1 :], re.ASCII)


def always(_: str) -> bool:
    """Every reference counts, whatever its name."""
    return True


def _mask_user(user: str, mask: str) -> str:
    if "‹masked: " in user:
        return user
    name, colon, password = user.partition(":")
    is_blank = password == "" or password.lower() == "x-oauth-basic"
    if is_blank and _is_token(name):
        return f"{mask}{user[len(name) :]}"
    if is_blank or is_placeholder(password, always):
        return user
    return f"{name}:{mask}"


_people = Pattern(r"(?:[A-Za-z]{0,20}\d{0,4}|\d{1,6})\Z", re.ASCII)


def _is_token(name: str) -> bool:
    """Names of people and machines are words with a short number at most."""
    if name == "" or is_placeholder(name, always):
        return False
    parts = re.split(r"[._+-]|%40|@", name)
    return len(name) >= 40 or not all(_people.match(part) for part in parts)

# ---- _secret_table.py

# What it is called, texts one of which stands in every such token, and its pattern; a group "before" stays.
SHAPES: List[Tuple[str, Tuple[str, ...], str]] = [
    ("private-key", ("PRIVATE KEY",), "-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----[\\s\\S]*?(?:-----END [A-Z0-9 ]{0,30}-----|\\Z)"),
    ("putty-key", ("Private-Lines:",), "Private-Lines: ?\\d+[\\s\\S]*?(?:Private-MAC: ?[0-9a-f]+|\\Z)"),
    ("age-key", ("AGE-SECRET-KEY-",), "AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{30,}"),
    ("github-token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_",), "gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}"),
    ("gitlab-token", ("glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glagent-", "gloas-", "glsoat-", "glffct-", "glimt-", "glft-",), "gl(?:pat|dt|rt|cbt|ptt|agent|oas|soat|ffct|imt|ft)-[\\w-]{16,}"),
    ("bitbucket-token", ("ATBB", "ATCTT3",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))(?:ATBB[A-Za-z0-9]{24,}|ATCTT3[A-Za-z0-9_=-]{40,})"),
    ("atlassian-token", ("ATATT3",), "ATATT3[A-Za-z0-9_=-]{60,}"),
    ("slack-token", ("xoxa-", "xoxb-", "xoxe-", "xoxe.", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xoxc-", "xoxd-", "xapp-",), "xox[abceoprsd](?:-|\\.xox[bp]-)[\\w%-]{10,}|xapp-\\d-[\\w-]{10,}"),
    ("slack-webhook", ("hooks.slack.com/",), "(?P<before>hooks\\.slack\\.com/(?:services|workflows|triggers)/)[\\w/-]{20,}"),
    ("discord-webhook", ("/api/webhooks/",), "(?P<before>discord(?:app)?\\.com/api/webhooks/\\d{1,25}/)[\\w-]{20,}"),
    ("teams-webhook", ("webhook.office.com/",), "(?P<before>webhook\\.office\\.com/webhookb2/)[\\w@/-]{30,}"),
    ("telegram-token", (":AA",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))\\d{8,10}:AA[\\w-]{32,}"),
    ("npm-token", ("npm_",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))npm_[A-Za-z0-9]{30,}"),
    ("pypi-token", ("pypi-Ag",), "pypi-Ag[\\w-]{40,}"),
    ("rubygems-key", ("rubygems_",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))rubygems_[0-9a-f]{40,}"),
    ("crates-token", ("cio",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))cio[A-Za-z0-9]{32}(?![A-Za-z0-9])"),
    ("nuget-key", ("oy2",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))oy2[a-z0-9]{43}(?![A-Za-z0-9])"),
    ("docker-token", ("dckr_",), "dckr_(?:pat|oat)_[\\w-]{20,}"),
    ("artifactory-token", ("AKCp",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))AKCp[A-Za-z0-9]{60,}"),
    ("anthropic-key", ("sk-ant-",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))sk-ant-[\\w-]{16,}"),
    ("openrouter-key", ("sk-or-",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))sk-or-(?:v\\d-)?[0-9a-f]{32,}"),
    ("openai-key", ("sk-",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))sk-(?=[A-Za-z_-]{0,80}\\d)(?:proj-|svcacct-|admin-)?[\\w-]{20,}"),
    ("groq-key", ("gsk_",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))gsk_[A-Za-z0-9]{30,}"),
    ("replicate-token", ("r8_",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))r8_[A-Za-z0-9]{30,}"),
    ("hugging-face-token", ("hf_", "api_org_",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))(?:hf|api_org)_[A-Za-z0-9]{30,}"),
    ("perplexity-key", ("pplx-",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))pplx-[A-Za-z0-9]{40,}"),
    ("xai-key", ("xai-",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))xai-[A-Za-z0-9]{60,}"),
    ("wandb-key", ("wandb_v",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))wandb_v\\d_[\\w-]{20,}"),
    ("linear-key", ("lin_api_", "lin_oauth_",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))lin_(?:api|oauth)_[A-Za-z0-9]{30,}"),
    ("notion-token", ("ntn_",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))ntn_[A-Za-z0-9]{40,}"),
    ("figma-token", ("figd_",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))figd_[\\w-]{36,}"),
    ("airtable-token", ("pat",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))pat[A-Za-z0-9]{14}\\.[0-9a-f]{64}"),
    ("postman-key", ("PMAK-",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    ("aws-key-id", ("AKIA", "ASIA", "ABIA", "ACCA",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])"),
    ("aws-signature", ("X-Amz-",), "(?P<before>X-Amz-(?:Signature|Security-Token|Credential)(?:=|%3D))[\\w%/+=.-]{16,}"),
    ("storage-signature", ("Signature=",), "(?P<before>[?&](?:X-Goog-|X-Ms-)?Signature=)[\\w%/+=.-]{16,}"),
    ("azure-sas", ("sig=",), "(?P<before>(?:[?&;]|&amp;|\\\\u0026|SharedAccessSignature .{0,80})sig=)[\\w%/+=-]{16,}"),
    ("google-key", ("AIza",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))AIza[\\w-]{35}"),
    ("google-oauth-token", ("ya29.", "GOCSPX-", "1//0",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))(?:ya29\\.[\\w-]{20,}|GOCSPX-[\\w-]{20,}|1//0[\\w-]{40,})"),
    ("digitalocean-token", ("dop_v1_", "doo_v1_", "dor_v1_",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))do[opr]_v1_[0-9a-f]{40,}"),
    ("databricks-token", ("dapi",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))dapi[0-9a-f]{32}(?:-\\d)?(?![A-Za-z0-9])"),
    ("vault-token", ("hvs.", "hvb.", "hvr.",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))hv[sbr]\\.[\\w-]{20,}"),
    ("terraform-token", (".atlasv1.",), "[A-Za-z0-9]{14}\\.atlasv1\\.[\\w-]{40,}"),
    ("pulumi-token", ("pul-",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))pul-[0-9a-f]{40}"),
    ("doppler-token", ("dp.",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))dp\\.(?:pt|st|ct|scim|audit)\\.[\\w.-]{40,}"),
    ("1password-token", ("ops_eyJ",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))ops_eyJ[\\w-]{40,}={0,3}"),
    ("shopify-token", ("shpat_", "shpca_", "shppa_", "shpss_",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    ("stripe-key", ("k_live_", "k_test_", "whsec_",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))(?:[rs]k_(?:live|test)|whsec)_[A-Za-z0-9]{16,}"),
    ("square-token", ("sq0atp-", "sq0csp-",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))sq0(?:atp|csp)-[\\w-]{22,}"),
    ("sendgrid-key", ("SG.",), "(?:(?<![\\w-])|(?<=\\\\[nrt]))SG\\.[\\w-]{16,64}\\.[\\w-]{16,}"),
    ("twilio-key", ("SK0", "SK1", "SK2", "SK3", "SK4", "SK5", "SK6", "SK7", "SK8", "SK9", "SKa", "SKb", "SKc", "SKd", "SKe", "SKf",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))SK[0-9a-f]{32}(?![A-Za-z0-9])"),
    ("mailchimp-key", ("-us",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))[0-9a-f]{32}-us\\d{1,2}(?![A-Za-z0-9])"),
    ("mailgun-key", ("key-",), "(?:(?<![\\w-])|(?<=\\\\[nrt]))key-[0-9a-f]{32}(?![A-Za-z0-9])"),
    ("brevo-key", ("xkeysib-",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}"),
    ("sentry-token", ("sntrys_", "sntryu_",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))sntry[su]_[A-Za-z0-9+/=_]{40,}"),
    ("grafana-token", ("glc_", "glsa_",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))(?:glc_[A-Za-z0-9+/=]{32,}|glsa_[A-Za-z0-9]{32}_[0-9a-f]{8})"),
    ("new-relic-key", ("NRAK-",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))NRAK-[A-Z0-9]{27}"),
    ("dynatrace-token", ("dt0c01.",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))dt0c01\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}"),
    ("netlify-token", ("nfp_",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))nfp_[A-Za-z0-9]{36}"),
    ("supabase-key", ("sbp_", "sb_secret_",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))(?:sbp_[0-9a-f]{40}|sb_secret_[\\w-]{20,})"),
    ("planetscale-token", ("pscale_",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))pscale_(?:tkn|pw|oauth)_[\\w.-]{32,}"),
    ("heroku-key", ("HRKU-",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))HRKU-[\\w-]{36,}"),
    ("tailscale-key", ("tskey-",), "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))tskey-[a-z]{1,12}-[\\w-]{16,}"),
    ("json-web-token", ("eyJ",), "(?:(?<![\\w-])|(?<=\\\\[nrt]))eyJ[\\w-]{8,4000}\\.eyJ[\\w-]{8,}\\.[\\w-]*"),
]

# Programs, options whose value is the next word, options that it is glued to, and what stands before the secret in it.
COMMANDS: List[Tuple[Tuple[str, ...], Tuple[str, ...], Tuple[str, ...], str]] = [
    (("curl", "http", "https", "xh",), ("-u", "--user", "-U", "--proxy-user", "-a", "--auth",), ("-u", "--user=", "--proxy-user=", "--auth=",), ":"),
    (("mysql", "mysqldump", "mysqladmin", "mysqlimport", "mysqlsh", "mariadb", "mariadb-dump", "mycli",), (), ("-p",), ""),
    (("sshpass", "docker", "podman", "mongo", "mongosh", "mongodump", "mongorestore", "az", "oc", "buildah", "skopeo",), ("-p",), (), ""),
    (("sshpass", "7z", "7za",), (), ("-p",), ""),
    (("redis-cli",), ("-a",), (), ""),
    (("zip", "unzip", "sqlcmd", "bcp",), ("-P",), ("-P",), ""),
    (("ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldapwhoami",), ("-w",), (), ""),
    (("openssl",), ("-pass", "-passin", "-passout", "-k", "-K",), (), "pass:"),
    (("smbclient",), ("-U",), (), "%"),
    (("lftp", "ncftp",), ("-u",), (), ","),
]

# ---- _secret_values.py

_MAX_NESTED = 8
_MAX_SLASHES = 15


class Quote(NamedTuple):
    """A quote as it stands in a text: `"`, or `\\"` inside of a JSON string; behind it, where it was read at a place."""

    mark: str
    depth: int
    end: int = 0


class Span(NamedTuple):
    """A piece of a text, and where reading goes on behind it."""

    start: int
    stop: int
    after: int
    quote: str = ""


_quote_marks = Pattern(r"(?<!\\)\\*(?:[\"'`]|\n)")
_ascii_word = Pattern(r"\w", re.ASCII)


class OpenQuotes:
    """Which quotes are open at a place of a text; asked from left to right, each character is looked at once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: List[Quote] = []
        self._marks = _quote_marks.made().finditer(text)
        self._next = next(self._marks, None)

    def at(self, place: int) -> Optional[Quote]:
        """The innermost quote that is open at a place; places must not go back."""
        while self._next is not None and self._next.end() <= place:
            self._take(self._next.group(), self._next.start())
            self._next = next(self._marks, None)
        return self._open[-1] if self._open else None

    def _take(self, found: str, index: int) -> None:
        mark = found[-1]
        if mark == "\n":
            self._open.clear()
            return
        depth = len(found) - 1
        for known, quote in enumerate(self._open):
            if quote.mark == mark and quote.depth == depth:
                del self._open[known:]
                return
        if mark == "'" and index > 0 and _ascii_word.match(self._text[index - 1]):
            return  # an apostrophe within a word quotes nothing
        if len(self._open) < _MAX_NESTED:
            self._open.append(Quote(mark, depth))


def char_at(text: str, at: int) -> str:
    """The character at a place, or nothing behind the end."""
    return text[at] if 0 <= at < len(text) else ""


def quote_at(text: str, place: int) -> Optional[Quote]:
    """Reads a quote that begins at a place: its backslashes and its mark."""
    at = place
    while char_at(text, at) == "\\" and at < place + _MAX_SLASHES:
        at += 1
    mark = char_at(text, at)
    return Quote(mark, at - place, at + 1) if mark in ('"', "'", "`") and mark else None


def end_of_quoted(text: str, start: int, quote: Quote, around: Optional[Quote]) -> Tuple[int, int]:
    """Where a quoted text that begins at `start` (behind its quote) ends, and what is behind its closing quote."""
    mark, depth = quote.mark, quote.depth
    at = start
    while at < len(text):
        char = text[at]
        if char == "\n":
            return at, at
        if char != "\\" and char != mark and (around is None or char != around.mark):
            at += 1
            continue
        found = at
        while char_at(text, at) == "\\":
            at += 1
        slashes = at - found
        is_mark = char_at(text, at) == mark
        if is_mark and _closes(slashes, depth, mark):
            return at - depth, at + 1
        if (is_mark and slashes < depth) or ends_around(text, found, around):
            return found, found
        at += 1
    return len(text), len(text)


def ends_around(text: str, at: int, around: Optional[Quote]) -> bool:
    """Whether the quote around a text ends here."""
    if around is None:
        return False
    quote = quote_at(text, at)
    return quote is not None and quote.mark == around.mark and quote.depth <= around.depth


def _closes(slashes: int, depth: int, mark: str) -> bool:
    """In single quotes a backslash is a character like any other; elsewhere it escapes the quote behind it."""
    if depth > 0:
        return slashes == depth
    return mark == "'" or slashes % 2 == 0


def word_at(text: str, start: int, around: Optional[Quote], is_query: bool) -> Span:
    """A word of a command line or of a list such as `a=1&b=2`; quotes, escapes and `{{ … }}` are within it."""
    at = start
    while at < len(text):
        char = text[at]
        if char in " \t\n\r" or _is_line_end(text, at, around) or ends_around(text, at, around):
            break
        if char in "&;" and _separates(text, at, is_query):
            break
        if is_query and char == "#":
            break
        unit = unit_at(text, at)
        if unit > at:
            at = unit
        elif char == "\\" and around is None and at + 1 < len(text) and text[at + 1] != "\n":
            at += 2
        elif char in "\"'" and (around is None or around.mark != char):
            at = end_of_quoted(text, at + 1, Quote(char, 0), around)[1]
        else:
            at += 1
    stop = min(at, len(text))
    return Span(start, stop, stop)


_line_stop = Pattern(r"\r|\n|(?<!\\)\\*[\"'`]|(?<!\\)\\+[nr]")
_shell_stop = Pattern(
    r"\r|\n|(?<!\\)\\*[\"'`]|(?<!\\)\\+[nr]|(?<![ \t])[ \t]+(?:--?[A-Za-z]|[A-Za-z_][\w.-]{0,60}=|&&|\|\|?(?=[ \t])|>)"
    r"|[;&](?=[ \t]{0,4}(?:export )?[A-Za-z_][\w.-]{0,60}=)",
    re.ASCII,
)


def line_at(text: str, start: int, around: Optional[Quote], is_shell: bool) -> Span:
    """The rest of a line; `is_shell` ends it before what separates commands, assignments and options."""
    stop = _shell_stop if is_shell else _line_stop
    at = start
    while True:
        found = stop.search(text, at)
        if found is None:
            return _trimmed(text, start, len(text))
        at = found.start()
        mark = found.group()
        if mark in ("\n", "\r") or mark[0] in " \t;&":
            return _trimmed(text, start, at)
        if _is_line_end(text, at, around) or ends_around(text, at, around):
            return _trimmed(text, start, at)
        at += max(1, len(mark))


def quoted_at(text: str, start: int, quote: Quote, around: Optional[Quote], is_shell: bool) -> Span:
    """A text in quotes; where it is a word of a shell, what is glued to it belongs to it: `'it'\\''s'`."""
    triple = quote.mark * 3
    if quote.depth == 0 and text.startswith(triple, start):
        end = text.find(triple, start + 3)
        stop = len(text) if end == -1 else end
        return Span(start + 3, stop, min(len(text), stop + 3))
    end, after = end_of_quoted(text, quote.end, quote, around)
    if is_shell and after > end and quote.depth == 0 and _is_glued(text, after, around):
        word = word_at(text, after, around, False)
        return Span(start, word.stop, word.stop)
    while not is_shell and quote.depth == 0 and quote.mark == "'" and char_at(text, after) == "'" and after > end:
        end, after = end_of_quoted(text, after + 1, quote, around)
    return Span(quote.end, end, after)


def connection_value_at(text: str, start: int, around: Optional[Quote]) -> Span:
    """A value of a connection string, up to the next `;`: it may hold spaces."""
    line = line_at(text, start, around, False)
    end = text.find(";", start)
    return line if end == -1 or end > line.stop else Span(start, end, end)


def brackets_at(text: str, start: int) -> Optional[Span]:
    """A list or map in brackets up to the bracket that closes it."""
    depth = 0
    at = start
    while at < len(text):
        char = text[at]
        if char in "[{":
            depth += 1
        elif char in "]}":
            depth -= 1
            if depth == 0:
                return Span(start, at + 1, at + 1)
        elif char in "\"'\\":
            quote = quote_at(text, at)
            if quote is not None:
                at = max(at, end_of_quoted(text, quote.end, quote, None)[1] - 1)
        at += 1
    return None


def unit_at(text: str, at: int) -> int:
    """Where a placeholder ends that may hold spaces; the place itself where none stands there."""
    if char_at(text, at) not in ("‹", "{", "$", "<"):
        return at
    found = spaced_placeholder.match(text, at)
    return at if found is None else found.end()


def _is_line_end(text: str, at: int, around: Optional[Quote]) -> bool:
    """In a quoted text `\\n` ends a line as a line break does elsewhere."""
    if around is None or around.mark == "'" or text[at] != "\\":
        return False
    slashes = 0
    while char_at(text, at + slashes) == "\\" and slashes < 16:
        slashes += 1
    return slashes == around.depth + 1 and char_at(text, at + slashes) in ("n", "r")


_separator = Pattern(r"[;&](?:[\s;&]|\Z|[A-Za-z_][\w.-]{0,60}=)", re.ASCII)


def _separates(text: str, at: int, is_query: bool) -> bool:
    if is_query and text[at] == "&":
        return True
    return _separator.match(text[at : at + 64]) is not None


def _is_glued(text: str, at: int, around: Optional[Quote]) -> bool:
    return at < len(text) and not re.match(r"[\s,;&|)\]}>:<`]", text[at]) and not ends_around(text, at, around)


def _trimmed(text: str, start: int, stop: int) -> Span:
    while stop > start and text[stop - 1] in " \t\n\r":
        stop -= 1
    return Span(start, stop, stop)


def block_below(text: str, indent: int, start: int) -> Optional[Span]:
    """The block that stands below a name of YAML; None where the next line is not indented more than the name."""
    first = text.find("\n", start)
    if first == -1:
        return None
    end = first
    begin: Optional[int] = None
    at = first + 1
    while at < len(text):
        line_end = text.find("\n", at)
        stop = len(text) if line_end == -1 else line_end
        depth = _indent_of(text, at, stop)
        is_item = depth == indent and text.startswith("- ", at + indent)
        if depth is not None and depth <= indent and not is_item:
            break
        if depth is not None:
            begin = at + depth if begin is None else begin
            end = stop
        at = stop + 1
    return None if begin is None else Span(begin, end, end)


def _indent_of(text: str, start: int, stop: int) -> Optional[int]:
    at = start
    while at < stop and text[at] in " \t":
        at += 1
    return None if at == stop else at - start

# ---- _secret_commands.py

class _Rule(NamedTuple):
    next: Sequence[str]
    glued: Sequence[str]
    behind: str


_rules_of: Dict[str, List[_Rule]] = {}
for _programs, _next, _glued, _behind in COMMANDS:
    for _program_name in _programs:
        _rules_of.setdefault(_program_name, []).append(_Rule(_next, _glued, _behind))

_program_names = "|".join(name.replace("-", "\\-") for name in _rules_of)
command_hint = Pattern(rf"(?<![\w.-])(?:{_program_names})(?:\.exe)?[\"']?[,\s]", re.ASCII)
_program = Pattern(rf"(?<![\w.-])(?:{_program_names})(?=(?:\.exe)?[ \t])", re.ASCII)


def mask_commands(text: str, mask: str) -> str:
    """Masks secrets behind short options of known programs in a text: `curl -u user:‹…›`."""
    clean: List[str] = []
    done = 0
    place = 0
    while True:
        found = _program.search(text, place)
        if found is None:
            break
        take = _command_reader()
        at = found.start()
        while at < len(text):
            word = word_at(text, at, None, False)
            if word.stop == word.start:
                if text[at] not in " \t":
                    break
                at += 1
                continue
            raw = text[word.start : word.stop]
            secret = take(raw)
            if secret is not None:
                tail = raw[secret:]
                is_quoted = _in_quotes(raw) or _in_quotes(tail)
                start = word.start + secret + (1 if is_quoted and secret > 0 and char_at(raw, secret) in ("'", '"') else 0)
                stop = word.stop - 1 if is_quoted else word.stop
                if start >= done and not is_placeholder(text[start:stop], always):
                    clean.append(text[done:start] + mask)
                    done = stop
            at = word.stop
        place = max(at, found.start() + 1)
    return "".join(clean) + text[done:] if done else text


def _in_quotes(text: str) -> bool:
    return re.match(r"([\"']).*\1\Z", text, re.DOTALL) is not None


def mask_command_list(words: Sequence[object], mask: str) -> List[object]:
    """Masks the same in a command line whose words stand in a list."""
    take = _command_reader()
    clean: List[object] = []
    for word in words:
        secret = take(word) if isinstance(word, str) else None
        if not isinstance(word, str) or secret is None or is_placeholder(word[secret:], always):
            clean.append(word)
        else:
            clean.append(word[:secret] + mask)
    return clean


def _command_reader() -> Callable[[str], Optional[int]]:
    """Reads the words of a command one by one and says from which character on one is a secret."""
    rules: List[_Rule] = []
    program = ""
    waiting: Optional[_Rule] = None

    def take(word: str) -> Optional[int]:
        nonlocal rules, program, waiting
        bare = re.sub(r"^[\"']|[\"']\Z", "", word)
        awaited, waiting = waiting, None
        if awaited is not None and not (program == "docker" and re.match(r"[\d.:/-]+(?:tcp|udp)?\Z", bare, re.ASCII)):
            return _place_in(word, 0, awaited)
        name = re.sub(r"\.exe\Z", "", bare[bare.rfind("/") + 1 :])
        found = _rules_of.get(name)
        if found is not None:
            rules, program = found, "docker" if name == "podman" else name
            return None
        for rule in rules:
            if bare in rule.next:
                waiting = rule
                return None
            for option in rule.glued:
                if bare.startswith(option) and len(bare) > len(option):
                    return _place_in(word, word.find(option) + len(option), rule)
        return None

    return take


def _place_in(word: str, start: int, rule: _Rule) -> Optional[int]:
    if rule.behind == "":
        return start if start < len(word) else None
    at = word.find(rule.behind, start)
    end = at + len(rule.behind)
    return None if at == -1 or end >= len(re.sub(r"[\"']\Z", "", word)) else end

# ---- _secret_pairs.py

_ASCII = re.ASCII
_ASCII_I = re.ASCII | re.IGNORECASE


class NameRules:
    """What the names in a text say; with the names of the user."""

    def __init__(self, names: Sequence[str], plain: AbstractSet[str]) -> None:
        self._plain = plain
        own = [re.sub(r"([^\w])", r"\\\1", name, flags=_ASCII) for name in names if re.search(r"[^\w.-]", name, _ASCII)]
        word = "-{0,2}[\\w$\u0080-\u1fff\u2c00-\U0010ffff][\\w.$\u0080-\u1fff\u2c00-\U0010ffff-]*"
        self.names = re.compile("|".join([*own, word]), _ASCII_I)

    def judge(self, name: str) -> Optional[str]:
        """What a name says of its value."""
        return judge_name(name, self._plain)

    def is_reference(self, value: str) -> bool:
        """Whether a value only refers to a secret."""
        return is_placeholder(value, lambda name: self.judge(name) is not None)


class _Place(NamedTuple):
    text: str
    name: str
    verdict: str
    end: int
    name_quote: Optional[Quote]
    around: Optional[Quote]
    is_first: bool
    before: str


def mask_pairs(text: str, rules: NameRules, mask: str) -> str:
    """Masks the values under secret names: `NAME=value`, `name: value`, `"name": "value"`, `--name value`, blocks of YAML."""
    quotes = OpenQuotes(text)
    clean: List[str] = []
    done = 0
    at = 0
    while True:
        found = rules.names.search(text, at)
        if found is None:
            break
        at = max(found.end(), found.start() + 1)
        place = _place_of(text, found.group(), found.start(), rules, quotes)
        value = None if place is None else _value_at(place)
        if place is None or value is None:
            continue
        at = max(at, value.after)
        inner = text[value.start : value.stop]
        if not _is_secret(place, inner, rules):
            at = value.after if rules.is_reference(inner) else place.end
            continue
        clean.append(f"{text[done : value.start]}{value.quote}{mask}{value.quote}")
        done = value.stop
    return "".join(clean) + text[done:] if done else text


_first_on_line = Pattern(
    r"[\s>+*#|-]{0,40}(?:(?:export|set|setx|env|declare -x|local|readonly|ENV|ARG|let|const|var) )?\$?(?:env:)?[\"'{]?\Z"
)
_first_in_quotes = Pattern(r"(?:[\"'`]|\\+[nrt])\Z")


def _place_of(text: str, found: str, index: int, rules: NameRules, quotes: OpenQuotes) -> Optional[_Place]:
    name = found[-120:].rstrip(".-")
    verdict = rules.judge(name) or rules.judge(_with_word_before(text, name, index))
    if verdict is None:
        return None
    around = quotes.at(index)
    end = index + len(found)
    closing = quote_at(text, end)
    is_quoted = (
        closing is not None
        and around is not None
        and closing.mark == around.mark
        and closing.depth == around.depth
    )
    before = text[max(0, index - 60) : index]
    line = before[before.rfind("\n") + 1 :]
    is_whole = len(line) < len(before) or index <= 60
    is_first = bool(is_whole and _first_on_line.match(line)) or bool(around is not None and _first_in_quotes.search(line))
    return _Place(
        text,
        name,
        verdict,
        closing.end if is_quoted and closing is not None else end,
        around if is_quoted else None,
        None if is_quoted else around,
        is_first,
        line,
    )


def _with_word_before(text: str, name: str, index: int) -> str:
    """"API key: …": a name of two words."""
    if not re.match(r"(?:key|token|string|uri|url|code|phrase)\Z", name, _ASCII_I):
        return name
    word = re.search(r"([A-Za-z]{2,20}) \Z", text[max(0, index - 22) : index])
    return name if word is None else f"{word.group(1)}_{name}"


_assigns = Pattern(r"\]?[ \t]{0,8}(?::=|=>|->|==?|:|\+=)[ \t]{0,8}")
_prefix = Pattern(r"(?:[bBrRuUfF]{1,2}|\$)(?=[\"'])")
_yaml_block = Pattern(r"[|>][-+\d]{0,2}\s*\n")


def _value_at(place: _Place) -> Optional[Span]:
    text, end = place.text, place.end
    if char_at(text, end) == ">" and place.name_quote is None and place.before.endswith("<"):
        return _in_element(text, end + 1)
    assigned = _assigns.match(text, end)
    if assigned is None:
        return _without_sign(place)
    sign = assigned.group()
    if re.match(r"\s*:(?!=)", sign) and char_at(text, end) == ":" and char_at(text, end + 1) == ":":
        return None
    start = end + len(sign)
    is_glued = sign in ("=", ":=")
    skipped = _skip_prefix(text, start)
    quote = quote_at(text, skipped)
    if quote is not None and not ends_around(text, skipped, place.around):
        return quoted_at(text, skipped, quote, place.around, is_glued and place.name_quote is None)
    if place.name_quote is not None:
        return _unquoted_member(place, place.name_quote, start)
    if char_at(text, start) in ("", "\n", "\r") or _yaml_block.match(text[start : start + 12]):
        is_block = place.is_first and place.verdict == "secret" and ":" in sign
        return block_below(text, len(place.before), start) if is_block else None
    return _unquoted(place, start, is_glued, sign)


def _skip_prefix(text: str, at: int) -> int:
    """Python and shells write letters before a quote: b'…', f"…", $'…'."""
    prefix = _prefix.match(text[at : at + 3])
    return at + (0 if prefix is None else prefix.end())


def _in_element(text: str, start: int) -> Optional[Span]:
    stop = text.find("<", start)
    if stop == start:
        return None
    return Span(start, len(text), len(text)) if stop == -1 else Span(start, stop, stop)


_beside_name = Pattern(r"(?:,?\s{1,30}|,)(\\*[\"']?)value\1\s{0,3}[:=]\s{0,3}", re.IGNORECASE)
_gap = Pattern(r"(?:[ \t]+|,\s{0,8})")


def _without_sign(place: _Place) -> Optional[Span]:
    """`--name value`, `"--name", "value"`, and `PASSWORD 'value'` as SQL has it."""
    text, end, name, around = place.text, place.end, place.name, place.around
    beside = _beside_name.match(text[end : end + 60])
    if beside is not None and (place.name_quote is not None or beside.group().startswith("\n")):
        start = end + beside.end()
        quote = quote_at(text, start)
        return line_at(text, start, around, False) if quote is None else quoted_at(text, start, quote, around, False)
    found = _gap.match(text[end : end + 12])
    if found is None:
        return None
    gap = found.group()
    start = end + len(gap)
    quote = quote_at(text, start)
    is_option = name.startswith("-")
    if quote is not None and (around is None or not ends_around(text, start, around)):
        is_sql = (
            not is_option
            and quote.mark == "'"
            and re.match(r"(?:password|passwd)\Z", name, _ASCII_I) is not None
            and place.name_quote is None
        )
        fits = (place.name_quote is not None and is_option) if gap.startswith(",") else (is_option or is_sql)
        return quoted_at(text, start, quote, around, not gap.startswith(",")) if fits else None
    if gap.startswith(",") or place.name_quote is not None:
        return None
    is_netrc = name.lower() == "password" and re.search(r"\b(?:login|machine)\s+\S+\s+\Z", place.before) is not None
    if (not is_option and not is_netrc) or char_at(text, start) in ("-", ""):
        return None
    word = word_at(text, start, around, False)
    return None if word.stop == word.start else word


_literal = Pattern(r"[^\s,}\]\"'\\]{1,400}")


def _unquoted_member(place: _Place, name_quote: Quote, given: int) -> Optional[Span]:
    """`"name": 1234`, `"name": [ … ]`: the mask gets the quotes of the name."""
    text = place.text
    start = given
    while char_at(text, start).isspace() and start < given + 200:
        start += 1
    quote = "\\" * name_quote.depth + name_quote.mark
    late = quote_at(text, start)
    if late is not None and start > given:
        return quoted_at(text, start, late, None, False)
    if char_at(text, start) in ("[", "{"):
        if place.verdict != "secret" or unit_at(text, start) > start:
            return None
        whole = brackets_at(text, start) or Span(start, len(text), len(text))
        return whole._replace(quote=quote)
    found = _literal.match(text, start)
    return None if found is None else Span(start, found.end(), found.end(), quote)


_auth_scheme = Pattern(r"(?:(?:bearer|basic|token|digest|apikey|negotiate|key)[ \t]{1,3})?", re.IGNORECASE)
_is_password = Pattern(r"pass(?:word|wd|phrase|code)?s?\Z|pwd?\Z|creds\Z|credentials?\Z")
_flow_end = Pattern(r"[^,}\]\n]{1,400}")


def _unquoted(place: _Place, start: int, is_glued: bool, sign: str) -> Optional[Span]:
    text, around, before, name, verdict = place.text, place.around, place.before, place.name, place.verdict
    lower = name.lower()
    if re.search(r"(?:cookie|authorization)\Z", lower):
        scheme = _auth_scheme.match(text[start : start + 16])
        return _if_any(line_at(text, start + (scheme.end() if scheme else 0), around, False))
    is_password = _is_password.search(lower) is not None
    is_query = before[-1:] in ("?", "&") and before != ""
    if is_glued:
        unit = unit_at(text, start)
        if unit > start:
            return Span(start, unit, unit)
        if place.is_first and not name.startswith("-") and not is_query and sign == "=":
            return _assigned(place, start)
        if re.search(r";\s?\Z", before):
            return _if_any(connection_value_at(text, start, around))
        may_hold_spaces = is_password and verdict == "secret" and not name.startswith("-") and not is_query
        return _assigned(place, start) if may_hold_spaces else _if_any(word_at(text, start, around, is_query))
    if re.search(r"[{,]\s?\Z", before):
        found = _flow_end.match(text, start)
        return None if found is None else Span(start, found.end(), found.end())
    if is_password and verdict == "secret":
        return _if_any(line_at(text, start, around, False))
    word = word_at(text, start, around, False)
    first = text[word.start : word.stop]
    if verdict == "doubtful":
        is_report = is_password and name == name.upper()
        if is_report or is_ordinary(name, first[:400]):
            return None
        return _if_any(line_at(text, start, around, False))
    if place.is_first:
        return _if_any(line_at(text, start, around, False))
    return _if_any(word) if len(first) >= 12 and re.search(r"\d", first, _ASCII) else None


def _if_any(span: Span) -> Optional[Span]:
    return Span(span.start, span.stop, span.stop) if span.stop > span.start else None


_reference_word = Pattern(r"(?:\$[A-Za-z_]\w*|\$\{\w+\}|%\w+%|\*{3,})\Z", _ASCII)


def _assigned(place: _Place, start: int) -> Optional[Span]:
    """In `NAME=value other words` the first word alone may be a reference; else the line is the value, as env prints it."""
    word = word_at(place.text, start, place.around, False)
    if _reference_word.match(place.text[word.start : word.stop]):
        return _if_any(word)
    line = line_at(place.text, start, place.around, True)
    return _if_any(Span(start, max(word.stop, line.stop), 0))


def _is_secret(place: _Place, value: str, rules: NameRules) -> bool:
    if value.strip() == "" or rules.is_reference(value.strip()):
        return False
    return place.verdict == "secret" or not is_ordinary(place.name, value)

# ---- _secrets.py

_SECRET = "‹masked: secret›"

_hints = Pattern(
    r"pass|pwd|pw\b|secret|token|key|cred|auth|cookie|bearer|jwt|dsn|conn|webhook|sess|pat\b|://[^\s\"]{1,300}@"
    r"|[\"\s]--?[upawk]",
    re.ASCII | re.IGNORECASE,
)
_bearer = Pattern(r"(\bbearer\s{1,3})(?=\S{0,60}\d)([\w.~+/=-]{12,})", re.ASCII | re.IGNORECASE)
_shape_hints = tuple(hint for _, hints, _ in SHAPES for hint in hints)
_patterns: Dict[str, "re.Pattern[str]"] = {}


class Masker:
    """A guard against accidents, not a proof that nothing secret is left."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        self._rules = NameRules(names, {plain_name(name) for name in names})
        loose = "|".join(
            r"[\s_.-]?".join(re.escape(char) for char in plain_name(name)) for name in names if plain_name(name)
        )
        self._own = re.compile(loose, re.ASCII | re.IGNORECASE) if loose else None

    def suspects(self, text: str) -> bool:
        """Whether a text may hold a secret: a cheap look, right about "no"."""
        if _hints.search(text) or (self._own is not None and self._own.search(text)):
            return True
        for hint in _shape_hints:
            if hint in text:
                return True
        return False

    def mask(self, value: Any) -> Any:
        """Replaces what looks like a secret in values whose names a user chose."""
        return self._safely(value, True)

    def mask_texts(self, value: Any) -> Any:
        """The same for values whose names are ours or say nothing: a data set may be called "token"."""
        return self._safely(value, False)

    def _safely(self, value: Any, by_name: bool) -> Any:
        try:
            return self._value(value, by_name)
        except Exception as error:  # a mask that fails must not lose a record, nor let through what it could not look at
            return _without_texts(value, f"‹not recorded: masking failed with {type(error).__name__}›")

    def text(self, text: str) -> str:
        """One text without what looks like a secret."""
        if not self.suspects(text):
            return text
        clean = _mask_shapes(text)
        clean = mask_addresses(clean, _SECRET)
        clean = _bearer.made().sub(lambda found: f"{found.group(1)}{_SECRET}", clean)
        clean = mask_pairs(clean, self._rules, _SECRET)
        return mask_commands(clean, _SECRET) if command_hint.search(clean) else clean

    def _value(self, value: Any, by_name: bool) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return self._list(value, by_name)
        if not isinstance(value, dict):
            return value
        clean: Dict[str, Any] = {}
        for name, member in value.items():
            safe = _free_name(self.text(name), clean, name)
            clean[safe] = self._member(name, member, value) if by_name else self._value(member, by_name)
        return clean

    def _member(self, name: str, member: Any, whole: Dict[str, Any]) -> Any:
        verdict = self._rules.judge(name)
        if verdict == "secret":
            return self._all(member)
        if verdict == "doubtful" and isinstance(member, str) and not _counts_tests(whole):
            stays = member == "" or self._rules.is_reference(member) or is_ordinary(name, member)
            return self.text(member) if stays else _SECRET
        if name.lower() == "value" and isinstance(member, str) and self._is_named_secret(whole):
            return self._all(member)
        return self._value(member, True)

    def _is_named_secret(self, whole: Dict[str, Any]) -> bool:
        """{"name": "DB_PASSWORD", "value": "…"}: how environments are listed."""
        for each in ("name", "Name", "key", "Key", "variable"):
            name = whole.get(each)
            if not isinstance(name, str) or len(name) >= 120 or not re.match(r"[\w.-]+\Z", name, re.ASCII):
                continue
            if self._rules.judge(name) == "secret":
                return True
        return False

    def _all(self, value: Any) -> Any:
        """Under a secret name every text and number goes; true, false and null say only whether there is one."""
        if isinstance(value, str):
            return value if value == "" or self._rules.is_reference(value) else _SECRET
        if isinstance(value, (bool, type(None))):
            return value
        if isinstance(value, (int, float)):
            return _SECRET
        if isinstance(value, list):
            return [self._all(each) for each in value]
        return {name: self._all(member) for name, member in value.items()}

    def _list(self, given: List[Any], by_name: bool) -> List[Any]:
        in_key = _lines_of_keys(given)
        words = mask_command_list(given, _SECRET)
        clean: List[Any] = []
        for at, value in enumerate(words):
            before = given[at - 1] if at > 0 else None
            if at in in_key:
                clean.append("‹masked: private key›")
            elif isinstance(value, str) and not value.startswith("-") and self._is_option(before, value):
                clean.append(self._all(value))
            else:
                clean.append(self._value(value, by_name))
        return clean

    def _is_option(self, before: Optional[object], value: str) -> bool:
        if not isinstance(before, str) or not re.match(r"--?\w[\w.-]*\Z", before, re.ASCII):
            return False
        verdict = self._rules.judge(before)
        return verdict == "secret" or (verdict == "doubtful" and not is_ordinary(before, value))


def _mask_shapes(text: str) -> str:
    for rule, hints, pattern in SHAPES:
        if not any(hint in text for hint in hints):
            continue
        compiled = _patterns.get(rule)
        if compiled is None:
            compiled = _patterns[rule] = re.compile(pattern, re.ASCII)
        note = f"‹masked: {rule.replace('-', ' ')}›"
        text = compiled.sub(lambda found: (found.groupdict().get("before") or "") + note, text)
    return text


def _counts_tests(whole: Dict[str, Any]) -> bool:
    """"pass" beside "fail" is a result."""
    return any(re.match(r"(?:fail|skip|total|tests)", key, re.IGNORECASE) for key in whole)


def _free_name(name: str, taken: Dict[str, Any], given: str) -> str:
    """A masked name must not push out another one."""
    if name == given:
        return name
    free, number = name, 2
    while free in taken:
        free, number = f"{name} {number}", number + 1
    return free


_key_begins = Pattern(r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY")
_key_ends = Pattern(r"-----END [A-Z0-9 ]{0,30}PRIVATE KEY")


def _lines_of_keys(lines: Sequence[Any]) -> Set[int]:
    """Which lines of a list belong to a private key, also where the list begins or ends in the middle of one."""
    found: Set[int] = set()
    is_inside = False
    for at, value in enumerate(lines):
        if not isinstance(value, str):
            continue
        begins, ends = _key_begins.search(value) is not None, _key_ends.search(value) is not None
        if ends and not begins and not is_inside:
            found.update(range(at))
        if begins or ends or is_inside:
            found.add(at)
        is_inside = (is_inside or begins) and not ends
    return found


def _without_texts(value: Any, instead: str) -> Any:
    if isinstance(value, str):
        return instead
    if isinstance(value, list):
        return [_without_texts(element, instead) for element in value]
    if isinstance(value, dict):
        return {name: _without_texts(member, instead) for name, member in value.items()}
    return value

# ---- _source.py

_CI: List[Tuple[str, str, Callable[[Any], Optional[str]]]] = [
    (
        "github-actions",
        "GITHUB_ACTIONS",
        lambda env: f"{env['GITHUB_SERVER_URL']}/{env['GITHUB_REPOSITORY']}/actions/runs/{env['GITHUB_RUN_ID']}",
    ),
    ("gitlab-ci", "GITLAB_CI", lambda env: env.get("CI_JOB_URL") or env.get("CI_PIPELINE_URL")),
    ("woodpecker", "CI_PIPELINE_FORGE_URL", lambda env: env.get("CI_PIPELINE_URL")),
    ("circleci", "CIRCLECI", lambda env: env.get("CIRCLE_BUILD_URL")),
    ("buildkite", "BUILDKITE", lambda env: env.get("BUILDKITE_BUILD_URL")),
    ("jenkins", "JENKINS_URL", lambda env: env.get("BUILD_URL")),
    ("travis-ci", "TRAVIS", lambda env: env.get("TRAVIS_BUILD_WEB_URL")),
    ("drone", "DRONE", lambda env: env.get("DRONE_BUILD_LINK")),
    (
        "azure-pipelines",
        "TF_BUILD",
        lambda env: f"{env['SYSTEM_COLLECTIONURI']}{env['SYSTEM_TEAMPROJECT']}/_build/results?buildId={env['BUILD_BUILDID']}",
    ),
]


_sources: Dict[str, Tuple[float, Dict[str, Any]]] = {}


def source_of(root: str) -> Dict[str, Any]:
    """Who records and where: host, process, CI provider with the address of its run, commit and branch; found out once a second."""
    known = _sources.get(root)
    if known is not None and time.monotonic() - known[0] < 1 and known[1]["pid"] == os.getpid():
        return dict(known[1])
    source: Dict[str, Any] = {"host": host_name(), "pid": os.getpid(), **_ci_source()}
    around = told(root, "DAYBOOK_ACTION")
    if around is not None:
        source["action"] = around[:200]
    with contextlib.suppress(OSError, ValueError):
        source.update(_read_head(root))
    _sources[root] = (time.monotonic(), source)
    return dict(source)


def _ci_source() -> Dict[str, Any]:
    env = os.environ
    for name, mark, address in _CI:
        if not env.get(mark):
            continue
        source = {"ci": name}
        with contextlib.suppress(KeyError):
            url = address(env)
            if url and re.match(r"https?://", url):
                source["url"] = url
        return source
    return {"ci": "unknown"} if env.get("CI") and env["CI"] != "false" else {}


def _read_head(start: str) -> Dict[str, str]:
    folder = _git_folder(start)
    head = None if folder is None else _read_text(os.path.join(folder, "HEAD"))
    if folder is None or head is None:
        return {}
    branch = re.match(r"ref: refs/heads/(.+)\Z", head)
    commit = head if branch is None else _commit_of(folder, f"refs/heads/{branch.group(1)}")
    found: Dict[str, str] = {}
    if commit is not None and re.match(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z", commit):
        found["commit"] = commit
    if branch is not None:
        found["branch"] = branch.group(1)
    return found


def _git_folder(start: str) -> Optional[str]:
    folder = os.path.abspath(start)
    while True:
        path = os.path.join(folder, ".git")
        if os.path.isdir(path):
            return path
        if os.path.isfile(path):
            target = re.search(r"^gitdir: (.+)$", _read_text(path) or "", re.M)
            return None if target is None else os.path.normpath(os.path.join(folder, target.group(1)))
        if os.path.dirname(folder) == folder:
            return None
        folder = os.path.dirname(folder)


def _commit_of(folder: str, ref: str) -> Optional[str]:
    common = _read_text(os.path.join(folder, "commondir"))
    base = folder if common is None else os.path.normpath(os.path.join(folder, common))
    loose = _read_text(os.path.join(folder, ref)) or _read_text(os.path.join(base, ref))
    if loose is not None:
        return loose
    for line in (_read_text(os.path.join(base, "packed-refs")) or "").split("\n"):
        if line.endswith(f" {ref}"):
            return line[: -len(ref) - 1]
    return None


def _read_text(path: str) -> Optional[str]:
    if not os.path.isfile(path):
        return None
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read().strip()

# ---- _spool.py

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

# ---- _actions.py

_MAX_LINE = 64 * 1024
_MAX_CHARS = 200
_MAX_ERROR = 4000
_PREVIEW = 400

STATUS_WORDS = (
    "pending created queued executing running in_progress done completed success passed error failed failure aborted"
    " cancelled killed"
).split(" ")


def action(
    type: str,
    status: Optional[str] = None,
    *,
    id: Optional[str] = None,
    run: Optional[str] = None,
    error: Union[str, BaseException, None] = None,
    book: Any = None,
    **details: Any,
) -> Optional[str]:
    """
    Records one action and returns its id; None where it is not in the log, which is told once on standard error. Never
    raises. Without a status it is what the details say of it, else completed (or failed where there is an error).
    """
    line = record_action(type, status, details, id=id, run=run, error=error, book=book)
    return None if line is None else str(line["snapshot_id"])


def record_action(
    type: str,
    status: Optional[str] = None,
    details: Any = None,
    *,
    id: Optional[str] = None,
    run: Optional[str] = None,
    error: Union[str, BaseException, None] = None,
    book: Any = None,
    started_us: Optional[int] = None,
    ended_us: Optional[int] = None,
) -> Optional[Dict[str, Any]]:
    """The same with details of any kind; returns the line as it stands in the log."""
    try:
        root = book_root(book)
        line, data, blob = _prepare(root, type, status, details, id, run, error, started_us, ended_us)
        return line if _writer_of(root).write(line, data, blob) else None
    except Exception as trouble:
        tell("action", f'the action "{as_text(type)}" was not recorded: {trouble}')
        return None


def write_action(type: str, status: str, details: Any, book: Any) -> Tuple[Dict[str, Any], bool]:
    """The line of an action, and whether it stands in the log."""
    root = book_root(book)
    line, data, blob = _prepare(root, type, status, details, None, None, None, None, None)
    return line, _writer_of(root).write(line, data, blob)


def _prepare(
    root: str,
    type: str,
    status: Optional[str],
    details: Any,
    id: Optional[str],
    run: Optional[str],
    error: Union[str, BaseException, None],
    started_us: Optional[int],
    ended_us: Optional[int],
) -> Tuple[Dict[str, Any], bytes, Optional[str]]:
    now = now_us()
    simple = plain({} if details is None else details)
    inner: Dict[str, Any] = {
        "type": _short(type, "action"),
        "status": _status_word(status, simple, error),
        "started_at": iso_micros(now if started_us is None else started_us),
    }
    if id is not None:
        inner["id"] = _short(id, "action")
    if ended_us is not None:
        inner["ended_at"] = iso_micros(ended_us)
        if started_us is not None:
            inner["duration_ms"] = (ended_us - started_us) / 1000
    if error is not None:
        inner["error"] = _cut(error_text(error))
    inner["details"] = simple
    run = run if run is not None else told(root, "DAYBOOK_RUN")
    line: Dict[str, Any] = {
        "snapshot_id": f"action_{compact_time(now)}_{_ids.randrange(0x1000000):06x}",
        "snapshot_type": "action",
        "timestamp": iso_micros(now),
        **({} if run is None else {"run": _short(run, "run")}),
        "source": source_of(root),
        "metadata": {"generated_by": "daybook-python", "version": VERSION},
        "action": inner,
    }
    text = dump_json(line)
    masker = masker_of(root)
    if masker is not None and masker.suspects(text):
        _mask_line(line, masker)
        text = dump_json(line)
    data = seal(text)
    blob: Optional[str] = None
    if len(data) > _MAX_LINE:
        blob = dump_json(inner["details"])
        whole = to_bytes(blob)
        digest = hashlib.sha256(whole).hexdigest()
        inner["details"] = {"$blob": f"sha256:{digest}", "bytes": len(whole), "preview": blob[:_PREVIEW]}
        data = seal(dump_json(line))
    line["checksum"] = data[-17:-3].decode("ascii")
    return line, data, blob


def seal(text: str) -> bytes:
    """The text of a JSON object as a line: with a checksum as its last member, and a newline."""
    start = to_bytes(text)[:-1]
    return b'%b,"checksum":"crc32:%08x"}\n' % (start, zlib.crc32(start))


def _mask_line(line: Dict[str, Any], masker: Masker) -> None:
    inner = line["action"]
    inner["details"] = masker.mask(inner["details"])
    for name in ("type", "id", "error"):
        if name in inner:
            inner[name] = masker.mask_texts(inner[name])
    for name in ("run", "source"):
        if name in line:
            line[name] = masker.mask_texts(line[name])


def _status_word(status: Optional[str], details: Any, error: object) -> str:
    if status is None:
        word = details.get("status") if isinstance(details, dict) else None
        if isinstance(word, str) and word.strip().lower() in STATUS_WORDS:
            return word.strip().lower()
        return "completed" if error is None else "failed"
    word = as_text(status).strip().lower()
    if word not in STATUS_WORDS:
        tell(f"status {word}", f'"{word}" is no status that readers know; known are {", ".join(STATUS_WORDS)}.')
    return word or "completed"


def _short(text: Any, instead: str) -> str:
    clean = as_text(text).strip() or instead
    return clean if len(clean) <= _MAX_CHARS else clean[: _MAX_CHARS - 1] + "…"


def _cut(error: str) -> str:
    if len(error) <= _MAX_ERROR:
        return error
    return f"{error[:_MAX_ERROR]} … ({len(error) - _MAX_ERROR} characters cut)"


def error_text(error: Union[str, BaseException]) -> str:
    """An error in one line: its kind and what it says, and where it was raised."""
    if not isinstance(error, BaseException):
        return as_text(error)
    said = "".join(traceback.format_exception_only(error.__class__, error)).strip()
    frames = traceback.extract_tb(error.__traceback__)
    return f"{said} ({os.path.basename(frames[-1].filename)}:{frames[-1].lineno})" if frames else said


def masker_of(root: str) -> Optional[Masker]:
    """What keeps secrets out of a book, by its own settings."""
    if root not in _maskers:
        settings = settings_of(root)
        _maskers[root] = Masker(settings.keys) if settings.masks else None
    return _maskers[root]


_maskers: Dict[str, Optional[Masker]] = {}
_writers: Dict[str, "_Writer"] = {}
_writers_lock = threading.RLock()
_ids = random.SystemRandom()


class _Writer:
    """The log of one book. What cannot be written waits in the spool, which the next recording of `daybook` takes in."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._settings = settings_of(root)
        self._log: Optional[AppendLog] = None

    def write(self, line: Dict[str, Any], data: bytes, blob: Optional[str]) -> bool:
        try:
            snapshots = os.path.join(self._root, "snapshots")
            if not os.path.isdir(self._root):
                raise OSError("the folder of the book is not there; a disk may not be mounted")
            if blob is not None:
                whole = to_bytes(blob)
                path = os.path.join(snapshots, "blobs", f"{hashlib.sha256(whole).hexdigest()}.json")
                if not os.path.exists(path):
                    write_whole(path, whole)
            if self._log is None:
                self._log = AppendLog(os.path.join(snapshots, "action_log.jsonl"), self._settings.durability)
            self._log.append(data)
        except OSError as trouble:
            self._log = None
            self._spool(line, data, blob, trouble)
            return False
        if self._settings.action_files:
            with contextlib.suppress(OSError):
                write_whole(os.path.join(snapshots, f"{line['snapshot_id']}.json"), _indented(line))
        return True

    def _spool(self, line: Dict[str, Any], data: bytes, blob: Optional[str], trouble: OSError) -> None:
        entry: Dict[str, Any] = {"kind": "action", "line": data.decode("utf-8").rstrip("\n")}
        if blob is not None:
            entry["blob"] = blob
        try:
            folder = keep_in_spool(self._root, [seal(dump_json(entry))], seal)
        except OSError as other:
            tell("lost-action", f"actions cannot be recorded: {trouble}. Nor can they be kept elsewhere: {other}.")
            return
        tell("spool", f"actions cannot be recorded: {trouble}. They wait in {folder} for the next daybook command.")


def _indented(line: Dict[str, Any]) -> bytes:
    import json

    return to_bytes(json.dumps(line, ensure_ascii=False, indent=2) + "\n")


def _writer_of(root: str) -> _Writer:
    with _writers_lock:
        writer = _writers.get(root)
        if writer is None:
            writer = _writers[root] = _Writer(root)
        return writer


def _renew_writers() -> None:
    global _writers_lock
    _writers_lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_writers)

# ---- _command.py

HOW_TO_GET_IT = (
    "the daybook command is not found. It needs Node 22.18 or newer: npm install --global daybook,"
    " or name it in DAYBOOK_COMMAND."
)


class DaybookError(Exception):
    """What the `daybook` command said, or that it is not there."""


def command() -> List[str]:
    """The words that start the `daybook` command. Raises DaybookError, which says how to get it."""
    given = os.environ.get("DAYBOOK_COMMAND")
    if given:
        words: List[str] = json.loads(given) if given.startswith("[") else [given]
        return ["node", *words] if len(words) == 1 and words[0].endswith((".cjs", ".js", ".ts")) else words
    found = shutil.which("daybook") or shutil.which("daybook", path=os.path.join("node_modules", ".bin"))
    if found is None:
        raise DaybookError(HOW_TO_GET_IT)
    return [found]


def call(arguments: Sequence[str], *, cwd: Optional[str] = None) -> str:
    """Runs the `daybook` command and returns what it printed. Raises DaybookError with what it said."""
    words = [*command(), *arguments]
    # A receipt names the Python that runs this program, whatever else is active or on the path.
    env = {**os.environ, **({"DAYBOOK_PYTHON": sys.executable} if sys.executable else {})}
    try:
        done = subprocess.run(
            words,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as trouble:
        raise DaybookError(f"{words[0]} could not be started: {trouble}") from trouble
    if done.returncode != 0:
        raise DaybookError(_said(done.stderr) or f"daybook {arguments[0]} ended with {done.returncode}")
    return done.stdout


def _said(stderr: str) -> str:
    try:
        error = json.loads(stderr)["error"]
        return " ".join(part for part in (error["message"], error["hint"]) if part)
    except (ValueError, KeyError, TypeError):
        return stderr.strip()


def named(paths: Any) -> List[str]:
    """`repos` and `data` as the command takes them: one path, a list, or a map from names to paths."""
    if paths is None:
        return []
    if isinstance(paths, Mapping):
        return [f"{name}={os.fspath(path)}" for name, path in paths.items()]
    if isinstance(paths, (list, tuple, set, frozenset)):
        return [os.fspath(path) for path in paths]
    return [os.fspath(paths)]


def snapshot(
    config: Any = None,
    repos: Any = None,
    data: Any = None,
    prevs: Any = None,
    snapshot_path: Any = None,
    *,
    merge: bool = False,
    replace: bool = False,
    book: Any = None,
    strict: bool = False,
) -> Optional[str]:
    """
    Issues a receipt, a run.lock: configuration, code, data, previous stages. Returns its path; None where it could not be
    issued, which is told on standard error (with strict=True it is raised).
    """
    try:
        return issue_receipt(config, repos, data, prevs, snapshot_path, merge=merge, replace=replace, book=book)
    except DaybookError as trouble:
        if strict:
            raise
        tell("receipt", f"no receipt was issued: {trouble}")
        return None


def issue_receipt(
    config: Any = None,
    repos: Any = None,
    data: Any = None,
    prevs: Any = None,
    snapshot_path: Any = None,
    *,
    merge: bool = False,
    replace: bool = False,
    parent: Any = None,
    book: Any = None,
) -> str:
    """The same, raising DaybookError where it could not be issued."""
    settings: Dict[str, Any] = {} if config is None else config_map(config)
    place = snapshot_path
    if place is None:
        save_dir = settings.get("save_dir")
        if save_dir is None:
            raise DaybookError("neither snapshot_path nor config.save_dir says where the receipt goes")
        place = os.path.join(str(save_dir), "run.lock")
    root = book_root(book)
    arguments = ["lock", "--json", "--dir", root, "--out", os.path.abspath(os.fspath(place))]
    for option, given in (("--repo", repos), ("--data", data), ("--prev", prevs)):
        for path in named(given):
            arguments += [option, path]
    if parent is not None:
        arguments += ["--parent", os.fspath(parent)]
    if merge:
        arguments.append("--merge")
    if replace:
        arguments.append("--replace")
    with tempfile.TemporaryDirectory(prefix="daybook-config-") as folder:
        if config is not None:
            path = os.path.join(folder, "config.json")
            with open(path, "wb") as file:
                file.write(to_bytes(dump_json(settings)))
            arguments += ["--config", path]
        printed = call(arguments)
    return _path_of(printed, root, os.path.abspath(os.fspath(place)))


def _path_of(printed: str, root: str, given: str) -> str:
    """Where the receipt went: next to an earlier one it has a place of its own."""
    try:
        file = json.loads(printed).get("file")
    except (ValueError, AttributeError):
        return given
    return os.path.join(root, file) if isinstance(file, str) else given

# ---- _yaml.py

_words = re.compile(r"(?:y|Y|n|N|yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)\Z")


def config_hash(config: Dict[str, Any]) -> str:
    """The hash; empty without a configuration, and where PyYAML is not installed."""
    text = _omegaconf_yaml(config) if config else None
    return "" if text is None else hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _omegaconf_yaml(config: Dict[str, Any]) -> Optional[str]:
    try:
        import yaml  # type: ignore[import-untyped,unused-ignore]
    except ImportError:
        return None

    class Dumper(yaml.Dumper):  # type: ignore[misc,unused-ignore]
        def ignore_aliases(self, _data: Any) -> bool:
            return True

    def represent_text(dumper: Any, text: str) -> Any:
        style = "'" if _is_quoted(text) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    Dumper.add_representer(str, represent_text)
    try:
        return str(yaml.dump(config, Dumper=Dumper, default_flow_style=False, allow_unicode=True, sort_keys=False))
    except yaml.YAMLError:
        return None


def _is_quoted(text: str) -> bool:
    """Words and numbers that OmegaConf puts into quotes, so that they stay texts."""
    if _words.match(text):
        return True
    try:
        float(text)
        return True
    except ValueError:
        return False

# ---- _changes.py

Document = Dict[str, Any]
Change = Callable[[Document, Document, str], None]

_PATH_LISTS = {"checkpoint": "checkpoint_paths", "metrics": "metric_files", "visualization": "visualization_files"}


def set_status(word: str, at: Optional[str] = None) -> Change:
    """Sets the status with the times the original sets; every change is kept beside."""

    def change(main: Document, beside: Document, now: str) -> None:
        now = now if at is None else at
        history = _list(beside.get("status_history"))
        if not history:
            history = _earlier(main)
        main["status"] = word
        main["started_at" if word == "running" else "completed_at"] = now
        beside["status_history"] = [*history, [now, word]]
        if word == "running":
            beside.pop("error", None)

    return change


def _earlier(main: Document) -> List[Any]:
    """What is known of an experiment that was begun without us."""
    known = [("created_at", "created"), ("started_at", "running")]
    if main.get("status") in ("completed", "failed", "aborted"):
        known.append(("completed_at", str(main["status"])))
    return [[main[key], word] for key, word in known if isinstance(main.get(key), str) and main[key]]


def tell_if_taken(key: str) -> Change:
    """Says so where another process that is alive runs the same run: each would set the status of the other."""

    def change(main: Document, beside: Document, _now: str) -> None:
        source = beside.get("source")
        if main.get("status") != "running" or not isinstance(source, dict) or source.get("host") != host_name():
            return
        pid = source.get("pid")
        if isinstance(pid, int) and pid != os.getpid() and is_running(pid, source.get("start")):
            tell(f"taken {key}", f"process {pid} runs {key}, too; all but one should begin it with join=True.")

    return change


def set_source(beats: bool) -> Change:
    """Who runs it: so that a run left behind by a dead process is known as such."""

    def change(_main: Document, beside: Document, _now: str) -> None:
        source: Document = {"host": host_name(), "pid": os.getpid()}
        start = process_start(os.getpid())
        if start is not None:
            source["start"] = start
        if beats:
            source["beats"] = True
        beside["source"] = source

    return change


def set_error(error: str, status: str) -> Change:
    """Puts the error of a failure behind the description as the original does, and keeps it by itself."""

    def change(main: Document, beside: Document, _now: str) -> None:
        if not error:
            return
        if status == "failed":
            main["description"] = f"{_text(main.get('description'))}\nError: {error}"
        beside["error"] = error

    return change


def set_description(description: str) -> Change:
    """Replaces the description, and keeps the error of a failure behind it."""

    def change(main: Document, beside: Document, _now: str) -> None:
        error = beside.get("error") if main.get("status") == "failed" else None
        main["description"] = description if not error else f"{description}\nError: {error}"

    return change


def set_config(config: Document) -> Change:
    """Takes down a configuration: hash and summary where the original has them, the whole of it beside."""

    def change(main: Document, beside: Document, now: str) -> None:
        before = beside.get("config")
        if isinstance(before, dict) and before and before != config and main.get("status") != "running":
            beside["earlier"] = [*_list(beside.get("earlier")), {"until": now, "config": before}]
        main["config_hash"] = config_hash(config)
        main["config_summary"] = summary_of(config)
        beside["config"] = config
        beside.pop("config_texts", None)

    return change


def add_params(params: Document) -> Change:
    """Adds to the configuration; a value that is given again replaces the one before."""

    def change(main: Document, beside: Document, _now: str) -> None:
        config = dict(beside.get("config") or {})
        config.update(params)
        beside["config"] = config
        main["config_hash"] = config_hash(config)
        main["config_summary"] = summary_of(config)

    return change


def summary_of(config: Document) -> Document:
    """What the original picks out of a configuration of its own kind; nothing of any other kind."""
    summary: Document = {}
    training, model, data = config.get("training"), config.get("model"), config.get("data")
    if isinstance(training, dict):
        for key in ("epochs", "batch_size", "learning_rate"):
            summary[key] = training.get(key, "unknown")
        summary["optimizer"] = _target_of(training, "optimizer")
        summary["loss"] = _target_of(training, "loss")
    if isinstance(model, dict):
        summary["model_type"] = model.get("_target_", "unknown")
        summary["encoder"] = _target_of(model, "encoder")
        summary["decoder"] = _target_of(model, "decoder")
    if isinstance(data, dict):
        summary["dataset"] = data.get("dataset", "unknown")
        summary["data_root"] = data.get("root_dir", "unknown")
    return summary


def _target_of(part: Document, key: str) -> Any:
    member = part.get(key, "unknown")
    if isinstance(member, dict):
        return member.get("_target_", "unknown")
    return "unknown" if member is None else member


def add_tags(tags: Sequence[str]) -> Change:
    """Adds tags that are not there yet."""

    def change(main: Document, _beside: Document, _now: str) -> None:
        known = _list(main.get("tags"))
        main["tags"] = [*known, *(tag for tag in dict.fromkeys(tags) if tag not in known)]

    return change


def remove_tags(tags: Sequence[str]) -> Change:
    """Takes tags away; those that are not there do not matter."""

    def change(main: Document, _beside: Document, _now: str) -> None:
        main["tags"] = [tag for tag in _list(main.get("tags")) if tag not in tags]

    return change


def set_progress(
    epoch: Optional[int] = None, epochs: Optional[int] = None, seconds: Optional[float] = None
) -> Change:
    """Takes down how far training is; what is not given stays."""

    def change(main: Document, _beside: Document, _now: str) -> None:
        for key, value in (("current_epoch", epoch), ("total_epochs", epochs), ("training_time_seconds", seconds)):
            if value is not None and value - value == 0:
                main[key] = value

    return change


def take_best(values: Dict[str, float], directions: Dict[str, str]) -> Change:
    """Takes new values into the best ones: the better one where it is known what is better, otherwise the new one."""

    def change(main: Document, beside: Document, _now: str) -> None:
        best = dict(main.get("best_metrics") or {})
        known = {**(beside.get("directions") or {}), **directions}
        for name, value in values.items():
            before = best.get(name)
            if value - value == 0 and is_better(value, before, known.get(name)):
                best[name] = value
        main["best_metrics"] = best
        if known:
            beside["directions"] = known

    return change


def is_better(value: float, before: Any, direction: Optional[str]) -> bool:
    """Whether a value takes the place of the best one so far."""
    if not isinstance(before, (int, float)) or direction not in ("max", "min"):
        return True
    return value > before if direction == "max" else value < before


def add_artifact(
    id: str,
    type: str,
    path: str,
    size: Optional[int],
    digest: Optional[str],
    description: str,
    tags: Sequence[str],
    listed: Optional[str] = None,
) -> Change:
    """Adds an artifact, or replaces the one of the same id; the original's own lists of ids and paths follow, with `listed`."""

    def change(main: Document, beside: Document, now: str) -> None:
        entry = {
            "id": id,
            "type": type,
            "path": path,
            "description": description,
            "tags": list(dict.fromkeys(tags)),
            "bytes": size,
            "digest": digest,
            "added_at": now,
        }
        known = [each for each in _list(beside.get("artifacts")) if isinstance(each, dict)]
        old = next((each for each in known if each.get("id") == id), None)
        artifacts = [entry if each is old else each for each in known] if old is not None else [*known, entry]
        beside["artifacts"] = artifacts
        main["artifact_ids"] = _with(_list(main.get("artifact_ids")), id)
        for kind, name in _PATH_LISTS.items():
            paths = [
                each
                for each in _list(main.get(name))
                if old is None
                or each != old.get("path")
                or any(other.get("type") == kind and other.get("path") == each for other in artifacts)
            ]
            main[name] = _with(paths, path if listed is None else listed) if type == kind else paths

    return change


def artifact_id(beside: Document, path: str) -> str:
    """The name of a file, unless another file has it already: then its whole path."""
    name = os.path.basename(path.rstrip("/")) or path
    for each in _list(beside.get("artifacts")):
        if isinstance(each, dict) and each.get("id") == name and each.get("path") != path:
            return path
    return name


def _with(items: List[Any], item: Any) -> List[Any]:
    return items if item in items else [*items, item]


def _list(value: Any) -> List[Any]:
    return list(value) if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""

# ---- _experiment.py

TRACKER = "experiment_tracker.json"
BESIDE = "experiment_daybook.json"

_TRIES = 6


def change_experiment(
    root: str, folder: str, changes: Sequence[Change], create: Optional[Callable[[str], Document]] = None
) -> Document:
    """
    Changes an experiment while nobody else does: reads both documents, lets the changes work on them and puts them in
    place whole. A file that is not whole JSON is never written over. Raises OSError or ValueError.
    """
    if not inside(os.path.realpath(root), os.path.realpath(folder)):
        raise OSError(f"{folder} does not lie in the book {root}")
    path = os.path.join(folder, TRACKER)
    beside_path = os.path.join(folder, BESIDE)
    if create is not None:
        os.makedirs(folder, exist_ok=True)
    with file_lock(root, "experiment", book_path(root, path)):
        now = iso_micros(now_us())
        main, beside = _read_both(path, beside_path, now, create)
        before = write_document(beside)
        for change in changes:
            change(main, beside, now)
        main["updated_at"] = now
        _mask(root, main, beside)
        data = write_document(beside)
        if data != before and beside:
            write_whole(beside_path, data)
        write_whole(path, write_document(main))
        return main


def _mask(root: str, main: Document, beside: Document) -> None:
    """Names of metrics and fields are ours; those of a configuration are the user's."""
    masker = masker_of(root)
    if masker is None:
        return
    for document in (main, beside):
        for name, value in document.items():
            is_config = name.startswith("config") and not name.startswith("config_hash")
            document[name] = masker.mask(value) if is_config else masker.mask_texts(value)


def _read_both(
    path: str, beside_path: str, now: str, create: Optional[Callable[[str], Document]]
) -> Tuple[Document, Document]:
    for left in range(_TRIES, 0, -1):
        try:
            main = _read(path)
            beside = _read(beside_path)
            if main is None:
                if create is None:
                    raise FileNotFoundError(f"there is no experiment at {os.path.dirname(path)}")
                return create(now), {} if beside is None else beside
            return main, {} if beside is None else beside
        except ValueError as trouble:
            # Someone who writes the file in place, as the original does, is done within a moment.
            if left == 1:
                raise ValueError(f"expected the record of a run as JSON in {path}: {trouble}") from None
            time.sleep(0.02)
    raise AssertionError("unreachable")


def _read(path: str) -> Optional[Document]:
    refuse_obstacle(path)
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
    except FileNotFoundError:
        return None
    found = read_document(text)
    if not isinstance(found, dict):
        raise ValueError("found something else than an object")
    return found


def read_experiment(folder: str) -> Tuple[Document, Document]:
    """Both documents as they stand in their files; empty where there are none."""
    return _read(os.path.join(folder, TRACKER)) or {}, _read(os.path.join(folder, BESIDE)) or {}


def new_experiment(root: str, id: str, name: str, at: Optional[str] = None) -> Callable[[str], Document]:
    """Makes the document of a new experiment, with every key of the original in its order; begun at a time, or when it is written."""

    def create(now: str) -> Document:
        now = now if at is None else at
        source = source_of(root)
        return {
            "experiment_id": id,
            "experiment_name": name,
            "timestamp": now,
            "status": "created",
            "description": "",
            "tags": [],
            "config_hash": "",
            "config_summary": {},
            "python_version": platform.python_version(),
            "pytorch_version": _torch_version(),
            "platform": platform.platform(),
            "cuda_available": False,
            "cuda_version": "",
            "total_epochs": 0,
            "current_epoch": 0,
            "best_metrics": {},
            "training_time_seconds": 0.0,
            "artifact_ids": [],
            "checkpoint_paths": [],
            "metric_files": [],
            "visualization_files": [],
            "git_commit": source.get("commit", ""),
            "git_branch": source.get("branch", ""),
            "git_dirty": "commit" in source and _is_dirty(root),
            "hostname": host_name(),
            "username": _user_name(),
            "memory_gb": _memory_gb(),
            "gpu_info": {},
            "created_at": now,
            "started_at": "",
            "completed_at": "",
            "updated_at": now,
        }

    return create


def _torch_version() -> str:
    """Only of a PyTorch that is loaded already: it is never imported for this."""
    return str(getattr(sys.modules.get("torch"), "__version__", ""))


def _is_dirty(root: str) -> bool:
    try:
        command = ["git", "-C", root, "--no-optional-locks", "status", "--porcelain", "--untracked-files=no"]
        found = subprocess.run(command, capture_output=True, timeout=10, stdin=subprocess.DEVNULL, check=False)
        return found.returncode == 0 and found.stdout.strip() != b""
    except (OSError, subprocess.SubprocessError):
        return False


def _user_name() -> str:
    with contextlib.suppress(Exception):
        import getpass

        return getpass.getuser()
    return "unknown"


def _memory_gb() -> float:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    except (AttributeError, OSError, ValueError):
        return 0.0


def clean_name(folder: str) -> str:
    """The name of a run from its folder, without the time that some begin with."""
    name = os.path.basename(folder.rstrip("/\\"))
    return re.sub(r"^\d{8}-\d{6}-", "", name) or name

# ---- _track.py

_Function = TypeVar("_Function", bound=Callable[..., Any])


@contextlib.contextmanager
def tracking(type: str, details: Any = None, *, run: Optional[str] = None, book: Any = None) -> Iterator[Dict[str, Any]]:
    """Records the beginning and the end of a block; what is put into the map it gives is recorded with the end."""
    id = str(uuid.uuid4())
    started = now_us()
    given = dict(details or {})
    record_action(type, "executing", given, id=id, run=run, book=book, started_us=started)
    learned: Dict[str, Any] = {}

    def finish(status: str, error: Optional[BaseException]) -> None:
        all_details = {**given, **learned}
        ended = now_us()
        record_action(type, status, all_details, id=id, run=run, error=error, book=book, started_us=started, ended_us=ended)

    try:
        yield learned
    except BaseException as error:
        finish(*status_of(error))
        raise
    finish("completed", None)


def status_of(error: BaseException) -> Tuple[str, Optional[BaseException]]:
    """How work ended that was left by an error: failed, aborted by a person or signal, or simply done."""
    if isinstance(error, GeneratorExit):
        return "completed", None
    if isinstance(error, KeyboardInterrupt):
        return "aborted", error
    if isinstance(error, SystemExit):
        if getattr(error, "daybook_signal", None) is not None:
            return "aborted", error
        return ("completed", None) if error.code in (None, 0) else ("failed", error)
    return "failed", error


@overload
def track(function: _Function) -> _Function: ...
@overload
def track(
    function: Optional[str] = None, *, type: Optional[str] = None, book: Any = None, **details: Any
) -> Callable[[_Function], _Function]: ...
def track(function: Any = None, *, type: Optional[str] = None, book: Any = None, **details: Any) -> Any:
    """
    Records each call of a function as an action: start, end, duration, the error it failed with. `@daybook.track`, or
    `@daybook.track("evaluate", split="test")`. Coroutines are awaited; arguments and results are not recorded.
    """
    if callable(function):
        return _tracked(function, _name_of(function), {}, None)
    name = type if type is not None else function
    return lambda inner: _tracked(inner, name or _name_of(inner), details, book)


def _name_of(function: Any) -> str:
    return str(getattr(function, "__qualname__", None) or getattr(function, "__name__", "call")).replace("<locals>.", "")


def _tracked(function: Callable[..., Any], name: str, details: Dict[str, Any], book: Any) -> Callable[..., Any]:
    import asyncio
    import inspect

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            with tracking(name, details, book=book):
                try:
                    return await function(*args, **kwargs)
                except asyncio.CancelledError as error:
                    raise error

        return awaited

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        with tracking(name, details, book=book):
            return function(*args, **kwargs)

    return cast(Callable[..., Any], called)

# ---- _lifecycle.py

class Living(Protocol):
    """What is taken care of: a run of this process."""

    pid: int

    def beat(self) -> None:
        """A sign of life."""

    def renew(self) -> None:
        """Called in a child that was forked."""

    def finish(self, status: str = "completed", error: Union[str, BaseException, None] = None) -> bool:
        """The end."""


_BEAT = 60.0
_ENDING = ("SIGTERM", "SIGHUP")
_active: Dict[Living, None] = {}
_all_runs: "weakref.WeakSet[Living]" = weakref.WeakSet()
_thread: Optional[threading.Thread] = None
_wake = threading.Event()
_beating = threading.Lock()
_uncaught: List[BaseException] = []


def note(run: Living) -> None:
    """Remembers a run for forked children; it is not ended by itself."""
    _all_runs.add(run)


def forget_run(run: Living) -> None:
    """A run that is over needs no care."""
    _active.pop(run, None)


def last_begun() -> Optional[Living]:
    """The run that was begun last and is not over."""
    return next(reversed(_active), None)


class Terminated(SystemExit):
    """What a signal that ends this process becomes, so that runs and `finally` blocks end as they should."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.daybook_signal = number

    def __str__(self) -> str:
        return f"stopped by {signal.Signals(self.daybook_signal).name}"


def begin(run: Living) -> None:
    """Takes care of a run: its heartbeat, and its end however the program ends."""
    global _thread, _earlier_hook
    if sys.excepthook is not _note_uncaught:
        _earlier_hook, sys.excepthook = sys.excepthook, _note_uncaught
    _active[run] = None
    if _thread is None or not _thread.is_alive():
        _thread = threading.Thread(target=_beat_always, name="daybook-heartbeat", daemon=True)
        _thread.start()
    if threading.current_thread() is not threading.main_thread():
        return
    for name in _ENDING:
        number = getattr(signal, name, None)
        # Who has a handler of their own keeps it.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _on_signal)


def _on_signal(number: int, _frame: Optional[types.FrameType]) -> None:
    signal.signal(number, signal.SIG_DFL)
    if not _active or all(each.pid != os.getpid() for each in _active):
        os.kill(os.getpid(), number)
        return
    raise Terminated(number)


def _beat_always() -> None:
    while True:
        _wake.wait(_BEAT)
        with _beating:
            for run in list(_active):
                run.beat()


def _note_uncaught(kind: Type[BaseException], error: BaseException, trace: Optional[types.TracebackType]) -> None:
    _uncaught.append(error)
    _earlier_hook(kind, error, trace)


_earlier_hook = sys.excepthook


def _end_all() -> None:
    for run in list(_active):
        if _uncaught:
            run.finish(*status_of(_uncaught[-1]))
        else:
            run.finish()


def _before_fork() -> None:
    """No child begins in the middle of a heartbeat; one that waits for others is not waited for."""
    global _held_for_fork
    _held_for_fork = _beating.acquire(timeout=1)


def _after_fork() -> None:
    if _held_for_fork:
        _beating.release()


def _forget_in_child() -> None:
    """Runs belong to the process that began them; a child may log to them and ends none."""
    global _thread, _beating
    for run in list(_all_runs):
        run.renew()
    for number in (getattr(signal, name, None) for name in _ENDING):
        # Workers are ended by signals, also in the middle of what hears of none.
        if number is not None and signal.getsignal(number) is _on_signal:
            with contextlib.suppress(ValueError):
                signal.signal(number, signal.SIG_DFL)
    _active.clear()
    _thread = None
    _beating = threading.Lock()


_held_for_fork = False
atexit.register(_end_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_forget_in_child)

# ---- _place.py

def folder_of(key: Any, book: Any) -> Tuple[str, str]:
    """The book and the folder of a run. Keys are relative to the book. Never raises: what cannot be is told when it is written."""
    try:
        return _folder_of(key, book)
    except (OSError, TypeError, ValueError) as trouble:
        tell("place", f"where to record is not known: {trouble}")
        nowhere = os.path.join(os.sep, "nonexistent", "book")
        return nowhere, os.path.join(nowhere, "run")


def _folder_of(key: Any, book: Any) -> Tuple[str, str]:
    if key is None:
        root = book_root(book)
        folder = told(root, "DAYBOOK_RUN_DIR")
        if folder:
            return root, os.path.abspath(os.path.join(root, folder))
        named = told(root, "DAYBOOK_RUN")
        if named and ":" not in named:
            return root, os.path.join(root, named)
        return root, _new_folder(root)
    text = os.fsdecode(key) if isinstance(key, (str, bytes, os.PathLike)) else as_text(key)
    if os.path.isabs(text):
        root = book_root(book)
        if book is None and not inside(root, text):
            root = find_book(text) or os.path.dirname(text)
        return root, os.path.abspath(text)
    root = book_root(book)
    return root, os.path.abspath(os.path.join(root, text))


def _new_folder(root: str) -> str:
    script = os.path.splitext(os.path.basename(sys.argv[0] if sys.argv else ""))[0]
    name = "".join(char if char.isalnum() or char in "._-" else "-" for char in script).strip("-.") or "run"
    base = os.path.join(root, "runs", f"{name}-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}")
    for number in itertools.count(1):
        folder = base if number == 1 else f"{base}-{number}"
        try:
            os.makedirs(folder)
            return folder
        except FileExistsError:
            continue
        except OSError:
            return folder
    raise AssertionError("unreachable")

# ---- _points.py

_RETRY = 1.0
_MAX_HELD = 8 * 1024 * 1024
_DEEPEST = 8
_NO_METRICS = frozenset("step global_step _step iteration epoch time timestamp _timestamp wall_time".split(" "))

_line_ids = itertools.count()
_id_start = os.urandom(6).hex()


def _renew_ids() -> None:
    """A forked child would count on from the same number, and readers take lines of one id for one."""
    global _line_ids, _id_start
    _line_ids = itertools.count()
    _id_start = os.urandom(6).hex()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_ids)


class Points:
    """Appends points to the metrics.jsonl in the folder of a run. What cannot be written is held, and written when it can be."""

    def __init__(self, root: str, folder: str, key: str) -> None:
        self._root = root
        self._folder = folder
        self._key = key
        self._masker = masker_of(root)
        self._names: Dict[str, str] = {}
        self._log: Optional[AppendLog] = None
        self._held: List[bytes] = []
        self._held_bytes = 0
        self._lost = 0
        self._retry_at = 0.0
        self._lock = threading.RLock()

    def add(self, values: Optional[Mapping[str, Any]], more: Dict[str, Any], step: Any, epoch: Any) -> Optional[bool]:
        """One point; whether it stands in the file, and None where there is no value in it."""
        us = time.time_ns() // 1000
        parts: List[str] = []
        if step is not None:
            parts.append('"step":' + _position(step))
        if epoch is not None:
            parts.append('"epoch":' + _position(epoch))
        parts.append(f'"time":"{iso_micros(us)}"')
        empty = len(parts)
        names = self._names
        if values and more:
            values, more = {**values, **more}, {}
        for given in (values, more):
            if not given:
                continue
            for name, value in given.items():
                start = names.get(name)
                if start is None:
                    start = self._name(name)
                if value.__class__ is float and value - value == 0.0:
                    if start:
                        parts.append(start + repr(value))
                else:
                    self._other(parts, name, start, value)
        if len(parts) == empty:
            return None
        body = to_bytes("{" + ",".join(parts) + f',"_id":"{_id_start}{next(_line_ids):x}"')
        return self._append(b'%b,"_crc":"%08x"}\n' % (body, zlib.crc32(body)))

    def flush(self) -> None:
        """Tries again to write what is held."""
        self._write_held(False)

    def close(self) -> None:
        """Writes what is held if that is possible now, and says how much is lost if not. A point that comes later opens the file again."""
        self._write_held(True)
        log, self._log = self._log, None
        if log is not None:
            try:
                log.close()
            except OSError as trouble:
                tell("flush", f"the metrics of {self._key} could not be flushed: {trouble}")
        if self._held or self._lost:
            count = len(self._held) + self._lost
            tell(f"lost {self._key}", f"{count} points of {self._key} could not be recorded.")

    def renew(self) -> None:
        """A forked child has a lock of its own."""
        self._lock = threading.RLock()

    def _name(self, name: Any) -> str:
        """How a metric stands in a line; empty for what cannot be the name of one."""
        text = as_text(name)
        is_free = text != "" and not text.startswith("_") and text not in _NO_METRICS
        if not is_free:
            tell(f"metric {text}", f'"{text}" cannot be the name of a metric; its values are left out.')
        elif self._masker is not None:
            text = self._masker.text(text)
        start = f"{dump_json(text)}:" if is_free else ""
        self._names[name] = start
        return start

    def _other(self, parts: List[str], name: str, start: str, value: Any, depth: int = 0) -> None:
        """What is no plain float: whole numbers, NaN, scalars of numpy and torch, maps of values."""
        if not start or value is None:
            return
        if isinstance(value, dict) and depth < _DEEPEST:
            for inner, member in value.items():
                path = f"{name}.{inner}"
                self._other(parts, path, self._names.get(path) or self._name(path), member, depth + 1)
            return
        number = as_number(value)
        if number is None:
            kind = type(value).__name__
            tell(f"value {name}", f'expected a number for the metric "{name}", found {kind}; it is left out.')
        elif number.__class__ is bool or not isinstance(number, float):
            parts.append(start + repr(int(number)))
        elif number - number == 0:
            parts.append(start + repr(float(number)))
        else:
            parts.append(f'{start}"{special_name(number)}"')

    def _append(self, line: bytes) -> bool:
        if self._held:
            return self._hold(line)
        log = self._log
        try:
            if log is None:
                log = self._open()
            log.append(line)
            return True
        except (OSError, ValueError) as trouble:
            return self._hold(line, trouble)

    def _open(self) -> AppendLog:
        if not os.path.isdir(self._root):
            raise OSError("the folder of the book is not there; a disk may not be mounted")
        if not inside(os.path.realpath(self._root), os.path.realpath(self._folder)):
            raise OSError(f"{self._folder} does not lie in the book {self._root}")
        with self._lock:
            if self._log is None:
                self._log = AppendLog(os.path.join(self._folder, "metrics.jsonl"), settings_of(self._root).durability)
            return self._log

    def _hold(self, line: bytes, trouble: Optional[Exception] = None) -> bool:
        """An hour with a full disk costs no points."""
        with self._lock:
            if self._held_bytes + len(line) > _MAX_HELD:
                self._lost += 1
            else:
                self._held.append(line)
                self._held_bytes += len(line)
            if trouble is None:
                return self._write_held(False)
            tell(f"metrics {self._key}", f"the metrics of {self._key} cannot be written now: {trouble}. They are held.")
            self._retry_at = time.monotonic() + _RETRY
            return False

    def _write_held(self, at_last: bool) -> bool:
        with self._lock:
            if not self._held or (not at_last and time.monotonic() < self._retry_at):
                return not self._held
            try:
                log = self._open()
                while self._held:
                    log.append(self._held[0])
                    self._held_bytes -= len(self._held.pop(0))
                return True
            except (OSError, ValueError):
                self._retry_at = time.monotonic() + _RETRY
                return False


def _position(value: Any) -> str:
    """A step or an epoch as it is written."""
    if value.__class__ is int:
        return repr(value)
    number = as_number(value)
    if number is None or number - number != 0:
        return dump_json(plain(value))
    return repr(int(number)) if number == number // 1 else repr(float(number))

# ---- _run.py

_MAX_WAITING = 1000


class Run:
    """
    One run: `with daybook.run("runs/a", config={…}) as run: run.log(loss=0.5, step=1)`. Nothing that fails on the side of
    recording is raised: it is told once on standard error, and the work goes on.
    """

    def __init__(
        self,
        key: Any = None,
        config: Any = None,
        *,
        name: Optional[str] = None,
        description: Optional[str] = None,
        tags: Sequence[str] = (),
        epochs: Optional[int] = None,
        best: Optional[Dict[str, str]] = None,
        join: bool = False,
        book: Any = None,
    ) -> None:
        self.root, self.folder = folder_of(key, book)
        self.key = book_path(self.root, self.folder) or "."
        wanted = best.items() if isinstance(best, dict) else ()
        self._directions = {as_text(metric): word for metric, word in wanted if word in ("min", "max")}
        self._best: Dict[str, float] = {}
        self._epoch: Optional[int] = None
        self.pid = os.getpid()
        self._is_over = False
        self._owns = not join
        self._lock = threading.RLock()
        self._points = Points(self.root, self.folder, self.key)
        self._create: Optional[Callable[[str], Dict[str, Any]]] = None
        self._waiting: List[Change] = []
        note(self)
        if not self._owns:
            return
        id = os.path.basename(self.folder) or "run"
        changes: List[Change] = [set_config(config_map(config))] if config is not None else []
        began = iso_micros(now_us())
        changes += [set_status("running", began), set_source(True)]
        if name is not None:
            changes.append(_set_name(as_text(name)))
        if description is not None:
            changes.append(set_description(as_text(description)))
        if tags:
            changes.append(add_tags(_texts(tags)))
        if epochs is not None:
            changes.append(set_progress(epochs=as_number(epochs)))
        changes.insert(0, tell_if_taken(self.key))
        self._create = new_experiment(self.root, id, name or clean_name(self.folder) or id, began)
        self._change(changes)
        begin(self)

    def log(
        self,
        values: Optional[Mapping[str, Any]] = None,
        /,
        *,
        step: Optional[float] = None,
        epoch: Optional[float] = None,
        **more: Any,
    ) -> bool:
        """
        Appends one point of any metrics to the history, and says whether it stands in the file: `run.log(loss=0.5, step=1)`,
        or `run.log({"val/loss": 0.4})`. NaN and infinities count. Nested maps get names with dots.
        """
        if values is not None and not isinstance(values, Mapping):
            tell("log", f"expected a map of metrics, found {type(values).__name__}: run.log(loss=0.5) or run.log({{...}}).")
            return False
        kept = self._points.add(values, more, step, epoch)
        if kept is None:
            return False
        if epoch.__class__ in (int, float):
            self._epoch = int(epoch) if epoch == epoch // 1 else self._epoch
        if self._directions:
            self._take_best(more if values is None else {**values, **more})
        return kept

    def param(self, params: Any = None, /, **more: Any) -> bool:
        """Adds parameters to the configuration: `run.param(lr=0.1)`."""
        given = {**({} if params is None else config_map(params)), **more}
        return self._change([add_params(plain(given))]) if given else False

    params = param

    def tag(self, *tags: str) -> bool:
        """Adds tags."""
        return self._change([add_tags([as_text(tag) for tag in tags])])

    def untag(self, *tags: str) -> bool:
        """Takes tags away."""
        return self._change([remove_tags([as_text(tag) for tag in tags])])

    def describe(self, description: str) -> bool:
        """Replaces the description."""
        return self._change([set_description(as_text(description))])

    def progress(
        self, epoch: Optional[int] = None, epochs: Optional[int] = None, seconds: Optional[float] = None
    ) -> bool:
        """Takes down how far the run is."""
        return self._change([set_progress(as_number(epoch), as_number(epochs), as_number(seconds))])

    def artifact(
        self,
        path: Any,
        type: str = "artifact",
        *,
        id: Optional[str] = None,
        description: str = "",
        tags: Sequence[str] = (),
    ) -> bool:
        """Attaches a file or folder with its size and digest, or an address such as s3://bucket/model.pt as it is."""
        try:
            text = os.fsdecode(path)
            if "://" in text:
                place, size, digest = text, None, None
            else:
                absolute = os.path.abspath(text)
                size, digest = digest_of(absolute)
                place = book_path(self.root, absolute) if inside(self.root, absolute) else absolute
        except (OSError, TypeError, ValueError) as trouble:
            shown = as_text(path)
            tell(f"artifact {shown}", f"{shown} is not attached to {self.key}: {trouble}")
            return False

        def change(main: Dict[str, Any], beside: Dict[str, Any], now: str) -> None:
            known = as_text(id) if id is not None else artifact_id(beside, place)
            add_artifact(known, as_text(type), place, size, digest, as_text(description), _texts(tags))(main, beside, now)

        return self._change([change])

    def snapshot(self, **options: Any) -> Optional[str]:
        """Issues the receipt of this run beside its other files: see daybook.snapshot."""
        config = options.pop("config", None)
        if config is None:
            config = self._config()
        return snapshot(config=config, snapshot_path=os.path.join(self.folder, "run.lock"), book=self.root, **options)

    def finish(self, status: str = "completed", error: Union[str, BaseException, None] = None) -> bool:
        """Ends the run. The end of a `with` block does so by itself, and so does the end of the program."""
        with self._lock:
            if self._is_over or self.pid != os.getpid():
                return False
            self._is_over = True
        forget_run(self)
        self._points.close()
        if not self._owns:
            return True
        changes = self._state()
        changes.append(set_status(status, iso_micros(now_us())))
        if error is not None and status in ("failed", "aborted"):
            changes.append(set_error(error_text(error), status))
        return self._change(changes)

    def fail(self, error: Union[str, BaseException] = "") -> bool:
        """Ends the run as failed."""
        return self.finish("failed", error)

    def abort(self, reason: str = "") -> bool:
        """Ends the run as aborted."""
        return self.finish("aborted", reason)

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[types.TracebackType],
    ) -> None:
        if error is None:
            self.finish()
        else:
            self.finish(*status_of(error))

    def __reduce__(self) -> Any:
        """What is handed to another process is the same run, joined there."""
        return _joined, (self.folder, self.root)

    def __repr__(self) -> str:
        return f"<daybook run {self.key}>"

    def beat(self) -> None:
        """A sign of life, with what was reached so far; given by itself every minute."""
        self._points.flush()
        if self._owns and not self._is_over and self.pid == os.getpid():
            self._change(self._state())

    def renew(self) -> None:
        """Called in a child that was forked: locks that others held are nobody's there."""
        self._lock = threading.RLock()
        self._points.renew()

    def _config(self) -> Dict[str, Any]:
        try:
            config = read_experiment(self.folder)[1].get("config")
        except (OSError, ValueError):
            return {}
        return config if isinstance(config, dict) else {}

    def _state(self) -> List[Change]:
        changes: List[Change] = []
        if self._best:
            changes.append(take_best(dict(self._best), self._directions))
        if self._epoch is not None:
            changes.append(set_progress(epoch=self._epoch))
        return changes

    def _change(self, changes: Sequence[Change]) -> bool:
        """Writes changes; those that cannot be written now are written with the next ones."""
        with self._lock:
            waiting = [*self._waiting, *changes]
            try:
                change_experiment(self.root, self.folder, waiting, self._create)
            except Exception as trouble:
                # What the disk or the file is to blame for may be written later; anything else would stand in the way for ever.
                if isinstance(trouble, (OSError, ValueError)):
                    self._waiting = waiting[:_MAX_WAITING]
                tell(f"run {self.key}", f"{self.key} is not recorded as it should be: {trouble}")
                return False
            self._waiting = []
            return True

    def _take_best(self, values: Dict[str, Any]) -> None:
        for name, direction in self._directions.items():
            number = as_number(values.get(name))
            if number is None or number - number != 0:
                continue
            if is_better(number, self._best.get(name), direction):
                self._best[name] = number


def run(
    key: Any = None,
    config: Any = None,
    *,
    name: Optional[str] = None,
    description: Optional[str] = None,
    tags: Sequence[str] = (),
    epochs: Optional[int] = None,
    best: Optional[Dict[str, str]] = None,
    join: bool = False,
    book: Any = None,
) -> Run:
    """
    Begins a run of the book: `with daybook.run("runs/a", config={"lr": 0.1}) as run:`. Without a key it is the one that
    `daybook exec` runs this program for, else a new one below runs/. `best={"loss": "min"}` says what is better; with
    `join=True` it writes to a run that another process has, and leaves its status alone.
    """
    return Run(
        key, config, name=name, description=description, tags=tags, epochs=epochs, best=best, join=join, book=book
    )


def _joined(folder: str, root: str) -> Run:
    return Run(folder, join=True, book=root)


def current_run() -> Optional[Run]:
    """The run that this process began last and that is not over."""
    found = last_begun()
    return found if isinstance(found, Run) else None


def _texts(given: Any) -> List[str]:
    """Tags as a list of texts; one text alone is one tag."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        return [as_text(given)]
    return [as_text(each) for each in given]


def _set_name(name: str) -> Change:
    def change(main: Dict[str, Any], _beside: Dict[str, Any], _now: str) -> None:
        main["experiment_name"] = name

    return change

__version__ = VERSION

__all__ = ["DaybookError", "Run", "__version__", "action", "current_run", "run", "snapshot", "track", "tracking"]

# ---- further modules: daybook.flexlock and the like, made when they are imported

_core_parts = ["_book", "_files", "_log", "_text", "_secret_names", "_secret_addresses", "_secret_table", "_secret_values", "_secret_commands", "_secret_pairs", "_secrets", "_source", "_spool", "_actions", "_command", "_yaml", "_changes", "_experiment", "_track", "_lifecycle", "_place", "_points", "_run"]
_held_modules = {
    "_patch": """\
\"\"\"Differences between two JSON values as the store of versions keeps them: JSON Patches (RFC 6902), lines of texts.\"\"\"

from __future__ import annotations

import copy
import difflib
import json
import re
from typing import Any, Dict, List, Optional, Tuple


def make_delta(before: Any, after: Any) -> Optional[str]:
    \"\"\"The text of a delta between two objects, lists or texts; None where there is none that leads to exactly the other.\"\"\"
    if isinstance(before, str) and isinstance(after, str):
        if before.count("\\n") + after.count("\\n") > _MAX_LINES:
            return None
        delta: Any = {"lines": _line_edits(_lines(before), _lines(after))}
    elif type(before) is type(after) and isinstance(before, (dict, list)):
        delta = _operations(before, after, "")
    else:
        return None
    text = json.dumps(delta, ensure_ascii=False, separators=(",", ":"))
    led = apply_delta(copy.deepcopy(before), text)
    return text if same_json(led, after) else None


def same_json(one: Any, other: Any) -> bool:
    \"\"\"Whether two values are the same JSON, 1 and 1.0 and true apart.\"\"\"
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def apply_delta(before: Any, text: str) -> Any:
    \"\"\"Leads from a value to the next; `before` is changed. Raises ValueError, KeyError or IndexError where it does not fit.\"\"\"
    delta = json.loads(text)
    if isinstance(before, str) and isinstance(delta, dict):
        return _apply_lines(before, delta["lines"])
    if not isinstance(delta, list):
        raise ValueError("expected a JSON Patch")
    holder: Dict[str, Any] = {"": before}
    for operation in delta:
        _apply(holder, operation)
    return holder[""]


def _operations(before: Any, after: Any, path: str) -> List[Dict[str, Any]]:
    if isinstance(before, dict) and isinstance(after, dict):
        found: List[Dict[str, Any]] = []
        for key in before:
            place = f"{path}/{_escaped(key)}"
            if key not in after:
                found.append({"op": "remove", "path": place})
            else:
                found += _operations(before[key], after[key], place)
        added = [key for key in after if key not in before]
        return found + [{"op": "add", "path": f"{path}/{_escaped(key)}", "value": after[key]} for key in added]
    if isinstance(before, list) and isinstance(after, list):
        return _list_operations(before, after, path)
    return [] if same_json(before, after) else [{"op": "replace", "path": path, "value": after}]


def _list_operations(before: List[Any], after: List[Any], path: str) -> List[Dict[str, Any]]:
    \"\"\"What lists have in common stays. From the end to the beginning, so that the places before keep their numbers.\"\"\"
    found: List[Dict[str, Any]] = []
    for _, i, j, k, n in reversed(_stretches(before, after)):
        common = min(j - i, n - k)
        found += [{"op": "remove", "path": f"{path}/{at}"} for at in range(j - 1, i + common - 1, -1)]
        found += [{"op": "add", "path": f"{path}/{i + at - k}", "value": after[at]} for at in range(k + common, n)]
        for at in range(common):
            found += _operations(before[i + at], after[k + at], f"{path}/{i + at}")
    return found


def _stretches(before: List[Any], after: List[Any]) -> List[Tuple[str, int, int, int, int]]:
    \"\"\"Where two lists differ; of very long ones only what they have in common at both ends is found.\"\"\"
    old, new = [[json.dumps(each, sort_keys=True) for each in values] for values in (before, after)]
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < min(len(old), len(new)) - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    i, j, k, n = start, len(old) - tail, start, len(new) - tail
    if (j - i) * (n - k) > _MAX_PAIRS:
        return [("replace", i, j, k, n)]
    matcher = difflib.SequenceMatcher(None, old[i:j], new[k:n], autojunk=False)
    opcodes = [(kind, a + i, b + i, c + k, d + k) for kind, a, b, c, d in matcher.get_opcodes()]
    return [each for each in opcodes if each[0] != "equal"]


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _apply(holder: Dict[str, Any], operation: Dict[str, Any]) -> None:
    kind = operation["op"]
    if kind == "test":
        parent, key = _place(holder, operation["path"])
        if not same_json(parent[key], operation["value"]):
            raise ValueError(f"the value at {operation['path']} is another one")
    elif kind == "remove":
        _take(holder, operation["path"])
    elif kind in ("add", "replace"):
        _put(holder, operation["path"], copy.deepcopy(operation["value"]), kind == "replace")
    elif kind == "move":
        _put(holder, operation["path"], _take(holder, operation["from"]), False)
    elif kind == "copy":
        parent, key = _place(holder, operation["from"])
        _put(holder, operation["path"], copy.deepcopy(parent[key]), False)
    else:
        raise ValueError(f"expected an operation of a JSON Patch, found {kind}")


def _take(holder: Dict[str, Any], path: str) -> Any:
    parent, key = _place(holder, path)
    return parent.pop(key)


def _put(holder: Dict[str, Any], path: str, value: Any, replaces: bool) -> None:
    parent, key = _place(holder, path)
    if isinstance(parent, list) and not replaces:
        parent.insert(key, value)
    else:
        parent[key] = value


def _place(holder: Dict[str, Any], path: str) -> Tuple[Any, Any]:
    \"\"\"What holds the place that a JSON Pointer names, and its key or index there.\"\"\"
    parts = [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")]
    parent: Any = holder
    for part in parts[:-1]:
        parent = parent[_key(parent, part)]
    return parent, _key(parent, parts[-1])


def _key(parent: Any, part: str) -> Any:
    if not isinstance(parent, list):
        return part
    return len(parent) if part == "-" else int(part)


_MAX_LINES = 5000
_MAX_PAIRS = 4_000_000


def _lines(text: str) -> List[str]:
    return re.findall(r"[^\\n]*\\n|[^\\n]+", text)


def _line_edits(before: List[str], after: List[str]) -> List[List[Any]]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return [[i, j - i, after[k:n]] for kind, i, j, k, n in matcher.get_opcodes() if kind != "equal"]


def _apply_lines(before: str, edits: List[List[Any]]) -> str:
    lines = _lines(before)
    for at, removed, added in reversed(edits):
        lines[at : at + removed] = added
    return "".join(lines)
""",
    "_version_content": """\
\"\"\"The content of versions: as bytes and back, its checksum, and the metadata beside it.\"\"\"

from __future__ import annotations

import enum
import hashlib
import json
import pickle
import time
import uuid
from datetime import datetime, timezone
from typing import Any, Dict, List, Optional, Sequence, Type

from ._patch import same_json
from ._text import special_name


class PersistenceError(Exception):
    \"\"\"What went wrong with stored data.\"\"\"


class DataIntegrityError(PersistenceError):
    \"\"\"Stored data is not what was saved.\"\"\"


class SnapshotError(PersistenceError):
    \"\"\"A snapshot could not be written or read.\"\"\"


class VersioningError(SnapshotError):
    \"\"\"A version cannot have this name, or has it already.\"\"\"


class SnapshotNotFoundError(SnapshotError):
    \"\"\"There is no such snapshot.\"\"\"


class DeltaStrategy(str, enum.Enum):
    \"\"\"How differences are kept; here all but NONE are JSON Patches, kept where they are smaller than the whole.\"\"\"

    BINARY = "binary"
    DICT = "dict"
    COMPRESS = "compress"
    AUTO = "auto"
    NONE = "none"


class SnapshotMetadata:
    \"\"\"What is known of a snapshot beside its data.\"\"\"

    def __init__(
        self,
        version: Optional[str] = None,
        tags: Optional[Sequence[str]] = None,
        description: Optional[str] = None,
        user_info: Optional[Dict[str, Any]] = None,
    ) -> None:
        self.version = version or f"v{time.time():.0f}-{uuid.uuid4().hex[:8]}"
        self.created_at = datetime.now(timezone.utc).isoformat()
        self.tags = list(tags or [])
        self.description = description or ""
        self.user_info = dict(user_info or {})
        self.checksum: Optional[str] = None
        self.size_bytes = 0
        self.entry_count = 0
        self.others: Dict[str, Any] = {}

    def to_dict(self) -> Dict[str, Any]:
        \"\"\"The metadata as its file has it.\"\"\"
        return {
            "version": self.version,
            "created_at": self.created_at,
            "tags": self.tags,
            "description": self.description,
            "user_info": self.user_info,
            "checksum": self.checksum,
            "size_bytes": self.size_bytes,
            "entry_count": self.entry_count,
            **self.others,
        }

    @classmethod
    def from_dict(cls, data: Dict[str, Any]) -> SnapshotMetadata:
        \"\"\"Metadata from what a file has; fields that nobody knows are kept.\"\"\"
        metadata = cls(data.get("version"), data.get("tags"), data.get("description"), data.get("user_info"))
        known = metadata.to_dict()
        metadata.created_at = data.get("created_at", metadata.created_at)
        metadata.checksum = data.get("checksum")
        metadata.size_bytes = data.get("size_bytes", 0)
        metadata.entry_count = data.get("entry_count", 0)
        metadata.others = {name: value for name, value in data.items() if name not in known and value is not None}
        return metadata

    def update_integrity_info(self, data: Any) -> None:
        \"\"\"Sets checksum, size and count from the data.\"\"\"
        self.checksum = checksum_of(data)
        self.size_bytes = len(serialized(data))
        self.entry_count = len(data) if isinstance(data, (dict, list)) else 0


def serialized(data: Any) -> bytes:
    \"\"\"The bytes of a data file: JSON, and Python's own form for what JSON cannot hold.\"\"\"
    if _is_json(data):
        return json.dumps(data).encode("ascii")
    return pickle.dumps(data)


def checksum_of(data: Any) -> str:
    \"\"\"As `daybook store` makes it, of the canonical JSON; of what JSON cannot hold as the original makes it.\"\"\"
    if _is_json(data):
        text = _canonical(json.loads(json.dumps(data)))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return _original_rule(data)


def _original_rule(data: Any) -> str:
    \"\"\"The original's rule: the JSON as Python prints it with sorted keys, or else how Python shows the value.\"\"\"
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest()
    try:
        text = data if isinstance(data, str) else json.dumps(data, sort_keys=True)
    except (TypeError, ValueError):
        text = repr(data)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def loaded(data: bytes) -> Any:
    \"\"\"The value in the bytes of a data file.\"\"\"
    try:
        return json.loads(data.decode("utf-8"))
    except ValueError:
        pass
    if data[:1] == b"\\x80":
        return pickle.loads(data)
    return data.decode("utf-8", "replace")  # a bare text, which the original writes and cannot read


def is_what_was_saved(data: Any, checksum: str) -> bool:
    \"\"\"By either rule. How Python shows a value may say where in memory it was, so of such data nothing is claimed.\"\"\"
    return not _is_json(data) or checksum in (checksum_of(data), _original_rule(data))


def _is_json(data: Any) -> bool:
    \"\"\"Whether a value is stored as JSON: what would come back as something else is not, at the top.\"\"\"
    try:
        json.dumps(data)
        return data is None or isinstance(data, (str, int, float, dict, list))
    except (TypeError, ValueError):
        return False


def _canonical(value: Any) -> str:
    \"\"\"RFC 8785: no spaces, keys sorted by their UTF-16, numbers as JavaScript writes them.\"\"\"
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{json.dumps(key, ensure_ascii=False)}:{_canonical(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_canonical(each) for each in value) + "]"
    if isinstance(value, float):
        return _canonical_number(value)
    return json.dumps(value, ensure_ascii=False)


def _canonical_number(value: float) -> str:
    if value - value != 0:
        return json.dumps(special_name(value))
    if abs(value) < 1e21 and value == int(value):
        return str(int(value))
    text = repr(value)
    mantissa, e, exponent = text.partition("e")
    if not e:
        return text
    if -6 <= int(exponent) < 0:
        digits = mantissa.replace(".", "").lstrip("-")
        sign = "-" if value < 0 else ""
        return f"{sign}0.{'0' * (-int(exponent) - 1)}{digits}"
    return f"{mantissa}e{'+' if int(exponent) > 0 else ''}{int(exponent)}"


class PlainUnpickler(pickle.Unpickler):
    \"\"\"Reads the original's deltas, which are maps; the one class in them names a strategy. Runs nothing.\"\"\"

    def find_class(self, module: str, name: str) -> Type[Any]:
        if name == "DeltaStrategy":
            return DeltaStrategy
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a delta")


def apply_original(before: Any, delta: Any) -> Any:
    \"\"\"Leads from a value to the next by a delta of the original.\"\"\"
    if not isinstance(before, dict) or not isinstance(delta, dict) or delta.get("is_binary_delta"):
        raise SnapshotError("only the original reads this delta")
    after = {**before, **delta.get("changes", {})}
    for key in delta.get("removed_keys", []):
        after.pop(key, None)
    return after


def differs(one: Any, other: Any) -> bool:
    \"\"\"Whether two values are not the same, whatever they are.\"\"\"
    try:
        return not same_json(one, other)
    except (TypeError, ValueError):
        try:
            return bool(one != other)
        except ValueError:  # arrays say it element by element
            return repr(one) != repr(other)


def delta_info(before: Any, after: Any) -> Dict[str, Any]:
    \"\"\"What the original says of a difference between two maps; other values differ as a whole.\"\"\"
    changes: Dict[Any, Any] = {}
    removed: List[Any] = []
    if isinstance(before, dict) and isinstance(after, dict):
        changes = {key: value for key, value in after.items() if key not in before or differs(before[key], value)}
        removed = [key for key in before if key not in after]
    elif differs(before, after):
        changes = {"": after}
    size = len(json.dumps({"changes": changes, "removed_keys": removed}, sort_keys=True, default=repr))
    return {
        "changes": changes,
        "removed_keys": removed,
        "unchanged_keys": [],
        "unchanged": {},
        "is_full_snapshot": False,
        "strategy": "dict",
        "original_size": size,
        "compressed_size": size,
        "compression_ratio": 1.0,
    }
""",
    "_version_files": """\
\"\"\"The files of a store of versions, in the layout of Framework0 and `daybook store`.\"\"\"

from __future__ import annotations

import contextlib
import copy
import io
import json
import os
import sqlite3
import threading
from typing import Any, Dict, Iterator, List, Tuple

from ._files import write_whole
from ._patch import apply_delta
from ._version_content import (
    PlainUnpickler,
    SnapshotError,
    SnapshotMetadata,
    SnapshotNotFoundError,
    apply_original,
    loaded,
    serialized,
)


class VersionFiles:
    \"\"\"Reads and writes them; metadata/ is the truth of what versions there are.\"\"\"

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._guard = threading.RLock()
        self._holds = False
        try:
            for name in ("data", "metadata"):
                os.makedirs(os.path.join(folder, name), exist_ok=True)
        except OSError as trouble:
            raise SnapshotError(f"Failed to initialize snapshot storage: {trouble}") from trouble

    def delete(self, version: str) -> None:
        \"\"\"Deletes a version; what leads on from it is stored whole first.\"\"\"
        self.metadata(version)
        for each in self.all():
            chain = each.others.get("chain", [])
            if each.user_info.get("delta_base_version") == version:
                data = self.content(each, set())
                write_whole(self.path("data", each.version, ".data"), serialized(data))
                each.user_info.pop("delta_base_version")
                each.others.pop("chain", None)
                self.write_metadata(each)
                self._drop("data", each.version, ".patch.json")
                self._drop("data", each.version, ".delta")
            elif version in chain:
                # Its chain begins with what was stored whole just now, or will be.
                each.others["chain"] = chain[chain.index(version) + 1 :]
                self.write_metadata(each)
        self.remove(version)

    def remove(self, version: str) -> None:
        \"\"\"Removes the files of a version: first its metadata, with which it is.\"\"\"
        self._drop("metadata", version, ".json")
        for ending in (".patch.json", ".data", ".delta"):
            self._drop("data", version, ending)

    def _drop(self, folder: str, version: str, ending: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path(folder, version, ending))

    def path(self, folder: str, version: str, ending: str) -> str:
        \"\"\"A file of a version. Raises SnapshotNotFoundError for what is no name.\"\"\"
        if os.path.basename(version) != version or version in ("", ".", ".."):
            raise SnapshotNotFoundError(f"Snapshot with version {version} not found")
        return os.path.join(self._folder, folder, version + ending)

    def metadata(self, version: str) -> SnapshotMetadata:
        \"\"\"The metadata of a version. Raises SnapshotNotFoundError.\"\"\"
        try:
            with open(self.path("metadata", version, ".json"), encoding="utf-8") as file:
                return SnapshotMetadata.from_dict({**json.load(file), "version": version})
        except FileNotFoundError:
            raise SnapshotNotFoundError(f"Snapshot with version {version} not found") from None
        except (OSError, ValueError, TypeError) as trouble:
            raise SnapshotError(f"Failed to read the metadata of {version}: {trouble}") from trouble

    def all(self) -> List[SnapshotMetadata]:
        \"\"\"All versions, oldest first; metadata/ is the truth, as for `daybook store`.\"\"\"
        try:
            names = [name[:-5] for name in os.listdir(os.path.join(self._folder, "metadata")) if name.endswith(".json")]
        except FileNotFoundError:
            return []
        found = []
        for name in names:
            with contextlib.suppress(SnapshotError):
                found.append(self.metadata(name))
        return sorted(found, key=age_of)

    def content(self, metadata: SnapshotMetadata, seen: "set[str]") -> Any:
        \"\"\"The data of a version, by way of its bases where it is a delta.\"\"\"
        version = metadata.version
        if version in seen:
            raise SnapshotError(f"the chain of {version} comes back to itself")
        whole = self.path("data", version, ".data")
        if os.path.exists(whole):
            with open(whole, "rb") as file:
                return loaded(file.read())
        base = metadata.user_info.get("delta_base_version")
        if not isinstance(base, str):
            raise SnapshotNotFoundError(f"Data for snapshot {version} not found")
        before = copy.deepcopy(self.content(self.metadata(base), {*seen, version}))
        patch = self.path("data", version, ".patch.json")
        if os.path.exists(patch):
            with open(patch, encoding="utf-8") as file_text:
                return apply_delta(before, file_text.read())
        with open(self.path("data", version, ".delta"), "rb") as file:
            return apply_original(before, PlainUnpickler(io.BytesIO(file.read())).load())

    def write_metadata(self, metadata: SnapshotMetadata) -> None:
        \"\"\"Puts the metadata of a version in place.\"\"\"
        text = json.dumps(metadata.to_dict(), indent=2, ensure_ascii=False) + "\\n"
        write_whole(self.path("metadata", metadata.version, ".json"), text.encode("utf-8", "surrogatepass"))

    def write_registry(self) -> None:
        \"\"\"The list that the original reads; what others keep in it stays.\"\"\"
        path = os.path.join(self._folder, "registry.json")
        others: Dict[str, Any] = {}
        with contextlib.suppress(OSError, ValueError, AttributeError), open(path, encoding="utf-8") as file:
            others = {name: value for name, value in json.load(file).items() if name != "snapshots"}
        registry = {"snapshots": {each.version: each.to_dict() for each in self.all()}, **others}
        write_whole(path, (json.dumps(registry, indent=2) + "\\n").encode("utf-8"))

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        \"\"\"The lock of `daybook store` on the same file: it ends with its holder and never by time.\"\"\"
        folder = os.path.join(self._folder, ".daybook")
        with self._guard:
            if self._holds:
                yield
                return
            os.makedirs(folder, exist_ok=True)
            try:
                connection = sqlite3.connect(
                    os.path.join(folder, "lock.db"), timeout=60, isolation_level=None, check_same_thread=False
                )
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as trouble:
                raise SnapshotError(f"the store is locked: {trouble}") from trouble
            self._holds = True
            try:
                yield
            finally:
                self._holds = False
                connection.close()


def age_of(metadata: SnapshotMetadata) -> Tuple[str, str]:
    \"\"\"By what versions are in order: when they were made, then their names.\"\"\"
    return metadata.created_at, metadata.version
""",
    "barrot": """\
\"\"\"Barrot's snapshots: `from daybook.barrot import BarrotSnapshotGenerator, SnapshotViewer`.\"\"\"

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

from ._actions import write_action
from ._book import book_root
from ._command import DaybookError, call
from ._files import write_whole
from ._text import plain, write_document

__all__ = ["BarrotSnapshotGenerator", "SnapshotViewer", "generator_main", "viewer_main"]


def _folder(base_dir: Any) -> Path:
    return Path(book_root() if base_dir is None else base_dir).absolute()


class BarrotSnapshotGenerator:
    \"\"\"Records actions and takes periodic snapshots.\"\"\"

    def __init__(self, base_dir: Any = None) -> None:
        self.base_dir = _folder(base_dir)
        self.snapshots_dir = self.base_dir / "snapshots"
        self.memory_bundles_dir = self.base_dir / "memory-bundles"
        self.snapshots_dir.mkdir(exist_ok=True)

    def generate_action_snapshot(
        self, action_type: str, action_details: Any, status: str = "executing"
    ) -> Tuple[str, Dict[str, Any]]:
        \"\"\"Records an action, in the log and in a file of its own as the original does; returns its id and all of it.\"\"\"
        line, is_kept = write_action(action_type, status, action_details, book=self.base_dir)
        id = str(line["snapshot_id"])
        if is_kept:
            try:
                write_whole(str(self.snapshots_dir / f"{id}.json"), write_document(line))
            except OSError:
                pass  # the log has it
        return id, line

    def generate_periodic_snapshot(self) -> Tuple[str, Dict[str, Any]]:
        \"\"\"Takes a periodic snapshot with all probes, by the `daybook` command; returns its id and all of it.\"\"\"
        snapshot: Dict[str, Any] = json.loads(call(["periodic", "--json", "--dir", str(self.base_dir)]))
        return str(snapshot["snapshot_id"]), snapshot

    def get_latest_snapshots(self, count: int = 10) -> List[Dict[str, Any]]:
        \"\"\"The newest snapshots that have a file of their own.\"\"\"
        newest = sorted(self._files(), key=lambda path: path.stat().st_mtime, reverse=True)
        return [found for found in (_read(path) for path in newest[:count]) if found is not None]

    def generate_snapshot_summary(self) -> Dict[str, Any]:
        \"\"\"How many snapshots there are, actions of the log included, and when the newest were written.\"\"\"
        actions: Dict[str, float] = {}
        periodic: Dict[str, float] = {}
        for path in self._files():
            kind = actions if path.name.startswith("action_") else periodic
            kind[path.stem] = path.stat().st_mtime
        for line in _log_lines(self.snapshots_dir):
            id, at = line.get("snapshot_id"), _seconds(line.get("timestamp"))
            if isinstance(id, str) and at is not None:
                actions.setdefault(id, at)
        return {
            "total_snapshots": len(actions) + len(periodic),
            "action_snapshots": len(actions),
            "periodic_snapshots": len(periodic),
            "latest_action": max(actions.values(), default=None),
            "latest_periodic": max(periodic.values(), default=None),
        }

    def _files(self) -> List[Path]:
        names = [path for path in self.snapshots_dir.glob("*.json") if path.name != "latest_periodic.json"]
        return [path for path in names if path.name.startswith(("action_", "periodic_"))]


class SnapshotViewer:
    \"\"\"Prints what was recorded.\"\"\"

    def __init__(self, base_dir: Any = None) -> None:
        self.base_dir = _folder(base_dir)
        self.snapshots_dir = self.base_dir / "snapshots"

    def view_latest_periodic(self) -> None:
        \"\"\"Prints the newest periodic snapshot.\"\"\"
        snapshot = _read(self.snapshots_dir / "latest_periodic.json")
        if snapshot is None:
            print("No periodic snapshot found yet.")
        else:
            self._display_snapshot(snapshot)

    def view_latest_actions(self, count: int = 10) -> None:
        \"\"\"Prints the newest actions, newest first.\"\"\"
        lines = list(_log_lines(self.snapshots_dir))
        if not lines:
            print("No action log found yet.")
            return
        recent = lines[-count:] if count > 0 else []
        print(f"\\n{'=' * 80}\\nLATEST {len(recent)} ACTIONS\\n{'=' * 80}\\n")
        for line in reversed(recent):
            self._display_action_summary(line)

    def view_all_snapshots(self) -> None:
        \"\"\"Lists the files of all snapshots, newest first.\"\"\"
        files = [path for path in self.snapshots_dir.glob("*.json") if path.name != "latest_periodic.json"]
        files.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        print(f"\\n{'=' * 80}\\nALL SNAPSHOTS ({len(files)} total)\\n{'=' * 80}\\n")
        for path in files:
            stat = path.stat()
            print(f"📄 {path.name}\\n   Modified: {datetime.fromtimestamp(stat.st_mtime)}\\n   Size: {stat.st_size} bytes\\n")

    def view_snapshot_by_id(self, snapshot_id: str) -> None:
        \"\"\"Prints one snapshot; actions are found in the log, too.\"\"\"
        snapshot = _read(self.snapshots_dir / f"{os.path.basename(snapshot_id)}.json")
        if snapshot is None:
            for line in _log_lines(self.snapshots_dir):
                if line.get("snapshot_id") == snapshot_id:
                    snapshot = line
        if snapshot is None:
            print(f"Snapshot not found: {snapshot_id}")
        else:
            self._display_snapshot(snapshot)

    def generate_dashboard_html(self, output_file: str = "snapshot_dashboard.html") -> Path:
        \"\"\"Builds the dashboard with the `daybook` command, and a page under the original's name that leads to it.\"\"\"
        call(["build", "--quiet", "--dir", str(self.base_dir)])
        path = self.base_dir / output_file
        target = os.path.relpath(self.base_dir / "dashboard" / "index.html", path.parent).replace(os.sep, "/")
        write_whole(str(path), _LEADS_TO.format(target=target).encode("utf-8"))
        print(f"Dashboard generated: {path}")
        return path

    def _display_snapshot(self, snapshot: Dict[str, Any]) -> None:
        print(f"\\n{'=' * 80}\\nSNAPSHOT: {snapshot.get('snapshot_id', 'UNKNOWN')}\\n{'=' * 80}")
        print(f"Type: {snapshot.get('snapshot_type', 'UNKNOWN')}\\nTimestamp: {snapshot.get('timestamp', 'UNKNOWN')}\\n")
        action = snapshot.get("action")
        if snapshot.get("snapshot_type") == "action" and isinstance(action, dict):
            print("ACTION DETAILS:")
            print(f"  Type: {action.get('type', 'UNKNOWN')}\\n  Status: {action.get('status', 'UNKNOWN')}")
            print(f"  Started: {action.get('started_at', 'UNKNOWN')}\\n  Details:")
            _print_members(action.get("details"), "    ")
        else:
            for name in ("system_state", "build_state", "rail_status", "cognitive_state"):
                print(f"\\n{name.replace('_', ' ').upper()}:")
                _print_members(snapshot.get(name), "  ")
            print("\\nTASK PROGRESS:")
            progress = snapshot.get("task_progress")
            recent = progress.get("recent_activities") if isinstance(progress, dict) else None
            if isinstance(recent, list):
                print(f"  Recent activities ({len(recent)}):")
                for activity in recent[:5]:
                    print(f"    - {activity}")
        print(f"\\n{'=' * 80}\\n")

    def _display_action_summary(self, line: Dict[str, Any]) -> None:
        action = line.get("action")
        data: Dict[str, Any] = action if isinstance(action, dict) else {}
        icon = {"executing": "⏳", "completed": "✅", "failed": "❌"}.get(str(data.get("status")), "❓")
        print(f"{icon} {line.get('timestamp', 'UNKNOWN')}")
        print(f"   Type: {data.get('type', 'UNKNOWN')}\\n   Status: {data.get('status', 'UNKNOWN')}")
        details = data.get("details")
        if isinstance(details, dict):
            for key, value in list(details.items())[:2]:
                print(f"   {key}: {value}")
        print()


_LEADS_TO = \"\"\"<!DOCTYPE html>
<html lang="en">
<head><meta charset="UTF-8"><title>Dashboard</title><meta http-equiv="refresh" content="0; url={target}"></head>
<body><p><a href="{target}">The dashboard</a></p></body>
</html>
\"\"\"


def _print_members(value: Any, indent: str) -> None:
    if not isinstance(value, dict):
        if value not in (None, [], ""):
            print(f"{indent}{value}")
        return
    for key, member in value.items():
        text = ", ".join(str(each) for each in member) if isinstance(member, list) else member
        print(f"{indent}{key}: {text}")


def _read(path: Path) -> Optional[Dict[str, Any]]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _log_lines(folder: Path) -> Iterator[Dict[str, Any]]:
    \"\"\"The records of the log; what cannot be read is left out here, `daybook doctor` names it.\"\"\"
    for path in sorted(folder.glob("action_log*.jsonl"), key=lambda path: (path.name == "action_log.jsonl", path.name)):
        with open(path, "rb") as file:
            for line in file:
                try:
                    found = json.loads(line)
                except ValueError:
                    continue
                if isinstance(found, dict):
                    yield found


def _seconds(timestamp: Any) -> Optional[float]:
    try:
        return datetime.fromisoformat(str(timestamp).replace("Z", "+00:00")).timestamp()
    except ValueError:
        return None


def generator_main(arguments: Optional[Sequence[str]] = None) -> int:
    \"\"\"The command line of snapshot_generator.py: `sys.exit(generator_main())` in a file of that name.\"\"\"
    words = list(sys.argv[1:] if arguments is None else arguments)
    usage = "Usage:\\n  action <type> <details_json>\\n  periodic\\n  summary"
    if not words or words[0] in ("-h", "--help"):
        print(usage)
        return 0 if words else 1
    generator = BarrotSnapshotGenerator()
    if words[0] == "action" and len(words) > 2:
        try:
            details = json.loads(words[2])
        except ValueError:
            details = {"description": words[2]}
        id, snapshot = generator.generate_action_snapshot(words[1], details)
        _print_document(f"Generated action snapshot: {id}", plain(snapshot))
    elif words[0] == "periodic":
        try:
            id, snapshot = generator.generate_periodic_snapshot()
        except DaybookError as trouble:
            print(f"Error: {trouble}")
            return 1
        _print_document(f"Generated periodic snapshot: {id}", snapshot)
    elif words[0] == "summary":
        _print_document("Snapshot Summary:", generator.generate_snapshot_summary())
    else:
        print("Error: action command requires type and details" if words[0] == "action" else f"Unknown command: {words[0]}")
        return 1
    return 0


def _print_document(heading: str, document: Any) -> None:
    \"\"\"The heading is for people: what goes into a pipe is JSON alone.\"\"\"
    print(heading, file=sys.stdout if sys.stdout.isatty() else sys.stderr, flush=True)
    print(json.dumps(document, indent=2))


def viewer_main(arguments: Optional[Sequence[str]] = None) -> int:
    \"\"\"The command line of snapshot_viewer.py: `sys.exit(viewer_main())` in a file of that name.\"\"\"
    words = list(sys.argv[1:] if arguments is None else arguments)
    usage = "Usage:\\n  latest\\n  actions [N]\\n  all\\n  view <id>\\n  dashboard"
    if not words or words[0] in ("-h", "--help"):
        print(usage)
        return 0 if words else 1
    viewer = SnapshotViewer()
    if words[0] == "latest":
        viewer.view_latest_periodic()
    elif words[0] == "actions":
        viewer.view_latest_actions(int(words[1]) if len(words) > 1 else 10)
    elif words[0] == "all":
        viewer.view_all_snapshots()
    elif words[0] == "view" and len(words) > 1:
        viewer.view_snapshot_by_id(words[1])
    elif words[0] == "dashboard":
        viewer.generate_dashboard_html()
    else:
        print("Error: view command requires snapshot ID" if words[0] == "view" else f"Unknown command: {words[0]}")
        return 1
    return 0
""",
    "crackseg": """\
\"\"\"CrackSeg's ExperimentTracker, written safely beside other processes: `from daybook.crackseg import ExperimentTracker`.\"\"\"

from __future__ import annotations

import copy
import dataclasses
import os
from datetime import datetime
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from ._book import book_path, inside, root_near, tell
from ._changes import (
    Change,
    add_artifact,
    add_tags,
    remove_tags,
    set_config,
    set_description,
    set_error,
    set_progress,
    set_source,
    set_status,
    take_best,
)
from ._experiment import change_experiment, new_experiment, read_experiment
from ._files import digest_of
from ._text import as_number, config_map, iso_micros, now_us

__all__ = ["ExperimentMetadata", "ExperimentTracker"]


def _now() -> str:
    return datetime.now().isoformat()


@dataclasses.dataclass
class ExperimentMetadata:
    \"\"\"What experiment_tracker.json holds.\"\"\"

    experiment_id: str
    experiment_name: str
    timestamp: str = dataclasses.field(default_factory=_now)
    status: str = "created"
    description: str = ""
    tags: List[str] = dataclasses.field(default_factory=list)
    config_hash: str = ""
    config_summary: Dict[str, Any] = dataclasses.field(default_factory=dict)
    python_version: str = ""
    pytorch_version: str = ""
    platform: str = ""
    cuda_available: bool = False
    cuda_version: str = ""
    total_epochs: int = 0
    current_epoch: int = 0
    best_metrics: Dict[str, float] = dataclasses.field(default_factory=dict)
    training_time_seconds: float = 0.0
    artifact_ids: List[str] = dataclasses.field(default_factory=list)
    checkpoint_paths: List[str] = dataclasses.field(default_factory=list)
    metric_files: List[str] = dataclasses.field(default_factory=list)
    visualization_files: List[str] = dataclasses.field(default_factory=list)
    git_commit: str = ""
    git_branch: str = ""
    git_dirty: bool = False
    hostname: str = ""
    username: str = ""
    memory_gb: float = 0.0
    gpu_info: Dict[str, Any] = dataclasses.field(default_factory=dict)
    created_at: str = dataclasses.field(default_factory=_now)
    started_at: str = ""
    completed_at: str = ""
    updated_at: str = dataclasses.field(default_factory=_now)

    def to_dict(self) -> Dict[str, Any]:
        \"\"\"Everything, as JSON holds it.\"\"\"
        return dataclasses.asdict(self)

    def update_timestamp(self) -> None:
        \"\"\"Sets updated_at.\"\"\"
        self.updated_at = _now()


_fields = {field.name for field in dataclasses.fields(ExperimentMetadata)}


class ExperimentTracker:
    \"\"\"
    Metadata, progress and artifacts of an experiment. Every call is one safe step on its file, which keeps the original's
    keys; what the original drops (types, descriptions and tags of artifacts, the configuration, the history of the status)
    stands beside it.
    \"\"\"

    def __init__(
        self,
        experiment_dir: Any,
        experiment_id: str,
        experiment_name: str,
        config: Any = None,
        auto_save: bool = True,
    ) -> None:
        self.experiment_dir = Path(experiment_dir)
        self.experiment_id = experiment_id
        self.experiment_name = experiment_name
        self.config = config
        self.auto_save = auto_save
        self._root = root_near(self.experiment_dir)
        self._folder = os.path.abspath(self.experiment_dir)
        self._beside: Dict[str, Any] = {}
        self._unsaved: List[Change] = []
        create = new_experiment(self._root, experiment_id, experiment_name)
        is_new = not self.metadata_file.exists()
        changes: List[Change] = [set_config(config_map(config))] if config is not None and is_new else []
        self._create = create
        self._main: Dict[str, Any] = {}
        if not is_new:
            self._read()
        if not self._main:
            self._main = create(iso_micros(now_us()))
        if is_new:
            self._apply(changes)

    @property
    def metadata_file(self) -> Path:
        \"\"\"The file of the experiment.\"\"\"
        return self.experiment_dir / "experiment_tracker.json"

    @property
    def metadata(self) -> ExperimentMetadata:
        \"\"\"The experiment as it is now.\"\"\"
        return ExperimentMetadata(**{name: copy.deepcopy(self._main[name]) for name in _fields & self._main.keys()})

    def start_experiment(self) -> None:
        \"\"\"Marks it as running, by this process.\"\"\"
        self._apply([set_status("running"), set_source(False)])

    def complete_experiment(self) -> None:
        \"\"\"Marks it as completed.\"\"\"
        self._apply([set_status("completed")])

    def fail_experiment(self, error_message: str = "") -> None:
        \"\"\"Marks it as failed; the error stands behind the description, too.\"\"\"
        self._apply([set_status("failed"), set_error(str(error_message), "failed")])

    def abort_experiment(self) -> None:
        \"\"\"Marks it as aborted.\"\"\"
        self._apply([set_status("aborted")])

    def update_training_progress(
        self,
        current_epoch: int,
        total_epochs: int,
        best_metrics: Optional[Dict[str, float]] = None,
        training_time_seconds: Optional[float] = None,
    ) -> None:
        \"\"\"Takes down how far training is, with the best metrics so far.\"\"\"
        changes = [set_progress(current_epoch, total_epochs, training_time_seconds)]
        if best_metrics:
            numbers = {str(name): as_number(value) for name, value in best_metrics.items()}
            changes.append(take_best({name: value for name, value in numbers.items() if value is not None}, {}))
        self._apply(changes)

    def add_artifact(
        self,
        artifact_id: str,
        artifact_type: str,
        file_path: Any,
        description: str = "",
        tags: Optional[Sequence[str]] = None,
    ) -> None:
        \"\"\"Adds an artifact, with size and digest where the file is there already.\"\"\"
        given = os.fspath(file_path)
        absolute = os.path.abspath(given)
        size, digest = None, None
        try:
            size, digest = digest_of(absolute)
        except OSError:
            pass  # the original does not look either; readers say what is missing
        is_address = "://" in given
        place = given if is_address or not inside(self._root, absolute) else book_path(self._root, absolute)
        change = add_artifact(
            str(artifact_id), str(artifact_type), place, size, digest, description, list(tags or []), listed=given
        )
        self._apply([change])

    def get_artifacts_by_type(self, artifact_type: str) -> List[str]:
        \"\"\"The paths of all artifacts of a type; the original knows checkpoint, metrics and visualization.\"\"\"
        lists = {"checkpoint": "checkpoint_paths", "metrics": "metric_files", "visualization": "visualization_files"}
        if artifact_type in lists:
            return list(self._main.get(lists[artifact_type]) or [])
        artifacts = self._beside.get("artifacts") or []
        return [each["path"] for each in artifacts if each.get("type") == artifact_type and each.get("path")]

    def get_experiment_summary(self) -> Dict[str, Any]:
        \"\"\"The summary of the original.\"\"\"
        names = (
            "experiment_id experiment_name status description tags created_at started_at completed_at total_epochs"
            " current_epoch best_metrics training_time_seconds artifact_count config_hash"
        ).split(" ")
        whole = {**self.metadata.to_dict(), "artifact_count": len(self._main.get("artifact_ids") or [])}
        return {name: whole[name] for name in names}

    def get_metadata(self) -> ExperimentMetadata:
        \"\"\"The experiment as it is now.\"\"\"
        return self.metadata

    def get_metadata_dict(self) -> Dict[str, Any]:
        \"\"\"The same as a map.\"\"\"
        return self.metadata.to_dict()

    def update_description(self, description: str) -> None:
        \"\"\"Replaces the description.\"\"\"
        self._apply([set_description(str(description))])

    def add_tags(self, tags: Sequence[str]) -> None:
        \"\"\"Adds tags that are not there yet.\"\"\"
        self._apply([add_tags([str(tag) for tag in tags])])

    def remove_tags(self, tags: Sequence[str]) -> None:
        \"\"\"Takes tags away.\"\"\"
        self._apply([remove_tags([str(tag) for tag in tags])])

    def save(self) -> None:
        \"\"\"Writes what waits where auto_save is off.\"\"\"
        waiting, self._unsaved = self._unsaved, []
        self._write(waiting)

    _save_metadata = save

    def _apply(self, changes: Sequence[Change]) -> None:
        if self.auto_save:
            self._write(changes)
            return
        self._unsaved += changes
        now = iso_micros(now_us())
        for change in changes:
            change(self._main, self._beside, now)
        self._main["updated_at"] = now

    def _write(self, changes: Sequence[Change]) -> None:
        try:
            change_experiment(self._root, self._folder, changes, self._create)
            self._read()
        except Exception as trouble:  # what cannot be recorded must not stop the training
            now = iso_micros(now_us())
            for change in changes:
                change(self._main, self._beside, now)
            tell(f"tracker {self._folder}", f"{self.metadata_file} is not recorded as it should be: {trouble}")

    def _read(self) -> None:
        try:
            main, beside = read_experiment(self._folder)
        except (OSError, ValueError) as trouble:
            tell(f"tracker {self._folder}", f"{self.metadata_file} cannot be read: {trouble}")
            return
        if main:
            self._main, self._beside = main, beside
""",
    "flexlock": """\
\"\"\"FlexLock's snapshot, issued by the `daybook` command: `from daybook.flexlock import snapshot`.\"\"\"

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence

from ._book import root_near, tell
from ._command import DaybookError, call, issue_receipt, named
from ._text import config_map, dump_json

__all__ = ["FlexLockError", "FlexLockSnapshotError", "FlexLockValidationError", "snapshot"]


class FlexLockError(DaybookError):
    \"\"\"What went wrong; the original's name.\"\"\"


class FlexLockSnapshotError(FlexLockError):
    \"\"\"No receipt could be issued.\"\"\"


class FlexLockValidationError(FlexLockError, ValueError):
    \"\"\"The arguments do not say where the receipt goes, or call two things by one name.\"\"\"


def snapshot(
    config: Any = None,
    repos: Any = None,
    data: Any = None,
    prevs: Any = None,
    snapshot_path: Any = None,
    merge: bool = False,
    commit: bool = True,
    commit_branch: str = "",
    commit_message: str = "",
    mlflowlink: bool = False,
    resolve: bool = True,
    prevs_from_data: bool = True,
    force: bool = False,
    save_config: Optional[str] = None,
    *,
    cfg: Any = None,
    parent_lock: Any = None,
    save_path: Any = None,
    return_snapshot: bool = False,
) -> Optional[Dict[str, Any]]:
    \"\"\"
    Writes run.lock with the state of a run, with the arguments of every version of the original (`cfg`, `save_path` and
    `return_snapshot` are the later ones). Code is always kept by a ref of its own: branches are never committed to, and
    so `commit`, `commit_branch`, `commit_message`, `mlflowlink`, `resolve` and `force` change nothing. A run.lock that is
    there is replaced, as the original does, and kept in replaced/ below it.
    \"\"\"
    given = cfg if config is None else config
    settings: Dict[str, Any] = {} if given is None else config_map(given)
    lock = _place(settings, snapshot_path, save_path)
    if lock is None:
        return None
    code = _paths(repos, "repos")
    inputs = _paths(data, "data")
    stages = _stages(prevs, list(named(inputs)) if prevs_from_data else [])
    try:
        if return_snapshot:
            return _issued(settings, code, inputs, stages, parent_lock)
        if save_config in ("resolved", "unresolved"):
            lock.parent.mkdir(parents=True, exist_ok=True)
            (lock.parent / "config.yaml").write_text(json.dumps(settings, indent=2, ensure_ascii=False) + "\\n", "utf-8")
        issue_receipt(
            settings if given is not None else None,
            code,
            inputs,
            stages,
            lock,
            merge=merge and lock.exists(),
            replace=lock.exists() and not merge,
            parent=parent_lock,
            book=root_near(lock),
        )
    except DaybookError as trouble:
        raise FlexLockSnapshotError(str(trouble)) from trouble
    return None


def _place(settings: Mapping[str, Any], snapshot_path: Any, save_path: Any) -> Optional[Path]:
    if snapshot_path is not None:
        return Path(os.fspath(snapshot_path)).absolute()
    folder = save_path if save_path is not None else settings.get("save_dir")
    if folder is None:
        raise FlexLockValidationError("either snapshot_path must be given or config must have a save_dir")
    return (Path(os.fspath(folder)) / "run.lock").absolute()


def _paths(given: Any, what: str) -> Dict[str, str]:
    \"\"\"One path, a list or a map, as a map: the name is the last part of the path, and two of one name are an error.\"\"\"
    if not given:
        return {}
    if isinstance(given, Mapping):
        return {str(name): _path_in(path) for name, path in given.items()}
    paths: Sequence[Any] = given if isinstance(given, (list, tuple)) else [given]
    found: Dict[str, str] = {}
    for path in paths:
        text = _path_in(path)
        name = os.path.basename(os.path.abspath(text)) or "root"
        if name in found:
            raise FlexLockValidationError(f"two {what} are called {name}: give each a name of its own, {{name: path}}")
        found[name] = text
    return found


def _path_in(given: Any) -> str:
    \"\"\"Later versions of the original have {path, include, exclude}; what counts as code is asked when receipts are compared.\"\"\"
    if isinstance(given, Mapping):
        if given.get("include") or given.get("exclude"):
            tell("include", "include and exclude of repos are not recorded: receipts hold the whole work tree.")
        return str(os.fspath(given["path"]))
    return str(os.fspath(given))


def _stages(prevs: Any, silent: List[str]) -> List[str]:
    \"\"\"The previous stages that have a run.lock at or above the path; what has none is told and left out, as in the original.\"\"\"
    asked = [] if prevs is None else [prevs] if isinstance(prevs, (str, os.PathLike)) else list(prevs)
    found: Dict[str, None] = {}
    for path in asked:
        lock = _lock_above(os.fspath(path))
        if lock is None:
            tell(f"stage {path}", f"no run.lock of a previous stage at or above {path}; it is left out.")
        else:
            found[lock] = None
    for entry in silent:
        lock = _lock_above(entry.partition("=")[2])
        if lock is not None:
            found[lock] = None
    return list(found)


def _lock_above(path: str) -> Optional[str]:
    folder = os.path.abspath(path)
    while True:
        lock = os.path.join(folder, "run.lock")
        if os.path.isfile(lock):
            return lock
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def _issued(
    settings: Dict[str, Any], code: Dict[str, str], inputs: Dict[str, str], stages: List[str], parent: Any
) -> Dict[str, Any]:
    \"\"\"The receipt as a map, of which no file is left.\"\"\"
    with tempfile.TemporaryDirectory(prefix="daybook-receipt-") as folder:
        config = os.path.join(folder, "config.json")
        Path(config).write_text(dump_json(settings), "utf-8")
        arguments = ["lock", "--json", "--dir", root_near("."), "--out", os.path.join(folder, "run.lock"), "--config", config]
        for option, paths in (("--repo", named(code)), ("--data", named(inputs)), ("--prev", stages)):
            for path in paths:
                arguments += [option, path]
        if parent is not None:
            arguments += ["--parent", os.fspath(parent)]
        receipt: Dict[str, Any] = json.loads(call(arguments))
        receipt.pop("file", None)
        return receipt
""",
    "framework0": """\
\"\"\"Framework0's SnapshotManager on the store of versions that `daybook store` has: `from daybook.framework0 import SnapshotManager`.\"\"\"

from __future__ import annotations

import enum
import json
import os
import pickle
import re
from datetime import datetime, timezone
from typing import Any, Dict, List, Optional, Sequence, Tuple

from ._book import book_root
from ._files import write_whole
from ._patch import make_delta
from ._version_content import (
    DataIntegrityError,
    DeltaStrategy,
    PersistenceError,
    SnapshotError,
    SnapshotMetadata,
    SnapshotNotFoundError,
    VersioningError,
    delta_info,
    differs,
    is_what_was_saved,
    serialized,
)
from ._version_files import VersionFiles, age_of

__all__ = [
    "DataIntegrityError",
    "DeltaStrategy",
    "PersistenceError",
    "SnapshotError",
    "SnapshotManager",
    "SnapshotMetadata",
    "SnapshotNotFoundError",
    "StorageBackend",
    "VersioningError",
    "create_snapshot_manager",
]

_LONGEST_CHAIN = 10
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,119}\\Z")


class StorageBackend(str, enum.Enum):
    \"\"\"Where snapshots are kept; only the file system is there, as in the original.\"\"\"

    FILE_SYSTEM = "file_system"
    MEMORY = "memory"
    DATABASE = "database"


class SnapshotManager:
    \"\"\"
    Versions of data with tags and deltas, in the folder that the original lays out, under the lock of `daybook store`. Without
    a folder it is the store of the book, snapshots/store. Nothing is overwritten: a version that is there stays as it is.
    \"\"\"

    def __init__(
        self,
        base_path: Optional[Any] = None,
        storage_backend: str = StorageBackend.FILE_SYSTEM,
        delta_strategy: str = DeltaStrategy.AUTO,
        max_snapshots: int = 0,
    ) -> None:
        if storage_backend != StorageBackend.FILE_SYSTEM:
            raise SnapshotError(f"Failed to initialize snapshot storage: Unsupported storage backend: {storage_backend}")
        place = os.path.join(book_root(), "snapshots", "store") if base_path is None else os.fspath(base_path)
        self.base_path = str(place)
        self.storage_backend = storage_backend
        self.delta_strategy = delta_strategy
        self.max_snapshots = max_snapshots
        self._files = VersionFiles(self.base_path)

    def create_snapshot(
        self,
        data: Any,
        tags: Optional[Sequence[str]] = None,
        description: Optional[str] = None,
        user_info: Optional[Dict[str, Any]] = None,
        version: Optional[str] = None,
    ) -> str:
        \"\"\"Saves data whole and returns the name of the version.\"\"\"
        metadata = SnapshotMetadata(version, tags, description, user_info)
        metadata.user_info.pop("delta_base_version", None)
        metadata.update_integrity_info(data)
        return self._save(metadata, ".data", serialized(data))

    def create_delta_snapshot(
        self,
        data: Any,
        base_version: Optional[str] = None,
        tags: Optional[Sequence[str]] = None,
        description: Optional[str] = None,
        user_info: Optional[Dict[str, Any]] = None,
        version: Optional[str] = None,
    ) -> str:
        \"\"\"Saves what changed since a version (the newest), or all of it where that is not smaller or a chain gets long.\"\"\"
        if base_version is None:
            newest = _newest(self._files.all())
            base_version = None if newest is None else newest.version
        if base_version is None:
            return self.create_snapshot(data, tags, description, user_info, version)
        before, base = self.get_snapshot(base_version)
        chain = [*base.others.get("chain", []), base_version]
        whole = serialized(data)
        delta = make_delta(before, data) if self.delta_strategy != DeltaStrategy.NONE else None
        is_small = delta is not None and len(delta.encode("utf-8", "surrogatepass")) * 2 <= len(whole)
        if delta is None or not is_small or len(chain) >= _LONGEST_CHAIN:
            return self.create_snapshot(data, tags, description, user_info, version)
        metadata = SnapshotMetadata(version, tags, description, {**(user_info or {}), "delta_base_version": base_version})
        metadata.update_integrity_info(data)
        metadata.others["chain"] = chain
        return self._save(metadata, ".patch.json", delta.encode("utf-8"))

    def get_snapshot(self, version_id: str) -> Tuple[Any, SnapshotMetadata]:
        \"\"\"The data and metadata of a version, whole or delta. What is not what was saved is not given.\"\"\"
        metadata = self._files.metadata(version_id)
        try:
            data = self._files.content(metadata, set())
        except (SnapshotError, DataIntegrityError):
            raise
        except Exception as trouble:
            raise SnapshotError(f"Failed to retrieve snapshot {version_id}: {trouble}") from trouble
        if metadata.checksum is not None and not is_what_was_saved(data, metadata.checksum):
            raise SnapshotError(f"Failed to retrieve snapshot {version_id}: its data is not what was saved")
        return data, metadata

    get_delta_snapshot = get_snapshot

    def get_latest_snapshot(self) -> Tuple[Any, SnapshotMetadata]:
        \"\"\"The newest version.\"\"\"
        newest = _newest(self._files.all())
        if newest is None:
            raise SnapshotNotFoundError("No snapshots found")
        return self.get_snapshot(newest.version)

    def get_snapshot_by_tag(self, tag: str, latest: bool = True) -> Tuple[Any, SnapshotMetadata]:
        \"\"\"The newest version with a tag, or the oldest.\"\"\"
        tagged = sorted((each for each in self._files.all() if tag in each.tags), key=age_of)
        if not tagged:
            raise SnapshotNotFoundError(f"No snapshots found with tag '{tag}'")
        return self.get_snapshot(tagged[-1 if latest else 0].version)

    def list_snapshots(self) -> List[Dict[str, Any]]:
        \"\"\"The metadata of all versions, oldest first.\"\"\"
        return [metadata.to_dict() for metadata in self._files.all()]

    def list_versions(self) -> List[str]:
        \"\"\"The names of all versions, oldest first.\"\"\"
        return [metadata.version for metadata in self._files.all()]

    def list_tags(self) -> Dict[str, int]:
        \"\"\"All tags with how many versions have them.\"\"\"
        counts: Dict[str, int] = {}
        for metadata in self._files.all():
            for tag in metadata.tags:
                counts[tag] = counts.get(tag, 0) + 1
        return counts

    def tag_snapshot(self, version_id: str, tags: Sequence[str]) -> None:
        \"\"\"Adds tags to a version.\"\"\"
        with self._files.lock():
            metadata = self._files.metadata(version_id)
            metadata.tags += [tag for tag in dict.fromkeys(tags) if tag not in metadata.tags]
            self._files.write_metadata(metadata)
            self._files.write_registry()

    def untag_snapshot(self, version_id: str, tags: Sequence[str]) -> None:
        \"\"\"Takes tags from a version.\"\"\"
        with self._files.lock():
            metadata = self._files.metadata(version_id)
            metadata.tags = [tag for tag in metadata.tags if tag not in tags]
            self._files.write_metadata(metadata)
            self._files.write_registry()

    def delete_snapshot(self, version_id: str) -> None:
        \"\"\"Deletes a version; what leads on from it is stored again first, so that nothing is lost with its base.\"\"\"
        with self._files.lock():
            self._files.delete(version_id)
            self._files.write_registry()

    def compare_snapshots(self, version1: str, version2: str) -> Dict[str, Any]:
        \"\"\"What differs between two versions.\"\"\"
        data1, metadata1 = self.get_snapshot(version1)
        data2, metadata2 = self.get_snapshot(version2)
        delta = delta_info(data1, data2)
        try:
            apart = datetime.fromisoformat(metadata2.created_at) - datetime.fromisoformat(metadata1.created_at)
            seconds: Optional[float] = apart.total_seconds()
        except (TypeError, ValueError):
            seconds = None
        return {
            "version1": version1,
            "version2": version2,
            "timestamp1": metadata1.created_at,
            "timestamp2": metadata2.created_at,
            "time_difference_seconds": seconds,
            "delta_info": delta,
            "compression_ratio": delta["compression_ratio"],
            "is_different": differs(data1, data2),
            "metadata1": metadata1.to_dict(),
            "metadata2": metadata2.to_dict(),
        }

    def export_snapshot(self, version_id: str, export_path: Any) -> str:
        \"\"\"Writes a version with its metadata into one file: JSON for .json, else Python's own form.\"\"\"
        data, metadata = self.get_snapshot(version_id)
        path = os.path.abspath(os.fspath(export_path))
        known = metadata.to_dict()
        known.pop("chain", None)
        known["user_info"] = {name: value for name, value in metadata.user_info.items() if name != "delta_base_version"}
        exported = {
            "data": data,
            "metadata": known,
            "exported_at": datetime.now(timezone.utc).isoformat(),
            "source_id": version_id,
        }
        try:
            is_json = path.lower().endswith(".json")
            write_whole(path, json.dumps(exported, indent=2).encode("utf-8") if is_json else pickle.dumps(exported))
        except (OSError, TypeError, ValueError, pickle.PicklingError) as trouble:
            raise SnapshotError(f"Failed to export snapshot {version_id}: {trouble}") from trouble
        return str(export_path)

    def import_snapshot(self, import_path: Any, new_version: Optional[str] = None) -> str:
        \"\"\"Takes in an exported file; the same content under the same name is there already, other content is refused.\"\"\"
        path = os.fspath(import_path)
        try:
            with open(path, "rb") as file:
                text = file.read()
            exported = json.loads(text) if str(path).lower().endswith(".json") else pickle.loads(text)
            data, given = exported["data"], SnapshotMetadata.from_dict(exported.get("metadata", {}))
        except Exception as trouble:
            raise SnapshotError(f"Failed to import snapshot: {trouble}") from trouble
        name = new_version or given.version
        if os.path.exists(self._files.path("metadata", name, ".json")) and not differs(self.get_snapshot(name)[0], data):
            return name
        return self.create_snapshot(data, given.tags, given.description, given.user_info, name)

    def cleanup(self) -> None:
        \"\"\"Nothing needs to be let go of.\"\"\"

    def clear_all(self) -> None:
        \"\"\"Deletes all versions.\"\"\"
        with self._files.lock():
            for metadata in self._files.all():
                self._files.remove(metadata.version)
            self._files.write_registry()

    def _save(self, metadata: SnapshotMetadata, ending: str, content: bytes) -> str:
        version = metadata.version
        if not _NAME.match(version) or ".." in version or version == "latest" or version.startswith("periodic_"):
            raise VersioningError(f'expected a name of letters, digits, ".", "_", "-" and "+", found "{version}"')
        try:
            with self._files.lock():
                if os.path.exists(self._files.path("metadata", version, ".json")):
                    raise VersioningError(f"version {version} is there already, and versions are never overwritten")
                base = metadata.user_info.get("delta_base_version")
                if base is not None:
                    self._files.metadata(str(base))  # it may have gone in the meantime
                write_whole(self._files.path("data", version, ending), content)
                self._files.write_metadata(metadata)
                if self.max_snapshots > 0:
                    for oldest in self._files.all()[: -self.max_snapshots]:
                        self._files.delete(oldest.version)
                self._files.write_registry()
        except OSError as trouble:
            raise SnapshotError(f"Failed to create snapshot: {trouble}") from trouble
        return version

def create_snapshot_manager(
    base_path: Optional[Any] = None,
    storage_backend: str = StorageBackend.FILE_SYSTEM,
    delta_strategy: str = DeltaStrategy.AUTO,
    max_snapshots: int = 0,
) -> SnapshotManager:
    \"\"\"A manager for a store.\"\"\"
    return SnapshotManager(base_path, storage_backend, delta_strategy, max_snapshots)


def _newest(versions: Sequence[SnapshotMetadata]) -> Optional[SnapshotMetadata]:
    return versions[-1] if versions else None
""",
    "huggingface": """\
\"\"\"A callback for Hugging Face: `Trainer(callbacks=[daybook.huggingface.DaybookCallback("runs/a")])`. transformers is imported when one is made.\"\"\"

from __future__ import annotations

import importlib
import os
from typing import Any, Dict, Optional

from ._run import Run
from ._text import as_number

__all__ = ["DaybookCallback"]

_classes: Dict[str, Any] = {}


def DaybookCallback(key: Any = None, *, log_checkpoints: bool = False, **options: Any) -> Any:  # noqa: N802
    \"\"\"
    A callback of transformers.Trainer that records a run (arguments as of daybook.run): its arguments as parameters, what
    it logs as history. `log_checkpoints=True` attaches each checkpoint. A training that fails is recorded when the program ends.
    \"\"\"
    if "class" not in _classes:
        try:
            base: Any = importlib.import_module("transformers").TrainerCallback
        except ImportError:
            raise ImportError("transformers is not installed: pip install transformers") from None
        _classes["class"] = _make_class(base)
    return _classes["class"](key, log_checkpoints, options)


def _make_class(base: Any) -> Any:
    class Callback(base):  # type: ignore[misc]
        \"\"\"Records a run with Daybook.\"\"\"

        def __init__(self, key: Any, log_checkpoints: bool, options: Dict[str, Any]) -> None:
            self._key = key
            self._options = options
            self._log_checkpoints = log_checkpoints
            self.run: Optional[Run] = None

        def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            \"\"\"Begins the run in the first of all processes.\"\"\"
            if not state.is_world_process_zero:
                return
            if self.run is not None:
                self.run.finish()
            describe = getattr(args, "to_sanitized_dict", None) or args.to_dict
            self.run = Run(self._key, describe(), **self._options)

        def on_log(self, args: Any, state: Any, control: Any, logs: Optional[Dict[str, Any]] = None, **kwargs: Any) -> None:
            \"\"\"Adds what the trainer logs to the history.\"\"\"
            if self.run is None or not logs:
                return
            values = {name: value for name, value in logs.items() if name != "epoch" and as_number(value) is not None}
            if values:
                self.run.log(values, step=state.global_step, epoch=as_number(state.epoch))

        def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            \"\"\"Attaches a checkpoint, where that was asked for.\"\"\"
            path = os.path.join(args.output_dir, f"checkpoint-{state.global_step}")
            if self.run is not None and self._log_checkpoints and os.path.isdir(path):
                self.run.artifact(path, "checkpoint")

        def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            \"\"\"Ends the run.\"\"\"
            if self.run is not None:
                self.run.finish()

    return Callback
""",
    "keras": """\
\"\"\"A callback for Keras: `model.fit(…, callbacks=[daybook.keras.DaybookCallback("runs/a")])`. Keras is imported when one is made.\"\"\"

from __future__ import annotations

import importlib
from typing import Any, Dict, Optional

from ._run import Run

__all__ = ["DaybookCallback"]

_classes: Dict[str, Any] = {}


def DaybookCallback(key: Any = None, *, every_batches: int = 0, **options: Any) -> Any:  # noqa: N802
    \"\"\"
    A Keras callback that records a run (arguments as of daybook.run): what `fit` logs for each epoch and, with
    `every_batches`, for every so many batches. A fit that fails is recorded when the program ends.
    \"\"\"
    for name in ("keras", "tensorflow.keras"):
        try:
            base: Any = importlib.import_module(name).callbacks.Callback
        except ImportError:
            continue
        if name not in _classes:
            _classes[name] = _make_class(base)
        return _classes[name](key, every_batches, options)
    raise ImportError("neither keras nor tensorflow is installed: pip install keras")


def _make_class(base: Any) -> Any:
    class Callback(base):  # type: ignore[misc]
        \"\"\"Records a run with Daybook.\"\"\"

        def __init__(self, key: Any, every_batches: int, options: Dict[str, Any]) -> None:
            super().__init__()
            self._key = key
            self._options = options
            self._every = every_batches
            self._batches = 0
            self.run: Optional[Run] = None

        def on_train_begin(self, logs: Optional[Dict[str, Any]] = None) -> None:
            \"\"\"Begins the run, with what is known of the training as parameters.\"\"\"
            params = {name: value for name, value in (self.params or {}).items() if name in ("epochs", "steps")}
            self.run = Run(self._key, **{"epochs": params.get("epochs"), **self._options})
            self.run.param({**params, **_optimizer_of(self.model)})

        def on_train_batch_end(self, batch: int, logs: Optional[Dict[str, Any]] = None) -> None:
            \"\"\"Adds a point now and then, where that was asked for.\"\"\"
            self._batches += 1
            if self.run is not None and self._every > 0 and self._batches % self._every == 0 and logs:
                self.run.log({f"batch/{name}": value for name, value in logs.items()}, step=self._batches)

        def on_epoch_end(self, epoch: int, logs: Optional[Dict[str, Any]] = None) -> None:
            \"\"\"Adds the values of an epoch.\"\"\"
            if self.run is not None and logs:
                self.run.log(dict(logs), epoch=epoch)

        def on_train_end(self, logs: Optional[Dict[str, Any]] = None) -> None:
            \"\"\"Ends the run.\"\"\"
            if self.run is not None:
                self.run.finish()

    return Callback


def _optimizer_of(model: Any) -> Dict[str, Any]:
    optimizer = getattr(model, "optimizer", None)
    try:
        return {} if optimizer is None else {"optimizer": optimizer.get_config()}
    except Exception:  # an optimizer of the user's own, which need not describe itself
        return {}
""",
    "lightning": """\
\"\"\"A logger for Lightning: `Trainer(logger=daybook.lightning.DaybookLogger("runs/a"))`. Lightning is imported when one is made.\"\"\"

from __future__ import annotations

import importlib
import os
import sys
from typing import Any, Dict, List, Optional

from ._run import Run
from ._text import as_number, config_map
from ._track import status_of

__all__ = ["DaybookLogger"]

_classes: Dict[str, Any] = {}


def DaybookLogger(key: Any = None, *, log_checkpoints: bool = False, **options: Any) -> Any:  # noqa: N802
    \"\"\"
    A Lightning logger that records a run (arguments as of daybook.run). Hyperparameters become parameters, metrics the
    history. `log_checkpoints=True` attaches each checkpoint that is saved. Only the first process of several writes.
    \"\"\"
    package = "pytorch_lightning" if "pytorch_lightning" in sys.modules and "lightning" not in sys.modules else ""
    for name in [package] if package else ["lightning.pytorch", "pytorch_lightning"]:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
        if name not in _classes:
            _classes[name] = _make_class(name)
        return _classes[name](key, log_checkpoints, options)
    raise ImportError("neither lightning nor pytorch_lightning is installed: pip install lightning")


def _make_class(package: str) -> Any:
    base: Any = importlib.import_module(f"{package}.loggers.logger").Logger
    rank_zero_only: Any = importlib.import_module(f"{package}.utilities.rank_zero").rank_zero_only

    class Logger(base):  # type: ignore[misc]
        \"\"\"Records a run with Daybook.\"\"\"

        def __init__(self, key: Any, log_checkpoints: bool, options: Dict[str, Any]) -> None:
            super().__init__()
            self._key = key
            self._options = options
            self._log_checkpoints = log_checkpoints
            self._run: Optional[Run] = None
            self._savers: List[Any] = []

        @property
        def experiment(self) -> Optional[Run]:
            \"\"\"The run; None in all processes but the first.\"\"\"
            return self._begun()

        @property
        def name(self) -> str:
            \"\"\"Empty: the folder of the run needs no folders below it to be told apart.\"\"\"
            return ""

        @property
        def version(self) -> str:
            \"\"\"Empty, as the name.\"\"\"
            return ""

        @property
        def save_dir(self) -> Optional[str]:
            \"\"\"The folder of the run, in which Lightning puts checkpoints/.\"\"\"
            run = self._begun()
            return None if run is None else run.folder

        @rank_zero_only  # type: ignore[untyped-decorator,unused-ignore]
        def log_hyperparams(self, params: Any, *_: Any, **__: Any) -> None:
            \"\"\"Adds hyperparameters to the parameters of the run.\"\"\"
            run = self._begun()
            if run is not None and params is not None:
                run.param(config_map(params))

        @rank_zero_only  # type: ignore[untyped-decorator,unused-ignore]
        def log_metrics(self, metrics: Dict[str, Any], step: Optional[int] = None) -> None:
            \"\"\"Adds one point to the history.\"\"\"
            run = self._begun()
            values = {name: value for name, value in metrics.items() if name != "epoch"}
            if run is not None and values:
                run.log(values, step=step, epoch=as_number(metrics.get("epoch")))

        @rank_zero_only  # type: ignore[untyped-decorator,unused-ignore]
        def after_save_checkpoint(self, checkpoint_callback: Any) -> None:
            \"\"\"Remembers who saves checkpoints: what is kept of them at the end is attached then.\"\"\"
            if self._log_checkpoints and all(each is not checkpoint_callback for each in self._savers):
                self._savers.append(checkpoint_callback)

        @rank_zero_only  # type: ignore[untyped-decorator,unused-ignore]
        def finalize(self, status: str) -> None:
            \"\"\"Ends the run: completed, failed with the error, or aborted.\"\"\"
            if self._run is None:
                return
            error = sys.exc_info()[1]
            for saver in self._savers:
                _attach(self._run, saver)
            if status == "success":
                self._run.finish()
            elif error is not None:
                self._run.finish(*status_of(error))
            else:
                self._run.finish("failed" if status == "failed" else "aborted", status)

        def __reduce__(self) -> Any:
            \"\"\"For processes that are spawned: the class is made there anew.\"\"\"
            return _again, (self._key, self._log_checkpoints, self._options, self._run)

        def _begun(self) -> Optional[Run]:
            if self._run is None and getattr(rank_zero_only, "rank", 0) == 0:
                self._run = Run(self._key, **self._options)
            return self._run

    return Logger


def _again(key: Any, log_checkpoints: bool, options: Dict[str, Any], run: Optional[Run]) -> Any:
    logger = DaybookLogger(key, log_checkpoints=log_checkpoints, **options)
    logger._run = run
    return logger


def _attach(run: Run, saver: Any) -> None:
    \"\"\"Attaches the checkpoints that a callback of Lightning keeps.\"\"\"
    try:
        given = [*saver.best_k_models, saver.best_model_path, saver.last_model_path]
    except (AttributeError, ReferenceError):  # another kind of callback, or one that is gone
        return
    for path in dict.fromkeys(str(path) for path in given if path):
        if os.path.exists(path):
            run.artifact(path, "checkpoint", tags=["best"] if path == str(saver.best_model_path) else [])
""",
    "pycaddy": """\
\"\"\"pycaddy's Ledger on its own file and under its own lock: `from daybook.pycaddy import Ledger, Status`.\"\"\"

from __future__ import annotations

import contextlib
import dataclasses
import enum
import json
import os
import re
import threading
from datetime import datetime
from math import ceil, log10
from pathlib import Path
from typing import Any, ClassVar, Dict, Iterator, List, Optional, Tuple

from ._actions import masker_of
from ._book import find_book
from ._files import write_whole
from ._text import to_bytes

__all__ = ["Ledger", "Record", "RunRecord", "Status", "UID_RECORD_DICT"]


class Status(str, enum.Enum):
    \"\"\"How a run stands.\"\"\"

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    ERROR = "error"

    def __str__(self) -> str:
        return str(self.value)

    def __format__(self, spec: str) -> str:
        return format(str(self.value), spec)


@dataclasses.dataclass
class RunRecord:
    \"\"\"One run of the ledger.\"\"\"

    status: Status
    param_hash: Optional[str] = None
    files: Dict[str, Path] = dataclasses.field(default_factory=dict)
    timestamp_status_lst: List[Tuple[datetime, Status]] = dataclasses.field(default_factory=list)

    def timestamp_status(self) -> None:
        \"\"\"Adds the status and the time to the history.\"\"\"
        self.timestamp_status_lst.append((datetime.now(), self.status))


Record = RunRecord
UID_RECORD_DICT = Dict[str, RunRecord]
_Data = Dict[str, Dict[str, Dict[str, Dict[str, Any]]]]


class _OnePerPath(type):
    \"\"\"Gives the same ledger for the same path in one process.\"\"\"

    _known: ClassVar[Dict[Tuple[type, str], Any]] = {}
    _guard = threading.RLock()

    def __call__(cls, path: Any, *args: Any, **kwargs: Any) -> Any:
        place = (cls, str(Path(path).expanduser().resolve()))
        with cls._guard:
            if place not in cls._known:
                cls._known[place] = super().__call__(path, *args, **kwargs)
            return cls._known[place]


class Ledger(metaclass=_OnePerPath):
    \"\"\"The register of runs, metadata.json: identifier, relpath, uid. One instance for each file and process.\"\"\"

    _global_lock: ClassVar[Optional[Any]] = None

    def __init__(self, path: Any, maxsize: int = 1000, lock: Optional[Any] = None) -> None:
        self.file = Path(path).expanduser().resolve()
        self.file.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(maxsize, int):  # earlier versions have the lock in this place
            maxsize, lock = 1000, maxsize
        self.maxsize = maxsize
        self._own_lock = lock
        self._thread_lock = threading.RLock()
        self._latest: Dict[Tuple[str, str], str] = {}

    @classmethod
    def set_global_lock(cls, lock: Optional[Any]) -> None:
        \"\"\"A lock that is held besides the one on the file, which alone is enough.\"\"\"
        cls._global_lock = lock

    def allocate(
        self, identifier: str, relpath: Any = "", param_hash: Any = None, *, status: Status = Status.PENDING
    ) -> str:
        \"\"\"Gives a new run the lowest free uid.\"\"\"
        key = _relkey(relpath)
        with self._edit() as data:
            runs = data.setdefault(identifier, {}).setdefault(key, {})
            uid = _free_uid(runs, self.maxsize)
            runs[uid] = {
                "status": str(Status(status)),
                "param_hash": None if param_hash is None else str(param_hash),
                "files": {},
                "timestamp_status_lst": [[datetime.now().isoformat(), str(Status(status))]],
            }
        self._latest[(identifier, uid)] = key
        return uid

    def log(
        self,
        identifier: str,
        uid: str,
        status: Optional[Status] = None,
        path_dict: Optional[Dict[str, Any]] = None,
        *,
        relpath: Any = None,
    ) -> None:
        \"\"\"Logs the status and the files of a run. Raises KeyError for a run that is not there.\"\"\"
        if not (status or path_dict):
            return
        with self._edit() as data:
            key = self._find(data, identifier, uid, relpath)
            record = data[identifier][key][uid]
            if status:
                word = str(Status(status))
                record["status"] = word
                record.setdefault("timestamp_status_lst", []).append([datetime.now().isoformat(), word])
            if path_dict:
                record.setdefault("files", {}).update(_texts(self.file, path_dict))

    def get_record(self, identifier: str, uid: str, *, relpath: Any = None) -> RunRecord:
        \"\"\"One run. Raises KeyError where there is none.\"\"\"
        data = self._read()
        key = self._find(data, identifier, uid, relpath)
        return _record(data[identifier][key][uid])

    def get_uid_record_dict(self, identifier: str, relpath: Any = "") -> UID_RECORD_DICT:
        \"\"\"The runs of an identifier and relpath, by uid.\"\"\"
        runs = self._read().get(identifier, {}).get(_relkey(relpath), {})
        return {uid: _record(record) for uid, record in runs.items()}

    def find_by_param_hash(self, identifier: str, param_hash: Any, relpath: Any = "") -> Optional[Tuple[str, RunRecord]]:
        \"\"\"The first run with this hash of its parameters.\"\"\"
        for uid, record in self.get_uid_record_dict(identifier, relpath).items():
            if record.param_hash is not None and record.param_hash == str(param_hash):
                return uid, record
        return None

    def load(self) -> Dict[str, Dict[str, UID_RECORD_DICT]]:
        \"\"\"The whole ledger.\"\"\"
        return {
            identifier: {
                relpath: {uid: _record(record) for uid, record in runs.items()} for relpath, runs in places.items()
            }
            for identifier, places in self._read().items()
        }

    def _find(self, data: _Data, identifier: str, uid: str, relpath: Any) -> str:
        \"\"\"The relpath of a run. Where none is given and the root has no such run, the one this process allocated, or the only one.\"\"\"
        places = data.get(identifier, {})
        key = _relkey(relpath)
        if uid in places.get(key, {}):
            return key
        if relpath is None:
            latest = self._latest.get((identifier, uid))
            having = [place for place, runs in places.items() if uid in runs]
            if latest in having:
                return str(latest)
            if len(having) == 1:
                return having[0]
        raise KeyError(f"run not found: identifier='{identifier}', relpath='{key}', uid='{uid}'")

    def _read(self) -> _Data:
        try:
            text = self.file.read_text("utf-8")
        except FileNotFoundError:
            return {}
        try:
            data: _Data = json.loads(text)
            for places in data.values():
                for runs in places.values():
                    for record in runs.values():
                        Status(record["status"])
        except (ValueError, KeyError, TypeError, AttributeError) as trouble:
            raise RuntimeError(f"failed to parse {self.file}: {trouble}") from trouble
        return data

    @contextlib.contextmanager
    def _edit(self) -> Iterator[_Data]:
        with contextlib.ExitStack() as locks:
            for lock in (self._global_lock, self._own_lock, self._thread_lock):
                if lock is not None:
                    locks.enter_context(lock)
            locks.enter_context(_file_lock(self.file.with_suffix(".lock")))
            data = self._read()
            yield data
            write_whole(str(self.file), to_bytes(json.dumps(data, ensure_ascii=False, indent=2)))


@contextlib.contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    \"\"\"The lock that pycaddy takes (filelock), on the same file: it ends with its holder and never by time.\"\"\"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        try:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except ImportError:
            _lock_windows(descriptor)
        yield
    finally:
        os.close(descriptor)


def _lock_windows(descriptor: int) -> None:
    import importlib
    import time

    msvcrt: Any = importlib.import_module("msvcrt")
    while True:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            return
        except OSError:
            time.sleep(0.02)


def _relkey(relpath: Any) -> str:
    text = Path("" if relpath is None else relpath).as_posix()
    return "" if text in ("", ".") else text


def _free_uid(runs: Dict[str, Any], maxsize: int) -> str:
    padding = int(ceil(log10(maxsize))) if maxsize > 1 else 1
    taken = {int(uid) for uid in runs if re.match(r"\\d+\\Z", uid)}
    number = 0
    while number in taken:
        number += 1
    return f"{number:0{padding}d}"


def _record(raw: Dict[str, Any]) -> RunRecord:
    param_hash = raw.get("param_hash")
    return RunRecord(
        status=Status(raw["status"]),
        param_hash=None if param_hash is None else str(param_hash),
        files={str(name): Path(path) for name, path in (raw.get("files") or {}).items()},
        timestamp_status_lst=[
            (datetime.fromisoformat(at.replace("Z", "+00:00")), Status(word))
            for at, word in raw.get("timestamp_status_lst") or []
        ],
    )


def _texts(file: Path, paths: Dict[str, Any]) -> Dict[str, str]:
    \"\"\"Names and paths as they are written; what looks like a secret in them is masked.\"\"\"
    given = {str(name): os.fspath(path) for name, path in paths.items()}
    masker = masker_of(find_book(str(file.parent)) or str(file.parent))
    texts: Dict[str, str] = given if masker is None else masker.mask_texts(given)
    return texts
""",
}


class _Modules(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Finds the modules that this file holds."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        """A module of this file; a file or folder of that name elsewhere is none of ours."""
        package, _, name = fullname.rpartition(".")
        if package != __name__ or name not in _held_modules:
            return None
        return importlib.util.spec_from_loader(fullname, self, origin=f"{__file__}:{name}")

    def get_source(self, fullname: str) -> str:
        """For those who show where an error was raised."""
        return _held_modules[fullname.rpartition(".")[2]]


__path__: List[str] = []
sys.modules.update({f"{__name__}.{_part}": sys.modules[__name__] for _part in _core_parts})
sys.meta_path.insert(0, _Modules())
