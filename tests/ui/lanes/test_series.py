"""Pixel columns hold the lowest and the highest value of their frames, whatever the zoom."""

from __future__ import annotations

import numpy as np
import pytest

from framescope.ui.lanes.series import BLOCK, Series


def made(count: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    values = np.random.default_rng(3).normal(50, 10, count).astype(np.float32)
    values[::17] = np.nan
    return values


@pytest.mark.parametrize("per_column", [1, 3, 2 * BLOCK - 1, 4 * BLOCK])
def test_columns_are_those_of_a_loop(per_column: int) -> None:
    values = made(20_000)
    count = 20_000 // per_column
    lows, highs = Series(values).columns(0.0, per_column, count)
    for column in range(count):
        part = values[column * per_column : (column + 1) * per_column]
        known = part[~np.isnan(part)]
        if len(known):
            assert (lows[column], highs[column]) == (known.min(), known.max())
        else:
            assert np.isnan(lows[column])


@pytest.mark.parametrize("per_column", [1.3, 40.7, 1500.0])
def test_a_single_peak_is_never_lost(per_column: float) -> None:
    for place in (0, 1, 7777, 123_456, 199_999):
        values = np.ones(200_000, np.float32)
        values[place] = 9
        values[200_000 - 1 - place] = -9
        count = int(np.ceil(200_000 / per_column))
        lows, highs = Series(values).columns(0.0, per_column, count)
        assert abs(int(highs.argmax()) - place / per_column) <= 1
        assert (highs.max(), lows.min()) == (9, -9)


def test_a_frame_wider_than_a_column_is_repeated() -> None:
    lows, highs = Series(np.array([1, 2, np.nan], np.float32)).columns(0.0, 0.5, 8)
    assert lows[:4].tolist() == [1, 1, 2, 2]
    assert np.isnan(lows[4:]).all()
    assert lows is highs
    # Before the first frame and behind the last there is nothing.
    lows, _ = Series(np.ones(10, np.float32)).columns(8.0, 2.0, 4)
    assert lows[0] == 1
    assert np.isnan(lows[1:]).all()


def test_it_grows_as_values_come_in() -> None:
    values = made(1000)
    series = Series(values, 0)
    assert np.isnan(series.low)
    assert np.isnan(series.columns(0.0, 10.0, 100)[0]).all()
    for reached in (100, 101, 640, 1000, 500):
        series.advance(reached)
    whole = Series(values)
    assert (series.low, series.high, series.reached) == (whole.low, whole.high, 1000)
    for per_column in (5.0, 200.0):
        ours, theirs = (one.columns(0.0, per_column, 5) for one in (series, whole))
        assert np.array_equal(ours, theirs)


def test_the_peak_of_a_run_of_frames() -> None:
    series = Series(np.array([5, np.nan, 9, 1, 9], np.float32), 4)
    assert series.peak(-3, 99, is_low=False) == 2
    assert series.peak(0, 5, is_low=True) == 3
    assert series.peak(1, 2, is_low=True) is None
    assert series.peak(4, 5, is_low=False) is None
