"""Signals that end the process: SIGTERM, SIGHUP and SIGINT (Ctrl-C).

A handler that raises can raise anywhere: in a library's half-sent query, in an import, in a callback that loses the
exception. The handler therefore records the signal, and code calls `check_stopped` where it can stop.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_STOP = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


class _Received:
    """Signals received so far, and what the next one does besides being recorded."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.on_signal: Callable[[], None] | None = None


_received = _Received()


def record_stop_signals() -> None:
    """Records stop signals from now on, instead of ending the process or raising KeyboardInterrupt.

    Signals that are ignored stay ignored; nohup ignores SIGHUP, for example. Must be called in the main thread.
    """
    for number in _STOP:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _record)


def check_stopped() -> None:
    """Raises KeyboardInterrupt after a SIGINT, SystemExit(128 + number) after another stop signal."""
    if not _received.numbers:
        return
    number = _received.numbers[0]
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(128 + number)


def is_stopped() -> bool:
    """Returns whether a stop signal was received."""
    return bool(_received.numbers)


@contextmanager
def interruptible() -> Iterator[None]:
    """Lets a recorded stop signal raise at once inside the block, as `check_stopped` does.

    Suits blocking calls that an exception leaves intact: a copy between files, a wait for a program. Does nothing in
    another thread than the main one: signals are handled there.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    check_stopped()
    with _reacting(check_stopped):
        yield


@contextmanager
def on_stop(callback: Callable[[], None]) -> Iterator[None]:
    """Calls `callback` for each stop signal inside the block, and now if one was recorded before.

    The callback must not raise: it runs between any two instructions of the main thread.
    """
    with _reacting(callback):
        if _received.numbers:
            callback()
        yield


@contextmanager
def _reacting(reaction: Callable[[], None]) -> Iterator[None]:
    before, _received.on_signal = _received.on_signal, reaction
    try:
        yield
    finally:
        _received.on_signal = before


def _record(number: int, _frame: FrameType | None) -> None:
    _received.numbers.append(number)
    if _received.on_signal is not None:
        _received.on_signal()
