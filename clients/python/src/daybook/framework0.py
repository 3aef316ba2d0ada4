"""Framework0's SnapshotManager on the store of versions that `daybook store` has: `from daybook.framework0 import SnapshotManager`."""

from __future__ import annotations

import enum
import json
import os
import pickle
import re
from datetime import datetime, timezone
from typing import Any, Dict, List, Optional, Sequence, Tuple

from ._book import book_root
from ._files import write_whole
from ._patch import make_delta
from ._version_content import (
    DataIntegrityError,
    DeltaStrategy,
    PersistenceError,
    SnapshotError,
    SnapshotMetadata,
    SnapshotNotFoundError,
    VersioningError,
    delta_info,
    differs,
    is_what_was_saved,
    serialized,
)
from ._version_files import VersionFiles, age_of

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


class StorageBackend(str, enum.Enum):
    """Where snapshots are kept; only the file system is there, as in the original."""

    FILE_SYSTEM = "file_system"
    MEMORY = "memory"
    DATABASE = "database"


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
        self._files = VersionFiles(self.base_path)

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
        return self._save(metadata, ".data", serialized(data))

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
            newest = _newest(self._files.all())
            base_version = None if newest is None else newest.version
        if base_version is None:
            return self.create_snapshot(data, tags, description, user_info, version)
        before, base = self.get_snapshot(base_version)
        chain = [*base.others.get("chain", []), base_version]
        whole = serialized(data)
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
        metadata = self._files.metadata(version_id)
        try:
            data = self._files.content(metadata, set())
        except (SnapshotError, DataIntegrityError):
            raise
        except Exception as trouble:
            raise SnapshotError(f"Failed to retrieve snapshot {version_id}: {trouble}") from trouble
        if metadata.checksum is not None and not is_what_was_saved(data, metadata.checksum):
            raise SnapshotError(f"Failed to retrieve snapshot {version_id}: its data is not what was saved")
        return data, metadata

    get_delta_snapshot = get_snapshot

    def get_latest_snapshot(self) -> Tuple[Any, SnapshotMetadata]:
        """The newest version."""
        newest = _newest(self._files.all())
        if newest is None:
            raise SnapshotNotFoundError("No snapshots found")
        return self.get_snapshot(newest.version)

    def get_snapshot_by_tag(self, tag: str, latest: bool = True) -> Tuple[Any, SnapshotMetadata]:
        """The newest version with a tag, or the oldest."""
        tagged = sorted((each for each in self._files.all() if tag in each.tags), key=age_of)
        if not tagged:
            raise SnapshotNotFoundError(f"No snapshots found with tag '{tag}'")
        return self.get_snapshot(tagged[-1 if latest else 0].version)

    def list_snapshots(self) -> List[Dict[str, Any]]:
        """The metadata of all versions, oldest first."""
        return [metadata.to_dict() for metadata in self._files.all()]

    def list_versions(self) -> List[str]:
        """The names of all versions, oldest first."""
        return [metadata.version for metadata in self._files.all()]

    def list_tags(self) -> Dict[str, int]:
        """All tags with how many versions have them."""
        counts: Dict[str, int] = {}
        for metadata in self._files.all():
            for tag in metadata.tags:
                counts[tag] = counts.get(tag, 0) + 1
        return counts

    def tag_snapshot(self, version_id: str, tags: Sequence[str]) -> None:
        """Adds tags to a version."""
        with self._files.lock():
            metadata = self._files.metadata(version_id)
            metadata.tags += [tag for tag in dict.fromkeys(tags) if tag not in metadata.tags]
            self._files.write_metadata(metadata)
            self._files.write_registry()

    def untag_snapshot(self, version_id: str, tags: Sequence[str]) -> None:
        """Takes tags from a version."""
        with self._files.lock():
            metadata = self._files.metadata(version_id)
            metadata.tags = [tag for tag in metadata.tags if tag not in tags]
            self._files.write_metadata(metadata)
            self._files.write_registry()

    def delete_snapshot(self, version_id: str) -> None:
        """Deletes a version; what leads on from it is stored again first, so that nothing is lost with its base."""
        with self._files.lock():
            self._files.delete(version_id)
            self._files.write_registry()

    def compare_snapshots(self, version1: str, version2: str) -> Dict[str, Any]:
        """What differs between two versions."""
        data1, metadata1 = self.get_snapshot(version1)
        data2, metadata2 = self.get_snapshot(version2)
        delta = delta_info(data1, data2)
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
            "is_different": differs(data1, data2),
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
        if os.path.exists(self._files.path("metadata", name, ".json")) and not differs(self.get_snapshot(name)[0], data):
            return name
        return self.create_snapshot(data, given.tags, given.description, given.user_info, name)

    def cleanup(self) -> None:
        """Nothing needs to be let go of."""

    def clear_all(self) -> None:
        """Deletes all versions."""
        with self._files.lock():
            for metadata in self._files.all():
                self._files.remove(metadata.version)
            self._files.write_registry()

    def _save(self, metadata: SnapshotMetadata, ending: str, content: bytes) -> str:
        version = metadata.version
        if not _NAME.match(version) or ".." in version or version == "latest" or version.startswith("periodic_"):
            raise VersioningError(f'expected a name of letters, digits, ".", "_", "-" and "+", found "{version}"')
        try:
            with self._files.lock():
                if os.path.exists(self._files.path("metadata", version, ".json")):
                    raise VersioningError(f"version {version} is there already, and versions are never overwritten")
                base = metadata.user_info.get("delta_base_version")
                if base is not None:
                    self._files.metadata(str(base))  # it may have gone in the meantime
                write_whole(self._files.path("data", version, ending), content)
                self._files.write_metadata(metadata)
                if self.max_snapshots > 0:
                    for oldest in self._files.all()[: -self.max_snapshots]:
                        self._files.delete(oldest.version)
                self._files.write_registry()
        except OSError as trouble:
            raise SnapshotError(f"Failed to create snapshot: {trouble}") from trouble
        return version

def create_snapshot_manager(
    base_path: Optional[Any] = None,
    storage_backend: str = StorageBackend.FILE_SYSTEM,
    delta_strategy: str = DeltaStrategy.AUTO,
    max_snapshots: int = 0,
) -> SnapshotManager:
    """A manager for a store."""
    return SnapshotManager(base_path, storage_backend, delta_strategy, max_snapshots)


def _newest(versions: Sequence[SnapshotMetadata]) -> Optional[SnapshotMetadata]:
    return versions[-1] if versions else None
