"""The many numbers and times of a frame, each of which can be converted back to its number. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import FrameScopeError
from framescope.core.media.facts.intervals import measure_intervals
from framescope.core.media.index import NO_PTS
from framescope.core.text import TypedTime, counted, parse_time
from framescope.core.timing.timecode import timecode_count
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex


class IdentityField(StrEnum):
    """One way to name a frame."""

    NUMBER = "number"
    NUMBER_FROM_1 = "number_from_1"
    PTS = "pts"
    DTS = "dts"
    DECODE_ORDER = "decode_order"
    TIME = "time"
    TIME_STORED = "time_stored"
    CURRENT_TIME = "current_time"
    TIMECODE = "timecode"
    OPENCV_FRAMES = "opencv_pos_frames"
    OPENCV_MSEC = "opencv_pos_msec"


TITLES: dict[IdentityField, str] = {
    IdentityField.NUMBER: tr("Frame number"),
    IdentityField.NUMBER_FROM_1: tr("Counted from 1"),
    IdentityField.PTS: "pts",
    IdentityField.DTS: "dts",
    IdentityField.DECODE_ORDER: tr("Decode order"),
    IdentityField.TIME: tr("Time from the first frame"),
    IdentityField.TIME_STORED: tr("Time as stored"),
    IdentityField.CURRENT_TIME: "HTML5 currentTime",
    IdentityField.TIMECODE: "Timecode",
    IdentityField.OPENCV_FRAMES: tr("OpenCV POS_FRAMES after reading it"),
    IdentityField.OPENCV_MSEC: tr("OpenCV POS_MSEC after reading it"),
}


_ZERO = Fraction(0)


class IdentityError(FrameScopeError):
    """A text names no frame."""


@dataclass(frozen=True, slots=True)
class FrameIdentity:
    """One frame under all its names; None if the file has no such name for it.

    Attributes:
        number: 0-based number in presentation order.
        number_from_1: The same, counted from 1.
        pts: Presentation timestamp in the stream's time base.
        dts: Decoding timestamp in the stream's time base.
        decode_order: 0-based place among the frames in decode order.
        time_s: Seconds since the first frame.
        time_stored_s: Seconds as stored.
        current_time_s: A value of HTML5's ``video.currentTime`` that shows this frame: its middle, because
            browsers round times and a frame's own start may show the previous one.
        timecode: HH:MM:SS:FF at the measured rate, from the file's own start where it has one, otherwise from
            0; drop-frame (with ``;``) where the file's start is, or without one at 29.97 and 59.94.
        opencv_pos_frames: What CAP_PROP_POS_FRAMES says after the frame was read in sequence.
        opencv_pos_msec: What CAP_PROP_POS_MSEC said in a sequential read; None if it was not read.
    """

    number: int
    number_from_1: int
    pts: int | None
    dts: int | None
    decode_order: int
    time_s: float | None
    time_stored_s: float | None
    current_time_s: float | None
    timecode: str | None
    opencv_pos_frames: int
    opencv_pos_msec: float | None

    def text(self, field: IdentityField) -> str:
        """One name as text that `IdentityTranslator.find` reads back; empty if there is none."""
        values = {
            IdentityField.NUMBER: self.number,
            IdentityField.NUMBER_FROM_1: self.number_from_1,
            IdentityField.PTS: self.pts,
            IdentityField.DTS: self.dts,
            IdentityField.DECODE_ORDER: self.decode_order,
            IdentityField.TIME: self.time_s,
            IdentityField.TIME_STORED: self.time_stored_s,
            IdentityField.CURRENT_TIME: self.current_time_s,
            IdentityField.TIMECODE: self.timecode,
            IdentityField.OPENCV_FRAMES: self.opencv_pos_frames,
            IdentityField.OPENCV_MSEC: self.opencv_pos_msec,
        }
        value = values[field]
        if value is None:
            return ""
        return f"{value:.6f}" if isinstance(value, float) else str(value)


class IdentityTranslator:
    """Names frames of one index, and finds them by name. Threads: any."""

    def __init__(
        self,
        index: FrameIndex,
        opencv_times_s: NDArray[np.float64] | None = None,
        *,
        timecode_start: str | None = None,
    ) -> None:
        """Prepare to name frames.

        Args:
            index: The frame index.
            opencv_times_s: What POS_MSEC said, in seconds, after each frame of a sequential read.
            timecode_start: The timecode of frame 0 as the file has it; None if it has none.
        """
        self._index = index
        self._opencv_times_s = opencv_times_s
        intervals = measure_intervals(index)
        self.rate: Fraction | None = intervals.rate
        self.timecode_start = timecode_start
        self._timecodes = None if self.rate is None else timecode_count(self.rate, timecode_start)
        self._usual_s = intervals.median_s
        known = index.pts[index.pts != NO_PTS]
        self._first_stored = int(known[0]) * index.time_base if len(known) else _ZERO
        self._by_decode_order = np.argsort(index.packet_numbers, kind="stable")

    def __len__(self) -> int:
        """Frames."""
        return len(self._index)

    def identity(self, frame_number: int) -> FrameIdentity:
        """All names of a frame.

        Raises:
            IndexError: There is no such frame.
        """
        index = self._index
        if not 0 <= frame_number < len(index):
            raise IndexError(f"frame {frame_number} of {len(index)}")
        pts, dts = index.pts_of(frame_number), int(index.dts[frame_number])
        time_s = index.time_of(frame_number)
        has_time = not math.isnan(time_s)
        return FrameIdentity(
            number=frame_number,
            number_from_1=frame_number + 1,
            pts=pts,
            dts=None if dts == NO_PTS else dts,
            decode_order=int(index.decode_positions[frame_number]),
            time_s=time_s if has_time else None,
            time_stored_s=None if pts is None else float(pts * index.time_base),
            current_time_s=time_s + self._length_s(frame_number) / 2 if has_time else None,
            timecode=None if self._timecodes is None else self._timecodes.text(frame_number),
            opencv_pos_frames=frame_number + 1,
            opencv_pos_msec=self._opencv_msec(frame_number),
        )

    def _length_s(self, frame_number: int) -> float:
        """How long a frame stays on screen."""
        times = self._index.times_s
        if frame_number + 1 < len(times):
            length = float(times[frame_number + 1] - times[frame_number])
            if length > 0:
                return length
        return 0.0 if math.isnan(self._usual_s) else self._usual_s

    def _opencv_msec(self, frame_number: int) -> float | None:
        times = self._opencv_times_s
        if times is None or frame_number >= len(times) or math.isnan(times[frame_number]):
            return None
        return float(times[frame_number]) * 1000

    def find(self, field: IdentityField, text: str) -> int:
        """The frame that a text names.

        A time names the frame on screen at that moment; a pts, dts or place in decode order must be some
        frame's very own.

        Raises:
            IdentityError: No frame is called so.
        """
        finders: dict[IdentityField, Callable[[str], int | None]] = {
            IdentityField.NUMBER: _whole,
            IdentityField.NUMBER_FROM_1: lambda words: _less_one(_whole(words)),
            IdentityField.PTS: lambda words: self._with_value(self._index.pts, _whole(words)),
            IdentityField.DTS: lambda words: self._with_value(self._index.dts, _whole(words)),
            IdentityField.DECODE_ORDER: self._in_decode_order,
            IdentityField.TIME: lambda words: self._at_time(parse_time(words)),
            IdentityField.TIME_STORED: lambda words: self._at_time(
                parse_time(words), since=self._first_stored
            ),
            IdentityField.CURRENT_TIME: lambda words: self._at_time(parse_time(words)),
            IdentityField.TIMECODE: self._at_timecode,
            IdentityField.OPENCV_FRAMES: lambda words: _less_one(_whole(words)),
            IdentityField.OPENCV_MSEC: self._at_opencv_msec,
        }
        number = finders[field](text.strip())
        if number is None or not 0 <= number < len(self._index):
            raise IdentityError(
                tr("No frame has {text!r} as its {title}.", text=text.strip(), title=TITLES[field]),
                hint=tr(
                    "The video has {frames}, counted from 0.",
                    frames=counted(len(self._index), "frame", "frames"),
                ),
            )
        return number

    def _with_value(self, values: NDArray[np.int64], value: int | None) -> int | None:
        if value is None or value == NO_PTS:
            return None
        places = np.flatnonzero(values == value)
        return int(places[0]) if len(places) else None

    def _in_decode_order(self, words: str) -> int | None:
        place = _whole(words)
        if place is None or not 0 <= place < len(self._index):
            return None
        return int(self._by_decode_order[place])

    def _at_time(self, time: TypedTime | None, since: Fraction = _ZERO) -> int | None:
        if time is None or not self._index.has_some_timestamps:
            return None
        after_first = time.seconds - since
        last = len(self._index) - 1
        end_s = float(np.nanmax(self._index.times_s)) + max(
            self._length_s(last), float(self._index.time_base)
        )
        if not -self._index.time_base <= after_first <= end_s:
            return None
        return self._index.number_at_time(TypedTime(max(after_first, _ZERO), time.precision_s))

    def _at_timecode(self, words: str) -> int | None:
        return None if self._timecodes is None else self._timecodes.number(words)

    def _at_opencv_msec(self, words: str) -> int | None:
        time = parse_time(words)
        milliseconds = None if time is None else float(time.seconds)
        if (
            milliseconds is None
            or self._opencv_times_s is None
            or not np.isfinite(self._opencv_times_s).any()
        ):
            return None
        differences = np.abs(self._opencv_times_s * 1000 - milliseconds)
        nearest = int(np.nanargmin(differences))
        return nearest if differences[nearest] < 0.5 else None


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _less_one(value: int | None) -> int | None:
    return None if value is None else value - 1
