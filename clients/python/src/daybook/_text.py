"""Times, and values as JSON holds them."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import json
import math
import os
import re
import time
from typing import Any, Dict, Mapping, Optional, Tuple


class Pattern:
    """A regular expression that is made when it is first used: most programs never mask anything."""

    def __init__(self, text: str, flags: int = 0) -> None:
        self._text = text
        self._flags = flags
        self._made: Optional["re.Pattern[str]"] = None

    def made(self) -> "re.Pattern[str]":
        """The expression itself."""
        if self._made is None:
            self._made = re.compile(self._text, self._flags)
        return self._made

    def match(self, text: str, at: int = 0) -> Optional["re.Match[str]"]:
        """What stands at a place."""
        return self.made().match(text, at)

    def search(self, text: str, at: int = 0) -> Optional["re.Match[str]"]:
        """What stands first behind a place."""
        return self.made().search(text, at)


_MAX_DEPTH = 200
_MAX_ARRAY = 10_000


def now_us() -> int:
    """Microseconds since 1970 UTC."""
    return time.time_ns() // 1000


_second: Tuple[int, str] = (-1, "")


def iso_micros(us: int) -> str:
    """The canonical text of a moment: 2025-12-22T02:20:57.454420Z."""
    global _second
    seconds, micros = divmod(us, 1_000_000)
    known = _second
    if known[0] != seconds:
        known = (seconds, time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)))
        _second = known
    return f"{known[1]}.{micros:06d}Z"


def compact_time(us: int) -> str:
    """A moment as it stands in ids: 20251222_022057_454420."""
    day, _, clock = iso_micros(us)[:-1].partition("T")
    return f"{day.replace('-', '')}_{clock.replace(':', '').replace('.', '_')}"


def plain(value: Any) -> Any:
    """A value as JSON holds it, never an error: NaN and the infinities become texts, and so does what JSON has no place for."""
    try:
        return _plain(value, 0)
    except RecursionError:  # the caller itself is deep already
        return f"<{type(value).__name__}, nested too deep>"


def as_text(value: Any) -> str:
    """A text for whatever was given, never an error."""
    simple = plain(value)
    return simple if isinstance(simple, str) else dump_json(simple)


def _plain(value: Any, depth: int) -> Any:
    if value is None or value.__class__ in (bool, str, int):
        return value
    if isinstance(value, float):
        return _plain_float(float(value))
    if depth > _MAX_DEPTH:
        return f"<nested deeper than {_MAX_DEPTH} levels>"
    if isinstance(value, enum.Enum):
        return _plain(value.value, depth + 1)
    if isinstance(value, (bool, int)):
        return int(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Mapping):
        return {_key_text(key): _plain(member, depth + 1) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(element, depth + 1) for element in value]
    return _plain_other(value, depth)


def _plain_float(value: float) -> Any:
    return value if math.isfinite(value) else special_name(value)


def special_name(value: float) -> str:
    """NaN and the infinities as they are written into JSON, which has none."""
    if value != value:
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def _key_text(key: Any) -> str:
    if isinstance(key, str):
        return str.__str__(key)
    simple = plain(key)
    return simple if isinstance(simple, str) else json.dumps(simple)


def _plain_other(value: Any, depth: int) -> Any:
    try:
        if isinstance(value, (set, frozenset)):
            return sorted((_plain(element, depth + 1) for element in value), key=repr)
        if isinstance(value, os.PathLike):
            return os.fsdecode(value)
        if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
            return value.isoformat()
        if isinstance(value, (bytes, bytearray)):
            return bytes(value).decode("utf-8", "replace")
        if isinstance(value, BaseException):
            return {"name": type(value).__name__, "message": str(value)}
        if isinstance(value, type):
            return value.__qualname__
        if dataclasses.is_dataclass(value):
            names = [field.name for field in dataclasses.fields(value)]
            return {name: _plain(getattr(value, name, None), depth + 1) for name in names}
        if type(value).__module__.partition(".")[0] == "omegaconf":
            return _plain(_from_omegaconf(value), depth + 1)
        number = as_number(value)
        if number is not None:
            return _plain(number, depth + 1)
        if hasattr(value, "tolist") and getattr(value, "size", _MAX_ARRAY + 1) <= _MAX_ARRAY:
            return _plain(value.tolist(), depth + 1)
        if type(value).__name__ in ("Namespace", "SimpleNamespace"):
            return _plain(vars(value), depth + 1)
        return str(value)
    except Exception as error:  # whatever a stranger's class does when it is looked at
        return f"<{type(value).__name__}, which cannot be shown: {type(error).__name__}>"


def as_number(value: Any) -> Any:
    """The number in a scalar of numpy, torch, jax and the like; None for what is none."""
    if isinstance(value, (int, float)):
        return value
    try:
        item = getattr(value, "item", None)
        if item is None or getattr(value, "ndim", 0) not in (0, 1):
            return None
        number = item()
    except Exception:  # more than one element, or something that only looks alike
        return None
    return number if isinstance(number, (int, float)) else None


def _from_omegaconf(value: Any) -> Any:
    from omegaconf import OmegaConf  # type: ignore[import-not-found,unused-ignore]

    try:
        return OmegaConf.to_container(value, resolve=True)
    except Exception:  # an interpolation that leads nowhere: the text says so
        return OmegaConf.to_container(value, resolve=False)


def config_map(config: Any) -> Dict[str, Any]:
    """A configuration as a map: a dict, an OmegaConf, a Namespace, a dataclass, or an object with attributes."""
    simple = plain(config)
    if isinstance(simple, dict):
        return simple
    attributes: Dict[str, Any] = {}
    for name in dir(config):
        if name.startswith("_"):
            continue
        try:
            member = getattr(config, name, None)
        except Exception:  # whatever a stranger's class does when it is looked at
            continue
        if not callable(member):
            attributes[name] = plain(member)
    return attributes


def dump_json(value: Any) -> str:
    """One line of JSON, as JSON.stringify writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def to_bytes(text: str) -> bytes:
    """UTF-8; halves of characters, which have none, as JSON escapes them."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half.group()):04x}", text).encode("utf-8")


_exact_mark = "\u0000exact "
_exact = re.compile(r'"\\u0000exact ([^"]*)"')


def read_document(text: str) -> Any:
    """Reads JSON that is written again: numbers keep the characters they were written in."""
    return json.loads(text, parse_float=_exact_float, parse_int=_exact_int, parse_constant=_constant)


def write_document(value: Any) -> bytes:
    """JSON laid out with two spaces, with what read_document kept."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return to_bytes(_exact.sub(r"\1", text) + "\n")


def _exact_float(text: str) -> Any:
    number = float(text)
    return number if repr(number) == text else _exact_mark + text


def _exact_int(text: str) -> Any:
    return _exact_mark + text if text == "-0" else int(text)


def _constant(text: str) -> str:
    return text
