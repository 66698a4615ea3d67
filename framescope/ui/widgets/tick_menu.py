"""A menu in which several entries are usually switched, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent


class TickMenu(QMenu):
    """A menu that stays open when an entry is checked or unchecked. Threads: GUI.

    It would close with each of them, and in a dialog the Escape that is meant for it would then close the
    dialog, so that what is typed next reaches the window behind.
    """

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Switch an entry that can be checked; anywhere else, as usual."""
        if not self._tick(self.actionAt(event.position().toPoint())):
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Space and Enter switch the entry; Escape closes the menu."""
        keys = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if event.key() not in keys or not self._tick(self.activeAction()):
            super().keyPressEvent(event)

    @staticmethod
    def _tick(action: QAction | None) -> bool:
        if action is None or not action.isCheckable():
            return False
        # One that is disabled does nothing, and the menu stays as well.
        action.trigger()
        return True
