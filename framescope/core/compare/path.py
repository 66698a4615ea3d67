"""Finds the cheapest way through two sequences of pictures: matches, and gaps in either. Pure.

A node (i, j) means that i frames of A and j frames of B are accounted for. From it, one frame of each is
matched, a frame of A has no counterpart (*skipped*), a frame of B repeats the one before (*repeated*), or a
frame of B has no counterpart (*extra*). Gaps have affine costs: a gap is expensive to open and cheap to
extend. Only nodes inside a band are visited.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Costs = NDArray[np.float64]
    Expected = NDArray[np.int8]

MATCHED, SKIPPED, REPEATED, EXTRA = range(4)
"""The steps of a path."""

MOST_MISMATCH = 14.0
"""The cost of matching two different pictures, in units of the noise between equal ones."""
_OPEN = 3.0
_OPEN_AT_EDGE = 0.5
"""Trimming is simpler than a gap in the middle."""
_SKIP, _EXTRA, _REPEAT = 3.0, 5.0, 2.0
"""A frame of B without any origin explains less than one that is left out, or shown twice."""
_EXPECTED, _UNEXPECTED = 0.2, 4.0
"""What a skip or a repetition costs where it is due, and how much more where it is not."""
_MISSED = 20.0
"""What a new frame costs where a repetition is due, times their share: the more, the surer they are."""
_UNLIKE_BEFORE, _REPEAT_FIT = 2.0, 0.1
"""A repetition equals the frame before it, or fits the same frame of A in spite of what an encoder did."""

_BASE, _IS_EXTRA, _SKIP_GOES_ON, _REPEAT_GOES_ON, _EXTRA_GOES_ON = 3, 4, 8, 16, 32
"""The bits of a back pointer."""
_BEST, _BEST_BASE = -1, -2
"""What a step back may be: the best of all, or the best but an extra frame."""


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """The nodes that are visited: for each i from 0 to the number of frames of A, those of B in a run.

    Attributes:
        first: int64 (n + 1), the lowest j; never decreasing, 0 at the start.
        stop: int64 (n + 1), one above the highest j; never decreasing, number of frames of B + 1 at the end.
    """

    first: NDArray[np.int64]
    stop: NDArray[np.int64]

    @classmethod
    def full(cls, a_count: int, b_count: int) -> Band:
        """Every node."""
        return cls(np.zeros(a_count + 1, np.int64), np.full(a_count + 1, b_count + 1, np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """What gaps cost, frame by frame.

    Attributes:
        differs: float64 (frames of B), the cost of taking each as a repetition of the one before for what
            they differ by.
        repeat: float64 (frames of B), the cost of a repetition as such.
        skip: float64 (frames of A), the cost of a frame of A without a counterpart.
        opens_skip: float64 (frames of A), that of the first in a row, on top.
        match: float64 (frames of B), the cost of taking each for a new frame of A as such.
    """

    differs: Costs
    repeat: Costs
    skip: Costs
    opens_skip: Costs
    match: Costs

    @classmethod
    def usual(cls, a_count: int, differs: Costs) -> Prices:
        """The prices where nothing is known."""
        return cls(
            differs,
            np.full(len(differs), _REPEAT),
            np.full(a_count, _SKIP),
            np.full(a_count, _OPEN),
            np.zeros(len(differs)),
        )

    def expecting(self, repeats: Expected, skips: Expected, share: float) -> Prices:
        """The prices in a cadence.

        Args:
            repeats: For each frame of B, whether a repetition is due: 1 if so, 0 if not, -1 if not known.
            skips: The same for frames of A and being left out.
            share: The share of the frames of B that are repetitions.
        """
        is_due = skips == 1
        return Prices(
            np.where(repeats == 1, 0, self.differs),
            np.where(repeats == 1, _EXPECTED, self.repeat + _UNEXPECTED * (repeats == 0)),
            np.where(is_due, _EXPECTED, self.skip),
            np.where(is_due, 0, self.opens_skip + _UNEXPECTED * (skips == 0)),
            # Otherwise a repetition too many would be made up for at the next opportunity.
            _MISSED * share * (repeats == 1),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """A way from (0, 0) to the last node.

    Attributes:
        steps: uint8, `MATCHED`, `SKIPPED`, `REPEATED` or `EXTRA`.
        a: int64, the frames of A accounted for before each step.
        b: int64, those of B.
    """

    steps: NDArray[np.uint8]
    a: NDArray[np.int64]
    b: NDArray[np.int64]


def cheapest_path(
    costs_of: Callable[[int], Costs],
    prices: Prices,
    band: Band,
    on_row: Callable[[int], None],
) -> Path:
    """The cheapest path through a band.

    Args:
        costs_of: For a frame number of A, the costs of matching it to the frames of B from ``first`` of its
            end node's row - 1 (not below 0) up to ``stop`` - 1: see `matching_run`.
        prices: What gaps cost.
        band: Where to look.
        on_row: Called with each row.
    """
    rows = len(band.first)
    b_count = int(band.stop[-1]) - 1
    width = int(band.stop[0])
    best = _OPEN_AT_EDGE + _EXTRA * np.arange(width, dtype=np.float64)
    best[0] = 0.0
    skip = np.full(width, np.inf)
    start = np.full(width, _IS_EXTRA | _EXTRA_GOES_ON, np.uint8)
    start[:1] = MATCHED
    start[1:2] = _IS_EXTRA
    pointers = [start]
    for row in range(1, rows):
        on_row(row)
        first, stop = int(band.first[row]), int(band.stop[row])
        run = matching_run(band, row - 1)
        costs = np.full(stop - first, np.inf)
        costs[run.start + 1 - first :] = costs_of(row - 1)
        before = _moved(best, int(band.first[row - 1]), first - 1, stop - 1)
        above = _moved(best, int(band.first[row - 1]), first, stop)
        frames = slice(max(first - 1, 0), stop - 1)
        is_new = np.concatenate([np.zeros(int(first == 0)), prices.match[max(first - 1, 0) : stop - 1]])
        best, skip, pointer = _row(
            before + costs + is_new,
            above + _opening(float(prices.opens_skip[row - 1]), first, stop, b_count),
            _moved(skip, int(band.first[row - 1]), first, stop),
            costs,
            prices.differs[frames],
            prices.repeat[frames],
            skip_price=float(prices.skip[row - 1]),
            opens_extra=_OPEN_AT_EDGE if row == rows - 1 else _OPEN,
        )
        pointers.append(pointer)
    return _traced(pointers, band.first)


def matching_run(band: Band, frame: int) -> range:
    """The frames of B to which a frame of A may be matched."""
    return range(max(int(band.first[frame + 1]) - 1, 0), int(band.stop[frame + 1]) - 1)


def _moved(values: Costs, begins: int, first: int, stop: int) -> Costs:
    """The values of a row that begins at ``begins``, for columns first to stop; infinite outside."""
    moved = np.full(stop - first, np.inf)
    low, high = max(first, begins), min(stop, begins + len(values))
    if low < high:
        moved[low - first : high - first] = values[low - begins : high - begins]
    return moved


def _opening(usual: float, first: int, stop: int, b_count: int) -> Costs:
    opening = np.full(stop - first, usual)
    if first == 0:
        opening[0] = min(_OPEN_AT_EDGE, usual)
    if stop > b_count:
        opening[-1] = min(_OPEN_AT_EDGE, usual)
    return opening


def _row(  # noqa: PLR0913, PLR0917 - the states of a row
    match: Costs,
    opened: Costs,
    above_skip: Costs,
    costs: Costs,
    differs: Costs,
    repeat_prices: Costs,
    *,
    skip_price: float,
    opens_extra: float,
) -> tuple[Costs, Costs, NDArray[np.uint8]]:
    """The costs of a row's nodes, of those reached by a skip, and its back pointers."""
    width = len(match)
    skip = np.minimum(opened, above_skip) + skip_price
    pointer = (above_skip < opened).astype(np.uint8) * np.uint8(_SKIP_GOES_ON)
    # A run of repetitions is a sum of costs that differ from frame to frame: the difference of two sums from
    # the start of the row, so that the best beginning of the run is a running minimum.
    steps = np.where(np.isfinite(costs), costs, MOST_MISMATCH)
    known = slice(width - len(differs), None)
    fits = np.minimum(_UNLIKE_BEFORE + steps[known], differs + _REPEAT_FIT * steps[known])
    fits[steps[known] >= MOST_MISMATCH] = MOST_MISMATCH
    steps[known] = repeat_prices + fits
    sums = np.cumsum(steps)
    lowest = np.minimum.accumulate(match - sums)
    repeat = np.full(width, np.inf)
    repeat[1:] = sums[1:] + lowest[:-1]
    goes_on = np.zeros(width, np.bool_)
    goes_on[1:] = lowest[:-1] < match[:-1] - sums[:-1]
    pointer[goes_on] |= np.uint8(_REPEAT_GOES_ON)
    base = match.copy()
    for state, other in ((REPEATED, repeat), (SKIPPED, skip)):
        is_better = other < base
        base[is_better] = other[is_better]
        pointer[is_better] = pointer[is_better] & ~np.uint8(_BASE) | np.uint8(state)
    slope = _EXTRA * np.arange(width)
    lowest = np.minimum.accumulate(base - slope)
    extra = np.full(width, np.inf)
    extra[1:] = opens_extra + slope[1:] + lowest[:-1]
    goes_on[1:] = lowest[:-1] < base[:-1] - slope[:-1]
    pointer[goes_on] |= np.uint8(_EXTRA_GOES_ON)
    is_extra = extra < base
    pointer[is_extra] |= np.uint8(_IS_EXTRA)
    return np.minimum(base, extra), skip, pointer


def _traced(pointers: Sequence[NDArray[np.uint8]], firsts: NDArray[np.int64]) -> Path:
    i, j = len(pointers) - 1, int(firsts[-1]) + len(pointers[-1]) - 1
    steps: list[int] = []
    # What the next step back is to be: one of the steps, where a run goes on, or a choice.
    forced = _BEST
    while i or j:
        pointer = int(pointers[i][j - firsts[i]])
        base = pointer & _BASE
        is_extra = i == 0 or (forced == _BEST and pointer & _IS_EXTRA)
        step = EXTRA if is_extra else base if forced < 0 else forced
        steps.append(step)
        if step == MATCHED:
            i, j, forced = i - 1, j - 1, _BEST
        elif step == SKIPPED:
            i, forced = i - 1, SKIPPED if pointer & _SKIP_GOES_ON else _BEST
        elif step == REPEATED:
            j, forced = j - 1, REPEATED if pointer & _REPEAT_GOES_ON else MATCHED
        else:
            j, forced = j - 1, EXTRA if pointer & _EXTRA_GOES_ON else _BEST_BASE
    kinds = np.array(steps[::-1], np.uint8)
    takes_a, takes_b = (kinds == MATCHED) | (kinds == SKIPPED), kinds != SKIPPED
    return Path(kinds, np.cumsum(takes_a) - takes_a, np.cumsum(takes_b) - takes_b)
