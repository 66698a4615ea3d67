"""Frame positions ↔ seconds for the ruler, without visiting millions of timestamps per paint."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.media.index import NO_PTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex


class FrameClock:
    """Converts frame positions to times and back.

    Beyond the indexed frames it extrapolates at the mean rate so far, which is only good enough
    for the ruler over the part that is still being indexed.
    """

    def __init__(self, index: FrameIndex) -> None:
        self._index = index
        self._pts = index.shown_pts
        self._unit_s = float(index.time_base)

    @cached_property
    def is_ordered(self) -> bool:
        """Whether times never decrease; otherwise a time has no unique position on the axis."""
        return self._index.has_timestamps and bool((self._pts[1:] >= self._pts[:-1]).all())

    @cached_property
    def mean_duration_s(self) -> float:
        """Mean seconds per frame; NaN if unknown."""
        if not self.is_ordered or len(self._pts) < 2:
            return math.nan
        return int(self._pts[-1] - self._pts[0]) * self._unit_s / (len(self._pts) - 1)

    @cached_property
    def _first_pts(self) -> int:
        if len(self._pts) and self._pts[0] != NO_PTS:
            return int(self._pts[0])
        known = np.flatnonzero(self._pts != NO_PTS)
        return int(self._pts[known[0]]) if len(known) else 0

    def time_of(self, frame_number: int) -> float:
        """Seconds since the first frame; NaN if the frame has no pts or is not indexed."""
        if not 0 <= frame_number < len(self._pts):
            return math.nan
        pts = int(self._pts[frame_number])
        return math.nan if pts == NO_PTS else (pts - self._first_pts) * self._unit_s

    def time_at(self, position: float) -> float:
        """Seconds at a position in frames, interpolated between frames; NaN if times are not in order."""
        if not self.is_ordered:
            return math.nan
        last = len(self._pts) - 1
        whole = min(max(math.floor(position), 0), last)
        start = self.time_of(whole)
        step = self.time_of(whole + 1) - start if whole < last else self.mean_duration_s
        fraction = position - whole
        return start + (fraction * step if fraction and math.isfinite(step) else 0.0)

    def position_at(self, time_s: float) -> float:
        """The position of the frame shown at a time; NaN if times are not in order."""
        return float(self.positions_at(np.array([time_s]))[0])

    def positions_at(self, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """The positions of the frames shown at these times; NaN if times are not in order."""
        if not self.is_ordered:
            return np.full(len(times_s), np.nan)
        last = len(self._pts) - 1
        wanted = self._first_pts + times_s / self._unit_s
        # Half a unit compensates for the rounding of a decimal time to the time base. Sought as integers: for
        # others, NumPy would first convert all timestamps.
        places = np.searchsorted(self._pts, np.floor(wanted + 0.5).astype(np.int64), side="right") - 1
        inside = np.clip(places, 0, last)
        starts = self._pts[inside].astype(np.float64)
        steps = self._pts[np.minimum(inside + 1, last)] - starts
        steps[inside == last] = self.mean_duration_s / self._unit_s
        is_known = np.isfinite(steps) & (steps != 0)
        shares = np.maximum(wanted - starts, 0.0) / np.where(is_known, steps, 1.0)
        return np.where(places < 0, 0.0, inside + np.where(is_known, shares, 0.0))
