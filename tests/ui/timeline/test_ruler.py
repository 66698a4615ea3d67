"""Steps of the ruler."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from framescope.ui.timeline.axis import FrameAxis
from framescope.ui.timeline.clock import FrameClock
from framescope.ui.timeline.ruler import (
    LABEL_GAP_PX,
    MINOR_GAP_PX,
    Tick,
    frame_step,
    frame_ticks,
    minor_frame_step,
    minor_time_step,
    time_decimals,
    time_step,
    time_ticks,
)
from tests.ui.timeline.live_session import TICKS_A_FRAME, make_index, without_pts

TEN_HOURS = 2_160_000


def measure(text: str) -> float:
    return 7.0 * len(text)


def labels(ticks: list[Tick]) -> list[str]:
    return [tick.label for tick in ticks if tick.label]


@pytest.mark.parametrize(
    ("px_per_frame", "step"),
    [(100, 1), (60, 1), (59, 2), (12.1, 5), (6.5, 10), (0.0006, 100_000), (0.0005, 200_000)],
)
def test_frame_steps_are_round(px_per_frame: float, step: int) -> None:
    assert frame_step(px_per_frame, 60) == step


@pytest.mark.parametrize(
    ("step", "px", "minor"), [(10, 7, 1), (10, 3.1, 2), (10, 1.3, 5), (10, 1, 10), (5, 7, 1)]
)
def test_minor_frame_steps_divide_evenly(step: int, px: float, minor: int) -> None:
    assert minor_frame_step(step, px) == minor


@pytest.mark.parametrize(
    ("px_per_s", "step"),
    [(1000, 0.1), (60, 1), (10, 10), (5, 15), (2, 30), (1, 60), (0.02, 3600), (0.0001, 864_000)],
)
def test_time_steps_are_round(px_per_s: float, step: float) -> None:
    assert time_step(px_per_s, 60) == pytest.approx(step)


def test_minor_time_steps_divide_evenly_and_stand_apart() -> None:
    assert minor_time_step(60.0, 1.3) == 10.0
    assert minor_time_step(1.0, 70) == pytest.approx(0.1)
    assert minor_time_step(3600.0, 0.0001) == 3600.0


@pytest.mark.parametrize(("step", "digits"), [(60, 0), (1, 0), (0.5, 1), (0.1, 1), (0.02, 2), (0.001, 3)])
def test_digits_follow_the_step(step: float, digits: int) -> None:
    assert time_decimals(step) == digits


@pytest.mark.parametrize("span", [14, 100, 1234, 50_000, 999_999, TEN_HOURS])
def test_frame_labels_never_touch_and_ticks_are_few(span: int) -> None:
    axis = FrameAxis(TEN_HOURS - span, TEN_HOURS, 84, 1000)
    ticks = frame_ticks(axis, TEN_HOURS, measure)
    named = [tick for tick in ticks if tick.label]
    assert len(named) >= 3
    for left, right in pairwise(named):
        assert right.x - left.x >= measure(right.label) + LABEL_GAP_PX - 1
    assert len(ticks) <= 1000 / MINOR_GAP_PX + 2


def test_frame_ticks_stand_in_the_middle_of_their_frames() -> None:
    axis = FrameAxis(10, 20, 0, 1000)
    assert [tick.x for tick in frame_ticks(axis, 20, measure)][:2] == [50, 150]


def test_frame_ticks_end_with_the_video() -> None:
    axis = FrameAxis(0, 10, 0, 1000)
    assert labels(frame_ticks(axis, 3, measure)) == ["0", "1", "2"]


def test_round_times() -> None:
    clock = FrameClock(make_index(25 * 100))
    ticks = time_ticks(FrameAxis(0, 2500, 0, 1000), clock, 2500, measure)
    assert labels(ticks)[:3] == ["0:00", "0:05", "0:10"]
    ten = next(tick for tick in ticks if tick.label == "0:10")
    assert ten.x == pytest.approx(100)


def test_single_frames_tell_their_own_times() -> None:
    clock = FrameClock(make_index(1000))
    ticks = time_ticks(FrameAxis(100, 110, 0, 1000), clock, 1000, measure)
    assert labels(ticks)[:3] == ["0:04.000", "0:04.040", "0:04.080"]
    assert ticks[0].x == 0


def test_ten_hours_are_labelled_in_hours() -> None:
    pts = np.arange(TEN_HOURS, dtype=np.int64) * (TICKS_A_FRAME * 25 // 60 + 1)
    clock = FrameClock(make_index(TEN_HOURS, pts=pts))
    ticks = time_ticks(FrameAxis(0, TEN_HOURS, 0, 1000), clock, TEN_HOURS, measure)
    assert labels(ticks)[:3] == ["0:00", "1:00:00", "2:00:00"]


def test_times_run_on_over_what_is_not_indexed_yet() -> None:
    clock = FrameClock(make_index(500, complete=False))
    ticks = time_ticks(FrameAxis(0, 2500, 0, 1000), clock, 2500, measure)
    assert labels(ticks)[-1] == "1:40"


def test_a_pause_does_not_heap_up_ticks() -> None:
    durations = np.full(100, TICKS_A_FRAME)
    durations[50] = TICKS_A_FRAME * 25 * 3600
    clock = FrameClock(make_index(100, pts=np.cumsum(durations)))
    ticks = time_ticks(FrameAxis(0, 100, 0, 1000), clock, 100, measure)
    assert len(ticks) < 600


def test_no_timestamps_no_ticks() -> None:
    clock = FrameClock(make_index(100, **without_pts(100)))
    assert time_ticks(FrameAxis(0, 100, 0, 1000), clock, 100, measure) == []


def test_times_without_order_are_told_frame_by_frame() -> None:
    pts = np.arange(100, dtype=np.int64) * TICKS_A_FRAME
    pts[50] = 0
    ticks = time_ticks(FrameAxis(0, 100, 0, 1000), FrameClock(make_index(100, pts=pts)), 100, measure)
    assert labels(ticks)[:2] == ["0:00.000", "0:00.400"]
