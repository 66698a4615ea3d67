"""The frames of a GOP in the order they are shown, above, and decoded, below, and which refer to which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from framescope.core.model.frame import PictureType
from framescope.core.text import counted, grouped
from framescope.core.translation import tr, tr_plural
from framescope.ui.panels.fact_widgets import paint_card
from framescope.ui.panels.gop.frame_chart import FrameChart
from framescope.ui.timeline.shades import faded, letter_color, type_colors
from framescope.ui.widgets.fonts import sized

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from framescope.core.media.index import FrameIndex
    from framescope.ui.panels.gop.frame_chart import GopFrames, References
    from framescope.ui.widgets.theme import ThemeSource, Tokens

_HEIGHT = 108
_ARCS_HEIGHT = 36
_INSET = 8.0
_NAMES_WIDTH = 58.0
_STEPS = (15.0, 26.0)
_CELL_HEIGHT = 24.0
_TOP = 10.0
_NOT_NEEDED = 0.35
_INDIRECT = 0.45
_MOST_LISTED = 8
_HEAD = 3.0


def order_words(frames: GopFrames, index: FrameIndex) -> str:
    """What is decoded to show the current frame, in one or two sentences; empty if the frames are cut."""
    if frames.is_cut:
        return ""
    needed = frames.numbers[frames.decoded]
    present = int(frames.numbers[frames.present])
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


class OrderDiagram(FrameChart):
    """Two rows of frames with lines between them, and arrows from references to the frames that need them.

    The arrows that end in the current frame are in its colour. Frames that no other refers to are hollow.
    """

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(theme, "orderDiagram", tr("Display order and decode order"), _HEIGHT, parent)

    @property
    def capacity(self) -> int:
        """How many frames there is room for."""
        return max(int((self.width() - _NAMES_WIDTH - 2 * _INSET) // _STEPS[0]), 1)

    def set_has_references(self, has_references: bool) -> None:  # noqa: FBT001 - a setter
        """Leave room for arrows, or not."""
        self.setFixedHeight(_HEIGHT + (_ARCS_HEIGHT if has_references else 0))

    def place_at(self, point: QPointF) -> int | None:
        """The position in presentation order of the cell at a point of either row, or None."""
        content = self._content
        column = int((point.x() - _INSET - _NAMES_WIDTH) // self._step())
        if content is None or not 0 <= column < len(content.ranks):
            return None
        if self._cell(column, self._top()).contains(point):
            return column
        if self._cell(column, self._bottom()).contains(point):
            return int(np.flatnonzero(content.ranks == column)[0])
        return None

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
        for top, name in ((self._top(), tr("Shown")), (self._bottom(), tr("Decoded"))):
            where = QRectF(_INSET + 2, top, _NAMES_WIDTH, _CELL_HEIGHT)
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, name)
        if content.references is not None:
            self._paint_arrows(painter, content.references, tokens)
        self._paint_lines(painter, content, tokens)
        for place, rank in enumerate(content.ranks.tolist()):
            self._paint_cell(painter, content, place, self._cell(place, self._top()), tokens)
            self._paint_cell(painter, content, place, self._cell(rank, self._bottom()), tokens)

    def _paint_arrows(self, painter: QPainter, references: References, tokens: Tokens) -> None:
        # Those that end in the current frame on top of the others.
        for source, target, is_own in sorted(references.arrows, key=lambda arrow: arrow[2]):
            color = tokens.playhead if is_own else faded(tokens.text_muted, _INDIRECT)
            shift = -_HEAD if source < target else _HEAD
            start = self._cell(source, self._top()).center().x() - shift / 2
            end = self._cell(target, self._top()).center().x() + shift
            level = self._top() - 2
            # A Bézier curve reaches three quarters of the height of its control points.
            height = min(10 + 3 * abs(target - source), _ARCS_HEIGHT) / 0.75
            path = QPainterPath(QPointF(start, level))
            path.cubicTo(
                QPointF(start, level - height), QPointF(end, level - height), QPointF(end, level - _HEAD)
            )
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color, 1.6 if is_own else 1.0))
            painter.drawPath(path)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            points = (
                QPointF(end - _HEAD, level - _HEAD - 1),
                QPointF(end + _HEAD, level - _HEAD - 1),
                QPointF(end, level + 1),
            )
            painter.drawPolygon(QPolygonF(points))

    def _paint_lines(self, painter: QPainter, content: GopFrames, tokens: Tokens) -> None:
        colors = type_colors(tokens)
        # Those that are needed on top of the others.
        for place in np.argsort(content.needed, kind="stable").tolist():
            color = self._color(content, place, colors)
            width = 2.0 if place == content.present else 1.2
            painter.setPen(QPen(tokens.playhead if place == content.present else color, width))
            above, below = (
                self._cell(place, self._top()),
                self._cell(int(content.ranks[place]), self._bottom()),
            )
            painter.drawLine(
                QPointF(above.center().x(), above.bottom()), QPointF(below.center().x(), below.top())
            )

    def _paint_cell(
        self, painter: QPainter, content: GopFrames, place: int, cell: QRectF, tokens: Tokens
    ) -> None:
        code = int(content.codes[place])
        color = self._color(content, place, type_colors(tokens))
        is_hollow = content.references is not None and place in content.references.disposable
        painter.setPen(QPen(color, 1.0) if is_hollow else Qt.PenStyle.NoPen)
        if place == content.present:
            painter.setPen(QPen(tokens.playhead, 1.6))
        painter.setBrush(tokens.surface_sunken if is_hollow else faded(color, 0.3))
        painter.drawRoundedRect(cell.adjusted(1, 0, -1, 0), 3, 3)
        painter.setPen(letter_color(tokens, code) if content.needed[place] else tokens.text_faint)
        painter.setFont(sized(self.font(), 11))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, PictureType(code).letter)

    @staticmethod
    def _color(content: GopFrames, place: int, colors: tuple[QColor, ...]) -> QColor:
        color = colors[int(content.codes[place])]
        return color if content.needed[place] else faded(color, _NOT_NEEDED)

    def _top(self) -> float:
        return _TOP + self.height() - _HEIGHT

    def _bottom(self) -> float:
        return self.height() - _TOP - _CELL_HEIGHT

    def _step(self) -> float:
        count = 1 if self._content is None else max(len(self._content.ranks), 1)
        return min(max((self.width() - _NAMES_WIDTH - 2 * _INSET) / count, _STEPS[0]), _STEPS[1])

    def _cell(self, column: int, top: float) -> QRectF:
        step = self._step()
        return QRectF(_INSET + _NAMES_WIDTH + column * step, top, step, _CELL_HEIGHT)
