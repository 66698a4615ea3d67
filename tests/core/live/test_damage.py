"""What arrives damaged is noticed, and spoils nothing from the next keyframe on."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, cast

import av
import numpy as np
import pytest

from framescope.core.errors import FrameUnavailableError
from framescope.core.live.head import DamageCheck, make_head
from framescope.core.live.reader import LiveReader
from framescope.core.live.ring import Limits, LivePacket, PacketRing, Segment
from framescope.core.media.probe import describe
from framescope.core.pyav import new_packet, open_input

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.model.stream_facts import VideoInfo

COUNT, GOP = 24, 8


class Clip(NamedTuple):
    """A stream of noise, its facts, and what it shows."""

    packets: list[bytes]
    head: bytes
    time_base: Fraction
    info: VideoInfo
    pictures: list[NDArray[np.uint8]]


@pytest.fixture(scope="module")
def clip() -> Clip:
    """H.264 without B-frames: packet n is frame n. Noise, so that every block has coefficients."""
    buffer, chance = io.BytesIO(), np.random.default_rng(5)
    with av.open(buffer, "w", format="mpegts") as out:
        stream = out.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
        stream.codec_context.gop_size = GOP
        stream.options = {"preset": "ultrafast", "tune": "zerolatency", "sc_threshold": "0", "qp": "24"}
        # Of CABAC, no coefficients are left behind.
        stream.options |= {"x264-params": "sliced-threads=0:threads=1:cabac=0"}
        for number in range(COUNT):
            pixels = chance.integers(0, 255, (96, 128, 3), np.uint8)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts = number
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    packets: list[bytes] = []
    with open_input(io.BytesIO(buffer.getvalue())) as container:
        info = describe(container, "clip")
    with open_input(io.BytesIO(buffer.getvalue())) as container:
        stream = container.streams.video[0]
        head, time_base = b"", Fraction(stream.time_base or 1)
        for packet in container.demux(stream):
            if packet.size:
                head = head or make_head(stream, packet)
                packets.append(bytes(packet))
    with open_input(io.BytesIO(buffer.getvalue())) as container:
        pictures = [frame.to_ndarray() for frame in container.decode(video=0)]
    return Clip(packets, head, time_base, info, cast("list[NDArray[np.uint8]]", pictures))


def without_a_part(data: bytes, share: float) -> bytes:
    """A packet without a hundred bytes after this share of it."""
    place = int(len(data) * share)
    return data[:place] + data[place + 100 :]


@pytest.mark.parametrize("share", [0.25, 0.9])
def test_a_picture_of_which_a_part_arrived_is_noticed(clip: Clip, share: float) -> None:
    broken = GOP + 3
    with DamageCheck(clip.head, "clip") as check:
        found = []
        for number, data in enumerate(clip.packets):
            packet = new_packet(without_a_part(data, share) if number == broken else data)
            packet.is_keyframe = number % GOP == 0
            found.append(check.is_damaged(packet))
    assert [number for number, is_damaged in enumerate(found) if is_damaged] == list(range(broken, 2 * GOP))


@pytest.mark.parametrize("share", [0.25, 0.75])
@pytest.mark.parametrize("jumps", [False, True])
def test_frames_after_the_next_keyframe_are_as_if_nothing_had_been_damaged(
    clip: Clip, share: float, *, jumps: bool
) -> None:
    ring = PacketRing(clip.time_base, Limits())
    ring.begin_segment(Segment(clip.info, clip.head, clip.time_base, ()))
    broken = 2 * GOP - 1
    for number, data in enumerate(clip.packets):
        ring.add(
            LivePacket(
                without_a_part(data, share) if number == broken else data,
                number * 3600,
                number * 3600,
                3600,
                is_keyframe=number % GOP == 0,
                is_shown=True,
                is_damaged=number == broken,
                picture_type_code=1,
                arrived_s=number / 25,
            )
        )
    ring.end()
    wanted = [broken, 2 * GOP, 3, 2 * GOP + 1] if jumps else range(COUNT)
    reader = LiveReader(clip.info, ring.index())
    for number in wanted:
        try:
            frame = reader.read(number)
        except FrameUnavailableError:
            assert number == broken
            continue
        planes = np.concatenate([plane.ravel() for plane in frame.planes()])
        assert number == broken or np.array_equal(planes, clip.pictures[number].ravel()), f"frame {number}"
    reader.close()
