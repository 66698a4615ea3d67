"""The GOP of the current frame as bars: type and size of each frame, and which ones must be decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from framescope.core.model.frame import PictureType
from framescope.core.text import grouped, size_words
from framescope.core.translation import tr
from framescope.ui.panels.fact_widgets import paint_card
from framescope.ui.timeline.shades import faded, letter_color, type_colors
from framescope.ui.widgets.fonts import sized

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent

    from framescope.core.media.gops import GopTable
    from framescope.core.media.index import FrameIndex
    from framescope.ui.widgets.theme import ThemeSource

_HEIGHT = 92
_INSET = 8.0
_LETTERS_HEIGHT = 16.0
_LEAST_STEP = 3.0
_MOST_STEP = 16.0
_LETTER_STEP = 8.0
_LEAST_BAR = 3.0
_NOT_NEEDED = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class StripContent:
    """What the strip draws, in presentation order.

    Attributes:
        numbers: Frame numbers.
        codes: Values of ``PictureType``.
        sizes: Compressed bytes.
        needed: Whether the frame must be decoded to reach the current one.
        present: Position of the current frame.
        is_cut: Whether some frames were left out for lack of room.
    """

    numbers: NDArray[np.int64]
    codes: NDArray[np.uint8]
    sizes: NDArray[np.int32]
    needed: NDArray[np.bool_]
    present: int
    is_cut: bool


def strip_content(table: GopTable, index: FrameIndex, frame_number: int, most: int) -> StripContent:
    """The GOP of a frame and the frames needed to reach it; at most the ``most`` nearest ones."""
    last = int(index.decode_positions[frame_number])
    first = last - int(table.decode_costs[frame_number]) + 1
    numbers = table.frames_from(first, table.gop_of(frame_number))
    present = int(np.searchsorted(numbers, frame_number))
    is_cut = len(numbers) > most
    if is_cut:
        start = min(max(present - most // 2, 0), len(numbers) - most)
        numbers, present = numbers[start : start + most], present - start
    positions = index.decode_positions[numbers]
    return StripContent(
        numbers=numbers,
        codes=np.minimum(index.picture_type_codes[numbers], 3),
        sizes=index.sizes_bytes[numbers],
        needed=(positions >= first) & (positions <= last),
        present=present,
        is_cut=is_cut,
    )


class GopStrip(QWidget):
    """Bars of one GOP; a click requests the frame."""

    frame_clicked = Signal(int)

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._content: StripContent | None = None
        self.setObjectName("gopStrip")
        self.setAccessibleName(tr("Frames of this GOP"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)
        self.setMouseTracking(True)
        theme.changed.connect(self.update)

    @property
    def capacity(self) -> int:
        """How many frames there is room for."""
        return max(int((self.width() - 2 * _INSET) // _LEAST_STEP), 1)

    @property
    def content(self) -> StripContent | None:
        """The content drawn."""
        return self._content

    def set_content(self, content: StripContent | None) -> None:
        """Draw another GOP."""
        self._content = content
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Any width."""
        return QSize(200, _HEIGHT)

    def frame_at(self, x: float) -> int | None:
        """The frame number at an x position, or None if there is none."""
        if self._content is None:
            return None
        place = int((x - self._left()) // self._step())
        return int(self._content.numbers[place]) if 0 <= place < len(self._content.numbers) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Request the frame."""
        number = self.frame_at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and number is not None:
            self.frame_clicked.emit(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Request frames while dragging, and change the pointer over frames."""
        number = self.frame_at(event.position().x())
        self.setCursor(Qt.CursorShape.ArrowCursor if number is None else Qt.CursorShape.PointingHandCursor)
        if event.buttons() & Qt.MouseButton.LeftButton and number is not None:
            self.frame_clicked.emit(number)

    def event(self, event: QEvent) -> bool:
        """Show the frame's details when the pointer rests on it."""
        if isinstance(event, QHelpEvent):
            number = self.frame_at(event.pos().x())
            QToolTip.showText(event.globalPos(), "" if number is None else self._words(number), self)
            return True
        return super().event(event)

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

    def _paint_letters(self, painter: QPainter, content: StripContent, step: float, floor: float) -> None:
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

    def _words(self, number: int) -> str:
        content = self._content
        if content is None:
            return ""
        place = int(np.searchsorted(content.numbers, number))
        letter = PictureType(int(content.codes[place])).letter
        use = (
            tr("decoded to reach the current frame")
            if content.needed[place]
            else tr("not needed for the current frame")
        )
        if place == content.present:
            use = tr("the current frame")
        return tr(
            "Frame {number}, {letter}, {size}: {use}",
            number=grouped(number),
            letter=letter,
            size=size_words(int(content.sizes[place])),
            use=use,
        )
