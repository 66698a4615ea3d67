"""Rate, gaps, duplicates and steps back are found in timestamps written by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from framescope.core.media.facts.intervals import measure_intervals
from framescope.core.media.frame_order import order_frames
from framescope.core.media.index import NO_PTS, FrameIndex
from tests.core.media.index_examples import packet_table

MILLISECOND = Fraction(1, 1000)


def shown_at(*pts: int | None, time_base: Fraction = MILLISECOND) -> FrameIndex:
    """Frames in this very order, also where their times go back."""
    index = order_frames(packet_table(list(pts), [0]), time_base)
    return replace(index, pts=np.array([NO_PTS if value is None else value for value in pts], np.int64))


def test_a_constant_rate() -> None:
    found = measure_intervals(shown_at(*range(100, 110), time_base=Fraction(1, 25)))
    assert found.is_constant
    assert found.rate == 25
    assert found.mean_rate == pytest.approx(25)
    assert (found.median_s, found.shortest_s, found.longest_s) == pytest.approx((0.04, 0.04, 0.04))
    assert found.duration_s == pytest.approx(0.4)
    assert (found.frame_count, found.exceptions) == (10, 0)
    assert found.decision == "Constant: all 9 intervals are 40.000 ms."


@pytest.mark.parametrize("rate", [Fraction(30000, 1001), Fraction(24000, 1001), Fraction(30), Fraction(24)])
def test_rounding_to_milliseconds_does_not_hide_the_rate(rate: Fraction) -> None:
    found = measure_intervals(shown_at(*(round(number * 1000 / rate) for number in range(301))))
    assert found.is_constant
    assert found.rate == rate


def test_a_rate_that_nobody_knows_is_a_fraction() -> None:
    found = measure_intervals(shown_at(*range(0, 70, 7), time_base=Fraction(1, 100)))
    assert found.rate == Fraction(100, 7)


def test_a_gap_is_named_by_the_frame_behind_it() -> None:
    found = measure_intervals(shown_at(0, 1, 2, 3, 6, 7, 8, time_base=Fraction(1, 25)))
    assert not found.is_constant
    assert found.gaps.tolist() == [4]
    assert found.exceptions == 1
    assert found.decision == "Variable: 1 of 6 intervals are more than 10.000 ms off the median 40.000 ms."
    assert found.rate == 25
    assert found.mean_rate == pytest.approx(6 / (8 / 25))
    assert found.duration_s == pytest.approx(9 / 25)


def test_half_as_long_again_is_no_gap_yet() -> None:
    assert measure_intervals(shown_at(0, 40, 80, 140, 180)).gaps.tolist() == []
    assert measure_intervals(shown_at(0, 40, 80, 141, 181)).gaps.tolist() == [3]


def test_one_tick_is_rounding_and_two_are_not() -> None:
    assert measure_intervals(shown_at(0, 40, 81, 120, 160)).is_constant
    rounded = measure_intervals(shown_at(0, 40, 81, 120, 160))
    assert rounded.decision == "Constant: all 4 intervals are 39.000 to 41.000 ms, equal within 1.000 ms."
    found = measure_intervals(shown_at(0, 40, 82, 122, 162))
    assert (found.is_constant, found.exceptions) == (False, 1)


@pytest.mark.parametrize(("ticks", "is_constant"), [(1, False), (2, False), (3, False), (4, True)])
def test_one_tick_of_a_coarse_clock_is_no_rounding(ticks: int, *, is_constant: bool) -> None:
    found = measure_intervals(
        shown_at(0, ticks, 2 * ticks, 3 * ticks + 1, 4 * ticks + 1, time_base=Fraction(1, 30))
    )
    assert found.is_constant is is_constant
    assert found.exceptions == (0 if is_constant else 1)


def test_a_frame_that_stays_twice_as_long_is_a_gap_whatever_the_clock() -> None:
    found = measure_intervals(shown_at(0, 1, 2, 4, 5, 6, time_base=Fraction(1, 30)))
    assert (found.gaps.tolist(), found.exceptions, found.is_constant) == ([3], 1, False)


def test_duplicates_and_steps_back() -> None:
    found = measure_intervals(shown_at(0, 40, 40, 80, 60, 120))
    assert found.duplicates.tolist() == [2]
    assert found.backward.tolist() == [4]
    assert found.gaps.tolist() == []
    assert found.exceptions == 3
    assert found.median_s == pytest.approx(0.04)
    assert (found.shortest_s, found.longest_s) == pytest.approx((-0.02, 0.06))
    assert found.duration_s == pytest.approx(0.16)


def test_frames_without_a_time() -> None:
    found = measure_intervals(shown_at(0, None, 80, 120))
    assert found.missing.tolist() == [1]
    assert found.is_known.tolist() == [False, False, True]
    assert np.isnan(found.intervals_s).tolist() == [True, True, False]
    assert found.intervals_s[2] == pytest.approx(0.04)
    assert not found.is_constant
    assert "1 frame has no timestamp" in found.decision
    assert found.mean_rate == pytest.approx(25)
    assert found.duration_s == pytest.approx(0.16)


@pytest.mark.parametrize("pts", [(), (None, None), (7,)], ids=["empty", "no times", "one frame"])
def test_too_little_to_measure(pts: tuple[int | None, ...]) -> None:
    found = measure_intervals(shown_at(*pts))
    assert found.decision == "Unknown: fewer than two frames have timestamps."
    assert (found.is_constant, found.rate, found.exceptions) == (False, None, 0)
    assert math.isnan(found.median_s)
    assert math.isnan(found.mean_rate)
    assert len(found.gaps) == len(found.duplicates) == len(found.backward) == 0
    assert len(found.ticks) == max(len(pts) - 1, 0)


def test_one_frame_lasts_no_known_time() -> None:
    assert measure_intervals(shown_at(7)).duration_s == 0
    assert math.isnan(measure_intervals(shown_at(None)).duration_s)


@pytest.mark.parametrize("rate", [Fraction(1, 3600), Fraction(1, 7), Fraction(2, 3), Fraction(1, 86400)])
def test_a_rate_far_below_one_a_second_is_not_none_at_all(rate: Fraction) -> None:
    found = measure_intervals(shown_at(*(round(number * 1000 / rate) for number in range(5))))
    assert found.rate == rate
