"""Which frames depend on damage, worked out on small indexes by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from framescope.core.media.damage.reach import Damage, damaged_frames, starts_in_the_middle
from framescope.core.media.decode_count import entry_table
from framescope.core.media.index import FrameIndex, IndexBasis
from framescope.core.media.tables.packet_table import PacketTable


def index_of(types: str, order: list[int], *, keys: str = "I") -> FrameIndex:
    """An index of packets of these types in decode order, shown in the order ``order``."""
    count = len(types)
    pts = np.empty(count, np.int64)
    pts[order] = np.arange(count)
    codes = np.array(["?IPB".index(one) for one in types], np.uint8)
    flags = np.array([one in keys for one in types])
    nothing = np.zeros(count, np.bool_)
    packets = PacketTable(
        pts=pts, dts=np.arange(count), sizes=np.full(count, 9, np.int32), positions=np.arange(count),
        is_keyframe=flags, is_discard=nothing, is_corrupt=nothing.copy(), picture_type_codes=codes,
        complete=True,
    )  # fmt: skip
    numbers = np.array(order, np.int32)
    return FrameIndex(
        basis=IndexBasis.DECODED, complete=True, time_base=Fraction(1, 25),
        pts=np.arange(count, dtype=np.int64), dts=numbers.astype(np.int64), packet_numbers=numbers,
        is_keyframe=flags[order], picture_type_codes=codes[order], packet_sizes=packets.sizes.copy(),
        entries=entry_table(packets, numbers), picture_types_decoded=True,
    )  # fmt: skip


CLOSED = index_of("IPPPIPPP", list(range(8)))
OPEN = index_of("IPBBIBBPBB", [0, 2, 3, 1, 5, 6, 4, 8, 9, 7])
"""Frames 4 and 5 are leading pictures of the second keyframe, frame 6."""


@pytest.mark.parametrize(
    ("index", "damage", "frames"),
    [
        (CLOSED, Damage(), []),
        (CLOSED, Damage({1}), [1, 2, 3]),
        (CLOSED, Damage({4}), [4, 5, 6, 7]),
        (CLOSED, Damage({3, 6}), [3, 6, 7]),
        (CLOSED, Damage({2}, unneeded={2}), [2]),
        (CLOSED, Damage(gaps={4}), []),
        (CLOSED, Damage(gaps={2}), [2, 3]),
        (CLOSED, Damage(gaps={0}), []),
        (OPEN, Damage({1}), [1, 2, 3, 4, 5]),
        (OPEN, Damage({2}, unneeded={2}), [1]),
        (OPEN, Damage({4}), [4, 5, 6, 7, 8, 9]),
        (OPEN, Damage(gaps={4}), [4, 5]),
        # What damage leaves in the decoder may show in the next keyframe; a gap leaves nothing.
        (CLOSED, Damage({1}, uncertain={4}), list(range(1, 8))),
        (CLOSED, Damage(gaps={1}, uncertain={4}), [1, 2, 3]),
    ],
)
def test_from_damage_to_the_next_clean_keyframe(index: FrameIndex, damage: Damage, frames: list[int]) -> None:
    assert damaged_frames(index, damage).tolist() == frames


def test_a_gradual_refresh_is_complete_when_the_next_begins() -> None:
    index = index_of("IppPppPppP".replace("p", "?"), list(range(10)), keys="IP")
    assert damaged_frames(index, Damage({1})).tolist() == [1, 2, 3, 4, 5]
    assert damaged_frames(index, Damage({1, 4})).tolist() == list(range(1, 9))


def test_a_stream_that_starts_between_keyframes() -> None:
    cut = index_of("PBBIPP", [1, 2, 0, 3, 4, 5])
    assert starts_in_the_middle(cut, "h264")
    assert damaged_frames(cut, Damage(gaps={0})).tolist() == [0, 1, 2]
    # Its decoder shows nothing that lacks a reference.
    assert not starts_in_the_middle(cut, "vp9")
    assert not starts_in_the_middle(CLOSED, "h264")


def test_leading_pictures_at_the_start() -> None:
    index = index_of("IBBP", [1, 2, 0, 3])
    assert starts_in_the_middle(index, "h264")
    assert not starts_in_the_middle(index, "mpeg2video")
    assert damaged_frames(index, Damage(gaps={0})).tolist() == [0, 1]
