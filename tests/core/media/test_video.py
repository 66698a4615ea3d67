"""The façade: what the README promises of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

import framescope
from framescope import FrameUnavailableError, open_video
from framescope.core.media import index_builder
from framescope.core.media.decoding.decoder import StreamDecoder
from framescope.core.synth.number_blocks import read_number

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from framescope.core.media.decoding.decoder import DecodedPacket, VideoPacket


def test_what_a_script_sees(plain_clip: Path) -> None:
    with framescope.open_video(plain_clip, use_index_cache=False) as video:
        assert len(video) == 48
        assert (video.info.codec, video.info.width, video.info.height) == ("h264", 160, 120)
        assert video.index.keyframes.tolist() == [0, 12, 24, 36]
        frame = video.frame(17)
        assert (frame.frame_number, frame.is_keyframe, frame.is_damaged) == (17, False, False)
        assert frame.time_s == pytest.approx(17 / 24)
        assert frame.to_rgb().shape == (120, 160, 3)
        assert np.array_equal(frame.to_bgr(), frame.to_rgb()[:, :, ::-1])
        assert [plane.shape for plane in frame.planes()] == [(120, 160), (60, 80), (60, 80)]
        assert read_number(frame.to_rgb()) == 17


@pytest.mark.parametrize("number", [-1, 48, 10_000])
def test_a_number_outside_is_an_index_error(number: int, plain_clip: Path) -> None:
    with open_video(plain_clip, use_index_cache=False) as video, pytest.raises(IndexError):
        video.frame(number)


def test_frames_of_ranges_lists_and_slices(plain_clip: Path) -> None:
    with open_video(plain_clip, use_index_cache=False) as video:
        for numbers in (range(3, 9, 2), [40, 2, 2, 17], slice(-3, None)):
            wanted = list(range(48))[numbers] if isinstance(numbers, slice) else list(numbers)
            assert [read_number(frame.to_rgb()) for frame in video.frames(numbers)] == wanted


def test_damage_is_an_answer_and_ends_nothing(
    clip: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_builder, "SHORT_PIXELS", 0)
    with open_video(clip("damaged_mjpeg.mov"), use_index_cache=False) as video:
        answers = list(video.try_frames(range(len(video))))
        lost = [answer for answer in answers if isinstance(answer, FrameUnavailableError)]
        assert len(answers) == len(video)
        assert 0 < len(lost) <= 2
        with pytest.raises(FrameUnavailableError):
            list(video.frames(range(len(video))))


def test_the_cache_answers_without_decoding(plain_clip: Path) -> None:
    with open_video(plain_clip, use_index_cache=False) as video:
        assert video.cached_frame(20) is None
        frame = video.frame(20)
        assert video.cached_frame(20) is frame
        assert video.frame(20) is frame
        assert any(start <= 20 < stop for start, stop in video.cached_spans())
        nearest = video.nearest_cached_frame(21)
        assert nearest is not None
        assert video.cached_bytes > 0
    assert video.cached_bytes == 0


def test_thumbnails_are_the_frame_or_its_keyframe(plain_clip: Path) -> None:
    with open_video(plain_clip, use_index_cache=False) as video:
        exact, rough = video.thumbnail(17, 120), video.thumbnail(17, 120, exact=False)
        assert exact.shape == rough.shape == (120, 160, 4)
        assert read_number(np.ascontiguousarray(exact[:, :, 2::-1])) == 17
        assert read_number(np.ascontiguousarray(rough[:, :, 2::-1])) == 12


def test_what_leads_to_two_thumbnails_is_decoded_once(
    plain_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fed: list[int] = []
    feed = StreamDecoder.feed

    def noted_feed(decoder: StreamDecoder, packet: VideoPacket, number: int) -> list[DecodedPacket]:
        fed.append(number)
        return feed(decoder, packet, number)

    monkeypatch.setattr(StreamDecoder, "feed", noted_feed)
    with open_video(plain_clip, use_index_cache=False, read_ahead=False) as video:
        fed.clear()
        for number, next_number in ((13, 17), (17, 22), (22, None)):
            thumbnail = video.thumbnail(number, 120, next_number=next_number)
            assert read_number(np.ascontiguousarray(thumbnail[:, :, 2::-1])) == number
    assert len(fed) == len(set(fed))


def test_thumbnails_are_upright_and_square(clip: Callable[[str], Path]) -> None:
    with open_video(clip("rotated_90.mp4"), use_index_cache=False) as video:
        assert video.frame(3).planes()[0].shape == (160, 120)
        assert video.frame(3).to_rgb().shape[:2] == (120, 160)
        thumbnail = video.thumbnail(3, 120)
        assert thumbnail.shape[:2] == (120, 160)
        assert read_number(np.ascontiguousarray(thumbnail[:, :, 2::-1])) == 3


def test_a_file_whose_video_yields_nothing_is_refused(media_file: Callable[[str], Path]) -> None:
    with pytest.raises(framescope.OpenError, match="no frame"):
        open_video(media_file("bad_bitstream.webm"), use_index_cache=False)


@pytest.fixture
def fed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the packets that decoders were given."""
    numbers: list[int] = []
    feed = StreamDecoder.feed

    def noted(decoder: StreamDecoder, packet: VideoPacket, packet_number: int) -> list[DecodedPacket]:
        numbers.append(packet_number)
        return feed(decoder, packet, packet_number)

    monkeypatch.setattr(StreamDecoder, "feed", noted)
    return numbers


def _is_reference(data: bytes) -> bool:
    """Whether the first slice of an MP4's H.264 packet has a nal_ref_idc (ITU-T H.264, 7.4.1)."""
    place = 0
    while data[place + 4] & 31 not in (1, 5):
        place += 4 + int.from_bytes(data[place : place + 4], "big")
    return bool(data[place + 4] & 0x60)


def _needed(path: Path, wanted: Collection[int]) -> list[int]:
    """The packets of a single GOP that these frames depend on, as far as nal_ref_idc tells, in order."""
    with av.open(path) as container:
        packets = [(packet.pts, bytes(packet)) for packet in container.demux(video=0) if packet.size]
    shown = sorted(pts for pts, _ in packets if pts is not None)
    places = [
        place for place, (pts, _) in enumerate(packets) if pts is not None and shown.index(pts) in wanted
    ]
    return [place for place in range(max(places) + 1) if place in places or _is_reference(packets[place][1])]


def test_who_jumps_about_has_nothing_decoded_but_what_the_frame_needs(
    clip: Callable[[str], Path], fed: list[int]
) -> None:
    path = clip("gop_one_long.mp4")
    with open_video(path, use_index_cache=False, cache_bytes=0) as video:
        # The first jump back may still use what comes before it.
        for number in (70, 100, 30):
            assert read_number(video.frame(number).to_rgb()) == number
        for number in (110, 61, 118, 75):
            fed.clear()
            assert read_number(video.frame(number).to_rgb()) == number
            assert fed == _needed(path, {number})


@pytest.mark.parametrize("stride", [2, 3, 7, 30])
def test_frames_between_those_wanted_are_not_decoded_unless_others_need_them(
    stride: int, clip: Callable[[str], Path], fed: list[int]
) -> None:
    path = clip("gop_one_long.mp4")
    with open_video(path, use_index_cache=False) as video:
        wanted = range(0, len(video), stride)
        # A short video is decoded once when it is opened.
        fed.clear()
        assert [read_number(frame.to_rgb()) for frame in video.frames(wanted)] == list(wanted)
        assert len(fed) == len(set(fed))
        assert {number for number in fed if number <= max(_needed(path, wanted))} == {*_needed(path, wanted)}
        # Those that were left out are there when they are wanted after all.
        assert read_number(video.frame(wanted[-1] - 1).to_rgb()) == wanted[-1] - 1


def test_who_steps_on_after_every_jump_finds_the_decoder_there(
    clip: Callable[[str], Path], fed: list[int]
) -> None:
    with open_video(clip("gop_one_long.mp4"), use_index_cache=False) as video:
        for number in (110, 60, 100, 80):
            video.frame(number)
            fed.clear()
            assert read_number(video.frame(number + 1).to_rgb()) == number + 1
            assert len(fed) <= 3
