"""Short words for times and sizes."""

from __future__ import annotations

import math

import pytest

from framescope.ui.timeline.labels import bytes_label, span_label


@pytest.mark.parametrize(
    ("span_s", "words"),
    [
        (0.04, "40 ms"), (0.9994, "999 ms"), (1.0, "1 s"), (3.21, "3.2 s"), (119.6, "120 s"),
        (198.0, "3.3 min"),
        (6660.0, "111 min"), (7200.0, "2 h"), (36000.0, "10 h"), (math.nan, "–"), (math.inf, "–"),
    ],
)  # fmt: skip
def test_spans(span_s: float, words: str) -> None:
    assert span_label(span_s) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"), (999, "999 B"), (1000, "1 kB"), (12_345, "12.3 kB"), (99_960, "100 kB"),
        (999_499, "999 kB"),
        (999_500, "1.00 MB"), (1_240_000, "1.24 MB"), (25_000_000, "25.0 MB"),
    ],
)  # fmt: skip
def test_sizes(size: int, words: str) -> None:
    assert bytes_label(size) == words
