"""Playing at the speed of the file's own timestamps, forwards and backwards, and the J-K-L shuttle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex

SHUTTLE_SPEEDS = (1.0, 2.0, 4.0, 8.0)
_RATE_WITHOUT_TIMESTAMPS = 25.0


def shuttled(speed: float, direction: int) -> float:
    """The speed after one more press of L (``direction`` 1) or J (-1).

    A press against the present direction starts at single speed the other way.
    """
    if speed * direction <= 0:
        return direction * SHUTTLE_SPEEDS[0]
    faster = [step for step in SHUTTLE_SPEEDS if step > abs(speed)]
    return direction * (faster[0] if faster else SHUTTLE_SPEEDS[-1])


class FrameTimes:
    """When each frame is on screen: never decreasing, and made up at a constant rate where pts lack."""

    def __init__(self, index: FrameIndex, rate: float | None) -> None:
        self._times: NDArray[np.float64]
        if index.has_timestamps:
            self._times = np.maximum.accumulate(index.times_s)
        else:
            self._times = np.arange(len(index)) / (rate or _RATE_WITHOUT_TIMESTAMPS)

    def __len__(self) -> int:
        """How many frames have a time."""
        return len(self._times)

    def time_of(self, frame_number: int) -> float:
        """Seconds since the first frame."""
        return float(self._times[min(max(frame_number, 0), len(self._times) - 1)])

    def number_at(self, time_s: float) -> int:
        """The frame on screen at that time."""
        return max(int(np.searchsorted(self._times, time_s + 1e-6, side="right")) - 1, 0)
