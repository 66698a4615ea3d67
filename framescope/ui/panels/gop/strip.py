"""The GOP of the current frame as bars: type and size of each frame, and which ones must be decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from framescope.core.model.frame import PictureType
from framescope.core.translation import tr
from framescope.ui.panels.fact_widgets import paint_card
from framescope.ui.panels.gop.frame_chart import FrameChart
from framescope.ui.timeline.shades import faded, letter_color, type_colors
from framescope.ui.widgets.fonts import sized

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from framescope.ui.panels.gop.frame_chart import GopFrames
    from framescope.ui.widgets.theme import ThemeSource

_HEIGHT = 92
_INSET = 8.0
_LETTERS_HEIGHT = 16.0
_LEAST_STEP = 3.0
_MOST_STEP = 16.0
_LETTER_STEP = 8.0
_LEAST_BAR = 3.0
_NOT_NEEDED = 0.3


class GopStrip(FrameChart):
    """Bars of one GOP."""

    is_dragged = True

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(theme, "gopStrip", tr("Frames of this GOP"), _HEIGHT, parent)

    @property
    def capacity(self) -> int:
        """How many frames there is room for."""
        return max(int((self.width() - 2 * _INSET) // _LEAST_STEP), 1)

    def place_at(self, point: QPointF) -> int | None:
        """See `FrameChart`."""
        count = 0 if self._content is None else len(self._content.numbers)
        place = int((point.x() - self._left()) // self._step())
        return place if 0 <= place < count else None

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw a card, the bars, letters where there is room, and the playhead."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        paint_card(painter, self, tokens)
        content = self._content
        if content is None or not len(content.numbers):
            return
        step, left = self._step(), self._left()
        gap = 1.0 if step >= 4 else 0.5
        floor = self.height() - (_LETTERS_HEIGHT if step >= _LETTER_STEP else _INSET)
        ceiling = 12.0
        # Square roots: next to a keyframe the others would be invisible.
        heights = np.sqrt(content.sizes / max(int(content.sizes.max()), 1)) * (floor - ceiling)
        colors = type_colors(tokens)
        painter.setPen(Qt.PenStyle.NoPen)
        for place, code in enumerate(content.codes.tolist()):
            height = max(float(heights[place]), _LEAST_BAR)
            bar = QRectF(left + place * step, floor - height, step - gap, height)
            color = colors[code]
            painter.fillRect(bar, color if content.needed[place] else faded(color, _NOT_NEEDED))
        if step >= _LETTER_STEP:
            self._paint_letters(painter, content, step, floor)
        self._paint_playhead(painter, tokens.playhead, left + (content.present + 0.5) * step - gap / 2)

    def _paint_letters(self, painter: QPainter, content: GopFrames, step: float, floor: float) -> None:
        tokens = self._theme.tokens
        painter.setFont(sized(self.font(), 10))
        for place, code in enumerate(content.codes.tolist()):
            cell = QRectF(self._left() + place * step - 2, floor, step + 3, _LETTERS_HEIGHT)
            painter.setPen(letter_color(tokens, code) if content.needed[place] else tokens.text_faint)
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, PictureType(code).letter)

    def _paint_playhead(self, painter: QPainter, color: QColor, x: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPolygon(QPolygonF([QPointF(x - 4, 3), QPointF(x + 4, 3), QPointF(x, 9)]))

    def _step(self) -> float:
        count = 1 if self._content is None else max(len(self._content.numbers), 1)
        return min(max((self.width() - 2 * _INSET) / count, _LEAST_STEP), _MOST_STEP)

    def _left(self) -> float:
        count = 0 if self._content is None else len(self._content.numbers)
        return max((self.width() - count * self._step()) / 2, _INSET)
