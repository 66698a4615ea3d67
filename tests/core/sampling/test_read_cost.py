"""How a choice is read, in seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import Cancelled
from framescope.core.media.decoding.read_way import SEEK_FRAMES, ReadWay
from framescope.core.model.progress import CancelToken
from framescope.core.sampling.read_cost import estimate_reading, measure_decoding
from framescope.core.source.opening import open_video
from tests.core.sampling.indexes import make_index

if TYPE_CHECKING:
    from pathlib import Path


def test_seconds_follow_from_the_measured_speed() -> None:
    estimate = estimate_reading(make_index(range(100)), [0, 90], frames_per_s=10.0)
    assert estimate.way is ReadWay.SEEK
    assert estimate.seconds(estimate.costs.seek) == pytest.approx((2 + 2 * SEEK_FRAMES) / 10)
    assert estimate.seconds(estimate.costs.through) == pytest.approx((91 + SEEK_FRAMES) / 10)


def test_without_a_measured_speed_nothing_is_made_up() -> None:
    estimate = estimate_reading(make_index(range(100)), [0, 90])
    assert estimate.seconds(estimate.costs.seek) is None


def test_the_speed_of_a_video_is_measured(story_clip: Path) -> None:
    with open_video(story_clip, use_index_cache=False) as video:
        assert measure_decoding(video, start=100) > 0


def test_measuring_stops_when_asked(story_clip: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with open_video(story_clip, use_index_cache=False) as video, pytest.raises(Cancelled):
        measure_decoding(video, cancel=cancel)
