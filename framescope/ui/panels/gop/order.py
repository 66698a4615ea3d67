"""The frames of a GOP in the order they are shown, above, and decoded, below, with lines between the two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from framescope.core.model.frame import PictureType
from framescope.core.text import counted, grouped
from framescope.core.translation import tr, tr_plural
from framescope.ui.panels.fact_widgets import paint_card
from framescope.ui.timeline.shades import faded, letter_color, type_colors
from framescope.ui.widgets.fonts import sized

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from framescope.core.media.index import FrameIndex
    from framescope.ui.panels.gop.strip import StripContent
    from framescope.ui.widgets.theme import ThemeSource, Tokens

_HEIGHT = 108
_INSET = 8.0
_NAMES_WIDTH = 58.0
_STEPS = (17.0, 26.0)
_CELL_HEIGHT = 24.0
_TOP = 10.0
_NOT_NEEDED = 0.35
_MOST_LISTED = 8


@dataclass(frozen=True, slots=True, eq=False)
class OrderContent:
    """What the diagram draws.

    Attributes:
        strip: The frames in presentation order, and which of them are decoded for the current one.
        ranks: int64, for each of them its place among them in decode order, from 0.
    """

    strip: StripContent
    ranks: NDArray[np.int64]


def order_content(strip: StripContent, index: FrameIndex) -> OrderContent:
    """The decode order of the frames of a strip."""
    positions = index.decode_positions[strip.numbers]
    ranks = np.empty(len(positions), np.int64)
    ranks[np.argsort(positions, kind="stable")] = np.arange(len(positions))
    return OrderContent(strip, ranks)


def order_words(strip: StripContent, index: FrameIndex) -> str:
    """What is decoded to show the current frame, in one or two sentences; empty if the strip is cut."""
    if strip.is_cut:
        return ""
    needed = strip.numbers[strip.needed]
    present = int(strip.numbers[strip.present])
    if len(needed) == 1:
        return tr("Frame {number} is decoded by itself.", number=grouped(present))
    in_order = needed[np.argsort(index.decode_positions[needed], kind="stable")]
    names = [grouped(number) for number in in_order.tolist()]
    if len(names) > _MOST_LISTED:
        names = [*names[: _MOST_LISTED // 2], "…", *names[-_MOST_LISTED // 2 :]]
    words = tr(
        "To show frame {number}, {frames} are decoded: {names}.",
        number=grouped(present),
        frames=counted(len(needed), "frame", "frames"),
        names=", ".join(names),
    )
    later = int((needed > present).sum())
    if later:
        are_shown = tr_plural(
            "{count} of them is shown later.", "{count} of them are shown later.", later, count=grouped(later)
        )
        words += f" {are_shown}"
    return words


class OrderDiagram(QWidget):
    """Two rows of frames with lines between them; a click requests the frame. Threads: GUI."""

    frame_clicked = Signal(int)

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._content: OrderContent | None = None
        self.setObjectName("orderDiagram")
        self.setAccessibleName(tr("Display order and decode order"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)
        self.setMouseTracking(True)
        theme.changed.connect(self.update)

    @property
    def capacity(self) -> int:
        """How many frames there is room for."""
        return max(int((self.width() - _NAMES_WIDTH - 2 * _INSET) // _STEPS[0]), 1)

    @property
    def content(self) -> OrderContent | None:
        """The content drawn."""
        return self._content

    def set_content(self, content: OrderContent | None) -> None:
        """Draw other frames."""
        self._content = content
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Any width."""
        return QSize(240, _HEIGHT)

    def frame_at(self, point: QPointF) -> int | None:
        """The frame number of the cell at a point of either row, or None."""
        place = self._place_at(point)
        return None if place is None or self._content is None else int(self._content.strip.numbers[place])

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Request the frame."""
        number = self.frame_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and number is not None:
            self.frame_clicked.emit(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Change the pointer over frames."""
        is_over = self.frame_at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_over else Qt.CursorShape.ArrowCursor)

    def event(self, event: QEvent) -> bool:
        """Show a frame's two places when the pointer rests on it."""
        if isinstance(event, QHelpEvent):
            place = self._place_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if place is None else self._words(place), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw a card, the names of the rows, the lines, and the frames."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        paint_card(painter, self, tokens)
        content = self._content
        if content is None:
            return
        painter.setFont(sized(self.font(), 11))
        painter.setPen(tokens.text_muted)
        for top, name in ((_TOP, tr("Shown")), (self._bottom(), tr("Decoded"))):
            where = QRectF(_INSET + 2, top, _NAMES_WIDTH, _CELL_HEIGHT)
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, name)
        self._paint_lines(painter, content, tokens)
        for place, rank in enumerate(content.ranks.tolist()):
            self._paint_cell(painter, content, place, self._cell(place, _TOP), tokens)
            self._paint_cell(painter, content, place, self._cell(rank, self._bottom()), tokens)

    def _paint_lines(self, painter: QPainter, content: OrderContent, tokens: Tokens) -> None:
        colors = type_colors(tokens)
        # Those that are needed on top of the others.
        for place in np.argsort(content.strip.needed, kind="stable").tolist():
            color = self._color(content, place, colors)
            width = 2.0 if place == content.strip.present else 1.2
            painter.setPen(QPen(tokens.playhead if place == content.strip.present else color, width))
            above, below = self._cell(place, _TOP), self._cell(int(content.ranks[place]), self._bottom())
            painter.drawLine(
                QPointF(above.center().x(), above.bottom()), QPointF(below.center().x(), below.top())
            )

    def _paint_cell(
        self, painter: QPainter, content: OrderContent, place: int, cell: QRectF, tokens: Tokens
    ) -> None:
        strip = content.strip
        code = int(strip.codes[place])
        is_present = place == strip.present
        painter.setPen(QPen(tokens.playhead, 1.6) if is_present else Qt.PenStyle.NoPen)
        painter.setBrush(faded(self._color(content, place, type_colors(tokens)), 0.3))
        painter.drawRoundedRect(cell.adjusted(1, 0, -1, 0), 3, 3)
        painter.setPen(letter_color(tokens, code) if strip.needed[place] else tokens.text_faint)
        painter.setFont(sized(self.font(), 11))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, PictureType(code).letter)

    @staticmethod
    def _color(content: OrderContent, place: int, colors: tuple[QColor, ...] | list[QColor]) -> QColor:
        color = colors[int(content.strip.codes[place])]
        return color if content.strip.needed[place] else faded(color, _NOT_NEEDED)

    def _bottom(self) -> float:
        return self.height() - _TOP - _CELL_HEIGHT

    def _step(self) -> float:
        count = 1 if self._content is None else max(len(self._content.ranks), 1)
        return min(max((self.width() - _NAMES_WIDTH - 2 * _INSET) / count, _STEPS[0]), _STEPS[1])

    def _cell(self, column: int, top: float) -> QRectF:
        step = self._step()
        return QRectF(_INSET + _NAMES_WIDTH + column * step, top, step, _CELL_HEIGHT)

    def _place_at(self, point: QPointF) -> int | None:
        """The position in presentation order of the cell at a point."""
        content = self._content
        column = int((point.x() - _INSET - _NAMES_WIDTH) // self._step())
        if content is None or not 0 <= column < len(content.ranks):
            return None
        if self._cell(column, _TOP).contains(point):
            return column
        if self._cell(column, self._bottom()).contains(point):
            return int(np.flatnonzero(content.ranks == column)[0])
        return None

    def _words(self, place: int) -> str:
        content = self._content
        if content is None:
            return ""
        strip = content.strip
        use = (
            tr("the current frame")
            if place == strip.present
            else tr("decoded to reach the current frame")
            if strip.needed[place]
            else tr("not needed for the current frame")
        )
        return tr(
            "Frame {number}, {letter}: {use}",
            number=grouped(int(strip.numbers[place])),
            letter=PictureType(int(strip.codes[place])).letter,
            use=use,
        )
