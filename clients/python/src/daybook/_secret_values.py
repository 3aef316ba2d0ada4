"""Where values in a text begin and end: quotes, words, lines, brackets, blocks of YAML."""

from __future__ import annotations

import re
from typing import List, NamedTuple, Optional, Tuple

from ._secret_names import spaced_placeholder
from ._text import Pattern

_MAX_NESTED = 8
_MAX_SLASHES = 15


class Quote(NamedTuple):
    """A quote as it stands in a text: `"`, or `\\"` inside of a JSON string; behind it, where it was read at a place."""

    mark: str
    depth: int
    end: int = 0


class Span(NamedTuple):
    """A piece of a text, and where reading goes on behind it."""

    start: int
    stop: int
    after: int
    quote: str = ""


_quote_marks = Pattern(r"(?<!\\)\\*(?:[\"'`]|\n)")
_ascii_word = Pattern(r"\w", re.ASCII)


class OpenQuotes:
    """Which quotes are open at a place of a text; asked from left to right, each character is looked at once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: List[Quote] = []
        self._marks = _quote_marks.made().finditer(text)
        self._next = next(self._marks, None)

    def at(self, place: int) -> Optional[Quote]:
        """The innermost quote that is open at a place; places must not go back."""
        while self._next is not None and self._next.end() <= place:
            self._take(self._next.group(), self._next.start())
            self._next = next(self._marks, None)
        return self._open[-1] if self._open else None

    def _take(self, found: str, index: int) -> None:
        mark = found[-1]
        if mark == "\n":
            self._open.clear()
            return
        depth = len(found) - 1
        for known, quote in enumerate(self._open):
            if quote.mark == mark and quote.depth == depth:
                del self._open[known:]
                return
        if mark == "'" and index > 0 and _ascii_word.match(self._text[index - 1]):
            return  # an apostrophe within a word quotes nothing
        if len(self._open) < _MAX_NESTED:
            self._open.append(Quote(mark, depth))


def char_at(text: str, at: int) -> str:
    """The character at a place, or nothing behind the end."""
    return text[at] if 0 <= at < len(text) else ""


def quote_at(text: str, place: int) -> Optional[Quote]:
    """Reads a quote that begins at a place: its backslashes and its mark."""
    at = place
    while char_at(text, at) == "\\" and at < place + _MAX_SLASHES:
        at += 1
    mark = char_at(text, at)
    return Quote(mark, at - place, at + 1) if mark in ('"', "'", "`") and mark else None


def end_of_quoted(text: str, start: int, quote: Quote, around: Optional[Quote]) -> Tuple[int, int]:
    """Where a quoted text that begins at `start` (behind its quote) ends, and what is behind its closing quote."""
    mark, depth = quote.mark, quote.depth
    at = start
    while at < len(text):
        char = text[at]
        if char == "\n":
            return at, at
        if char != "\\" and char != mark and (around is None or char != around.mark):
            at += 1
            continue
        found = at
        while char_at(text, at) == "\\":
            at += 1
        slashes = at - found
        is_mark = char_at(text, at) == mark
        if is_mark and _closes(slashes, depth, mark):
            return at - depth, at + 1
        if (is_mark and slashes < depth) or ends_around(text, found, around):
            return found, found
        at += 1
    return len(text), len(text)


def ends_around(text: str, at: int, around: Optional[Quote]) -> bool:
    """Whether the quote around a text ends here."""
    if around is None:
        return False
    quote = quote_at(text, at)
    return quote is not None and quote.mark == around.mark and quote.depth <= around.depth


def _closes(slashes: int, depth: int, mark: str) -> bool:
    """In single quotes a backslash is a character like any other; elsewhere it escapes the quote behind it."""
    if depth > 0:
        return slashes == depth
    return mark == "'" or slashes % 2 == 0


def word_at(text: str, start: int, around: Optional[Quote], is_query: bool) -> Span:
    """A word of a command line or of a list such as `a=1&b=2`; quotes, escapes and `{{ … }}` are within it."""
    at = start
    while at < len(text):
        char = text[at]
        if char in " \t\n\r" or _is_line_end(text, at, around) or ends_around(text, at, around):
            break
        if char in "&;" and _separates(text, at, is_query):
            break
        if is_query and char == "#":
            break
        unit = unit_at(text, at)
        if unit > at:
            at = unit
        elif char == "\\" and around is None and at + 1 < len(text) and text[at + 1] != "\n":
            at += 2
        elif char in "\"'" and (around is None or around.mark != char):
            at = end_of_quoted(text, at + 1, Quote(char, 0), around)[1]
        else:
            at += 1
    stop = min(at, len(text))
    return Span(start, stop, stop)


_line_stop = Pattern(r"\r|\n|(?<!\\)\\*[\"'`]|(?<!\\)\\+[nr]")
_shell_stop = Pattern(
    r"\r|\n|(?<!\\)\\*[\"'`]|(?<!\\)\\+[nr]|(?<![ \t])[ \t]+(?:--?[A-Za-z]|[A-Za-z_][\w.-]{0,60}=|&&|\|\|?(?=[ \t])|>)"
    r"|[;&](?=[ \t]{0,4}(?:export )?[A-Za-z_][\w.-]{0,60}=)",
    re.ASCII,
)


def line_at(text: str, start: int, around: Optional[Quote], is_shell: bool) -> Span:
    """The rest of a line; `is_shell` ends it before what separates commands, assignments and options."""
    stop = _shell_stop if is_shell else _line_stop
    at = start
    while True:
        found = stop.search(text, at)
        if found is None:
            return _trimmed(text, start, len(text))
        at = found.start()
        mark = found.group()
        if mark in ("\n", "\r") or mark[0] in " \t;&":
            return _trimmed(text, start, at)
        if _is_line_end(text, at, around) or ends_around(text, at, around):
            return _trimmed(text, start, at)
        at += max(1, len(mark))


def quoted_at(text: str, start: int, quote: Quote, around: Optional[Quote], is_shell: bool) -> Span:
    """A text in quotes; where it is a word of a shell, what is glued to it belongs to it: `'it'\\''s'`."""
    triple = quote.mark * 3
    if quote.depth == 0 and text.startswith(triple, start):
        end = text.find(triple, start + 3)
        stop = len(text) if end == -1 else end
        return Span(start + 3, stop, min(len(text), stop + 3))
    end, after = end_of_quoted(text, quote.end, quote, around)
    if is_shell and after > end and quote.depth == 0 and _is_glued(text, after, around):
        word = word_at(text, after, around, False)
        return Span(start, word.stop, word.stop)
    while not is_shell and quote.depth == 0 and quote.mark == "'" and char_at(text, after) == "'" and after > end:
        end, after = end_of_quoted(text, after + 1, quote, around)
    return Span(quote.end, end, after)


def connection_value_at(text: str, start: int, around: Optional[Quote]) -> Span:
    """A value of a connection string, up to the next `;`: it may hold spaces."""
    line = line_at(text, start, around, False)
    end = text.find(";", start)
    return line if end == -1 or end > line.stop else Span(start, end, end)


def brackets_at(text: str, start: int) -> Optional[Span]:
    """A list or map in brackets up to the bracket that closes it."""
    depth = 0
    at = start
    while at < len(text):
        char = text[at]
        if char in "[{":
            depth += 1
        elif char in "]}":
            depth -= 1
            if depth == 0:
                return Span(start, at + 1, at + 1)
        elif char in "\"'\\":
            quote = quote_at(text, at)
            if quote is not None:
                at = max(at, end_of_quoted(text, quote.end, quote, None)[1] - 1)
        at += 1
    return None


def unit_at(text: str, at: int) -> int:
    """Where a placeholder ends that may hold spaces; the place itself where none stands there."""
    if char_at(text, at) not in ("‹", "{", "$", "<"):
        return at
    found = spaced_placeholder.match(text, at)
    return at if found is None else found.end()


def _is_line_end(text: str, at: int, around: Optional[Quote]) -> bool:
    """In a quoted text `\\n` ends a line as a line break does elsewhere."""
    if around is None or around.mark == "'" or text[at] != "\\":
        return False
    slashes = 0
    while char_at(text, at + slashes) == "\\" and slashes < 16:
        slashes += 1
    return slashes == around.depth + 1 and char_at(text, at + slashes) in ("n", "r")


_separator = Pattern(r"[;&](?:[\s;&]|\Z|[A-Za-z_][\w.-]{0,60}=)", re.ASCII)


def _separates(text: str, at: int, is_query: bool) -> bool:
    if is_query and text[at] == "&":
        return True
    return _separator.match(text[at : at + 64]) is not None


def _is_glued(text: str, at: int, around: Optional[Quote]) -> bool:
    return at < len(text) and not re.match(r"[\s,;&|)\]}>:<`]", text[at]) and not ends_around(text, at, around)


def _trimmed(text: str, start: int, stop: int) -> Span:
    while stop > start and text[stop - 1] in " \t\n\r":
        stop -= 1
    return Span(start, stop, stop)


def block_below(text: str, indent: int, start: int) -> Optional[Span]:
    """The block that stands below a name of YAML; None where the next line is not indented more than the name."""
    first = text.find("\n", start)
    if first == -1:
        return None
    end = first
    begin: Optional[int] = None
    at = first + 1
    while at < len(text):
        line_end = text.find("\n", at)
        stop = len(text) if line_end == -1 else line_end
        depth = _indent_of(text, at, stop)
        is_item = depth == indent and text.startswith("- ", at + indent)
        if depth is not None and depth <= indent and not is_item:
            break
        if depth is not None:
            begin = at + depth if begin is None else begin
            end = stop
        at = stop + 1
    return None if begin is None else Span(begin, end, end)


def _indent_of(text: str, start: int, stop: int) -> Optional[int]:
    at = start
    while at < stop and text[at] in " \t":
        at += 1
    return None if at == stop else at - start
