"""The bit rate over time, per second and per GOP, from the sizes and times of packets. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.media.gops import gop_table
from framescope.core.tables.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex
    from framescope.core.tables.table import Cell

_LEAST_LAST_S = 0.5
"""A shorter last second is part of the one before: a keyframe among its few frames would be a false peak."""


@dataclass(frozen=True, eq=False)
class RateSpans:
    """The bit rate of consecutive spans of a video; arrays have an entry for each span, in order.

    Attributes:
        starts_s: float64, when the first frame is shown, or the second begins, from the first frame on.
        lengths_s: float64, how long it lasts.
        first_frames: int64, the lowest frame number.
        frame_counts: int64, frames up to the next span.
        sizes_bytes: int64, all packets of these frames, and those between them that yield no frame.
    """

    starts_s: NDArray[np.float64]
    lengths_s: NDArray[np.float64]
    first_frames: NDArray[np.int64]
    frame_counts: NDArray[np.int64]
    sizes_bytes: NDArray[np.int64]

    def __len__(self) -> int:
        """The number of spans."""
        return len(self.sizes_bytes)

    @property
    def rates(self) -> NDArray[np.float64]:
        """float64, bits per second; NaN for a span without a length."""
        lengths = np.where(self.lengths_s > 0, self.lengths_s, np.nan)
        rates: NDArray[np.float64] = self.sizes_bytes * 8 / lengths
        return rates

    def by_frame(self) -> NDArray[np.float32]:
        """float32 by frame number: the rate of the span that holds it."""
        return np.repeat(self.rates.astype(np.float32), self.frame_counts)

    def highest(self, count: int) -> NDArray[np.int64]:
        """The spans with the highest rates, from the highest on, at most ``count``."""
        rates = np.where(np.isnan(self.rates), -1.0, self.rates)
        found = np.argsort(-rates, kind="stable")[:count]
        return found[rates[found] >= 0]


@dataclass(frozen=True, eq=False)
class BitRates:
    """How many bits a video takes over time.

    Attributes:
        seconds: By second from the first frame on, by when frames are shown. A second in which no frame
            begins is not listed. The last is as long as the video goes on, 0.5 s to 1.5 s.
        gops: By GOP, from its first frame shown to that of the next.
        mean: Bits per second of the whole video.
    """

    seconds: RateSpans
    gops: RateSpans
    mean: float


def bit_rates(index: FrameIndex) -> BitRates | None:
    """The bit rates of the frames listed so far; None where none has a time.

    How long the last frame is shown is not stored in every container; it counts as long as the others mostly
    are. About a second for two million frames.
    """
    times = shown_times(index)
    if times is None:
        return None
    sizes = _sizes_by_frame(index)
    end_s = float(times[-1]) + _step_s(times, np.arange(len(times)))
    table = gop_table(index)
    # Of damaged files, a GOP may begin before the one that is decoded before it.
    firsts = np.unique(np.maximum.accumulate(table.first_frames))
    firsts[:1] = 0
    seconds = np.floor(times + 1e-9).astype(np.int64)
    starts = np.flatnonzero(np.diff(seconds, prepend=-1))
    if end_s - seconds[starts[-1]] < _LEAST_LAST_S and seconds[starts[-1]] - 1 in seconds[starts[-2:-1]]:
        starts = starts[:-1]
    of_seconds = _spans(sizes, starts, seconds[starts].astype(np.float64), end_s, most_s=1.0)
    of_gops = _spans(sizes, firsts, times[firsts], end_s)
    return BitRates(of_seconds, of_gops, float(sizes.sum()) * 8 / end_s if end_s > 0 else float("nan"))


def _spans(
    sizes: NDArray[np.int64],
    firsts: NDArray[np.int64],
    starts_s: NDArray[np.float64],
    end_s: float,
    *,
    most_s: float | None = None,
) -> RateSpans:
    lengths = np.diff(starts_s, append=end_s)
    if most_s is not None:
        # Only the last is as long as it is: after the others, there may be seconds without a frame.
        lengths[:-1] = np.minimum(lengths[:-1], most_s)
    return RateSpans(
        starts_s=starts_s,
        lengths_s=lengths,
        first_frames=firsts.astype(np.int64),
        frame_counts=np.diff(firsts, append=len(sizes)).astype(np.int64),
        sizes_bytes=np.add.reduceat(sizes, firsts),
    )


def shown_times(index: FrameIndex) -> NDArray[np.float64] | None:
    """When each frame is shown, in seconds from the first on, never descending; None if no frame has a time.

    Frames without a pts are put between the others; before the first that has one and after the last, as far
    apart as most are.
    """
    times = index.times_s
    known = np.flatnonzero(np.isfinite(times))
    if len(known) < min(len(times), 2) or not len(known):
        return None
    if len(known) < len(times):
        numbers = np.arange(len(times))
        step = _step_s(times[known], known)
        times = np.interp(numbers, known, times[known])
        times += np.minimum(numbers - known[0], 0) * step + np.maximum(numbers - known[-1], 0) * step
    rising: NDArray[np.float64] = np.maximum.accumulate(times) - times[0]
    return rising


def _step_s(times: NDArray[np.float64], numbers: NDArray[np.int64]) -> float:
    """How long most frames are shown, by the times of some of them; 0 for a single one."""
    steps = np.diff(times) / np.diff(numbers)
    steps = steps[steps > 0]
    return float(np.median(steps)) if len(steps) else 0.0


def frames_by_packet(index: FrameIndex) -> NDArray[np.int64]:
    """int64 by packet number: its (first) frame, or that of the packet before where it yields none.

    Packets behind the last known frame of a partial index are left out: their frames are to come.
    """
    frames = index.numbers_of_packets.astype(np.int64)
    has_frame = np.flatnonzero(frames >= 0)
    if not len(has_frame):
        return frames[:0]
    if not index.complete:
        frames = frames[: has_frame[-1] + 1]
    place = np.searchsorted(has_frame, np.arange(len(frames)), side="right") - 1
    filled: NDArray[np.int64] = frames[has_frame[np.maximum(place, 0)]]
    return filled


def _sizes_by_frame(index: FrameIndex) -> NDArray[np.int64]:
    frames = frames_by_packet(index)
    # Exact up to 2^53 bytes.
    return np.bincount(frames, index.packet_sizes[: len(frames)], len(index)).astype(np.int64)


def rate_rows(spans: RateSpans, name: str) -> Table:
    """A row per second or GOP: its start, length, first frame, frames, bytes and bits per second."""

    def rows() -> Iterator[tuple[Cell, ...]]:
        rates = spans.rates
        for place in range(len(spans)):
            rate = float(rates[place])
            yield (
                int(spans.starts_s[place]) if name == "second" else place,
                round(float(spans.starts_s[place]), 6),
                round(float(spans.lengths_s[place]), 6),
                int(spans.first_frames[place]),
                int(spans.frame_counts[place]),
                int(spans.sizes_bytes[place]),
                None if np.isnan(rate) else round(rate, 3),
            )

    columns = ("start_s", "length_s", "first_frame", "frame_count", "size_bytes", "bits_per_second")
    return Table(f"{name}s", (name, *columns), len(spans), rows)
