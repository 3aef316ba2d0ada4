"""What the `daybook` command does for Python programs: receipts, snapshots, the site."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from typing import Any, Dict, List, Mapping, Optional, Sequence

from ._book import book_root, tell
from ._text import config_map, dump_json, to_bytes

HOW_TO_GET_IT = (
    "the daybook command is not found. It needs Node 22.18 or newer: npm install --global daybook,"
    " or name it in DAYBOOK_COMMAND."
)


class DaybookError(Exception):
    """What the `daybook` command said, or that it is not there."""


def command() -> List[str]:
    """The words that start the `daybook` command. Raises DaybookError, which says how to get it."""
    given = os.environ.get("DAYBOOK_COMMAND")
    if given:
        words: List[str] = json.loads(given) if given.startswith("[") else [given]
        return ["node", *words] if len(words) == 1 and words[0].endswith((".cjs", ".js", ".ts")) else words
    found = shutil.which("daybook") or shutil.which("daybook", path=os.path.join("node_modules", ".bin"))
    if found is None:
        raise DaybookError(HOW_TO_GET_IT)
    return [found]


def call(arguments: Sequence[str], *, cwd: Optional[str] = None) -> str:
    """Runs the `daybook` command and returns what it printed. Raises DaybookError with what it said."""
    words = [*command(), *arguments]
    # A receipt names the Python that runs this program, whatever else is active or on the path.
    env = {**os.environ, **({"DAYBOOK_PYTHON": sys.executable} if sys.executable else {})}
    try:
        done = subprocess.run(
            words,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as trouble:
        raise DaybookError(f"{words[0]} could not be started: {trouble}") from trouble
    if done.returncode != 0:
        raise DaybookError(_said(done.stderr) or f"daybook {arguments[0]} ended with {done.returncode}")
    return done.stdout


def _said(stderr: str) -> str:
    try:
        error = json.loads(stderr)["error"]
        return " ".join(part for part in (error["message"], error["hint"]) if part)
    except (ValueError, KeyError, TypeError):
        return stderr.strip()


def named(paths: Any) -> List[str]:
    """`repos` and `data` as the command takes them: one path, a list, or a map from names to paths."""
    if paths is None:
        return []
    if isinstance(paths, Mapping):
        return [f"{name}={os.fspath(path)}" for name, path in paths.items()]
    if isinstance(paths, (list, tuple, set, frozenset)):
        return [os.fspath(path) for path in paths]
    return [os.fspath(paths)]


def snapshot(
    config: Any = None,
    repos: Any = None,
    data: Any = None,
    prevs: Any = None,
    snapshot_path: Any = None,
    *,
    merge: bool = False,
    replace: bool = False,
    book: Any = None,
    strict: bool = False,
) -> Optional[str]:
    """
    Issues a receipt, a run.lock: configuration, code, data, previous stages. Returns its path; None where it could not be
    issued, which is told on standard error (with strict=True it is raised).
    """
    try:
        return issue_receipt(config, repos, data, prevs, snapshot_path, merge=merge, replace=replace, book=book)
    except DaybookError as trouble:
        if strict:
            raise
        tell("receipt", f"no receipt was issued: {trouble}")
        return None


def issue_receipt(
    config: Any = None,
    repos: Any = None,
    data: Any = None,
    prevs: Any = None,
    snapshot_path: Any = None,
    *,
    merge: bool = False,
    replace: bool = False,
    parent: Any = None,
    book: Any = None,
) -> str:
    """The same, raising DaybookError where it could not be issued."""
    settings: Dict[str, Any] = {} if config is None else config_map(config)
    place = snapshot_path
    if place is None:
        save_dir = settings.get("save_dir")
        if save_dir is None:
            raise DaybookError("neither snapshot_path nor config.save_dir says where the receipt goes")
        place = os.path.join(str(save_dir), "run.lock")
    root = book_root(book)
    arguments = ["lock", "--json", "--dir", root, "--out", os.path.abspath(os.fspath(place))]
    for option, given in (("--repo", repos), ("--data", data), ("--prev", prevs)):
        for path in named(given):
            arguments += [option, path]
    if parent is not None:
        arguments += ["--parent", os.fspath(parent)]
    if merge:
        arguments.append("--merge")
    if replace:
        arguments.append("--replace")
    with tempfile.TemporaryDirectory(prefix="daybook-config-") as folder:
        if config is not None:
            path = os.path.join(folder, "config.json")
            with open(path, "wb") as file:
                file.write(to_bytes(dump_json(settings)))
            arguments += ["--config", path]
        printed = call(arguments)
    return _path_of(printed, root, os.path.abspath(os.fspath(place)))


def _path_of(printed: str, root: str, given: str) -> str:
    """Where the receipt went: next to an earlier one it has a place of its own."""
    try:
        file = json.loads(printed).get("file")
    except (ValueError, AttributeError):
        return given
    return os.path.join(root, file) if isinstance(file, str) else given
