"""Indexes made by hand, for tests that need no file."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.media.index import EntryTable, FrameIndex, IndexBasis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def make_index(
    pts: Sequence[int] | NDArray[np.int64],
    *,
    time_base: Fraction = Fraction(1, 1000),
    gop: int = 10,
    complete: bool = True,
) -> FrameIndex:
    """An index of frames with these pts; every ``gop``-th one is a keyframe."""
    ticks = np.array(pts, np.int64)
    numbers = np.arange(len(ticks), dtype=np.int32)
    starts = numbers[::gop]
    return FrameIndex(
        basis=IndexBasis.PACKETS,
        complete=complete,
        time_base=time_base,
        pts=ticks,
        dts=ticks.copy(),
        packet_numbers=numbers,
        is_keyframe=numbers % gop == 0,
        picture_type_codes=np.zeros(len(ticks), np.uint8),
        packet_sizes=np.full(len(ticks), 100, np.int32),
        entries=EntryTable(starts, starts, ticks[::gop], ticks[::gop], starts.astype(np.int64)),
    )
