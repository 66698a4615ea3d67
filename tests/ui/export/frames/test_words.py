"""What the export dialog says about the chosen frames."""

from __future__ import annotations

import pytest

from framescope.core.sampling.read_cost import estimate_reading
from framescope.ui.export.frames.words import cost_cells, count_words, reading_words, seconds_words
from tests.core.sampling.indexes import make_index

INDEX = make_index(range(100))


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((9, 0, 250), "9 of 250 frames"),
        ((1, 0, 1), "1 of 1 frame"),
        ((48, 3, 250), "48 pictures in 3 clips"),
        ((16, 1, 250), "16 pictures in 1 clip"),
    ],
)
def test_counts_are_sentences(numbers: tuple[int, int, int], words: str) -> None:
    assert count_words(*numbers) == words


def test_the_way_that_is_taken_comes_first() -> None:
    assert reading_words(estimate_reading(INDEX, [0, 90])) == (
        "Read by seeking: decodes 2 frames, 2 seeks, 200 B.",
        "Reading through: decodes 91 frames, 9.10 kB.",
    )
    assert reading_words(estimate_reading(INDEX, [8, 18])) == (
        "Read through: decodes 19 frames, 1.90 kB.",
        "Seeking: decodes 18 frames, 2 seeks, 1.80 kB.",
    )


def test_where_there_is_one_way_only_it_stands_alone() -> None:
    way, other = reading_words(estimate_reading(INDEX, [14], frames_per_s=2.0))
    assert (way, other) == ("Read in a single pass: decodes 5 frames, 500 B, about 4.5 s.", "")


def test_cells_are_short() -> None:
    estimate = estimate_reading(INDEX, [0, 90], frames_per_s=1000.0)
    assert cost_cells(estimate, estimate.costs.seek) == ("2 frames", "200 B", "< 0.1 s")
    assert cost_cells(estimate_reading(INDEX, [0, 90]), estimate.costs.seek) == ("2 frames", "200 B", "")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.01, "less than 0.1 s"), (0.44, "0.4 s"), (9.94, "9.9 s"), (12.3, "12 s"), (125, "2 min 05 s")],
)
def test_spans_of_time_are_short(seconds: float, words: str) -> None:
    assert seconds_words(seconds) == words
