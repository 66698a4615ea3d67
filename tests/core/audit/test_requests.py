"""Which frames are requested, and in which order."""

from __future__ import annotations

from itertools import pairwise

import pytest

from framescope.core.audit.requests import (
    Order,
    RequestKind,
    RequestSet,
    parse_requests,
    put_in_order,
    thin_out,
)
from framescope.core.errors import SettingsError


def choose(text: str, count: int = 100, keyframes: tuple[int, ...] = (0, 50)) -> list[int]:
    return parse_requests(text).choose(count, keyframes, seed=7)


def test_all_is_every_frame() -> None:
    assert choose("all", 5) == [0, 1, 2, 3, 4]


def test_quick_has_the_ends_a_spread_and_the_keyframes_neighbours() -> None:
    numbers = choose("quick", 10_000, (0, 5000))
    assert {0, 9999, 4999, 5000, 5001} <= set(numbers)
    assert len(numbers) < 40
    assert max(b - a for a, b in pairwise(numbers)) < 500


def test_quick_of_many_keyframes_stays_quick() -> None:
    assert len(choose("quick", 10_000, tuple(range(0, 10_000, 2)))) < 80


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ends", [0, 99]),
        ("keyframes", [0, 1, 49, 50, 51]),
        ("3", [0, 50, 99]),
        ("1", [0]),
        ("10:13", [10, 11, 12]),
        ("98-200", [98, 99]),
        (" ALL ", list(range(100))),
    ],
)
def test_the_ways_to_choose(text: str, expected: list[int]) -> None:
    assert choose(text) == expected


def test_random_is_the_same_for_the_same_seed() -> None:
    request = parse_requests("random:20")
    assert request.choose(1000, (), 3) == request.choose(1000, (), 3)
    assert request.choose(1000, (), 3) != request.choose(1000, (), 4)
    assert len(request.choose(1000, (), 3)) == 20
    assert len(request.choose(5, (), 3)) == 5


def test_a_list_keeps_to_the_file() -> None:
    request = RequestSet(RequestKind.LIST, numbers=(3, 1, 3, -4, 70))
    assert request.choose(10, (), 0) == [1, 3]


@pytest.mark.parametrize("text", ["", "some", "0", "5:5", "9:2", "random:0", "-3", "1.5"])
def test_what_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        parse_requests(text)
    assert "random:50" in refusal.value.hint


def test_orders() -> None:
    numbers = [5, 1, 9, 3]
    assert put_in_order(numbers, Order.FORWARD, 1) == [1, 3, 5, 9]
    assert put_in_order(numbers, Order.BACKWARD, 1) == [9, 5, 3, 1]
    shuffled = put_in_order(range(50), Order.SHUFFLED, 1)
    assert shuffled != sorted(shuffled)
    assert sorted(shuffled) == list(range(50))
    assert shuffled == put_in_order(range(50), Order.SHUFFLED, 1)
    assert shuffled != put_in_order(range(50), Order.SHUFFLED, 2)


def test_thinning_is_even() -> None:
    assert thin_out(range(10), 4) == [0, 3, 6, 9]
    assert thin_out([7, 8], 5) == [7, 8]
    assert thin_out([7, 8], 0) == [7]
