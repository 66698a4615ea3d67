"""Playing at the speed of the file's own timestamps, forwards and backwards, and the J-K-L shuttle."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex

SHUTTLE_SPEEDS = (1.0, 2.0, 4.0, 8.0)
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

    def number_at(self, time_s: float, *, backwards: bool = False) -> int:
        """The frame that is due; backwards, a frame ends where it begins forwards."""
        if backwards:
            number = int(np.searchsorted(self._times, time_s - 1e-6, side="left"))
            return min(number, len(self._times) - 1)
        return max(int(np.searchsorted(self._times, time_s + 1e-6, side="right")) - 1, 0)


class Playback(QObject):
    """Requests due frames one at a time; continues when each is shown. Threads: GUI."""

    frame_due = Signal(int)
    speed_changed = Signal(float)
    """0 when stopped, negative backwards."""

    def __init__(self, parent: QObject | None = None, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._now = now
        self._times: FrameTimes | None = None
        self._speed = 0.0
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

    def set_times(self, times: FrameTimes | None) -> None:
        """Use these times from now on; None stops."""
        self._times = times if times is not None and len(times) else None
        if self._times is None:
            self.stop()

    def play(self, speed: float, position: int) -> None:
        """Play from ``position``; at the end of the video it starts over from the other end."""
        if self._times is None or speed == 0:
            self.stop()
            return
        was, self._speed = self._speed, speed
        self._anchor(position)
        if self._next_number() is None:
            # Play at the end means play again, as in every player.
            self._anchor(0 if speed > 0 else len(self._times) - 1)
            self._ask(self._asked)
        else:
            self._schedule()
        if speed != was:
            self.speed_changed.emit(speed)

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
        if self._now() - self._anchor_now_s - due_s > _STALL_S:
            self._anchor(self._asked)
        self._schedule()

    def _time_of(self, frame_number: int) -> float:
        return 0.0 if self._times is None else self._times.time_of(frame_number)

    def _anchor(self, position: int) -> None:
        self._asked = position
        self._anchor_time_s = self._time_of(position)
        self._anchor_now_s = self._now()

    def _next_number(self) -> int | None:
        number = self._asked + (1 if self._speed > 0 else -1)
        return number if self._times is not None and 0 <= number < len(self._times) else None

    def _schedule(self) -> None:
        following = self._next_number()
        if following is None:
            self.stop()
            return
        due_s = (self._time_of(following) - self._anchor_time_s) / self._speed
        wait_s = due_s - (self._now() - self._anchor_now_s)
        self._timer.start(max(math.ceil(wait_s * 1000), _SHORTEST_WAIT_MS))

    def _ask(self, frame_number: int) -> None:
        self._asked = frame_number
        self._is_waiting = True
        self.frame_due.emit(frame_number)

    @Slot()
    def _on_timeout(self) -> None:
        if self._times is None or not self._speed:
            return
        time_s = self._anchor_time_s + (self._now() - self._anchor_now_s) * self._speed
        number = self._times.number_at(time_s, backwards=self._speed < 0)
        # Times that repeat must not hold it up, and an early timer must not send it back.
        is_further = number > self._asked if self._speed > 0 else number < self._asked
        if is_further:
            self._ask(number)
        else:
            self._schedule()
