"""Several decoders at once: the frames, their order, the memory, and the end of their threads."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope import FrameScopeError, open_video
from framescope.core.errors import FrameUnavailableError
from framescope.core.media import index_builder
from framescope.core.media.decoding import side_by_side
from framescope.core.media.decoding.reader import ExactReader
from framescope.core.media.decoding.side_by_side import decoders_for, stretches
from tests.contract.checks import digest_of
from tests.core.media.test_video_many import FEW_BYTES, NAMES, choices, wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from framescope import Video
    from framescope.core.model.frame import Frame


@pytest.fixture(autouse=True)
def used_for_all(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three decoders, however little there is to read; and none of their threads is left."""
    monkeypatch.setattr(side_by_side, "core_count", lambda: 3)
    monkeypatch.setattr(side_by_side, "_FEWEST_DECODED", 1)
    monkeypatch.setattr(side_by_side, "_SPARSE", 0)
    monkeypatch.setattr(side_by_side, "_STRETCH", 1)
    yield
    assert not decoder_threads()


def decoder_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("framescope-side-by-side")]


@pytest.fixture
def video(clip: Callable[[str], Path]) -> Iterator[Video]:
    with open_video(clip("h264.mp4"), use_index_cache=False, cache_bytes=FEW_BYTES) as opened:
        assert decoders_for(opened.info, opened.index, np.arange(len(opened))) == 3
        yield opened


@pytest.mark.parametrize("name", [*NAMES, "gop_open.mkv", "gop_pyramid.ts", "gop_hevc_open.mp4", "vfr.mkv"])
def test_frames_are_those_of_a_sequential_decode(name: str, clip: Callable[[str], Path]) -> None:
    path = clip(name)
    with open_video(path, use_index_cache=False, cache_bytes=FEW_BYTES) as video:
        assert wrong(video, path, choices(video)) == []


@pytest.mark.parametrize(
    "name", ["damaged_middle.mp4", "damaged_keyframe.mp4", "lost_packets.mkv", "cut_off.mkv"]
)
def test_damage_gives_the_answers_that_one_decoder_gives(
    name: str, clip: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def answers() -> list[object]:
        with open_video(clip(name), use_index_cache=False, cache_bytes=FEW_BYTES) as video:
            return [
                answer.reason
                if isinstance(answer, FrameUnavailableError)
                else (answer.frame_number, answer.is_damaged, digest_of(answer))
                for answer in video.try_frames(range(len(video)))
            ]

    found = answers()
    monkeypatch.setattr(side_by_side, "core_count", lambda: 1)
    assert found == answers()


@pytest.mark.parametrize("name", ["damaged_middle.mp4", "damaged_keyframe.mp4"])
def test_damage_that_is_found_becomes_known_to_the_video(
    name: str, clip: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_video(clip(name), use_index_cache=False) as video:
        decoded = video.damaged_frames.tolist()
    # As a long file is counted: its damage is only found by decoding it.
    monkeypatch.setattr(index_builder, "SHORT_PIXELS", 0)
    with open_video(clip(name), use_index_cache=False, cache_bytes=FEW_BYTES) as video:
        every = range(len(video))
        assert decoders_for(video.info, video.index, np.array(every)) == 3
        assert not len(video.damaged_frames)
        for answer in video.try_frames(every):
            if not isinstance(answer, FrameUnavailableError) and answer.is_damaged:
                assert answer.frame_number in video.damaged_frames
        assert video.damaged_frames.tolist() == decoded
        assert decoded


def test_frames_before_their_turn_take_a_bounded_room(video: Video, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: list[int] = []
    give = side_by_side.SideBySide._give  # noqa: SLF001 - the shelves are what is bounded

    def give_and_count(readers: side_by_side.SideBySide, turn: int, answer: Frame) -> None:
        give(readers, turn, answer)
        others = (shelf for place, shelf in enumerate(readers._shelves) if place != readers._turn)  # noqa: SLF001
        waiting.append(sum(map(len, others)))

    monkeypatch.setattr(side_by_side.SideBySide, "_give", give_and_count)
    monkeypatch.setattr(side_by_side, "_ROOM_BYTES", 1)
    numbers = [frame.frame_number for frame in video.frames(range(len(video)))]
    assert numbers == list(range(len(video)))
    # One for each decoder but the one whose turn it is.
    assert max(waiting) <= 3


def test_frames_that_nobody_takes_any_more_are_not_read(
    video: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_by_side, "_ROOM_BYTES", 1)
    frames = video.frames(range(len(video)))
    assert next(frames).frame_number == 0
    assert decoder_threads()
    del frames
    assert not decoder_threads()


def test_closing_the_video_ends_the_reading(video: Video) -> None:
    frames = video.frames(range(len(video)))
    next(frames)
    video.close()
    with pytest.raises(FrameScopeError, match="closed"):
        list(frames)


def test_a_bug_in_a_decoder_is_told(video: Video, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(_reader: ExactReader, _number: int, **_: object) -> Frame:
        raise ZeroDivisionError

    monkeypatch.setattr(ExactReader, "read", read)
    with pytest.raises(ZeroDivisionError):
        list(video.frames(range(len(video))))


def test_stretches_begin_where_decoding_can(video: Video, monkeypatch: pytest.MonkeyPatch) -> None:
    assert stretches(video.index, np.array([0, 11, 12, 13, 40])) == [[0, 11], [12, 13], [40]]
    monkeypatch.setattr(side_by_side, "_STRETCH", 20)
    assert stretches(video.index, np.array([0, 11, 12, 24, 24, 40])) == [[0, 11, 12], [24, 24, 40]]


def test_one_decoder_reads_what_is_dense_large_or_little(
    video: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = np.arange(len(video))
    for name, value in (("_SPARSE", 2), ("_FEWEST_DECODED", 1000), ("_MOST_PIXELS", 10)):
        with monkeypatch.context() as patch:
            patch.setattr(side_by_side, name, value)
            assert decoders_for(video.info, video.index, every) == 1
    assert decoders_for(video.info, video.index, every[:0]) == 1
    assert decoders_for(video.info, video.index, every[:12]) == 1
