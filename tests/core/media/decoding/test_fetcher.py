"""The threads that carry the schedule out: what they fetch is exact; they rest, stop and end when told."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope import FrameUnavailableError, open_video
from framescope.core.media import index_builder
from framescope.core.media.decoding import fetcher as fetcher_module
from framescope.core.media.decoding import reader as reader_module
from framescope.core.media.decoding.cache import FrameCache
from framescope.core.media.decoding.decoder import StreamDecoder
from framescope.core.media.decoding.fetcher import Fetcher
from framescope.core.media.decoding.reader import ExactReader
from framescope.core.media.index_builder import build_index
from framescope.core.media.probe import probe
from framescope.core.source.opening import known_video
from tests.clips.truth import true_frames
from tests.contract.checks import restless, shuffled, wrong_frames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from framescope.core.media.decoding.decoder import DecodedPacket, VideoPacket
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.frame import Frame
    from framescope.core.model.stream_facts import VideoInfo

LARGE = 1 << 30

HANDS = ["gop_pyramid.mp4", "gop_open.ts", "gop_hevc_open.mp4", "vp9.webm", "av1.mp4", "mpeg4.avi"]
HANDS += ["gop_mpeg2_interlaced.ts", "gop_intra_refresh.mp4", "mjpeg.mov", "damaged_middle.mp4"]
"""With and without pictures to leave out, leading pictures, landing by bytes, fields, no keyframe, damage."""


@pytest.fixture
def video(clip: Callable[[str], Path]) -> Iterator[Video]:
    info = probe(str(clip("gop_irregular.mp4")))
    with known_video(info, build_index(info), read_ahead=True) as video:
        yield video


def is_true_soon(condition: Callable[[], bool]) -> bool:
    done = threading.Event()
    for _ in range(1200):
        if condition():
            return True
        done.wait(0.05)
    return False


def wait_until_cached(video: Video, numbers: range) -> bool:
    return is_true_soon(lambda: all(video.cached_frame(number) is not None for number in numbers))


def decoder_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("framescope-decoder")]


def test_the_stretch_before_a_jump_gets_cached(video: Video) -> None:
    number = int(video.index.keyframes[1]) + 5
    video.frame(number)
    assert wait_until_cached(video, range(int(video.index.keyframes[1]), number + 10))


def test_what_is_around_a_prepared_frame_is_fetched_once_it_is_requested(video: Video) -> None:
    number = int(video.index.keyframes[1]) + 5
    video.prepare(number)
    prepared = video.cached_frame(number)
    assert prepared is not None
    assert video.frame(number) is prepared
    assert wait_until_cached(video, range(int(video.index.keyframes[1]), number + 10))


@pytest.mark.parametrize("name", HANDS)
@pytest.mark.parametrize("cache_bytes", [1, 300_000, LARGE])
def test_frames_are_exact_however_one_moves(
    name: str, cache_bytes: int, clip: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    # As a long file is counted: from its packets, where they can be trusted.
    monkeypatch.setattr(index_builder, "SHORT_PIXELS", 0)
    path = clip(name)
    with open_video(path, use_index_cache=False, cache_bytes=cache_bytes, read_ahead=True) as video:
        truth = true_frames(path)
        last = len(truth) - 1
        drags = [*range(0, last, 7), *range(last, 0, -7), *range(last, 0, -3)]
        assert wrong_frames(video, truth, [*restless(len(truth)), *drags]) == []
        assert wrong_frames(video, truth, shuffled(len(truth))[:20]) == []


def test_a_frame_that_cannot_be_decoded_is_refused_each_time_and_its_neighbours_come(
    clip: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_builder, "SHORT_PIXELS", 0)
    with open_video(clip("damaged_mjpeg.mov"), use_index_cache=False, read_ahead=True) as video:
        for _ in range(2):
            refused: list[int] = []
            for number in [*range(len(video)), *reversed(range(len(video)))]:
                try:
                    assert video.frame(number).frame_number == number
                except FrameUnavailableError as error:
                    refused.append(error.frame_number)
            assert 0 < len(set(refused)) <= 2
            assert len(refused) == 2 * len(set(refused))


@pytest.mark.parametrize(
    "path", [(50,), (50, 49, 48), (50, 51, 52), (50, 57, 64, 71), (70, 63, 56, 49), (5, 60, 0)]
)
def test_at_rest_nothing_is_decoded_and_nobody_wakes_up(
    path: tuple[int, ...], video: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    fed: list[int] = []
    woken: list[str] = []
    feed, sleep = StreamDecoder.feed, fetcher_module._Worker.sleep  # noqa: SLF001 - where the threads wait

    def counted(self: StreamDecoder, packet: VideoPacket, packet_number: int) -> list[DecodedPacket]:
        fed.append(packet_number)
        return feed(self, packet, packet_number)

    def noted(worker: fetcher_module._Worker, longest_s: float | None) -> None:
        sleep(worker, longest_s)
        woken.append(threading.current_thread().name)

    monkeypatch.setattr(StreamDecoder, "feed", counted)
    monkeypatch.setattr(fetcher_module._Worker, "sleep", noted)  # noqa: SLF001
    for number in path:
        video.frame(number)
    seen: list[tuple[int, int]] = []

    def is_resting() -> bool:
        seen.append((len(fed), len(woken)))
        return seen[-6:] == seen[-1:] * 6

    assert is_true_soon(is_resting)
    assert fed
    at_rest = len(fed), len(woken)
    threading.Event().wait(1.0)
    assert (len(fed), len(woken)) == at_rest


def test_jumping_about_keeps_what_was_asked_for_and_what_is_near(video: Video) -> None:
    def at_hand() -> set[int]:
        return {number for start, stop in video.cached_spans() for number in range(start, stop)}

    last = len(video) - 1
    video.frame(0)
    assert is_true_soon(lambda: at_hand() >= set(range(20)))
    video.frame(last)
    assert is_true_soon(lambda: at_hand() >= set(range(last - 20, last + 1)))
    assert at_hand() & set(range(20)) == {0}


def test_an_idle_decoder_gives_back_the_memory_of_frames_evicted_for_another(
    clip: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_module, "_SPARE_BYTES", 0)
    info = probe(str(clip("gop_irregular.mp4")))
    index = build_index(info)
    readers: list[ExactReader] = []

    def noted_reader(info: VideoInfo, index: FrameIndex, on_frame: Callable[[Frame], None]) -> ExactReader:
        readers.append(ExactReader(info, index, on_frame))
        return readers[-1]

    # Room for a few frames only, so that those behind a frame soon make room for those that follow.
    picture_bytes = true_picture_bytes(info, index)
    fetcher = Fetcher(info, index, FrameCache(24 * picture_bytes), noted_reader)
    for number in (*range(len(index) - 1, 20, -1), *range(20, len(index))):
        fetcher.frame(number)
    assert is_true_soon(lambda: not any(reader.has_much_to_give_back for reader in readers))
    fetcher.close()


def true_picture_bytes(info: VideoInfo, index: FrameIndex) -> int:
    with known_video(info, index) as video:
        return video.frame(0).picture.size_bytes


def test_no_thread_starts_before_a_request_or_outlives_the_video(clip: Callable[[str], Path]) -> None:
    info = probe(str(clip("gop_irregular.mp4")))
    for number in (0, 70, 30):
        video = known_video(info, build_index(info), read_ahead=True)
        assert decoder_threads() == []
        video.frame(number)
        assert decoder_threads()
        video.close()
        assert decoder_threads() == []


def test_a_new_index_is_fetched_by(video: Video) -> None:
    video.frame(50)
    video.adopt_index(build_index(video.info))
    video.frame(20)
    assert wait_until_cached(video, range(int(video.index.keyframes[0]), 20))


def raising_once(real: Callable[..., bool], when: Callable[[], bool]) -> Callable[..., bool]:
    left = [ZeroDivisionError]

    def put(*args: object) -> bool:
        if left and when():
            raise left.pop()
        return real(*args)

    return put


@pytest.mark.parametrize("is_awaited", [True, False])
def test_a_bug_is_told_to_whoever_waits_and_otherwise_reported(
    clip: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    is_awaited: bool,  # noqa: FBT001
) -> None:
    reports: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", reports.append)
    truth = true_frames(clip("gop_irregular.mp4"))
    info = probe(str(clip("gop_irregular.mp4")))
    raised = raising_once(FrameCache.put, lambda: True)
    with known_video(info, build_index(info), read_ahead=True) as video:
        if is_awaited:
            monkeypatch.setattr(FrameCache, "put", raised)
            with pytest.raises(ZeroDivisionError):
                video.frame(50)
        else:
            video.frame(50)
            monkeypatch.setattr(FrameCache, "put", raised)
            assert is_true_soon(lambda: bool(reports))
        assert wrong_frames(video, truth, [50, 49, 48, 47, 20, 21, 80, 79]) == []
    assert [report.exc_type for report in reports] == ([] if is_awaited else [ZeroDivisionError])


def test_frames_of_a_replaced_index_do_not_enter_the_cache(clip: Callable[[str], Path]) -> None:
    """The index changes while a frame by the old one is on its way."""
    info = probe(str(clip("gop_irregular.mp4")))
    index = build_index(info)
    other = replace(index, digests=None if index.digests is not None else np.zeros(len(index), np.uint64))
    assert not other.extends(index)
    late, adopted = threading.Event(), threading.Event()
    kept: list[int] = []
    cache = FrameCache(LARGE)
    put = cache.put

    def noted_put(frame: Frame, epoch: int, wanted: range = range(0), decoder: int = 0) -> bool:
        fits = put(frame, epoch, wanted, decoder)
        if frame.frame_number in cache:
            kept.append(epoch)
        return fits

    cache.put = noted_put  # type: ignore[method-assign]

    def slow_reader(info: VideoInfo, index: FrameIndex, on_frame: Callable[[Frame], None]) -> ExactReader:
        def take(frame: Frame) -> None:
            if frame.frame_number == 60 and not adopted.is_set():
                late.set()
                assert adopted.wait(60)
            on_frame(frame)

        return ExactReader(info, index, take)

    fetcher = Fetcher(info, index, cache, slow_reader)
    fetcher.frame(50)
    assert late.wait(60)
    kept.clear()
    epoch = cache.clear()
    fetcher.adopt_index(other, epoch)
    adopted.set()
    fetcher.frame(50)
    assert is_true_soon(lambda: 51 in cache)
    fetcher.close()
    assert set(kept) == {epoch}
