"""What the audio device is fed with: the decoded sound that is due, at the sample where it is due."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.engine.sound_clock import SoundClock

    Stereo = NDArray[np.float32]

_TOLERANCE_S = 0.002
"""A difference that nobody hears; correcting it would be heard."""
_MOST_S = 0.5
"""How much is decoded ahead."""


@dataclass(frozen=True, slots=True)
class SoundPlan:
    """What is to be heard when.

    Attributes:
        serial: Tells plans apart; samples put under another one are dropped.
        time_s: A time of the video, in seconds from its first frame.
        clock_s: When that is heard, on the clock.
        speed: Seconds of the video per second of the clock.
    """

    serial: int
    time_s: float
    clock_s: float
    speed: float

    def time_at(self, clock_s: float) -> float:
        """The time of the video that is due at a time of the clock."""
        return self.time_s + (clock_s - self.clock_s) * self.speed


class SoundFeed:
    """A queue of samples between the thread that decodes and the device's own. Threads: any."""

    def __init__(self, clock: SoundClock, rate: int) -> None:
        """Feed silence until there is a plan.

        Args:
            clock: Follows the device.
            rate: Samples per second.
        """
        self._clock, self._rate = clock, rate
        self._condition = threading.Condition()
        self._queue: deque[Stereo] = deque()
        self._queued = 0
        self._head_s = 0.0
        self._taken = 0
        self._buffered_s = 0.0
        self._plan: SoundPlan | None = None
        self._snippet = _nothing()
        self._gain = 1.0
        self.missed = 0

    @property
    def plan(self) -> SoundPlan | None:
        """What is to be heard; None for silence."""
        return self._plan

    @property
    def queued_s(self) -> float:
        """Seconds of the clock that can be played from the queue."""
        return self._queued / self._rate

    def set_gain(self, gain: float) -> None:
        """Multiply all samples by this, from the next ones on."""
        self._gain = gain

    def set_plan(self, plan: SoundPlan | None) -> None:
        """Play by another plan; what was queued for an earlier one is dropped."""
        with self._condition:
            if plan is None or self._plan is None or plan.serial != self._plan.serial:
                self._queue.clear()
                self._queued = 0
            self._plan = plan
            self._condition.notify_all()

    def play_now(self, snippet: Stereo) -> None:
        """Play this at once, whatever the plan; it replaces an earlier one."""
        with self._condition:
            self._snippet = snippet

    def put(self, serial: int, time_s: float, samples: Stereo, timeout_s: float) -> bool:
        """Queue decoded samples, when there is room.

        Args:
            serial: The plan they were decoded for.
            time_s: The time of the video at which the first of them belongs.
            samples: (n, 2) float32, at the plan's speed.
            timeout_s: How long to wait for room.

        Returns:
            Whether they were taken, or are no longer wanted; otherwise put them again.
        """
        with self._condition:
            if not self._condition.wait_for(lambda: self._has_room(serial), timeout_s):
                return False
            if self._plan is not None and self._plan.serial == serial and len(samples):
                if not self._queue:
                    self._head_s = time_s
                self._queue.append(samples)
                self._queued += len(samples)
            return True

    def fill(self, count: int) -> Stereo:
        """The next ``count`` samples to be heard: (count, 2) float32. Threads: the device's."""
        with self._condition:
            if not self._taken:
                # Not before: opening a device takes a while.
                self._clock.start(self._buffered_s)
            clock_s = self._clock.note_call(self._taken / self._rate)
            self._taken += count
            out = np.zeros((count, 2), np.float32)
            if self._plan is not None:
                self._fill_planned(out, self._plan, clock_s)
            part, self._snippet = self._snippet[:count], self._snippet[count:]
            out[: len(part)] += part
            self._condition.notify_all()
        out *= self._gain
        return np.clip(out, -1, 1, out=out)

    def start(self, buffered_s: float) -> None:
        """A device is opened with this feed.

        Args:
            buffered_s: How much it has yet to play whenever it asks for more.
        """
        with self._condition:
            self._taken, self._buffered_s = 0, buffered_s

    def _has_room(self, serial: int) -> bool:
        is_wanted = self._plan is not None and self._plan.serial == serial
        return not is_wanted or self._queued < _MOST_S * self._rate

    def _fill_planned(self, out: Stereo, plan: SoundPlan, clock_s: float) -> None:
        late = round((plan.time_at(clock_s) - self._head_s) / plan.speed * self._rate) if self._queue else 0
        start = 0
        if abs(late) > _TOLERANCE_S * self._rate:
            start = min(max(-late, 0), len(out))
            self._take(max(late, 0), plan)
        at = start
        for part in self._take(len(out) - start, plan):
            out[at : at + len(part)] = part
            at += len(part)
        self.missed += len(out) - at

    def _take(self, count: int, plan: SoundPlan) -> list[Stereo]:
        parts = []
        while count > 0 and self._queue:
            first = self._queue.popleft()
            if len(first) > count:
                self._queue.appendleft(first[count:])
                first = first[:count]
            parts.append(first)
            count -= len(first)
            self._queued -= len(first)
            self._head_s += len(first) / self._rate * plan.speed
        return parts


def _nothing() -> Stereo:
    return np.zeros((0, 2), np.float32)
