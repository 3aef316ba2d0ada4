"""A run, recorded from inside the program that is the run."""

from __future__ import annotations

import os
import threading
import types
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Sequence, Type, Union

from ._actions import error_text
from ._book import book_path, inside, tell
from ._changes import (
    Change,
    add_artifact,
    add_params,
    add_tags,
    artifact_id,
    is_better,
    remove_tags,
    set_config,
    set_description,
    set_error,
    set_progress,
    set_source,
    set_status,
    take_best,
    tell_if_taken,
)
from ._command import snapshot
from ._experiment import change_experiment, clean_name, new_experiment, read_experiment
from ._files import digest_of
from ._lifecycle import begin, forget_run, last_begun, note
from ._place import folder_of
from ._points import Points
from ._text import as_number, as_text, config_map, iso_micros, now_us, plain
from ._track import status_of

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
