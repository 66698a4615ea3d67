"""Measured counterparts of declared values: frames, duration, rate, bitrate. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.media.facts.intervals import measure_intervals
from framescope.core.media.index import NO_PTS
from framescope.core.model.frame import PictureType

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex


@dataclass(frozen=True, slots=True)
class MeasuredFacts:
    """The measured side of what ``VideoInfo`` declares. Times are in seconds.

    Attributes:
        complete: Whether the index reached the end; otherwise every figure covers only the part listed so
            far.
        frame_count: Frames that a sequential decode shows.
        packet_count: Packets of the stream.
        silent_packets: Packets that yield no frame: cut by an edit list, hidden references, second fields.
        keyframe_count: Frames flagged as random-access points.
        damaged_count: Frames that are damaged or may depend on damage, as far as known.
        duration_s: From the first frame's beginning to the last one's end; None without timestamps.
        average_rate: Frame intervals per second; None with fewer than two timed frames.
        last_start_s: Start of the last frame relative to the first; None without timestamps.
        shortest_step_s: Shortest time between neighbouring frames; None with fewer than two timed frames.
        longest_step_s: Longest time between neighbouring frames; None with fewer than two timed frames.
        rate_is_constant: Whether all intervals are equal up to rounding to the time base; None if unknown.
        first_pts: The first frame's timestamp; None if it has none.
        bit_rate: Bits per second of the stream; None without timestamps.
        size_bytes: Compressed bytes of the stream.
        packet_bytes: The size that all its packets have, as at a constant rate; None if they differ.
        has_b_frames: Whether there are B pictures; None while no types are known.
    """

    complete: bool
    frame_count: int
    packet_count: int
    silent_packets: int
    keyframe_count: int
    damaged_count: int
    duration_s: float | None
    average_rate: float | None
    last_start_s: float | None
    shortest_step_s: float | None
    longest_step_s: float | None
    rate_is_constant: bool | None
    first_pts: int | None
    bit_rate: float | None
    size_bytes: int
    packet_bytes: int | None
    has_b_frames: bool | None


def measure(index: FrameIndex) -> MeasuredFacts:
    """Summarise an index. Two million frames take a few hundredths of a second."""
    steps = _steps(index)
    tick_s = float(index.time_base)
    span = int(steps.sum()) * tick_s
    # A packet scan does not show how long the last frame lasts: use the usual interval.
    duration = span + float(np.median(steps)) * tick_s if span else None
    size = int(index.packet_sizes.sum(dtype=np.int64))
    codes = index.picture_type_codes
    return MeasuredFacts(
        complete=index.complete,
        frame_count=len(index),
        packet_count=len(index.packet_sizes),
        silent_packets=int(np.count_nonzero(index.numbers_of_packets < 0)),
        keyframe_count=len(index.keyframes),
        damaged_count=len(index.damaged_frames),
        duration_s=duration,
        average_rate=len(steps) / span if span else None,
        last_start_s=span or None,
        shortest_step_s=float(steps.min()) * tick_s if len(steps) else None,
        longest_step_s=float(steps.max()) * tick_s if len(steps) else None,
        # Decided in one place, so that no two panels disagree.
        rate_is_constant=measure_intervals(index).is_constant if len(steps) else None,
        first_pts=index.pts_of(0) if len(index) else None,
        bit_rate=size * 8 / duration if duration else None,
        size_bytes=size,
        packet_bytes=_equal_size(index.packet_sizes),
        has_b_frames=bool((codes == PictureType.B).any()) if codes.any() else None,
    )


def _equal_size(sizes: NDArray[np.int32]) -> int | None:
    is_equal = len(sizes) > 1 and int(sizes.min()) == int(sizes.max())
    return int(sizes[0]) if is_equal else None


def _steps(index: FrameIndex) -> NDArray[np.int64]:
    times = index.shown_pts[index.shown_pts != NO_PTS]
    if not len(times) or len(times) < len(index):
        return np.empty(0, np.int64)
    steps: NDArray[np.int64] = np.diff(times)
    # Rarely, frame numbers contradict the timestamps; intervals are then taken in time order.
    if len(steps) and steps.min() < 0:
        steps = np.diff(np.sort(times))
    return steps
