"""Selects frames. Pure functions over an index; each returns ascending frame numbers, each once.

``within`` limits a selection to a half-open run of frames (the in–out range); counting then starts at its
first frame. Typed lists are parsed in ``frame_list``.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import SettingsError
from framescope.core.media.index import NO_PTS
from framescope.core.text import counted, grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex

    FrameNumbers = NDArray[np.int64]

_FINEST_INTERVAL = 1_000_000
"""An interval is approximated by a fraction with at most this denominator."""
_SAFE = 1 << 61


def this_frame(index: FrameIndex, frame_number: int) -> FrameNumbers:
    """One frame.

    Raises:
        SettingsError: The video has no such frame.
    """
    return marked_frames(index, (frame_number,))


def marked_frames(index: FrameIndex, marks: Iterable[int]) -> FrameNumbers:
    """The frames with these numbers, given in any order.

    Raises:
        SettingsError: The video has no frame of one of the numbers.
    """
    numbers = ascending_once(np.fromiter(marks, np.int64))
    outside = numbers[(numbers < 0) | (numbers >= len(index))]
    if len(outside):
        raise SettingsError(
            tr("There is no frame {outside}.", outside=int(outside[0])), hint=extent_words(len(index))
        )
    return numbers


def all_frames(index: FrameIndex, *, within: range | None = None) -> FrameNumbers:
    """Every frame; with ``within`` the in–out range."""
    span = span_of(index, within)
    return np.arange(span.start, span.stop, dtype=np.int64)


def every_nth(index: FrameIndex, step: int, *, within: range | None = None) -> FrameNumbers:
    """The first frame and every ``step``-th after it.

    Raises:
        SettingsError: ``step`` is below 1.
    """
    if step < 1:
        raise SettingsError(
            tr("Every {step}th frame cannot be taken.", step=step), hint=tr("The step must be 1 or more.")
        )
    span = span_of(index, within)
    return np.arange(span.start, span.stop, step, dtype=np.int64)


def evenly_spread(index: FrameIndex, count: int, *, within: range | None = None) -> FrameNumbers:
    """``count`` evenly spaced frames including the first and the last; for a count of 1, the middle one.

    All frames, if there are no more than ``count``.

    Raises:
        SettingsError: ``count`` is below 1.
    """
    if count < 1:
        raise SettingsError(
            tr("{frames} cannot be taken.", frames=counted(count, "frame", "frames")),
            hint=tr("The number of frames must be 1 or more."),
        )
    span = span_of(index, within)
    if count >= len(span):
        return np.arange(span.start, span.stop, dtype=np.int64)
    return span.start + spread_places(len(span), count)


def spread_places(total: int, count: int) -> FrameNumbers:
    """``count`` evenly spaced places of ``total``, including the first and the last; for 1, the middle one.

    Each once where ``total`` is not below ``count``.
    """
    if count == 1:
        return np.array([total // 2], np.int64)
    # Integer rounding: neighbours are never the same place while there are enough of them.
    places = np.arange(count, dtype=np.int64)
    return (2 * places * (total - 1) + count - 1) // (2 * (count - 1))


def keyframes(index: FrameIndex, *, within: range | None = None) -> FrameNumbers:
    """The frames whose packets the container flags as random-access points."""
    span = span_of(index, within)
    numbers = index.keyframes
    return numbers[(numbers >= span.start) & (numbers < span.stop)].astype(np.int64)


def every_seconds(
    index: FrameIndex, interval_s: Fraction | float, *, within: range | None = None
) -> FrameNumbers:
    """The frame on screen at the first frame's time and every ``interval_s`` seconds after it, by pts.

    Correct for a variable frame rate: times are compared, frames are not counted. A frame on screen at
    several of the times is taken once.

    Raises:
        SettingsError: The interval is not above 0, or frames have no timestamps.
    """
    if not math.isfinite(interval_s) or interval_s <= 0:
        raise SettingsError(tr("The interval must be longer than 0 seconds."))
    span = span_of(index, within)
    pts = index.shown_pts[span.start : span.stop]
    if not len(pts):
        return np.empty(0, np.int64)
    require_times(pts, hint=tr("Use every N-th frame instead."))
    interval = Fraction(interval_s).limit_denominator(_FINEST_INTERVAL) or Fraction(1, _FINEST_INTERVAL)
    if (pts[1:] >= pts[:-1]).all():
        taken = _first_at_each_target(pts - pts[0], interval / index.time_base)
        return (span.start + np.flatnonzero(taken)).astype(np.int64)
    order = np.argsort(pts, kind="stable")
    taken = _first_at_each_target(pts[order] - pts[order[0]], interval / index.time_base)
    return np.sort(span.start + order[taken]).astype(np.int64)


def require_times(pts: NDArray[np.int64], *, hint: str) -> None:
    """Refuse if some frames have no pts.

    Raises:
        SettingsError: Some have none.
    """
    missing = int(np.count_nonzero(pts == NO_PTS))
    if missing == len(pts) > 0:
        raise SettingsError(tr("The frames have no timestamps."), hint=hint)
    if missing:
        have = counted(missing, "frame has", "frames have")
        raise SettingsError(
            tr("{have} no timestamp, of the {count} to choose from.", have=have, count=grouped(len(pts))),
            hint=hint,
        )


def span_of(index: FrameIndex, within: range | None) -> range:
    """The range of a selection: all frames, or ``within`` clipped to the video."""
    if within is None:
        return range(len(index))
    start = min(max(within.start, 0), len(index))
    return range(start, max(min(within.stop, len(index)), start))


def ascending_once(numbers: FrameNumbers) -> FrameNumbers:
    """The same numbers ascending, each once; far faster than NumPy's ``unique`` for millions."""
    ordered = np.sort(numbers, kind="stable")
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


def _first_at_each_target(ticks: NDArray[np.int64], interval: Fraction) -> NDArray[np.bool_]:
    """Which of the ascending ``ticks`` are on screen at one of the times 0, interval, 2 × interval.

    Target k has come at tick p when ``k × interval + 1/2 >= p``: half a unit of tolerance allows for
    containers that round 33.3 ms to 33. All in integers, so that hours of video do not drift.
    """
    over, under = interval.numerator, interval.denominator
    # Twice the ticks times the denominator, in Python's own integers where 64 bits might overflow.
    largest = 2 * (int(ticks[-1]) + 2) * max(under, 1) + 2 * over
    doubled = (ticks if largest < _SAFE else ticks.astype(object)) * 2
    # Assume another frame one unit after the last: targets after the last pts are ignored.
    following = np.append(doubled[1:], doubled[-1:] + 2)
    targets = np.maximum(-((1 - doubled) * under // (2 * over)), 0)
    taken: NDArray[np.bool_] = (2 * over * targets + under < following * under).astype(np.bool_)
    return taken


def extent_words(frame_total: int) -> str:
    """The valid frame numbers of a video, for hints."""
    if frame_total == 1:
        return tr("The video has one frame, number 0.")
    return (
        tr(
            "The video has {frames}, 0 to {last}.",
            frames=counted(frame_total, "frame", "frames"),
            last=frame_total - 1,
        )
        if frame_total
        else tr("It has none.")
    )
