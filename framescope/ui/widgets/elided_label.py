"""A label that elides the middle of its text, and never widens its window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from framescope.ui.widgets.theme import set_style_property

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

_LEAST_WIDTH = 40


class ElidedLabel(QLabel):
    """One line of text; the tooltip shows all of it if it is elided."""

    def __init__(self, parent: QWidget | None = None, *, most_width: int = 1000) -> None:
        super().__init__(parent)
        self._whole = ""
        self._most_width = most_width
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    @property
    def whole_text(self) -> str:
        """The full text, whether it fits or not."""
        return self._whole

    def set_whole_text(self, text: str) -> None:
        """Show a text, elided if it does not fit."""
        self._whole = text
        self.updateGeometry()
        self._elide()

    def set_role(self, role: str) -> None:
        """Use the colour of a stylesheet role, such as ``error``."""
        set_style_property(self, "role", role)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Room for the full text, up to a limit."""
        margins = self.contentsMargins()
        width = self.fontMetrics().horizontalAdvance(self._whole) + margins.left() + margins.right() + 2
        return QSize(min(width, self._most_width), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Room for a few letters."""
        return QSize(min(_LEAST_WIDTH, self.sizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Elide the text for the new width."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        room = max(self.contentsRect().width(), 1)
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideMiddle, room)
        self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")
