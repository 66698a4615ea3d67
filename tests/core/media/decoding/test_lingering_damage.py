"""Nothing of a damaged picture lingers in the decoder: the next GOP is as if nothing had been damaged."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING, NamedTuple

import av
import numpy as np
import pytest

from framescope.core.errors import FrameUnavailableError
from framescope.core.media.decoding.decoder import StreamDecoder
from framescope.core.media.index_builder import Counting
from framescope.core.media.probe import probe
from framescope.core.source.opening import open_video
from tests.clips.remuxing import copy_packets, with_payload

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.media.decoding.decoder import VideoPacket
    from framescope.core.media.probe import FirstDecoded
    from framescope.core.media.video import Video

COUNT, GOP = 32, 8
CUT = 100
"""Bytes taken out of a packet."""


class Clip(NamedTuple):
    """A file of noise, its packets, and what each frame shows, by time."""

    path: Path
    packets: list[bytes]
    shown: dict[int, bytes]


def planes_of(frame: av.VideoFrame) -> bytes:
    return frame.to_ndarray().tobytes()


def make_clip(folder: Path, b_frames: int, name: str = "sound.mp4") -> Clip:
    """H.264 without CABAC, in closed GOPs. Noise, so that every block has coefficients."""
    path, chance = folder / name, np.random.default_rng(5)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
        params = (
            f"cabac=0:keyint={GOP}:min-keyint={GOP}:scenecut=0:bframes={b_frames}:b-adapt=0:b-pyramid=none"
        )
        stream.options = {"preset": "veryfast", "qp": "24", "x264-params": f"{params}:threads=1"}
        for number in range(COUNT):
            frame = av.VideoFrame.from_ndarray(
                chance.integers(0, 255, (96, 128, 3), np.uint8), format="rgb24"
            )
            frame.pts = number
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    with av.open(str(path)) as container:
        packets = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    with av.open(str(path)) as container:
        shown = {frame.pts or 0: planes_of(frame) for frame in container.decode(video=0)}
    return Clip(path, packets, shown)


def without_a_part(data: bytes, share: float) -> bytes:
    """The packet without some bytes of its slice, whose length is right again."""
    start = 0
    while start + 4 + (size := int.from_bytes(data[start : start + 4], "big")) < len(data):
        start += 4 + size
    unit = data[start + 4 :]
    place = int(len(unit) * share)
    unit = unit[:place] + unit[place + CUT :]
    return data[:start] + len(unit).to_bytes(4, "big") + unit


def lingers(clip: Clip, number: int, share: float) -> bool:
    """Whether FFmpeg's decoder, flushed after this damage, shows the next keyframe differently."""
    pictures: list[bytes] = []
    following = (number // GOP + 1) * GOP
    for before in ([without_a_part(clip.packets[number], share)], []):
        with av.open(io.BytesIO(clip.path.read_bytes())) as container:
            context = container.streams.video[0].codec_context
            context.thread_count = 1
            for data in [*clip.packets[following - GOP : number], *before]:
                context.decode(av.Packet(data))
            context.flush_buffers()
            out = [*context.decode(av.Packet(clip.packets[following])), *context.decode(None)]
            pictures += [planes_of(frame) for frame in out]
    return pictures[0] != pictures[1]


def damage(clip: Clip, path: Path, numbers: tuple[int, ...]) -> None:
    """Copy the clip with packets damaged so that something lingers."""
    shares = np.arange(0.2, 0.9, 0.02)
    found = {n: next(float(s) for s in shares if lingers(clip, n, float(s))) for n in numbers}

    def edit(place: int, packet: VideoPacket) -> VideoPacket:
        share = found.get(place)
        return packet if share is None else with_payload(packet, without_a_part(bytes(packet), share))

    copy_packets(clip.path, path, edit)


def read(video: Video, numbers: list[int]) -> tuple[set[int], dict[int, bytes]]:
    """The times of the frames that are marked or missing, and what the others show."""
    doubtful, shown = set(), {}
    for number in numbers:
        pts = video.index.pts_of(number) or 0
        try:
            frame = video.frame(number)
        except FrameUnavailableError:
            doubtful.add(pts)
            continue
        if frame.is_damaged:
            doubtful.add(pts)
        else:
            shown[pts] = b"".join(plane.tobytes() for plane in frame.planes())
    return doubtful, shown


@pytest.mark.parametrize("counting", [Counting.DECODE, Counting.PACKETS])
@pytest.mark.parametrize("order", ["in sequence", "backwards", "in jumps"])
@pytest.mark.parametrize("numbers", [(GOP - 1,), (GOP - 2,), (GOP + 1, 2 * GOP + 4)])
@pytest.mark.parametrize("b_frames", [0, 2])
def test_unmarked_frames_are_as_if_nothing_had_been_damaged(
    b_frames: int, numbers: tuple[int, ...], order: str, counting: Counting, tmp_path: Path
) -> None:
    clip, path = make_clip(tmp_path, b_frames), tmp_path / "damaged.mp4"
    damage(clip, path, numbers)
    with open_video(path, counting=counting, use_index_cache=False, cache_bytes=1) as video:
        wanted = list(range(len(video)))
        if order == "backwards":
            wanted.reverse()
        elif order == "in jumps":
            np.random.default_rng(1).shuffle(wanted)
        doubtful, shown = read(video, wanted)
    times = sorted(clip.shown)
    concerned = {pts for n in numbers for pts in times[n // GOP * GOP : (n // GOP + 1) * GOP]}
    assert doubtful
    assert doubtful <= concerned
    assert [times.index(pts) for pts, planes in shown.items() if planes != clip.shown[pts]] == []
    assert doubtful | shown.keys() >= clip.shown.keys() - concerned


@pytest.mark.parametrize("is_strict", [False, True])
@pytest.mark.parametrize("single_thread", [False, True])
def test_a_seek_leaves_damage_behind_that_nobody_saw_yet(
    single_thread: bool,  # noqa: FBT001 - a parameter
    is_strict: bool,  # noqa: FBT001 - likewise
    tmp_path: Path,
) -> None:
    clip, path = make_clip(tmp_path, 2), tmp_path / "damaged.mp4"
    damage(clip, path, (GOP - 1,))
    with StreamDecoder(str(path), 0, single_thread=single_thread, is_strict=is_strict) as decoder:
        with contextlib.suppress(av.FFmpegError):
            for number, packet in zip(range(GOP), decoder.packets(), strict=False):
                decoder.feed(packet, number)
        decoder.seek(sorted(clip.shown)[3 * GOP])
        pictures = [
            one for number, packet in enumerate(decoder.packets()) for one in decoder.feed(packet, number)
        ]
        pictures += decoder.drain()
    assert [planes_of(one.frame) for one in pictures] == [
        clip.shown[pts] for pts in sorted(clip.shown)[3 * GOP :]
    ]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_damage_of_the_last_packet_is_told_by_all_threads_before_the_decoder_is_drained(
    share: float, tmp_path: Path
) -> None:
    clip, path = make_clip(tmp_path, 2), tmp_path / "damaged.mp4"

    def edit(place: int, packet: VideoPacket) -> VideoPacket:
        return packet if place else with_payload(packet, without_a_part(bytes(packet), share))

    copy_packets(clip.path, path, edit)
    for _ in range(10):
        with StreamDecoder(str(path), 0, is_strict=True) as decoder:
            assert decoder.feed(next(decoder.packets()), 0) == []
            pictures = decoder.drain()
            assert decoder.drain_errors or all(one.frame.is_corrupt for one in pictures)
    told: list[FirstDecoded] = []
    probe(path, on_first=told.append)
    assert told == []
    with StreamDecoder(str(clip.path), 0, is_strict=True) as decoder:
        assert decoder.feed(next(decoder.packets()), 0) == []
        assert [(one.packet_number, one.frame.is_corrupt) for one in decoder.drain()] == [(0, False)]
        assert decoder.drain_errors == 0
