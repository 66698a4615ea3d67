"""Analyses frame times: intervals, constant or variable rate, duplicates, gaps, missing timestamps. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.media.index import NO_PTS
from framescope.core.text import counted, grouped, rate_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex

RATE_TOLERANCE = 0.01
"""Intervals within this fraction of the median count as equal."""
_ROUNDING_SHARE = 0.25
"""A difference of one tick is rounding as well, but only if the time base has at least four ticks per frame:
at one tick per frame, one tick more is a frame shown twice as long."""
UNPACKED = tr("The packed bitstream was unpacked for this.")
GAP_FACTOR = 1.5
"""An interval this many times the median is a gap: a picture seems to be missing."""

KNOWN_RATES = tuple(
    rate
    for whole in (1, 5, 10, 12, 15, 20, 24, 25, 30, 48, 50, 60, 90, 100, 120, 240)
    for rate in (Fraction(whole), Fraction(whole * 1000, 1001))
)


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """The times between frames, and their irregularities. Frame numbers are of the later frame of a pair.

    Attributes:
        frame_count: Frames of the index.
        ticks: int64 per pair of neighbouring frames; only meaningful where ``is_known``.
        is_known: bool per pair, whether both frames have a timestamp.
        tick_s: Seconds per tick.
        median_s: Median interval in seconds; NaN without any.
        shortest_s: Shortest interval.
        longest_s: Longest interval.
        tolerance_s: Intervals up to this far from the median are equal to it.
        is_constant: Whether the frame rate is constant, as measured.
        rate: Frames per second; a standard rate if the measurement matches one. None without timestamps.
        mean_rate: Frames per second over the whole file; NaN without timestamps.
        decision: How constant or variable was decided, in one sentence with figures.
        exceptions: Pairs whose interval is not the usual one.
        duplicates: Frames with the same timestamp as the previous one.
        gaps: Frames that come later than usual, as if pictures were missing before them.
        backward: Frames with a smaller timestamp than the previous one.
        missing: Frames without a timestamp.
        duration_s: From the first frame to the end of the last one, which is assumed to last the median
            interval.
        is_unpacked: Whether the times are those of an unpacked bitstream, not the decoder's.
    """

    frame_count: int
    ticks: NDArray[np.int64]
    is_known: NDArray[np.bool_]
    tick_s: float
    median_s: float
    shortest_s: float
    longest_s: float
    tolerance_s: float
    is_constant: bool
    rate: Fraction | None
    mean_rate: float
    decision: str
    exceptions: int
    duplicates: NDArray[np.int64]
    gaps: NDArray[np.int64]
    backward: NDArray[np.int64]
    missing: NDArray[np.int64]
    duration_s: float
    is_unpacked: bool = False

    @property
    def intervals_s(self) -> NDArray[np.float64]:
        """Seconds between neighbouring frames; NaN where unknown."""
        return np.where(self.is_known, self.ticks * self.tick_s, np.nan)


def measure_intervals(index: FrameIndex) -> Intervals:
    """Measure the intervals of a video. One NumPy pass."""
    known = index.shown_pts != NO_PTS
    pts = np.where(known, index.shown_pts, 0)
    is_pair = known[1:] & known[:-1] if len(pts) else np.empty(0, np.bool_)
    ticks = np.where(is_pair, np.diff(pts), 0) if len(pts) else np.empty(0, np.int64)
    tick_s = float(index.time_base)
    sound = ticks[is_pair & (ticks > 0)]
    median = float(np.median(sound)) if len(sound) else math.nan
    close = max(min(1.0, median * _ROUNDING_SHARE), median * RATE_TOLERANCE)
    unusual = is_pair & (np.abs(ticks - median) > close) if len(sound) else np.zeros(len(ticks), np.bool_)
    exceptions = int(unusual.sum())
    missing = np.flatnonzero(~known)
    mean = _mean_ticks(pts, known)
    shortest_s = float(ticks[is_pair].min()) * tick_s if is_pair.any() else math.nan
    longest_s = float(ticks[is_pair].max()) * tick_s if is_pair.any() else math.nan
    is_constant = len(sound) > 0 and exceptions == 0 and not len(missing)
    numbers = np.arange(1, len(pts)) if len(pts) else np.empty(0, np.int64)
    span_s = (int(pts[known].max()) - int(pts[known].min())) * tick_s if known.any() else math.nan
    return Intervals(
        frame_count=len(index),
        ticks=ticks,
        is_known=is_pair,
        tick_s=tick_s,
        median_s=median * tick_s,
        shortest_s=shortest_s,
        longest_s=longest_s,
        tolerance_s=close * tick_s,
        is_constant=is_constant,
        rate=_rate(mean if is_constant else median, tick_s, len(sound)),
        mean_rate=1 / (mean * tick_s) if mean > 0 else math.nan,
        decision=_decision(
            (int(is_pair.sum()), exceptions, len(missing)),
            (shortest_s, median * tick_s, longest_s),
            close * tick_s,
        )
        + ("" if index.unpacked is None else f" {UNPACKED}"),
        exceptions=exceptions,
        duplicates=numbers[is_pair & (ticks == 0)],
        gaps=numbers[is_pair & (ticks > max(median * GAP_FACTOR, median + close))]
        if len(sound)
        else numbers[:0],
        backward=numbers[is_pair & (ticks < 0)],
        missing=missing,
        duration_s=span_s + (median * tick_s if len(sound) else 0.0),
        is_unpacked=index.unpacked is not None,
    )


def measured_rate_words(intervals: Intervals) -> str:
    """``29.97 fps``, or ``24.3 fps on average`` where the rate varies; empty if there is none."""
    if intervals.is_constant and intervals.rate is not None:
        return rate_words(intervals.rate)
    return (
        ""
        if math.isnan(intervals.mean_rate)
        else tr("{rate} on average", rate=rate_words(intervals.mean_rate))
    )


def _mean_ticks(pts: NDArray[np.int64], known: NDArray[np.bool_]) -> float:
    places = np.flatnonzero(known)
    if len(places) < 2:
        return math.nan
    first, last = places[0], places[-1]
    return (int(pts[last]) - int(pts[first])) / int(last - first)


def _rate(interval: float, tick_s: float, count: int) -> Fraction | None:
    """The standard rate that matches the interval within its rounding, or the measured one."""
    if not count or not interval > 0:
        return None
    measured = 1 / (interval * tick_s)
    # Timestamps are whole ticks, so a mean over many intervals is off by one tick in total.
    room = max(measured * 0.5 / (interval * count), measured * 1e-5)
    for known in sorted(KNOWN_RATES, key=lambda rate: abs(float(rate) - measured)):
        if abs(float(known) - measured) <= room:
            return known
    if measured < 1:
        return 1 / Fraction(1 / measured).limit_denominator(1000)
    return Fraction(measured).limit_denominator(1000)


def _decision(counts: tuple[int, int, int], sizes_s: tuple[float, float, float], close_s: float) -> str:
    """The sentence that explains the decision.

    Args:
        counts: Pairs of frames with timestamps, exceptions among them, frames without a timestamp.
        sizes_s: The shortest interval, the median, the longest one.
        close_s: How far from the median an interval still counts as equal.
    """
    pairs, exceptions, missing = counts
    shortest, usual, longest = (f"{size * 1000:.3f}" for size in sizes_s)
    if math.isnan(sizes_s[1]):
        return tr("Unknown: fewer than two frames have timestamps.")
    if missing:
        return tr("Not constant: {count} no timestamp.", count=counted(missing, "frame has", "frames have"))
    if exceptions:
        off = tr("{close_s:.3f} ms off the median {usual} ms", close_s=close_s * 1000, usual=usual)
        return tr(
            "Variable: {exceptions} of {pairs} intervals are more than {off}.",
            exceptions=grouped(exceptions),
            pairs=grouped(pairs),
            off=off,
        )
    if shortest == longest:
        return tr("Constant: all {pairs} intervals are {usual} ms.", pairs=grouped(pairs), usual=usual)
    within = tr("equal within {close_s:.3f} ms", close_s=close_s * 1000)
    return tr(
        "Constant: all {pairs} intervals are {shortest} to {longest} ms, {within}.",
        pairs=grouped(pairs),
        shortest=shortest,
        longest=longest,
        within=within,
    )
