"""Runs the garbage collector in the GUI thread only, because Qt objects must not be deleted elsewhere."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_LOOK_MS = 500


class GuiThreadCollector(QObject):
    """Replaces automatic garbage collection. Threads: GUI.

    Python collects in whatever thread happens to allocate; a window, timer or file watcher left in a
    reference cycle would then be destroyed by a decoder thread, which leaves Qt's event loop with dangling
    pointers: it crashes, or hangs, at any time afterwards.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_quiet = True
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._on_timeout)

    def start(self) -> None:
        """Disable automatic collection and start collecting here."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Stop collecting.

        The automatic collection stays off in this process: another window may be open, a thread that was left
            behind may still be running, and the closed objects are only now becoming garbage.
        """
        self._timer.stop()

    def note_activity(self) -> None:
        """The user is active: postpone full collections."""
        self._is_quiet = False

    @Slot()
    def _on_timeout(self) -> None:
        young, middle, old = (
            count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)
        )
        was_quiet, self._is_quiet = self._is_quiet, True
        if old and was_quiet:
            gc.collect()
        elif middle:
            gc.collect(1)
        elif young:
            gc.collect(0)
