"""The part of the timeline that changes only with zoom, scroll, index and theme, cached as a pixmap."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QRectF, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPixmap

from framescope.ui.timeline.cell_labels import LETTER_ROOM_PX, paint_cell_labels
from framescope.ui.timeline.clock import FrameClock
from framescope.ui.timeline.compared import paint_compared
from framescope.ui.timeline.curves import paint_curves
from framescope.ui.timeline.gutter import paint_lane_names, paint_legend, paint_scale
from framescope.ui.timeline.lanes import HEADROOM_PX
from framescope.ui.timeline.raster import BarPicture, paint_bars, scale_top
from framescope.ui.timeline.ruler import paint_ruler
from framescope.ui.timeline.scene import Chart
from framescope.ui.timeline.shades import bar_palette
from framescope.ui.timeline.size_pyramid import SizePyramid
from framescope.ui.timeline.status_painter import paint_damage, paint_empty, paint_gone, paint_pending
from framescope.ui.timeline.waveform import paint_waveform

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex
    from framescope.ui.timeline.scene import Scene

FRAMES_A_SLICE = 1 << 18
"""A slice takes a few milliseconds."""


class ChartBuilder(QObject):
    """Builds charts of the index; a longer index's chart replaces the current one when done. Threads: GUI."""

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
        """The latest complete chart; None if there is none."""
        return self._chart

    def set_index(self, index: FrameIndex | None) -> None:
        """Chart this index: at once if it is short, otherwise soon. None clears the chart at once."""
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


def band_parity(
    index: FrameIndex, frame_numbers: NDArray[np.int64], *, with_leading: bool
) -> NDArray[np.uint8]:
    """0 or 1 for each frame number, alternating by GOP. Beyond the index the last value continues.

    Args:
        index: The frames.
        frame_numbers: int64, any order.
        with_leading: Whether to count pictures shown before a keyframe but stored after it to that
            keyframe's GOP. It costs a look-up per frame, and matters only where single frames are visible.
    """
    keyframes = index.keyframes
    gops = np.searchsorted(keyframes, frame_numbers, side="right")
    if with_leading and len(keyframes) and len(index):
        known = np.clip(frame_numbers, 0, len(index) - 1)
        has_next = gops < len(keyframes)
        next_key = keyframes[np.minimum(gops, len(keyframes) - 1)]
        stored_after = index.packet_numbers[known] > index.packet_numbers[next_key]
        gops = gops + (has_next & stored_after & (frame_numbers < len(index)))
    parity: NDArray[np.uint8] = (gops & 1).astype(np.uint8)
    return parity


_GAP_FROM_PX = 3.0
"""Minimum width of frames with a gap between them."""
_BAND_FROM_PX = 5.0
"""Minimum mean width of GOPs with alternating backgrounds: narrower stripes would flicker."""
_LINE_FROM_PX = 14.0
"""Minimum mean width of GOPs with a line at their keyframe."""


class ContentLayer:
    """Paints ruler, bands, bars, keyframes and the part not indexed yet, and caches the result."""

    def __init__(self) -> None:
        self._scene: Scene | None = None
        self._pixmap = QPixmap()
        self._number_places: list[tuple[float, float]] = []
        self.paint_count = 0

    @property
    def number_places(self) -> list[tuple[float, float]]:
        """Left and right of each frame number on the ruler; the playhead's flag covers those it touches."""
        return self._number_places

    def pixmap(self, scene: Scene) -> QPixmap:
        """The layer for ``scene``, repainted only if that differs from the last one."""
        if not scene.is_same_as(self._scene):
            self._paint(scene)
            self._scene = scene
            self.paint_count += 1
        return self._pixmap

    def _paint(self, scene: Scene) -> None:
        height = scene.lanes.content_bottom
        self._pixmap = QPixmap(round(scene.width * scene.ratio), round(height * scene.ratio))
        self._pixmap.setDevicePixelRatio(scene.ratio)
        self._pixmap.fill(scene.tokens.surface)
        self._number_places = []
        painter = QPainter(self._pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_grounds(painter, scene)
        if scene.chart is not None:
            self._paint_chart(painter, scene, scene.chart)
        paint_pending(painter, scene)
        paint_waveform(painter, scene)
        paint_curves(painter, scene)
        paint_compared(painter, scene)
        if scene.frame_total:
            paint_lane_names(painter, scene)
        else:
            paint_empty(painter, scene)
        painter.end()

    def _paint_chart(self, painter: QPainter, scene: Scene, chart: Chart) -> None:
        painter.setClipRect(QRectF(scene.axis.left, 0, scene.axis.width, scene.lanes.content_bottom))
        top_bytes = _paint_bars(painter, scene, chart)
        paint_gone(painter, scene, chart)
        paint_damage(painter, scene, chart)
        paint_cell_labels(painter, scene, chart, top_bytes)
        painter.setClipping(False)
        self._number_places = paint_ruler(painter, scene, chart)
        paint_scale(painter, scene, top_bytes)
        paint_legend(painter, scene, chart.index)


def _paint_grounds(painter: QPainter, scene: Scene) -> None:
    if not scene.frame_total:
        return
    lanes, tokens = scene.lanes, scene.tokens
    stage = QRectF(scene.axis.left, lanes.types.top, scene.axis.width, lanes.bars.bottom - lanes.types.top)
    painter.fillRect(stage, tokens.gop_band_a)
    painter.fillRect(
        QRectF(scene.axis.left, lanes.cached.top, scene.axis.width, lanes.cached.height), tokens.gop_band_a
    )


def _paint_bars(painter: QPainter, scene: Scene, chart: Chart) -> float:
    """Paint the bars. Returns the bytes at full height: the scale is fitted to what is in view."""
    axis, lanes, ratio = scene.axis, scene.lanes, scene.ratio
    count = round(axis.width * ratio)
    per_column = axis.span / count
    # Columns are aligned to multiples of their width from frame 0, so that bars do not flicker on scrolling.
    grid = round(axis.first / per_column)
    columns = chart.pyramid.columns(grid * per_column, per_column, count)
    columns.widen_keyframes(round(ratio))
    top_bytes = scale_top(float(columns.maxima.max(initial=0)))
    top = lanes.types.top
    spacing = _mean_gop_px(scene, chart)
    has_letters = axis.px_per_frame >= LETTER_ROOM_PX
    picture = BarPicture(
        height=round((lanes.bars.bottom - top) * ratio),
        headroom=round((lanes.types.height + HEADROOM_PX) * ratio),
        tick_height=0 if has_letters else round((lanes.types.height - 5) * ratio),
        least=max(round(2 * ratio), 1),
        scale_top=top_bytes,
        bands=_bands(chart, grid, per_column, count)
        if spacing >= _BAND_FROM_PX
        else np.zeros(count, np.uint8),
        gaps=_gaps(grid, per_column, count, ratio) if axis.px_per_frame >= _GAP_FROM_PX else None,
        with_lines=spacing >= _LINE_FROM_PX and not has_letters,
    )
    pixels = paint_bars(columns, picture)
    image = QImage(pixels.data, count, picture.height, count, QImage.Format.Format_Indexed8)
    image.setColorTable(bar_palette(scene.tokens, decoded=chart.index.picture_types_decoded))
    painter.drawImage(QRectF(axis.left, top, count / ratio, picture.height / ratio), image)
    return top_bytes


def _mean_gop_px(scene: Scene, chart: Chart) -> float:
    """Mean width of the visible GOPs, in logical pixels."""
    axis = scene.axis
    borders = np.searchsorted(chart.index.keyframes, [math.floor(axis.first), math.ceil(axis.last)])
    return axis.width / max(int(borders[1] - borders[0]), 1)


def _bands(chart: Chart, grid: int, per_column: float, count: int) -> NDArray[np.uint8]:
    middles = (grid + np.arange(count) + 0.5) * per_column
    numbers = np.floor(middles).astype(np.int64)
    return band_parity(chart.index, numbers, with_leading=per_column < 1)


def _gaps(grid: int, per_column: float, count: int, ratio: float) -> NDArray[np.bool_]:
    """The columns at the right end of each frame's cell."""
    gap = max(1, round(ratio))
    numbers = np.floor((grid + np.arange(count + gap) + 0.5) * per_column)
    gaps: NDArray[np.bool_] = numbers[gap:] > numbers[:-gap]
    return gaps
