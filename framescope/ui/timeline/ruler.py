"""The ruler: round frame numbers and times at a readable spacing, and their painting."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QPainter

from framescope.core.text import clock as time_label
from framescope.core.text import grouped
from framescope.core.translation import tr
from framescope.ui.timeline.lanes import EDGE_PX

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from framescope.ui.timeline.axis import FrameAxis
    from framescope.ui.timeline.clock import FrameClock
    from framescope.ui.timeline.scene import Chart, Scene

_TIME_INSET_PX = 5.0
_LEAST_GAP_PX = 8.0


def paint_ruler(painter: QPainter, scene: Scene, chart: Chart) -> list[tuple[float, float]]:
    """Paint both rows. Times are to the right of their tick, frame numbers centred above theirs.

    Returns:
        Left and right of each frame number painted.
    """
    fonts, lanes, tokens = scene.fonts, scene.lanes, scene.tokens
    measure = fonts.label_metrics.horizontalAdvance
    times = time_ticks(scene.axis, chart.clock, scene.frame_total, measure, origin_s=scene.origin_s)
    numbers = frame_ticks(scene.axis, scene.frame_total, measure)
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
        painter.drawText(QPointF(scene.axis.left, baseline), tr("This stream has no timestamps."))
    painter.setPen(tokens.text_muted)
    return _paint_numbers(painter, scene, numbers)


def _tick_lines(
    scene: Scene, ticks: Sequence[Tick], bottom: float, *, long: float, short: float
) -> list[QLineF]:
    left, right, ratio = scene.axis.left, scene.axis.right, scene.ratio
    # Whole device pixels keep a row of hairlines even.
    return [
        QLineF(x, bottom - (long if label else short), x, bottom)
        for place, label in ticks
        if left <= (x := (int(place * ratio) + 0.5) / ratio) <= right
    ]


def _paint_times(painter: QPainter, scene: Scene, ticks: Sequence[Tick]) -> None:
    metrics = scene.fonts.label_metrics
    baseline = scene.lanes.times.top + metrics.ascent()
    free_from = scene.axis.left - _TIME_INSET_PX
    for tick in ticks:
        if not tick.label or tick.x < free_from:
            continue
        end = tick.x + _TIME_INSET_PX + metrics.horizontalAdvance(tick.label)
        # A label is painted in full or not at all.
        if end <= scene.axis.right + EDGE_PX:
            painter.drawText(QPointF(tick.x + _TIME_INSET_PX, baseline), tick.label)
            # Round times crowd together where the stream pauses.
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


Measure = Callable[[str], float]
"""Returns the width of a text in logical pixels."""

LABEL_GAP_PX = 18.0
MINOR_GAP_PX = 6.0

_TIME_STEPS_S = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    *(1.0, 2.0, 5.0, 10.0, 15.0, 30.0),
    *(60.0, 120.0, 300.0, 600.0, 900.0, 1800.0),
    *(3600.0, 7200.0, 10800.0, 21600.0, 43200.0, 86400.0),
)
_FRAMES_A_ROUND_TIME = 3.0
"""With fewer frames per step, round times would fall between frames: label the times of frames instead."""


class Tick(NamedTuple):
    """One tick of the ruler.

    Attributes:
        x: Its position, in logical pixels.
        label: Its label; an empty string for a minor tick.
    """

    x: float
    label: str = ""


def frame_step(px_per_frame: float, room_px: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, … frames that is at least ``room_px`` wide."""
    wanted = room_px / px_per_frame
    if wanted <= 1:
        return 1
    power: int = 10 ** math.floor(math.log10(wanted))
    for factor in (1, 2, 5):
        if factor * power >= wanted - 1e-9:
            return factor * power
    return 10 * power


def minor_frame_step(step: int, px_per_frame: float) -> int:
    """The finest even division of ``step`` whose ticks do not merge; ``step`` if there is none."""
    for parts in (10, 5, 2):
        if step % parts == 0 and step // parts * px_per_frame >= MINOR_GAP_PX:
            return step // parts
    return step


def time_step(px_per_s: float, room_px: float) -> float:
    """The smallest round number of seconds, minutes or hours that is at least ``room_px`` wide."""
    wanted = room_px / px_per_s
    for step in _TIME_STEPS_S:
        if step >= wanted:
            return step
    day = _TIME_STEPS_S[-1]
    return day * float(10 ** math.ceil(math.log10(wanted / day)))


def minor_time_step(step_s: float, px_per_s: float) -> float:
    """The finest round division of ``step_s`` whose ticks do not merge."""
    for candidate in _TIME_STEPS_S:
        parts = step_s / candidate
        is_even = parts <= 10 and abs(parts - round(parts)) < 1e-6
        if is_even and candidate * px_per_s >= MINOR_GAP_PX:
            return candidate
    return step_s


def time_decimals(step_s: float) -> int:
    """Decimal places needed to tell adjacent multiples of ``step_s`` apart."""
    return max(0, min(3, math.ceil(-math.log10(step_s) - 1e-9))) if step_s > 0 else 3


def frame_ticks(axis: FrameAxis, frame_total: int, measure: Measure) -> list[Tick]:
    """Ticks at the middle of the labelled frames, with minor ones between them."""
    room = measure(grouped(_last_visible(axis, frame_total))) + LABEL_GAP_PX
    step = frame_step(axis.px_per_frame, room)
    minor = minor_frame_step(step, axis.px_per_frame)
    return [
        Tick(axis.x_of(number + 0.5), grouped(number) if number % step == 0 else "")
        for number in _multiples(minor, axis, frame_total)
    ]


def time_ticks(
    axis: FrameAxis, clock: FrameClock, frame_total: int, measure: Measure, *, origin_s: float = 0.0
) -> list[Tick]:
    """Ticks at round times, or at frame times if a step is barely longer than a frame.

    If timestamps are not in order, each tick is labelled with its frame's own time.
    Without timestamps there are no ticks. ``origin_s`` is the time that the first frame is labelled with.
    """
    last = min(axis.last, float(frame_total))
    begin_s, end_s = clock.time_at(axis.first) + origin_s, clock.time_at(last) + origin_s
    if not (math.isfinite(begin_s) and math.isfinite(end_s)) or end_s <= begin_s:
        return _ticks_of_frames(axis, clock, frame_total, measure, origin_s)
    frames = last - axis.first
    px_per_s = frames * axis.px_per_frame / (end_s - begin_s)
    step = time_step(px_per_s, measure(time_label(end_s, decimals=0)) + LABEL_GAP_PX)
    # Decimals need room as well, and their number depends on the step.
    step = time_step(px_per_s, measure(time_label(end_s, decimals=time_decimals(step))) + LABEL_GAP_PX)
    if step * frames < _FRAMES_A_ROUND_TIME * (end_s - begin_s):
        return _ticks_of_frames(axis, clock, frame_total, measure, origin_s)
    return _round_ticks(axis, clock, (begin_s, end_s), (step, minor_time_step(step, px_per_s)), origin_s)


def _round_ticks(
    axis: FrameAxis,
    clock: FrameClock,
    times_s: tuple[float, float],
    steps: tuple[float, float],
    origin_s: float,
) -> list[Tick]:
    step, minor = steps
    decimals = time_decimals(step)
    parts = max(1, round(step / minor))
    ticks: list[Tick] = []
    last_x = -math.inf
    counts = np.arange(math.floor(times_s[0] / step) * parts, math.floor(times_s[1] / minor) + 1)
    positions = clock.positions_at((counts * minor - origin_s).astype(np.float64))
    places = axis.left + (positions - axis.first) * axis.px_per_frame
    least_x = axis.left - 200
    for count, x in zip(counts.tolist(), places.tolist(), strict=True):
        # A pause in the stream puts many round times on one spot: one tick is enough.
        if x < least_x or (count % parts and x - last_x < 2):
            continue
        label = "" if count % parts else time_label(count * minor, decimals=decimals)
        ticks.append(Tick(x, label))
        last_x = x
    return ticks


def _ticks_of_frames(
    axis: FrameAxis, clock: FrameClock, frame_total: int, measure: Measure, origin_s: float
) -> list[Tick]:
    newest = clock.time_of(_last_visible(axis, frame_total))
    room = measure(time_label((newest if math.isfinite(newest) else 0.0) + origin_s)) + LABEL_GAP_PX
    step = frame_step(axis.px_per_frame, room)
    ticks = []
    for number in _multiples(step, axis, frame_total):
        time_s = clock.time_of(number)
        if math.isfinite(time_s):
            ticks.append(Tick(axis.x_of(number), time_label(time_s + origin_s)))
    return ticks


def _last_visible(axis: FrameAxis, frame_total: int) -> int:
    return max(min(math.ceil(axis.last), frame_total) - 1, 0)


def _multiples(step: int, axis: FrameAxis, frame_total: int) -> Iterator[int]:
    """Multiples of ``step`` in view, and the previous one, whose label may extend into view."""
    start = max(math.floor(axis.first / step) * step, 0)
    return iter(range(start, min(math.ceil(axis.last), frame_total), step))
