"""File size and similarity at each quality for one frame, measured with the real encoder."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from framescope.core.export.quality.trial import LevelKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from framescope.core.export.quality.trial import Trial
    from framescope.core.model.progress import CancelToken

FIRST_POINTS = 7
"""Enough points to show the curve's shape; they are always measured."""
_SHAPE = (100, 75, 50, 90, 25, 0)
# Above 80 every step costs more than the previous one, and that is the range people use.
_FINE_FROM = 80


def curve_levels(kind: LevelKind, present: int) -> tuple[int, ...]:
    """The levels to try, most informative first.

    Args:
        kind: The kind of level.
        present: The current level; tried first.
    """
    if kind is LevelKind.COMPRESSION:
        return tuple(dict.fromkeys((present, 0, 9, 2, 6, 4, 1, 3, 5, 7, 8)))
    coarse = [level for step in (10, 5) for level in range(100, -1, -step)]
    fine = [level for step in (2, 1) for level in range(100, _FINE_FROM, -step)]
    return tuple(dict.fromkeys((present, *_SHAPE, *coarse, *fine)))


def iter_curve(
    measure: Callable[[int], Trial],
    levels: tuple[int, ...],
    *,
    budget_s: float = math.inf,
    cancel: CancelToken | None = None,
) -> Iterator[Trial]:
    """Try one level after the other.

    Args:
        measure: Encodes at a level.
        levels: The levels, as returned by `curve_levels`.
        budget_s: Seconds after which no further point is started, once the first `FIRST_POINTS` are done: a
            slow encoder gets a coarser curve, not a busier machine.
        cancel: Stops it between two points.

    Raises:
        Cancelled: ``cancel`` was used.
        EncodeError: The format cannot hold the picture.
    """
    began_s = time.perf_counter()
    for place, level in enumerate(levels):
        if cancel is not None:
            cancel.raise_if_cancelled()
        if place >= FIRST_POINTS and time.perf_counter() - began_s > budget_s:
            return
        yield measure(level)
