"""Runs while they are alive: heartbeats, signals, errors that nobody catches, the end of the program, forks."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import sys
import threading
import types
import weakref
from typing import Dict, List, Optional, Protocol, Type, Union

from ._track import status_of


class Living(Protocol):
    """What is taken care of: a run of this process."""

    pid: int

    def beat(self) -> None:
        """A sign of life."""

    def renew(self) -> None:
        """Called in a child that was forked."""

    def finish(self, status: str = "completed", error: Union[str, BaseException, None] = None) -> bool:
        """The end."""


_BEAT = 60.0
_ENDING = ("SIGTERM", "SIGHUP")
_active: Dict[Living, None] = {}
_all_runs: "weakref.WeakSet[Living]" = weakref.WeakSet()
_thread: Optional[threading.Thread] = None
_wake = threading.Event()
_beating = threading.Lock()
_uncaught: List[BaseException] = []


def note(run: Living) -> None:
    """Remembers a run for forked children; it is not ended by itself."""
    _all_runs.add(run)


def forget_run(run: Living) -> None:
    """A run that is over needs no care."""
    _active.pop(run, None)


def last_begun() -> Optional[Living]:
    """The run that was begun last and is not over."""
    return next(reversed(_active), None)


class Terminated(SystemExit):
    """What a signal that ends this process becomes, so that runs and `finally` blocks end as they should."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.daybook_signal = number

    def __str__(self) -> str:
        return f"stopped by {signal.Signals(self.daybook_signal).name}"


def begin(run: Living) -> None:
    """Takes care of a run: its heartbeat, and its end however the program ends."""
    global _thread, _earlier_hook
    if sys.excepthook is not _note_uncaught:
        _earlier_hook, sys.excepthook = sys.excepthook, _note_uncaught
    _active[run] = None
    if _thread is None or not _thread.is_alive():
        _thread = threading.Thread(target=_beat_always, name="daybook-heartbeat", daemon=True)
        _thread.start()
    if threading.current_thread() is not threading.main_thread():
        return
    for name in _ENDING:
        number = getattr(signal, name, None)
        # Who has a handler of their own keeps it.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _on_signal)


def _on_signal(number: int, _frame: Optional[types.FrameType]) -> None:
    signal.signal(number, signal.SIG_DFL)
    if not _active or all(each.pid != os.getpid() for each in _active):
        os.kill(os.getpid(), number)
        return
    raise Terminated(number)


def _beat_always() -> None:
    while True:
        _wake.wait(_BEAT)
        with _beating:
            for run in list(_active):
                run.beat()


def _note_uncaught(kind: Type[BaseException], error: BaseException, trace: Optional[types.TracebackType]) -> None:
    _uncaught.append(error)
    _earlier_hook(kind, error, trace)


_earlier_hook = sys.excepthook


def _end_all() -> None:
    for run in list(_active):
        if _uncaught:
            run.finish(*status_of(_uncaught[-1]))
        else:
            run.finish()


def _before_fork() -> None:
    """No child begins in the middle of a heartbeat; one that waits for others is not waited for."""
    global _held_for_fork
    _held_for_fork = _beating.acquire(timeout=1)


def _after_fork() -> None:
    if _held_for_fork:
        _beating.release()


def _forget_in_child() -> None:
    """Runs belong to the process that began them; a child may log to them and ends none."""
    global _thread, _beating
    for run in list(_all_runs):
        run.renew()
    for number in (getattr(signal, name, None) for name in _ENDING):
        # Workers are ended by signals, also in the middle of what hears of none.
        if number is not None and signal.getsignal(number) is _on_signal:
            with contextlib.suppress(ValueError):
                signal.signal(number, signal.SIG_DFL)
    _active.clear()
    _thread = None
    _beating = threading.Lock()


_held_for_fork = False
atexit.register(_end_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_forget_in_child)
