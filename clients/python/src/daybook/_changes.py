"""What can change of a run, as functions on its two documents: the original's, and ours beside it."""

from __future__ import annotations

import os
from typing import Any, Callable, Dict, List, Optional, Sequence

from ._book import tell
from ._files import host_name, is_running, process_start
from ._yaml import config_hash

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
