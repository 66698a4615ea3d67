"""The size of a whole export, judged by some of its frames."""

from __future__ import annotations

import math

import numpy as np
import pytest

from framescope.core.errors import Cancelled
from framescope.core.export.size_estimate import SAMPLES, estimate_size, iter_estimates, sample_places
from framescope.core.model.progress import CancelToken


@pytest.mark.parametrize("count", [1, 2, 5, 11, 12, 13, 100, 10_007])
def test_places_are_spread_over_the_whole_list(count: int) -> None:
    places = sample_places(count)
    assert len(places) == len(set(places)) == min(count, SAMPLES)
    assert all(0 <= place < count for place in places)
    if count > SAMPLES:
        gaps = np.diff(sorted(places))
        assert gaps.max() - gaps.min() <= 1
        assert abs(places[0] - count / 2) <= count / SAMPLES
        # The first half of the places is spread over the list as well.
        assert max(places[: SAMPLES // 2]) - min(places[: SAMPLES // 2]) > count / 2


def test_when_every_frame_is_known_the_size_is() -> None:
    found = estimate_size([10, 20, 33], 3)
    assert (found.total_bytes, found.spread_bytes, found.is_exact) == (63, 0, True)


def test_one_frame_of_many_says_nothing_of_the_spread() -> None:
    found = estimate_size([1000], 50)
    assert found.total_bytes == 50_000
    assert math.isnan(found.spread_bytes)
    assert not found.is_exact


def test_the_interval_is_student_s() -> None:
    # Mean 20, standard deviation 10, four of a hundred: 3.182 · 10/√4 · √(96/99) · 100.
    sizes = [10, 10, 30, 30]
    deviation = math.sqrt(sum((size - 20) ** 2 for size in sizes) / 3)
    found = estimate_size(sizes, 100)
    assert found.total_bytes == 2000
    assert found.spread_bytes == pytest.approx(3.182 * deviation / 2 * math.sqrt(96 / 99) * 100)


def test_the_true_size_lies_inside_about_as_often_as_promised() -> None:
    random = np.random.default_rng(3)
    inside = 0
    for _ in range(400):
        everything = random.gamma(6, 10_000, 500)
        found = estimate_size(random.choice(everything, SAMPLES, replace=False).astype(int).tolist(), 500)
        inside += bool(abs(found.total_bytes - everything.sum()) <= found.spread_bytes)
    assert 0.91 <= inside / 400 <= 0.985


def test_estimates_get_better_one_by_one() -> None:
    numbers = np.arange(0, 3000, 10)
    asked: list[int] = []

    def size(frame_number: int) -> int:
        asked.append(frame_number)
        return 1000 + frame_number

    found = list(iter_estimates(numbers, size))
    assert [estimate.sampled for estimate in found] == list(range(1, SAMPLES + 1))
    assert set(asked) <= set(numbers.tolist())
    true = sum(1000 + number for number in numbers.tolist())
    assert abs(found[-1].total_bytes - true) < found[-1].spread_bytes
    assert found[-1].total_bytes == pytest.approx(true, rel=0.02)


def test_frames_that_cannot_be_decoded_are_left_out() -> None:
    found = list(iter_estimates(np.arange(4), lambda number: None if number == 2 else 100))
    assert [estimate.sampled for estimate in found] == [1, 2, 3]
    assert found[-1].total_bytes == 400
    assert list(iter_estimates(np.arange(4), lambda _: None)) == []


def test_it_stops_when_asked() -> None:
    cancel = CancelToken()
    estimates = iter_estimates(np.arange(9), lambda _: 5, cancel=cancel)
    next(estimates)
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(estimates)
