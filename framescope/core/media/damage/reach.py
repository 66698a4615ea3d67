"""Finds the frames that depend on damage: from a damaged packet up to the next clean entry point. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.model.frame import PictureType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex


_INVENTIVE_CODECS = frozenset({"h264", "mpeg1video", "mpeg2video", "mpeg4"})
"""Codecs for which FFmpeg substitutes missing references; its other decoders reject such pictures."""


@dataclass(slots=True)
class Damage:
    """The known damage of a stream, by packet number in demuxing order.

    Attributes:
        packets: Packets that a decoder rejects or conceals, or that the demuxer marks as corrupt.
        gaps: Packets before which something is missing.
        unneeded: Non-reference packets whose damage does not spread.
        uncertain: Keyframes in whose picture something of an earlier damaged packet may still show.
    """

    packets: set[int] = field(default_factory=set)
    gaps: set[int] = field(default_factory=set)
    unneeded: set[int] = field(default_factory=set)
    uncertain: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        """Whether there is any damage."""
        return bool(self.packets or self.gaps)

    def of_packets(self, packets: range) -> Damage:
        """The damage in these packets only."""
        here = set(packets)
        return Damage(self.packets & here, self.gaps & here, self.unneeded & here, self.uncertain & here)

    def update(self, other: Damage) -> None:
        """Add the findings of another pass."""
        self.packets |= other.packets
        self.gaps |= other.gaps
        self.unneeded |= other.unneeded
        self.uncertain |= other.uncertain


def damaged_frames(index: FrameIndex, damage: Damage) -> NDArray[np.int32]:
    """int32 numbers, ascending, of the frames that show damage or may be predicted from it."""
    if not damage:
        return np.empty(0, np.int32)
    packets = index.packet_numbers
    is_damaged = np.isin(packets, list(damage.packets))
    for start, stop in _runs(index, damage):
        end = len(index.packet_sizes) if stop is None else int(index.entries.packet_numbers[stop])
        is_damaged |= (packets >= start) & (packets < end)
        if stop is not None:
            is_damaged |= _leading(index, stop)
    return np.flatnonzero(is_damaged).astype(np.int32)


def _leading(index: FrameIndex, entry: int) -> NDArray[np.bool_]:
    """By frame number: whether it is a leading picture, which refers to pictures before its entry."""
    keys, packets = index.entries.packet_numbers, index.packet_numbers
    end = int(keys[entry + 1]) if entry + 1 < len(keys) else len(index.packet_sizes)
    is_before = np.arange(len(index)) < index.entries.first_numbers[entry]
    leading: NDArray[np.bool_] = is_before & (packets > keys[entry]) & (packets < end)
    return leading


def _runs(index: FrameIndex, damage: Damage) -> Iterator[tuple[int, int | None]]:
    """For each loss its first packet, and the number of the entry that ends it; None if none does."""
    starts = sorted(
        {(packet, 1) for packet in damage.packets - damage.unneeded} | {(p, 0) for p in damage.gaps}
    )
    covered = -1
    for packet, own in starts:
        # A damaged entry does not end the damage; an entry preceded by a gap does.
        stop = _first_clean(index, damage, packet + own, damage.uncertain if own else set())
        end = len(index.packet_sizes) if stop is None else int(index.entries.packet_numbers[stop])
        if end > covered or not own:
            yield packet, stop
        covered = max(covered, end)


def _first_clean(index: FrameIndex, damage: Damage, packet: int, uncertain: set[int]) -> int | None:
    """The first entry at or after ``packet`` that decodes correctly, whatever came before."""
    keys = index.entries.packet_numbers
    is_refreshing = False
    for entry in range(int(np.searchsorted(keys, packet)), len(keys)):
        if int(keys[entry]) in damage.packets:
            is_refreshing = False
        elif is_refreshing or not (_is_gradual(index, int(keys[entry])) or int(keys[entry]) in uncertain):
            return entry
        else:
            # A gradual refresh is complete when the next one begins; by then, whatever damage left in the
            # decoder has been used up as well.
            is_refreshing = True
    return None


def _is_gradual(index: FrameIndex, packet: int) -> bool:
    """Whether the refresh starting at an entry's packet spans more than that one picture."""
    number = int(index.numbers_of_packets[packet])
    if number < 0 or not index.picture_types_decoded:
        return False
    return int(index.picture_type_codes[number]) in (PictureType.P, PictureType.B)


def starts_in_the_middle(index: FrameIndex, codec: str) -> bool:
    """Whether the first pictures refer to pictures not in the file. Picture types must be decoded."""
    if codec not in _INVENTIVE_CODECS or not len(index):
        return False
    first = int(np.argmin(index.packet_numbers))
    keys = index.entries.packet_numbers
    if not len(keys) or int(keys[0]) > int(index.packet_numbers[first]):
        return int(index.picture_type_codes[first]) in (PictureType.P, PictureType.B)
    # The other decoders output leading pictures at the start only if they need no previous GOP.
    return codec == "h264" and bool(_leading(index, 0).any())
