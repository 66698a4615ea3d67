"""Resolves frame references: typed positions, and the neighbours of a frame. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.media.index import NO_PTS
from framescope.core.text import THIN_SPACE, TypedTime, clock, parse_time
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.media.index import FrameIndex
    from framescope.session.playback import FrameTimes

HELP = tr(
    "Type a frame (123), a time (1:02.5, 12.5 or 12s), a timecode (00:01:02:12) or a timestamp (pts 9000)."
)

_ZERO = Fraction(0)
_FRAME = re.compile(r"(?:frame|f|n|#)?\s*(\d{1,18})")
_RELATIVE = re.compile(r"([+\-−])\s*(\d{1,18})")
_PTS = re.compile(r"pts\s*[:=]?\s*([+\-−]?\d{1,18})|([+\-−]?\d{1,18})\s*pts")
_TIMECODE = re.compile(r"\d{1,2}:\d{1,2}:\d{1,2}[:;]\d{1,3}")
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*%")
_FIRST = re.compile("start|first|home")
_LAST = re.compile("end|last")


class TargetError(ValueError):
    """The typed text refers to no frame of this video; the message says why."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The state of the video that typed text refers to.

    Attributes:
        position: The current frame.
        frame_total: Frames of the video, or the best estimate.
        index: The index so far, or None.
        timecode_start: The timecode of frame 0 as the file has it, or None.
        origin: What the time of the first frame is shown as, in seconds: typed times count from there too.
    """

    position: int
    frame_total: int
    index: FrameIndex | None
    timecode_start: str | None = None
    origin: Fraction = _ZERO


def parse_target(text: str, where: Whereabouts) -> int:
    """Find the frame that was typed.

    Understands ``123``, ``f123``, ``#123``, ``+10``, ``-10``, ``pts 9000``, ``50%``, ``first``, ``last``,
    timecodes (``00:01:02:12``, drop-frame ``00:01:02;12``) and the times of `parse_time`, all with or without
    the thin spaces that the window shows.

    Returns:
        The frame number, inside the video.

    Raises:
        TargetError: It cannot be parsed, or is outside the video.
    """
    wanted = text.strip().lower().replace(THIN_SPACE, "")
    for form, find in _FORMS:
        if match := form.fullmatch(wanted):
            return find(match, where)
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


def frame_after(times: FrameTimes, frame_number: int, seconds: float) -> int:
    """The frame on screen that much later, or earlier if negative; at least the next or previous one."""
    number = times.number_at(times.time_of(frame_number) + seconds)
    if number == frame_number:
        # A picture that stays longer than the step must not stop the user.
        number += 1 if seconds > 0 else -1
    return min(max(number, 0), len(times) - 1)


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
    origin_s = float(where.origin)
    time = replace(time, seconds=time.seconds - where.origin)
    earliest_s, latest_s = float(np.nanmin(index.times_s)), float(np.nanmax(index.times_s))
    # The last frame stays on screen for a while; a frame's length is as good a guess as any.
    mean_s = latest_s / max(len(index) - 1, 1)
    if time.seconds + time.precision_s < earliest_s:
        raise TargetError(tr("The first frame is at {time}.", time=clock(earliest_s + origin_s)))
    if time.seconds - time.precision_s > latest_s + mean_s:
        last = clock(latest_s + origin_s)
        if not index.complete:
            raise TargetError(tr("So far, frames are indexed up to {time}.", time=last))
        raise TargetError(tr("The last frame is at {time}.", time=last))
    return index.number_at_time(time)


def _at_timecode(match: re.Match[str], where: Whereabouts) -> int:
    # Imported here: it must not delay the first picture.
    from framescope.core.timing.timecode import TimecodeCount, timecodes_of  # noqa: PLC0415

    text, counts = match[0], timecodes_of(_timed_index(where), where.timecode_start)
    if counts is None:
        raise TargetError(tr("This video has no timecodes, because its frame rate varies."))
    if ";" in text and not counts.drops:
        raise TargetError(tr("The timecodes of this video are not drop-frame: type a colon instead of “;”."))
    if ";" not in text and where.timecode_start is None:
        # The count is the user's choice where the file has none.
        counts = TimecodeCount(counts.base, drops=False)
    number = counts.number(text)
    if number is None:
        raise TargetError(
            tr("There is no timecode {text} at {base} frames per second.", text=text, base=counts.base)
        )
    if number >= where.frame_total:
        last = where.frame_total - 1
        raise TargetError(
            tr("Timecodes run from {first} to {last}.", first=counts.text(0), last=counts.text(last))
        )
    return number


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Whereabouts], int]], ...] = (
    (_FIRST, lambda _match, _where: 0),
    (_LAST, lambda _match, where: where.frame_total - 1),
    (_FRAME, lambda match, where: _checked(int(match[1]), where)),
    (_RELATIVE, lambda match, where: _checked(where.position + _signed(match[1] + match[2]), where)),
    (_PTS, lambda match, where: _at_pts(_signed(match[1] or match[2]), where)),
    (_PERCENT, lambda match, where: _at_percent(float(match[1].replace(",", ".")), where)),
    (_TIMECODE, _at_timecode),
)
"""What is typed, besides times, and how the frame is found."""
