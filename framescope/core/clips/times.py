"""Timestamps of a clip: the source's, shifted to zero, or evenly spaced. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo

_FALLBACK_RATE = Fraction(25)
_MOST_RATE = 1000


@dataclass(frozen=True, slots=True, eq=False)
class ClipTimes:
    """The times of a clip's frames.

    Attributes:
        pts: int64 by place in the clip, ascending from 0, in units of ``time_base``.
        durations: int64 by place, how long each frame is shown.
        time_base: Seconds per unit.
        start_s: Where the clip begins on the source's own clock, in seconds.
        is_even: Whether the times are n / rate, not the source's own.
        note: Why they are even although not requested; empty otherwise.
    """

    pts: NDArray[np.int64]
    durations: NDArray[np.int64]
    time_base: Fraction
    start_s: float
    is_even: bool
    note: str = ""

    @property
    def duration_s(self) -> float:
        """Seconds from the first frame to the end of the last."""
        return float((int(self.pts[-1]) + int(self.durations[-1])) * self.time_base)

    @property
    def seconds(self) -> NDArray[np.float64]:
        """Seconds since the first frame, float64 by place."""
        return np.multiply(self.pts, float(self.time_base), dtype=np.float64)


def frame_rate(info: VideoInfo) -> Fraction:
    """Frames per second by the header, or 25 where it says nothing sensible."""
    for rate in (info.average_rate, info.base_rate):
        if rate is not None and 0 < rate <= _MOST_RATE:
            return rate
    return _FALLBACK_RATE


def clip_times(info: VideoInfo, index: FrameIndex, frames: range, *, even: bool = False) -> ClipTimes:
    """The times of a stretch of frames, the first one at 0.

    Args:
        info: The stream's declared facts.
        index: Its complete index.
        frames: The frames of the clip.
        even: Whether to space them evenly at the declared rate.
    """
    pts = index.shown_pts[frames.start : frames.stop].astype(np.int64)
    # A missing time is the smallest number there is, so differences tell both faults.
    is_usable = index.has_timestamps and bool((np.diff(pts) > 0).all())
    if even or not is_usable:
        rate = frame_rate(info)
        note = (
            ""
            if even
            else tr(
                "The video does not store a timestamp for every frame: frames are 1/{rate} s apart.",
                rate=rate,
            )
        )
        start_s = (
            float(index.shown_pts[frames.start] * index.time_base)
            if is_usable
            else frames.start / float(rate)
        )
        ones = np.ones(len(frames), np.int64)
        return ClipTimes(
            np.arange(len(frames), dtype=np.int64), ones, 1 / rate, start_s, is_even=True, note=note
        )
    following = int(index.shown_pts[frames.stop]) if frames.stop < len(index) else None
    steps = np.diff(pts)
    last = (
        _last_step(info, index, steps) if following is None or following <= pts[-1] else following - pts[-1]
    )
    durations = np.append(steps, last).astype(np.int64)
    return ClipTimes(pts - pts[0], durations, index.time_base, float(pts[0] * index.time_base), is_even=False)


def decode_times(pts: NDArray[np.int64]) -> NDArray[np.int64]:
    """A dts for each packet of a list in decode order: ascending, and never behind its pts; int64.

    The dts are the sorted pts, late by as many places as a picture is ever decoded before its turn.
    """
    count = len(pts)
    ranks = np.empty(count, np.int64)
    ranks[np.argsort(pts, kind="stable")] = np.arange(count)
    delay = max(int((np.arange(count) - ranks).max()), 0)
    ordered = np.sort(pts)
    step = max(int(np.median(np.diff(ordered))), 1) if count > 1 else 1
    before = ordered[0] - step * np.arange(delay, 0, -1, dtype=np.int64)
    return np.concatenate((before, ordered[: count - delay]))


def _last_step(info: VideoInfo, index: FrameIndex, steps: NDArray[np.int64]) -> int:
    """How long the file's last frame is shown, which no packet after it tells."""
    if len(steps):
        return int(np.median(steps))
    return max(round(1 / frame_rate(info) / index.time_base), 1)
