"""Differences between two JSON values as the store of versions keeps them: JSON Patches (RFC 6902), lines of texts."""

from __future__ import annotations

import copy
import difflib
import json
import re
from typing import Any, Dict, List, Optional, Tuple


def make_delta(before: Any, after: Any) -> Optional[str]:
    """The text of a delta between two objects, lists or texts; None where there is none that leads to exactly the other."""
    if isinstance(before, str) and isinstance(after, str):
        if before.count("\n") + after.count("\n") > _MAX_LINES:
            return None
        delta: Any = {"lines": _line_edits(_lines(before), _lines(after))}
    elif type(before) is type(after) and isinstance(before, (dict, list)):
        delta = _operations(before, after, "")
    else:
        return None
    text = json.dumps(delta, ensure_ascii=False, separators=(",", ":"))
    led = apply_delta(copy.deepcopy(before), text)
    return text if same_json(led, after) else None


def same_json(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON, 1 and 1.0 and true apart."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def apply_delta(before: Any, text: str) -> Any:
    """Leads from a value to the next; `before` is changed. Raises ValueError, KeyError or IndexError where it does not fit."""
    delta = json.loads(text)
    if isinstance(before, str) and isinstance(delta, dict):
        return _apply_lines(before, delta["lines"])
    if not isinstance(delta, list):
        raise ValueError("expected a JSON Patch")
    holder: Dict[str, Any] = {"": before}
    for operation in delta:
        _apply(holder, operation)
    return holder[""]


def _operations(before: Any, after: Any, path: str) -> List[Dict[str, Any]]:
    if isinstance(before, dict) and isinstance(after, dict):
        found: List[Dict[str, Any]] = []
        for key in before:
            place = f"{path}/{_escaped(key)}"
            if key not in after:
                found.append({"op": "remove", "path": place})
            else:
                found += _operations(before[key], after[key], place)
        added = [key for key in after if key not in before]
        return found + [{"op": "add", "path": f"{path}/{_escaped(key)}", "value": after[key]} for key in added]
    if isinstance(before, list) and isinstance(after, list):
        return _list_operations(before, after, path)
    return [] if same_json(before, after) else [{"op": "replace", "path": path, "value": after}]


def _list_operations(before: List[Any], after: List[Any], path: str) -> List[Dict[str, Any]]:
    """What lists have in common stays. From the end to the beginning, so that the places before keep their numbers."""
    found: List[Dict[str, Any]] = []
    for _, i, j, k, n in reversed(_stretches(before, after)):
        common = min(j - i, n - k)
        found += [{"op": "remove", "path": f"{path}/{at}"} for at in range(j - 1, i + common - 1, -1)]
        found += [{"op": "add", "path": f"{path}/{i + at - k}", "value": after[at]} for at in range(k + common, n)]
        for at in range(common):
            found += _operations(before[i + at], after[k + at], f"{path}/{i + at}")
    return found


def _stretches(before: List[Any], after: List[Any]) -> List[Tuple[str, int, int, int, int]]:
    """Where two lists differ; of very long ones only what they have in common at both ends is found."""
    old, new = [[json.dumps(each, sort_keys=True) for each in values] for values in (before, after)]
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < min(len(old), len(new)) - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    i, j, k, n = start, len(old) - tail, start, len(new) - tail
    if (j - i) * (n - k) > _MAX_PAIRS:
        return [("replace", i, j, k, n)]
    matcher = difflib.SequenceMatcher(None, old[i:j], new[k:n], autojunk=False)
    opcodes = [(kind, a + i, b + i, c + k, d + k) for kind, a, b, c, d in matcher.get_opcodes()]
    return [each for each in opcodes if each[0] != "equal"]


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _apply(holder: Dict[str, Any], operation: Dict[str, Any]) -> None:
    kind = operation["op"]
    if kind == "test":
        parent, key = _place(holder, operation["path"])
        if not same_json(parent[key], operation["value"]):
            raise ValueError(f"the value at {operation['path']} is another one")
    elif kind == "remove":
        _take(holder, operation["path"])
    elif kind in ("add", "replace"):
        _put(holder, operation["path"], copy.deepcopy(operation["value"]), kind == "replace")
    elif kind == "move":
        _put(holder, operation["path"], _take(holder, operation["from"]), False)
    elif kind == "copy":
        parent, key = _place(holder, operation["from"])
        _put(holder, operation["path"], copy.deepcopy(parent[key]), False)
    else:
        raise ValueError(f"expected an operation of a JSON Patch, found {kind}")


def _take(holder: Dict[str, Any], path: str) -> Any:
    parent, key = _place(holder, path)
    return parent.pop(key)


def _put(holder: Dict[str, Any], path: str, value: Any, replaces: bool) -> None:
    parent, key = _place(holder, path)
    if isinstance(parent, list) and not replaces:
        parent.insert(key, value)
    else:
        parent[key] = value


def _place(holder: Dict[str, Any], path: str) -> Tuple[Any, Any]:
    """What holds the place that a JSON Pointer names, and its key or index there."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")]
    parent: Any = holder
    for part in parts[:-1]:
        parent = parent[_key(parent, part)]
    return parent, _key(parent, parts[-1])


def _key(parent: Any, part: str) -> Any:
    if not isinstance(parent, list):
        return part
    return len(parent) if part == "-" else int(part)


_MAX_LINES = 5000
_MAX_PAIRS = 4_000_000


def _lines(text: str) -> List[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _line_edits(before: List[str], after: List[str]) -> List[List[Any]]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return [[i, j - i, after[k:n]] for kind, i, j, k, n in matcher.get_opcodes() if kind != "equal"]


def _apply_lines(before: str, edits: List[List[Any]]) -> str:
    lines = _lines(before)
    for at, removed, added in reversed(edits):
        lines[at : at + removed] = added
    return "".join(lines)
