"""The hash of a configuration, as CrackSeg and `daybook` make it: SHA-256 of the YAML that OmegaConf writes."""

from __future__ import annotations

import hashlib
import re
from typing import Any, Dict, Optional

_words = re.compile(r"(?:y|Y|n|N|yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)\Z")


def config_hash(config: Dict[str, Any]) -> str:
    """The hash; empty without a configuration, and where PyYAML is not installed."""
    text = _omegaconf_yaml(config) if config else None
    return "" if text is None else hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _omegaconf_yaml(config: Dict[str, Any]) -> Optional[str]:
    try:
        import yaml  # type: ignore[import-untyped,unused-ignore]
    except ImportError:
        return None

    class Dumper(yaml.Dumper):  # type: ignore[misc,unused-ignore]
        def ignore_aliases(self, _data: Any) -> bool:
            return True

    def represent_text(dumper: Any, text: str) -> Any:
        style = "'" if _is_quoted(text) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    Dumper.add_representer(str, represent_text)
    try:
        return str(yaml.dump(config, Dumper=Dumper, default_flow_style=False, allow_unicode=True, sort_keys=False))
    except yaml.YAMLError:
        return None


def _is_quoted(text: str) -> bool:
    """Words and numbers that OmegaConf puts into quotes, so that they stay texts."""
    if _words.match(text):
        return True
    try:
        float(text)
        return True
    except ValueError:
        return False
