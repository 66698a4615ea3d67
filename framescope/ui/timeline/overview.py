"""The overview strip: the whole video with the visible part framed; painting and hit testing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap

from framescope.ui.timeline.axis import FrameAxis
from framescope.ui.timeline.raster import BarPicture, paint_bars
from framescope.ui.timeline.shades import faded, overview_palette
from framescope.ui.timeline.spans import pixel_runs, single_frames
from framescope.ui.timeline.status_painter import hatch

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QColor

    from framescope.ui.timeline.scene import Scene

_LEAST_WINDOW_PX = 10.0
_SPOT_PX = 2
_GRIP_PX = 5.0
_RADIUS = 3.0


class Grip(Enum):
    """Which part of the overview's window is grabbed."""

    OUTSIDE = "outside"
    INSIDE = "inside"
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class OverviewAxis:
    """A linear map of the whole video to the strip.

    Attributes:
        left: x of frame 0.
        width: Width of all frames, in logical pixels.
        frame_total: Frames of the whole video.
    """

    left: float
    width: float
    frame_total: int

    def x_of(self, position: float) -> float:
        """X of a position in frames."""
        return self.left + position * self.width / max(self.frame_total, 1)

    def position_at(self, x: float) -> float:
        """The position in frames at ``x``; not clamped."""
        return (x - self.left) * max(self.frame_total, 1) / self.width

    def spots(self, frame_numbers: NDArray[np.int64]) -> list[tuple[float, float]]:
        """Left and right of the pixels that these frames take; neighbours share a run."""
        axis = FrameAxis(0.0, float(max(self.frame_total, 1)), self.left, self.width)
        return pixel_runs(single_frames(frame_numbers), axis, least_px=_SPOT_PX)

    def window(self, first: float, last: float) -> tuple[float, float]:
        """Left and right edge of the visible part, wide enough to be seen and grabbed."""
        left, right = self.x_of(first), self.x_of(last)
        if right - left < _LEAST_WINDOW_PX:
            middle = (left + right) / 2
            left = min(
                max(middle - _LEAST_WINDOW_PX / 2, self.left), self.left + self.width - _LEAST_WINDOW_PX
            )
            right = left + _LEAST_WINDOW_PX
        return left, right

    def grip_at(self, x: float, first: float, last: float) -> Grip:
        """What a press at ``x`` grabs; a window too narrow for two edges can only be moved."""
        left, right = self.window(first, last)
        if right - left > 3 * _GRIP_PX:
            if abs(x - left) <= _GRIP_PX:
                return Grip.FIRST
            if abs(x - right) <= _GRIP_PX:
                return Grip.LAST
        return Grip.INSIDE if left <= x <= right else Grip.OUTSIDE


class OverviewLayer:
    """Paints the size profile of the whole video once per index, and caches it."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._pixmap = QPixmap()

    def pixmap(self, scene: Scene) -> QPixmap:
        """The strip's background for ``scene``, repainted only if video or look changed."""
        lane = scene.lanes.overview
        # Compare the records rather than their ids: a new chart may have the address of a deleted one.
        place = (scene.axis.left, scene.axis.width, lane.height, scene.ratio)
        key = (scene.chart, scene.tokens, scene.frame_total, *place)
        if key != self._key:
            self._pixmap = _painted(scene)
            self._key = key
        return self._pixmap


def _painted(scene: Scene) -> QPixmap:
    height = scene.lanes.overview.height
    count = max(round(scene.axis.width * scene.ratio), 1)
    rows = round(height * scene.ratio)
    pixmap = QPixmap(count, rows)
    pixmap.setDevicePixelRatio(scene.ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    area = QRectF(0, 0, count / scene.ratio, height)
    outline = QPainterPath()
    outline.addRoundedRect(area, _RADIUS, _RADIUS)
    painter.setClipPath(outline)
    painter.fillRect(area, scene.tokens.gop_band_a)
    if scene.chart is not None:
        # Means only, to show the bit rate: single large frames would flatten the rest.
        columns = scene.chart.pyramid.columns(0.0, scene.frame_total / count, count)
        columns.level_maxima()
        picture = BarPicture(
            height=rows,
            headroom=round(2 * scene.ratio),
            tick_height=0,
            least=max(round(scene.ratio), 1),
            scale_top=float(max(columns.means.max(initial=0.0), 1.0)),
            bands=np.zeros(count, np.uint8),
            gaps=None,
            with_lines=False,
        )
        pixels = paint_bars(columns, picture)
        image = QImage(pixels.data, count, rows, count, QImage.Format.Format_Indexed8)
        image.setColorTable(overview_palette(scene.tokens))
        painter.drawImage(area, image)
    if scene.pending_from is not None:
        left = scene.pending_from * area.width() / scene.frame_total
        hatch(painter, area.adjusted(left, 0, 0, 0), scene.tokens)
    painter.end()
    return pixmap


def paint_window(painter: QPainter, scene: Scene, overview: OverviewAxis) -> None:
    """Darken what is out of view and frame what is in view, with a handle at each edge."""
    lane, tokens = scene.lanes.overview, scene.tokens
    left, right = overview.window(scene.axis.first, scene.axis.last)
    shade = faded(tokens.surface, 0.62)
    painter.fillRect(QRectF(overview.left, lane.top, left - overview.left, lane.height), shade)
    end = overview.left + overview.width
    painter.fillRect(QRectF(right, lane.top, end - right, lane.height), shade)
    frame = QRectF(left + 0.5, lane.top + 0.5, right - left - 1, lane.height - 1)
    painter.setPen(tokens.accent)
    painter.setBrush(faded(tokens.accent, 0.1))
    painter.drawRoundedRect(frame, _RADIUS, _RADIUS)
    if right - left > 3 * _GRIP_PX:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.accent)
        for x in (left, right - 3):
            painter.drawRoundedRect(QRectF(x, lane.top + 5, 3, lane.height - 10), 1.5, 1.5)


def paint_spots(
    painter: QPainter, scene: Scene, overview: OverviewAxis, frame_numbers: NDArray[np.int64], color: QColor
) -> None:
    """A small tick at the top for each frame number; at most one per pixel."""
    lane = scene.lanes.overview
    for left, right in overview.spots(frame_numbers):
        painter.fillRect(QRectF(left, lane.top, right - left, 5), color)


def paint_playhead(painter: QPainter, scene: Scene, overview: OverviewAxis, frame_number: int) -> None:
    """Mark the current frame within the whole video."""
    lane = scene.lanes.overview
    x = overview.x_of(frame_number + 0.5)
    painter.fillRect(QRectF(round(x) - 0.75, lane.top, 1.5, lane.height), scene.tokens.playhead)
