"""Resolves frame references: typed positions, and the neighbours of a frame. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.media.index import NO_PTS
from framescope.core.text import THIN_SPACE, TypedTime, clock, parse_time
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.media.index import FrameIndex

HELP = tr("Type a frame (123), a time (1:02.5, 12.5 or 12s) or a timestamp (pts 9000).")

_FRAME = re.compile(r"(?:frame|f|n|#)?\s*(\d{1,18})")
_RELATIVE = re.compile(r"([+\-−])\s*(\d{1,18})")
_PTS = re.compile(r"pts\s*[:=]?\s*([+\-−]?\d{1,18})|([+\-−]?\d{1,18})\s*pts")
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*%")
_ENDS = {"start": 0, "first": 0, "home": 0, "end": -1, "last": -1}


class TargetError(ValueError):
    """The typed text refers to no frame of this video; the message says why."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The state of the video that typed text refers to.

    Attributes:
        position: The current frame.
        frame_total: Frames of the video, or the best estimate.
        index: The index so far, or None.
    """

    position: int
    frame_total: int
    index: FrameIndex | None


def parse_target(text: str, where: Whereabouts) -> int:
    """Find the frame that was typed.

    Understands ``123``, ``f123``, ``#123``, ``+10``, ``-10``, ``pts 9000``, ``50%``, ``first``, ``last`` and
    the times of `parse_time`, all with or without the thin spaces that the window shows.

    Returns:
        The frame number, inside the video.

    Raises:
        TargetError: It cannot be parsed, or is outside the video.
    """
    wanted = text.strip().lower().replace(THIN_SPACE, "")
    if wanted in _ENDS:
        return _ENDS[wanted] % where.frame_total
    if match := _FRAME.fullmatch(wanted):
        return _checked(int(match[1]), where)
    if match := _RELATIVE.fullmatch(wanted):
        return _checked(where.position + _signed(match[1] + match[2]), where)
    if match := _PTS.fullmatch(wanted):
        return _at_pts(_signed(match[1] or match[2]), where)
    if match := _PERCENT.fullmatch(wanted):
        return _at_percent(float(match[1].replace(",", ".")), where)
    if (time := parse_time(wanted)) is not None:
        return _at_time(time, where)
    raise TargetError(HELP)


def keyframe_after(index: FrameIndex | None, frame_number: int) -> int | None:
    """The next keyframe, or None."""
    return None if index is None else index.keyframe_after(frame_number)


def keyframe_before(index: FrameIndex | None, frame_number: int) -> int | None:
    """The last keyframe strictly before the frame, or None."""
    if index is None or frame_number <= 0:
        return None
    return index.keyframe_at_or_before(frame_number - 1)


def clamp_range(first: float, last: float, frame_total: int) -> tuple[float, float]:
    """Fit a visible range ``[first, last)`` into the video, keeping its width where it can."""
    width = min(max(last - first, 1.0), float(max(frame_total, 1)))
    start = min(max(first, 0.0), max(frame_total, 1) - width)
    return start, start + width


def range_following(visible: tuple[float, float], frame_number: int, frame_total: int) -> tuple[float, float]:
    """The visible range, paged or moved until it contains the whole frame."""
    first, last = visible
    if first <= frame_number and frame_number + 1 <= last:
        return visible
    width = last - first
    if last < frame_number + 1 <= last + width:
        return clamp_range(float(frame_number), frame_number + width, frame_total)
    if first - width <= frame_number < first:
        return clamp_range(frame_number + 1 - width, frame_number + 1.0, frame_total)
    return clamp_range(frame_number - width / 2, frame_number + width / 2, frame_total)


def _signed(digits: str) -> int:
    return int(digits.replace("−", "-"))


def _checked(frame_number: int, where: Whereabouts) -> int:
    if frame_number < 0:
        raise TargetError(tr("The first frame is 0."))
    if frame_number >= where.frame_total:
        raise TargetError(tr("The last frame is {last}.", last=where.frame_total - 1))
    return frame_number


def _at_percent(percent: float, where: Whereabouts) -> int:
    if percent > 100:
        raise TargetError(tr("The video ends at 100 %."))
    return round(percent / 100 * (where.frame_total - 1))


def _timed_index(where: Whereabouts) -> FrameIndex:
    index = where.index
    if index is None or len(index) == 0:
        raise TargetError(tr("The frames are not indexed yet. Go to a frame number."))
    if not index.has_some_timestamps:
        raise TargetError(tr("This video has no timestamps. Go to a frame number."))
    return index


def _at_pts(pts: int, where: Whereabouts) -> int:
    index = _timed_index(where)
    known = index.pts[index.pts != NO_PTS]
    earliest, latest = int(known.min()), int(known.max())
    if pts < earliest:
        raise TargetError(tr("The first timestamp is {earliest}.", earliest=earliest))
    if pts > latest:
        if not index.complete:
            raise TargetError(tr("So far, timestamps are indexed up to {latest}.", latest=latest))
        raise TargetError(tr("The last timestamp is {latest}.", latest=latest))
    return index.number_at_pts(pts)


def _at_time(time: TypedTime, where: Whereabouts) -> int:
    index = _timed_index(where)
    earliest_s, latest_s = float(np.nanmin(index.times_s)), float(np.nanmax(index.times_s))
    # The last frame stays on screen for a while; a frame's length is as good a guess as any.
    mean_s = latest_s / max(len(index) - 1, 1)
    if time.seconds + time.precision_s < earliest_s:
        raise TargetError(tr("The first frame is at {time}.", time=clock(earliest_s)))
    if time.seconds - time.precision_s > latest_s + mean_s:
        if not index.complete:
            raise TargetError(tr("So far, frames are indexed up to {time}.", time=clock(latest_s)))
        raise TargetError(tr("The last frame is at {time}.", time=clock(latest_s)))
    return index.number_at_time(time)
