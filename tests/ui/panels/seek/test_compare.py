"""The requested and the landed frame, decoded and compared with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from framescope.core.model.progress import CancelToken
from framescope.core.source.opening import open_video
from framescope.engine.render import RenderSpec
from framescope.ui.panels.seek.frames import compare_frames, difference_of, landing_of
from tests.ui.panels.seek.audits import answer, canned_audit

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.media.index import FrameIndex


class StandInIndex:
    """As many frames as it says, without timestamps."""

    has_timestamps = False

    def __len__(self) -> int:
        return 100


def _index() -> FrameIndex:
    return cast("FrameIndex", StandInIndex())


def test_the_landed_number_is_our_own_when_the_counts_agree() -> None:
    audit = canned_audit()
    landing = landing_of(audit.trial("opencv"), answer(50, 52), audit.facts, _index())

    assert (landing.frame_number, landing.remark) == (52, "")


def test_counts_that_do_not_agree_are_told() -> None:
    audit = canned_audit(count=97)
    landing = landing_of(audit.trial("opencv"), answer(50, 52), audit.facts, _index())

    assert landing.frame_number == 52
    assert "counts 97 frames where the file has 100" in landing.remark


def test_an_answer_without_a_known_picture_has_no_landing() -> None:
    audit = canned_audit()

    assert landing_of(audit.trial("decord"), answer(10, None), audit.facts, _index()).frame_number is None


def test_the_landing_is_matched_by_pts_where_the_engine_tells_it(plain_clip: Path) -> None:
    audit = canned_audit(count=50)
    trial = audit.trial("opencv")
    with open_video(plain_clip) as video:
        trial.sequence.pts[:48] = np.concatenate((video.index.pts[1:], video.index.pts[-1:]))
        landing = landing_of(trial, answer(4, 5), audit.facts, video.index)

    assert landing.frame_number == 6
    assert "matched by pts" in landing.remark


def test_two_frames_are_shown_with_their_difference(plain_clip: Path) -> None:
    with open_video(plain_clip) as video:
        info, index = video.info, video.index
    compared = compare_frames(info, index, (3, 30), RenderSpec(120, 120), CancelToken())

    assert compared.asked is not None
    assert compared.landed is not None
    assert compared.difference is not None
    assert compared.difference.size() == compared.asked.size()
    assert "% of the pixels differ" in compared.words


def test_the_same_frame_and_no_frame_have_no_difference(plain_clip: Path) -> None:
    with open_video(plain_clip) as video:
        info, index = video.info, video.index
    same = compare_frames(info, index, (3, 3), RenderSpec(120, 120), CancelToken())
    missing = compare_frames(info, index, (3, None), RenderSpec(120, 120), CancelToken())

    assert same.words == "It is the same frame."
    assert missing.landed is None
    assert "cannot be shown" in missing.words


@pytest.mark.parametrize("value", [1, 40, 255])
def test_a_difference_is_made_bright_enough_to_be_seen(value: int) -> None:
    first, second = np.zeros((8, 8, 3), np.uint8), np.full((8, 8, 3), value, np.uint8)
    image, words = difference_of(first, second)

    assert image is not None
    assert image.pixelColor(0, 0).red() >= 16
    assert f"by up to {value} of 255" in words


def test_equal_pixels_and_other_sizes_are_told() -> None:
    picture = np.zeros((8, 8, 3), np.uint8)

    assert difference_of(picture, picture) == (None, "The two frames have the same pixels.")
    assert difference_of(picture, picture[:4]) == (None, "The two frames differ in size.")
