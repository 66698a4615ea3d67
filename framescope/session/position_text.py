"""A frame in words: its number, time, timecode or pts to be copied, and its label. Pure."""

from __future__ import annotations

import math
from enum import Enum, auto
from fractions import Fraction
from typing import TYPE_CHECKING

from framescope.core.marks.labels import label_title
from framescope.core.text import clock, grouped
from framescope.core.translation import tr
from framescope.session.navigation import TargetError

if TYPE_CHECKING:
    from framescope.core.marks.marked_frames import MarkedFrames
    from framescope.core.media.index import FrameIndex

_ZERO = Fraction(0)


class PositionField(Enum):
    """What can be copied."""

    NUMBER = auto()
    TIME = auto()
    TIMECODE = auto()
    PTS = auto()


def position_text(
    field: PositionField,
    frame_number: int,
    index: FrameIndex | None,
    timecode_start: str | None,
    *,
    origin: Fraction = _ZERO,
) -> str:
    """The position of a frame, as `parse_target` reads it back.

    Args:
        field: What of it is wanted.
        frame_number: The frame.
        index: The index so far, or None.
        timecode_start: The timecode of frame 0 as the file has it, or None.
        origin: What the time of the first frame is shown as, in seconds.

    Raises:
        TargetError: The frame has no such position, or it is not known yet.
    """
    if field is PositionField.NUMBER:
        return str(frame_number)
    if index is None or frame_number >= len(index):
        raise TargetError(tr("Frame {frame_number} is not indexed yet.", frame_number=frame_number))
    if field is PositionField.PTS:
        pts = index.pts_of(frame_number)
        if pts is None:
            raise TargetError(tr("This frame has no pts."))
        return f"pts {pts}"
    if field is PositionField.TIME:
        time_s = index.time_of(frame_number)
        if math.isnan(time_s):
            raise TargetError(tr("This frame has no timestamp."))
        return clock(time_s + float(origin))
    # Imported here: it must not delay the first picture.
    from framescope.core.timing.timecode import timecodes_of  # noqa: PLC0415

    counts = timecodes_of(index, timecode_start)
    if counts is None:
        raise TargetError(tr("This video has no timecodes, because its frame rate varies."))
    return counts.text(frame_number)


def label_words(marked: MarkedFrames, number: int) -> str:
    """Which label a frame has, and how many frames have it."""
    label = marked.labels.get(number)
    if label is None:
        return tr("{number}: no label", number=grouped(number))
    count, title = grouped(marked.label_counts()[label]), label_title(label)
    return tr("{number}: {label} ({count} in all)", number=grouped(number), label=title, count=count)
