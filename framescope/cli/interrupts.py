"""Lets Ctrl+C end a command at any time, even while a library call does not return."""

from __future__ import annotations

import os
import signal
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from framescope.core.children import kill_children
from framescope.core.stop_signals import STOP_SIGNALS, say_cancelled, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_GRACE_S = 2.0
"""How long the main thread may take to notice Ctrl+C; Python looks for it between any two instructions."""

_noticed = threading.Event()


def note_interrupt() -> None:
    """Say that Ctrl+C has got through. Every handler of SIGINT calls it first."""
    _noticed.set()


@contextmanager
def watched_interrupts() -> Iterator[None]:
    """End the process when Ctrl+C does not get through to the main thread. Threads: main.

    Python runs signal handlers in the main thread only, which a decoder that hangs never gives back.
    """
    before = signal.getsignal(signal.SIGINT)
    receiver, sender = socket.socketpair()
    sender.setblocking(False)  # noqa: FBT003 - Python's own
    watcher = threading.Thread(target=_watch, args=(receiver,), name="interrupts", daemon=True)
    fd_before = signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
    # The parent may have it ignored, or another program its own idea of it; SIGTERM is watched anyway.
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    watcher.start()
    try:
        yield
    finally:
        if before is signal.default_int_handler:
            signal.signal(signal.SIGINT, before)
        signal.set_wakeup_fd(fd_before)
        sender.close()
        watcher.join()
        receiver.close()


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    note_interrupt()
    raise KeyboardInterrupt


def _watch(receiver: socket.socket) -> None:
    # What C's signal handler writes: the numbers of the signals, at once, whatever the main thread does.
    while numbers := receiver.recv(64):
        number = next((number for number in numbers if number in STOP_SIGNALS), None)
        if number is None:
            continue
        if not _noticed.wait(_GRACE_S):
            kill_children()
            say_cancelled()
            os._exit(status_of(number))
        _noticed.clear()
