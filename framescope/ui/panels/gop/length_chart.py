"""A histogram of GOP lengths. Made when first shown: the plotting library loads slowly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip

from framescope.core.text import counted, grouped
from framescope.core.translation import tr
from framescope.ui.panels.bar_chart import FILL, BarChart
from framescope.ui.timeline.shades import faded

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from framescope.core.media.gops import Histogram
    from framescope.ui.widgets.theme import ThemeSource

_FEW_LENGTHS = 10


class LengthChart(BarChart):
    """A histogram of GOP lengths; a click on a bar requests a GOP of that length."""

    bar_clicked = Signal(int, int)
    """The half-open range of lengths in the bar."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        self._histogram: Histogram | None = None
        self._current: int | None = None
        super().__init__(theme, "lengthChart", tr("GOPs by length"), parent)

    def set_histogram(self, histogram: Histogram) -> None:
        """Show this histogram."""
        self._histogram = histogram
        self.draw()
        if len(histogram.lows):
            low, high = float(histogram.lows[0]), float(histogram.lows[-1]) + histogram.width
            self.setXRange(low - 0.5, high - 0.5, padding=0.02)
            axis = self.getPlotItem().getAxis("bottom")
            # The default ticks would include half frames.
            axis.setTickSpacing(*((1, 1) if high - low <= _FEW_LENGTHS else ()))
            self.setYRange(0, float(histogram.counts.max()) ** 0.5, padding=0)

    def set_current_length(self, length: int | None) -> None:
        """Highlight the bar that contains this length."""
        if length != self._current:
            self._current = length
            self.draw()

    def bar_at(self, x: float) -> int | None:
        """The bar at an x position, or None if there is none."""
        histogram = self._histogram
        if histogram is None or not len(histogram.lows):
            return None
        length = self.getViewBox().mapSceneToView(QPointF(x, 0)).x()
        place = int((length + 0.5 - float(histogram.lows[0])) // histogram.width)
        return place if 0 <= place < len(histogram.lows) and histogram.counts[place] else None

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        """Show a bar's range and count when the pointer rests on it."""
        if isinstance(event, QHelpEvent):
            bar = self.bar_at(event.pos().x())
            QToolTip.showText(event.globalPos(), "" if bar is None else self._bar_words(bar), self)
            return True
        return bool(super().viewportEvent(event))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Request a GOP of the bar's length."""
        bar = self.bar_at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and bar is not None and self._histogram is not None:
            low = int(self._histogram.lows[bar])
            self.bar_clicked.emit(low, low + self._histogram.width)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Accept the event: pyqtgraph would start a drag."""
        event.accept()

    def _bar_words(self, bar: int) -> str:
        histogram = self._histogram
        if histogram is None:
            return ""
        low, count = int(histogram.lows[bar]), int(histogram.counts[bar])
        last = low + histogram.width - 1
        span = (
            counted(low, "frame", "frames")
            if last == low
            else f"{grouped(low)}–{counted(last, 'frame', 'frames')}"
        )
        return tr("{gops} of {span}", gops=counted(count, "GOP", "GOPs"), span=span)

    def draw(self) -> None:
        """Draw the bars."""
        histogram = self._histogram
        if histogram is None:
            return
        tokens = self.theme.tokens
        centres = histogram.lows + (histogram.width - 1) / 2
        ordinary = faded(tokens.accent, 0.4)
        brushes: list[QColor] = [ordinary] * len(centres)
        if self._current is not None and len(centres):
            place = (self._current - int(histogram.lows[0])) // histogram.width
            if 0 <= place < len(brushes):
                brushes[place] = tokens.accent
        # Square roots keep a single unusual GOP visible next to thousands of usual ones.
        options: dict[str, Any] = {
            "x": centres,
            "height": histogram.counts**0.5,
            "width": histogram.width * FILL,
        }
        self.bars.setOpts(**options, brushes=brushes, pen=pg.mkPen(None))
