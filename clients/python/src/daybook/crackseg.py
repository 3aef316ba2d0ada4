"""CrackSeg's ExperimentTracker, written safely beside other processes: `from daybook.crackseg import ExperimentTracker`."""

from __future__ import annotations

import copy
import dataclasses
import os
from datetime import datetime
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from ._book import book_path, inside, root_near, tell
from ._changes import (
    Change,
    add_artifact,
    add_tags,
    remove_tags,
    set_config,
    set_description,
    set_error,
    set_progress,
    set_source,
    set_status,
    take_best,
)
from ._experiment import change_experiment, new_experiment, read_experiment
from ._files import digest_of
from ._text import as_number, config_map, iso_micros, now_us

__all__ = ["ExperimentMetadata", "ExperimentTracker"]


def _now() -> str:
    return datetime.now().isoformat()


@dataclasses.dataclass
class ExperimentMetadata:
    """What experiment_tracker.json holds."""

    experiment_id: str
    experiment_name: str
    timestamp: str = dataclasses.field(default_factory=_now)
    status: str = "created"
    description: str = ""
    tags: List[str] = dataclasses.field(default_factory=list)
    config_hash: str = ""
    config_summary: Dict[str, Any] = dataclasses.field(default_factory=dict)
    python_version: str = ""
    pytorch_version: str = ""
    platform: str = ""
    cuda_available: bool = False
    cuda_version: str = ""
    total_epochs: int = 0
    current_epoch: int = 0
    best_metrics: Dict[str, float] = dataclasses.field(default_factory=dict)
    training_time_seconds: float = 0.0
    artifact_ids: List[str] = dataclasses.field(default_factory=list)
    checkpoint_paths: List[str] = dataclasses.field(default_factory=list)
    metric_files: List[str] = dataclasses.field(default_factory=list)
    visualization_files: List[str] = dataclasses.field(default_factory=list)
    git_commit: str = ""
    git_branch: str = ""
    git_dirty: bool = False
    hostname: str = ""
    username: str = ""
    memory_gb: float = 0.0
    gpu_info: Dict[str, Any] = dataclasses.field(default_factory=dict)
    created_at: str = dataclasses.field(default_factory=_now)
    started_at: str = ""
    completed_at: str = ""
    updated_at: str = dataclasses.field(default_factory=_now)

    def to_dict(self) -> Dict[str, Any]:
        """Everything, as JSON holds it."""
        return dataclasses.asdict(self)

    def update_timestamp(self) -> None:
        """Sets updated_at."""
        self.updated_at = _now()


_fields = {field.name for field in dataclasses.fields(ExperimentMetadata)}


class ExperimentTracker:
    """
    Metadata, progress and artifacts of an experiment. Every call is one safe step on its file, which keeps the original's
    keys; what the original drops (types, descriptions and tags of artifacts, the configuration, the history of the status)
    stands beside it.
    """

    def __init__(
        self,
        experiment_dir: Any,
        experiment_id: str,
        experiment_name: str,
        config: Any = None,
        auto_save: bool = True,
    ) -> None:
        self.experiment_dir = Path(experiment_dir)
        self.experiment_id = experiment_id
        self.experiment_name = experiment_name
        self.config = config
        self.auto_save = auto_save
        self._root = root_near(self.experiment_dir)
        self._folder = os.path.abspath(self.experiment_dir)
        self._beside: Dict[str, Any] = {}
        self._unsaved: List[Change] = []
        create = new_experiment(self._root, experiment_id, experiment_name)
        is_new = not self.metadata_file.exists()
        changes: List[Change] = [set_config(config_map(config))] if config is not None and is_new else []
        self._create = create
        self._main: Dict[str, Any] = {}
        if not is_new:
            self._read()
        if not self._main:
            self._main = create(iso_micros(now_us()))
        if is_new:
            self._apply(changes)

    @property
    def metadata_file(self) -> Path:
        """The file of the experiment."""
        return self.experiment_dir / "experiment_tracker.json"

    @property
    def metadata(self) -> ExperimentMetadata:
        """The experiment as it is now."""
        return ExperimentMetadata(**{name: copy.deepcopy(self._main[name]) for name in _fields & self._main.keys()})

    def start_experiment(self) -> None:
        """Marks it as running, by this process."""
        self._apply([set_status("running"), set_source(False)])

    def complete_experiment(self) -> None:
        """Marks it as completed."""
        self._apply([set_status("completed")])

    def fail_experiment(self, error_message: str = "") -> None:
        """Marks it as failed; the error stands behind the description, too."""
        self._apply([set_status("failed"), set_error(str(error_message), "failed")])

    def abort_experiment(self) -> None:
        """Marks it as aborted."""
        self._apply([set_status("aborted")])

    def update_training_progress(
        self,
        current_epoch: int,
        total_epochs: int,
        best_metrics: Optional[Dict[str, float]] = None,
        training_time_seconds: Optional[float] = None,
    ) -> None:
        """Takes down how far training is, with the best metrics so far."""
        changes = [set_progress(current_epoch, total_epochs, training_time_seconds)]
        if best_metrics:
            numbers = {str(name): as_number(value) for name, value in best_metrics.items()}
            changes.append(take_best({name: value for name, value in numbers.items() if value is not None}, {}))
        self._apply(changes)

    def add_artifact(
        self,
        artifact_id: str,
        artifact_type: str,
        file_path: Any,
        description: str = "",
        tags: Optional[Sequence[str]] = None,
    ) -> None:
        """Adds an artifact, with size and digest where the file is there already."""
        given = os.fspath(file_path)
        absolute = os.path.abspath(given)
        size, digest = None, None
        try:
            size, digest = digest_of(absolute)
        except OSError:
            pass  # the original does not look either; readers say what is missing
        is_address = "://" in given
        place = given if is_address or not inside(self._root, absolute) else book_path(self._root, absolute)
        change = add_artifact(
            str(artifact_id), str(artifact_type), place, size, digest, description, list(tags or []), listed=given
        )
        self._apply([change])

    def get_artifacts_by_type(self, artifact_type: str) -> List[str]:
        """The paths of all artifacts of a type; the original knows checkpoint, metrics and visualization."""
        lists = {"checkpoint": "checkpoint_paths", "metrics": "metric_files", "visualization": "visualization_files"}
        if artifact_type in lists:
            return list(self._main.get(lists[artifact_type]) or [])
        artifacts = self._beside.get("artifacts") or []
        return [each["path"] for each in artifacts if each.get("type") == artifact_type and each.get("path")]

    def get_experiment_summary(self) -> Dict[str, Any]:
        """The summary of the original."""
        names = (
            "experiment_id experiment_name status description tags created_at started_at completed_at total_epochs"
            " current_epoch best_metrics training_time_seconds artifact_count config_hash"
        ).split(" ")
        whole = {**self.metadata.to_dict(), "artifact_count": len(self._main.get("artifact_ids") or [])}
        return {name: whole[name] for name in names}

    def get_metadata(self) -> ExperimentMetadata:
        """The experiment as it is now."""
        return self.metadata

    def get_metadata_dict(self) -> Dict[str, Any]:
        """The same as a map."""
        return self.metadata.to_dict()

    def update_description(self, description: str) -> None:
        """Replaces the description."""
        self._apply([set_description(str(description))])

    def add_tags(self, tags: Sequence[str]) -> None:
        """Adds tags that are not there yet."""
        self._apply([add_tags([str(tag) for tag in tags])])

    def remove_tags(self, tags: Sequence[str]) -> None:
        """Takes tags away."""
        self._apply([remove_tags([str(tag) for tag in tags])])

    def save(self) -> None:
        """Writes what waits where auto_save is off."""
        waiting, self._unsaved = self._unsaved, []
        self._write(waiting)

    _save_metadata = save

    def _apply(self, changes: Sequence[Change]) -> None:
        if self.auto_save:
            self._write(changes)
            return
        self._unsaved += changes
        now = iso_micros(now_us())
        for change in changes:
            change(self._main, self._beside, now)
        self._main["updated_at"] = now

    def _write(self, changes: Sequence[Change]) -> None:
        try:
            change_experiment(self._root, self._folder, changes, self._create)
            self._read()
        except Exception as trouble:  # what cannot be recorded must not stop the training
            now = iso_micros(now_us())
            for change in changes:
                change(self._main, self._beside, now)
            tell(f"tracker {self._folder}", f"{self.metadata_file} is not recorded as it should be: {trouble}")

    def _read(self) -> None:
        try:
            main, beside = read_experiment(self._folder)
        except (OSError, ValueError) as trouble:
            tell(f"tracker {self._folder}", f"{self.metadata_file} cannot be read: {trouble}")
            return
        if main:
            self._main, self._beside = main, beside
