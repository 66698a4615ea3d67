"""Timecodes, HH:MM:SS:FF, from the file's own start; drop-frame where the file or its rate says so. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from framescope.core.media.facts.intervals import measure_intervals

if TYPE_CHECKING:
    from framescope.core.media.index import FrameIndex

_TIMECODE = re.compile(r"(\d+):(\d{1,2}):(\d{1,2})([:;.])(\d{1,3})")
_DROPPING = (Fraction(30000, 1001), Fraction(60000, 1001))
_DAY_HOURS = 24


@dataclass(frozen=True, slots=True)
class TimecodeCount:
    """How frames of a constant rate are counted.

    Drop-frame leaves out the first 2 (or 4) labels of every minute but each tenth: SMPTE ST 12-1.

    Attributes:
        base: Labels a second.
        drops: Whether labels are left out, so that the count keeps up with the clock at 29.97 and 59.94.
        start: The count of frame 0.
    """

    base: int
    drops: bool
    start: int = 0

    def text(self, frame_number: int) -> str:
        """The timecode of a frame; ``;`` before the frames says drop-frame. A day follows a day."""
        number = (self.start + frame_number) % self._a_day
        mark = ":"
        if self.drops:
            mark = ";"
            dropped = self._dropped
            a_minute, ten_minutes = self.base * 60 - dropped, self.base * 600 - dropped * 9
            tens, rest = divmod(number, ten_minutes)
            number += dropped * 9 * tens
            if rest >= self.base * 60:
                number += dropped * ((rest - self.base * 60) // a_minute + 1)
        seconds, frames = divmod(number, self.base)
        wide = max(2, len(str(self.base - 1)))
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{mark}{frames:0{wide}d}"

    def number(self, text: str) -> int | None:
        """The frame that a timecode names; None if it names none, as one that drop-frame leaves out.

        A timecode before the first frame's is one of the next day.
        """
        label = self._count(text)
        return None if label is None else (label - self.start) % self._a_day

    def _count(self, text: str) -> int | None:
        """How many frames lie between 00:00:00:00 and a timecode."""
        match = _TIMECODE.fullmatch(text.strip())
        if match is None:
            return None
        hours, minutes, seconds, frames = (int(match[group]) for group in (1, 2, 3, 5))
        if hours >= _DAY_HOURS or minutes > 59 or seconds > 59 or frames >= self.base:
            return None
        number = ((hours * 60 + minutes) * 60 + seconds) * self.base + frames
        if not self.drops:
            return number
        if minutes % 10 and seconds == 0 and frames < self._dropped:
            return None
        all_minutes = hours * 60 + minutes
        return number - self._dropped * (all_minutes - all_minutes // 10)

    @property
    def _dropped(self) -> int:
        return self.base // 15

    @property
    def _a_day(self) -> int:
        whole = _DAY_HOURS * 3600 * self.base
        return whole - self._dropped * 54 * _DAY_HOURS if self.drops else whole


def timecode_count(rate: Fraction, start: str | None = None) -> TimecodeCount | None:
    """How the frames of a file are counted.

    Args:
        rate: Frames per second.
        start: The timecode of frame 0 as the file has it, ``;`` for drop-frame; None if it has none: then
            the count starts at 0, and drops at 29.97 and 59.94.

    Returns:
        None if the file's own start is not a timecode at this rate: any count would be made up.
    """
    base = max(1, round(rate))
    if start is None:
        return TimecodeCount(base, drops=rate in _DROPPING)
    match = _TIMECODE.fullmatch(start.strip())
    if match is None:
        return None
    count = TimecodeCount(base, drops=match[4] != ":" and rate in _DROPPING)
    first = count.number(start)
    return None if first is None else TimecodeCount(base, count.drops, first)


def timecodes_of(index: FrameIndex, start: str | None) -> TimecodeCount | None:
    """How the frames of an index are counted; None if the frame rate varies: timecodes need a constant one.

    Args:
        index: The frame index.
        start: As for `timecode_count`.
    """
    intervals = measure_intervals(index)
    if not intervals.is_constant or intervals.rate is None:
        return None
    return timecode_count(intervals.rate, start)
