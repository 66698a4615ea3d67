"""The letter of a picture type in its colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from framescope.core.model.frame import PictureType
from framescope.core.translation import tr
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import RADIUS

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from framescope.ui.widgets.theme import ThemeSource


class TypeChip(QWidget):
    """The letter of the picture type in its colour; hollow while it is only inferred."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._type = PictureType.UNKNOWN
        self._is_decoded = False
        self.setObjectName("typeChip")
        self.setFixedSize(20, 20)
        theme.changed.connect(self.update)

    def set_type(self, picture_type: PictureType, *, is_decoded: bool) -> None:
        """Show this type; ``is_decoded`` if the decoder reported it, rather than inferred from packets."""
        self._type, self._is_decoded = picture_type, is_decoded
        how = tr("as decoded") if is_decoded else tr("inferred from packets")
        text = tr("Picture type {letter}, {how}", letter=picture_type.letter, how=how)
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw the letter."""
        tokens = self._theme.tokens
        color = (tokens.unknown_frame, tokens.i_frame, tokens.p_frame, tokens.b_frame)[self._type]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color)
        if self._is_decoded:
            painter.setBrush(color)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.setFont(sized(self.font(), 12, bold=True))
        painter.setPen(tokens.window if self._is_decoded else tokens.text)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._type.letter)
