"""FlexLock's snapshot, issued by the `daybook` command: `from daybook.flexlock import snapshot`."""

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
    """What went wrong; the original's name."""


class FlexLockSnapshotError(FlexLockError):
    """No receipt could be issued."""


class FlexLockValidationError(FlexLockError, ValueError):
    """The arguments do not say where the receipt goes, or call two things by one name."""


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
    """
    Writes run.lock with the state of a run, with the arguments of every version of the original (`cfg`, `save_path` and
    `return_snapshot` are the later ones). Code is always kept by a ref of its own: branches are never committed to, and
    so `commit`, `commit_branch`, `commit_message`, `mlflowlink`, `resolve` and `force` change nothing. A run.lock that is
    there is replaced, as the original does, and kept in replaced/ below it.
    """
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
            (lock.parent / "config.yaml").write_text(json.dumps(settings, indent=2, ensure_ascii=False) + "\n", "utf-8")
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
    """One path, a list or a map, as a map: the name is the last part of the path, and two of one name are an error."""
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
    """Later versions of the original have {path, include, exclude}; what counts as code is asked when receipts are compared."""
    if isinstance(given, Mapping):
        if given.get("include") or given.get("exclude"):
            tell("include", "include and exclude of repos are not recorded: receipts hold the whole work tree.")
        return str(os.fspath(given["path"]))
    return str(os.fspath(given))


def _stages(prevs: Any, silent: List[str]) -> List[str]:
    """The previous stages that have a run.lock at or above the path; what has none is told and left out, as in the original."""
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
    """The receipt as a map, of which no file is left."""
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
