"""A run, recorded from inside the program that is the run."""

from __future__ import annotations

import atexit
import itertools
import os
import signal
import sys
import threading
import time
import types
import weakref
import zlib
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Type, Union

from ._actions import error_text, masker_of, status_of
from ._book import book_path, book_root, find_book, inside, settings_of, tell
from ._command import snapshot
from ._experiment import (
    Change,
    add_artifact,
    add_params,
    add_tags,
    artifact_id,
    change_experiment,
    clean_name,
    is_better,
    new_experiment,
    read_experiment,
    remove_tags,
    set_config,
    set_description,
    set_error,
    set_progress,
    set_source,
    set_status,
    take_best,
)
from ._files import digest_of
from ._log import AppendLog
from ._text import as_number, config_map, dump_json, iso_micros, now_us, plain, special_name, to_bytes

_BEAT = 60.0
_RETRY = 1.0
_MAX_HELD = 8 * 1024 * 1024
_NO_METRICS = frozenset(
    "step global_step _step iteration epoch time timestamp _timestamp wall_time".split(" ")
)

_line_ids = itertools.count()
_id_start = os.urandom(6).hex()


def _renew_ids() -> None:
    """A forked child would count on from the same number, and readers take lines of one id for one."""
    global _line_ids, _id_start
    _line_ids = itertools.count()
    _id_start = os.urandom(6).hex()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_ids)


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
        self.root, self.folder = _folder_of(key, book)
        self.key = book_path(self.root, self.folder) or "."
        self._directions = {metric: direction for metric, direction in (best or {}).items() if direction in ("min", "max")}
        self._best: Dict[str, float] = {}
        self._epoch: Optional[int] = None
        self._pid = os.getpid()
        self._is_over = False
        self._owns = not join
        self._names: Dict[str, str] = {}
        self._log: Optional[AppendLog] = None
        self._held: List[bytes] = []
        self._held_bytes = 0
        self._lost = 0
        self._retry_at = 0.0
        self._lock = threading.RLock()
        self._masker = masker_of(self.root)
        self._durability = settings_of(self.root).durability
        _all_runs.add(self)
        if not self._owns:
            return
        id = os.path.basename(self.folder) or "run"
        changes: List[Change] = [set_config(config_map(config))] if config is not None else []
        changes += [set_status("running"), set_source(True)]
        if name is not None:
            changes.append(_set_name(str(name)))
        if description is not None:
            changes.append(set_description(str(description)))
        if tags:
            changes.append(add_tags([str(tag) for tag in tags]))
        if epochs is not None:
            changes.append(set_progress(epochs=int(epochs)))
        create = new_experiment(self.root, id, name or clean_name(self.folder) or id)
        self._change(changes, create)
        _begin(self)

    def log(
        self,
        values: Optional[Dict[str, Any]] = None,
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
        us = time.time_ns() // 1000
        parts: List[str] = []
        if step is not None:
            parts.append('"step":' + self._position(step))
        if epoch is not None:
            parts.append('"epoch":' + self._position(epoch))
            self._epoch = int(epoch) if epoch.__class__ in (int, float) and epoch == epoch // 1 else self._epoch
        parts.append(f'"time":"{iso_micros(us)}"')
        empty = len(parts)
        names = self._names
        if values is not None:
            more = {**values, **more}
        for name, value in more.items():
            start = names.get(name)
            if start is None:
                start = self._name(name)
            if value.__class__ is float and value - value == 0.0:
                if start:
                    parts.append(start + repr(value))
            else:
                self._other(parts, name, start, value)
        if len(parts) == empty:
            return False
        if self._directions:
            self._take_best(more)
        body = to_bytes("{" + ",".join(parts) + f',"_id":"{_id_start}{next(_line_ids):x}"')
        return self._append(b'%b,"_crc":"%08x"}\n' % (body, zlib.crc32(body)))

    def param(self, params: Any = None, /, **more: Any) -> bool:
        """Adds parameters to the configuration: `run.param(lr=0.1)`."""
        given = {**({} if params is None else config_map(params)), **more}
        return self._change([add_params(plain(given))]) if given else False

    params = param

    def tag(self, *tags: str) -> bool:
        """Adds tags."""
        return self._change([add_tags([str(tag) for tag in tags])])

    def untag(self, *tags: str) -> bool:
        """Takes tags away."""
        return self._change([remove_tags([str(tag) for tag in tags])])

    def describe(self, description: str) -> bool:
        """Replaces the description."""
        return self._change([set_description(str(description))])

    def progress(
        self, epoch: Optional[int] = None, epochs: Optional[int] = None, seconds: Optional[float] = None
    ) -> bool:
        """Takes down how far the run is."""
        return self._change([set_progress(epoch, epochs, seconds)])

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
        given = os.fspath(path)
        text = os.fsdecode(given) if isinstance(given, bytes) else str(given)
        try:
            if "://" in text:
                place, size, digest = text, None, None
            else:
                absolute = os.path.abspath(text)
                size, digest = digest_of(absolute)
                place = book_path(self.root, absolute) if inside(self.root, absolute) else absolute
        except OSError as trouble:
            tell(f"artifact {text}", f"{text} is not attached to {self.key}: {trouble}")
            return False

        def change(main: Dict[str, Any], beside: Dict[str, Any], now: str) -> None:
            known = id if id is not None else artifact_id(beside, place)
            add_artifact(known, str(type), place, size, digest, str(description), [str(tag) for tag in tags])(main, beside, now)

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
            if self._is_over or self._pid != os.getpid():
                return False
            self._is_over = True
        _active.pop(self, None)
        self._write_held(True)
        log, self._log = self._log, None
        if log is not None:
            try:
                log.close()
            except OSError as trouble:
                tell("flush", f"the metrics of {self.key} could not be flushed: {trouble}")
        if self._held or self._lost:
            count = len(self._held) + self._lost
            tell(f"lost {self.key}", f"{count} points of {self.key} could not be recorded.")
        if not self._owns:
            return True
        changes = self._state()
        changes.append(set_status(status))
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

    def __repr__(self) -> str:
        return f"<daybook run {self.key}>"

    def beat(self) -> None:
        """A sign of life, with what was reached so far; given by itself every minute."""
        self._write_held(False)
        if self._owns and not self._is_over and self._pid == os.getpid():
            self._change(self._state())

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

    def _change(self, changes: Sequence[Change], create: Optional[Callable[[str], Dict[str, Any]]] = None) -> bool:
        try:
            change_experiment(self.root, self.folder, changes, create)
            return True
        except Exception as trouble:
            tell(f"run {self.key}", f"{self.key} is not recorded as it should be: {trouble}")
            return False

    def _position(self, value: Any) -> str:
        if value.__class__ is int:
            return repr(value)
        number = as_number(value)
        if number is None or number - number != 0:
            return dump_json(plain(value))
        return repr(int(number)) if number == number // 1 else repr(float(number))

    def _name(self, name: Any) -> str:
        """How a metric stands in a line; empty for what cannot be the name of one."""
        text = str(name)
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
        if isinstance(value, dict) and depth < 8:
            for inner, member in value.items():
                path = f"{name}.{inner}"
                self._other(parts, path, self._names.get(path) or self._name(path), member, depth + 1)
            return
        number = as_number(value)
        if number is None:
            tell(f"value {name}", f'expected a number for the metric "{name}", found {type(value).__name__}; it is left out.')
        elif number.__class__ is bool or not isinstance(number, float):
            parts.append(start + repr(int(number)))
        elif number - number == 0:
            parts.append(start + repr(float(number)))
        else:
            parts.append(f'{start}"{special_name(number)}"')

    def _take_best(self, values: Dict[str, Any]) -> None:
        for name, direction in self._directions.items():
            number = as_number(values.get(name))
            if number is None or number - number != 0:
                continue
            if is_better(number, self._best.get(name), direction):
                self._best[name] = number

    def _append(self, line: bytes) -> bool:
        if self._held:
            return self._hold(line)
        log = self._log
        try:
            if log is None:
                log = self._open()
            log.append(line)
            return True
        except OSError as trouble:
            return self._hold(line, trouble)

    def _open(self) -> AppendLog:
        if not os.path.isdir(self.root):
            raise OSError("the folder of the book is not there; a disk may not be mounted")
        with self._lock:
            if self._log is None:
                self._log = AppendLog(os.path.join(self.folder, "metrics.jsonl"), self._durability)
            return self._log

    def _hold(self, line: bytes, trouble: Optional[OSError] = None) -> bool:
        """What cannot be written is held and tried again, so that an hour with a full disk costs no points."""
        with self._lock:
            if self._held_bytes + len(line) > _MAX_HELD:
                self._lost += 1
            else:
                self._held.append(line)
                self._held_bytes += len(line)
            if trouble is not None:
                tell(f"metrics {self.key}", f"the metrics of {self.key} cannot be written now: {trouble}. They are held.")
                self._retry_at = time.monotonic() + _RETRY
                return False
            return self._write_held(False)

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
            except OSError:
                self._retry_at = time.monotonic() + _RETRY
                return False


def run(key: Any = None, config: Any = None, **options: Any) -> Run:
    """
    Begins a run of the book: `with daybook.run("runs/a", config={"lr": 0.1}) as run:`. Without a key it is the one that
    `daybook exec` runs this program for, else a new one below runs/. `best={"loss": "min"}` says what is better.
    """
    return Run(key, config, **options)


def current_run() -> Optional[Run]:
    """The run that this process began last and that is not over."""
    return next(reversed(_active), None)


def _set_name(name: str) -> Change:
    def change(main: Dict[str, Any], _beside: Dict[str, Any], _now: str) -> None:
        main["experiment_name"] = name

    return change


def _folder_of(key: Any, book: Any) -> Tuple[str, str]:
    """The book and the folder of a run. Keys are relative to the book."""
    if key is None:
        folder = os.environ.get("DAYBOOK_RUN_DIR")
        root = book_root(book)
        if folder:
            return root, os.path.abspath(os.path.join(root, folder))
        named = os.environ.get("DAYBOOK_RUN")
        if named and ":" not in named:
            return root, os.path.join(root, named)
        return root, _new_folder(root)
    text = os.fspath(key)
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


_active: Dict[Run, None] = {}
_all_runs: "weakref.WeakSet[Run]" = weakref.WeakSet()
_thread: Optional[threading.Thread] = None
_wake = threading.Event()
_beating = threading.Lock()
_uncaught: List[BaseException] = []


class Terminated(SystemExit):
    """What a signal that ends this process becomes, so that runs and `finally` blocks end as they should."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.daybook_signal = number

    def __str__(self) -> str:
        return f"stopped by {signal.Signals(self.daybook_signal).name}"


def _begin(run: Run) -> None:
    global _thread, _earlier_hook
    if sys.excepthook is not _note_uncaught:
        _earlier_hook, sys.excepthook = sys.excepthook, _note_uncaught
    _active[run] = None
    if _thread is None or not _thread.is_alive():
        _thread = threading.Thread(target=_beat_always, name="daybook-heartbeat", daemon=True)
        _thread.start()
    if threading.current_thread() is not threading.main_thread():
        return
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # Who has a handler of their own keeps it.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _on_signal)


def _on_signal(number: int, _frame: Optional[types.FrameType]) -> None:
    signal.signal(number, signal.SIG_DFL)
    if not _active or all(each._pid != os.getpid() for each in _active):
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
        run._lock = threading.RLock()
    _active.clear()
    _thread = None
    _beating = threading.Lock()


_held_for_fork = False
atexit.register(_end_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_forget_in_child)
