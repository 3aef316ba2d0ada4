"""Blocks and calls that are recorded with their beginning and their end."""

from __future__ import annotations

import contextlib
import functools
import uuid
from typing import Any, Callable, Dict, Iterator, Optional, Tuple, TypeVar, cast, overload

from ._actions import record_action
from ._text import now_us

_Function = TypeVar("_Function", bound=Callable[..., Any])


@contextlib.contextmanager
def tracking(type: str, details: Any = None, *, run: Optional[str] = None, book: Any = None) -> Iterator[Dict[str, Any]]:
    """Records the beginning and the end of a block; what is put into the map it gives is recorded with the end."""
    id = str(uuid.uuid4())
    started = now_us()
    given = dict(details or {})
    record_action(type, "executing", given, id=id, run=run, book=book, started_us=started)
    learned: Dict[str, Any] = {}

    def finish(status: str, error: Optional[BaseException]) -> None:
        all_details = {**given, **learned}
        ended = now_us()
        record_action(type, status, all_details, id=id, run=run, error=error, book=book, started_us=started, ended_us=ended)

    try:
        yield learned
    except BaseException as error:
        finish(*status_of(error))
        raise
    finish("completed", None)


def status_of(error: BaseException) -> Tuple[str, Optional[BaseException]]:
    """How work ended that was left by an error: failed, aborted by a person or signal, or simply done."""
    if isinstance(error, GeneratorExit):
        return "completed", None
    if isinstance(error, KeyboardInterrupt):
        return "aborted", error
    if isinstance(error, SystemExit):
        if getattr(error, "daybook_signal", None) is not None:
            return "aborted", error
        return ("completed", None) if error.code in (None, 0) else ("failed", error)
    return "failed", error


@overload
def track(function: _Function) -> _Function: ...
@overload
def track(
    function: Optional[str] = None, *, type: Optional[str] = None, book: Any = None, **details: Any
) -> Callable[[_Function], _Function]: ...
def track(function: Any = None, *, type: Optional[str] = None, book: Any = None, **details: Any) -> Any:
    """
    Records each call of a function as an action: start, end, duration, the error it failed with. `@daybook.track`, or
    `@daybook.track("evaluate", split="test")`. Coroutines are awaited; arguments and results are not recorded.
    """
    if callable(function):
        return _tracked(function, _name_of(function), {}, None)
    name = type if type is not None else function
    return lambda inner: _tracked(inner, name or _name_of(inner), details, book)


def _name_of(function: Any) -> str:
    return str(getattr(function, "__qualname__", None) or getattr(function, "__name__", "call")).replace("<locals>.", "")


def _tracked(function: Callable[..., Any], name: str, details: Dict[str, Any], book: Any) -> Callable[..., Any]:
    import asyncio
    import inspect

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            with tracking(name, details, book=book):
                try:
                    return await function(*args, **kwargs)
                except asyncio.CancelledError as error:
                    raise error

        return awaited

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        with tracking(name, details, book=book):
            return function(*args, **kwargs)

    return cast(Callable[..., Any], called)
