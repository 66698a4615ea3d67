"""Decodes the newest frames of a live source as they arrive, and measures how late they are."""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import FrameUnavailableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.core.live.ring import LiveIndex, PacketRing
    from framescope.core.media.video import Video
    from framescope.core.model.frame import Frame

BEHIND_S = 1.0
"""A frame that is decoded this long after it arrived is left out, and those up to a keyframe with it."""
_MOST_MEASURED = 1000


@dataclass(frozen=True)
class Latency:
    """Milliseconds from the arrival of a frame's packet until it is decoded or shown, of the last frames.

    Attributes:
        p50_ms: The median; NaN before the first frame.
        p95_ms: The time that 95 % take at most.
        frames: How many frames were measured.
    """

    p50_ms: float
    p95_ms: float
    frames: int


def next_to_follow(index: LiveIndex, last: int, *, is_behind: bool) -> int | None:
    """The frame to decode after ``last``: the next one, or if that is too late, the newest keyframe. Pure.

    None if there is none yet; what is left out keeps its number and can be read later.
    """
    if not is_behind:
        return last + 1 if last + 1 < len(index) else None
    newest = index.keyframe_at_or_before(len(index) - 1)
    return newest if newest is not None and newest > last else None


def frame_to_show(index: LiveIndex, position: int, *, is_behind: bool) -> int:
    """The frame that a view which follows shows next: the newest one, or if that takes too long, a keyframe.

    Pure. Where no newer keyframe has arrived, it stays at ``position``.
    """
    newest = len(index) - 1
    if not is_behind:
        return newest
    keyframe = index.keyframe_at_or_before(newest)
    return max(position, keyframe or 0)


def latency_of(seconds: Sequence[float]) -> Latency:
    """The latency of frames that took so many seconds each."""
    if not seconds:
        return Latency(math.nan, math.nan, 0)
    p50, p95 = np.percentile(np.array(seconds) * 1000, [50, 95])
    return Latency(float(p50), float(p95), len(seconds))


class Follower:
    """Follows a live source at its newest end. Threads: one.

    Attributes:
        decoded: Frames that were decoded.
        left_out: Frames that were not, since decoding them would have taken too long.
        unavailable: Frames that yield no picture.
        newest: The frame of the last step; None if it yielded none.
    """

    def __init__(self, video: Video, ring: PacketRing) -> None:
        self._video = video
        self._ring = ring
        self._last = -1
        self._measured: deque[float] = deque(maxlen=_MOST_MEASURED)
        self.decoded = self.left_out = self.unavailable = 0
        self.newest: Frame | None = None

    def step(self, longest_s: float) -> bool:
        """Decode the next frame that is due, or wait for one; returns whether a frame was dealt with."""
        if not self._ring.await_frames(self._last + 2, longest_s):
            return False
        index = self._ring.index()
        wanted = next_to_follow(index, self._last, is_behind=self._lag_s(index, self._last + 1) > BEHIND_S)
        if wanted is None:
            # Behind, and no later keyframe has arrived.
            self._ring.await_frames(len(index) + 1, longest_s)
            return False
        self.left_out += wanted - self._last - 1
        self._last = wanted
        self._video.adopt_index(index)
        self.newest = None
        try:
            self.newest = self._video.frame(wanted)
        except FrameUnavailableError:
            self.unavailable += 1
            return True
        self.decoded += 1
        self._measured.append(self._lag_s(index, wanted))
        return True

    def _lag_s(self, index: LiveIndex, frame_number: int) -> float:
        return time.monotonic() - self._ring.arrived_s(int(index.packet_numbers[frame_number]))

    @property
    def latency(self) -> Latency:
        """How late the last frames were decoded."""
        return latency_of(self._measured)
