"""Playing at the speed of the file's own timestamps: both ways, slower and faster, once or repeated."""

from __future__ import annotations

import math
import time
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex
    from framescope.session.state import FrameRange

SHUTTLE_SPEEDS = (1.0, 2.0, 4.0, 8.0)
SPEED_LIMITS = (1 / 8, 8.0)
_NORMAL_SHARE = 0.01
"""Speeds this close to normal are normal: steps of a tenth up and down again must not miss it."""
_RATE_WITHOUT_TIMESTAMPS = 25.0
_SHORTEST_WAIT_MS = 8
"""No display shows more than about 120 pictures per second; faster frames are skipped."""
_STALL_S = 0.25
"""Frames later than this delay the clock; shorter delays are made up by skipping frames."""


def shuttled(speed: float, direction: int) -> float:
    """The speed after one more press of L (``direction`` 1) or J (-1).

    A press against the current direction starts at single speed in the other direction.
    """
    if speed * direction <= 0:
        return direction * SHUTTLE_SPEEDS[0]
    faster = [step for step in SHUTTLE_SPEEDS if step > abs(speed)]
    return direction * (faster[0] if faster else SHUTTLE_SPEEDS[-1])


class Repeat(StrEnum):
    """What follows the last frame to play; the value is the name in settings."""

    OFF = "off"
    LOOP = "loop"
    PING_PONG = "ping-pong"


def changed_speed(speed: float, factor: float) -> float:
    """A speed above 0 times ``factor``, between 1/8 and 8."""
    wanted = speed * factor
    if abs(wanted - 1) < _NORMAL_SHARE:
        return 1.0
    return min(max(wanted, SPEED_LIMITS[0]), SPEED_LIMITS[1])


class FrameTimes:
    """When each frame is shown: never decreasing, and filled in at a constant rate where pts are missing."""

    def __init__(self, index: FrameIndex, rate: float | None) -> None:
        self._times: NDArray[np.float64]
        if index.has_timestamps:
            self._times = np.maximum.accumulate(index.times_s)
        else:
            self._times = np.arange(len(index)) / (rate or _RATE_WITHOUT_TIMESTAMPS)

    def __len__(self) -> int:
        """The number of frames with a time."""
        return len(self._times)

    def time_of(self, frame_number: int) -> float:
        """Seconds since the first frame."""
        return float(self._times[min(max(frame_number, 0), len(self._times) - 1)])

    def length_of(self, frame_number: int) -> float:
        """Seconds from this frame to the next; the last one is as long as the one before it."""
        first = min(max(frame_number, 0), max(len(self._times) - 2, 0))
        return self.time_of(first + 1) - self.time_of(first)

    def times_at(self, positions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Seconds at positions in frames: n is where frame n begins, n + 0.5 its middle; clamped.

        The last frame is as long as the one before it.
        """
        last = len(self._times) - 1
        inside = np.clip(positions, 0, last + 1)
        whole = np.minimum(inside.astype(np.int64), last)
        before = np.minimum(whole, max(last - 1, 0))
        steps = self._times[np.minimum(before + 1, last)] - self._times[before]
        times: NDArray[np.float64] = self._times[whole] + (inside - whole) * steps
        return times

    def number_at(self, time_s: float, *, backwards: bool = False) -> int:
        """The frame that is due; backwards, a frame ends where it begins forwards."""
        if backwards:
            number = int(np.searchsorted(self._times, time_s - 1e-6, side="left"))
            return min(number, len(self._times) - 1)
        return max(int(np.searchsorted(self._times, time_s + 1e-6, side="right")) - 1, 0)


class Playback(QObject):
    """Requests due frames one at a time; continues when each is shown. Threads: GUI.

    At normal speed and faster, frames that there is no time for are skipped, unless every frame is to be
    shown. Slower than normal, every frame is shown.
    """

    frame_due = Signal(int)
    speed_changed = Signal(float)
    """0 when stopped, negative backwards."""
    skipped_changed = Signal(int)
    """``skipped`` changed."""
    anchored = Signal()
    """``anchor`` changed: playing started, jumped or was held up."""

    def __init__(self, parent: QObject | None = None, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._now = now
        self._times: FrameTimes | None = None
        self._range: FrameRange | None = None
        self._repeat = Repeat.OFF
        self._shows_all = False
        self._speed = 0.0
        self._skipped = 0
        self._asked = 0
        self._is_waiting = False
        self._anchor_time_s = 0.0
        self._anchor_now_s = 0.0
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def speed(self) -> float:
        """0 when stopped, negative backwards."""
        return self._speed

    @property
    def skipped(self) -> int:
        """Frames skipped to keep time since playing began."""
        return self._skipped

    @property
    def anchor(self) -> tuple[float, float]:
        """A time of the video, and when on the clock it is due; times after it follow at the speed."""
        return self._anchor_time_s, self._anchor_now_s

    def set_times(self, times: FrameTimes | None) -> None:
        """Use these times from now on; None stops."""
        self._times = times if times is not None and len(times) else None
        if self._times is None:
            self.stop()
            self._count_skipped(-self._skipped)
        elif self._speed:
            self._anchor(self._asked)

    def set_range(self, span: FrameRange | None) -> None:
        """Play these frames only, as long as playing is inside of them; None plays the whole video."""
        self._range = span

    def set_repeat(self, repeat: Repeat) -> None:
        """What follows the last frame."""
        self._repeat = repeat

    def set_shows_all(self, *, shows_all: bool) -> None:
        """Show every frame, slower where the machine cannot keep up, or skip some to keep time."""
        self._shows_all = shows_all

    def play(self, speed: float, position: int) -> None:
        """Play from ``position``; from the other end if that is the last frame to play, or out of range.

        What plays already goes on from the frame requested last, whatever is on screen.
        """
        if self._times is None or speed == 0:
            self.stop()
            return
        self._timer.stop()
        was, self._speed = self._speed, speed
        if not was:
            self._count_skipped(-self._skipped)
        self._anchor(self._asked if was else position)
        if self._is_outside() or self._next_number() is None:
            # Play at the end means play again, as in every player.
            self._start_over()
        else:
            self._schedule()
        if self._speed != was:
            self.speed_changed.emit(self._speed)

    def stop(self) -> None:
        """Stop."""
        self._timer.stop()
        self._is_waiting = False
        if self._speed:
            self._speed = 0.0
            self.speed_changed.emit(0.0)

    def move_to(self, position: int) -> None:
        """Continue playing from here after a jump."""
        if self._speed:
            self._anchor(position)
            self._is_waiting = True
            self._timer.stop()

    def note_shown(self, frame_number: int) -> None:
        """The frame is on screen (or known to be unavailable)."""
        if not self._speed or not self._is_waiting or frame_number != self._asked:
            return
        self._is_waiting = False
        due_s = (self._time_of(self._asked) - self._anchor_time_s) / self._speed
        if self._now() - self._anchor_now_s - due_s > self._patience_s():
            self._anchor(self._asked)
        self._schedule()

    # --- inside

    @property
    def _is_exact(self) -> bool:
        return self._shows_all or abs(self._speed) < 1

    def _patience_s(self) -> float:
        """Up to which delay later frames come sooner to make up for it."""
        if not self._is_exact or self._times is None:
            return _STALL_S
        return self._times.length_of(self._asked) / abs(self._speed)

    def _time_of(self, frame_number: int) -> float:
        return 0.0 if self._times is None else self._times.time_of(frame_number)

    def _anchor(self, position: int) -> None:
        self._asked = position
        self._anchor_time_s = self._time_of(position)
        self._anchor_now_s = self._now()
        self.anchored.emit()

    def _ends(self) -> tuple[int, int]:
        """The first and last frame of the range, or of the video without a range that has frames."""
        last = 0 if self._times is None else len(self._times) - 1
        span = self._range
        if span is None or not len(span) or span.start > last:
            return 0, last
        return span.start, min(span.stop - 1, last)

    def _is_outside(self) -> bool:
        first, last = self._ends()
        return not first <= self._asked <= last

    def _bounds(self) -> tuple[int, int]:
        """The first and last frame to play; after a jump out of the range, those of the video."""
        if not self._is_outside() or self._times is None:
            return self._ends()
        return 0, len(self._times) - 1

    def _next_number(self) -> int | None:
        first, last = self._bounds()
        number = self._asked + (1 if self._speed > 0 else -1)
        return number if first <= number <= last else None

    def _start_over(self) -> None:
        first, last = self._ends()
        start = first if self._speed > 0 else last
        if first == last and start == self._asked:
            self.stop()
            return
        self._anchor(start)
        self._ask(start)

    def _turn_round(self) -> None:
        self._speed = -self._speed
        self._anchor(self._asked)
        self.speed_changed.emit(self._speed)

    def _schedule(self) -> None:
        following = self._next_number()
        first, last = self._bounds()
        if following is None and self._repeat is Repeat.PING_PONG and first < last:
            self._turn_round()
            following = self._next_number()
        if following is not None:
            due_time_s = self._time_of(following)
        elif self._repeat is Repeat.LOOP and self._times is not None:
            # The last frame is shown as long as any other.
            way = 1 if self._speed > 0 else -1
            due_time_s = self._time_of(self._asked) + way * self._times.length_of(self._asked)
        else:
            self.stop()
            return
        wait_s = (due_time_s - self._anchor_time_s) / self._speed - (self._now() - self._anchor_now_s)
        self._timer.start(max(math.ceil(wait_s * 1000), _SHORTEST_WAIT_MS))

    def _ask(self, frame_number: int) -> None:
        self._asked = frame_number
        self._is_waiting = True
        self.frame_due.emit(frame_number)

    def _count_skipped(self, count: int) -> None:
        if count:
            self._skipped += count
            self.skipped_changed.emit(self._skipped)

    @Slot()
    def _on_timeout(self) -> None:
        if self._times is None or not self._speed:
            return
        following = self._next_number()
        if following is None:
            self._start_over()
            return
        number = following if self._is_exact else self._due_number(self._times)
        # Times that repeat must not hold it up, and an early timer must not send it back.
        if number > self._asked if self._speed > 0 else number < self._asked:
            self._count_skipped(abs(number - self._asked) - 1)
            self._ask(number)
        else:
            self._schedule()

    def _due_number(self, times: FrameTimes) -> int:
        first, last = self._bounds()
        time_s = self._anchor_time_s + (self._now() - self._anchor_now_s) * self._speed
        number = times.number_at(time_s, backwards=self._speed < 0)
        return min(max(number, first), last)
