"""Indexes made by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.media.index import NO_PTS, EntryTable, FrameIndex, IndexBasis

if TYPE_CHECKING:
    from collections.abc import Sequence


def index_of(
    *pts: int | None, time_base: Fraction = Fraction(1, 1000), packets: Sequence[int] | None = None
) -> FrameIndex:
    """Frames with these pts; ``packets`` is their order in the file."""
    count = len(pts)
    stamps = np.array([NO_PTS if one is None else one for one in pts], np.int64)
    nothing = np.empty(0, np.int64)
    return FrameIndex(
        basis=IndexBasis.PACKETS,
        complete=True,
        time_base=time_base,
        pts=stamps,
        dts=stamps.copy(),
        packet_numbers=np.array(range(count) if packets is None else packets, np.int32),
        is_keyframe=np.arange(count) == 0,
        picture_type_codes=np.zeros(count, np.uint8),
        packet_sizes=np.ones(count, np.int32),
        entries=EntryTable(np.empty(0, np.int32), np.empty(0, np.int32), nothing, nothing, nothing),
    )
