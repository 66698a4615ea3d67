"""A progress bar that is painted together with the rest of the window."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QWidget

_STEPS = 1000


class ProgressBar(QProgressBar):
    """Shows a share without text.

    Qt's own bar repaints at once when its value or range changes, and with it everything else that is pending
    in the window, in the middle of whatever a slot is doing. Threads: GUI.
    """

    def __init__(self, accessible: str, parent: QWidget | None = None) -> None:
        """Make it.

        Args:
            accessible: What screen readers call it.
            parent: The Qt parent.
        """
        super().__init__(parent)
        self.setAccessibleName(accessible)
        self.setTextVisible(False)

    def show_share(self, done: int, total: int | None) -> None:
        """Show how much is done; without a total, only that something is being done."""
        self.setUpdatesEnabled(False)
        self.setRange(0, _STEPS if total else 0)
        if total:
            self.setValue(min(_STEPS * done // total, _STEPS))
        self.setUpdatesEnabled(True)

    def show_busy(self) -> None:
        """Show that something is being done."""
        self.show_share(0, None)
