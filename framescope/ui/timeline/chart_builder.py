"""Makes the chart of an index in slices between events, so that a long index never holds up the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from framescope.ui.timeline.clock import FrameClock
from framescope.ui.timeline.scene import Chart
from framescope.ui.timeline.size_pyramid import SizePyramid

if TYPE_CHECKING:
    from framescope.core.media.index import FrameIndex

FRAMES_A_SLICE = 1 << 18
"""A few milliseconds' worth of summing up."""


class ChartBuilder(QObject):
    """Holds the newest chart that is summed up; a longer index replaces it once it is. Threads: GUI."""

    chart_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chart: Chart | None = None
        self._index: FrameIndex | None = None
        self._pyramid: SizePyramid | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def chart(self) -> Chart | None:
        """The newest complete chart; None while there is none."""
        return self._chart

    def set_index(self, index: FrameIndex | None) -> None:
        """Chart this index: at once if it is short, otherwise soon; None empties the chart at once."""
        self._timer.stop()
        self._index = index
        if index is None:
            self._pyramid = None
            self._set_chart(None)
            return
        self._pyramid = SizePyramid(index)
        self._on_timeout()
        if self._chart is None or self._chart.index is not index:
            self._timer.start()

    def _set_chart(self, chart: Chart | None) -> None:
        if chart is not self._chart:
            self._chart = chart
            self.chart_changed.emit()

    @Slot()
    def _on_timeout(self) -> None:
        index, pyramid = self._index, self._pyramid
        if index is not None and pyramid is not None and pyramid.advance(FRAMES_A_SLICE):
            self._timer.stop()
            self._set_chart(Chart(index, pyramid, FrameClock(index)))
