"""The GOPs of an index: their starts and lengths, and the cost of reaching each frame. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.media.decoding.seek_plan import BEGINNING, choose_entry
from framescope.core.model.frame import PictureType

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex

_LETTERS = np.frombuffer(b"?IPB", np.uint8)


@dataclass(frozen=True, slots=True)
class GopSummary:
    """Summary statistics of a video's GOPs; lengths are in frames.

    Attributes:
        gop_count: Number of GOPs, including one at the start that has no keyframe.
        open_count: GOPs with leading pictures.
        shortest: Length of the shortest GOP. The last GOP of a partial index is excluded from all lengths.
        mean: Mean length.
        longest: Length of the longest GOP.
        keyframe_share: Keyframes as a fraction of all frames, 0 to 1.
        longest_seek: The largest number of frames that must be decoded to reach any one frame.
        longest_seek_frame: The number of that frame.
    """

    gop_count: int
    open_count: int
    shortest: int
    mean: float
    longest: int
    keyframe_share: float
    longest_seek: int
    longest_seek_frame: int


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """GOP counts by length; bins from ``lows`` (inclusive) to ``lows + width`` (exclusive)."""

    lows: NDArray[np.int64]
    width: int
    counts: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class GopTable:
    """One row per GOP: a keyframe and all frames up to the next one, in decode order.

    Frames before the first keyframe of the file form a separate GOP. All arrays are read-only.

    Attributes:
        starts: int64, position in decode order where the GOP begins; ascending.
        keyframes: int64, frame number of the keyframe (of the first decoded frame where there is none).
        has_keyframe: bool, False only for frames before the first keyframe.
        first_frames: int64, lowest frame number; below ``keyframes`` where leading pictures come first.
        frame_counts: int64, frames.
        sizes_bytes: int64, compressed bytes of all packets, including those that yield no frame.
        is_open: bool, whether frames that follow the keyframe in decode order are shown before it.
        i_counts: int64, intra pictures.
        p_counts: int64, predicted pictures.
        b_counts: int64, bidirectional pictures.
        decode_costs: int64 by frame number, the frames that must be decoded to reach it, itself included.
        frame_total: Frames of the index.
        complete: Whether the index reaches the end of the file; otherwise the last GOP may still grow.
    """

    starts: NDArray[np.int64]
    keyframes: NDArray[np.int64]
    has_keyframe: NDArray[np.bool_]
    first_frames: NDArray[np.int64]
    frame_counts: NDArray[np.int64]
    sizes_bytes: NDArray[np.int64]
    is_open: NDArray[np.bool_]
    i_counts: NDArray[np.int64]
    p_counts: NDArray[np.int64]
    b_counts: NDArray[np.int64]
    decode_costs: NDArray[np.int64]
    frame_total: int
    complete: bool
    _frames_in_decode_order: NDArray[np.int64]
    _decode_positions: NDArray[np.int32]
    _picture_type_codes: NDArray[np.uint8]

    def __post_init__(self) -> None:
        """Make every array read-only."""
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    def __len__(self) -> int:
        """GOPs."""
        return len(self.starts)

    def gop_of(self, frame_number: int) -> int:
        """The row that contains a frame.

        Raises:
            IndexError: There is no such frame.
        """
        if not 0 <= frame_number < self.frame_total:
            raise IndexError(f"frame {frame_number} of {self.frame_total}")
        position = self._decode_positions[frame_number]
        return int(np.searchsorted(self.starts, position, side="right")) - 1

    def frames_of(self, gop: int, *, in_decode_order: bool = False) -> NDArray[np.int64]:
        """Frame numbers of one GOP, in presentation or decode order."""
        start = int(self.starts[gop])
        numbers = self._frames_in_decode_order[start : start + int(self.frame_counts[gop])]
        return numbers if in_decode_order else np.sort(numbers)

    def frames_from(self, position: int, gop: int) -> NDArray[np.int64]:
        """The frames of one GOP and those decoded before it from ``position`` on, ascending."""
        stop = int(self.starts[gop] + self.frame_counts[gop])
        return np.sort(self._frames_in_decode_order[min(position, int(self.starts[gop])) : stop])

    def structure(self, gop: int, *, in_decode_order: bool = False) -> str:
        """Picture types of one GOP such as ``IBBPBBP``, in presentation (or decode) order."""
        codes = self._picture_type_codes[self.frames_of(gop, in_decode_order=in_decode_order)]
        return _LETTERS[codes].tobytes().decode("ascii")

    @cached_property
    def summary(self) -> GopSummary:
        """Summary statistics of the table; all zero if it is empty."""
        if not len(self):
            return GopSummary(0, 0, 0, 0.0, 0, 0.0, 0, 0)
        lengths = self._settled_lengths
        worst = int(self.decode_costs.argmax())
        return GopSummary(
            gop_count=len(self),
            open_count=int(self.is_open.sum()),
            shortest=int(lengths.min()),
            mean=float(lengths.mean()),
            longest=int(lengths.max()),
            keyframe_share=float(self.has_keyframe.sum() / self.frame_total),
            longest_seek=int(self.decode_costs[worst]),
            longest_seek_frame=worst,
        )

    def length_histogram(self, most_bins: int = 40) -> Histogram:
        """A histogram of GOP lengths, in bins of equal integer width."""
        if not len(self):
            empty = np.empty(0, np.int64)
            return Histogram(empty, 1, empty)
        lengths = self._settled_lengths
        low, high = int(lengths.min()), int(lengths.max())
        width = -(-(high - low + 1) // most_bins)
        counts = np.bincount((lengths - low) // width)
        return Histogram(low + np.arange(len(counts)) * width, width, counts)

    @property
    def _settled_lengths(self) -> NDArray[np.int64]:
        return self.frame_counts if self.complete or len(self) == 1 else self.frame_counts[:-1]


def gop_table(index: FrameIndex) -> GopTable:
    """Every GOP of an index. One NumPy pass: two million frames take a fraction of a second."""
    order = _decode_order(index)
    is_key = index.is_keyframe[order]
    starts = np.flatnonzero(is_key).astype(np.int64, copy=False)
    if len(order) and (not len(starts) or starts[0] != 0):
        starts = np.concatenate((np.zeros(1, np.int64), starts))
    keyframes = order[starts]
    codes = index.picture_type_codes[order]
    # reduceat rejects an empty array.
    first_frames = np.minimum.reduceat(order, starts) if len(starts) else starts
    return GopTable(
        starts=starts,
        keyframes=keyframes,
        has_keyframe=is_key[starts],
        first_frames=first_frames,
        frame_counts=np.diff(starts, append=len(order)),
        sizes_bytes=_packet_bytes(index, index.packet_numbers[order[starts]]),
        is_open=first_frames < keyframes,
        i_counts=_totals(codes == PictureType.I, starts),
        p_counts=_totals(codes == PictureType.P, starts),
        b_counts=_totals(codes == PictureType.B, starts),
        decode_costs=decode_costs(index),
        frame_total=len(order),
        complete=index.complete,
        _frames_in_decode_order=order,
        _decode_positions=index.decode_positions,
        _picture_type_codes=index.picture_type_codes,
    )


def decode_costs(index: FrameIndex) -> NDArray[np.int64]:
    """By frame number, how many frames must be decoded to reach it, itself included; int64.

    Decoding starts where the reader would start it: leading pictures count from the previous GOP, since they
    may refer to it.
    """
    numbers = _decode_order(index)
    packets, entries = index.packet_numbers[numbers], index.entries
    # The row before the first entry stands for the beginning of the file.
    starts = np.searchsorted(packets, np.concatenate(([0], entries.packet_numbers)))
    first_numbers = np.concatenate(([0], entries.first_numbers))
    places = np.searchsorted(entries.packet_numbers, packets, side="right")
    while (is_too_late := first_numbers[places] > numbers).any():
        places -= is_too_late
    costs = np.empty(len(numbers), np.int64)
    costs[numbers] = np.arange(len(numbers)) - starts[places] + 1
    return costs


def frames_to_decode(index: FrameIndex, frame_number: int) -> int:
    """How many frames must be decoded to reach this one, itself included; see ``decode_costs``.

    Raises:
        IndexError: There is no such frame.
    """
    if not 0 <= frame_number < len(index):
        raise IndexError(f"frame {frame_number} of {len(index)}")
    entry = choose_entry(index, frame_number)
    start = 0 if entry == BEGINNING else int(index.entries.packet_numbers[entry])
    packets = index.packet_numbers
    before = int(np.count_nonzero(packets < start))
    return int(index.decode_positions[frame_number]) - before + 1


def _decode_order(index: FrameIndex) -> NDArray[np.int64]:
    order = np.empty(len(index), np.int64)
    order[index.decode_positions] = np.arange(len(index))
    return order


def _packet_bytes(index: FrameIndex, first_packets: NDArray[np.int32]) -> NDArray[np.int64]:
    if not len(first_packets):
        return np.empty(0, np.int64)
    sums = np.concatenate((np.zeros(1, np.int64), np.cumsum(index.packet_sizes, dtype=np.int64)))
    # Packets before the first frame's (cut by an edit list, say) are decoded with the first GOP.
    bounds = np.concatenate((np.zeros(1, np.int64), first_packets[1:], [len(index.packet_sizes)]))
    return np.diff(sums[bounds])


def _totals(values: NDArray[np.bool_], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    if not len(starts):
        return np.empty(0, np.int64)
    return np.add.reduceat(values.astype(np.int64), starts)
