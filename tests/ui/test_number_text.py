"""How numbers and times are written."""

from __future__ import annotations

import pytest

from framescope.ui.number_text import clock, duration_words, grouped


def test_groups_with_thin_spaces() -> None:
    assert grouped(1234567) == "1\u202f234\u202f567"
    assert grouped(12) == "12"


@pytest.mark.parametrize(
    ("time_s", "text"),
    [
        (0, "0:00.000"),
        (59.9996, "1:00.000"),
        (3661.25, "1:01:01.250"),
        (-0.5, "−0:00.500"),
        (-0.0001, "0:00.000"),
        (float("nan"), "–"),
    ],
)
def test_clock(time_s: float, text: str) -> None:
    assert clock(time_s) == text


def test_clock_without_decimals() -> None:
    assert clock(19.96, decimals=0) == "0:20"


@pytest.mark.parametrize(
    ("seconds", "text"), [(-1, "0 s"), (8.4, "8 s"), (125, "2 min 05 s"), (4200, "1 h 10 min")]
)
def test_duration_words(seconds: float, text: str) -> None:
    assert duration_words(seconds) == text
