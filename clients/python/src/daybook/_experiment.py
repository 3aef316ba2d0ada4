"""The two documents of a run: experiment_tracker.json as its original has it, and experiment_daybook.json beside it."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import subprocess
import sys
import time
from typing import Callable, Optional, Sequence, Tuple

from ._actions import masker_of
from ._book import book_path, inside
from ._changes import Change, Document
from ._files import file_lock, host_name, refuse_obstacle, write_whole
from ._source import source_of
from ._text import iso_micros, now_us, read_document, write_document

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
