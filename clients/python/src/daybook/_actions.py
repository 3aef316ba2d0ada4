"""Actions: one line each in snapshots/action_log.jsonl, as `daybook action` writes it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import threading
import traceback
import zlib
from typing import Any, Dict, Optional, Tuple, Union

from ._book import VERSION, book_root, settings_of, tell, told
from ._files import write_whole
from ._log import AppendLog
from ._secrets import Masker
from ._source import source_of
from ._spool import keep_in_spool
from ._text import as_text, compact_time, dump_json, iso_micros, now_us, plain, to_bytes

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
