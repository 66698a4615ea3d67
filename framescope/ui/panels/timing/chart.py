"""A plot of milliseconds by frame number. Made when first shown: the plotting library loads slowly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal

from framescope.core.translation import tr
from framescope.ui.panels.timing.columns import columns_of, oddest, polyline
from framescope.ui.timeline.axis import FrameAxis
from framescope.ui.timeline.shades import faded
from framescope.ui.timeline.wheel import is_for_frames, range_after
from framescope.ui.widgets.fonts import sized

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QMouseEvent, QResizeEvent, QWheelEvent
    from PySide6.QtWidgets import QWidget

    from framescope.ui.panels.timing.columns import MsScale
    from framescope.ui.widgets.theme import ThemeSource

_HEIGHT = 132
_AXIS_WIDTH = 58
_AXIS_HEIGHT = 20
_AXIS_PIXELS = 11
_REACH_PIXELS = 3
_MARK_SIZE = 7
_FEW = 8


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One line.

    Attributes:
        values: Milliseconds by frame number; NaN where unknown.
        token: Name of a theme colour.
    """

    values: NDArray[np.float64]
    token: str


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Frames marked along the bottom of the plot.

    Attributes:
        numbers: The frames, ascending.
        token: Name of a theme colour.
    """

    numbers: NDArray[np.int64]
    token: str


class TimingChart(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Lines over all frames; hovering shows the values, and a click requests the frame."""

    frame_clicked = Signal(int)
    frame_pointed = Signal(int)
    """The frame a click would go to; -1 when the pointer has left."""
    range_wanted = Signal(float, float)
    """The frame range the timeline should show, after a turn of the wheel."""

    def __init__(self, name: str, title: str, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, background=None, enableMenu=False)
        self._theme = theme
        self._series: tuple[Series, ...] = ()
        self._marks: tuple[Marks, ...] = ()
        self._scale: MsScale | None = None
        self._frames: tuple[float, float] | None = None
        self._usual = math.nan
        self._curves: list[pg.PlotCurveItem] = []
        self._scatters: list[pg.ScatterPlotItem] = []
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setFixedHeight(_HEIGHT)
        self.setMinimumWidth(1)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseEnabled(x=False, y=False)
        self.setMouseTracking(True)
        self.hideButtons()
        self.setFrameShape(self.Shape.NoFrame)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(tr("A click goes to the frame; Ctrl and the wheel zoom, with the timeline"))
        self._build()
        theme.changed.connect(self._dress)
        self._dress()

    def _build(self) -> None:
        item = self.getPlotItem()
        item.setContentsMargins(0, 4, 0, 0)
        self.getViewBox().setDefaultPadding(0)
        font = sized(self.font(), _AXIS_PIXELS)
        left, bottom = item.getAxis("left"), item.getAxis("bottom")
        left.setWidth(_AXIS_WIDTH)
        left.setStyle(tickFont=font, tickLength=0, tickTextOffset=6)
        bottom.setHeight(_AXIS_HEIGHT)
        bottom.setStyle(tickFont=font, tickLength=-3, tickTextOffset=3)
        bottom.enableAutoSIPrefix(enable=False)
        self._reference = pg.InfiniteLine(angle=0, pos=0)
        self._playhead = pg.InfiniteLine(angle=90, pos=0)
        self._pointer = pg.InfiniteLine(angle=90, pos=0)
        self._pointer.hide()
        for line in (self._reference, self._playhead, self._pointer):
            item.addItem(line, ignoreBounds=True)
        self._playhead.setZValue(20)

    def set_content(
        self, series: Sequence[Series], marks: Sequence[Marks], scale: MsScale, usual: float
    ) -> None:
        """Show other values.

        Args:
            series: Lines; hovering shows the values of the first.
            marks: Frames to mark.
            scale: Maps milliseconds to heights.
            usual: The typical value, drawn as a horizontal line.
        """
        self._series, self._marks, self._scale = tuple(series), tuple(marks), scale
        self._usual = usual
        self._reference.setPos(scale.height(usual) if math.isfinite(usual) else 0.0)
        self.getPlotItem().getAxis("left").setTicks([scale.ticks()])
        self.setYRange(*scale.span, padding=0)
        self._show_frames()

    def set_frames(self, first: float, last: float) -> None:
        """Show this frame range until it is set again."""
        if (first, last) != self._frames:
            self._frames = (first, last)
            self._show_frames()

    @property
    def frames(self) -> tuple[float, float]:
        """The frame range shown."""
        count = len(self._series[0].values) if self._series else 1
        first, last = self._frames or (0.0, float(count))
        first = min(max(first, 0.0), count - 1.0)
        return first, max(min(last, float(count)), first + 1)

    def _show_frames(self) -> None:
        first, last = self.frames
        self.setXRange(first - 0.5, last - 0.5, padding=0.0)
        # The default ticks would include half frames.
        self.getPlotItem().getAxis("bottom").setTickSpacing(*((1, 1) if last - first <= _FEW else ()))
        self._draw()

    def set_position(self, frame_number: int) -> None:
        """Move the playhead."""
        self._playhead.setPos(frame_number)

    def frame_at(self, x: float) -> int | None:
        """The frame hit at an x position: the most unusual one within reach of the pointer."""
        if not self._series:
            return None
        values = self._series[0].values
        box = self.getViewBox()
        left, right = (
            box.mapSceneToView(QPointF(edge, 0)).x() for edge in (x - _REACH_PIXELS, x + _REACH_PIXELS)
        )
        low, high = math.ceil(left), math.floor(right) + 1
        if high - low <= 2:
            middle: float = (left + right) / 2
            return min(max(round(middle), 0), len(values) - 1)
        low, high = min(max(low, 0), len(values) - 1), min(max(high, 1), len(values))
        return oddest(values, low, max(high, low + 1), self._usual)

    # --- events

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Draw as many columns as the width allows."""
        super().resizeEvent(event)
        # pyqtgraph also resizes it during construction and teardown.
        if getattr(self, "_scale", None) is not None and self.plotItem is not None:
            self._draw()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Request the frame under the pointer."""
        number = self.frame_at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and number is not None:
            self.frame_clicked.emit(number)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End the click; pyqtgraph must not handle it."""
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show the values of the frame under the pointer."""
        number = self.frame_at(event.position().x())
        if number is not None:
            self._pointer.setPos(number)
            self._pointer.show()
            self.frame_pointed.emit(number)
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom and scroll as the timeline does; without a modifier the panel scrolls."""
        if not self._series or not is_for_frames(event):
            event.ignore()
            return
        box = self.getViewBox().sceneBoundingRect()
        axis = FrameAxis(*self.frames, box.left(), max(box.width(), 1.0))
        self.range_wanted.emit(*range_after(event, axis, len(self._series[0].values)))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Stop showing values at the pointer."""
        super().leaveEvent(event)
        self._pointer.hide()
        self.frame_pointed.emit(-1)

    # --- drawing

    def _draw(self) -> None:
        scale = self._scale
        if scale is None:
            return
        (first, last), _ = self.viewRange()
        most = max(int(self.getViewBox().width()), 16)
        item, tokens = self.getPlotItem(), self._theme.tokens
        while len(self._curves) < len(self._series):
            self._curves.append(pg.PlotCurveItem(connect="finite"))
            item.addItem(self._curves[-1], ignoreBounds=True)
        while len(self._scatters) < len(self._marks):
            self._scatters.append(pg.ScatterPlotItem(symbol="t1", pxMode=True, size=_MARK_SIZE))
            item.addItem(self._scatters[-1], ignoreBounds=True)
        for place, curve in enumerate(self._curves):
            curve.setVisible(place < len(self._series))
            if place < len(self._series):
                each = self._series[place]
                x, y = polyline(each.values, first, last, most)
                curve.setPen(pg.mkPen(getattr(tokens, each.token), width=1.5))
                curve.setData(x, scale.heights(y), connect="finite")
        foot = scale.span[0] + (scale.span[1] - scale.span[0]) * 0.04
        for place, scatter in enumerate(self._scatters):
            numbers = self._marks[place].numbers if place < len(self._marks) else np.empty(0, np.int64)
            x = columns_of(numbers, first, last, most // 4)
            brush = pg.mkBrush(getattr(tokens, self._marks[place].token)) if len(x) else None
            scatter.setData(x=x, y=np.full(len(x), foot), brush=brush, pen=pg.mkPen(None))

    def _dress(self) -> None:
        tokens = self._theme.tokens
        for name in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(name)
            axis.setPen(pg.mkPen(tokens.border_strong))
            axis.setTextPen(pg.mkPen(tokens.text_muted))
        self._reference.setPen(pg.mkPen(tokens.border_strong, style=Qt.PenStyle.DashLine))
        self._playhead.setPen(pg.mkPen(tokens.playhead, width=1.5))
        self._pointer.setPen(pg.mkPen(faded(tokens.text_muted, 0.5)))
        self._draw()
