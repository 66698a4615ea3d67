"""Forwards stop signals to Qt's event loop."""

from __future__ import annotations

import signal
import socket
from contextlib import ExitStack

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

from framescope.core.stop_signals import on_stop

_BYTES = 64


class StopListener(QObject):
    """Emits ``stopped`` for the first stop signal; a second one kills the process at once. Threads: GUI.

    One that comes while the listener is held is reported after `release`.

    Python runs signal handlers only between bytecode instructions, and Qt's event loop may execute none for a
    long time: a byte in a socket wakes it up.
    """

    stopped = Signal()

    def __init__(self, parent: QObject | None = None, *, is_held: bool = False) -> None:
        super().__init__(parent)
        self._is_asked = False
        self._closing = ExitStack()
        reader, writer = socket.socketpair()
        for end in (reader, writer):
            end.settimeout(0)
            self._closing.callback(end.close)
        self._reader = reader
        self._notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.setEnabled(not is_held)
        self._notifier.activated.connect(self._on_woken)
        before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        self._closing.callback(signal.set_wakeup_fd, before)
        self._closing.enter_context(on_stop(self._note, then=signal.SIG_DFL))

    def release(self) -> None:
        """Report what came so far, from the event loop, and what comes from now on."""
        self._notifier.setEnabled(True)

    def close(self) -> None:
        """Stop listening."""
        self._notifier.setEnabled(False)
        self._closing.close()

    def _note(self) -> None:
        self._is_asked = True

    @Slot()
    def _on_woken(self) -> None:
        try:
            self._reader.recv(_BYTES)
        except BlockingIOError:
            return
        if self._is_asked:
            self._is_asked = False
            self.stopped.emit()
