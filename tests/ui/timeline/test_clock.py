"""Frames ↔ seconds."""

from __future__ import annotations

import math

import numpy as np
import pytest

from framescope.core.media.index import NO_PTS
from framescope.ui.timeline.clock import FrameClock
from tests.ui.timeline.live_session import TICKS_A_FRAME, make_index, without_pts


def test_times_count_from_the_first_frame() -> None:
    clock = FrameClock(make_index(100))
    assert clock.time_of(0) == 0
    assert clock.time_of(50) == pytest.approx(2.0)
    assert clock.time_at(50.5) == pytest.approx(2.02)
    assert clock.mean_duration_s == pytest.approx(0.04)


@pytest.mark.parametrize("position", [0.0, 1.0, 49.5, 99.0, 99.5])
def test_positions_and_times_are_inverse(position: float) -> None:
    clock = FrameClock(make_index(100))
    assert clock.position_at(clock.time_at(position)) == pytest.approx(position)


def test_a_frame_that_is_shown_long_takes_all_its_time() -> None:
    durations = np.full(20, TICKS_A_FRAME)
    durations[5] = 10 * TICKS_A_FRAME
    clock = FrameClock(make_index(20, pts=np.cumsum(durations) - durations[0]))
    assert clock.position_at(clock.time_of(5) - 0.2) == pytest.approx(4.5)
    assert clock.is_ordered


def test_it_goes_on_at_the_mean_rate_past_what_is_indexed() -> None:
    clock = FrameClock(make_index(100, complete=False))
    assert clock.time_at(150.0) == pytest.approx(6.0)
    assert clock.position_at(6.0) == pytest.approx(150.0)
    assert math.isnan(clock.time_of(150))


def test_without_timestamps_there_is_no_time() -> None:
    clock = FrameClock(make_index(10, **without_pts(10)))
    assert not clock.is_ordered
    assert math.isnan(clock.time_of(3))
    assert math.isnan(clock.time_at(3.0))
    assert math.isnan(clock.position_at(1.0))
    assert math.isnan(clock.mean_duration_s)


def test_times_that_go_back_have_no_axis_but_are_still_told() -> None:
    pts = np.arange(10, dtype=np.int64) * TICKS_A_FRAME
    pts[6] = 0
    clock = FrameClock(make_index(10, pts=pts))
    assert not clock.is_ordered
    assert clock.time_of(5) == pytest.approx(0.2)
    assert math.isnan(clock.position_at(0.1))


def test_a_first_frame_without_a_timestamp_leaves_the_count_to_the_next() -> None:
    pts = np.arange(10, dtype=np.int64) * TICKS_A_FRAME + 5000
    pts[0] = NO_PTS
    clock = FrameClock(make_index(10, pts=pts))
    assert clock.time_of(1) == 0
    assert math.isnan(clock.time_of(0))


def test_one_frame_and_none() -> None:
    one = FrameClock(make_index(1))
    assert one.time_at(0.5) == 0
    assert one.position_at(3.0) == 0
    none = FrameClock(make_index(0))
    assert math.isnan(none.time_at(0.0))


def test_many_positions_at_once_are_those_one_by_one() -> None:
    clock = FrameClock(make_index(300))
    times = np.linspace(-1, 15, 97)
    together = clock.positions_at(times)
    assert together.tolist() == [clock.position_at(float(time)) for time in times]
    assert (np.diff(together) >= 0).all()
