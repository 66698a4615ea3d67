"""Frames at a constant rate by nearest pts, and clips of them. Pure functions over an index."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import SettingsError
from framescope.core.sampling.chosen import Chosen, chosen_clips
from framescope.core.sampling.selection import ascending_once, require_times, span_of, spread_places
from framescope.core.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex

_FINEST_RATE = 1_000_000
_MOST_TARGETS = 20_000_000
"""More times than any video has frames: a rate above this is a typing error."""
_SAFE = 1 << 61


@dataclass(frozen=True, slots=True)
class ClipRule:
    """How to cut clips from frames at a constant rate.

    Attributes:
        length: Frames per clip.
        stride: Frames at that rate from the start of one clip to the start of the next; less than the length
            makes clips overlap. 0 makes them adjacent, or with ``count`` spreads them evenly.
        count: Maximum number of clips; 0 for as many as fit.
    """

    length: int = 16
    stride: int = 0
    count: int = 0


def at_rate(index: FrameIndex, rate_fps: Fraction | float, *, within: range | None = None) -> Chosen:
    """The frame nearest to each of the times 0, 1/rate, 2/rate … after the first frame, by pts.

    Of two equally near frames, the earlier one is taken. A frame nearest to several times, as when the rate
    exceeds the video's, is taken once.

    Raises:
        SettingsError: The rate is not above 0, or frames have no timestamps.
    """
    return Chosen(ascending_once(_nearest(index, rate_fps, span_of(index, within))))


def clips_at_rate(
    index: FrameIndex, rate_fps: Fraction | float, rule: ClipRule, *, within: range | None = None
) -> Chosen:
    """Clips of ``rule.length`` frames, each the nearest by pts to its time at a constant rate.

    Only complete clips are made. Where a frame lasts longer than 1/rate, a clip repeats it, as a player at
    that rate would show it.

    Raises:
        SettingsError: The rate or a number of the rule is invalid, or frames have no timestamps.
    """
    if rule.length < 1:
        raise SettingsError(
            tr("A clip of {length} frames is not possible.", length=rule.length),
            hint=tr("The minimum is 1 frame."),
        )
    if rule.stride < 0 or rule.count < 0:
        raise SettingsError(tr("Neither the stride nor the number of clips can be below 0."))
    nearest = _nearest(index, rate_fps, span_of(index, within))
    starts = _clip_starts(len(nearest), rule)
    if not len(starts):
        return chosen_clips(np.empty((0, rule.length), np.int64))
    return chosen_clips(nearest[starts[:, None] + np.arange(rule.length)])


def _clip_starts(total: int, rule: ClipRule) -> NDArray[np.int64]:
    last = total - rule.length
    if last < 0:
        return np.empty(0, np.int64)
    if rule.stride or not rule.count:
        starts = np.arange(0, last + 1, rule.stride or rule.length, dtype=np.int64)
        return starts[: rule.count] if rule.count else starts
    count = min(rule.count, last + 1)
    return np.array([last // 2], np.int64) if count == 1 else spread_places(last + 1, count)


def _nearest(index: FrameIndex, rate_fps: Fraction | float, span: range) -> NDArray[np.int64]:
    """The frame number nearest to each time of the rate, up to the last frame's pts; may repeat."""
    if not math.isfinite(rate_fps) or rate_fps <= 0:
        raise SettingsError(tr("The rate must be above 0 frames per second."))
    pts = index.shown_pts[span.start : span.stop]
    if not len(pts):
        return np.empty(0, np.int64)
    require_times(pts, hint=tr("Use every N-th frame instead."))
    order = np.argsort(pts, kind="stable")
    rate = Fraction(rate_fps).limit_denominator(_FINEST_RATE) or Fraction(1, _FINEST_RATE)
    # Time k is k × over / under ticks after the first frame. Half a tick of tolerance allows for containers
    # that round 33.3 ms to 33: the last frame may be that much early.
    over, under = (1 / (rate * index.time_base)).as_integer_ratio()
    length = int(pts[order[-1]]) - int(pts[order[0]])
    total = (2 * length + 1) * under // (2 * over) + 1
    if total > _MOST_TARGETS:
        raise SettingsError(tr("{rate:g} frames per second are too many for this video.", rate=float(rate)))
    largest = 4 * ((length + 1) * under + over)
    kind = np.int64 if largest < _SAFE else object
    ticks = (pts[order] - pts[order[0]]).astype(kind) * (2 * under)
    middles = (ticks[1:] + ticks[:-1]) // 2
    places = np.searchsorted(middles, np.arange(total).astype(kind) * (2 * over), side="left")
    return (span.start + order[places]).astype(np.int64)
