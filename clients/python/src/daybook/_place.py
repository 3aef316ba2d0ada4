"""Where a run goes."""

from __future__ import annotations

import itertools
import os
import sys
import time
from typing import Any, Tuple

from ._book import book_root, find_book, inside, tell, told
from ._text import as_text


def folder_of(key: Any, book: Any) -> Tuple[str, str]:
    """The book and the folder of a run. Keys are relative to the book. Never raises: what cannot be is told when it is written."""
    try:
        return _folder_of(key, book)
    except (OSError, TypeError, ValueError) as trouble:
        tell("place", f"where to record is not known: {trouble}")
        nowhere = os.path.join(os.sep, "nonexistent", "book")
        return nowhere, os.path.join(nowhere, "run")


def _folder_of(key: Any, book: Any) -> Tuple[str, str]:
    if key is None:
        root = book_root(book)
        folder = told(root, "DAYBOOK_RUN_DIR")
        if folder:
            return root, os.path.abspath(os.path.join(root, folder))
        named = told(root, "DAYBOOK_RUN")
        if named and ":" not in named:
            return root, os.path.join(root, named)
        return root, _new_folder(root)
    text = os.fsdecode(key) if isinstance(key, (str, bytes, os.PathLike)) else as_text(key)
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
