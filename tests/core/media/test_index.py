"""FrameIndex: number ↔ pts ↔ keyframe."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from framescope.core.media.frame_order import order_frames
from framescope.core.media.index import NO_PTS
from tests.core.media.index_examples import TIME_BASE, closed_gops, open_gops, packet_table


def test_arrays_by_frame_number() -> None:
    index = closed_gops()
    assert len(index) == 8
    assert index.pts.tolist() == list(range(8))
    assert index.packet_numbers.tolist() == [0, 2, 3, 1, 4, 6, 7, 5]
    assert index.sizes_bytes.tolist() == [1000, 1002, 1003, 1001, 1004, 1006, 1007, 1005]
    assert index.keyframes.tolist() == [0, 4]
    assert "".join(index.picture_types) == "IBBPIBBP"
    assert index.times_s == pytest.approx(np.arange(8) / 25)
    assert index.decode_positions.tolist() == [0, 2, 3, 1, 4, 6, 7, 5]


def test_arrays_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        closed_gops().pts[0] = 5


def test_numbers_at_pts_and_time() -> None:
    index = order_frames(packet_table([1000, 1100, 1150, 1400], [0]), Fraction(1, 1000))
    assert [index.number_at_pts(pts) for pts in (0, 1000, 1099, 1100, 1399, 1400, 9999)] == [
        0,
        0,
        0,
        1,
        2,
        3,
        3,
    ]
    assert [index.number_at_time(time) for time in (0.0, 0.099, 0.1, 0.15, 0.4, 7.0)] == [0, 0, 1, 2, 3, 3]


def test_a_frame_of_one_unit_stays_on_screen_to_its_end() -> None:
    index = closed_gops()
    assert [index.number_at_time(time) for time in (0.02, 0.039, 0.04, 0.079, 0.0796)] == [0, 0, 1, 1, 2]


def test_missing_pts() -> None:
    index = order_frames(packet_table([None, None], [0]), TIME_BASE)
    assert not index.has_timestamps
    assert index.pts_of(0) is None
    assert np.isnan(index.time_of(1))
    assert index.number_at_time(3.0) == 0


def test_times_count_from_the_first_frame_that_has_one() -> None:
    index = order_frames(packet_table([None, None, 0, 40, 80], [0]), Fraction(1, 1000))
    assert index.has_some_timestamps
    assert not index.has_timestamps
    assert [index.number_at_time(time) for time in (0.0, 0.039, 0.04, 0.08, 9.0)] == [2, 2, 3, 4, 4]
    assert [index.number_at_pts(pts) for pts in (-5, 0, 79, 80)] == [2, 2, 3, 4]
    assert [index.number_at_time(index.time_of(number)) for number in (2, 3, 4)] == [2, 3, 4]


def test_more_damage_than_was_known() -> None:
    index = closed_gops()
    more = index.with_damage(np.array([3, 2, 99], np.int32))
    assert more.damaged_frames.tolist() == [2, 3]
    assert more.damaged_numbers == {2, 3}
    assert more.with_damage(np.array([3], np.int32)) is more


def test_keyframes_around() -> None:
    index = closed_gops()
    assert [index.keyframe_at_or_before(n) for n in (0, 3, 4, 7)] == [0, 0, 4, 4]
    assert [index.keyframe_after(n) for n in (0, 3, 4, 7)] == [4, 4, None, None]


def test_packets_know_their_frames() -> None:
    index = order_frames(packet_table([0, 9, 1, 2], [0], discarded=[1]), TIME_BASE)
    assert index.numbers_of_packets.tolist() == [0, -1, 1, 2]
    assert index.shared_packets == {}


def test_a_prefix_is_extended() -> None:
    whole, part = (
        closed_gops(),
        order_frames(packet_table([0, 3, 1, 2, 4], [0, 4], complete=False), TIME_BASE),
    )
    assert len(part) == 4
    assert whole.extends(part)
    assert not part.extends(whole)
    assert not open_gops().extends(whole)


def test_no_pts_is_ffmpegs() -> None:
    assert NO_PTS == -(2**63)
