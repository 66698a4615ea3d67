"""Indexes with timestamps as a test wants them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.media.index import NO_PTS, EntryTable, FrameIndex, IndexBasis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def index_with(
    pts: Sequence[int | None] | NDArray[np.int64],
    *,
    complete: bool = True,
    time_base: Fraction = Fraction(1, 1000),
) -> FrameIndex:
    """An index of frames that are all keyframes, with these timestamps."""
    if not isinstance(pts, np.ndarray):
        pts = np.array([NO_PTS if value is None else value for value in pts], np.int64)
    count = len(pts)
    numbers = np.arange(count, dtype=np.int32)
    return FrameIndex(
        basis=IndexBasis.PACKETS,
        complete=complete,
        time_base=time_base,
        pts=pts,
        dts=pts.copy(),
        packet_numbers=numbers,
        is_keyframe=np.ones(count, np.bool_),
        picture_type_codes=np.ones(count, np.uint8),
        packet_sizes=np.full(count, 100, np.int32),
        entries=EntryTable(numbers, numbers, pts, pts, np.full(count, -1, np.int64)),
    )
