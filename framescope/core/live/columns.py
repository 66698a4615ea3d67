"""What a ring lists of every packet and frame: arrays that grow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Column:
    """An array that grows; earlier views of it stay as they are."""

    def __init__(self, dtype: type[np.generic]) -> None:
        self._data: NDArray[Any] = np.empty(1024, dtype)
        self._count = 0

    def append(self, value: object) -> None:
        """Add a value at the end."""
        if self._count == len(self._data):
            grown = np.empty(2 * self._count, self._data.dtype)
            grown[: self._count] = self._data
            self._data = grown
        self._data[self._count] = value
        self._count += 1

    def with_more(self, values: list[int]) -> Column:
        """A column of these values, too, for one in ascending order; views of this one stay as they are."""
        known, more = Column(self._data.dtype.type), np.sort(np.array(values, self._data.dtype))
        known._data = np.insert(self.view(), np.searchsorted(self.view(), more), more)
        known._count = len(known._data)
        return known

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: int) -> int:
        return int(self.view()[place])

    def __setitem__(self, place: int, value: int) -> None:
        self.view()[place] = value

    def view(self) -> NDArray[Any]:
        """All values so far; the view stays as it is when more are added."""
        return self._data[: self._count]


@dataclass
class PacketColumns:
    """By packet number, in decode order."""

    pts: Column = field(default_factory=lambda: Column(np.int64))
    dts: Column = field(default_factory=lambda: Column(np.int64))
    durations: Column = field(default_factory=lambda: Column(np.int64))
    sizes: Column = field(default_factory=lambda: Column(np.int32))
    segments: Column = field(default_factory=lambda: Column(np.int32))
    is_keyframe: Column = field(default_factory=lambda: Column(np.bool_))
    is_damaged: Column = field(default_factory=lambda: Column(np.bool_))
    codes: Column = field(default_factory=lambda: Column(np.uint8))
    arrived_s: Column = field(default_factory=lambda: Column(np.float64))
    frames: Column = field(default_factory=lambda: Column(np.int32))
    """-1 for a packet that has no number yet, or shows nothing."""


@dataclass
class FrameColumns:
    """By frame number."""

    packets: Column = field(default_factory=lambda: Column(np.int32))
    pts: Column = field(default_factory=lambda: Column(np.int64))
    dts: Column = field(default_factory=lambda: Column(np.int64))
    is_keyframe: Column = field(default_factory=lambda: Column(np.bool_))
    codes: Column = field(default_factory=lambda: Column(np.uint8))


@dataclass
class EntryColumns:
    """The keyframes at which decoding can start."""

    packets: Column = field(default_factory=lambda: Column(np.int32))
    first_numbers: Column = field(default_factory=lambda: Column(np.int32))
