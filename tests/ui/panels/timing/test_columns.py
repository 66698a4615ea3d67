"""Few points for many frames, and heights for milliseconds."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from framescope.ui.panels.timing.columns import (
    MsScale,
    columns_of,
    ms_words,
    oddest,
    polyline,
    scale_for,
)


def test_few_frames_are_drawn_as_steps() -> None:
    x, y = polyline(np.array([1.0, 2.0, 3.0]), 0, 2, 100)
    assert x.tolist() == [-0.5, 0.5, 0.5, 1.5, 1.5, 2.5]
    assert y.tolist() == [1, 1, 2, 2, 3, 3]


def test_one_odd_frame_of_two_million_stays_visible() -> None:
    values = np.full(2_000_000, 40.0)
    values[1_234_567] = 900
    x, y = polyline(values, 0, len(values), 500)
    assert len(x) == len(y) == 1000
    assert y.max() == 900
    assert abs(x[int(y.argmax())] - 1_234_567) < 4000


def test_unknown_values_do_not_swallow_a_column() -> None:
    values = np.full(1000, np.nan)
    values[::7] = 5
    _, y = polyline(values, 0, 1000, 50)
    assert np.nanmin(y) == np.nanmax(y) == 5
    assert np.isfinite(y).all()


def test_a_part_beyond_the_frames_has_no_line() -> None:
    x, y = polyline(np.ones(5), 7, 9, 10)
    assert len(x) == len(y) == 0


def test_marks_are_thinned_to_the_room() -> None:
    marks = columns_of(np.arange(100_000), 0, 100_000, 80)
    assert 70 <= len(marks) <= 80
    assert columns_of(np.array([3, 9]), 0, 100, 80).tolist() == [3, 9]


def test_the_oddest_frame_is_the_one_farthest_from_usual() -> None:
    assert oddest(np.array([40.0, 41, 0, 40]), 0, 4, 40) == 2
    assert oddest(np.full(10, np.nan), 2, 6, 40) == 3


def test_a_scale_bends_only_for_far_values() -> None:
    assert scale_for(np.array([40.0, 80, 20])).knee is None
    bent = scale_for(np.array([40.0] * 20 + [4000.0]))
    assert bent.knee == 40
    assert bent.height(4000) < 3 * bent.height(200)


def test_noise_is_shown_as_nothing() -> None:
    scale = scale_for(np.array([1e-13, -2e-13, 0.0]), reach=0.5)
    assert (scale.least, scale.greatest) == (-0.5, 0.5)


@pytest.mark.parametrize(("least", "greatest"), [(0, 40), (-1549, 460), (-3, 0), (0, 1e7)])
def test_ticks_lie_in_the_plot_and_apart(least: float, greatest: float) -> None:
    scale = MsScale(least, greatest)
    ticks = scale.ticks()
    low, high = scale.span
    heights = [height for height, _ in ticks]
    assert 2 <= len(ticks) <= 7
    assert all(low <= height <= high for height in heights)
    assert all(b - a > (high - low) * 0.1 for a, b in pairwise(heights))
    assert "0" in [words for _, words in ticks]


def test_milliseconds_in_words() -> None:
    assert ms_words(40) == "40 ms"
    assert ms_words(-1549, signed=True) == "−1\u202f549 ms"
    assert ms_words(20, signed=True) == "+20 ms"
    assert ms_words(12_300) == "12.3 s"
    assert ms_words(0, signed=True) == "0"
    assert ms_words(float("nan")) == "–"
