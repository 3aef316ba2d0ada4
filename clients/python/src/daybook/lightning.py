"""A logger for Lightning: `Trainer(logger=daybook.lightning.DaybookLogger("runs/a"))`. Lightning is imported when one is made."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any, Dict, List, Optional

from ._run import Run
from ._text import as_number, config_map
from ._track import status_of

__all__ = ["DaybookLogger"]

_classes: Dict[str, Any] = {}


def DaybookLogger(key: Any = None, *, log_checkpoints: bool = False, **options: Any) -> Any:  # noqa: N802
    """
    A Lightning logger that records a run (arguments as of daybook.run). Hyperparameters become parameters, metrics the
    history. `log_checkpoints=True` attaches each checkpoint that is saved. Only the first process of several writes.
    """
    package = "pytorch_lightning" if "pytorch_lightning" in sys.modules and "lightning" not in sys.modules else ""
    for name in [package] if package else ["lightning.pytorch", "pytorch_lightning"]:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
        if name not in _classes:
            _classes[name] = _make_class(name)
        return _classes[name](key, log_checkpoints, options)
    raise ImportError("neither lightning nor pytorch_lightning is installed: pip install lightning")


def _make_class(package: str) -> Any:
    base: Any = importlib.import_module(f"{package}.loggers.logger").Logger
    rank_zero_only: Any = importlib.import_module(f"{package}.utilities.rank_zero").rank_zero_only

    class Logger(base):  # type: ignore[misc]
        """Records a run with Daybook."""

        def __init__(self, key: Any, log_checkpoints: bool, options: Dict[str, Any]) -> None:
            super().__init__()
            self._key = key
            self._options = options
            self._log_checkpoints = log_checkpoints
            self._run: Optional[Run] = None
            self._savers: List[Any] = []

        @property
        def experiment(self) -> Optional[Run]:
            """The run; None in all processes but the first."""
            return self._begun()

        @property
        def name(self) -> str:
            """Empty: the folder of the run needs no folders below it to be told apart."""
            return ""

        @property
        def version(self) -> str:
            """Empty, as the name."""
            return ""

        @property
        def save_dir(self) -> Optional[str]:
            """The folder of the run, in which Lightning puts checkpoints/."""
            run = self._begun()
            return None if run is None else run.folder

        @rank_zero_only  # type: ignore[untyped-decorator,unused-ignore]
        def log_hyperparams(self, params: Any, *_: Any, **__: Any) -> None:
            """Adds hyperparameters to the parameters of the run."""
            run = self._begun()
            if run is not None and params is not None:
                run.param(config_map(params))

        @rank_zero_only  # type: ignore[untyped-decorator,unused-ignore]
        def log_metrics(self, metrics: Dict[str, Any], step: Optional[int] = None) -> None:
            """Adds one point to the history."""
            run = self._begun()
            values = {name: value for name, value in metrics.items() if name != "epoch"}
            if run is not None and values:
                run.log(values, step=step, epoch=as_number(metrics.get("epoch")))

        @rank_zero_only  # type: ignore[untyped-decorator,unused-ignore]
        def after_save_checkpoint(self, checkpoint_callback: Any) -> None:
            """Remembers who saves checkpoints: what is kept of them at the end is attached then."""
            if self._log_checkpoints and all(each is not checkpoint_callback for each in self._savers):
                self._savers.append(checkpoint_callback)

        @rank_zero_only  # type: ignore[untyped-decorator,unused-ignore]
        def finalize(self, status: str) -> None:
            """Ends the run: completed, failed with the error, or aborted."""
            if self._run is None:
                return
            error = sys.exc_info()[1]
            for saver in self._savers:
                _attach(self._run, saver)
            if status == "success":
                self._run.finish()
            elif error is not None:
                self._run.finish(*status_of(error))
            else:
                self._run.finish("failed" if status == "failed" else "aborted", status)

        def __reduce__(self) -> Any:
            """For processes that are spawned: the class is made there anew."""
            return _again, (self._key, self._log_checkpoints, self._options, self._run)

        def _begun(self) -> Optional[Run]:
            if self._run is None and getattr(rank_zero_only, "rank", 0) == 0:
                self._run = Run(self._key, **self._options)
            return self._run

    return Logger


def _again(key: Any, log_checkpoints: bool, options: Dict[str, Any], run: Optional[Run]) -> Any:
    logger = DaybookLogger(key, log_checkpoints=log_checkpoints, **options)
    logger._run = run
    return logger


def _attach(run: Run, saver: Any) -> None:
    """Attaches the checkpoints that a callback of Lightning keeps."""
    try:
        given = [*saver.best_k_models, saver.best_model_path, saver.last_model_path]
    except (AttributeError, ReferenceError):  # another kind of callback, or one that is gone
        return
    for path in dict.fromkeys(str(path) for path in given if path):
        if os.path.exists(path):
            run.artifact(path, "checkpoint", tags=["best"] if path == str(saver.best_model_path) else [])
