"""The pass measures frame n as frame n, continues behind damage, and stops when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.errors import Cancelled, FrameUnavailableError
from framescope.core.model.progress import CancelToken, Progress
from framescope.core.opencv import cv2
from framescope.core.sampling.content import measure_content, sharpness
from framescope.core.source.opening import open_video
from tests.core.sampling.contents import make_content
from tests.core.sampling.story import FRAME_TOTAL, REPEATED, SHARP

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.sampling.content import ContentMeasures

COLUMNS = ("hue", "saturation", "lightness", "correlation", "hash_distance", "brightness", "sharpness")


def test_every_frame_is_measured_under_its_own_number(
    story: ContentMeasures, decoded_story: list[np.ndarray]
) -> None:
    assert story.span == range(FRAME_TOTAL)
    assert story.is_available.all()
    for number, picture in enumerate(decoded_story):
        grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
        assert story.sharpness[number] == pytest.approx(sharpness(grey), rel=0.35, abs=5), number
        assert story.brightness[number] == pytest.approx(picture.mean(), abs=3), number


def test_repeated_frames_have_one_hash(story: ContentMeasures) -> None:
    assert len(set(story.hashes[REPEATED.start : REPEATED.stop].tolist())) == 1
    assert (story.hue[REPEATED.start + 1 : REPEATED.stop] == 0).all()


def test_blur_lowers_sharpness(story: ContentMeasures) -> None:
    for number in SHARP:
        # The number along the edge is never blurred, and lends every frame some sharpness.
        assert story.sharpness[number] > 1.1 * story.sharpness[number + 1]


def test_a_run_is_measured_as_if_it_were_all(story_clip: Path, story: ContentMeasures) -> None:
    with open_video(story_clip, use_index_cache=False) as video:
        run = measure_content(video, within=range(35, 60))
    cut = story.within(range(35, 60))
    assert run.span == cut.span == range(35, 60)
    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(run, name), getattr(cut, name), err_msg=name)
    assert (run.hashes == cut.hashes).all()
    assert (run.features == cut.features).all()
    assert run.frames_per_s > 0


def test_what_is_covered_is_covered() -> None:
    content = make_content(10, start=5)
    assert content.covers(range(5, 15))
    assert content.covers(range(7, 9))
    assert content.covers(range(0))
    assert not content.covers(range(4, 9))
    assert not content.covers(range(14, 16))


def test_a_damaged_file_is_measured_as_far_as_it_decodes(media_file: Callable[[str], Path]) -> None:
    with open_video(media_file("mkv_truncated.mkv"), use_index_cache=False) as video:
        span = range(max(len(video) - 30, 0), len(video))
        content = measure_content(video, within=span)
        answers = list(video.try_frames(span))
    lost = [isinstance(answer, FrameUnavailableError) for answer in answers]
    assert (~content.is_available).tolist() == lost
    assert np.isnan(content.sharpness[lost]).all()
    assert len(content.frame_numbers) == len(span) - sum(lost)


def test_the_pass_tells_how_far_it_is_and_stops_when_asked(story_clip: Path) -> None:
    cancel, told = CancelToken(), list[Progress]()

    def note(progress: Progress) -> None:
        told.append(progress)
        if progress.done >= 16:
            cancel.cancel()

    with open_video(story_clip, use_index_cache=False) as video, pytest.raises(Cancelled):
        measure_content(video, progress=note, cancel=cancel)
    assert [progress.done for progress in told] == [0, 8, 16]
    assert {progress.total for progress in told} == {FRAME_TOTAL}
