"""What keeps secrets out of records, as `daybook` does (docs/formats.md, "What is masked")."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional, Sequence, Set

from ._secret_addresses import mask_addresses
from ._secret_commands import command_hint, mask_command_list, mask_commands
from ._secret_names import is_ordinary, plain_name
from ._secret_pairs import NameRules, mask_pairs
from ._secret_table import SHAPES
from ._text import Pattern

_SECRET = "‹masked: secret›"

_hints = Pattern(
    r"pass|pwd|pw\b|secret|token|key|cred|auth|cookie|bearer|jwt|dsn|conn|webhook|sess|pat\b|://[^\s\"]{1,300}@"
    r"|[\"\s]--?[upawk]",
    re.ASCII | re.IGNORECASE,
)
_bearer = Pattern(r"(\bbearer\s{1,3})(?=\S{0,60}\d)([\w.~+/=-]{12,})", re.ASCII | re.IGNORECASE)
_shape_hints = tuple(hint for _, hints, _ in SHAPES for hint in hints)
_patterns: Dict[str, "re.Pattern[str]"] = {}


class Masker:
    """A guard against accidents, not a proof that nothing secret is left."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        self._rules = NameRules(names, {plain_name(name) for name in names})
        loose = "|".join(
            r"[\s_.-]?".join(re.escape(char) for char in plain_name(name)) for name in names if plain_name(name)
        )
        self._own = re.compile(loose, re.ASCII | re.IGNORECASE) if loose else None

    def suspects(self, text: str) -> bool:
        """Whether a text may hold a secret: a cheap look, right about "no"."""
        if _hints.search(text) or (self._own is not None and self._own.search(text)):
            return True
        for hint in _shape_hints:
            if hint in text:
                return True
        return False

    def mask(self, value: Any) -> Any:
        """Replaces what looks like a secret in values whose names a user chose."""
        return self._safely(value, True)

    def mask_texts(self, value: Any) -> Any:
        """The same for values whose names are ours or say nothing: a data set may be called "token"."""
        return self._safely(value, False)

    def _safely(self, value: Any, by_name: bool) -> Any:
        try:
            return self._value(value, by_name)
        except Exception as error:  # a mask that fails must not lose a record, nor let through what it could not look at
            return _without_texts(value, f"‹not recorded: masking failed with {type(error).__name__}›")

    def text(self, text: str) -> str:
        """One text without what looks like a secret."""
        if not self.suspects(text):
            return text
        clean = _mask_shapes(text)
        clean = mask_addresses(clean, _SECRET)
        clean = _bearer.made().sub(lambda found: f"{found.group(1)}{_SECRET}", clean)
        clean = mask_pairs(clean, self._rules, _SECRET)
        return mask_commands(clean, _SECRET) if command_hint.search(clean) else clean

    def _value(self, value: Any, by_name: bool) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return self._list(value, by_name)
        if not isinstance(value, dict):
            return value
        clean: Dict[str, Any] = {}
        for name, member in value.items():
            safe = _free_name(self.text(name), clean, name)
            clean[safe] = self._member(name, member, value) if by_name else self._value(member, by_name)
        return clean

    def _member(self, name: str, member: Any, whole: Dict[str, Any]) -> Any:
        verdict = self._rules.judge(name)
        if verdict == "secret":
            return self._all(member)
        if verdict == "doubtful" and isinstance(member, str) and not _counts_tests(whole):
            stays = member == "" or self._rules.is_reference(member) or is_ordinary(name, member)
            return self.text(member) if stays else _SECRET
        if name.lower() == "value" and isinstance(member, str) and self._is_named_secret(whole):
            return self._all(member)
        return self._value(member, True)

    def _is_named_secret(self, whole: Dict[str, Any]) -> bool:
        """{"name": "DB_PASSWORD", "value": "…"}: how environments are listed."""
        for each in ("name", "Name", "key", "Key", "variable"):
            name = whole.get(each)
            if not isinstance(name, str) or len(name) >= 120 or not re.match(r"[\w.-]+\Z", name, re.ASCII):
                continue
            if self._rules.judge(name) == "secret":
                return True
        return False

    def _all(self, value: Any) -> Any:
        """Under a secret name every text and number goes; true, false and null say only whether there is one."""
        if isinstance(value, str):
            return value if value == "" or self._rules.is_reference(value) else _SECRET
        if isinstance(value, (bool, type(None))):
            return value
        if isinstance(value, (int, float)):
            return _SECRET
        if isinstance(value, list):
            return [self._all(each) for each in value]
        return {name: self._all(member) for name, member in value.items()}

    def _list(self, given: List[Any], by_name: bool) -> List[Any]:
        in_key = _lines_of_keys(given)
        words = mask_command_list(given, _SECRET)
        clean: List[Any] = []
        for at, value in enumerate(words):
            before = given[at - 1] if at > 0 else None
            if at in in_key:
                clean.append("‹masked: private key›")
            elif isinstance(value, str) and not value.startswith("-") and self._is_option(before, value):
                clean.append(self._all(value))
            else:
                clean.append(self._value(value, by_name))
        return clean

    def _is_option(self, before: Optional[object], value: str) -> bool:
        if not isinstance(before, str) or not re.match(r"--?\w[\w.-]*\Z", before, re.ASCII):
            return False
        verdict = self._rules.judge(before)
        return verdict == "secret" or (verdict == "doubtful" and not is_ordinary(before, value))


def _mask_shapes(text: str) -> str:
    for rule, hints, pattern in SHAPES:
        if not any(hint in text for hint in hints):
            continue
        compiled = _patterns.get(rule)
        if compiled is None:
            compiled = _patterns[rule] = re.compile(pattern, re.ASCII)
        note = f"‹masked: {rule.replace('-', ' ')}›"
        text = compiled.sub(lambda found: (found.groupdict().get("before") or "") + note, text)
    return text


def _counts_tests(whole: Dict[str, Any]) -> bool:
    """"pass" beside "fail" is a result."""
    return any(re.match(r"(?:fail|skip|total|tests)", key, re.IGNORECASE) for key in whole)


def _free_name(name: str, taken: Dict[str, Any], given: str) -> str:
    """A masked name must not push out another one."""
    if name == given:
        return name
    free, number = name, 2
    while free in taken:
        free, number = f"{name} {number}", number + 1
    return free


_key_begins = Pattern(r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY")
_key_ends = Pattern(r"-----END [A-Z0-9 ]{0,30}PRIVATE KEY")


def _lines_of_keys(lines: Sequence[Any]) -> Set[int]:
    """Which lines of a list belong to a private key, also where the list begins or ends in the middle of one."""
    found: Set[int] = set()
    is_inside = False
    for at, value in enumerate(lines):
        if not isinstance(value, str):
            continue
        begins, ends = _key_begins.search(value) is not None, _key_ends.search(value) is not None
        if ends and not begins and not is_inside:
            found.update(range(at))
        if begins or ends or is_inside:
            found.add(at)
        is_inside = (is_inside or begins) and not ends
    return found


def _without_texts(value: Any, instead: str) -> Any:
    if isinstance(value, str):
        return instead
    if isinstance(value, list):
        return [_without_texts(element, instead) for element in value]
    if isinstance(value, dict):
        return {name: _without_texts(member, instead) for name, member in value.items()}
    return value
