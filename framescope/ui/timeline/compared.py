"""Paints the lane of a comparison: what B lacks, repeats or adds, and how similar the other frames are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt

from framescope.core.translation import tr
from framescope.ui.lanes.series import Series
from framescope.ui.timeline.curves import DrawnCurve, columns_of, paint_series
from framescope.ui.timeline.gutter import paint_name
from framescope.ui.timeline.lanes import GUTTER_PX, Lane
from framescope.ui.timeline.shades import mixed

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QColor, QPainter

    from framescope.core.compare.comparison import Comparison
    from framescope.core.compare.differences import Difference
    from framescope.session.comparing import Comparing
    from framescope.ui.timeline.axis import FrameAxis
    from framescope.ui.timeline.scene import Scene
    from framescope.ui.widgets.theme import Tokens

    Values = NDArray[np.float64]

_LEAST_MAP_PX = 6
_MOST_MAP_PX = 12
_LEAST_MARK_PX = 3.0
_LEAST_CURVE_PX = 8
_NEAR_PX = 4.0
_COLORS = {
    "dropped": "error",
    "cut": "error",
    "starts later": "error",
    "ends earlier": "error",
    "rate lowered": "pending",
    "doubled": "warning",
    "rate raised": "pending",
    "inserted": "accent",
    "added": "accent",
    "lead-in": "accent",
    "lead-out": "accent",
    "nothing in common": "error",
}
"""The colour token of each kind of difference."""


@dataclass(frozen=True, eq=False)
class CompareChart:
    """The comparison that the timeline draws.

    Attributes:
        found: The comparison.
        metric: The metric of the curve, as people call it; empty if nothing was measured yet.
        values: By frame of A; NaN where there is no pair, infinite where pictures are identical; None
            without a metric.
        span: The values at the bottom and at the top of the curve.
        message: What is shown instead of a curve; empty for none.
    """

    found: Comparison
    metric: str = ""
    values: Values | None = None
    span: tuple[float, float] = (0.0, 1.0)
    message: str = ""

    @cached_property
    def series(self) -> Series | None:
        """The values as they are drawn."""
        return None if self.values is None else Series(self.values.astype(np.float32))

    @cached_property
    def presence(self) -> Series:
        """A value where B has the frame of A, and none elsewhere."""
        return Series(np.where(self.found.alignment.b_of_a >= 0, 0.0, np.nan).astype(np.float32))

    @cached_property
    def missing(self) -> NDArray[np.int64]:
        """Where something differs, one frame of A for each difference, ascending."""
        last = max(len(self.found.a) - 1, 0)
        return np.array([min(one.a.start, last) for one in self.found.alignment.differences], np.int64)

    def near(self, axis: FrameAxis, x: float) -> list[Difference]:
        """The differences drawn at a place."""
        return [one for one in self.found.alignment.differences if _is_near(one, axis, x)]


def chart_of(comparing: Comparing) -> CompareChart | None:
    """What to draw of the session's comparison; None if there is none."""
    found = comparing.run.found
    if found is None or not comparing.is_active:
        return None
    quality = found.quality
    if quality is None:
        is_coming = comparing.run.is_running
        return CompareChart(found, message=tr("Measuring quality…") if is_coming else tr("Not measured"))
    metric = next((one for one in quality.metrics if one.value == comparing.look.metric), None)
    if metric is None:
        return CompareChart(found, message=tr("No frames to measure"))
    values = np.full(len(found.a), np.nan)
    values[quality.a] = quality.values[metric, "all"]
    if quality.is_identical.all():
        return CompareChart(found, metric.label, message=tr("All pairs are identical in every pixel"))
    return CompareChart(found, metric.label, values, span_of(values))


def span_of(values: Values) -> tuple[float, float]:
    """Round values at the bottom and the top of a curve."""
    known = values[np.isfinite(values)]
    if not len(known):
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    if high <= 1.0:
        # Similarities: what they lack to 1 is what matters.
        step = 10.0 ** math.floor(math.log10(max(1.0 - low, 1e-4)))
        return max(1.0 - step * math.ceil((1.0 - low) / step + 1e-9), 0.0), 1.0
    return 5.0 * math.floor(low / 5 - 1e-9), 5.0 * math.ceil(high / 5 + 1e-9)


def difference_color(kind: str, tokens: Tokens) -> QColor:
    """The colour of a kind of difference, on the timeline and in lists."""
    color: QColor = getattr(tokens, _COLORS[kind])
    return color


def split_lane(lane: Lane) -> tuple[Lane, Lane | None]:
    """The map at the top, and the curve below it if there is room for one."""
    height = min(max(lane.height // 3, _LEAST_MAP_PX), _MOST_MAP_PX, lane.height)
    rest = Lane(lane.top + height + 2, lane.height - height - 2)
    return Lane(lane.top, height), rest if rest.height >= _LEAST_CURVE_PX else None


def paint_compared(painter: QPainter, scene: Scene) -> None:
    """Paint the lane and its names, if there is a comparison."""
    lane, chart = scene.lanes.compared, scene.compared
    if lane is None or chart is None:
        return
    strip, curve = split_lane(lane)
    painter.setFont(scene.fonts.small)
    _paint_map(painter, scene, chart, strip)
    painter.setPen(scene.tokens.text_faint)
    paint_name(painter, strip, tr("In B"))
    if curve is None:
        return
    area = QRectF(scene.axis.left, curve.top, scene.axis.width, curve.height)
    painter.fillRect(area, scene.tokens.gop_band_a)
    painter.setPen(scene.tokens.text_faint)
    paint_name(painter, curve, chart.metric)
    if chart.series is None:
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, chart.message)
        return
    drawn = DrawnCurve(chart.series, chart.span, scene.tokens.accent, only_lowest=True)
    paint_series(painter, scene, curve, drawn)
    _paint_span(painter, scene, chart, curve)


def _paint_span(painter: QPainter, scene: Scene, chart: CompareChart, lane: Lane) -> None:
    line = scene.fonts.small_metrics.height()
    if lane.height < 2 * line:
        return
    for value, top in ((chart.span[1], lane.top), (chart.span[0], lane.bottom - line)):
        area = QRectF(0, top, GUTTER_PX - 7, line)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{value:g}")


def _paint_map(painter: QPainter, scene: Scene, chart: CompareChart, lane: Lane) -> None:
    axis, tokens = scene.axis, scene.tokens
    matched = mixed(tokens.surface, tokens.success, 0.45)
    ratio = scene.ratio
    painter.save()
    painter.setClipRect(QRectF(axis.left, lane.top, axis.width, lane.height))
    for first, stop in columns_in_b(chart, axis, round(axis.width * ratio)):
        run = QRectF(axis.left + first / ratio, lane.top, (stop - first) / ratio, lane.height)
        painter.fillRect(run, matched)
    # Single frames last: a rhythm, or a cut beside them, must not cover them.
    for one in sorted(chart.found.alignment.differences, key=lambda one: -len(one.a)):
        left, right = _extent(one, axis)
        if right >= axis.left and left <= axis.right:
            mark = QRectF(left, lane.top, right - left, lane.height)
            painter.fillRect(mark, difference_color(one.kind.value, tokens))
    painter.restore()


def columns_in_b(chart: CompareChart, axis: FrameAxis, count: int) -> list[tuple[int, int]]:
    """Runs of columns in which B has a frame of A, half-open; of an export, B has only some."""
    has_frame = ~np.isnan(columns_of(chart.presence, axis, count)[0])
    edges = np.flatnonzero(np.diff(has_frame.astype(np.int8), prepend=0, append=0))
    return [(int(first), int(stop)) for first, stop in edges.reshape(-1, 2)]


def _extent(one: Difference, axis: FrameAxis) -> tuple[float, float]:
    """Left and right of a difference; what has no frames of A is a line where it belongs."""
    start = axis.x_of(one.a.start)
    stop = max(axis.x_of(one.a.stop), start)
    if stop - start < _LEAST_MARK_PX:
        middle = (start + stop) / 2
        return middle - _LEAST_MARK_PX / 2, middle + _LEAST_MARK_PX / 2
    return start, stop


def _is_near(one: Difference, axis: FrameAxis, x: float) -> bool:
    start, stop = _extent(one, axis)
    return start - _NEAR_PX <= x <= stop + _NEAR_PX


def compared_tip(chart: CompareChart, axis: FrameAxis | None, x: float) -> str:
    """The tooltip of the lane: verdict and legend on its name (without an axis), else what is at a place."""
    # Imported here: windows without a comparison open without it.
    from framescope.core.compare.words import sentence, verdict  # noqa: PLC0415

    if axis is None:
        legend = tr(
            "Green: in B once. Red: dropped, cut. Yellow: doubled. Blue: inserted. Grey: another frame rate."
        )
        lowest = tr("Curve: the lowest value of the frames in each column.")
        return "\n".join([verdict(chart.found), legend, *([lowest] if chart.metric else [])])
    near = chart.near(axis, x)
    lines = [sentence(one, chart.found) for one in near[:8]]
    if len(near) > 8:
        lines.append(tr("… and {count} more", count=len(near) - 8))
    return "\n".join(lines)
