"""Losses that the packets of H.264, MPEG-1 and MPEG-2 tell of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import pytest

from framescope.core.media.damage.frame_gaps import NumberGaps, gap_finder_for, without_broken_messages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SOUND = [
    "h264.mp4",
    "h264.ts",
    "gop_open.mkv",
    "gop_pyramid.ts",
    "gop_intra_refresh.mp4",
    "gop_interlaced.mp4",
    "mpeg1.mpg",
    "mpeg2.mpg",
    "mpeg2.m2v",
    "mpeg2.mkv",
    "gop_mpeg2_closed.ts",
    "gop_mpeg2_interlaced.ts",
]


def packets_of(path: Path) -> tuple[str, bytes | None, list[bytes]]:
    with av.open(path) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        return context.name, context.extradata, [bytes(one) for one in container.demux(stream) if one.size]


def gaps(codec: str, extradata: bytes | None, packets: list[bytes]) -> list[int]:
    finder = gap_finder_for(codec, extradata)
    assert finder is not None
    backs = [finder.missing_before(memoryview(packet)) for packet in packets]
    backs.append(finder.missing_at_end())
    return [place - back for place, back in enumerate(backs) if back is not None]


@pytest.mark.parametrize("name", SOUND)
def test_nothing_is_missing_in_a_sound_stream(name: str, clip: Callable[[str], Path]) -> None:
    assert gaps(*packets_of(clip(name))) == []


@pytest.mark.parametrize("name", ["h264.mp4", "h264.ts", "mpeg1.mpg", "mpeg2.mkv", "gop_mpeg2_closed.ts"])
def test_a_lost_reference_picture_is_missed(name: str, clip: Callable[[str], Path]) -> None:
    codec, extradata, packets = packets_of(clip(name))
    # A P picture, by its size among the B pictures around it.
    lost = max(range(13, 20), key=lambda place: len(packets[place]))
    found = gaps(codec, extradata, packets[:lost] + packets[lost + 1 :])
    assert found
    assert lost <= found[0] <= lost + 3


def test_noise_is_no_gap_and_no_error() -> None:
    finder = NumberGaps(b"\x01\x64\x00\x1f\xff\xe1\x00\x03\x67")
    for packet in (b"", b"\0\0\0", b"\0\0\0\1\x65", b"\0\0\0\x09\x65\x88\x84\0\0\0\0\0\0"):
        assert finder.missing_before(memoryview(packet)) is None


def picture(kind: str, order: int, *, begins: bool = False) -> bytes:
    """The headers of an MPEG picture at a place in display order; of the first of its group or another."""
    head = order << 6 | " IPB".index(kind) << 3
    return (b"\0\0\1\xb8abcd" if begins else b"") + b"\0\0\1\0" + head.to_bytes(2, "big") + b"\0" * 8


def gaps_of_pictures(words: str) -> list[int]:
    """Gaps between pictures written as ``I2* B0 B1 P5``; the star begins a group."""
    packets = [picture(word[0], int(word[1:].rstrip("*")), begins=word[-1] == "*") for word in words.split()]
    return gaps("mpeg2video", None, packets)


@pytest.mark.parametrize(
    "words",
    [
        "I2* B0 B1 P5 B3 B4 I2* B0 B1 P5 B3 B4",
        "I0* P1 P2 P3 I0* P1",
        "I0* P3 B1 B2 P4 P6 B5",
        # Fields, each a picture of its own; leading pictures left out at a cut; numbers that wrap around.
        "I2* P2 B0 B0 B1 B1 P5 P5 B3 B3 B4 B4 P8 P8 B6 B6 B7 B7",
        "I2* P5 B3 B4 I2* P5 B3 B4",
        "I1021* P1022 P1023 P0 P1 P4 B2 B3",
        "B7 B8 P11 B9 B10",
        # B-frames are lost, one or all of a picture's: nothing refers to them.
        "I0* P3 B1 B2 P6 P9 B7 B8 P12 B11 P15 B13",
        "I2* P2 B0 B0 B1 B1 P5 P5 B3 B3 B4 B4 P8 P8 B7 P11 P11 B9 B9 B10 B10",
        "I0* P3 B1 B2 P6 B4 B5 P8 B7 I0* P3 B1 B2 P6 I0*",
    ],
)
def test_without_a_lost_reference_picture_there_is_no_gap(words: str) -> None:
    assert gaps_of_pictures(words) == []


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("I2* B0 B1 B3 B4 P8 B6 B7", 3),  # P5 is lost: its B-frames come before anything they could refer to.
        ("I0* P1 P3 P4 P5", 2),  # P2: the loss shows at P4, when no B-frame has come.
        ("I0* P1 P2 P3 P1 P2", 4),  # The group's I0.
        ("I2* B0 B1 P5 B3 B4 P8 B6 B7 B0 B1 P5", 9),  # The group's I2, to which B0 refers too.
        ("I0* P0 P2 P2 P3 P3", 2),  # Both fields of place 1.
        ("I0* P3 B1 B2 P9 B7 B8 P12 B10 B11", 4),  # P6 with both of its B-frames.
        ("I0* P3 B1 B2 P9 P9 B7 B7 B8 B8", 4),  # The same in fields, at the end of the stream.
        ("I0* P3 B1 B2 P6 B4 B5 P12 B10 B11 I0* P3", 7),  # P9 with them, at the end of the group.
        ("I0* P1 P4 B2 B3 P6 B5 P8 I0*", 7),  # P7, where the numbers of B-frames vary.
        ("I0* P1 P2 P4", 3),  # P3, at the end of a stream without B-frames.
    ],
)
def test_a_gap_is_found_where_the_picture_was(words: str, place: int) -> None:
    assert gaps_of_pictures(words)[0] == place


def test_a_message_that_is_cut_off_is_left_out() -> None:
    # User data (type 5) of 20 bytes, of which 4 are there; then a picture.
    broken, picture = b"\0\0\1\x06\x05\x14abcd", b"\0\0\1\x65\x88\x84"
    whole = b"\0\0\1\x06\x05\x04abcd\x80"
    assert without_broken_messages(broken + picture, None) == picture
    assert without_broken_messages(whole + picture, None) is None
