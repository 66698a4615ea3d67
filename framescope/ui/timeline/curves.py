"""Paints lanes of values: a curve by pixel column between the lowest and the highest value of its frames."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage

from framescope.ui.timeline.gutter import paint_name
from framescope.ui.timeline.lanes import Lane
from framescope.ui.timeline.shades import mixed
from framescope.ui.timeline.spans import pixel_runs, single_frames

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QColor, QPainter

    from framescope.ui.lanes.desk import Curve
    from framescope.ui.lanes.series import Series
    from framescope.ui.timeline.axis import FrameAxis
    from framescope.ui.timeline.scene import Scene

    Rows = NDArray[np.int64]
    Span = tuple[float, float]

_GROUND, _FILL, _RANGE, _LINE = range(4)
_SNAP_PX = 1.5
"""How far from a peak the pointer may be to hit it, where frames are narrower than pixels."""
_FLAG_PX = 4


def paint_curves(painter: QPainter, scene: Scene) -> None:
    """Paint the lanes of values and their names."""
    for lane, curve in zip(scene.lanes.curves, scene.curves, strict=True):
        if lane.height <= 0:
            continue
        area = QRectF(scene.axis.left, lane.top, scene.axis.width, lane.height)
        painter.fillRect(area, scene.tokens.gop_band_a)
        painter.setFont(scene.fonts.small)
        # In a lane lower than a line the texts would lie over those of the next lane.
        has_texts = lane.height >= painter.fontMetrics().ascent()
        if has_texts:
            _paint_names(painter, scene, lane, curve)
        if curve.series is None:
            if not has_texts:
                continue
            words = painter.fontMetrics().elidedText(
                curve.message, Qt.TextElideMode.ElideRight, int(area.width())
            )
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)
            continue
        color: QColor = getattr(scene.tokens, curve.spec.color)
        paint_series(painter, scene, lane, DrawnCurve(curve.series, curve.span, color))
        for left, right in pixel_runs(single_frames(curve.flagged), scene.axis):
            painter.fillRect(QRectF(left, lane.top, right - left, _FLAG_PX), scene.tokens.error)


def _paint_names(painter: QPainter, scene: Scene, lane: Lane, curve: Curve) -> None:
    """The name, and below it the values from bottom to top if there is room."""
    line = math.ceil(scene.fonts.small_metrics.height())
    painter.setPen(scene.tokens.text_faint)
    if curve.series is None or lane.height < 2 * line:
        paint_name(painter, lane, curve.spec.label)
        return
    top = lane.top + (lane.height - 2 * line) // 2
    paint_name(painter, Lane(top + line, line), span_words(curve))
    painter.setPen(scene.tokens.text_muted)
    paint_name(painter, Lane(top, line), curve.spec.label)


def span_words(curve: Curve) -> str:
    """``0–5 Mbit/s``, ``5.0–40.0 dB``: the values at the bottom and the top of the lane, with one unit."""
    low, high = map(curve.spec.words, curve.span)
    (figure, _, unit), (_, _, unit_of_high) = low.partition(" "), high.partition(" ")
    # Zero is zero in any unit.
    is_short = unit == unit_of_high or not curve.span[0]
    return f"{figure if is_short else low}–{high}"


@dataclass(frozen=True, eq=False)
class DrawnCurve:
    """What is drawn in a lane.

    Attributes:
        series: The values.
        span: The values at the bottom and the top.
        color: The colour of the line.
        only_lowest: Whether what is above the lowest value of a column is left out.
    """

    series: Series
    span: Span
    color: QColor
    only_lowest: bool = False


def paint_series(painter: QPainter, scene: Scene, lane: Lane, drawn: DrawnCurve) -> None:
    """Paint a curve into a lane."""
    axis, ratio = scene.axis, scene.ratio
    count, height = round(axis.width * ratio), round(lane.height * ratio)
    lows, highs = columns_of(drawn.series, axis, count)
    low_rows = rows_of(lows, drawn.span, height)
    high_rows = low_rows if drawn.only_lowest else rows_of(highs, drawn.span, height)
    pixels = curve_pixels(low_rows, high_rows, height)
    image = QImage(pixels.data, count, height, count, QImage.Format.Format_Indexed8)
    ground = scene.tokens.gop_band_a
    shades = (ground, mixed(ground, drawn.color, 0.3), mixed(ground, drawn.color, 0.6), drawn.color)
    image.setColorTable([shade.rgba() for shade in shades])
    painter.drawImage(QRectF(axis.left, lane.top, count / ratio, height / ratio), image)


def columns_of(
    series: Series, axis: FrameAxis, count: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The lowest and highest value of the frames in each of ``count`` columns; NaN where there is none."""
    per_column = axis.span / count
    # Columns are aligned to multiples of their width from frame 0, so that nothing flickers on scrolling.
    return series.columns(round(axis.first / per_column) * per_column, per_column, count)


def rows_of(values: NDArray[np.float32], span: Span, height: int) -> Rows:
    """Rows filled from the bottom, 1 to ``height``; 0 where there is no value."""
    low, high = span
    share = np.clip((values.astype(np.float64) - low) / max(high - low, 1e-12), 0, 1)
    rows = np.round(share * (height - 1)) + 1
    return np.where(np.isnan(values), 0, rows).astype(np.int64)


def curve_pixels(lows: Rows, highs: Rows, height: int) -> NDArray[np.uint8]:
    """(height, columns) uint8: ground, fill to the lowest, the range above, and a line at both ends.

    The line joins neighbours, so that it is seen wherever it jumps.
    """
    rows = np.arange(height, 0, -1)[:, None]
    pixels = np.where(rows <= lows, np.uint8(_FILL), np.uint8(_GROUND))
    pixels[(rows > lows) & (rows <= highs)] = _RANGE
    low_before, high_before = (np.concatenate([one[:1], one[:-1]]) for one in (lows, highs))
    is_first = low_before == 0
    low_before = np.where(is_first, lows, low_before)
    high_before = np.where(is_first, highs, high_before)
    for line, before in ((lows, low_before), (highs, high_before)):
        reach = np.maximum(line, before)
        pixels[(lows > 0) & (rows <= reach) & (rows >= np.maximum(np.minimum(line, before), 1))] = _LINE
    return np.ascontiguousarray(pixels)


def curve_at(scene: Scene, y: float) -> Curve | None:
    """The lane of values at a height."""
    for lane, curve in zip(scene.lanes.curves, scene.curves, strict=True):
        if lane.holds(y):
            return curve
    return None


def snapped(scene: Scene, spot: QPointF) -> QPointF:
    """The place of the peak under the pointer, if that is on a lane whose frames are narrower than pixels."""
    curve, axis = curve_at(scene, spot.y()), scene.axis
    is_inside = axis.left <= spot.x() <= axis.right
    if curve is None or curve.series is None or not is_inside or axis.px_per_frame >= 1:
        return spot
    start, stop = (axis.position_at(spot.x() + side * _SNAP_PX) for side in (-1, 1))
    first, last = max(start, axis.first), min(stop, axis.last)
    number = curve.series.peak(math.ceil(first), math.floor(last), is_low=curve.spec.is_low)
    return spot if number is None else QPointF(axis.x_of(number + 0.5), spot.y())
