"""Levels in words, pulldown, clean aperture and packed bitstreams, read from bytes that are written here."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from framescope.core.media.stream_details import (
    PictureShape,
    is_packed_bitstream,
    level_name,
    picture_shape,
    pulldown_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


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


def _with_aperture(source: Path, target: Path) -> None:
    """A copy of an MP4 whose sample entry gets a ``clap`` of 120 × 80; only its header is."""
    data = bytearray(source.read_bytes())
    clap = struct.pack(">I4s8I", 40, b"clap", 240, 2, 80, 1, 0, 1, 0, 1)
    entry = data.index(b"avc1", data.index(b"stsd")) - 4
    size = struct.unpack_from(">I", data, entry)[0]
    data[entry + size : entry + size] = clap
    for kind in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"avc1"):
        place = data.index(kind, data.index(b"moov" if kind != b"avc1" else b"stsd")) - 4
        struct.pack_into(">I", data, place, struct.unpack_from(">I", data, place)[0] + len(clap))
    target.write_bytes(data)


@pytest.mark.parametrize("name", ["h264.mp4", "h264_fragmented.mp4"])
def test_a_clean_aperture_is_read_from_the_sample_entry(
    name: str, clip: Callable[[str], Path], tmp_path: Path
) -> None:
    source = clip(name)
    assert picture_shape(source, 1).clean_aperture is None
    _with_aperture(source, tmp_path / "clap.mp4")
    assert picture_shape(tmp_path / "clap.mp4", 1).clean_aperture == (120, 80)
    assert picture_shape(tmp_path / "clap.mp4", 2) == PictureShape()


def test_damaged_files_have_none(clip: Callable[[str], Path], tmp_path: Path) -> None:
    for content in (b"", b"\0\0\0\x10moov\0\0\0\x20trak", clip("h264.mp4").read_bytes()[:-200]):
        (tmp_path / "a.mp4").write_bytes(content)
        assert picture_shape(tmp_path / "a.mp4", 1) == PictureShape()


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
