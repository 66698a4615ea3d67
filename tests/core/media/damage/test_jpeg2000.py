"""A JPEG 2000 picture of which a part is missing is damaged: FFmpeg shows what lay in memory instead."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope import Counting, FrameUnavailableError, open_video
from framescope.core.media.damage.jpeg2000 import is_whole_picture
from tests.clips.truth import true_frames

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SIZE = b"\xff\x4f\xff\x51"
_PART = b"\xff\x90\x00\x0a"
COUNT, DAMAGED = 8, 5


def _packets() -> list[bytes]:
    context = av.CodecContext.create("jpeg2000", "w")
    context.width, context.height, context.pix_fmt, context.framerate = 64, 48, "rgb24", Fraction(25)
    packets: list[bytes] = []
    for number in range(COUNT):
        picture = np.full((48, 64, 3), 20 * number + 10, np.uint8)
        picture[:, : 8 * number] = 255
        frame = av.VideoFrame.from_ndarray(picture, "rgb24")
        frame.pts = number
        packets.extend(bytes(packet) for packet in context.encode(frame))
    packets.extend(bytes(packet) for packet in context.encode(None))
    return packets


@pytest.fixture(scope="module")
def packets() -> list[bytes]:
    return _packets()


def _with_half_the_tiles(packet: bytes) -> bytes:
    """Tiles of half the picture's width are declared: there are twice as many as the packet holds."""
    place = packet.index(_SIZE) + 4 + 4 + 16
    return packet[:place] + (32).to_bytes(4, "big") + packet[place + 4 :]


def _without_size(packet: bytes) -> bytes:
    place = packet.index(_SIZE) + 2
    return packet[:place] + b"\xff" * 60 + packet[place + 60 :]


def _cut_off(packet: bytes) -> bytes:
    return packet[: len(packet) // 2]


def _without_parts(packet: bytes) -> bytes:
    place = packet.index(_PART)
    return packet[:place] + b"\xff\xd9"


DAMAGE = [_with_half_the_tiles, _without_size, _cut_off, _without_parts]


def test_a_sound_packet_is_whole(packets: list[bytes]) -> None:
    assert len(packets) == COUNT
    assert all(is_whole_picture(memoryview(packet)) for packet in packets)


@pytest.mark.parametrize("damage", DAMAGE)
def test_one_with_something_missing_is_not(packets: list[bytes], damage: Callable[[bytes], bytes]) -> None:
    assert not is_whole_picture(memoryview(damage(packets[0])))


def test_any_bytes_have_an_answer(packets: list[bytes]) -> None:
    packet = packets[0]
    head = packet.index(_PART) + 12
    for place in range(head):
        for value in (0, 1, 0x7F, 0xFF):
            is_whole_picture(memoryview(packet[:place] + bytes([value]) * 4 + packet[place + 4 :]))
        assert not is_whole_picture(memoryview(packet[:place]))


def _write(path: Path, packets: list[bytes]) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("jpeg2000", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "rgb24"
        for number, data in enumerate(packets):
            packet = av.Packet(data)
            packet.stream, packet.time_base = stream, Fraction(1, 25)
            packet.pts = packet.dts = number
            packet.is_keyframe = True
            container.mux(packet)


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("counting", [Counting.PACKETS, Counting.DECODE])
def test_a_frame_that_shows_old_memory_is_marked(
    tmp_path: Path, packets: list[bytes], damage: Callable[[bytes], bytes], counting: Counting
) -> None:
    path = tmp_path / "a.mkv"
    _write(path, [*packets[:DAMAGED], damage(packets[DAMAGED]), *packets[DAMAGED + 1 :]])
    shown = {frame.pts for frame in true_frames(path)}
    with open_video(path, use_index_cache=False, counting=counting) as video:
        assert len(video) == (COUNT if counting is Counting.PACKETS else len(shown))
        numbers = [number for number in (6, 1, 5, 0, 7, 4, 2, 3) if number < len(video)]
        for number, frame in zip(numbers, video.try_frames(numbers), strict=True):
            time = round(video.index.time_of(number) * 25)
            if isinstance(frame, FrameUnavailableError):
                assert time == DAMAGED
                continue
            assert frame.is_damaged == (time == DAMAGED)
            if not frame.is_damaged:
                assert abs(int(frame.to_rgb()[0, -1, 0]) - (20 * time + 10)) < 6
