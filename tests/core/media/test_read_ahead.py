"""What is fetched ahead, and that the fetching stands still, stops and ends when told."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.media.cache import FrameCache
from framescope.core.media.index_builder import build_index
from framescope.core.media.probe import probe
from framescope.core.media.read_ahead import ReadAhead, ReadRequest, plan_windows
from framescope.core.media.reader import ExactReader
from framescope.core.source.opening import known_video
from tests.clips.truth import true_frames
from tests.contract.checks import wrong_frames
from tests.core.media.index_examples import closed_gops, open_gops

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from framescope.core.media.video import Video
    from framescope.core.model.frame import Frame

LARGE = 1 << 30


def test_after_a_jump_the_stretch_before_comes_first() -> None:
    windows = plan_windows(closed_gops(), ReadRequest(6, 0, 100), LARGE)
    assert windows == [range(4, 7), range(4), range(7, 8)]


def test_going_on_reads_on() -> None:
    assert plan_windows(closed_gops(), ReadRequest(2, 1, 100), LARGE) == [range(3, 8)]
    assert plan_windows(closed_gops(), ReadRequest(7, 1, 100), LARGE) == [range(8, 8)]


def test_going_back_fetches_the_gop_before() -> None:
    assert plan_windows(closed_gops(), ReadRequest(4, -1, 100), LARGE) == [range(4, 5), range(4)]


def test_leading_pictures_come_with_the_gop_they_need() -> None:
    assert plan_windows(open_gops(), ReadRequest(5, -1, 100), LARGE)[0] == range(6)


def test_windows_fit_the_cache() -> None:
    windows = plan_windows(closed_gops(), ReadRequest(7, -1, 100), 400)
    assert windows == [range(6, 8)]


@pytest.fixture
def video(clip: Callable[[str], Path]) -> Iterator[Video]:
    info = probe(str(clip("gop_irregular.mp4")))
    with known_video(info, build_index(info), read_ahead=True) as video:
        yield video


def wait_until_cached(video: Video, numbers: range) -> bool:
    done = threading.Event()
    for _ in range(1200):
        if all(video.cached_frame(number) is not None for number in numbers):
            return True
        done.wait(0.05)
    return False


def test_the_stretch_before_a_jump_gets_cached(video: Video) -> None:
    number = int(video.index.keyframes[1]) + 5
    video.frame(number)
    assert wait_until_cached(video, range(int(video.index.keyframes[1]), number))


def test_frames_stay_exact_however_one_moves(video: Video, clip: Callable[[str], Path]) -> None:
    truth = true_frames(clip("gop_irregular.mp4"))
    last = len(truth) - 1
    hands = [*range(last, last - 40, -1), 5, 6, 7, 8, 40, 39, 38, *range(30, 60, 3), 80, 79, 2, last, 0]
    assert wrong_frames(video, truth, hands) == []


def test_no_thread_outlives_the_video(clip: Callable[[str], Path]) -> None:
    before = set(threading.enumerate())
    info = probe(str(clip("gop_irregular.mp4")))
    for number in (0, 70, 30):
        video = known_video(info, build_index(info), read_ahead=True)
        video.frame(number)
        video.close()
    assert set(threading.enumerate()) <= before


def test_a_new_index_is_fetched_by(video: Video) -> None:
    video.frame(50)
    video.adopt_index(build_index(video.info))
    video.frame(20)
    assert wait_until_cached(video, range(int(video.index.keyframes[0]), 20))


def test_a_bug_is_reported_and_nobody_waits_for_it(
    clip: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    reports: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", reports.append)
    truth = true_frames(clip("gop_irregular.mp4"))
    info = probe(str(clip("gop_irregular.mp4")))
    with known_video(info, build_index(info), read_ahead=True) as video:
        monkeypatch.setattr(FrameCache, "put", raising_in_thread(FrameCache.put, "framescope-read-ahead"))
        assert wrong_frames(video, truth, [50]) == []
        (thread,) = (each for each in threading.enumerate() if each.name == "framescope-read-ahead")
        thread.join(60)
        assert not thread.is_alive()
        assert wrong_frames(video, truth, [49, 48, 47, 20, 21, 80, 79]) == []
    assert [report.exc_type for report in reports] == [ZeroDivisionError]


def raising_in_thread(real: Callable[..., None], name: str) -> Callable[..., None]:
    def put(*args: object) -> None:
        if threading.current_thread().name == name:
            raise ZeroDivisionError
        real(*args)

    return put


def test_frames_of_a_replaced_index_do_not_enter_the_cache(clip: Callable[[str], Path]) -> None:
    """The index changes while a frame by the old one is just about to be kept."""
    info = probe(str(clip("gop_irregular.mp4")))
    index = build_index(info)
    other = replace(index, digests=None if index.digests is not None else np.zeros(len(index), np.uint64))
    assert not other.extends(index)
    late, adopted = threading.Event(), threading.Event()
    kept: list[int] = []
    cache = FrameCache(LARGE)
    put = cache.put

    def slow_put(frame: Frame, epoch: int) -> None:
        if not adopted.is_set():
            late.set()
            assert adopted.wait(60)
        put(frame, epoch)
        if frame.frame_number in cache:
            kept.append(epoch)

    cache.put = slow_put  # type: ignore[method-assign]
    ahead = ReadAhead(info, index, cache, ExactReader)
    ahead.release(ReadRequest(50, 1, 100))
    assert late.wait(60)
    epoch = cache.clear()
    adopted.set()
    ahead.adopt_index(other, epoch)
    ahead.release(ReadRequest(50, 1, 100))
    for _ in range(1200):
        if kept:
            break
        threading.Event().wait(0.05)
    ahead.close()
    assert kept
    assert set(kept) == {epoch}
