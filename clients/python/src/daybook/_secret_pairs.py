"""Secrets that stand in a text under their names, in addresses, and behind short options of commands."""

from __future__ import annotations

import re
from typing import AbstractSet, List, NamedTuple, Optional, Sequence

from ._secret_names import is_ordinary, is_placeholder, judge_name
from ._secret_values import (
    OpenQuotes,
    Quote,
    Span,
    block_below,
    brackets_at,
    char_at,
    connection_value_at,
    ends_around,
    line_at,
    quote_at,
    quoted_at,
    unit_at,
    word_at,
)
from ._text import Pattern

_ASCII = re.ASCII
_ASCII_I = re.ASCII | re.IGNORECASE


class NameRules:
    """What the names in a text say; with the names of the user."""

    def __init__(self, names: Sequence[str], plain: AbstractSet[str]) -> None:
        self._plain = plain
        own = [re.sub(r"([^\w])", r"\\\1", name, flags=_ASCII) for name in names if re.search(r"[^\w.-]", name, _ASCII)]
        word = "-{0,2}[\\w$\u0080-\u1fff\u2c00-\U0010ffff][\\w.$\u0080-\u1fff\u2c00-\U0010ffff-]*"
        self.names = re.compile("|".join([*own, word]), _ASCII_I)

    def judge(self, name: str) -> Optional[str]:
        """What a name says of its value."""
        return judge_name(name, self._plain)

    def is_reference(self, value: str) -> bool:
        """Whether a value only refers to a secret."""
        return is_placeholder(value, lambda name: self.judge(name) is not None)


class _Place(NamedTuple):
    text: str
    name: str
    verdict: str
    end: int
    name_quote: Optional[Quote]
    around: Optional[Quote]
    is_first: bool
    before: str


def mask_pairs(text: str, rules: NameRules, mask: str) -> str:
    """Masks the values under secret names: `NAME=value`, `name: value`, `"name": "value"`, `--name value`, blocks of YAML."""
    quotes = OpenQuotes(text)
    clean: List[str] = []
    done = 0
    at = 0
    while True:
        found = rules.names.search(text, at)
        if found is None:
            break
        at = max(found.end(), found.start() + 1)
        place = _place_of(text, found.group(), found.start(), rules, quotes)
        value = None if place is None else _value_at(place)
        if place is None or value is None:
            continue
        at = max(at, value.after)
        inner = text[value.start : value.stop]
        if not _is_secret(place, inner, rules):
            at = value.after if rules.is_reference(inner) else place.end
            continue
        clean.append(f"{text[done : value.start]}{value.quote}{mask}{value.quote}")
        done = value.stop
    return "".join(clean) + text[done:] if done else text


_first_on_line = Pattern(
    r"[\s>+*#|-]{0,40}(?:(?:export|set|setx|env|declare -x|local|readonly|ENV|ARG|let|const|var) )?\$?(?:env:)?[\"'{]?\Z"
)
_first_in_quotes = Pattern(r"(?:[\"'`]|\\+[nrt])\Z")


def _place_of(text: str, found: str, index: int, rules: NameRules, quotes: OpenQuotes) -> Optional[_Place]:
    name = found[-120:].rstrip(".-")
    verdict = rules.judge(name) or rules.judge(_with_word_before(text, name, index))
    if verdict is None:
        return None
    around = quotes.at(index)
    end = index + len(found)
    closing = quote_at(text, end)
    is_quoted = (
        closing is not None
        and around is not None
        and closing.mark == around.mark
        and closing.depth == around.depth
    )
    before = text[max(0, index - 60) : index]
    line = before[before.rfind("\n") + 1 :]
    is_whole = len(line) < len(before) or index <= 60
    is_first = bool(is_whole and _first_on_line.match(line)) or bool(around is not None and _first_in_quotes.search(line))
    return _Place(
        text,
        name,
        verdict,
        closing.end if is_quoted and closing is not None else end,
        around if is_quoted else None,
        None if is_quoted else around,
        is_first,
        line,
    )


def _with_word_before(text: str, name: str, index: int) -> str:
    """"API key: …": a name of two words."""
    if not re.match(r"(?:key|token|string|uri|url|code|phrase)\Z", name, _ASCII_I):
        return name
    word = re.search(r"([A-Za-z]{2,20}) \Z", text[max(0, index - 22) : index])
    return name if word is None else f"{word.group(1)}_{name}"


_assigns = Pattern(r"\]?[ \t]{0,8}(?::=|=>|->|==?|:|\+=)[ \t]{0,8}")
_prefix = Pattern(r"(?:[bBrRuUfF]{1,2}|\$)(?=[\"'])")
_yaml_block = Pattern(r"[|>][-+\d]{0,2}\s*\n")


def _value_at(place: _Place) -> Optional[Span]:
    text, end = place.text, place.end
    if char_at(text, end) == ">" and place.name_quote is None and place.before.endswith("<"):
        return _in_element(text, end + 1)
    assigned = _assigns.match(text, end)
    if assigned is None:
        return _without_sign(place)
    sign = assigned.group()
    if re.match(r"\s*:(?!=)", sign) and char_at(text, end) == ":" and char_at(text, end + 1) == ":":
        return None
    start = end + len(sign)
    is_glued = sign in ("=", ":=")
    skipped = _skip_prefix(text, start)
    quote = quote_at(text, skipped)
    if quote is not None and not ends_around(text, skipped, place.around):
        return quoted_at(text, skipped, quote, place.around, is_glued and place.name_quote is None)
    if place.name_quote is not None:
        return _unquoted_member(place, place.name_quote, start)
    if char_at(text, start) in ("", "\n", "\r") or _yaml_block.match(text[start : start + 12]):
        is_block = place.is_first and place.verdict == "secret" and ":" in sign
        return block_below(text, len(place.before), start) if is_block else None
    return _unquoted(place, start, is_glued, sign)


def _skip_prefix(text: str, at: int) -> int:
    """Python and shells write letters before a quote: b'…', f"…", $'…'."""
    prefix = _prefix.match(text[at : at + 3])
    return at + (0 if prefix is None else prefix.end())


def _in_element(text: str, start: int) -> Optional[Span]:
    stop = text.find("<", start)
    if stop == start:
        return None
    return Span(start, len(text), len(text)) if stop == -1 else Span(start, stop, stop)


_beside_name = Pattern(r"(?:,?\s{1,30}|,)(\\*[\"']?)value\1\s{0,3}[:=]\s{0,3}", re.IGNORECASE)
_gap = Pattern(r"(?:[ \t]+|,\s{0,8})")


def _without_sign(place: _Place) -> Optional[Span]:
    """`--name value`, `"--name", "value"`, and `PASSWORD 'value'` as SQL has it."""
    text, end, name, around = place.text, place.end, place.name, place.around
    beside = _beside_name.match(text[end : end + 60])
    if beside is not None and (place.name_quote is not None or beside.group().startswith("\n")):
        start = end + beside.end()
        quote = quote_at(text, start)
        return line_at(text, start, around, False) if quote is None else quoted_at(text, start, quote, around, False)
    found = _gap.match(text[end : end + 12])
    if found is None:
        return None
    gap = found.group()
    start = end + len(gap)
    quote = quote_at(text, start)
    is_option = name.startswith("-")
    if quote is not None and (around is None or not ends_around(text, start, around)):
        is_sql = (
            not is_option
            and quote.mark == "'"
            and re.match(r"(?:password|passwd)\Z", name, _ASCII_I) is not None
            and place.name_quote is None
        )
        fits = (place.name_quote is not None and is_option) if gap.startswith(",") else (is_option or is_sql)
        return quoted_at(text, start, quote, around, not gap.startswith(",")) if fits else None
    if gap.startswith(",") or place.name_quote is not None:
        return None
    is_netrc = name.lower() == "password" and re.search(r"\b(?:login|machine)\s+\S+\s+\Z", place.before) is not None
    if (not is_option and not is_netrc) or char_at(text, start) in ("-", ""):
        return None
    word = word_at(text, start, around, False)
    return None if word.stop == word.start else word


_literal = Pattern(r"[^\s,}\]\"'\\]{1,400}")


def _unquoted_member(place: _Place, name_quote: Quote, given: int) -> Optional[Span]:
    """`"name": 1234`, `"name": [ … ]`: the mask gets the quotes of the name."""
    text = place.text
    start = given
    while char_at(text, start).isspace() and start < given + 200:
        start += 1
    quote = "\\" * name_quote.depth + name_quote.mark
    late = quote_at(text, start)
    if late is not None and start > given:
        return quoted_at(text, start, late, None, False)
    if char_at(text, start) in ("[", "{"):
        if place.verdict != "secret" or unit_at(text, start) > start:
            return None
        whole = brackets_at(text, start) or Span(start, len(text), len(text))
        return whole._replace(quote=quote)
    found = _literal.match(text, start)
    return None if found is None else Span(start, found.end(), found.end(), quote)


_auth_scheme = Pattern(r"(?:(?:bearer|basic|token|digest|apikey|negotiate|key)[ \t]{1,3})?", re.IGNORECASE)
_is_password = Pattern(r"pass(?:word|wd|phrase|code)?s?\Z|pwd?\Z|creds\Z|credentials?\Z")
_flow_end = Pattern(r"[^,}\]\n]{1,400}")


def _unquoted(place: _Place, start: int, is_glued: bool, sign: str) -> Optional[Span]:
    text, around, before, name, verdict = place.text, place.around, place.before, place.name, place.verdict
    lower = name.lower()
    if re.search(r"(?:cookie|authorization)\Z", lower):
        scheme = _auth_scheme.match(text[start : start + 16])
        return _if_any(line_at(text, start + (scheme.end() if scheme else 0), around, False))
    is_password = _is_password.search(lower) is not None
    is_query = before[-1:] in ("?", "&") and before != ""
    if is_glued:
        unit = unit_at(text, start)
        if unit > start:
            return Span(start, unit, unit)
        if place.is_first and not name.startswith("-") and not is_query and sign == "=":
            return _assigned(place, start)
        if re.search(r";\s?\Z", before):
            return _if_any(connection_value_at(text, start, around))
        may_hold_spaces = is_password and verdict == "secret" and not name.startswith("-") and not is_query
        return _assigned(place, start) if may_hold_spaces else _if_any(word_at(text, start, around, is_query))
    if re.search(r"[{,]\s?\Z", before):
        found = _flow_end.match(text, start)
        return None if found is None else Span(start, found.end(), found.end())
    if is_password and verdict == "secret":
        return _if_any(line_at(text, start, around, False))
    word = word_at(text, start, around, False)
    first = text[word.start : word.stop]
    if verdict == "doubtful":
        is_report = is_password and name == name.upper()
        if is_report or is_ordinary(name, first[:400]):
            return None
        return _if_any(line_at(text, start, around, False))
    if place.is_first:
        return _if_any(line_at(text, start, around, False))
    return _if_any(word) if len(first) >= 12 and re.search(r"\d", first, _ASCII) else None


def _if_any(span: Span) -> Optional[Span]:
    return Span(span.start, span.stop, span.stop) if span.stop > span.start else None


_reference_word = Pattern(r"(?:\$[A-Za-z_]\w*|\$\{\w+\}|%\w+%|\*{3,})\Z", _ASCII)


def _assigned(place: _Place, start: int) -> Optional[Span]:
    """In `NAME=value other words` the first word alone may be a reference; else the line is the value, as env prints it."""
    word = word_at(place.text, start, place.around, False)
    if _reference_word.match(place.text[word.start : word.stop]):
        return _if_any(word)
    line = line_at(place.text, start, place.around, True)
    return _if_any(Span(start, max(word.stop, line.stop), 0))


def _is_secret(place: _Place, value: str, rules: NameRules) -> bool:
    if value.strip() == "" or rules.is_reference(value.strip()):
        return False
    return place.verdict == "secret" or not is_ordinary(place.name, value)
