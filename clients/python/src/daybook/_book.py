"""Where the book is, what it says of writing, and what is told when something cannot be recorded."""

from __future__ import annotations

import os
import re
import sys
import threading
from typing import Any, Dict, List, Optional, Set

VERSION = "0.1.0"

_told: Set[str] = set()
_told_lock = threading.Lock()


def tell(kind: str, text: str) -> None:
    """Says something on standard error, once for each kind in a process; never raises."""
    with _told_lock:
        if kind in _told:
            return
        _told.add(kind)
    try:
        if sys.stderr is not None:
            print(f"daybook: {text}", file=sys.stderr, flush=True)
    except Exception:  # closed, or full: there is nobody to tell
        pass


def find_book(start: str) -> Optional[str]:
    """The nearest folder upwards that holds daybook.yaml, snapshots/ or .git."""
    folder = os.path.abspath(start)
    while True:
        for mark in ("daybook.yaml", "snapshots", ".git"):
            if os.path.lexists(os.path.join(folder, mark)):
                return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def book_root(given: Any = None) -> str:
    """The book to record in: the one that is named, that of DAYBOOK_BOOK, the nearest upwards, or else this folder becomes one."""
    named = given if given is not None else os.environ.get("DAYBOOK_BOOK") or None
    if named is not None:
        return os.path.abspath(os.fspath(named))
    here = os.getcwd()
    found = find_book(here)
    if found is not None:
        return found
    tell("new-book", f"no book in {here} or above it, so this folder becomes one (snapshots/).")
    try:
        os.makedirs(os.path.join(here, "snapshots"), exist_ok=True)
    except OSError:  # what cannot be written is told by what is recorded
        pass
    return here


def told(root: str, name: str) -> Optional[str]:
    """What `daybook exec` told this program (DAYBOOK_RUN and the like), unless that is of another book."""
    value = os.environ.get(name)
    book = os.environ.get("DAYBOOK_BOOK")
    if not value or (book and book != root and os.path.realpath(book) != os.path.realpath(root)):
        return None
    return value


def root_near(path: Any) -> str:
    """The book that a file or folder lies in; without one the folder the program runs in, or else the one around the path."""
    named = os.environ.get("DAYBOOK_BOOK")
    place = os.path.abspath(os.fspath(path))
    if named and inside(named, place):
        return os.path.abspath(named)
    around = place if os.path.isdir(place) else os.path.dirname(place)
    found = find_book(around)
    if found is not None:
        return found
    return book_root() if inside(os.getcwd(), place) else around


class Settings:
    """What daybook.yaml says of writing."""

    def __init__(self) -> None:
        self.durability = "os"
        self.action_files = False
        self.masks = True
        self.keys: List[str] = []


_settings: Dict[str, Settings] = {}
_mentioned = re.compile(r"^\s*[\"']?(?:durability|actionFiles|redaction)[\"']?\s*:|^\s*[{\[]|<<|[*&]\w", re.M)


def settings_of(root: str) -> Settings:
    """The settings of a book, read once in a process. What cannot be understood stays as it is by default: masking is on."""
    known = _settings.get(root)
    if known is None:
        known = _read_settings(root)
        _settings[root] = known
    return known


def _read_settings(root: str) -> Settings:
    settings = Settings()
    try:
        with open(os.path.join(root, "daybook.yaml"), encoding="utf-8") as file:
            text = file.read()
    except (OSError, ValueError):
        return settings
    if not _mentioned.search(text):
        return settings
    found = _with_yaml(text)
    if found is None:
        found = _without_yaml(text)
    durability = found.get("durability")
    if durability in ("sync", "batch", "os"):
        settings.durability = durability
    settings.action_files = found.get("actionFiles") is True
    redaction = found.get("redaction")
    if isinstance(redaction, dict):
        settings.masks = redaction.get("mask") not in ("off", False)
        keys = redaction.get("keys")
        settings.keys = [str(key) for key in keys] if isinstance(keys, list) else []
    else:
        settings.masks = redaction not in ("off", False)
    return settings


def _with_yaml(text: str) -> Optional[Dict[str, Any]]:
    try:
        import yaml  # type: ignore[import-untyped,unused-ignore]

        found = yaml.safe_load(text)
        return found if isinstance(found, dict) else None
    except Exception:  # no PyYAML, or a text that it refuses
        return None


def _without_yaml(text: str) -> Dict[str, Any]:
    """The few settings that matter here, in the plain forms that people write."""
    found: Dict[str, Any] = {}
    for name in ("durability", "actionFiles"):
        match = re.search(rf"^{name}\s*:\s*[\"']?(\w+)", text, re.M)
        if match:
            found[name] = {"true": True, "false": False}.get(match.group(1), match.group(1))
    match = re.search(r"^redaction\s*:[ \t]*(.*(?:\n(?:[ \t]+.*|[ \t]*))*)", text, re.M)
    if match:
        body = match.group(1)
        word = re.match(r"[\"']?(on|off)\b", body)
        found["redaction"] = word.group(1) if word else _redaction_map(body)
    return found


def _redaction_map(body: str) -> Dict[str, Any]:
    mask = re.search(r"\bmask\s*:\s*[\"']?(on|off)", body)
    keys = re.search(r"\bkeys\s*:\s*\[([^\]]*)\]", body) or re.search(r"\bkeys\s*:((?:\s*\n\s*-[^\n]*)+)", body)
    listed = re.split(r"[,\n]", keys.group(1)) if keys else []
    names = [re.sub(r"^\s*(?:-\s+)?[\"']?|[\"']?\s*(?:#.*)?$", "", name) for name in listed]
    return {"mask": mask.group(1) if mask else "on", "keys": [name for name in names if name]}


def inside(folder: str, path: str) -> bool:
    """Whether a path lies in a folder or is it."""
    way = os.path.relpath(os.path.abspath(path), os.path.abspath(folder))
    return way != ".." and not way.startswith(".." + os.sep) and not os.path.isabs(way)


def book_path(root: str, path: str) -> str:
    """A path relative to the book with forward slashes; "" for the book itself."""
    way = os.path.relpath(path, root).replace(os.sep, "/")
    return "" if way == "." else way
