"""Paints the ruler: a row of times, a row of frame numbers, and their ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QPainter

from framescope.ui.timeline.lanes import EDGE_PX
from framescope.ui.timeline.ruler import Tick, frame_ticks, time_ticks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.ui.timeline.scene import Chart, Scene

_TIME_INSET_PX = 5.0
_LEAST_GAP_PX = 8.0


def paint_ruler(painter: QPainter, scene: Scene, chart: Chart) -> list[tuple[float, float]]:
    """Paint both rows. Times stand right of their tick, frame numbers centred over theirs.

    Returns:
        Left and right of each frame number that was painted.
    """
    fonts, lanes, tokens = scene.fonts, scene.lanes, scene.tokens
    times = time_ticks(scene.axis, chart.clock, scene.frame_total, fonts.label_metrics.horizontalAdvance)
    numbers = frame_ticks(scene.axis, scene.frame_total, fonts.label_metrics.horizontalAdvance)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(tokens.border_strong)
    bottom = float(lanes.times.bottom)
    painter.drawLines(_tick_lines(scene, times, bottom, long=lanes.times.height - 3.0, short=4.0))
    painter.setPen(tokens.text_faint)
    bottom = float(lanes.ticks.bottom)
    painter.drawLines(_tick_lines(scene, numbers, bottom, long=lanes.ticks.height, short=3.0))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(fonts.label)
    painter.setPen(tokens.text)
    _paint_times(painter, scene, times)
    if not times:
        painter.setPen(tokens.text_faint)
        baseline = lanes.times.top + fonts.label_metrics.ascent()
        painter.drawText(QPointF(scene.axis.left, baseline), "This stream has no timestamps.")
    painter.setPen(tokens.text_muted)
    return _paint_numbers(painter, scene, numbers)


def _tick_lines(
    scene: Scene, ticks: Sequence[Tick], bottom: float, *, long: float, short: float
) -> list[QLineF]:
    left, right = scene.axis.left, scene.axis.right
    # Whole device pixels keep a row of hairlines even.
    return [
        QLineF(x, bottom - (long if tick.label else short), x, bottom)
        for tick in ticks
        if left <= (x := _snapped(tick.x, scene.ratio)) <= right
    ]


def _snapped(x: float, ratio: float) -> float:
    return (int(x * ratio) + 0.5) / ratio


def _paint_times(painter: QPainter, scene: Scene, ticks: Sequence[Tick]) -> None:
    metrics = scene.fonts.label_metrics
    baseline = scene.lanes.times.top + metrics.ascent()
    free_from = scene.axis.left - _TIME_INSET_PX
    for tick in ticks:
        if not tick.label or tick.x < free_from:
            continue
        end = tick.x + _TIME_INSET_PX + metrics.horizontalAdvance(tick.label)
        # A label is whole or it is not there.
        if end <= scene.axis.right + EDGE_PX:
            painter.drawText(QPointF(tick.x + _TIME_INSET_PX, baseline), tick.label)
            # Round times crowd together where a stream pauses.
            free_from = end + _LEAST_GAP_PX


def _paint_numbers(painter: QPainter, scene: Scene, ticks: Sequence[Tick]) -> list[tuple[float, float]]:
    metrics, axis = scene.fonts.label_metrics, scene.axis
    baseline = scene.lanes.numbers.top + metrics.ascent()
    places = []
    for tick in ticks:
        if not tick.label or tick.x < axis.left:
            continue
        width = metrics.horizontalAdvance(tick.label)
        left = tick.x - width / 2
        if left + width <= axis.right + EDGE_PX and left >= axis.left - EDGE_PX:
            painter.drawText(QPointF(left, baseline), tick.label)
            places.append((left, left + width))
    return places
