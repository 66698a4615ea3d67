"""How numbers, sizes and times are written, and how times are read."""

from __future__ import annotations

from fractions import Fraction

import pytest

from framescope.core.text import (
    bit_rate_words,
    clock,
    counted,
    duration_words,
    grouped,
    listed,
    parse_time,
    progress_words,
    rate_words,
    size_words,
)


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


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 frames"), (1, "1 frame"), (2, "2 frames"), (12345, "12\u202f345 frames")]
)
def test_counted(count: int, words: str) -> None:
    assert counted(count, "frame", "frames") == words


def test_counted_with_a_plural_of_its_own() -> None:
    assert [counted(count, "copy", "copies") for count in (1, 2)] == ["1 copy", "2 copies"]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.00 kB"),
        (9994, "9.99 kB"),
        (9996, "10.0 kB"),
        (123456, "123 kB"),
        (999_600, "1.00 MB"),
        (1.24e9, "1.24 GB"),
        (3e15, "3000 TB"),
    ],
)
def test_size_words(size: float, words: str) -> None:
    assert size_words(size) == words


@pytest.mark.parametrize(
    ("rate", "words"),
    [(5_300_000, "5.3 Mbit/s"), (999_600, "1 Mbit/s"), (843_210, "843 kbit/s"), (64, "0.064 kbit/s")],
)
def test_bit_rate_words(rate: float, words: str) -> None:
    assert bit_rate_words(rate) == words


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (Fraction(30000, 1001), "29.97 fps"),
        (Fraction(24), "24 fps"),
        (Fraction(1, 3600), "1/3600 fps"),
        (0.5, "1/2 fps"),
        (0.3, "0.3 fps"),
    ],
)
def test_rate_words(rate: Fraction | float, words: str) -> None:
    assert rate_words(rate) == words


@pytest.mark.parametrize(
    ("text", "seconds", "precision"),
    [
        ("0:08.333", "8.333", "0.0005"),
        ("1:02.5", "62.5", "0.05"),
        ("01:02:03", "3723", "0.5"),
        ("8.33", "8.33", "0.005"),
        ("8,33 s", "8.33", "0.005"),
        ("500ms", "0.5", "0.0005"),
        ("2 min", "120", "0.5"),
        ("0.5h", "1800", "0.5"),
        ("t=4s", "4", "0.5"),
        ("−0:00.040", "-0.04", "0.0005"),
        (".5", "0.5", "0.05"),
    ],
)
def test_a_typed_time_is_exact_and_knows_its_precision(text: str, seconds: str, precision: str) -> None:
    time = parse_time(text)
    assert time is not None
    assert (time.seconds, time.precision_s) == (Fraction(seconds), Fraction(precision))


@pytest.mark.parametrize(
    "text", ["", "abc", "1:2:3:4", "1e3", "nan", "inf", "-5", ":30", "1.2.3", "12x", "٣s"]
)
def test_what_is_no_time(text: str) -> None:
    assert parse_time(text) is None


def test_words_are_listed_as_people_do() -> None:
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert listed(("a", "b"), "or") == "a or b"


@pytest.mark.parametrize(
    ("done", "total", "elapsed_s", "text"),
    [
        (0, None, 0.0, ""),
        (30, None, 1.0, "30 · 30/s"),
        (25, 100, 0.1, "25 %"),
        (50, 100, 10.0, "50 % · 5.0/s · 10 s left"),
    ],
)
def test_progress_says_what_is_known(done: int, total: int | None, elapsed_s: float, text: str) -> None:
    assert progress_words(done, total, elapsed_s) == text


@pytest.mark.parametrize(
    ("done", "total", "elapsed_s", "text"),
    [
        (0, 300, 0.0, "0 of 300 frames"),
        (3, 300, 0.1, "3 of 300 frames"),
        (120, 300, 5.0, "120 of 300 frames · 24 frames/s · 8 s left"),
        (3, 300, 6.0, "3 of 300 frames · 0.5 frames/s · 9 min 54 s left"),
        (300, 300, 10.0, "300 of 300 frames · 30 frames/s"),
        (1, 1, 1.0, "1 of 1 frame · 1.0 frames/s"),
    ],
)
def test_progress_in_units(done: int, total: int, elapsed_s: float, text: str) -> None:
    assert progress_words(done, total, elapsed_s, counts_frames=True) == text
