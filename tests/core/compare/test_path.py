"""The path through the costs is the cheapest there is, and accounts for every frame once."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from framescope.core.compare.path import (
    EXTRA,
    MATCHED,
    REPEATED,
    SKIPPED,
    Band,
    Path,
    Prices,
    cheapest_path,
    matching_run,
)

OPEN, AT_EDGE, SKIP, REPEAT, LONE, MOST = 3.0, 0.5, 3.0, 2.0, 5.0, 14.0


def found_path(costs: np.ndarray, differs: np.ndarray, band: Band | None = None) -> Path:
    a_count, b_count = costs.shape
    band = band or Band.full(a_count, b_count)

    def costs_of(frame: int) -> np.ndarray:
        run = matching_run(band, frame)
        return costs[frame, run.start : run.stop]

    return cheapest_path(costs_of, Prices.usual(a_count, differs), band, lambda _: None)


def price(steps: list[int], costs: np.ndarray, differs: np.ndarray) -> float:
    """What a sequence of steps costs, step by step."""
    a_count, b_count = costs.shape
    i = j = 0
    total, before = 0.0, -1
    for step in steps:
        if step == MATCHED:
            total += costs[i, j]
            i, j = i + 1, j + 1
        elif step == SKIPPED:
            total += SKIP + (0 if before == SKIPPED else AT_EDGE if j in {0, b_count} else OPEN)
            i += 1
        elif step == REPEATED:
            if before not in {MATCHED, REPEATED}:
                return math.inf
            fit = costs[i - 1, j]
            total += REPEAT + (MOST if fit >= MOST else min(2 + fit, differs[j] + 0.1 * fit))
            j += 1
        else:
            total += LONE + (0 if before == EXTRA else AT_EDGE if i in {0, a_count} else OPEN)
            j += 1
        before = step
    return total


def every_path(a_count: int, b_count: int) -> list[list[int]]:
    if not a_count and not b_count:
        return [[]]
    found = []
    for step, a, b in ((MATCHED, 1, 1), (SKIPPED, 1, 0), (REPEATED, 0, 1), (EXTRA, 0, 1)):
        if a <= a_count and b <= b_count:
            found += [[*rest, step] for rest in every_path(a_count - a, b_count - b)]
    return found


@pytest.mark.parametrize("size", [(0, 3), (3, 0), (1, 1), (3, 4), (4, 3), (4, 4)])
def test_no_other_path_is_cheaper(size: tuple[int, int]) -> None:
    random = np.random.default_rng(sum(size))
    for _ in range(12):
        costs = np.minimum(random.exponential(6, size), MOST)
        differs = np.minimum(random.exponential(5, size[1]), MOST)
        path = found_path(costs, differs)
        least = min(price(steps, costs, differs) for steps in every_path(*size))
        assert price(path.steps.tolist(), costs, differs) == pytest.approx(least)


def test_every_frame_is_accounted_for_once() -> None:
    random = np.random.default_rng(5)
    costs = np.minimum(random.exponential(6, (40, 55)), MOST)
    path = found_path(costs, np.full(55, 9.0))
    assert path.a[path.steps != REPEATED][0] == 0
    assert np.isin(path.steps, (MATCHED, SKIPPED)).sum() == 40
    assert (path.steps != SKIPPED).sum() == 55
    assert all(later >= earlier for earlier, later in itertools.pairwise(path.a.tolist()))


def test_a_band_around_the_path_changes_nothing() -> None:
    frames = np.arange(60)
    # Frames 20 to 22 are missing from B.
    shown = np.delete(frames, [20, 21, 22])
    costs = np.minimum(4.0 * np.abs(frames[:, None] - shown), MOST)
    differs = np.full(57, MOST)
    nodes = np.arange(61)
    band = Band(np.clip(nodes - 8, 0, 57), np.clip(nodes + 9, 1, 58))
    narrow, full = found_path(costs, differs, band), found_path(costs, differs)
    assert narrow.steps.tolist() == full.steps.tolist()
    assert narrow.a[narrow.steps == SKIPPED].tolist() == [20, 21, 22]
