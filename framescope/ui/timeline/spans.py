"""Merges thousands of frames or spans into runs of pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.ui.timeline.axis import FrameAxis


def pixel_runs(spans: NDArray[np.int64], axis: FrameAxis, least_px: int = 1) -> list[tuple[float, float]]:
    """Left and right of each run of pixels that spans overlap.

    Args:
        spans: (n, 2) int64, half-open spans of frames, in any order.
        axis: Frames ↔ pixels.
        least_px: Minimum width of a single frame in pixels.

    Returns:
        At most one run for every two pixels, left to right, in logical pixels.
    """
    count = int(np.ceil(axis.width))
    if not len(spans):
        return []
    edges = (spans - axis.first) * axis.px_per_frame
    starts = np.floor(edges[:, 0])
    # A single cached frame among millions must remain visible.
    stops = np.maximum(np.ceil(edges[:, 1]), starts + least_px)
    seen = (stops > 0) & (starts < count)
    opened = np.clip(starts[seen], 0, count).astype(np.int64)
    closed = np.clip(stops[seen], 0, count).astype(np.int64)
    depth = np.bincount(opened, minlength=count + 1) - np.bincount(closed, minlength=count + 1)
    covered = np.concatenate(([False], np.cumsum(depth[:count]) > 0, [False]))
    flips = np.flatnonzero(np.diff(covered))
    lefts, rights = flips[::2], np.minimum(flips[1::2], axis.width)
    return [
        (axis.left + float(left), axis.left + float(right)) for left, right in zip(lefts, rights, strict=True)
    ]


def single_frames(frame_numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each frame as a span of length 1."""
    return np.column_stack((frame_numbers, frame_numbers + 1))
