"""Losses that the packets of H.264 tell of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import pytest

from framescope.core.media.frame_gaps import GapFinder, without_broken_messages

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
]


def packets_of(path: Path) -> tuple[bytes | None, list[bytes]]:
    with av.open(path) as container:
        stream = container.streams.video[0]
        return stream.codec_context.extradata, [bytes(one) for one in container.demux(stream) if one.size]


def gaps(extradata: bytes | None, packets: list[bytes]) -> list[int]:
    finder = GapFinder(extradata)
    return [place for place, packet in enumerate(packets) if finder.is_gap_before(memoryview(packet))]


@pytest.mark.parametrize("name", SOUND)
def test_nothing_is_missing_in_a_sound_stream(name: str, clip: Callable[[str], Path]) -> None:
    assert gaps(*packets_of(clip(name))) == []


@pytest.mark.parametrize("name", ["h264.mp4", "h264.ts"])
def test_a_lost_reference_picture_is_missed(name: str, clip: Callable[[str], Path]) -> None:
    extradata, packets = packets_of(clip(name))
    # A P picture, by its size among the B pictures around it.
    lost = max(range(13, 20), key=lambda place: len(packets[place]))
    found = gaps(extradata, packets[:lost] + packets[lost + 1 :])
    assert found
    assert lost <= found[0] <= lost + 3


def test_noise_is_no_gap_and_no_error() -> None:
    finder = GapFinder(b"\x01\x64\x00\x1f\xff\xe1\x00\x03\x67")
    for packet in (b"", b"\0\0\0", b"\0\0\0\1\x65", b"\0\0\0\x09\x65\x88\x84\0\0\0\0\0\0"):
        assert not finder.is_gap_before(memoryview(packet))


def test_a_message_that_is_cut_off_is_left_out() -> None:
    # User data (type 5) of 20 bytes, of which 4 are there; then a picture.
    broken, picture = b"\0\0\1\x06\x05\x14abcd", b"\0\0\1\x65\x88\x84"
    whole = b"\0\0\1\x06\x05\x04abcd\x80"
    assert without_broken_messages(broken + picture, None) == picture
    assert without_broken_messages(whole + picture, None) is None
