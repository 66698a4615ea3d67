"""Frame numbers of packets as they arrive, and one clock across connections."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from framescope.core.live.order import ContinuousClock, Numbering

TICK = Fraction(1, 90_000)


def decode_order(gop: int, pyramid: list[int]) -> list[int]:
    """Presentation times of a GOP in decode order: an anchor, then the pictures shown before it."""
    order = [0]
    for anchor in range(len(pyramid), gop, len(pyramid)):
        order += [anchor - len(pyramid) + step for step in pyramid]
    return order


@pytest.mark.parametrize("pyramid", [[1], [2, 1], [4, 2, 1, 3], [8, 4, 2, 1, 3, 6, 5, 7]])
@pytest.mark.parametrize("has_dts", [True, False])
def test_places_are_in_presentation_order_and_never_change(pyramid: list[int], *, has_dts: bool) -> None:
    times = decode_order(64, pyramid)
    # The least delay with which no picture is decoded after it is shown.
    delay = max(place - time for place, time in enumerate(times))
    numbering = Numbering()
    placed: list[int] = []
    for packet, pts in enumerate(times):
        placed += numbering.add(packet, pts, packet - delay if has_dts else None)
        assert [times[one] for one in placed] == sorted(times[one] for one in placed)
        if has_dts:
            assert len(placed) >= packet - delay
    placed += numbering.flush()
    assert [times[packet] for packet in placed] == sorted(times)
    assert sorted(placed) == list(range(len(times)))


def test_packets_without_times_are_shown_as_they_arrive() -> None:
    numbering = Numbering()
    assert numbering.add(0, 5, 0) == []
    assert numbering.add(1, None, None) == [0, 1]
    assert numbering.add(2, None, 2) == [2]


def test_a_late_packet_takes_no_number_from_another() -> None:
    numbering = Numbering()
    assert numbering.add(0, 0, 0) == [0]
    assert numbering.add(1, 10, 10) == [1]
    assert numbering.add(2, 4, 4) == [2]


def test_an_endless_wait_is_bounded() -> None:
    numbering = Numbering()
    order = list(range(500))
    random.Random(3).shuffle(order)
    placed = [one for packet, pts in enumerate(order) for one in numbering.add(packet, pts, -1)]
    assert len(placed) > 400


def test_a_clock_that_runs_on_keeps_its_times() -> None:
    clock = ContinuousClock(TICK)
    for number in range(100):
        placed = clock.place(7200 + number * 3600, number * 3600, TICK, number / 25)
        assert placed == (7200 + number * 3600, number * 3600, False)


@pytest.mark.parametrize("restart", [0, 10**9, -(10**6)])
def test_a_clock_that_begins_anew_goes_on_by_the_time_that_passed(restart: int) -> None:
    clock = ContinuousClock(TICK)
    for number in range(50):
        clock.place(number * 3600, number * 3600, TICK, number / 25)
    clock.reconnect()
    times = [
        clock.place(restart + n * 40, restart + n * 40, Fraction(1, 1000), 12 + n / 25) for n in range(9)
    ]
    assert times[0].breaks
    assert not any(one.breaks for one in times[1:])
    assert [one.pts for one in times] == [12 * 90_000 + n * 3600 for n in range(9)]


def test_a_reconnection_within_the_same_clock_keeps_its_times() -> None:
    clock = ContinuousClock(TICK)
    clock.place(0, 0, TICK, 0.0)
    clock.reconnect()
    placed = clock.place(5 * 90_000, 5 * 90_000, TICK, 5.4)
    assert placed == (5 * 90_000, 5 * 90_000, True)


def test_times_never_go_back_over_a_reconnection() -> None:
    clock = ContinuousClock(TICK)
    # Read from a file, much faster than its times.
    for number in range(100):
        clock.place(number * 3600, number * 3600, TICK, number / 1000)
    clock.reconnect()
    placed = clock.place(0, 0, TICK, 0.2)
    assert placed.pts == 99 * 3600 + 1
