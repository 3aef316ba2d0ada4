"""Small stand-ins for packages that the examples import and a bare machine does not have."""

from __future__ import annotations

import importlib.util
import sys
import types
from typing import Any


def omegaconf() -> None:
    """OmegaConf as far as its maps are made and read; nothing where the real one is installed."""
    if importlib.util.find_spec("omegaconf") is not None:
        return

    class DictConfig(dict):  # type: ignore[type-arg]
        __getattr__ = dict.__getitem__

    class OmegaConf:
        @staticmethod
        def create(value: Any) -> Any:
            return DictConfig(value)

        @staticmethod
        def to_container(value: Any, resolve: bool = False) -> Any:
            return dict(value)

    module = types.ModuleType("omegaconf")
    DictConfig.__module__ = "omegaconf.dictconfig"
    module.DictConfig = DictConfig  # type: ignore[attr-defined]
    module.OmegaConf = OmegaConf  # type: ignore[attr-defined]
    sys.modules["omegaconf"] = module
