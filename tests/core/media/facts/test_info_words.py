"""Facts in words: aspects, apertures, limits, timecodes and purposes."""

from __future__ import annotations

from fractions import Fraction

import pytest

from framescope.core.media.facts.info_words import (
    aperture_words,
    aspect_words,
    container_limits_words,
    declared_rows,
    stream_rows,
    stream_title,
    timecode_words,
)
from framescope.core.model.stream_facts import FileContents, StreamFacts
from tests.ui.panels.panel_examples import gop_info


def _stream(**values: object) -> StreamFacts:
    return StreamFacts(3, "audio", "eac3", "", "", "", {}, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (Fraction(1920, 1080), "16:9"),
        (Fraction(9, 16), "9:16"),
        (Fraction(64, 27), "2.37:1"),
        (Fraction(608, 1080), "≈ 9:16"),
        (Fraction(854, 480), "≈ 16:9"),
        (Fraction(600, 1080), "5:9"),
        (Fraction(612, 1080), "0.567:1"),
        (Fraction(1080, 1920 * 100), "0.00562:1"),
        (None, ""),
    ],
)
def test_aspects(ratio: Fraction | None, words: str) -> None:
    assert aspect_words(ratio) == words


@pytest.mark.parametrize(
    ("size", "place", "words"),
    [
        ((60, 44), (2, 2), "centred"),
        ((60, 44), (0, 4), "from column 0, row 4"),
        (None, None, ""),
    ],
)
def test_apertures(size: tuple[int, int] | None, place: tuple[int, int] | None, words: str) -> None:
    info = gop_info(clean_aperture=size, clean_aperture_at=place)
    assert (info.width, info.height) == (64, 48)
    assert aperture_words(info) == words


def test_a_limit_is_above_the_mean() -> None:
    assert container_limits_words(_stream(bit_rate=100_000, bit_rate_max=100_000)) == ""
    assert container_limits_words(_stream(bit_rate=100_000, bit_rate_max=200_000)) == "at most 200 kbit/s"
    both = _stream(bit_rate_max=2_000_000, buffer_bytes=6144)
    assert container_limits_words(both) == "at most 2 Mbit/s, a decoder buffer (VBV, HRD) of 6.14 kB"


def test_drop_frame_is_said() -> None:
    assert timecode_words("01:00:00;02") == ("01:00:00;02", "drop-frame")
    assert timecode_words("01:00:00:02") == ("01:00:00:02", "")


def test_rows_hold_what_is_declared_only() -> None:
    assert [tuple(row) for row in stream_rows(_stream(), FileContents())] == []
    named = _stream(commercial_name="Dolby Digital Plus", codec_meaning="E-AC-3", flags=("default", "forced"))
    rows = {row.label: row for row in stream_rows(named, FileContents())}
    assert tuple(rows["Codec"]) == ("Codec", "Dolby Digital Plus", "FFmpeg: eac3")
    assert rows["Flags"].value == "default, forced"
    assert stream_title(named) == "Audio #3"


@pytest.mark.parametrize(
    ("delay_s", "words"),
    [
        (0.0001, "with the video"),
        (-0.021, "21 ms before the video"),
        (2.5, "0:02.500 after the video"),
        (None, None),
    ],
)
def test_delays(delay_s: float | None, words: str | None) -> None:
    rows = {row.label: row.value for row in stream_rows(_stream(delay_s=delay_s), FileContents())}
    assert rows.get("Starts") == words


def test_a_date_that_the_file_has_as_well_is_not_repeated() -> None:
    stream = _stream(created="2024", stream_id=257)
    assert [row.value for row in declared_rows(stream, FileContents())] == ["257", "2024"]
    assert [row.value for row in declared_rows(stream, FileContents(tags={"creation_time": "2024"}))] == [
        "257"
    ]


def test_covers_are_called_so() -> None:
    assert stream_title(_stream(flags=("attached_pic",))) == "Cover picture #3"
