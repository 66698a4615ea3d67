"""Timecodes as SMPTE counts them, from wherever a file starts."""

from __future__ import annotations

from fractions import Fraction

import pytest

from framescope.core.timing.timecode import TimecodeCount, timecode_count

NTSC = Fraction(30000, 1001)
NTSC_60 = Fraction(60000, 1001)
FILM = Fraction(24000, 1001)


def count(rate: Fraction, start: str | None = None) -> TimecodeCount:
    found = timecode_count(rate, start)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("number", "rate", "timecode"),
    [
        (24, Fraction(24), "00:00:01:00"),
        (24, FILM, "00:00:01:00"),
        (90000, Fraction(25), "01:00:00:00"),
        (119, Fraction(120), "00:00:00:119"),
        (1799, NTSC, "00:00:59;29"),
        (1800, NTSC, "00:01:00;02"),
        (17981, NTSC, "00:09:59;29"),
        (17982, NTSC, "00:10:00;00"),
        (107892, NTSC, "01:00:00;00"),
        (3600, NTSC_60, "00:01:00;04"),
        (35964, NTSC_60, "00:10:00;00"),
    ],
)
def test_known_timecodes(number: int, rate: Fraction, timecode: str) -> None:
    assert count(rate).text(number) == timecode
    assert count(rate).number(timecode) == number


def test_drop_frame_against_counting() -> None:
    labels = [
        f"00:{minute:02d}:{second:02d};{frame:02d}"
        for minute in range(12)
        for second in range(60)
        for frame in range(30)
        if not (minute % 10 and second == 0 and frame < 2)
    ]
    timecodes = count(NTSC)
    assert [timecodes.text(number) for number in range(len(labels))] == labels
    assert [timecodes.number(label) for label in labels] == list(range(len(labels)))


@pytest.mark.parametrize(
    "text",
    [
        "00:01:00;00",
        "00:11:00;01",
        "00:60:00;05",
        "00:00:60;05",
        "00:00:00;30",
        "24:00:00;00",
        "00:00:00",
        "x",
    ],
)
def test_no_frame_has_this_timecode(text: str) -> None:
    assert count(NTSC).number(text) is None


@pytest.mark.parametrize(
    ("start", "rate", "timecodes"),
    [
        # The hour that films begin with, and a drop over a minute's end.
        ("01:00:00:00", Fraction(25), ["01:00:00:00", "01:00:00:01", "01:00:00:02"]),
        ("00:58:59;28", NTSC, ["00:58:59;28", "00:58:59;29", "00:59:00;02"]),
        ("00:59:59;28", NTSC, ["00:59:59;28", "00:59:59;29", "01:00:00;00"]),
        ("23:59:59;59", NTSC_60, ["23:59:59;59", "00:00:00;00", "00:00:00;01"]),
        ("23:59:59:23", FILM, ["23:59:59:23", "00:00:00:00", "00:00:00:01"]),
        # A full stop is how some write drop-frame of the second field.
        ("00:00:59.29", NTSC, ["00:00:59;29", "00:01:00;02", "00:01:00;03"]),
    ],
)
def test_the_count_starts_where_the_file_says(start: str, rate: Fraction, timecodes: list[str]) -> None:
    found = count(rate, start)
    assert [found.text(number) for number in range(3)] == timecodes
    assert [found.number(text) for text in timecodes] == [0, 1, 2]


def test_a_file_that_does_not_drop_is_believed() -> None:
    assert count(NTSC, "00:00:59:29").text(1) == "00:01:00:00"
    assert count(NTSC).text(1800) == "00:01:00;02"


def test_only_rates_that_drop_drop() -> None:
    assert count(Fraction(25), "01:00:59;24").text(1) == "01:01:00:00"


def test_before_the_start_is_the_next_day() -> None:
    found = count(Fraction(25), "23:00:00:00")
    assert found.number("00:00:00:00") == 3600 * 25
    assert found.number("22:59:59:24") == 24 * 3600 * 25 - 1


@pytest.mark.parametrize("start", ["", "soon", "00:00:00:25", "00:61:00:00", "24:00:00:00"])
def test_a_start_that_is_no_timecode_starts_no_count(start: str) -> None:
    assert timecode_count(Fraction(25), start) is None
