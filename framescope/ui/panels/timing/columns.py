"""Reduces values by frame to few enough points to draw, and maps milliseconds to heights. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.text import grouped

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FAR = 12
"""Ratio to the typical value beyond which a linear scale would flatten the typical ones."""
_MOST_TICKS = 5
_ROOM = 0.12
_TICKS_APART = 0.15


def polyline(
    values: NDArray[np.float64], first: float, last: float, most: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The line through the values of the frames from ``first`` to ``last``.

    Up to ``most`` frames are drawn one by one, as steps. More are grouped into ``most`` columns, each
    spanning its lowest to highest value, so that a single outlier among millions stays visible.

    Returns:
        Frame numbers and values; NaN breaks the line.
    """
    low = max(math.floor(first), 0)
    high = min(math.ceil(last) + 1, len(values))
    count = high - low
    if count <= 0:
        return np.empty(0), np.empty(0)
    part = values[low:high]
    if count <= most:
        numbers = np.arange(low, high, dtype=np.float64)
        return np.column_stack((numbers - 0.5, numbers + 0.5)).ravel(), np.repeat(part, 2)
    starts = np.arange(most, dtype=np.int64) * count // most
    middles = (starts + np.append(starts[1:], count) - 1) / 2 + low
    heights = np.column_stack((np.fmin.reduceat(part, starts), np.fmax.reduceat(part, starts)))
    return np.repeat(middles, 2), heights.ravel()


def columns_of(numbers: NDArray[np.int64], first: float, last: float, most: int) -> NDArray[np.float64]:
    """Where to draw marks for these ascending frame numbers: at most ``most`` positions."""
    low, high = np.searchsorted(numbers, (first, last))
    part = numbers[low:high].astype(np.float64)
    if len(part) <= most or last <= first:
        return part
    _, chosen = np.unique(((part - first) * most / (last - first)).astype(np.int64), return_index=True)
    return part[chosen]


def oddest(values: NDArray[np.float64], low: int, high: int, usual: float) -> int:
    """The frame in the half-open range whose value is farthest from the usual one."""
    part = np.abs(values[low:high] - usual)
    if not np.isfinite(part).any():
        return (low + high - 1) // 2
    return low + int(np.nanargmax(part))


@dataclass(frozen=True, slots=True)
class MsScale:
    """Maps milliseconds to heights.

    Attributes:
        least: The lowest value in range.
        greatest: The highest value in range.
        knee: The scale is linear below this and logarithmic above it; None for all linear.
    """

    least: float
    greatest: float
    knee: float | None = None

    def heights(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Heights in the plot."""
        return values if self.knee is None else np.arcsinh(values / self.knee)

    def height(self, value: float) -> float:
        """One height in the plot."""
        return value if self.knee is None else math.asinh(value / self.knee)

    @property
    def span(self) -> tuple[float, float]:
        """Lowest and highest height of the plot, with a margin."""
        low, high = self.height(self.least), self.height(self.greatest)
        room = (high - low) * _ROOM
        return (low - room if self.least < 0 else low - room / 3), high + room

    def ticks(self) -> list[tuple[float, str]]:
        """Heights with their labels."""
        values = self._linear_ticks() if self.knee is None else self._decades(self.knee)
        apart = (self.span[1] - self.span[0]) * _TICKS_APART
        kept: list[tuple[float, str]] = []
        # From zero outwards: where two labels would collide, the one nearer to zero stays.
        for value in sorted(values, key=abs):
            height = self.height(value)
            if all(abs(height - other) >= apart for other, _ in kept):
                kept.append((height, _tick_words(value)))
        return sorted(kept)

    def _linear_ticks(self) -> list[float]:
        reach = self.greatest - self.least
        if not reach > 0:
            return [0.0]
        step = 10.0 ** math.floor(math.log10(reach / 3))
        step *= next(times for times in (1, 2, 5, 10) if reach / (step * times) <= _MOST_TICKS)
        first, last = math.ceil(self.least / step), math.floor(self.greatest / step)
        return [place * step for place in range(first, last + 1)]

    def _decades(self, knee: float) -> list[float]:
        lowest = math.floor(math.log10(knee))
        highest = math.floor(math.log10(max(self.greatest, -self.least, knee)))
        every = max(1, math.ceil((highest - lowest + 1) / 3))
        sizes = [10.0**power for power in range(highest, lowest - 1, -every)]
        both = [0.0, *sizes, *(-size for size in sizes)]
        return sorted(value for value in both if self.least <= value <= self.greatest)


def scale_for(*series: NDArray[np.float64], reach: float = 0.0) -> MsScale:
    """A scale that includes all of these values, and zero.

    Args:
        series: Milliseconds.
        reach: Values below this are noise: the scale must not magnify them.
    """
    least, greatest, usual = 0.0, 0.0, []
    for values in series:
        known = values[np.isfinite(values)]
        if len(known):
            least, greatest = min(least, float(known.min())), max(greatest, float(known.max()))
            sizes = np.abs(known)[np.abs(known) > reach]
            usual.extend([float(np.median(sizes))] if len(sizes) else [])
    if not usual or least == greatest:
        return MsScale(-(reach or 1.0), reach or 1.0)
    middle = max(usual)
    return MsScale(least, greatest, middle if max(greatest, -least) > _FAR * middle else None)


def _tick_words(value: float) -> str:
    # Keep it short: the axis has little room.
    if abs(value) < 1000:
        return ms_words(value)
    return f"{'−' if value < 0 else ''}{abs(value) / 1000:.6g} s"


def ms_words(value: float, *, signed: bool = False) -> str:
    """``40 ms``, ``1.57 s``: milliseconds, or seconds for large values."""
    if not math.isfinite(value):
        return "–"
    sign = "−" if value < 0 else ("+" if signed and value > 0 else "")
    size = abs(value)
    if not size:
        return "0"
    if size >= 10_000:
        seconds = size / 1000
        return f"{sign}{grouped(round(seconds))} s" if seconds >= 1000 else f"{sign}{seconds:.4g} s"
    if size >= 1000:
        return f"{sign}{grouped(round(size))} ms"
    return f"{sign}{size:.4g} ms"
