"""The finished file is held to the source."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.clips.make import expectation
from framescope.core.clips.proof import places_to_compare, prove_clip, psnr_of_planes
from framescope.core.errors import Cancelled, VerificationError
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from framescope.core.clips.make import ClipResult
    from framescope.core.media.video import Video


@pytest.fixture
def source(clip: Callable[[str], Path]) -> Iterator[Video]:
    with open_video(clip("h264.mp4"), use_index_cache=False) as video:
        yield video


def test_places_cover_both_ends() -> None:
    assert places_to_compare(5) == [0, 1, 2, 3, 4]
    places = places_to_compare(1000)
    assert {0, 1, 2, 997, 998, 999} <= set(places)
    assert len(places) == 16
    assert places_to_compare(1000, everything=True) == list(range(1000))
    assert places_to_compare(0) == []


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"frames": range(12, 23)}, "shows 12 frames instead of 11"),
        ({"frames": range(13, 25)}, "Frame 13 differs after reading back"),
        ({"frames": range(12, 25)}, "instead of 13"),
    ],
)
def test_other_frames_are_found_out(
    made: Callable[..., ClipResult], source: Video, change: dict[str, range], word: str
) -> None:
    result = made("h264.mp4", range(12, 24), "out.mp4")
    wrong = replace(expectation(result.plan), **change)  # type: ignore[arg-type]
    with pytest.raises(VerificationError, match=word):
        prove_clip(result.path, source, wrong, progress=ignore_progress, cancel=CancelToken())


def test_other_times_are_found_out(made: Callable[..., ClipResult], source: Video) -> None:
    result = made("h264.mp4", range(12, 24), "out.mp4")
    expected = expectation(result.plan)
    late = replace(expected.times, pts=expected.times.pts + np.arange(12) * 20)
    with pytest.raises(VerificationError, match="off its expected time"):
        prove_clip(
            result.path,
            source,
            replace(expected, times=late),
            progress=ignore_progress,
            cancel=CancelToken(),
        )


def test_it_can_be_cancelled(made: Callable[..., ClipResult], source: Video) -> None:
    result = made("h264.mp4", range(12, 24), "out.mp4")
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        prove_clip(result.path, source, expectation(result.plan), progress=ignore_progress, cancel=cancel)


def test_the_distance_of_two_frames(source: Video) -> None:
    first, second = source.frame(3), source.frame(40)
    assert psnr_of_planes(first, first) == float("inf")
    luma = [frame.planes()[0].astype(float) for frame in (first, second)]
    by_hand = 10 * np.log10(255**2 / np.mean((luma[0] - luma[1]) ** 2))
    assert psnr_of_planes(first, second) <= by_hand
    assert psnr_of_planes(first, second) < 30


def test_what_was_found_is_said(made: Callable[..., ClipResult]) -> None:
    sentence = made("h264.mp4", range(12, 24), "out.mp4").proof.sentence
    assert (
        sentence
        == "12 frames counted; 12 frames compared, the first and the last among them: all samples identical."
    )
