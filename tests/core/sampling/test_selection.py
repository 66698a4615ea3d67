"""Which frames each choice takes."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from framescope.core.errors import SettingsError
from framescope.core.media.index import NO_PTS
from framescope.core.sampling import selection
from tests.core.sampling.indexes import make_index


def on_screen_at_each(pts: list[int], interval: Fraction) -> list[int]:
    """The plain reading of every_seconds: walk the targets one by one."""
    taken: list[int] = []
    number = 0
    while (target := number * interval + Fraction(1, 2)) < pts[-1] - pts[0] + 1:
        taken.append(max(place for place, value in enumerate(pts) if value - pts[0] <= target))
        number += 1
    return sorted(set(taken))


def test_this_frame_is_one_frame() -> None:
    assert selection.this_frame(make_index(range(5)), 3).tolist() == [3]


def test_marks_come_ascending_and_once() -> None:
    assert selection.marked_frames(make_index(range(9)), (7, 2, 7, 4)).tolist() == [2, 4, 7]
    assert selection.marked_frames(make_index(range(9)), ()).tolist() == []


@pytest.mark.parametrize("number", [-1, 5])
def test_a_frame_that_is_not_there_is_refused(number: int) -> None:
    with pytest.raises(SettingsError, match=f"no frame {number}") as caught:
        selection.this_frame(make_index(range(5)), number)
    assert caught.value.hint == "The video has 5 frames, 0 to 4."


def test_all_frames_keep_to_the_range() -> None:
    index = make_index(range(10))
    assert selection.all_frames(index).tolist() == list(range(10))
    assert selection.all_frames(index, within=range(8, 20)).tolist() == [8, 9]
    assert selection.all_frames(index, within=range(0)).tolist() == []


def test_every_nth_starts_at_the_first_frame_of_the_range() -> None:
    index = make_index(range(10))
    assert selection.every_nth(index, 4).tolist() == [0, 4, 8]
    assert selection.every_nth(index, 4, within=range(3, 9)).tolist() == [3, 7]
    with pytest.raises(SettingsError):
        selection.every_nth(index, 0)


def test_keyframes_within() -> None:
    index = make_index(range(35))
    assert selection.keyframes(index).tolist() == [0, 10, 20, 30]
    assert selection.keyframes(index, within=range(10, 30)).tolist() == [10, 20]


@pytest.mark.parametrize("total", [1, 2, 7, 100])
@pytest.mark.parametrize("count", [1, 2, 3, 7, 50, 99, 200])
def test_evenly_spread_gives_that_many_at_equal_distances(total: int, count: int) -> None:
    numbers = selection.evenly_spread(make_index(range(total)), count)
    assert len(numbers) == min(count, total)
    assert (np.diff(numbers) > 0).all()
    if 1 < count <= total:
        assert (int(numbers[0]), int(numbers[-1])) == (0, total - 1)
        assert np.ptp(np.diff(numbers)) <= 1


def test_one_evenly_spread_frame_is_the_middle_one() -> None:
    assert selection.evenly_spread(make_index(range(9)), 1, within=range(2, 9)).tolist() == [5]


def test_every_second_by_pts_on_a_variable_rate() -> None:
    index = make_index([0, 10, 20, 2500, 3000, 3010, 3990, 4000, 4020])
    # At 1 s and 2 s frame 2 is still on screen; at 4 s the frame of that very moment.
    assert selection.every_seconds(index, 1.0).tolist() == [0, 2, 4, 7]


@pytest.mark.parametrize("interval", ["1/30", "1/10", "0.04", "0.333", "1", "2.5", "7", "100"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_every_seconds_equals_its_definition(interval: str, seed: int) -> None:
    generator = np.random.default_rng(seed)
    pts = (5000 + np.cumsum(generator.integers(0, 300, 120))).tolist()
    expected = on_screen_at_each(pts, Fraction(interval) * 1000)
    assert selection.every_seconds(make_index(pts), Fraction(interval)).tolist() == expected


def test_timestamps_out_of_order_are_put_in_order() -> None:
    generator = np.random.default_rng(4)
    pts = np.cumsum(generator.integers(1, 300, 120))
    shuffled = generator.permutation(120)
    taken = selection.every_seconds(make_index(pts[shuffled]), Fraction(1))
    expected = np.sort(np.argsort(shuffled)[selection.every_seconds(make_index(pts), Fraction(1))])
    assert taken.tolist() == expected.tolist()


def test_numbers_come_ascending_and_once() -> None:
    numbers = np.random.default_rng(1).integers(0, 50, 200)
    assert selection.ascending_once(numbers).tolist() == sorted(set(numbers.tolist()))
    assert selection.ascending_once(numbers[:0]).tolist() == []


def test_rounded_timestamps_lose_no_frame() -> None:
    # 30 frames per second in a container that stores milliseconds.
    index = make_index([round(n * 1000 / 30) for n in range(3000)])
    assert selection.every_seconds(index, Fraction(1, 30)).tolist() == list(range(3000))


def test_hours_in_a_fine_time_base_do_not_overflow() -> None:
    ticks = [n * 3_600_000_000_000 for n in range(200)]
    index = make_index(ticks, time_base=Fraction(1, 1_000_000_000))
    assert selection.every_seconds(index, Fraction(7_200_000_001, 1_000_000)).tolist()[:3] == [0, 2, 4]


def test_every_seconds_within_counts_from_its_first_frame() -> None:
    index = make_index([n * 100 for n in range(50)])
    assert selection.every_seconds(index, 1.0, within=range(5, 30)).tolist() == [5, 15, 25]
    assert selection.every_seconds(index, 1.0, within=range(5, 5)).tolist() == []


def test_an_interval_below_the_time_base_takes_every_frame() -> None:
    assert selection.every_seconds(make_index([0, 40, 80]), 1e-12).tolist() == [0, 1, 2]


@pytest.mark.parametrize("interval", [0.0, -1.0, float("nan"), float("inf")])
def test_an_interval_that_is_no_length_of_time_is_refused(interval: float) -> None:
    with pytest.raises(SettingsError, match="longer than 0"):
        selection.every_seconds(make_index([0, 40]), interval)


def test_without_timestamps_seconds_cannot_be_counted() -> None:
    with pytest.raises(SettingsError, match="no timestamps") as caught:
        selection.every_seconds(make_index([NO_PTS, NO_PTS]), 1.0)
    assert "N-th" in caught.value.hint


def test_the_refusal_says_how_many_frames_have_no_time() -> None:
    index = make_index([0, NO_PTS, NO_PTS, 120, 160])
    with pytest.raises(SettingsError, match="2 frames have no timestamp, of the 5 to choose from"):
        selection.every_seconds(index, 1.0)
    with pytest.raises(SettingsError, match="1 frame has no timestamp, of the 3 to choose from"):
        selection.every_seconds(index, 1.0, within=range(2, 5))
    # Where all of them have one, seconds mean something.
    assert selection.every_seconds(index, 0.04, within=range(3, 5)).tolist() == [3, 4]


def test_two_million_frames_take_no_loop() -> None:
    index = make_index(np.arange(2_160_000) * 1500, time_base=Fraction(1, 90_000))
    assert len(selection.every_seconds(index, 1.0)) == 36_000
