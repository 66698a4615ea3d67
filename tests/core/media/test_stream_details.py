"""Levels in words, pulldown, encoders and packed bitstreams, read from bytes that are written here."""

from __future__ import annotations

import pytest

from framescope.core.media.stream_details import (
    is_packed_bitstream,
    level_name,
    pulldown_words,
    user_data_encoder,
)


@pytest.mark.parametrize(
    ("codec", "profile", "level", "name"),
    [
        ("h264", "High", 31, "3.1"),
        ("h264", "Baseline", 9, "1b"),
        ("hevc", "Main", 93, "3.1"),
        ("hevc", "Main", 150, "5.0"),
        ("vvc", None, 51, "3.1"),
        ("vvc", None, 80, "5.0"),
        ("av1", "Main", 0, "2.0"),
        ("av1", "Main", 5, "3.1"),
        ("av1", "Main", 12, "5.0"),
        ("av1", "Main", 31, "any"),
        ("mpeg2video", "Main", 4, "High"),
        ("mpeg2video", "Main", 6, "High 1440"),
        ("mpeg2video", "Main", 8, "Main"),
        ("mpeg2video", "Simple", 10, "Low"),
        ("mpeg2video", "4:2:2", 5, "Main"),
        ("mpeg2video", "4:2:2", 2, "High"),
        ("mpeg2video", "Main", 7, "7"),
        ("mpeg4", "Simple Profile", 1, "1"),
        ("h264", "High", None, ""),
    ],
)
def test_levels_have_the_names_of_their_standards(
    codec: str, profile: str | None, level: int | None, name: str
) -> None:
    assert level_name(codec, profile, level) == name


def _picture(*, repeats: bool, progressive: bool = True) -> bytes:
    """A picture header and its coding extension (H.262, 6.2.3.1)."""
    extension = bytes([0x8F, 0xFF, 0xF3, 0x80 | repeats << 1 | 1, progressive << 7])
    return b"\0\0\1\0\0\x08\0\0" + b"\0\0\1\xb5" + extension + b"\0\0\1\x01slice"


@pytest.mark.parametrize(
    ("repeats", "words"),
    [
        ([0, 0, 0, 0], ""),
        ([], ""),
        ([1, 0, 1, 0, 1], "2:3 pulldown: every second picture is shown for three fields"),
        ([0, 1, 0, 1], "2:3 pulldown: every second picture is shown for three fields"),
        ([0, 0, 1, 0], "1 of the first 4 pictures repeat a field"),
    ],
)
def test_repeated_fields_are_named(repeats: list[int], words: str) -> None:
    assert pulldown_words([_picture(repeats=bool(one)) for one in repeats]) == words


def test_a_field_is_repeated_in_progressive_pictures_only() -> None:
    assert pulldown_words([_picture(repeats=True, progressive=False)] * 4) == ""


@pytest.mark.parametrize(
    ("codec", "extradata", "packed"),
    [
        ("mpeg4", b"\0\0\1\xb2DivX503b1393p\0\0\1\xb2XviD0046", True),
        ("mpeg4", b"\0\0\1\xb2DivX999b000p", True),
        ("mpeg4", b"\0\0\1\xb2DivX503b1393", False),
        ("mpeg4", b"\0\0\1\xb2Lavc62.28.101", False),
        ("mpeg4", None, False),
        ("h264", b"\0\0\1\xb2DivX503b1393p", False),
    ],
)
def test_a_packed_bitstream_says_so(codec: str, extradata: bytes | None, *, packed: bool) -> None:
    assert is_packed_bitstream(codec, extradata) is packed


@pytest.mark.parametrize(
    ("codec", "parts", "name"),
    [
        ("mpeg4", [b"\0\0\1\xb2DivX503b1393p\0\0\1\xb2XviD0046\0\0\1\xb3"], "XviD0046"),
        ("mpeg4", [b"", b"\0\0\1\xb0\0\0\1\xb2Lavc62.28.101\0\0\1\xb6"], "Lavc62.28.101"),
        ("mpeg4", [b"\0\0\1\xb2DivX503b1393p"], "DivX503b1393p"),
        ("mpeg4", [b"\0\0\1\xb2XviD" + b"a" * 999], "XviD" + "a" * 60),
        ("mpeg4", [b"\0\0\1\xb2XviD\x1b[2J"], ""),
        ("mpeg4", [], ""),
        ("h264", [b"\0\0\1\xb2XviD0046"], ""),
    ],
)
def test_mpeg4_names_its_encoder(codec: str, parts: list[bytes], name: str) -> None:
    assert user_data_encoder(codec, parts) == name
