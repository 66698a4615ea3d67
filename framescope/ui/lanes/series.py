"""Values by frame, reduced to pixel columns in which no peak is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float32]

BLOCK = 64
"""Frames whose lowest and highest value are kept, so that ten hours are drawn as fast as a minute."""


class Series:
    """One value for each frame, NaN where there is none. Threads: GUI; the values may be filled by another.

    Attributes:
        values: float32 by frame number.
        reached: How many of them are known.
        low: The lowest finite value; NaN if there is none.
        high: The highest.
    """

    def __init__(self, values: Values, reached: int | None = None) -> None:
        self.values = values
        self.reached = 0
        self.low = self.high = float("nan")
        count = -(-len(values) // BLOCK)
        self._lows = np.full(count, np.nan, np.float32)
        self._highs = np.full(count, np.nan, np.float32)
        self.advance(len(values) if reached is None else reached)

    def advance(self, reached: int) -> None:
        """Take in more values; those before must not have changed."""
        if reached <= self.reached:
            return
        first = self.reached // BLOCK
        part = self.values[first * BLOCK : reached]
        edges = np.arange(0, len(part), BLOCK)
        into = slice(first, first + len(edges))
        self._lows[into] = np.fmin.reduceat(part, edges)
        self._highs[into] = np.fmax.reduceat(part, edges)
        finite = part[np.isfinite(part)]
        if len(finite):
            self.low = float(np.fmin(self.low, finite.min()))
            self.high = float(np.fmax(self.high, finite.max()))
        self.reached = reached

    def columns(self, first: float, frames_per_column: float, count: int) -> tuple[Values, Values]:
        """The lowest and the highest value in each of ``count`` pixel columns; NaN where there is none.

        Borders are exact up to 128 frames a column, and off by at most half a column otherwise. A column
        narrower than a frame repeats the frame under its middle.
        """
        if frames_per_column < 1:
            middles = first + (np.arange(count) + 0.5) * frames_per_column
            numbers = np.floor(middles).astype(np.int64)
            found = np.full(count, np.nan, np.float32)
            inside = (numbers >= 0) & (numbers < self.reached)
            found[inside] = self.values[numbers[inside]]
            return found, found
        edges = np.floor(first + np.arange(count + 1) * frames_per_column + 1e-6).astype(np.int64)
        if frames_per_column < 2 * BLOCK:
            return _reduced(self.values, self.values, np.clip(edges, 0, self.reached))
        blocks = -(-self.reached // BLOCK)
        return _reduced(self._lows, self._highs, np.clip(-(-edges // BLOCK), 0, blocks))

    def peak(self, start: int, stop: int, *, is_low: bool) -> int | None:
        """The frame with the highest (or lowest) value of a run of frames; None if none has a value."""
        start = max(start, 0)
        part = self.values[start : min(stop, self.reached)]
        known = np.flatnonzero(~np.isnan(part))
        if not len(known):
            return None
        place = part[known].argmin() if is_low else part[known].argmax()
        return start + int(known[place])


def _reduced(lows: Values, highs: Values, edges: NDArray[np.int64]) -> tuple[Values, Values]:
    count = len(edges) - 1
    low, high = (np.full(count, np.nan, np.float32) for _ in range(2))
    used = np.flatnonzero(np.diff(edges) > 0)
    if len(used):
        start, stop = int(edges[used[0]]), int(edges[used[-1] + 1])
        offsets = edges[used] - start
        low[used] = np.fmin.reduceat(lows[start:stop], offsets)
        high[used] = np.fmax.reduceat(highs[start:stop], offsets)
    return low, high
