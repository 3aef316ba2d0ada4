"""The history of a run: points as lines of metrics.jsonl, and what becomes of them while they cannot be written."""

from __future__ import annotations

import itertools
import os
import threading
import time
import zlib
from typing import Any, Dict, List, Mapping, Optional

from ._actions import masker_of
from ._book import inside, settings_of, tell
from ._log import AppendLog
from ._text import as_number, as_text, dump_json, iso_micros, plain, special_name, to_bytes

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
