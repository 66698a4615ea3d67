"""The signals that ask the program to end: Ctrl+C, SIGTERM, and SIGHUP when the terminal is closed."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

STOP_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
)
_TERMINAL_CLOSED = getattr(signal, "SIGHUP", None)
_STANDARD_STREAMS = 3
_received: int = signal.SIGINT


def status_of(number: int) -> int:
    """The exit status of a program that a signal ended, as shells count: 128 and the number of the signal."""
    return 128 + number


INTERRUPTED = status_of(signal.SIGINT)
"""The exit status of a command that Ctrl+C ended."""


def stop_status() -> int:
    """The exit status of a program that was stopped, by the signal that came."""
    return status_of(_received)


def end_at_once() -> None:
    """End the process while there is nothing to clean up. For `on_stop` around imports and the start of Qt.

    An exception raised there may be lost in a library, and leave it half initialised.
    """
    say_cancelled()
    os._exit(stop_status())


def say_cancelled() -> None:
    """Write "Cancelled." to stderr before a process ends at once; it may be closed or full."""
    # Descriptor 2 may be the pipe of FFmpeg's messages, which nobody reads any more then.
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.write(sys.__stderr__.fileno(), b"Cancelled.\n")  # type: ignore[union-attr]


@contextmanager
def on_stop(act: Callable[[], object], *, then: Any = None) -> Iterator[None]:  # noqa: ANN401 - a signal's handler
    """Call ``act`` in the main thread on the first stop signal.

    A signal that the parent had ignored stays ignored, as Ctrl+C is in the background and SIGHUP under nohup.
    No effect outside the main thread.

    Args:
        act: Called for the first signal; for the next one too where it answers True, as it has stopped
            nothing yet.
        then: What a second signal does; what it did before the block without it.
    """
    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        handlers = {number: signal.getsignal(number) for number in STOP_SIGNALS}
        # None: something other than Python handles it, and could not be put back.
        before = {number: one for number, one in handlers.items() if one not in (signal.SIG_IGN, None)}

    def stop(number: int, frame: FrameType | None) -> None:
        global _received  # noqa: PLW0603 - signals belong to the process
        del frame
        _received = number
        for one, handler in before.items():
            signal.signal(one, handler if then is None else then)
        if number == _TERMINAL_CLOSED:
            _leave_terminal()
        if act() is True:
            listen()

    def listen() -> None:
        for one in before:
            signal.signal(one, stop)

    listen()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave_terminal() -> None:
    """Replace the terminal with the null device: writing to a closed terminal is an error."""
    null = os.open(os.devnull, os.O_RDWR)
    for number in range(_STANDARD_STREAMS):
        with contextlib.suppress(OSError):
            if stat.S_ISCHR(os.fstat(number).st_mode):
                os.dup2(null, number)
    os.close(null)
