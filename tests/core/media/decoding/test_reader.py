"""The exact reader: short cuts change no picture, and what lies is found out."""

from __future__ import annotations

import contextlib
import random
from dataclasses import replace
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope.core.errors import FrameUnavailableError
from framescope.core.media.decoding.decoder import StreamDecoder
from framescope.core.media.decoding.first_frame import first_frame
from framescope.core.media.decoding.reader import ExactReader
from framescope.core.media.index_builder import Counting, build_index
from framescope.core.media.probe import probe
from framescope.core.source.opening import open_video
from tests.clips.truth import digest_of_av_frame, true_frames
from tests.contract.checks import digest_of, shuffled

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.media.decoding.decoder import DecodedPacket, VideoPacket
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.probe import FirstDecoded
    from framescope.core.model.frame import Frame


class Feeds:
    """Counts what decoders are fed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.numbers: list[int] = []
        feed = StreamDecoder.feed

        def counted(decoder: StreamDecoder, packet: VideoPacket, number: int) -> list[DecodedPacket]:
            self.numbers.append(number)
            return feed(decoder, packet, number)

        monkeypatch.setattr(StreamDecoder, "feed", counted)


@pytest.fixture
def feeds(monkeypatch: pytest.MonkeyPatch) -> Feeds:
    return Feeds(monkeypatch)


def reader_of(path: Path, taken: list[Frame] | None = None) -> ExactReader:
    info = probe(str(path))
    index = build_index(info, counting=Counting.PACKETS)
    return ExactReader(info, index, on_frame=(lambda _: None) if taken is None else taken.append)


@pytest.mark.parametrize(
    "name", ["gop_pyramid.mp4", "gop_open.mp4", "hevc.mp4", "mpeg2.ts", "gop_one_long.mp4"]
)
@pytest.mark.parametrize("keeps_all", [False, True])
def test_short_cuts_change_no_picture(name: str, keeps_all: bool, clip: Callable[[str], Path]) -> None:  # noqa: FBT001
    truth = true_frames(clip(name))
    reader = reader_of(clip(name))
    for number in shuffled(len(truth)):
        assert digest_of(reader.read(number, keeps_all=keeps_all)) == truth[number].digest
    reader.close()


def test_a_jump_leaves_out_what_nobody_needs(feeds: Feeds, clip: Callable[[str], Path]) -> None:
    reader = reader_of(clip("gop_one_long.mp4"))
    reader.read(100)
    jumped = len(feeds.numbers)
    feeds.numbers.clear()
    reader.forget_position()
    reader.read(100, keeps_all=True)
    assert 10 < jumped < 0.8 * len(feeds.numbers)
    reader.close()


def test_a_step_after_a_far_jump_decodes_little(feeds: Feeds, clip: Callable[[str], Path]) -> None:
    truth = true_frames(clip("gop_one_long.mp4"))
    reader = reader_of(clip("gop_one_long.mp4"))
    assert digest_of(reader.read(90)) == truth[90].digest
    feeds.numbers.clear()
    for number in (91, 92, 93):
        assert digest_of(reader.read(number, keeps_all=True)) == truth[number].digest
    assert len(feeds.numbers) < 12
    reader.close()


def test_going_on_feeds_each_packet_once(feeds: Feeds, clip: Callable[[str], Path]) -> None:
    taken: list[Frame] = []
    reader = reader_of(clip("h264.mp4"), taken)
    for number in range(len(reader.index)):
        # The last few come out together when the file ends.
        if number not in {frame.frame_number for frame in taken}:
            assert reader.read(number, keeps_all=True).frame_number == number
    assert feeds.numbers == sorted(set(feeds.numbers))
    reader.close()


def test_frames_on_the_way_are_handed_over(clip: Callable[[str], Path]) -> None:
    taken: list[Frame] = []
    reader = reader_of(clip("gop_one_long.mp4"), taken)
    reader.read(30, keeps_all=True)
    assert {frame.frame_number for frame in taken} >= set(range(31))
    reader.close()


def test_leading_pictures_of_a_start_are_never_handed_over(clip: Callable[[str], Path]) -> None:
    truth = true_frames(clip("gop_open.ts"))
    taken: list[Frame] = []
    reader = reader_of(clip("gop_open.ts"), taken)
    for number in shuffled(len(truth), seed=4):
        reader.forget_position()
        reader.read(number, keeps_all=True)
    assert [
        frame.frame_number for frame in taken if digest_of(frame) != truth[frame.frame_number].digest
    ] == []
    reader.close()


def test_a_wrong_picture_is_found_out_and_reached_from_further_back(clip: Callable[[str], Path]) -> None:
    """A P picture that is flagged as a keyframe: decoding cannot start there."""
    path = clip("gop_one_long.mp4")
    info, truth = probe(str(path)), true_frames(path)
    index = build_index(info, counting=Counting.DECODE)
    p_frame = int(np.flatnonzero(index.picture_type_codes[40:] == 2)[0]) + 40
    packet = int(index.packet_numbers[p_frame])
    entries = index.entries
    liar = replace(
        entries,
        packet_numbers=np.array([0, packet], np.int32),
        first_numbers=np.array([0, p_frame], np.int32),
        pts=index.pts[[0, p_frame]],
        dts=index.dts[[0, p_frame]],
        positions=np.array([entries.positions[0], -1]),
    )
    reader = ExactReader(info, replace(index, entries=liar))
    for number in (p_frame + 5, p_frame + 1, 3, len(truth) - 1):
        assert digest_of(reader.read(number)) == truth[number].digest
    reader.close()


def test_a_lost_frame_is_unavailable_and_the_rest_is_not(clip: Callable[[str], Path]) -> None:
    """Numbered by packets, as a long file is, each damaged packet keeps its number."""
    reader = reader_of(clip("damaged_mjpeg.mov"))
    lost = []
    for number in range(len(reader.index)):
        try:
            assert reader.read(number).frame_number == number
        except FrameUnavailableError as error:
            lost.append((error.frame_number, error.reason))
    assert 0 < len(lost) <= 2
    assert all(reason for _, reason in lost)
    assert reader.read(0).frame_number == 0
    reader.close()


def test_a_better_index_of_the_same_numbers_keeps_the_place(feeds: Feeds, plain_clip: Path) -> None:
    reader = reader_of(plain_clip)
    reader.read(5, keeps_all=True)
    reader.adopt_index(replace(reader.index, notes=("longer",)))
    feeds.numbers.clear()
    reader.read(6, keeps_all=True)
    assert len(feeds.numbers) <= 3
    reader.close()


@pytest.mark.parametrize("seed", range(8))
def test_concealed_areas_are_those_of_a_sequential_decode(
    seed: int, clip: Callable[[str], Path], tmp_path: Path
) -> None:
    # What this decoder shows where 4:4:4 is damaged is what the buffer held before, so it matters which
    # buffers are in use when.
    rng = random.Random(seed)
    data = bytearray(clip("chroma_444.mp4").read_bytes())
    with av.open(clip("chroma_444.mp4")) as container:
        places = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.pos is not None]
    for position, size in rng.sample(places[2:], 6):
        data[position + rng.randrange(size // 3, size)] ^= 0x55
    path = tmp_path / "damaged.mp4"
    path.write_bytes(data)
    truth: list[str] = []
    with av.open(path) as container:
        stream = container.streams.video[0]
        stream.thread_count = 1
        for packet in container.demux(stream):
            with contextlib.suppress(av.FFmpegError):
                truth.extend(digest_of_av_frame(frame) for frame in packet.decode())
    with open_video(path, use_index_cache=False) as video:
        assert len(video) == len(truth)
        for number in shuffled(len(truth)):
            assert digest_of(video.frame(number)) == truth[number], number


def elsewhere(index: FrameIndex, packet: int, other: int) -> FrameIndex:
    """The index of a stream in which the frame of one packet comes from another one."""
    numbers = np.where(index.packet_numbers == packet, other, index.packet_numbers)
    return replace(index, packet_numbers=numbers.astype(np.int32))


@pytest.mark.parametrize(
    "change",
    [
        lambda index: replace(index, packet_sizes=index.packet_sizes + 1),
        lambda index: replace(index, digests=np.zeros(len(index), np.uint64)),
        lambda index: replace(index, damaged_frames=np.array([0], np.int32)),
        lambda index: replace(index, single_thread=True),
        lambda index: elsewhere(index, 0, 2),
        # A second field.
        lambda index: elsewhere(index, 1, 2),
        # Two frames in the first packet.
        lambda index: elsewhere(index, 2, 0),
    ],
)
def test_a_picture_is_frame_0_only_if_all_that_is_known_says_so(
    change: Callable[[FrameIndex], FrameIndex], plain_clip: Path
) -> None:
    decoded: list[FirstDecoded] = []
    info = probe(plain_clip, on_first=decoded.append)
    index = build_index(info, counting=Counting.PACKETS)
    assert first_frame(info, index, decoded[0]) is not None
    assert first_frame(info, change(index), decoded[0]) is None
