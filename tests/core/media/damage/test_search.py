"""Searching for damage by a strict decode."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope.core.media.damage.search import DamageSearch, DamageWatch
from framescope.core.media.decoding.decoder import StreamDecoder
from framescope.core.media.index_builder import Counting, build_index
from framescope.core.media.probe import probe
from framescope.core.model.frame import Frame
from framescope.core.source.opening import open_video
from tests.clips.truth import digest_of_planes, true_frames

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SOUND = [
    "h264.mp4",
    "gop_open.mkv",
    "gop_pyramid.ts",
    "gop_intra_refresh.mp4",
    "hevc.ts",
    "gop_hevc_open.mp4",
]
SOUND += ["mpeg2.mkv", "mpeg4.avi", "vp9.webm", "gop_interlaced.mp4", "mjpeg.mov"]


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_stream_has_none(name: str, clip: Callable[[str], Path]) -> None:
    with StreamDecoder(str(clip(name)), 0, single_thread=True, is_strict=True) as decoder:
        watch = DamageWatch(decoder)
        for number, packet in enumerate(decoder.packets()):
            watch.feed(packet, number)
        watch.drain()
        assert not watch.damage


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_stream_has_none_wherever_it_is_entered(name: str, clip: Callable[[str], Path]) -> None:
    info = probe(str(clip(name)))
    index = build_index(info, counting=Counting.DECODE)
    for entry in range(-1, len(index.entries)):
        search = DamageSearch(info)
        assert search.search(index, entry, entry).tolist() == []
        assert search.starts == {}


def test_damage_is_found_in_its_run_only(clip: Callable[[str], Path]) -> None:
    info = probe(str(clip("damaged_keyframe.mp4")))
    index = build_index(info, counting=Counting.PACKETS)
    search = DamageSearch(info)
    assert search.search(index, 0, 1).tolist() == []
    found = search.search(index, 2, 2).tolist()
    assert found == list(range(24, 36))
    # Decoding begins at the start of so short a file.
    assert search.starts == {2: -1}


def hevc_packets(params: str) -> tuple[bytes | None, list[bytes]]:
    """Pictures that move, encoded as HEVC: the header and a packet a picture."""
    rows, columns = np.mgrid[:64, :96]
    encoder = av.CodecContext.create("libx265", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = 96, 64, "yuv420p"
    encoder.time_base = Fraction(1, 25)
    encoder.options = {"x265-params": f"log-level=0:frame-threads=1:pools=none:keyint=10:bframes=0{params}"}
    packets = []
    for number in range(20):
        grey = ((rows * 3 + columns * 2 + number * 7) % 256).astype(np.uint8)
        frame = av.VideoFrame.from_ndarray(grey, "gray").reformat(format="yuv420p")
        frame.pts = number
        packets += encoder.encode(frame)
    return encoder.extradata, [bytes(packet) for packet in (*packets, *encoder.encode(None))]


@pytest.mark.parametrize(("params", "is_told"), [(":hash=1", True), (":hash=1", False)])
def test_sums_that_hevc_pictures_carry_are_checked(params: str, is_told: bool, tmp_path: Path) -> None:  # noqa: FBT001
    extradata, packets = hevc_packets(params)
    if is_told:
        harmed = bytearray(packets[13])
        harmed[len(harmed) * 2 // 3] ^= 0x10
        packets[13] = bytes(harmed)
    path = tmp_path / "a.hevc"
    path.write_bytes((extradata or b"") + b"".join(packets))
    index = build_index(probe(str(path)), counting=Counting.DECODE)
    assert index.damaged_frames.tolist() == (list(range(13, 20)) if is_told else [])


@pytest.mark.parametrize(
    ("bf", "lost", "count"),
    [
        *[(0, 15, 1), (2, 16, 1), (2, 16, 2), (2, 16, 3), (2, 13, 6), (1, 14, 2), (3, 13, 4)],
        (0, 46, 1),  # Nothing but the last picture shows the loss.
    ],
)
def test_pictures_behind_lost_mpeg2_pictures_are_marked(
    bf: int, lost: int, count: int, tmp_path: Path
) -> None:
    """The truth is a decode of the stream before the loss: what differs from it must carry the mark."""
    path, whole = tmp_path / "a.mkv", tmp_path / "whole.mkv"
    rows, columns = np.mgrid[:64, :96]
    with av.open(str(whole), "w") as container:
        stream = container.add_stream("mpeg2video", rate=25, options={"g": "12", "bf": str(bf)})
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        for number in range(48):
            grey = 128 + 60 * np.sin((columns + 2 * number) / 9) * np.cos((rows - number) / 7)
            frame = av.VideoFrame.from_ndarray(grey.astype(np.uint8), "gray").reformat(format="yuv420p")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with av.open(str(whole)) as source, av.open(str(path), "w") as target:
        kept = target.add_stream_from_template(source.streams.video[0])
        packets = [packet for packet in source.demux(source.streams.video[0]) if packet.size]
        for packet in packets[:lost] + packets[lost + count :]:
            packet.stream = kept
            target.mux(packet)
    right = luma_by_pts(whole)
    index = build_index(probe(str(path)), counting=Counting.DECODE)
    shown = luma_by_pts(path)
    wrong = [n for n in range(len(index)) if shown[int(index.pts[n])] != right[int(index.pts[n])]]
    assert wrong
    marked = set(index.damaged_frames.tolist())
    assert set(wrong) <= marked
    assert len(marked) <= len(wrong) + 1


def luma_by_pts(path: Path) -> dict[int, bytes]:
    """The luma of every frame of a sequential decode, by timestamp."""
    with av.open(str(path)) as container:
        container.streams.video[0].codec_context.thread_count = 1
        frames = list(container.decode(video=0))
    return {frame.pts: frame.to_ndarray()[:64].tobytes() for frame in frames if frame.pts is not None}


def test_damaged_vvc_pictures_are_marked_though_the_error_comes_late(
    media_file: Callable[[str], Path], tmp_path: Path
) -> None:
    source = media_file("vvc_10bit.mp4")
    with av.open(str(source)) as container:
        packets = [packet for packet in container.demux(container.streams.video[0]) if packet.size]
        spans = [(packet.pos, packet.size) for packet in packets]
    data = bytearray(source.read_bytes())
    place, size = spans[len(spans) // 3]
    assert place is not None
    data[place + size // 2 : place + size // 2 + 40] = b"\x5a" * 40
    path = tmp_path / "damaged.mp4"
    path.write_bytes(data)
    shown = {one.pts: one.digest for one in true_frames(source)}
    with open_video(path, use_index_cache=False) as video:
        wrong = [
            frame.frame_number
            for frame in video.try_frames(range(len(video)))
            if isinstance(frame, Frame)
            and not frame.is_damaged
            and shown[frame.pts]
            != digest_of_planes(video.info.width, video.info.height, video.info.pixel_format, frame.planes())
        ]
        assert len(video.damaged_frames)
    assert wrong == []
