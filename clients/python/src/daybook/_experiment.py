"""The two documents of a run: experiment_tracker.json as its original has it, and experiment_daybook.json beside it."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import subprocess
import sys
import time
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from ._actions import masker_of, source_of
from ._book import book_path, inside
from ._files import file_lock, host_name, process_start, refuse_obstacle, write_whole
from ._text import iso_micros, now_us, read_document, write_document
from ._yaml import config_hash

TRACKER = "experiment_tracker.json"
BESIDE = "experiment_daybook.json"

Document = Dict[str, Any]
Change = Callable[[Document, Document, str], None]

_PATH_LISTS = {"checkpoint": "checkpoint_paths", "metrics": "metric_files", "visualization": "visualization_files"}
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


def new_experiment(root: str, id: str, name: str) -> Callable[[str], Document]:
    """Makes the document of a new experiment, with every key of the original in its order."""

    def create(now: str) -> Document:
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


def set_status(word: str) -> Change:
    """Sets the status with the times the original sets; every change is kept beside."""

    def change(main: Document, beside: Document, now: str) -> None:
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
            if value is not None:
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


def clean_name(folder: str) -> str:
    """The name of a run from its folder, without the time that some begin with."""
    name = os.path.basename(folder.rstrip("/\\"))
    return re.sub(r"^\d{8}-\d{6}-", "", name) or name


def _with(items: List[Any], item: Any) -> List[Any]:
    return items if item in items else [*items, item]


def _list(value: Any) -> List[Any]:
    return list(value) if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
