"""Secrets behind short options of known programs: `curl -u user:password`."""

from __future__ import annotations

import re
from typing import Callable, Dict, List, NamedTuple, Optional, Sequence

from ._secret_addresses import always
from ._secret_names import is_placeholder
from ._secret_table import COMMANDS
from ._secret_values import char_at, word_at
from ._text import Pattern


class _Rule(NamedTuple):
    next: Sequence[str]
    glued: Sequence[str]
    behind: str


_rules_of: Dict[str, List[_Rule]] = {}
for _programs, _next, _glued, _behind in COMMANDS:
    for _program_name in _programs:
        _rules_of.setdefault(_program_name, []).append(_Rule(_next, _glued, _behind))

_program_names = "|".join(name.replace("-", "\\-") for name in _rules_of)
command_hint = Pattern(rf"(?<![\w.-])(?:{_program_names})(?:\.exe)?[\"']?[,\s]", re.ASCII)
_program = Pattern(rf"(?<![\w.-])(?:{_program_names})(?=(?:\.exe)?[ \t])", re.ASCII)


def mask_commands(text: str, mask: str) -> str:
    """Masks secrets behind short options of known programs in a text: `curl -u user:‹…›`."""
    clean: List[str] = []
    done = 0
    place = 0
    while True:
        found = _program.search(text, place)
        if found is None:
            break
        take = _command_reader()
        at = found.start()
        while at < len(text):
            word = word_at(text, at, None, False)
            if word.stop == word.start:
                if text[at] not in " \t":
                    break
                at += 1
                continue
            raw = text[word.start : word.stop]
            secret = take(raw)
            if secret is not None:
                tail = raw[secret:]
                is_quoted = _in_quotes(raw) or _in_quotes(tail)
                start = word.start + secret + (1 if is_quoted and secret > 0 and char_at(raw, secret) in ("'", '"') else 0)
                stop = word.stop - 1 if is_quoted else word.stop
                if start >= done and not is_placeholder(text[start:stop], always):
                    clean.append(text[done:start] + mask)
                    done = stop
            at = word.stop
        place = max(at, found.start() + 1)
    return "".join(clean) + text[done:] if done else text


def _in_quotes(text: str) -> bool:
    return re.match(r"([\"']).*\1\Z", text, re.DOTALL) is not None


def mask_command_list(words: Sequence[object], mask: str) -> List[object]:
    """Masks the same in a command line whose words stand in a list."""
    take = _command_reader()
    clean: List[object] = []
    for word in words:
        secret = take(word) if isinstance(word, str) else None
        if not isinstance(word, str) or secret is None or is_placeholder(word[secret:], always):
            clean.append(word)
        else:
            clean.append(word[:secret] + mask)
    return clean


def _command_reader() -> Callable[[str], Optional[int]]:
    """Reads the words of a command one by one and says from which character on one is a secret."""
    rules: List[_Rule] = []
    program = ""
    waiting: Optional[_Rule] = None

    def take(word: str) -> Optional[int]:
        nonlocal rules, program, waiting
        bare = re.sub(r"^[\"']|[\"']\Z", "", word)
        awaited, waiting = waiting, None
        if awaited is not None and not (program == "docker" and re.match(r"[\d.:/-]+(?:tcp|udp)?\Z", bare, re.ASCII)):
            return _place_in(word, 0, awaited)
        name = re.sub(r"\.exe\Z", "", bare[bare.rfind("/") + 1 :])
        found = _rules_of.get(name)
        if found is not None:
            rules, program = found, "docker" if name == "podman" else name
            return None
        for rule in rules:
            if bare in rule.next:
                waiting = rule
                return None
            for option in rule.glued:
                if bare.startswith(option) and len(bare) > len(option):
                    return _place_in(word, word.find(option) + len(option), rule)
        return None

    return take


def _place_in(word: str, start: int, rule: _Rule) -> Optional[int]:
    if rule.behind == "":
        return start if start < len(word) else None
    at = word.find(rule.behind, start)
    end = at + len(rule.behind)
    return None if at == -1 or end >= len(re.sub(r"[\"']\Z", "", word)) else end
