"""A callback for Keras: `model.fit(…, callbacks=[daybook.keras.DaybookCallback("runs/a")])`. Keras is imported when one is made."""

from __future__ import annotations

import importlib
from typing import Any, Dict, Optional

from ._run import Run

__all__ = ["DaybookCallback"]

_classes: Dict[str, Any] = {}


def DaybookCallback(key: Any = None, *, every_batches: int = 0, **options: Any) -> Any:  # noqa: N802
    """
    A Keras callback that records a run (arguments as of daybook.run): what `fit` logs for each epoch and, with
    `every_batches`, for every so many batches. A fit that fails is recorded when the program ends.
    """
    for name in ("keras", "tensorflow.keras"):
        try:
            base: Any = importlib.import_module(name).callbacks.Callback
        except ImportError:
            continue
        if name not in _classes:
            _classes[name] = _make_class(base)
        return _classes[name](key, every_batches, options)
    raise ImportError("neither keras nor tensorflow is installed: pip install keras")


def _make_class(base: Any) -> Any:
    class Callback(base):  # type: ignore[misc]
        """Records a run with Daybook."""

        def __init__(self, key: Any, every_batches: int, options: Dict[str, Any]) -> None:
            super().__init__()
            self._key = key
            self._options = options
            self._every = every_batches
            self._batches = 0
            self.run: Optional[Run] = None

        def on_train_begin(self, logs: Optional[Dict[str, Any]] = None) -> None:
            """Begins the run, with what is known of the training as parameters."""
            params = {name: value for name, value in (self.params or {}).items() if name in ("epochs", "steps")}
            self.run = Run(self._key, **{"epochs": params.get("epochs"), **self._options})
            self.run.param({**params, **_optimizer_of(self.model)})

        def on_train_batch_end(self, batch: int, logs: Optional[Dict[str, Any]] = None) -> None:
            """Adds a point now and then, where that was asked for."""
            self._batches += 1
            if self.run is not None and self._every > 0 and self._batches % self._every == 0 and logs:
                self.run.log({f"batch/{name}": value for name, value in logs.items()}, step=self._batches)

        def on_epoch_end(self, epoch: int, logs: Optional[Dict[str, Any]] = None) -> None:
            """Adds the values of an epoch."""
            if self.run is not None and logs:
                self.run.log(dict(logs), epoch=epoch)

        def on_train_end(self, logs: Optional[Dict[str, Any]] = None) -> None:
            """Ends the run."""
            if self.run is not None:
                self.run.finish()

    return Callback


def _optimizer_of(model: Any) -> Dict[str, Any]:
    optimizer = getattr(model, "optimizer", None)
    try:
        return {} if optimizer is None else {"optimizer": optimizer.get_config()}
    except Exception:  # an optimizer of the user's own, which need not describe itself
        return {}
