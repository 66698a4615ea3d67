"""A slim strip of the whole video over the picture: where playing is, what is marked, and a place to seek."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from framescope.core.translation import tr
from framescope.ui.timeline.overview import OverviewAxis
from framescope.ui.timeline.shades import faded

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource

_HEIGHT = 28
_TRACK_PX = 6
_EDGE_PX = 8


class SlimTimeline(QWidget):
    """Shows the position in the whole video; a click or drag seeks. Threads: GUI."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._theme = theme
        self.setObjectName("slimTimeline")
        self.setAccessibleName(tr("Position in the video"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(_HEIGHT)
        for signal in (
            controller.position_changed,
            controller.index_updated,
            controller.range_changed,
            theme.changed,
        ):
            signal.connect(self.update)
        controller.marks_changed.connect(self._on_marks_changed)
        self._on_marks_changed()

    @property
    def axis(self) -> OverviewAxis:
        """The whole video on the strip."""
        width = float(max(self.width() - 2 * _EDGE_PX, 1))
        return OverviewAxis(float(_EDGE_PX), width, self._controller.frame_total)

    @Slot()
    def _on_marks_changed(self) -> None:
        # Converted once: the strip is painted with each frame that is played.
        self._marks = np.array(self._controller.marks, np.int64)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """As wide as there is room for."""
        return QSize(640, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw the track, what was played of it, the range, the marks and the position."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        tokens, axis, controller = self._theme.tokens, self.axis, self._controller
        top = (self.height() - _TRACK_PX) / 2
        playhead = axis.x_of(controller.position + 0.5)
        for left, right, color in (
            (axis.left, axis.left + axis.width, faded(tokens.text, 0.2)),
            (axis.left, playhead, faded(tokens.text, 0.55)),
        ):
            painter.setBrush(color)
            painter.drawRoundedRect(QRectF(left, top, right - left, _TRACK_PX), 3, 3)
        span = controller.marked_range
        if span is not None:
            left, right = axis.x_of(span.start), axis.x_of(span.stop)
            painter.fillRect(QRectF(left, top - 4, max(right - left, 1), 2), tokens.accent)
        for left, right in axis.spots(self._marks):
            painter.fillRect(QRectF(left, top - 3, right - left, _TRACK_PX + 6), tokens.mark)
        painter.setBrush(tokens.playhead)
        painter.drawEllipse(QRectF(playhead - 6, self.height() / 2 - 6, 12, 12))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Seek there."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._seek(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Seek along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek(event.position().x())

    def _seek(self, x: float) -> None:
        self._controller.show_frame(int(self.axis.position_at(x)))
