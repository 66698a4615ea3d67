"""FrameIndex: number ↔ pts ↔ keyframe."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from framescope.core.media.frame_order import order_frames
from framescope.core.media.index import NO_PTS, FrameIndex
from framescope.core.text import clock, parse_time
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
    assert [_at(index, time) for time in ("-0:01", "0", "0.099", "0.1", "0.15", "0.4", "7")] == [
        0,
        0,
        0,
        1,
        2,
        3,
        3,
    ]


def test_a_frame_of_one_unit_stays_on_screen_to_its_end() -> None:
    index = closed_gops()
    assert [_at(index, time) for time in ("0.02", "0.039", "0.04", "0.079", "0.0796")] == [0, 0, 1, 1, 1]


def test_a_time_is_as_precise_as_it_was_typed() -> None:
    # 30 frames per second: 248 begins at 8.2667, 249 at 8.3, 250 at 8.3333, 251 at 8.3667.
    index = _evenly(Fraction(30), Fraction(1, 15360), 300)
    typed = ("8.333", "0:08.333", "8.33", "8.3", "8.34", "8.332", "8.3333", "8.33333", "8", "8.5s", "8333ms")
    assert [_at(index, time) for time in typed] == [250, 250, 250, 249, 250, 249, 250, 250, 240, 255, 250]


def _at(index: FrameIndex, typed: str) -> int:
    time = parse_time(typed)
    assert time is not None
    return index.number_at_time(time)


def _evenly(rate: Fraction, time_base: Fraction, count: int) -> FrameIndex:
    pts = [round(number / rate / time_base) for number in range(count)]
    return order_frames(packet_table([5000 + each for each in pts], [0]), time_base)


_RATES = (
    *(Fraction(rate * 1000, 1001) for rate in (24, 30, 48, 60, 120, 240)),
    *(Fraction(rate) for rate in (1, 10, 12, 15, 24, 25, 30, 48, 50, 60, 90, 100, 120, 144, 240)),
    Fraction(1, 3600),
)


@pytest.mark.parametrize(
    "time_base", [Fraction(1, 1000), Fraction(1, 90000), Fraction(1, 15360), None], ids=str
)
@pytest.mark.parametrize("rate", _RATES)
def test_every_time_that_is_shown_gives_its_frame_back(rate: Fraction, time_base: Fraction | None) -> None:
    index = _evenly(rate, time_base or 1 / rate, 1000)
    for decimals in (3, 6):
        shown = [clock(index.time_of(number), decimals=decimals) for number in range(len(index))]
        assert [_at(index, text) for text in shown] == list(range(len(index)))


@pytest.mark.parametrize("seed", range(8))
def test_so_does_every_time_of_a_variable_rate(seed: int) -> None:
    random = np.random.default_rng(seed)
    ticks = random.choice([90, 91, 900, 1500, 3003, 3600, 90000], 500)
    pts = (np.cumsum(ticks) + int(random.integers(-90000, 90000))).tolist()
    index = order_frames(packet_table(pts, [0]), Fraction(1, 90000))
    shown = [clock(index.time_of(number), decimals=4) for number in range(len(index))]
    assert [_at(index, text) for text in shown] == list(range(len(index)))


def test_missing_pts() -> None:
    index = order_frames(packet_table([None, None], [0]), TIME_BASE)
    assert not index.has_timestamps
    assert index.pts_of(0) is None
    assert np.isnan(index.time_of(1))
    assert _at(index, "3s") == 0


def test_times_count_from_the_first_frame_that_has_one() -> None:
    index = order_frames(packet_table([None, None, 0, 40, 80], [0]), Fraction(1, 1000))
    assert index.has_some_timestamps
    assert not index.has_timestamps
    assert [_at(index, f"{time}s") for time in ("0.000", "0.039", "0.040", "0.080", "9")] == [2, 2, 3, 4, 4]
    assert [index.number_at_pts(pts) for pts in (-5, 0, 79, 80)] == [2, 2, 3, 4]
    assert [_at(index, f"{index.time_of(number):.3f}s") for number in (2, 3, 4)] == [2, 3, 4]


def test_more_damage_than_was_known() -> None:
    index = closed_gops()
    more = index.with_damage(np.array([3, 2, 99], np.int32))
    assert more.damaged_frames.tolist() == [2, 3]
    assert more.damaged_numbers == {2, 3}
    assert more.with_damage(np.array([3], np.int32)) is more
    assert more.adds_damage_to(index)
    assert not index.adds_damage_to(more)
    assert not more.adds_damage_to(more)
    assert not more.adds_damage_to(order_frames(packet_table([0, 40], [0]), index.time_base))


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
