"""``video[n]``, slices, iteration and times: a video is a sequence of its frames."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope import open_video
from framescope.core.synth.number_blocks import read_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from framescope import Frame, Video


@pytest.fixture
def video(plain_clip: Path) -> Iterator[Video]:
    with open_video(plain_clip, use_index_cache=False) as video:
        yield video


def number_in(frame: Frame) -> int:
    number = read_number(frame.to_rgb())
    assert number is not None
    return number


def test_places_count_from_either_end(video: Video) -> None:
    assert [number_in(video[place]) for place in (0, 17, -1, -48)] == [0, 17, 47, 0]
    assert number_in(video[np.int64(5)]) == 5
    for place in (48, -49):
        with pytest.raises(IndexError, match=f"frame {place} of"):
            video[place]


def test_slices_are_sequences_of_their_own(video: Video) -> None:
    part = video[40:10:-7]
    assert len(part) == 5
    assert [number_in(frame) for frame in part] == [40, 33, 26, 19, 12]
    assert number_in(part[-1]) == 12
    assert [number_in(frame) for frame in part[1:3]] == [33, 26]
    assert [number_in(frame) for frame in video[-2:]] == [46, 47]
    assert list(video[48:]) == []
    with pytest.raises(IndexError):
        part[5]


def test_iterating_gives_every_frame(video: Video) -> None:
    assert [number_in(frame) for frame in video] == list(range(48))
    first, second = zip(video, video, strict=True), iter(video)
    assert all(a.frame_number == b.frame_number for a, b in first)
    assert next(second).frame_number == 0


@pytest.mark.parametrize("name", ["h264.mp4", "vfr.mkv"])
def test_every_time_in_the_index_gives_its_frame(clip: Callable[[str], Path], name: str) -> None:
    with open_video(clip(name), use_index_cache=False) as video:
        for number, time_s in enumerate(video.index.times_s):
            assert number_in(video.frame_at(float(time_s))) == number


def test_between_two_times_the_earlier_frame_is_shown(video: Video) -> None:
    assert video.frame_at(0.0).frame_number == 0
    assert video.frame_at(Fraction(1, 48)).frame_number == 0
    assert video.frame_at(1.04).frame_number == 24
    assert video.frame_at(np.float32(1.0)).frame_number == 24
    assert video.frame_at(47.9 / 24).frame_number == 47


@pytest.mark.parametrize("time_s", [-0.1, 49.5 / 24, 1e300, math.nan, math.inf, Fraction(10**400)])
def test_times_when_nothing_is_shown_are_refused(video: Video, time_s: Fraction | float) -> None:
    with pytest.raises(IndexError):
        video.frame_at(time_s)
