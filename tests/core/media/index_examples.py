"""Small packet tables and indexes, written by hand, for tests of pure functions."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.media.frame_order import order_frames
from framescope.core.media.index import NO_PTS
from framescope.core.media.tables.packet_table import PacketTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.core.media.index import FrameIndex

TIME_BASE = Fraction(1, 25)


def packet_table(  # noqa: PLR0913 - each is named at the call
    pts: Sequence[int | None],
    keys: Sequence[int],
    *,
    discarded: Sequence[int] = (),
    corrupt: Sequence[int] = (),
    codes: Sequence[int] = (),
    complete: bool = True,
) -> PacketTable:
    """Packets in decode order; sizes are 1000 + place, positions 100 × place, dts counts up."""
    count = len(pts)
    places = np.arange(count)
    return PacketTable(
        pts=np.array([NO_PTS if value is None else value for value in pts], np.int64),
        dts=places.astype(np.int64),
        sizes=(1000 + places).astype(np.int32),
        positions=100 * places.astype(np.int64),
        is_keyframe=np.isin(places, keys),
        is_discard=np.isin(places, discarded),
        is_corrupt=np.isin(places, corrupt),
        picture_type_codes=np.array(codes or [0] * count, np.uint8),
        complete=complete,
    )


def closed_gops() -> FrameIndex:
    """Two GOPs of I B B P in display order, decoded I P B B: keyframes 0 and 4."""
    return order_frames(packet_table([0, 3, 1, 2, 4, 7, 5, 6], [0, 4]), TIME_BASE)


def open_gops() -> FrameIndex:
    """The second keyframe (frame 6) has two leading pictures (frames 4 and 5)."""
    return order_frames(packet_table([0, 3, 1, 2, 6, 4, 5, 9, 7, 8], [0, 4]), TIME_BASE)
