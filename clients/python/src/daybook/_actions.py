"""Actions: one line each in snapshots/action_log.jsonl, as `daybook action` writes it."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import random
import re
import threading
import time
import traceback
import uuid
import zlib
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple, TypeVar, Union, cast, overload

from ._book import VERSION, book_root, settings_of, tell
from ._files import host_name, write_whole
from ._log import AppendLog
from ._secrets import Masker
from ._spool import keep_in_spool
from ._text import compact_time, dump_json, iso_micros, now_us, plain, to_bytes

_MAX_LINE = 64 * 1024
_MAX_CHARS = 200
_MAX_ERROR = 4000
_PREVIEW = 400

STATUS_WORDS = (
    "pending created queued executing running in_progress done completed success passed error failed failure aborted"
    " cancelled killed"
).split(" ")

_Function = TypeVar("_Function", bound=Callable[..., Any])


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
        tell("action", f'the action "{type}" was not recorded: {trouble}')
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
    run = run if run is not None else os.environ.get("DAYBOOK_RUN") or None
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
    word = str(status).strip().lower()
    if word not in STATUS_WORDS:
        tell(f"status {word}", f'"{word}" is no status that readers know; known are {", ".join(STATUS_WORDS)}.')
    return word or "completed"


def _short(text: Any, instead: str) -> str:
    clean = str(text).strip() or instead
    return clean if len(clean) <= _MAX_CHARS else clean[: _MAX_CHARS - 1] + "…"


def _cut(error: str) -> str:
    if len(error) <= _MAX_ERROR:
        return error
    return f"{error[:_MAX_ERROR]} … ({len(error) - _MAX_ERROR} characters cut)"


def error_text(error: Union[str, BaseException]) -> str:
    """An error in one line: its kind and what it says, and where it was raised."""
    if not isinstance(error, BaseException):
        return str(error)
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


def source_of(root: str) -> Dict[str, Any]:
    """Who records and where: host, process, CI provider with the address of its run, commit and branch."""
    source: Dict[str, Any] = {"host": host_name(), "pid": os.getpid()}
    env = os.environ
    for name, mark, address in _CI:
        if not env.get(mark):
            continue
        source["ci"] = name
        with contextlib.suppress(KeyError):
            url = address(env)
            if url and re.match(r"https?://", url):
                source["url"] = url
        break
    else:
        if env.get("CI") and env["CI"] != "false":
            source["ci"] = "unknown"
    if env.get("DAYBOOK_ACTION"):
        source["action"] = env["DAYBOOK_ACTION"][:_MAX_CHARS]
    with contextlib.suppress(OSError, ValueError):
        source.update(_head_of(root))
    return source


_heads: Dict[str, Tuple[float, Dict[str, str]]] = {}


def _head_of(start: str) -> Dict[str, str]:
    """Commit and branch from git's own files; looked up at most once a second."""
    known = _heads.get(start)
    if known is not None and time.monotonic() - known[0] < 1:
        return known[1]
    head = _read_head(start)
    _heads[start] = (time.monotonic(), head)
    return head


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
