"""What lets someone in by an address: passwords, and tokens in the place of a user."""

from __future__ import annotations

import re
from typing import List, Optional

from ._secret_names import is_placeholder
from ._text import Pattern

_before_scheme = Pattern(r"[a-z][a-z0-9+.-]{0,20}\Z", re.ASCII | re.IGNORECASE)


def mask_addresses(text: str, mask: str) -> str:
    """Masks the password of `scheme://user:password@host`, and a token that stands in the user's place."""
    clean: List[str] = []
    done = 0
    at = text.find("://")
    while at != -1:
        start = at + 3
        user = _user_part_at(text, start)
        if user is not None and _before_scheme.search(text[max(0, at - 22) : at]):
            masked = _mask_user(user, mask)
            if masked != user:
                clean.append(text[done:start] + masked)
                done = start + len(user)
        at = text.find("://", start)
    return "".join(clean) + text[done:] if done else text


def _user_part_at(text: str, start: int) -> Optional[str]:
    """What stands before the last "@" of an address."""
    at = start
    last = path = -1
    end = min(len(text), start + 300)
    while at < end:
        char = text[at]
        if (char.isspace() or char in "\"'`<>\\") and not text.startswith("<", start):
            break
        if char == "‹":
            at = max(at, text.find("›", at))
        if char == "@" and (path == -1 or _may_hold_slash(text[start:path])):
            last = at
        if char in "/?#" and path == -1:
            path = at
        if path != -1 and text.startswith("://", at):
            break
        at += 1
    return None if last == -1 else text[start:last]


def _may_hold_slash(before: str) -> bool:
    colon = before.find(":")
    return colon != -1 and not re.match(r"\d*\Z", before[colon + 1 :], re.ASCII)


def always(_: str) -> bool:
    """Every reference counts, whatever its name."""
    return True


def _mask_user(user: str, mask: str) -> str:
    if "‹masked: " in user:
        return user
    name, colon, password = user.partition(":")
    is_blank = password == "" or password.lower() == "x-oauth-basic"
    if is_blank and _is_token(name):
        return f"{mask}{user[len(name) :]}"
    if is_blank or is_placeholder(password, always):
        return user
    return f"{name}:{mask}"


_people = Pattern(r"(?:[A-Za-z]{0,20}\d{0,4}|\d{1,6})\Z", re.ASCII)


def _is_token(name: str) -> bool:
    """Names of people and machines are words with a short number at most."""
    if name == "" or is_placeholder(name, always):
        return False
    parts = re.split(r"[._+-]|%40|@", name)
    return len(name) >= 40 or not all(_people.match(part) for part in parts)
