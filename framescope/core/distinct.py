"""Distinct values and runs of arrays, without what NumPy's own function imports at its first call.

``np.unique`` and all that is built on it import ``numpy.ma``, which takes longer than to index a video.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_Number = TypeVar("_Number", bound=np.number)


def distinct(values: NDArray[_Number]) -> NDArray[_Number]:
    """The different values of a one-dimensional array without NaN, ascending; of the array's dtype."""
    ordered = np.sort(values)
    is_new = np.ones(len(ordered), np.bool_)
    is_new[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_new]


def union(parts: Sequence[NDArray[_Number]]) -> NDArray[_Number]:
    """The different values of several one-dimensional arrays of the same dtype, ascending."""
    return distinct(np.concatenate(parts))


def runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where a one-dimensional mask is true: (first, end) of each run, half-open and ascending."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(begin), int(end)) for begin, end in edges.reshape(-1, 2).tolist()]
