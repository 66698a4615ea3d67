"""Decides where to seek, what to decode and what to skip for one frame. Pure: it reads no files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex

BEGINNING = -1
"""The start of the file, used in place of an entry's number."""

NEAR_PACKETS = 24
"""A target this close ahead is reached by continuing to decode, keeping everything in between."""

_LONG_PACKETS = 48
"""A target this far from its start is too expensive to reach twice: the decoder must be able to continue from
it."""

_KEPT_PACKETS = 16
"""Packets before such a target to decode fully, since a step back may follow."""


@dataclass(frozen=True, slots=True)
class DecoderPosition:
    """The packets that a decoder has been fed.

    Attributes:
        next_packet: The container's next packet; None after a drain or before the first seek.
        first_number: The lowest frame number that this run of the decoder outputs correctly.
        pending: Packets fed whose frames have not come out yet.
        run: The packets fed since its last start; still known after a drain.
    """

    next_packet: int | None = None
    first_number: int = 0
    pending: AbstractSet[int] = frozenset()
    run: range = range(0)


@dataclass(frozen=True, slots=True)
class SeekPlan:
    """How to reach one frame.

    Attributes:
        continues: Whether the decoder simply continues; otherwise it restarts at ``entry``.
        entry: Number of the entry to start from, or ``BEGINNING``.
        start_packet: The first packet to feed.
        target_packet: The packet that holds the frame.
        last_packet: The last packet that must be fed to get the frame.
        keep_from: All packets from this one on are decoded; before it, non-reference pictures may be skipped.
        drains: Whether to drain the decoder after ``end_packet`` instead of feeding more packets for its
            delay.
        end_packet: The last packet with a wanted frame.
        stride: Of the packets from ``keep_from`` on, those of the frame itself and of every ``stride``-th
            frame after it are decoded; of the others, non-reference pictures may be skipped.
        wanted: bool by frame number: whether it is wanted. Of the others, non-reference pictures may be
            skipped, also after the frame. None if that is not known.
    """

    continues: bool
    entry: int
    start_packet: int
    target_packet: int
    last_packet: int
    keep_from: int
    drains: bool
    end_packet: int
    stride: int = 1
    wanted: NDArray[np.bool_] | None = field(default=None, compare=False)

    @property
    def may_skip(self) -> bool:
        """Whether any packet on the way may be skipped."""
        return self.keep_from > self.start_packet


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is read after a frame that is one of many.

    Attributes:
        next_number: The frame wanted next; None after the last one.
        reads_through: Whether the decoder continues to it where a seek would not save much.
        kept: The run of frames, including this one, that are wanted too; None if there is none. The decoder
            keeps its position unless ``next_number`` is None. With a step, only every so many frames are
            wanted.
        wanted: bool by frame number: whether it is wanted at any time; None if that is not known.
    """

    next_number: int | None = None
    reads_through: bool = False
    kept: range | None = None
    wanted: NDArray[np.bool_] | None = field(default=None, compare=False)


def choose_entry(index: FrameIndex, frame_number: int, distrusted: AbstractSet[int] = frozenset()) -> int:
    """The last entry from which the frame decodes correctly, or ``BEGINNING``.

    An entry that comes before the frame in decode order but after it in presentation order cannot be used:
    the frame is then one of its leading pictures, which refer to the previous GOP.
    """
    entries = index.entries
    entry = entries.at_or_before(int(index.packet_numbers[frame_number]))
    while entry >= 0 and (entry in distrusted or entries.first_numbers[entry] > frame_number):
        entry -= 1
    return entry if entry >= 0 else BEGINNING


def plan_seek(  # noqa: PLR0913 - three say where to, three say how
    index: FrameIndex,
    frame_number: int,
    position: DecoderPosition,
    *,
    keeps_all: bool,
    distrusted: AbstractSet[int] = frozenset(),
    outlook: Outlook | None = None,
) -> SeekPlan:
    """Plan how to reach ``frame_number`` from ``position``.

    Args:
        index: The index of the stream.
        frame_number: The frame to reach; it must be in the index.
        position: What the decoder has been fed so far.
        keeps_all: Whether the frames on the way are wanted too, so that the decoder continues afterwards.
        distrusted: Entries found not to yield the expected frames.
        outlook: What is wanted next; None if unknown.
    """
    target = int(index.packet_numbers[frame_number])
    entry = choose_entry(index, frame_number, distrusted)
    start = 0 if entry == BEGINNING else int(index.entries.packet_numbers[entry])
    last = index.last_packet_of(target)
    following = position.next_packet
    ahead = following is not None and (target in position.pending or target >= following)
    right = frame_number >= position.first_number
    reads_on = outlook is not None and outlook.reads_through
    # Not from where an earlier reading ended, however far behind.
    furthest = start - NEAR_PACKETS if reads_on else start
    is_near = following is not None and furthest <= following
    continues = ahead and right and is_near
    if following is not None and continues:
        start = following
    if outlook is not None:
        kept = outlook.kept or range(frame_number, frame_number + 1)
        if outlook.kept is None or keeps_all:
            drains = not keeps_all and not _goes_on(index, frame_number, last, outlook)
        else:
            drains = outlook.next_number is None
        first = min(kept.start, frame_number)
        packets = index.packet_numbers[first : max(kept.stop, frame_number + 1)]
        return SeekPlan(
            continues=continues,
            entry=entry,
            start_packet=start,
            target_packet=target,
            last_packet=last,
            keep_from=start if keeps_all else int(packets[: frame_number + 1 - first].min()),
            drains=drains,
            # Also of a picture whose second field is a separate packet.
            end_packet=max(last, index.last_packet_of(int(packets.max()))),
            stride=1 if keeps_all else kept.step,
            wanted=None if keeps_all else outlook.wanted,
        )
    if following is not None and continues:
        # Nearby, continuing to decode and keeping everything is cheaper than what a drain would throw away.
        keeps_all = keeps_all or last - following <= NEAR_PACKETS
    # Draining saves the decoder's delay, a few pictures, and costs all of them when the next frame follows.
    is_far = not continues and target - start > _LONG_PACKETS
    return SeekPlan(
        continues=continues,
        entry=entry,
        start_packet=start,
        target_packet=target,
        last_packet=last,
        keep_from=start if keeps_all else target - (_KEPT_PACKETS if is_far else 0),
        drains=not keeps_all and not is_far,
        end_packet=last,
    )


def _goes_on(index: FrameIndex, frame_number: int, last_packet: int, outlook: Outlook) -> bool:
    """Whether the next frame is reached by continuing, so that a drain would only waste work."""
    if outlook.next_number is None or outlook.next_number <= frame_number:
        return False
    if outlook.reads_through:
        return True
    entry = choose_entry(index, outlook.next_number)
    return entry == BEGINNING or int(index.entries.packet_numbers[entry]) <= last_packet + 1
