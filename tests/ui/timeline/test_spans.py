"""Runs of pixels."""

from __future__ import annotations

import numpy as np

from framescope.ui.timeline.axis import FrameAxis
from framescope.ui.timeline.spans import pixel_runs, single_frames

AXIS = FrameAxis(0, 1000, 50, 100)


def spans(*pairs: tuple[int, int]) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    return np.array(pairs, np.int64).reshape(-1, 2)


def test_spans_become_runs() -> None:
    assert pixel_runs(spans((100, 200), (500, 600)), AXIS) == [(60, 70), (100, 110)]


def test_neighbours_and_overlaps_become_one() -> None:
    assert pixel_runs(spans((100, 200), (150, 260), (260, 300)), AXIS) == [(60, 80)]


def test_a_single_frame_is_still_seen() -> None:
    assert pixel_runs(spans((505, 506)), AXIS) == [(100, 101)]
    assert pixel_runs(spans((505, 506)), AXIS, least_px=3) == [(100, 103)]


def test_only_what_is_in_view_counts() -> None:
    near = FrameAxis(400, 500, 0, 100)
    assert pixel_runs(spans((0, 300), (390, 410), (490, 700), (900, 950)), near) == [(0, 10), (90, 100)]
    assert pixel_runs(spans(), near) == []


def test_there_are_never_more_runs_than_every_other_pixel() -> None:
    every_other = np.arange(0, 2_000_000, 2, dtype=np.int64)
    assert len(pixel_runs(single_frames(every_other), FrameAxis(0, 2_000_000, 0, 100))) == 1
    assert single_frames(np.array([3, 9])).tolist() == [[3, 4], [9, 10]]
