"""A callback for Hugging Face: `Trainer(callbacks=[daybook.huggingface.DaybookCallback("runs/a")])`. transformers is imported when one is made."""

from __future__ import annotations

import importlib
import os
from typing import Any, Dict, Optional

from ._run import Run
from ._text import as_number

__all__ = ["DaybookCallback"]

_classes: Dict[str, Any] = {}


def DaybookCallback(key: Any = None, *, log_checkpoints: bool = False, **options: Any) -> Any:  # noqa: N802
    """
    A callback of transformers.Trainer that records a run (arguments as of daybook.run): its arguments as parameters, what
    it logs as history. `log_checkpoints=True` attaches each checkpoint. A training that fails is recorded when the program ends.
    """
    if "class" not in _classes:
        try:
            base: Any = importlib.import_module("transformers").TrainerCallback
        except ImportError:
            raise ImportError("transformers is not installed: pip install transformers") from None
        _classes["class"] = _make_class(base)
    return _classes["class"](key, log_checkpoints, options)


def _make_class(base: Any) -> Any:
    class Callback(base):  # type: ignore[misc]
        """Records a run with Daybook."""

        def __init__(self, key: Any, log_checkpoints: bool, options: Dict[str, Any]) -> None:
            self._key = key
            self._options = options
            self._log_checkpoints = log_checkpoints
            self.run: Optional[Run] = None

        def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            """Begins the run in the first of all processes."""
            if not state.is_world_process_zero:
                return
            if self.run is not None:
                self.run.finish()
            describe = getattr(args, "to_sanitized_dict", None) or args.to_dict
            self.run = Run(self._key, describe(), **self._options)

        def on_log(self, args: Any, state: Any, control: Any, logs: Optional[Dict[str, Any]] = None, **kwargs: Any) -> None:
            """Adds what the trainer logs to the history."""
            if self.run is None or not logs:
                return
            values = {name: value for name, value in logs.items() if name != "epoch" and as_number(value) is not None}
            if values:
                self.run.log(values, step=state.global_step, epoch=as_number(state.epoch))

        def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            """Attaches a checkpoint, where that was asked for."""
            path = os.path.join(args.output_dir, f"checkpoint-{state.global_step}")
            if self.run is not None and self._log_checkpoints and os.path.isdir(path):
                self.run.artifact(path, "checkpoint")

        def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            """Ends the run."""
            if self.run is not None:
                self.run.finish()

    return Callback
