"""Many frames at a time, read the cheaper way: each is the frame that a sequential decode shows there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope import open_video
from tests.clips.truth import true_frames
from tests.contract.checks import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from framescope import Video

NAMES = [
    "h264.mp4",
    "h264.ts",
    "h264.h264",
    "hevc.mkv",
    "mpeg2.mpg",
    "mpeg4.avi",
    "vp9.webm",
    "av1.mp4",
    "mjpeg.avi",
]
REAL = ["h264_bpyramid_gop30.mp4", "mpeg1_bbb.mpg", "h264_gop150_pancake.mkv", "cinepak_dropped.avi"]
FEW_BYTES = 200_000


def wrong(video: Video, path: Path, choices: Sequence[Sequence[int]]) -> list[str]:
    truth = true_frames(path, stream_index=video.info.stream_index)
    assert len(truth) == len(video)
    lines = []
    for numbers in choices:
        answers = list(video.try_frames(numbers))
        assert len(answers) == len(numbers)
        for number, answer in zip(numbers, answers, strict=True):
            if isinstance(answer, Exception) or digest_of(answer) != truth[number].digest:
                lines.append(f"{number} of {len(numbers)}")
            elif answer.frame_number != number:
                lines.append(f"{number} is called {answer.frame_number}")
    return lines


def choices(video: Video) -> list[Sequence[int]]:
    """Sparse and dense ones, with repeats, and all; each after the other through one decoder."""
    total = len(video)
    return [
        range(0, total, 2),
        range(1, total, 5),
        range(total // 3, total, 17),
        video.index.keyframes.tolist(),
        sorted([0, 1, 1, 1, total // 2, total // 2 + 1, total // 2 + 1, total - 1]),
        range(total),
    ]


@pytest.mark.parametrize("name", NAMES)
def test_frames_of_every_codec_are_right(name: str, clip: Callable[[str], Path]) -> None:
    path = clip(name)
    with open_video(path, use_index_cache=False, cache_bytes=FEW_BYTES) as video:
        assert wrong(video, path, choices(video)) == []


@pytest.mark.parametrize("name", REAL)
def test_frames_of_real_files_are_right(name: str, media_file: Callable[[str], Path]) -> None:
    path = media_file(name)
    with open_video(path, use_index_cache=False, cache_bytes=FEW_BYTES) as video:
        assert wrong(video, path, choices(video)) == []


@pytest.mark.parametrize("numbers", [[3, 48], [-1, 3]])
def test_numbers_outside_are_index_errors(numbers: list[int], plain_clip: Path) -> None:
    with open_video(plain_clip, use_index_cache=False) as video, pytest.raises(IndexError):
        list(video.try_frames(numbers))


def test_numbers_that_come_one_by_one_are_answered_one_by_one(plain_clip: Path) -> None:
    asked: list[int] = []

    def requests() -> Iterator[int]:
        for number in (30, 2, 2, 40):
            asked.append(number)
            yield number

    with open_video(plain_clip, use_index_cache=False) as video:
        for frame in video.frames(requests()):
            assert frame.frame_number == asked[-1]
    assert asked == [30, 2, 2, 40]
