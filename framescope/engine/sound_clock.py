"""The clock of playing: the system's, which follows the audio device while that runs, without ever a step."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_SMOOTHING = 0.1
"""The weight of one call of the device: calls come when a thread gets round to them."""
_STEP_S = 0.2
"""A difference that no delay of a thread explains: the device has paused."""


class SoundClock:
    """Seconds that never go back. Threads: any.

    A device plays at a rate of its own, a little faster or slower than the system's clock. Its time is that
    of the samples it has taken, less those that it has yet to play.
    """

    def __init__(self, wall: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._lock = threading.Lock()
        self._last_s = wall()
        self._offset_s = self._begin_s = self._buffered_s = 0.0

    def now(self) -> float:
        """The time now, in seconds."""
        with self._lock:
            return self._now()

    def start(self, buffered_s: float) -> None:
        """A device starts: its first sample is heard now, as this clock defines it.

        Args:
            buffered_s: How much it has yet to play whenever it asks for more.
        """
        with self._lock:
            self._begin_s, self._buffered_s = self._now(), buffered_s

    def note_call(self, taken_s: float) -> float:
        """The device asks for more samples.

        Args:
            taken_s: How many seconds of samples it has taken before.

        Returns:
            When the next sample is heard, on this clock.
        """
        with self._lock:
            heard_s = self._begin_s + max(taken_s - self._buffered_s, 0.0)
            step_s = heard_s - self._wall() - self._offset_s
            if abs(step_s) > _STEP_S:
                # What it plays next belongs to the present, not to where it left off.
                self._begin_s -= step_s
            else:
                self._offset_s += _SMOOTHING * step_s
            return self._begin_s + taken_s

    def _now(self) -> float:
        self._last_s = max(self._last_s, self._wall() + self._offset_s)
        return self._last_s
