"""Constant or variable is decided by measurement, and oddities are named by frame."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from framescope.core.media.video import open_video
from framescope.core.timing.intervals import measure_intervals
from tests.core.timing.made_index import index_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_equal_intervals_are_constant() -> None:
    found = measure_intervals(index_of(*range(0, 4000, 40)))
    assert found.is_constant
    assert found.rate == 25
    assert found.mean_rate == pytest.approx(25)
    assert found.decision == "Constant: all 99 intervals are 40.000 ms ± 1.000 ms."
    assert (found.median_s, found.shortest_s, found.longest_s) == (0.04, 0.04, 0.04)
    assert found.duration_s == pytest.approx(4.0)


def test_rounded_timestamps_are_constant_and_their_rate_is_known() -> None:
    # Matroska's milliseconds: 33, 33, 34 …
    found = measure_intervals(index_of(*(round(n * 1001 / 30) for n in range(300))))
    assert found.is_constant
    assert found.rate == Fraction(30000, 1001)


def test_other_intervals_are_variable() -> None:
    found = measure_intervals(index_of(0, 40, 80, 180, 220, 260))
    assert not found.is_constant
    assert found.exceptions == 1
    assert found.gaps.tolist() == [3]
    assert "Variable: 1 of 5 intervals" in found.decision


def test_duplicates_and_steps_back_are_named() -> None:
    found = measure_intervals(index_of(0, 40, 40, 80, 60, 120))
    assert found.duplicates.tolist() == [2]
    assert found.backward.tolist() == [4]
    assert found.shortest_s == pytest.approx(-0.02)


def test_missing_timestamps_are_named() -> None:
    found = measure_intervals(index_of(0, 40, None, 120, 160))
    assert found.missing.tolist() == [2]
    assert not found.is_constant
    assert "1 frames have no timestamp" in found.decision
    assert math.isnan(found.intervals_s[1])
    assert found.intervals_s[0] == pytest.approx(0.04)


@pytest.mark.parametrize("pts", [(), (0,), (None, None), (None,)])
def test_too_few_frames_tell_nothing(pts: tuple[int | None, ...]) -> None:
    found = measure_intervals(index_of(*pts))
    assert not found.is_constant
    assert found.rate is None
    assert found.decision.startswith("Not known")
    assert math.isnan(found.median_s)


def test_a_rate_that_nobody_knows_is_told_as_measured() -> None:
    found = measure_intervals(index_of(*range(0, 7000, 70)))
    assert found.rate is not None
    assert float(found.rate) == pytest.approx(1000 / 70, rel=1e-5)


def test_clips(clip: Callable[[str], Path]) -> None:
    for name, is_constant in (("h264.mp4", True), ("h264.mkv", True), ("vfr.mp4", False)):
        with open_video(clip(name)) as video:
            assert measure_intervals(video.index).is_constant == is_constant, name
