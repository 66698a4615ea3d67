"""PacketTable: what a demuxer reports for every packet of a stream, as NumPy arrays. It reads no files."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class PacketTable:
    """The packets of one stream, in demuxing order; read-only arrays of equal length.

    Attributes:
        pts: int64 in the stream's time base, ``NO_PTS`` where the packet has none.
        dts: int64 in the stream's time base, ``NO_PTS`` where the packet has none.
        sizes: int32, bytes of the packet.
        positions: int64, byte offset that the demuxer reports for the packet; -1 if unknown.
        is_keyframe: bool, the container's random-access flag.
        is_discard: bool, the packet must be decoded but its frame is not to be shown.
        is_corrupt: bool, the demuxer marks the packet as damaged.
        picture_type_codes: uint8, values of ``PictureType`` if the packet shows it; UNKNOWN elsewhere.
        complete: Whether the table reaches the end of the file. A partial table is a correct prefix.
    """

    pts: NDArray[np.int64]
    dts: NDArray[np.int64]
    sizes: NDArray[np.int32]
    positions: NDArray[np.int64]
    is_keyframe: NDArray[np.bool_]
    is_discard: NDArray[np.bool_]
    is_corrupt: NDArray[np.bool_]
    picture_type_codes: NDArray[np.uint8]
    complete: bool = True

    def __post_init__(self) -> None:
        """Make every array read-only, so that views can be returned.

        Raises:
            ValueError: The arrays differ in length.
        """
        arrays = (self.pts, self.dts, self.sizes, self.positions, self.is_keyframe)
        for array in (*arrays, self.is_discard, self.is_corrupt, self.picture_type_codes):
            if len(array) != len(self.pts):
                raise ValueError("the columns of a packet table differ in length")
            array.setflags(write=False)

    def __len__(self) -> int:
        """Packets listed so far."""
        return len(self.pts)

    def first(self, count: int) -> PacketTable:
        """The first ``count`` packets, as if they were all."""
        columns = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "complete"}
        return replace(self, **{name: column[:count] for name, column in columns.items()})


PartialTable = Callable[[PacketTable], None]
"""Receives correct prefixes of the final table, each longer than the previous one."""


class PartialClock:
    """Decides when the next partial table is due: soon at first, then rarely enough to cost little."""

    _FIRST_S, _NEXT_S, _PACKETS_A_SECOND = 0.15, 0.5, 200_000

    def __init__(self) -> None:
        self._due = time.monotonic() + self._FIRST_S

    def is_due(self, packet_count: int) -> bool:
        """Whether it is due; if so, schedules the next one."""
        now = time.monotonic()
        if now < self._due:
            return False
        self._due = now + max(self._NEXT_S, packet_count / self._PACKETS_A_SECOND)
        return True
