"""The content of versions: as bytes and back, its checksum, and the metadata beside it."""

from __future__ import annotations

import enum
import hashlib
import json
import pickle
import time
import uuid
from datetime import datetime, timezone
from typing import Any, Dict, List, Optional, Sequence, Type

from ._patch import same_json
from ._text import special_name


class PersistenceError(Exception):
    """What went wrong with stored data."""


class DataIntegrityError(PersistenceError):
    """Stored data is not what was saved."""


class SnapshotError(PersistenceError):
    """A snapshot could not be written or read."""


class VersioningError(SnapshotError):
    """A version cannot have this name, or has it already."""


class SnapshotNotFoundError(SnapshotError):
    """There is no such snapshot."""


class DeltaStrategy(str, enum.Enum):
    """How differences are kept; here all but NONE are JSON Patches, kept where they are smaller than the whole."""

    BINARY = "binary"
    DICT = "dict"
    COMPRESS = "compress"
    AUTO = "auto"
    NONE = "none"


class SnapshotMetadata:
    """What is known of a snapshot beside its data."""

    def __init__(
        self,
        version: Optional[str] = None,
        tags: Optional[Sequence[str]] = None,
        description: Optional[str] = None,
        user_info: Optional[Dict[str, Any]] = None,
    ) -> None:
        self.version = version or f"v{time.time():.0f}-{uuid.uuid4().hex[:8]}"
        self.created_at = datetime.now(timezone.utc).isoformat()
        self.tags = list(tags or [])
        self.description = description or ""
        self.user_info = dict(user_info or {})
        self.checksum: Optional[str] = None
        self.size_bytes = 0
        self.entry_count = 0
        self.others: Dict[str, Any] = {}

    def to_dict(self) -> Dict[str, Any]:
        """The metadata as its file has it."""
        return {
            "version": self.version,
            "created_at": self.created_at,
            "tags": self.tags,
            "description": self.description,
            "user_info": self.user_info,
            "checksum": self.checksum,
            "size_bytes": self.size_bytes,
            "entry_count": self.entry_count,
            **self.others,
        }

    @classmethod
    def from_dict(cls, data: Dict[str, Any]) -> SnapshotMetadata:
        """Metadata from what a file has; fields that nobody knows are kept."""
        metadata = cls(data.get("version"), data.get("tags"), data.get("description"), data.get("user_info"))
        known = metadata.to_dict()
        metadata.created_at = data.get("created_at", metadata.created_at)
        metadata.checksum = data.get("checksum")
        metadata.size_bytes = data.get("size_bytes", 0)
        metadata.entry_count = data.get("entry_count", 0)
        metadata.others = {name: value for name, value in data.items() if name not in known and value is not None}
        return metadata

    def update_integrity_info(self, data: Any) -> None:
        """Sets checksum, size and count from the data."""
        self.checksum = checksum_of(data)
        self.size_bytes = len(serialized(data))
        self.entry_count = len(data) if isinstance(data, (dict, list)) else 0


def serialized(data: Any) -> bytes:
    """The bytes of a data file: JSON, and Python's own form for what JSON cannot hold."""
    if _is_json(data):
        return json.dumps(data).encode("ascii")
    return pickle.dumps(data)


def checksum_of(data: Any) -> str:
    """As `daybook store` makes it, of the canonical JSON; of what JSON cannot hold as the original makes it."""
    if _is_json(data):
        text = _canonical(json.loads(json.dumps(data)))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return _original_rule(data)


def _original_rule(data: Any) -> str:
    """The original's rule: the JSON as Python prints it with sorted keys, or else how Python shows the value."""
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest()
    try:
        text = data if isinstance(data, str) else json.dumps(data, sort_keys=True)
    except (TypeError, ValueError):
        text = repr(data)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def loaded(data: bytes) -> Any:
    """The value in the bytes of a data file."""
    try:
        return json.loads(data.decode("utf-8"))
    except ValueError:
        pass
    if data[:1] == b"\x80":
        return pickle.loads(data)
    return data.decode("utf-8", "replace")  # a bare text, which the original writes and cannot read


def is_what_was_saved(data: Any, checksum: str) -> bool:
    """By either rule. How Python shows a value may say where in memory it was, so of such data nothing is claimed."""
    return not _is_json(data) or checksum in (checksum_of(data), _original_rule(data))


def _is_json(data: Any) -> bool:
    """Whether a value is stored as JSON: what would come back as something else is not, at the top."""
    try:
        json.dumps(data)
        return data is None or isinstance(data, (str, int, float, dict, list))
    except (TypeError, ValueError):
        return False


def _canonical(value: Any) -> str:
    """RFC 8785: no spaces, keys sorted by their UTF-16, numbers as JavaScript writes them."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{json.dumps(key, ensure_ascii=False)}:{_canonical(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_canonical(each) for each in value) + "]"
    if isinstance(value, float):
        return _canonical_number(value)
    return json.dumps(value, ensure_ascii=False)


def _canonical_number(value: float) -> str:
    if value - value != 0:
        return json.dumps(special_name(value))
    if abs(value) < 1e21 and value == int(value):
        return str(int(value))
    text = repr(value)
    mantissa, e, exponent = text.partition("e")
    if not e:
        return text
    if -6 <= int(exponent) < 0:
        digits = mantissa.replace(".", "").lstrip("-")
        sign = "-" if value < 0 else ""
        return f"{sign}0.{'0' * (-int(exponent) - 1)}{digits}"
    return f"{mantissa}e{'+' if int(exponent) > 0 else ''}{int(exponent)}"


class PlainUnpickler(pickle.Unpickler):
    """Reads the original's deltas, which are maps; the one class in them names a strategy. Runs nothing."""

    def find_class(self, module: str, name: str) -> Type[Any]:
        if name == "DeltaStrategy":
            return DeltaStrategy
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a delta")


def apply_original(before: Any, delta: Any) -> Any:
    """Leads from a value to the next by a delta of the original."""
    if not isinstance(before, dict) or not isinstance(delta, dict) or delta.get("is_binary_delta"):
        raise SnapshotError("only the original reads this delta")
    after = {**before, **delta.get("changes", {})}
    for key in delta.get("removed_keys", []):
        after.pop(key, None)
    return after


def differs(one: Any, other: Any) -> bool:
    """Whether two values are not the same, whatever they are."""
    try:
        return not same_json(one, other)
    except (TypeError, ValueError):
        try:
            return bool(one != other)
        except ValueError:  # arrays say it element by element
            return repr(one) != repr(other)


def delta_info(before: Any, after: Any) -> Dict[str, Any]:
    """What the original says of a difference between two maps; other values differ as a whole."""
    changes: Dict[Any, Any] = {}
    removed: List[Any] = []
    if isinstance(before, dict) and isinstance(after, dict):
        changes = {key: value for key, value in after.items() if key not in before or differs(before[key], value)}
        removed = [key for key in before if key not in after]
    elif differs(before, after):
        changes = {"": after}
    size = len(json.dumps({"changes": changes, "removed_keys": removed}, sort_keys=True, default=repr))
    return {
        "changes": changes,
        "removed_keys": removed,
        "unchanged_keys": [],
        "unchanged": {},
        "is_full_snapshot": False,
        "strategy": "dict",
        "original_size": size,
        "compressed_size": size,
        "compression_ratio": 1.0,
    }
