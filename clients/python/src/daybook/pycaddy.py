"""pycaddy's Ledger on its own file and under its own lock: `from daybook.pycaddy import Ledger, Status`."""

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
    """How a run stands."""

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
    """One run of the ledger."""

    status: Status
    param_hash: Optional[str] = None
    files: Dict[str, Path] = dataclasses.field(default_factory=dict)
    timestamp_status_lst: List[Tuple[datetime, Status]] = dataclasses.field(default_factory=list)

    def timestamp_status(self) -> None:
        """Adds the status and the time to the history."""
        self.timestamp_status_lst.append((datetime.now(), self.status))


Record = RunRecord
UID_RECORD_DICT = Dict[str, RunRecord]
_Data = Dict[str, Dict[str, Dict[str, Dict[str, Any]]]]


class _OnePerPath(type):
    """Gives the same ledger for the same path in one process."""

    _known: ClassVar[Dict[Tuple[type, str], Any]] = {}
    _guard = threading.RLock()

    def __call__(cls, path: Any, *args: Any, **kwargs: Any) -> Any:
        place = (cls, str(Path(path).expanduser().resolve()))
        with cls._guard:
            if place not in cls._known:
                cls._known[place] = super().__call__(path, *args, **kwargs)
            return cls._known[place]


class Ledger(metaclass=_OnePerPath):
    """The register of runs, metadata.json: identifier, relpath, uid. One instance for each file and process."""

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
        """A lock that is held besides the one on the file, which alone is enough."""
        cls._global_lock = lock

    def allocate(
        self, identifier: str, relpath: Any = "", param_hash: Any = None, *, status: Status = Status.PENDING
    ) -> str:
        """Gives a new run the lowest free uid."""
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
        """Logs the status and the files of a run. Raises KeyError for a run that is not there."""
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
        """One run. Raises KeyError where there is none."""
        data = self._read()
        key = self._find(data, identifier, uid, relpath)
        return _record(data[identifier][key][uid])

    def get_uid_record_dict(self, identifier: str, relpath: Any = "") -> UID_RECORD_DICT:
        """The runs of an identifier and relpath, by uid."""
        runs = self._read().get(identifier, {}).get(_relkey(relpath), {})
        return {uid: _record(record) for uid, record in runs.items()}

    def find_by_param_hash(self, identifier: str, param_hash: Any, relpath: Any = "") -> Optional[Tuple[str, RunRecord]]:
        """The first run with this hash of its parameters."""
        for uid, record in self.get_uid_record_dict(identifier, relpath).items():
            if record.param_hash is not None and record.param_hash == str(param_hash):
                return uid, record
        return None

    def load(self) -> Dict[str, Dict[str, UID_RECORD_DICT]]:
        """The whole ledger."""
        return {
            identifier: {
                relpath: {uid: _record(record) for uid, record in runs.items()} for relpath, runs in places.items()
            }
            for identifier, places in self._read().items()
        }

    def _find(self, data: _Data, identifier: str, uid: str, relpath: Any) -> str:
        """The relpath of a run. Where none is given and the root has no such run, the one this process allocated, or the only one."""
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
    """The lock that pycaddy takes (filelock), on the same file: it ends with its holder and never by time."""
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
    taken = {int(uid) for uid in runs if re.match(r"\d+\Z", uid)}
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
    """Names and paths as they are written; what looks like a secret in them is masked."""
    given = {str(name): os.fspath(path) for name, path in paths.items()}
    masker = masker_of(find_book(str(file.parent)) or str(file.parent))
    texts: Dict[str, str] = given if masker is None else masker.mask_texts(given)
    return texts
