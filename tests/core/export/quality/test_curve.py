"""The curve of size against quality."""

from __future__ import annotations

from itertools import pairwise

import pytest

from framescope.core.errors import Cancelled
from framescope.core.export.quality.curve import FIRST_POINTS, curve_levels, iter_curve
from framescope.core.export.quality.trial import FrameTrials, LevelKind, Trial
from framescope.core.model.progress import CancelToken
from tests.core.export.quality.test_trial import JPEG, smooth_frame


def trial(level: int) -> Trial:
    return Trial(level, level * 100, 30 + level / 10, 0.9, 0.001)


@pytest.mark.parametrize("present", [0, 50, 83, 95, 100])
def test_the_present_quality_and_the_shape_come_first(present: int) -> None:
    levels = curve_levels(LevelKind.QUALITY, present)
    assert levels[0] == present
    assert {0, 50, 100} <= set(levels[:FIRST_POINTS])
    assert len(set(levels)) == len(levels)
    assert set(range(80, 101)) <= set(levels)
    assert all(0 <= level <= 100 for level in levels)
    # Nowhere wider apart than five.
    ordered = sorted(levels)
    assert max(b - a for a, b in pairwise(ordered)) <= 5


def test_all_compressions_are_tried() -> None:
    levels = curve_levels(LevelKind.COMPRESSION, 4)
    assert levels[0] == 4
    assert sorted(levels) == list(range(10))


def test_points_come_one_after_the_other() -> None:
    assert list(iter_curve(trial, (95, 0, 50))) == [trial(95), trial(0), trial(50)]


def test_a_slow_encoder_gets_the_first_points_only() -> None:
    levels = curve_levels(LevelKind.QUALITY, 95)
    assert len(list(iter_curve(trial, levels, budget_s=-1))) == FIRST_POINTS
    assert len(list(iter_curve(trial, levels))) == len(levels)


def test_it_stops_when_asked() -> None:
    cancel = CancelToken()
    points = iter_curve(trial, (95, 0, 50), cancel=cancel)
    assert next(points) == trial(95)
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(points)


def test_a_real_encoder_makes_a_rising_curve() -> None:
    frame = FrameTrials(smooth_frame(), JPEG)
    points = sorted(iter_curve(frame.at_level, (10, 50, 90, 100)), key=lambda point: point.level)
    sizes = [point.size_bytes for point in points]
    similarity = [point.psnr_db for point in points]
    assert sizes == sorted(sizes)
    assert similarity == sorted(similarity)
