"""Paints a GOP's picture types as letters in the colours that they have on the timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from framescope.ui.timeline.shades import letter_color, type_colors

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QPainter

    from framescope.ui.widgets.theme import ThemeSource

_CODES = {"?": 0, "I": 1, "P": 2, "B": 3}
_STEP = 9.0
_INSET = 6.0
_BAR = 2.0


class StructureDelegate(QStyledItemDelegate):
    """Letters over short bars: the letter is read, the bar is seen."""

    def __init__(self, theme: ThemeSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw as many letters as there is room for."""
        ground = QStyleOptionViewItem(option)
        self.initStyleOption(ground, index)
        ground.text = ""
        style = ground.widget.style() if ground.widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, ground, painter, ground.widget)
        structure = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        tokens = self._theme.tokens
        letters = [letter_color(tokens, code) for code in range(4)]
        bars = type_colors(tokens)
        area = QRectF(ground.rect)
        most = int((area.width() - 2 * _INSET) // _STEP)
        if len(structure) > most:
            structure = structure[: max(most - 1, 0)] + "…"
        painter.save()
        painter.setClipRect(area)
        for place, letter in enumerate(structure):
            cell = QRectF(area.left() + _INSET + place * _STEP, area.top(), _STEP, area.height())
            code = _CODES.get(letter)
            painter.setPen(tokens.text_faint if code is None else letters[code])
            painter.drawText(cell.adjusted(0, 0, 0, -_BAR), Qt.AlignmentFlag.AlignCenter, letter)
            if code is not None:
                painter.fillRect(
                    QRectF(cell.left() + 1, cell.bottom() - _BAR - 2, _STEP - 2, _BAR), bars[code]
                )
        painter.restore()
