"""Chooses which frames are requested, and in which order. Pure."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import SettingsError
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

QUICK_SPREAD = 24
"""Frames spread evenly over the file in a quick trial."""
_QUICK_KEYFRAMES = 12
"""Keyframes that a quick trial requests, each with its neighbours."""


class Order(StrEnum):
    """The order of requests."""

    FORWARD = "forward"
    BACKWARD = "backward"
    SHUFFLED = "shuffled"
    END_THEN_BACK = "end-then-back"
    """Before each request the engine reads past the last frame."""


ORDERS = tuple(Order)


class RequestKind(StrEnum):
    """The way frames are chosen."""

    ALL = "all"
    QUICK = "quick"
    SPREAD = "spread"
    RANGE = "range"
    RANDOM = "random"
    KEYFRAMES = "keyframes"
    ENDS = "ends"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class RequestSet:
    """A frame selection.

    Attributes:
        kind: The way they are chosen.
        count: How many, for SPREAD and RANDOM.
        start: First frame, for RANGE.
        stop: The frame after the last, for RANGE.
        numbers: The frames themselves, for LIST.
    """

    kind: RequestKind = RequestKind.QUICK
    count: int = 0
    start: int = 0
    stop: int = 0
    numbers: tuple[int, ...] = ()

    def choose(self, frame_count: int, keyframes: Sequence[int] | NDArray[np.int64], seed: int) -> list[int]:
        """The frame numbers, ascending, each once, all within the file."""
        everything = range(frame_count)
        if self.kind is RequestKind.QUICK:
            few = _spread(list(keyframes), _QUICK_KEYFRAMES)
            wanted = {*_spread(everything, QUICK_SPREAD), *_with_neighbours(few), 0, frame_count - 1}
        elif self.kind is RequestKind.SPREAD:
            wanted = set(_spread(everything, self.count))
        elif self.kind is RequestKind.RANGE:
            wanted = set(range(self.start, min(self.stop, frame_count)))
        elif self.kind is RequestKind.RANDOM:
            wanted = set(random.Random(seed).sample(everything, min(self.count, frame_count)))
        elif self.kind is RequestKind.KEYFRAMES:
            wanted = set(_with_neighbours(keyframes))
        elif self.kind is RequestKind.ENDS:
            wanted = {0, frame_count - 1}
        else:
            wanted = set(self.numbers if self.kind is RequestKind.LIST else everything)
        return sorted(number for number in map(int, wanted) if 0 <= number < frame_count)


_RANGE = re.compile(r"([0-9]{1,9})[:\-]([0-9]{1,9})")
_RANDOM = re.compile(r"random[:=]?([0-9]{1,9})")


def parse_requests(text: str) -> RequestSet:
    """``all``, ``quick``, ``keyframes``, ``ends``, ``60`` (spread), ``100:200`` or ``random:50``.

    Raises:
        SettingsError: It is not one of these.
    """
    words = text.strip().lower()
    for kind in (RequestKind.ALL, RequestKind.QUICK, RequestKind.KEYFRAMES, RequestKind.ENDS):
        if words == kind.value:
            return RequestSet(kind)
    if words.isdecimal() and len(words) < 10 and int(words):
        return RequestSet(RequestKind.SPREAD, count=int(words))
    if (match := _RANDOM.fullmatch(words)) and int(match[1]):
        return RequestSet(RequestKind.RANDOM, count=int(match[1]))
    if (match := _RANGE.fullmatch(words)) and int(match[1]) < int(match[2]):
        return RequestSet(RequestKind.RANGE, start=int(match[1]), stop=int(match[2]))
    raise SettingsError(
        tr("{text!r} is not a valid choice of requests.", text=text),
        hint=tr(
            "Use all, quick, keyframes, ends, a number such as 60, a range such as 100:200, or random:50."
        ),
    )


def put_in_order(numbers: Sequence[int], order: Order, seed: int) -> list[int]:
    """The numbers in the order of request."""
    if order is Order.FORWARD:
        return sorted(numbers)
    if order is Order.BACKWARD:
        return sorted(numbers, reverse=True)
    shuffled = sorted(numbers)
    random.Random(seed).shuffle(shuffled)
    return shuffled


def thin_out(numbers: Sequence[int], count: int) -> list[int]:
    """At most ``count`` of the numbers, evenly spread, in the same order."""
    return _spread(numbers, max(count, 1))


def _spread(values: Sequence[int] | range, count: int) -> list[int]:
    if len(values) <= count:
        return [int(value) for value in values]
    if count == 1:
        return [int(values[0])]
    return [int(values[round(place)]) for place in np.linspace(0, len(values) - 1, count)]


def _with_neighbours(keyframes: Sequence[int] | NDArray[np.int64]) -> list[int]:
    return [int(key) + step for key in keyframes for step in (-1, 0, 1)]
