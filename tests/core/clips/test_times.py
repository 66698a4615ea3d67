"""Times of a clip."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.clips.times import clip_times, decode_times, frame_rate

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.core.clips.conftest import Listed


def test_times_are_the_sources_own_moved_to_zero(listed: Callable[[str], Listed]) -> None:
    facts = listed("vfr.mp4")
    times = clip_times(facts.info, facts.index, range(2, 9))
    # The clip's steps are 17, 33, 50 and 400 ms in turn; the third frame is shown at 50 ms.
    assert times.seconds == pytest.approx([0.0, 0.05, 0.45, 0.467, 0.5, 0.55, 0.95])
    assert times.start_s == pytest.approx(0.05)
    assert not times.is_even
    assert times.note == ""
    assert times.duration_s == pytest.approx(0.967)


def test_the_last_frame_of_the_video_is_shown_as_long_as_most(listed: Callable[[str], Listed]) -> None:
    facts = listed("h264.mp4")
    assert clip_times(facts.info, facts.index, range(40, 48)).duration_s == pytest.approx(8 / 24)
    assert clip_times(facts.info, facts.index, range(47, 48)).duration_s == pytest.approx(1 / 24)


def test_times_are_even_where_asked_and_where_there_are_none(listed: Callable[[str], Listed]) -> None:
    facts = listed("vfr.mkv")
    asked = clip_times(facts.info, facts.index, range(4, 8), even=True)
    assert np.diff(asked.seconds) == pytest.approx([float(1 / frame_rate(facts.info))] * 3)
    assert asked.is_even
    assert asked.note == ""
    raw = listed("h264.h264")
    timeless = clip_times(raw.info, raw.index, range(25, 30))
    # Its own headers say so; FFmpeg would take 25 for any raw stream.
    assert timeless.time_base == Fraction(1, 24)
    assert timeless.start_s == pytest.approx(25 / 24)
    assert "does not store" in timeless.note


@pytest.mark.parametrize(
    ("pts", "dts"),
    [
        ([0, 1, 2], [0, 1, 2]),
        ([0, 3, 1, 2, 6, 4, 5], [-1, 0, 1, 2, 3, 4, 5]),
        ([0, 40, 20, 10, 30], [-20, -10, 0, 10, 20]),
        ([7], [7]),
    ],
)
def test_decode_times_ascend_and_never_pass_the_pts(pts: list[int], dts: list[int]) -> None:
    found = decode_times(np.array(pts, np.int64))
    assert found.tolist() == dts
    assert (np.diff(found) > 0).all()
    assert (found <= pts).all()
