"""Framework0's SnapshotManager on the store of versions that `daybook store` has: `from daybook.framework0 import SnapshotManager`."""

from __future__ import annotations

import contextlib
import copy
import enum
import hashlib
import io
import json
import os
import pickle
import re
import sqlite3
import threading
import time
import uuid
from datetime import datetime, timezone
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple, Type

from ._book import book_root
from ._files import write_whole
from ._patch import apply_delta, make_delta, same_json
from ._text import special_name

__all__ = [
    "DataIntegrityError",
    "DeltaStrategy",
    "PersistenceError",
    "SnapshotError",
    "SnapshotManager",
    "SnapshotMetadata",
    "SnapshotNotFoundError",
    "StorageBackend",
    "VersioningError",
    "create_snapshot_manager",
]

_LONGEST_CHAIN = 10
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,119}\Z")


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


class StorageBackend(str, enum.Enum):
    """Where snapshots are kept; only the file system is there, as in the original."""

    FILE_SYSTEM = "file_system"
    MEMORY = "memory"
    DATABASE = "database"


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
        self.checksum = _checksum(data)
        self.size_bytes = len(_serialized(data))
        self.entry_count = len(data) if isinstance(data, (dict, list)) else 0


def _serialized(data: Any) -> bytes:
    """The bytes of a data file: JSON, and Python's own form for what JSON cannot hold."""
    if _is_json(data):
        return json.dumps(data).encode("ascii")
    return pickle.dumps(data)


def _checksum(data: Any) -> str:
    """As `daybook store` makes it, of the canonical JSON; of what JSON cannot hold as the original makes it."""
    if _is_json(data):
        text = _canonical(json.loads(json.dumps(data)))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return _original_checksum(data)


def _original_checksum(data: Any) -> str:
    """The original's rule: the JSON as Python prints it with sorted keys, or else how Python shows the value."""
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest()
    try:
        text = data if isinstance(data, str) else json.dumps(data, sort_keys=True)
    except (TypeError, ValueError):
        text = repr(data)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class SnapshotManager:
    """
    Versions of data with tags and deltas, in the folder that the original lays out, under the lock of `daybook store`. Without
    a folder it is the store of the book, snapshots/store. Nothing is overwritten: a version that is there stays as it is.
    """

    def __init__(
        self,
        base_path: Optional[Any] = None,
        storage_backend: str = StorageBackend.FILE_SYSTEM,
        delta_strategy: str = DeltaStrategy.AUTO,
        max_snapshots: int = 0,
    ) -> None:
        if storage_backend != StorageBackend.FILE_SYSTEM:
            raise SnapshotError(f"Failed to initialize snapshot storage: Unsupported storage backend: {storage_backend}")
        place = os.path.join(book_root(), "snapshots", "store") if base_path is None else os.fspath(base_path)
        self.base_path = str(place)
        self.storage_backend = storage_backend
        self.delta_strategy = delta_strategy
        self.max_snapshots = max_snapshots
        self._guard = threading.RLock()
        try:
            for folder in ("data", "metadata"):
                os.makedirs(os.path.join(self.base_path, folder), exist_ok=True)
        except OSError as trouble:
            raise SnapshotError(f"Failed to initialize snapshot storage: {trouble}") from trouble

    def create_snapshot(
        self,
        data: Any,
        tags: Optional[Sequence[str]] = None,
        description: Optional[str] = None,
        user_info: Optional[Dict[str, Any]] = None,
        version: Optional[str] = None,
    ) -> str:
        """Saves data whole and returns the name of the version."""
        metadata = SnapshotMetadata(version, tags, description, user_info)
        metadata.user_info.pop("delta_base_version", None)
        metadata.update_integrity_info(data)
        return self._save(metadata, ".data", _serialized(data))

    def create_delta_snapshot(
        self,
        data: Any,
        base_version: Optional[str] = None,
        tags: Optional[Sequence[str]] = None,
        description: Optional[str] = None,
        user_info: Optional[Dict[str, Any]] = None,
        version: Optional[str] = None,
    ) -> str:
        """Saves what changed since a version (the newest), or all of it where that is not smaller or a chain gets long."""
        if base_version is None:
            newest = self._newest(self._all())
            base_version = None if newest is None else newest.version
        if base_version is None:
            return self.create_snapshot(data, tags, description, user_info, version)
        before, base = self.get_snapshot(base_version)
        chain = [*base.others.get("chain", []), base_version]
        whole = _serialized(data)
        delta = make_delta(before, data) if self.delta_strategy != DeltaStrategy.NONE else None
        is_small = delta is not None and len(delta.encode("utf-8", "surrogatepass")) * 2 <= len(whole)
        if delta is None or not is_small or len(chain) >= _LONGEST_CHAIN:
            return self.create_snapshot(data, tags, description, user_info, version)
        metadata = SnapshotMetadata(version, tags, description, {**(user_info or {}), "delta_base_version": base_version})
        metadata.update_integrity_info(data)
        metadata.others["chain"] = chain
        return self._save(metadata, ".patch.json", delta.encode("utf-8"))

    def get_snapshot(self, version_id: str) -> Tuple[Any, SnapshotMetadata]:
        """The data and metadata of a version, whole or delta. What is not what was saved is not given."""
        metadata = self._metadata(version_id)
        try:
            data = self._content(metadata, set())
        except (SnapshotError, DataIntegrityError):
            raise
        except Exception as trouble:
            raise SnapshotError(f"Failed to retrieve snapshot {version_id}: {trouble}") from trouble
        if metadata.checksum is not None and not _is_what_was_saved(data, metadata.checksum):
            raise SnapshotError(f"Failed to retrieve snapshot {version_id}: its data is not what was saved")
        return data, metadata

    get_delta_snapshot = get_snapshot

    def get_latest_snapshot(self) -> Tuple[Any, SnapshotMetadata]:
        """The newest version."""
        newest = self._newest(self._all())
        if newest is None:
            raise SnapshotNotFoundError("No snapshots found")
        return self.get_snapshot(newest.version)

    def get_snapshot_by_tag(self, tag: str, latest: bool = True) -> Tuple[Any, SnapshotMetadata]:
        """The newest version with a tag, or the oldest."""
        tagged = sorted((each for each in self._all() if tag in each.tags), key=_age)
        if not tagged:
            raise SnapshotNotFoundError(f"No snapshots found with tag '{tag}'")
        return self.get_snapshot(tagged[-1 if latest else 0].version)

    def list_snapshots(self) -> List[Dict[str, Any]]:
        """The metadata of all versions, oldest first."""
        return [metadata.to_dict() for metadata in self._all()]

    def list_versions(self) -> List[str]:
        """The names of all versions, oldest first."""
        return [metadata.version for metadata in self._all()]

    def list_tags(self) -> Dict[str, int]:
        """All tags with how many versions have them."""
        counts: Dict[str, int] = {}
        for metadata in self._all():
            for tag in metadata.tags:
                counts[tag] = counts.get(tag, 0) + 1
        return counts

    def tag_snapshot(self, version_id: str, tags: Sequence[str]) -> None:
        """Adds tags to a version."""
        with self._lock():
            metadata = self._metadata(version_id)
            metadata.tags += [tag for tag in dict.fromkeys(tags) if tag not in metadata.tags]
            self._write_metadata(metadata)
            self._write_registry()

    def untag_snapshot(self, version_id: str, tags: Sequence[str]) -> None:
        """Takes tags from a version."""
        with self._lock():
            metadata = self._metadata(version_id)
            metadata.tags = [tag for tag in metadata.tags if tag not in tags]
            self._write_metadata(metadata)
            self._write_registry()

    def delete_snapshot(self, version_id: str) -> None:
        """Deletes a version; what leads on from it is stored again first, so that nothing is lost with its base."""
        with self._lock():
            self._delete(version_id)
            self._write_registry()

    def compare_snapshots(self, version1: str, version2: str) -> Dict[str, Any]:
        """What differs between two versions."""
        data1, metadata1 = self.get_snapshot(version1)
        data2, metadata2 = self.get_snapshot(version2)
        delta = _delta_info(data1, data2)
        try:
            apart = datetime.fromisoformat(metadata2.created_at) - datetime.fromisoformat(metadata1.created_at)
            seconds: Optional[float] = apart.total_seconds()
        except (TypeError, ValueError):
            seconds = None
        return {
            "version1": version1,
            "version2": version2,
            "timestamp1": metadata1.created_at,
            "timestamp2": metadata2.created_at,
            "time_difference_seconds": seconds,
            "delta_info": delta,
            "compression_ratio": delta["compression_ratio"],
            "is_different": _differs(data1, data2),
            "metadata1": metadata1.to_dict(),
            "metadata2": metadata2.to_dict(),
        }

    def export_snapshot(self, version_id: str, export_path: Any) -> str:
        """Writes a version with its metadata into one file: JSON for .json, else Python's own form."""
        data, metadata = self.get_snapshot(version_id)
        path = os.path.abspath(os.fspath(export_path))
        known = metadata.to_dict()
        known.pop("chain", None)
        known["user_info"] = {name: value for name, value in metadata.user_info.items() if name != "delta_base_version"}
        exported = {
            "data": data,
            "metadata": known,
            "exported_at": datetime.now(timezone.utc).isoformat(),
            "source_id": version_id,
        }
        try:
            is_json = path.lower().endswith(".json")
            write_whole(path, json.dumps(exported, indent=2).encode("utf-8") if is_json else pickle.dumps(exported))
        except (OSError, TypeError, ValueError, pickle.PicklingError) as trouble:
            raise SnapshotError(f"Failed to export snapshot {version_id}: {trouble}") from trouble
        return str(export_path)

    def import_snapshot(self, import_path: Any, new_version: Optional[str] = None) -> str:
        """Takes in an exported file; the same content under the same name is there already, other content is refused."""
        path = os.fspath(import_path)
        try:
            with open(path, "rb") as file:
                text = file.read()
            exported = json.loads(text) if str(path).lower().endswith(".json") else pickle.loads(text)
            data, given = exported["data"], SnapshotMetadata.from_dict(exported.get("metadata", {}))
        except Exception as trouble:
            raise SnapshotError(f"Failed to import snapshot: {trouble}") from trouble
        name = new_version or given.version
        if os.path.exists(self._path("metadata", name, ".json")) and not _differs(self.get_snapshot(name)[0], data):
            return name
        return self.create_snapshot(data, given.tags, given.description, given.user_info, name)

    def cleanup(self) -> None:
        """Nothing needs to be let go of."""

    def clear_all(self) -> None:
        """Deletes all versions."""
        with self._lock():
            for metadata in self._all():
                self._remove_files(metadata.version)
            self._write_registry()

    def _save(self, metadata: SnapshotMetadata, ending: str, content: bytes) -> str:
        version = metadata.version
        if not _NAME.match(version) or ".." in version or version == "latest" or version.startswith("periodic_"):
            raise VersioningError(f'expected a name of letters, digits, ".", "_", "-" and "+", found "{version}"')
        try:
            with self._lock():
                if os.path.exists(self._path("metadata", version, ".json")):
                    raise VersioningError(f"version {version} is there already, and versions are never overwritten")
                base = metadata.user_info.get("delta_base_version")
                if base is not None:
                    self._metadata(str(base))  # it may have gone in the meantime
                write_whole(self._path("data", version, ending), content)
                self._write_metadata(metadata)
                if self.max_snapshots > 0:
                    for oldest in self._all()[: -self.max_snapshots]:
                        self._delete(oldest.version)
                self._write_registry()
        except OSError as trouble:
            raise SnapshotError(f"Failed to create snapshot: {trouble}") from trouble
        return version

    def _delete(self, version: str) -> None:
        self._metadata(version)
        for each in self._all():
            chain = each.others.get("chain", [])
            if each.user_info.get("delta_base_version") == version:
                data = self._content(each, set())
                write_whole(self._path("data", each.version, ".data"), _serialized(data))
                each.user_info.pop("delta_base_version")
                each.others.pop("chain", None)
                self._write_metadata(each)
                self._drop("data", each.version, ".patch.json")
                self._drop("data", each.version, ".delta")
            elif version in chain:
                # Its chain begins with what was stored whole just now, or will be.
                each.others["chain"] = chain[chain.index(version) + 1 :]
                self._write_metadata(each)
        self._remove_files(version)

    def _remove_files(self, version: str) -> None:
        self._drop("metadata", version, ".json")
        for ending in (".patch.json", ".data", ".delta"):
            self._drop("data", version, ending)

    def _drop(self, folder: str, version: str, ending: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._path(folder, version, ending))

    def _path(self, folder: str, version: str, ending: str) -> str:
        if os.path.basename(version) != version or version in ("", ".", ".."):
            raise SnapshotNotFoundError(f"Snapshot with version {version} not found")
        return os.path.join(self.base_path, folder, version + ending)

    def _metadata(self, version: str) -> SnapshotMetadata:
        try:
            with open(self._path("metadata", version, ".json"), encoding="utf-8") as file:
                return SnapshotMetadata.from_dict({**json.load(file), "version": version})
        except FileNotFoundError:
            raise SnapshotNotFoundError(f"Snapshot with version {version} not found") from None
        except (OSError, ValueError, TypeError) as trouble:
            raise SnapshotError(f"Failed to read the metadata of {version}: {trouble}") from trouble

    def _all(self) -> List[SnapshotMetadata]:
        """All versions, oldest first; metadata/ is the truth, as for `daybook store`."""
        try:
            names = [name[:-5] for name in os.listdir(os.path.join(self.base_path, "metadata")) if name.endswith(".json")]
        except FileNotFoundError:
            return []
        found = []
        for name in names:
            with contextlib.suppress(SnapshotError):
                found.append(self._metadata(name))
        return sorted(found, key=_age)

    def _newest(self, versions: Sequence[SnapshotMetadata]) -> Optional[SnapshotMetadata]:
        return versions[-1] if versions else None

    def _content(self, metadata: SnapshotMetadata, seen: "set[str]") -> Any:
        version = metadata.version
        if version in seen:
            raise SnapshotError(f"the chain of {version} comes back to itself")
        whole = self._path("data", version, ".data")
        if os.path.exists(whole):
            with open(whole, "rb") as file:
                return _loaded(file.read())
        base = metadata.user_info.get("delta_base_version")
        if not isinstance(base, str):
            raise SnapshotNotFoundError(f"Data for snapshot {version} not found")
        before = copy.deepcopy(self._content(self._metadata(base), {*seen, version}))
        patch = self._path("data", version, ".patch.json")
        if os.path.exists(patch):
            with open(patch, encoding="utf-8") as file_text:
                return apply_delta(before, file_text.read())
        with open(self._path("data", version, ".delta"), "rb") as file:
            return _apply_original(before, _PlainUnpickler(io.BytesIO(file.read())).load())

    def _write_metadata(self, metadata: SnapshotMetadata) -> None:
        text = json.dumps(metadata.to_dict(), indent=2, ensure_ascii=False) + "\n"
        write_whole(self._path("metadata", metadata.version, ".json"), text.encode("utf-8", "surrogatepass"))

    def _write_registry(self) -> None:
        """The list that the original reads; what others keep in it stays."""
        path = os.path.join(self.base_path, "registry.json")
        others: Dict[str, Any] = {}
        with contextlib.suppress(OSError, ValueError, AttributeError), open(path, encoding="utf-8") as file:
            others = {name: value for name, value in json.load(file).items() if name != "snapshots"}
        registry = {"snapshots": {each.version: each.to_dict() for each in self._all()}, **others}
        write_whole(path, (json.dumps(registry, indent=2) + "\n").encode("utf-8"))

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        """The lock of `daybook store` on the same file: it ends with its holder and never by time."""
        folder = os.path.join(self.base_path, ".daybook")
        with self._guard:
            if getattr(self, "_holds", False):
                yield
                return
            os.makedirs(folder, exist_ok=True)
            try:
                connection = sqlite3.connect(
                    os.path.join(folder, "lock.db"), timeout=60, isolation_level=None, check_same_thread=False
                )
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as trouble:
                raise SnapshotError(f"the store is locked: {trouble}") from trouble
            self._holds = True
            try:
                yield
            finally:
                self._holds = False
                connection.close()


def create_snapshot_manager(
    base_path: Optional[Any] = None,
    storage_backend: str = StorageBackend.FILE_SYSTEM,
    delta_strategy: str = DeltaStrategy.AUTO,
    max_snapshots: int = 0,
) -> SnapshotManager:
    """A manager for a store."""
    return SnapshotManager(base_path, storage_backend, delta_strategy, max_snapshots)


def _age(metadata: SnapshotMetadata) -> Tuple[str, str]:
    return metadata.created_at, metadata.version


def _loaded(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8"))
    except ValueError:
        pass
    if data[:1] == b"\x80":
        return pickle.loads(data)
    return data.decode("utf-8", "replace")  # a bare text, which the original writes and cannot read


def _is_what_was_saved(data: Any, checksum: str) -> bool:
    """By either rule. How Python shows a value may say where in memory it was, so of such data nothing is claimed."""
    return not _is_json(data) or checksum in (_checksum(data), _original_checksum(data))


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


def _differs(one: Any, other: Any) -> bool:
    try:
        return not same_json(one, other)
    except (TypeError, ValueError):
        try:
            return bool(one != other)
        except ValueError:  # arrays say it element by element
            return repr(one) != repr(other)


def _delta_info(before: Any, after: Any) -> Dict[str, Any]:
    """What the original says of a difference between two maps; other values differ as a whole."""
    changes: Dict[Any, Any] = {}
    removed: List[Any] = []
    if isinstance(before, dict) and isinstance(after, dict):
        changes = {key: value for key, value in after.items() if key not in before or _differs(before[key], value)}
        removed = [key for key in before if key not in after]
    elif _differs(before, after):
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


class _PlainUnpickler(pickle.Unpickler):
    """Reads the original's deltas, which are maps; the one class in them names a strategy. Runs nothing."""

    def find_class(self, module: str, name: str) -> Type[Any]:
        if name == "DeltaStrategy":
            return DeltaStrategy
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a delta")


def _apply_original(before: Any, delta: Any) -> Any:
    if not isinstance(before, dict) or not isinstance(delta, dict) or delta.get("is_binary_delta"):
        raise SnapshotError("only the original reads this delta")
    after = {**before, **delta.get("changes", {})}
    for key in delta.get("removed_keys", []):
        after.pop(key, None)
    return after
