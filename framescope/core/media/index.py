"""FrameIndex: frame number ↔ pts ↔ keyframe, as NumPy arrays. Data only; it reads no file."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.distinct import union

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.text import TypedTime

NO_PTS = np.iinfo(np.int64).min
"""The value in ``pts`` and ``dts`` arrays where the stream has no timestamp (FFmpeg's ``AV_NOPTS_VALUE``)."""

_LETTERS = np.array(["?", "I", "P", "B"])

_TRAILING_PACKETS = 16
"""Packets without their own frame (second fields) that may belong to the picture of the one before them."""


class IndexBasis(StrEnum):
    """How the frames of an index were counted."""

    CONTAINER = "container"
    """From the tables in the file's header; no packet was read."""
    PACKETS = "packets"
    """Every packet was read, none decoded."""
    DECODED = "decoded"
    """Every frame was decoded in sequence; each one's pixels have a digest."""
    FILES = "files"
    """Each frame is a file of its own, as in an image sequence."""

    @property
    def can_be_verified(self) -> bool:
        """Whether decoding every frame may still find another number of them."""
        return self in {IndexBasis.CONTAINER, IndexBasis.PACKETS}


@dataclass(frozen=True, slots=True)
class DamageNote:
    """A place where packets yielded no frame.

    Attributes:
        before_frame_number: The number of the first frame after the damage (``len(index)`` at the end).
        packet_count: How many packets were lost.
        reason: The decoder's message.
    """

    before_frame_number: int
    packet_count: int
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class UnpackedFrames:
    """Times and sizes of the frames of a packed bitstream after unpacking, by frame number.

    Attributes:
        pts: int64, ascending.
        sizes_bytes: int32, compressed bytes.
    """

    pts: NDArray[np.int64]
    sizes_bytes: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class EntryTable:
    """The keyframe packets of a stream in decode order, where a decoder can start. Arrays have equal length.

    Attributes:
        packet_numbers: int32, ascending positions in demuxing order.
        first_numbers: int32, the lowest frame number that decodes correctly from here; earlier ones are
            leading pictures, which refer to the previous GOP.
        pts: int64, ``NO_PTS`` where missing.
        dts: int64, ``NO_PTS`` where missing.
        positions: int64, byte offset in the file, -1 if the demuxer reports none.
    """

    packet_numbers: NDArray[np.int32]
    first_numbers: NDArray[np.int32]
    pts: NDArray[np.int64]
    dts: NDArray[np.int64]
    positions: NDArray[np.int64]

    def at_or_before(self, packet_number: int) -> int:
        """Row of the last entry at or before ``packet_number``; -1 if there is none."""
        return int(np.searchsorted(self.packet_numbers, packet_number, side="right")) - 1

    def __len__(self) -> int:
        """The number of entry points."""
        return len(self.packet_numbers)


@dataclass(frozen=True, eq=False)
class FrameIndex:
    """The frames of a video. All arrays are by frame number and read-only.

    Attributes:
        basis: How the frames were counted.
        complete: Whether the index reaches the end of the file. A partial index is a correct prefix.
        time_base: Seconds per unit of pts.
        pts: int64, ``NO_PTS`` where the stream has none.
        dts: int64, ``NO_PTS`` where the stream has none.
        packet_numbers: int32, position of the frame's packet in demuxing order.
        is_keyframe: bool, the container's random-access flag.
        packet_sizes: int32 by packet number, compressed bytes; includes packets that yield no frame.
        entries: The packets where decoding can start.
        picture_type_codes: uint8, values of ``PictureType``.
        picture_types_decoded: Whether the picture types come from the decoder; otherwise they are inferred.
        doubts: Sentences explaining why a count from packets alone cannot be trusted; empty if it can.
        notes: Sentences for display about how the index was made.
        damage: Places where packets yielded no frame (known only when decoded).
        damaged_frames: int32 numbers, ascending, of frames that show damage or may depend on it; complete if
            every frame was decoded, otherwise those found so far.
        digests: uint64 per frame over the decoded planes, or None.
        single_thread: Whether the reference decode uses a single thread (damaged streams).
        frames_expected: Estimated frames of the whole file while the index is partial.
        unpacked: Times and sizes of the frames where packets hold two pictures; None if each holds one.
    """

    basis: IndexBasis
    complete: bool
    time_base: Fraction
    pts: NDArray[np.int64]
    dts: NDArray[np.int64]
    packet_numbers: NDArray[np.int32]
    is_keyframe: NDArray[np.bool_]
    picture_type_codes: NDArray[np.uint8]
    packet_sizes: NDArray[np.int32]
    entries: EntryTable
    picture_types_decoded: bool = False
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    damage: tuple[DamageNote, ...] = ()
    damaged_frames: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    digests: NDArray[np.uint64] | None = None
    single_thread: bool = False
    frames_expected: int | None = None
    unpacked: UnpackedFrames | None = None

    def __post_init__(self) -> None:
        """Make every array read-only, so that views can be returned."""
        arrays = (self.pts, self.dts, self.packet_numbers, self.packet_sizes, self.is_keyframe)
        for array in (*arrays, self.picture_type_codes, self.damaged_frames):
            array.setflags(write=False)
        if self.digests is not None:
            self.digests.setflags(write=False)

    def __getstate__(self) -> dict[str, object]:
        """The fields alone: what is computed from them is computed again where it is needed."""
        return {part.name: getattr(self, part.name) for part in fields(self)}

    def __setstate__(self, state: dict[str, object]) -> None:
        """Take the fields; NumPy's arrays come back writable."""
        self.__dict__.update(state)
        self.__post_init__()

    def __len__(self) -> int:
        """Frames counted so far; ``frame_count_measured`` once the index is complete."""
        return len(self.pts)

    @property
    def first_held(self) -> int:
        """The lowest frame number that can still be read: above 0 only where a live source let frames go."""
        return 0

    @property
    def is_live(self) -> bool:
        """Whether it is of a live source, of which only the newest packets are held."""
        return False

    def extends(self, other: FrameIndex) -> bool:
        """Whether this index has every frame of ``other``, with the same number and packet."""
        shared = len(other)
        return (
            (self.digests is None) == (other.digests is None)
            and len(self) >= shared
            and len(self.packet_sizes) >= len(other.packet_sizes)
            and bool(np.array_equal(self.packet_numbers[:shared], other.packet_numbers))
        )

    def adds_damage_to(self, other: FrameIndex) -> bool:
        """Whether this index marks frames that ``other`` lists as sound."""
        listed = self.damaged_frames[self.damaged_frames < len(other)]
        return not bool(np.isin(listed, other.damaged_frames).all())

    def with_damage(self, frame_numbers: NDArray[np.int32]) -> FrameIndex:
        """The index with these frames marked as damaged too; itself if all of them already are."""
        known = self.damaged_frames
        damaged = union((known, frame_numbers[frame_numbers < len(self)])).astype(np.int32)
        return self if len(damaged) == len(known) else replace(self, damaged_frames=damaged)

    @cached_property
    def damaged_numbers(self) -> frozenset[int]:
        """The same as ``damaged_frames``, as a set for look-ups."""
        return frozenset(self.damaged_frames.tolist())

    def is_damaged(self, frame_number: int) -> bool | None:
        """Whether a frame is damaged or may depend on damage; None if it was never decoded."""
        if frame_number in self.damaged_numbers:
            return True
        return False if self.basis is IndexBasis.DECODED else None

    @cached_property
    def sizes_bytes(self) -> NDArray[np.int32]:
        """Compressed bytes of each frame: its packet's, or its own if a packet holds two pictures."""
        return self.packet_sizes[self.packet_numbers] if self.unpacked is None else self.unpacked.sizes_bytes

    @property
    def shown_pts(self) -> NDArray[np.int64]:
        """int64, the timestamps behind all times: the pts, except in packed bitstreams."""
        return self.pts if self.unpacked is None else self.unpacked.pts

    @cached_property
    def keyframes(self) -> NDArray[np.int64]:
        """Frame numbers of the keyframes, ascending."""
        return np.flatnonzero(self.is_keyframe)

    @cached_property
    def has_timestamps(self) -> bool:
        """Whether every frame has a pts."""
        return len(self.pts) > 0 and bool((self.pts != NO_PTS).all())

    @cached_property
    def has_some_timestamps(self) -> bool:
        """Whether any frame has a pts."""
        return bool((self.pts != NO_PTS).any())

    @cached_property
    def origin_s(self) -> Fraction:
        """When the first frame that has a pts is shown, on the file's own clock; 0 if none has."""
        known = np.flatnonzero(self.shown_pts != NO_PTS)
        return int(self.shown_pts[known[0]]) * self.time_base if len(known) else Fraction(0)

    @cached_property
    def times_s(self) -> NDArray[np.float64]:
        """Seconds since the first frame that has a pts; NaN where a frame has none."""
        pts = self.shown_pts
        known = pts != NO_PTS
        times = np.full(len(pts), np.nan)
        if known.any():
            first = pts[known][0]
            times[known] = (pts[known] - first) * float(self.time_base)
        return times

    @cached_property
    def first_time(self) -> Fraction:
        """The stored time of the first frame that has a pts, where `times_s` count from, in seconds; or 0."""
        known = self.shown_pts[self.shown_pts != NO_PTS]
        return int(known[0]) * self.time_base if len(known) else Fraction(0)

    @cached_property
    def picture_types(self) -> NDArray[np.str_]:
        """``I``, ``P``, ``B`` or ``?`` for each frame."""
        letters: NDArray[np.str_] = _LETTERS[self.picture_type_codes]
        return letters

    @cached_property
    def decode_positions(self) -> NDArray[np.int32]:
        """For each frame number its position in decode order among the frames, int32."""
        positions = np.empty(len(self), np.int32)
        positions[np.argsort(self.packet_numbers, kind="stable")] = np.arange(len(self), dtype=np.int32)
        return positions

    @cached_property
    def numbers_of_packets(self) -> NDArray[np.int32]:
        """For each packet the (first) frame number that it yields, -1 where it yields none; int32."""
        numbers = np.full(len(self.packet_sizes), -1, np.int32)
        # Backwards, so that the first of several frames from one packet wins.
        numbers[self.packet_numbers[::-1]] = np.arange(len(self) - 1, -1, -1, dtype=np.int32)
        return numbers

    @cached_property
    def shared_packets(self) -> dict[int, list[int]]:
        """The frame numbers of each packet that yields more than one frame."""
        repeated = np.flatnonzero(np.bincount(self.packet_numbers, minlength=1) > 1)
        return {int(packet): np.flatnonzero(self.packet_numbers == packet).tolist() for packet in repeated}

    def last_packet_of(self, packet: int) -> int:
        """The last packet of the picture that this one begins: its second field may be another one."""
        numbers = self.numbers_of_packets
        last = packet
        stop = min(len(numbers), packet + 1 + _TRAILING_PACKETS)
        while last + 1 < stop and numbers[last + 1] < 0:
            last += 1
        return last

    def pts_of(self, frame_number: int) -> int | None:
        """The frame's pts, or None if it has none."""
        value = int(self.pts[frame_number])
        return None if value == NO_PTS else value

    def time_of(self, frame_number: int) -> float:
        """Seconds since the first frame; NaN where the frame has no pts."""
        return float(self.times_s[frame_number])

    def number_at_pts(self, pts: int) -> int:
        """The frame on screen at ``pts``: the last one whose pts is not later.

        Before the first pts it is the earliest frame; 0 if no frame has a pts.
        """
        order = self._pts_order
        if not len(order):
            return 0
        place = int(np.searchsorted(self.pts[order], pts, side="right")) - 1
        return int(order[max(place, 0)])

    def number_at_time(self, time: TypedTime) -> int:
        """The frame shown at a time since the first pts, to the precision it was typed with.

        That is the frame on screen then, unless the next one is nearer and its own time rounds to the typed
            one: at 30 fps, frame 250 begins at 8.3333 s and is displayed as 0:08.333. 0 if no frame has a
            pts.
        """
        if not self.has_some_timestamps:
            return 0
        pts = self.shown_pts
        order = self._pts_order if self.unpacked is None else np.arange(len(pts))
        ticks = time.seconds / self.time_base + int(pts[pts != NO_PTS][0])
        whole = min(math.floor(ticks), np.iinfo(np.int64).max)
        place = int(np.searchsorted(pts[order], whole, side="right")) - 1
        if 0 <= place < len(order) - 1:
            late = ticks - int(pts[order[place]])
            early = int(pts[order[place + 1]]) - ticks
            place += early < late and early * self.time_base <= time.precision_s
        return int(order[max(place, 0)])

    def shows_at(self, time: TypedTime) -> bool:
        """Whether a time lies between the start of the first frame and the end of the last."""
        if not self.has_some_timestamps:
            return False
        is_past_end = float(time.seconds - time.precision_s) > self.end_s
        return time.seconds >= 0 and not is_past_end

    @property
    def end_s(self) -> float:
        """When the last frame ends, in seconds; some frame needs a timestamp."""
        last_s = float(np.nanmax(self.times_s))
        # The last frame's duration is unknown: assume that of the others.
        return last_s + last_s / max(len(self) - 1, 1)

    def keyframe_at_or_before(self, frame_number: int) -> int | None:
        """The nearest keyframe at or before ``frame_number`` in presentation order."""
        place = int(np.searchsorted(self.keyframes, frame_number, side="right")) - 1
        return int(self.keyframes[place]) if place >= 0 else None

    def keyframe_after(self, frame_number: int) -> int | None:
        """The nearest keyframe after ``frame_number`` in presentation order."""
        place = int(np.searchsorted(self.keyframes, frame_number, side="right"))
        return int(self.keyframes[place]) if place < len(self.keyframes) else None

    @cached_property
    def _pts_order(self) -> NDArray[np.int64]:
        """The frames that have a pts, sorted by it."""
        known = np.flatnonzero(self.pts != NO_PTS)
        return known[np.argsort(self.pts[known], kind="stable")]
