"""The cost of reading a set of frames sequentially or by seeking, and which is cheaper. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex

SEEK_FRAMES = 4
"""The cost of a seek in frames: flushing the decoder, seeking in the file and refilling the decoder.

About two were measured on two cores; with more cores it is more."""


class ReadWay(StrEnum):
    """How a set of frames is read."""

    THROUGH = "read through"
    """From the first one to the last one, decoding every frame in between."""
    SEEK = "seek"
    """From keyframe to keyframe, skipping GOPs without a wanted frame."""


@dataclass(frozen=True, slots=True)
class ReadCost:
    """The cost of one way to read.

    Attributes:
        frames: Frames to decode; non-reference frames may still be skipped.
        size_bytes: Compressed bytes of the packets fed.
        seeks: How often the decoder restarts.
    """

    frames: int
    size_bytes: int
    seeks: int

    @property
    def weight(self) -> int:
        """The cost in frames, seeks included."""
        return self.frames + SEEK_FRAMES * self.seeks


@dataclass(frozen=True, slots=True)
class ReadCosts:
    """The costs of both ways to read a set of frames."""

    through: ReadCost
    seek: ReadCost

    @property
    def way(self) -> ReadWay:
        """The cheaper way; sequential reading if both cost the same."""
        return ReadWay.SEEK if self.seek.weight < self.through.weight else ReadWay.THROUGH

    @property
    def cheaper(self) -> ReadCost:
        """The cost of the cheaper way."""
        return self.seek if self.way is ReadWay.SEEK else self.through


def read_costs(index: FrameIndex, numbers: NDArray[np.int64] | Sequence[int]) -> ReadCosts:
    """Both costs for these frames.

    Args:
        index: The frame index.
        numbers: Frame numbers of the index, ascending; duplicates cost nothing.
    """
    wanted = np.asarray(numbers, np.int64)
    if not len(wanted):
        nothing = ReadCost(0, 0, 0)
        return ReadCosts(nothing, nothing)
    targets = index.packet_numbers[wanted].astype(np.int64)
    starts = start_packets(index, wanted)
    begins, ends = _runs(starts, targets)
    return ReadCosts(
        through=_cost(index, starts[:1], targets.max(keepdims=True) + 1),
        seek=_cost(index, begins, ends),
    )


def start_packets(index: FrameIndex, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each frame, the packet where decoding has to start to reach it; see ``seek_plan.choose_entry``."""
    entries = index.entries
    packets = np.concatenate(([0], entries.packet_numbers)).astype(np.int64)
    first_numbers = np.concatenate(([0], entries.first_numbers))
    places = np.searchsorted(entries.packet_numbers, index.packet_numbers[numbers], side="right")
    while (is_too_late := first_numbers[places] > numbers).any():
        places -= is_too_late
    return packets[places]


def _runs(
    starts: NDArray[np.int64], targets: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Half-open runs of packets fed by a reader that seeks whenever the next start lies ahead."""
    reached = np.maximum.accumulate(targets) + 1
    is_sought = np.concatenate(([True], starts[1:] > reached[:-1]))
    lasts = np.append(np.flatnonzero(is_sought)[1:] - 1, len(targets) - 1)
    return starts[is_sought], reached[lasts]


def _cost(index: FrameIndex, begins: NDArray[np.int64], ends: NDArray[np.int64]) -> ReadCost:
    packets = np.sort(index.packet_numbers)
    frames = np.searchsorted(packets, ends) - np.searchsorted(packets, begins)
    sums = np.concatenate((np.zeros(1, np.int64), np.cumsum(index.packet_sizes, dtype=np.int64)))
    return ReadCost(int(frames.sum()), int((sums[ends] - sums[begins]).sum()), len(begins))
