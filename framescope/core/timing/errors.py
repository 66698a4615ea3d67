"""How wrong "n / fps" and reported positions are against the true times, frame by frame. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex


@dataclass(frozen=True, slots=True, eq=False)
class TimeErrors:
    """Claimed less true time, by frame number.

    Attributes:
        source: Where the claimed times come from, such as ``n / 29.97``.
        seconds: float64, positive where the claim is late; NaN where either time is unknown.
        frames: float64, the number of the frame that is shown at the claimed time, less the frame's own.
    """

    source: str
    seconds: NDArray[np.float64]
    frames: NDArray[np.float64]

    @property
    def worst_frame(self) -> int | None:
        """The frame with the largest error; None if no error is known."""
        known = np.abs(np.nan_to_num(self.seconds))
        return int(known.argmax()) if np.isfinite(self.seconds).any() else None

    @property
    def worst_ms(self) -> float:
        """The largest error in milliseconds, signed; NaN where none is known."""
        worst = self.worst_frame
        return math.nan if worst is None else float(self.seconds[worst] * 1000)

    @property
    def worst_frames(self) -> int:
        """The largest error in frames, signed; 0 where none is known."""
        known = np.nan_to_num(self.frames)
        return int(known[np.abs(known).argmax()]) if len(known) else 0

    @property
    def wrong_frames(self) -> int:
        """How many frames the claimed time would lead to another frame."""
        return int((np.nan_to_num(self.frames) != 0).sum())


def nominal_errors(index: FrameIndex, rate: float) -> TimeErrors:
    """What comes of taking ``n / rate`` for the time of frame n."""
    claimed = np.arange(len(index)) / rate if rate > 0 else np.full(len(index), np.nan)
    return claimed_errors(index, claimed, f"n / {rate:.6g}")


def claimed_errors(index: FrameIndex, claimed_s: NDArray[np.float64], source: str) -> TimeErrors:
    """What comes of times that somebody claims, in seconds since the first frame, by frame number.

    There may be fewer claims than frames, or more.
    """
    true_s = index.times_s
    claimed = np.full(len(true_s), np.nan)
    count = min(len(true_s), len(claimed_s))
    claimed[:count] = claimed_s[:count]
    seconds = claimed - true_s
    frames = np.full(len(true_s), np.nan)
    known = np.isfinite(seconds)
    order = np.argsort(true_s[known], kind="stable")
    numbers = np.flatnonzero(known)
    if len(numbers):
        # Half a tick forgives the rounding of a time that was meant to be exactly the frame's.
        half = float(index.time_base) / 2
        places = np.searchsorted(true_s[known][order], claimed[known] + half, side="right") - 1
        frames[known] = numbers[order[np.maximum(places, 0)]] - numbers
    # Frames that share one time are distinguished by nothing; that is not the claim's fault.
    frames[np.abs(seconds) <= float(index.time_base) / 2] = 0
    return TimeErrors(source, seconds, frames)
