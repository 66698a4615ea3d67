"""Two pictures at one zoom: side by side, or one over the other, divided by a line that can be dragged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from framescope.ui.picture.overlay_painter import paint_chip
from framescope.ui.picture.zoom_view import ZoomView
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtCore import QSize
    from PySide6.QtGui import QKeyEvent, QMouseEvent
    from PySide6.QtWidgets import QWidget

    from framescope.ui.widgets.theme import ThemeSource, Tokens

_KNOB = 11.0
"""Radius of the dividing line's handle, in logical pixels."""
_GAP = 2.0
"""Gap between two pictures side by side, in logical pixels."""
_REACH = 7.0
"""How near the pointer must be to grab the dividing line, in logical pixels."""
_KEY_PAN = 40.0
_KEY_SPLIT = 0.05
_ARROWS = {
    Qt.Key.Key_Left: QPointF(1, 0),
    Qt.Key.Key_Right: QPointF(-1, 0),
    Qt.Key.Key_Up: QPointF(0, 1),
    Qt.Key.Key_Down: QPointF(0, -1),
}


def paint_tag(painter: QPainter, area: QRectF, text: str, tokens: Tokens, *, at_right: bool = False) -> None:
    """Label an area in its corner; nothing if the label does not fit."""
    width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 4 * SPACE
    if width <= area.width():
        x = area.right() - width + SPACE if at_right else area.left() + SPACE
        paint_chip(painter, QPointF(x, area.top() + SPACE), text, tokens)


def paint_split(painter: QPainter, area: QRectF, x: float, tokens: Tokens) -> None:
    """Draw the line that divides two pictures, with its handle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(tokens.overlay, 3))
    painter.drawLine(QLineF(x, area.top(), x, area.bottom()))
    painter.setPen(QPen(tokens.overlay_text, 1))
    painter.drawLine(QLineF(x, area.top(), x, area.bottom()))
    middle = QPointF(x, area.center().y())
    painter.setBrush(tokens.overlay)
    painter.drawEllipse(middle, _KNOB, _KNOB)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tokens.overlay_text)
    for side in (-1, 1):
        tip, base = x + side * 7, x + side * 3
        corners = [QPointF(tip, middle.y()), QPointF(base, middle.y() - 4), QPointF(base, middle.y() + 4)]
        painter.drawPolygon(QPolygonF(corners))
    painter.restore()


def paint_cross(painter: QPainter, area: QRectF, at: QPointF, tokens: Tokens) -> None:
    """Mark the position in one picture that the pointer is at in the other."""
    if not area.contains(at):
        return
    painter.save()
    painter.setClipRect(area)
    for pen in (QPen(tokens.overlay, 3), QPen(tokens.overlay_text, 1)):
        painter.setPen(pen)
        for begin, end in ((3.0, 9.0), (-9.0, -3.0)):
            painter.drawLine(QLineF(at.x() + begin, at.y(), at.x() + end, at.y()))
            painter.drawLine(QLineF(at.x(), at.y() + begin, at.x(), at.y() + end))
    painter.restore()


def side_panes(whole: QRectF) -> tuple[QRectF, QRectF]:
    """Two equal areas side by side: whole pixels, so that both pictures are sampled alike."""
    width = float(int((whole.width() - _GAP) / 2))
    return (
        QRectF(whole.left(), whole.top(), width, whole.height()),
        QRectF(whole.right() - width, whole.top(), width, whole.height()),
    )


def split_areas(pane: QRectF, share: float) -> tuple[QRectF, QRectF]:
    """The areas left and right of a dividing line at a share of the width, rounded to a whole pixel."""
    x = round(share * pane.width())
    return (
        QRectF(pane.left(), pane.top(), x, pane.height()),
        QRectF(pane.left() + x, pane.top(), pane.width() - x, pane.height()),
    )


class PairView(ZoomView):
    """Panes and dividing line; subclasses draw the pictures. The wheel zooms both. Threads: GUI."""

    def __init__(
        self, theme: ThemeSource, name: str, title: str, smallest: QSize, parent: QWidget | None = None
    ) -> None:
        """Make the view; see `ZoomView`."""
        super().__init__(theme, name, title, smallest, parent)
        self._split = 0.5
        self._holds_split = False

    # --- for subclasses

    @property
    def has_panes(self) -> bool:
        """Whether the pictures are side by side."""
        raise NotImplementedError

    @property
    def has_split(self) -> bool:
        """Whether a line divides the pictures."""
        raise NotImplementedError

    # --- panes

    @property
    def split(self) -> float:
        """Position of the dividing line, as a fraction of the width."""
        return self._split

    @property
    def holds_split(self) -> bool:
        """Whether the dividing line is being dragged."""
        return self._holds_split

    @property
    def panes(self) -> tuple[QRectF, ...]:
        """The areas of the view that each show a picture."""
        whole = QRectF(self.rect())
        return side_panes(whole) if self.has_panes else (whole,)

    @property
    def pane_size(self) -> QSizeF:
        """Size of one pane."""
        return self.panes[0].size()

    def in_pane(self, point: QPointF) -> QPointF:
        """The same point in its pane's coordinates."""
        return point - self._pane_at(point).topLeft()

    def _pane_at(self, point: QPointF) -> QRectF:
        panes = self.panes
        return panes[-1] if point.x() >= panes[-1].left() else panes[0]

    # --- events

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Grab the dividing line or the picture."""
        if event.button() in {Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton}:
            self._holds_split = self._is_on_split(event.position())
            self._held = event.position()
            self._update_cursor()
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag what was grabbed, or read the pixel under the pointer."""
        if self._holds_split:
            self._split = min(max(event.position().x() / max(self.width(), 1), 0.0), 1.0)
            self._held = None
        super().mouseMoveEvent(event)
        self._update_cursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """End the drag."""
        self._holds_split = False
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom, unless the pointer is on the dividing line."""
        if not self._is_on_split(event.position()):
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom with + - 0 1, pan with the arrows; in a fitted split view they move the line."""
        commands = {
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: self.zoom_fit,
            Qt.Key.Key_1: self.zoom_actual,
        }
        key = Qt.Key(event.key())
        arrow = _ARROWS.get(key)
        if key in commands:
            commands[key]()
        elif arrow is None:
            super().keyPressEvent(event)
        elif self.has_split and self._transform.is_fitted:
            self._split = min(max(self._split - arrow.x() * _KEY_SPLIT, 0.0), 1.0)
            self.update()
        else:
            self._become(self._transform.panned(arrow * _KEY_PAN))

    def _is_on_split(self, point: QPointF) -> bool:
        return self.has_split and abs(point.x() - self._split * self.width()) <= _REACH

    def _update_cursor(self) -> None:
        if self._holds_split or (self._cursor is not None and self._is_on_split(self._cursor)):
            self.setCursor(Qt.CursorShape.SplitHCursor)
        elif self._transform.is_fitted:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            super()._update_cursor()
