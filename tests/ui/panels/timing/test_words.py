"""What the timing panel says."""

from __future__ import annotations

import numpy as np
import pytest

from framescope.core.media.facts.intervals import measure_intervals
from framescope.core.timing.errors import nominal_errors
from framescope.ui.panels.timing.words import absent_words, error_words, next_of, tiles, verdict
from tests.ui.panels.timing.parts import index_with


def test_constant_rate_says_how_it_was_decided() -> None:
    words = verdict(measure_intervals(index_with(range(0, 400, 40))), complete=True)
    assert (words.headline, words.role) == ("Constant rate", "success")
    assert words.reason == "All 9 intervals are 40 ms."


@pytest.mark.parametrize(
    ("pts", "reason"),
    [
        ([0, 40], "The only interval is 40 ms."),
        ([0, 33, 67, 100], "All 3 intervals are 33 ms to 34 ms: equal except for rounding to ticks of 1 ms."),
        (
            [0, 1000, 2008, 3000],
            "All 3 intervals are 992 ms to 1\u202f008 ms: equal except for less than 1 %.",
        ),
    ],
)
def test_a_constant_rate_has_its_reason(pts: list[int | None], reason: str) -> None:
    assert verdict(measure_intervals(index_with(pts)), complete=True).reason == reason


def test_variable_rate_counts_the_exceptions() -> None:
    words = verdict(measure_intervals(index_with([0, 40, 80, 120, 300])), complete=False)
    assert words.headline == "Variable rate"
    assert (
        words.reason
        == "1 of 4 intervals is more than 1 ms off the median 40 ms. So far, of the first 5 frames."
    )


@pytest.mark.parametrize(
    ("pts", "headline"),
    [([None] * 4, "No timestamps"), ([0, None, 80, 120], "Timestamps missing"), ([7], "Rate not known")],
)
def test_missing_timestamps_are_no_rate(pts: list[int | None], headline: str) -> None:
    assert verdict(measure_intervals(index_with(pts)), complete=True).headline == headline


def test_tiles_are_dashes_where_nothing_is_known() -> None:
    assert {number for number, _ in tiles(measure_intervals(index_with([7])))} == {"–"}


def test_tiles_have_a_minus_and_no_hyphen() -> None:
    numbers = [number for number, _ in tiles(measure_intervals(index_with([0, 40, 20, 60])))]
    assert numbers == ["50", "40", "−20", "40"]


def test_what_is_absent_is_said_in_one_line() -> None:
    assert absent_words(measure_intervals(index_with([0, 40, 80]))) == (
        "No duplicates, gaps, steps back or missing timestamps."
    )
    assert absent_words(measure_intervals(index_with([0, 40, 40, 80, 300]))) == (
        "No steps back or missing timestamps."
    )
    assert not absent_words(measure_intervals(index_with([None, None])))


def test_errors_name_their_worst_frame() -> None:
    index = index_with([0, 40, 80, 1000])
    words = error_words(nominal_errors(index, 25.0), index)
    assert words.worst_frame == 3
    assert words.sentence == "Up to −880 ms and −1 frame; it would show a different frame for 1 of 4."
    right = error_words(nominal_errors(index_with(range(0, 400, 40)), 25.0), index)
    assert (right.sentence, right.worst_frame) == ("Correct for every frame.", None)


def test_next_and_previous_go_round() -> None:
    numbers = np.array([3, 8, 20])
    assert [next_of(numbers, at, 1) for at in (0, 3, 8, 20)] == [3, 8, 20, 3]
    assert [next_of(numbers, at, -1) for at in (0, 3, 8, 25)] == [20, 20, 3, 20]
