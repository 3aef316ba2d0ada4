"""The files of a store of versions, in the layout of Framework0 and `daybook store`."""

from __future__ import annotations

import contextlib
import copy
import io
import json
import os
import sqlite3
import threading
from typing import Any, Dict, Iterator, List, Tuple

from ._files import write_whole
from ._patch import apply_delta
from ._version_content import (
    PlainUnpickler,
    SnapshotError,
    SnapshotMetadata,
    SnapshotNotFoundError,
    apply_original,
    loaded,
    serialized,
)


class VersionFiles:
    """Reads and writes them; metadata/ is the truth of what versions there are."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._guard = threading.RLock()
        self._holds = False
        try:
            for name in ("data", "metadata"):
                os.makedirs(os.path.join(folder, name), exist_ok=True)
        except OSError as trouble:
            raise SnapshotError(f"Failed to initialize snapshot storage: {trouble}") from trouble

    def delete(self, version: str) -> None:
        """Deletes a version; what leads on from it is stored whole first."""
        self.metadata(version)
        for each in self.all():
            chain = each.others.get("chain", [])
            if each.user_info.get("delta_base_version") == version:
                data = self.content(each, set())
                write_whole(self.path("data", each.version, ".data"), serialized(data))
                each.user_info.pop("delta_base_version")
                each.others.pop("chain", None)
                self.write_metadata(each)
                self._drop("data", each.version, ".patch.json")
                self._drop("data", each.version, ".delta")
            elif version in chain:
                # Its chain begins with what was stored whole just now, or will be.
                each.others["chain"] = chain[chain.index(version) + 1 :]
                self.write_metadata(each)
        self.remove(version)

    def remove(self, version: str) -> None:
        """Removes the files of a version: first its metadata, with which it is."""
        self._drop("metadata", version, ".json")
        for ending in (".patch.json", ".data", ".delta"):
            self._drop("data", version, ending)

    def _drop(self, folder: str, version: str, ending: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path(folder, version, ending))

    def path(self, folder: str, version: str, ending: str) -> str:
        """A file of a version. Raises SnapshotNotFoundError for what is no name."""
        if os.path.basename(version) != version or version in ("", ".", ".."):
            raise SnapshotNotFoundError(f"Snapshot with version {version} not found")
        return os.path.join(self._folder, folder, version + ending)

    def metadata(self, version: str) -> SnapshotMetadata:
        """The metadata of a version. Raises SnapshotNotFoundError."""
        try:
            with open(self.path("metadata", version, ".json"), encoding="utf-8") as file:
                return SnapshotMetadata.from_dict({**json.load(file), "version": version})
        except FileNotFoundError:
            raise SnapshotNotFoundError(f"Snapshot with version {version} not found") from None
        except (OSError, ValueError, TypeError) as trouble:
            raise SnapshotError(f"Failed to read the metadata of {version}: {trouble}") from trouble

    def all(self) -> List[SnapshotMetadata]:
        """All versions, oldest first; metadata/ is the truth, as for `daybook store`."""
        try:
            names = [name[:-5] for name in os.listdir(os.path.join(self._folder, "metadata")) if name.endswith(".json")]
        except FileNotFoundError:
            return []
        found = []
        for name in names:
            with contextlib.suppress(SnapshotError):
                found.append(self.metadata(name))
        return sorted(found, key=age_of)

    def content(self, metadata: SnapshotMetadata, seen: "set[str]") -> Any:
        """The data of a version, by way of its bases where it is a delta."""
        version = metadata.version
        if version in seen:
            raise SnapshotError(f"the chain of {version} comes back to itself")
        whole = self.path("data", version, ".data")
        if os.path.exists(whole):
            with open(whole, "rb") as file:
                return loaded(file.read())
        base = metadata.user_info.get("delta_base_version")
        if not isinstance(base, str):
            raise SnapshotNotFoundError(f"Data for snapshot {version} not found")
        before = copy.deepcopy(self.content(self.metadata(base), {*seen, version}))
        patch = self.path("data", version, ".patch.json")
        if os.path.exists(patch):
            with open(patch, encoding="utf-8") as file_text:
                return apply_delta(before, file_text.read())
        with open(self.path("data", version, ".delta"), "rb") as file:
            return apply_original(before, PlainUnpickler(io.BytesIO(file.read())).load())

    def write_metadata(self, metadata: SnapshotMetadata) -> None:
        """Puts the metadata of a version in place."""
        text = json.dumps(metadata.to_dict(), indent=2, ensure_ascii=False) + "\n"
        write_whole(self.path("metadata", metadata.version, ".json"), text.encode("utf-8", "surrogatepass"))

    def write_registry(self) -> None:
        """The list that the original reads; what others keep in it stays."""
        path = os.path.join(self._folder, "registry.json")
        others: Dict[str, Any] = {}
        with contextlib.suppress(OSError, ValueError, AttributeError), open(path, encoding="utf-8") as file:
            others = {name: value for name, value in json.load(file).items() if name != "snapshots"}
        registry = {"snapshots": {each.version: each.to_dict() for each in self.all()}, **others}
        write_whole(path, (json.dumps(registry, indent=2) + "\n").encode("utf-8"))

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """The lock of `daybook store` on the same file: it ends with its holder and never by time."""
        folder = os.path.join(self._folder, ".daybook")
        with self._guard:
            if self._holds:
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


def age_of(metadata: SnapshotMetadata) -> Tuple[str, str]:
    """By what versions are in order: when they were made, then their names."""
    return metadata.created_at, metadata.version
