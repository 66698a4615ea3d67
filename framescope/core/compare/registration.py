"""Finds how the pictures of B differ from their counterparts in A as a whole: crop, tone, logo. Pure.

Everything is estimated from pairs of fingerprints that are believed to show the same picture, and taken away,
so that what is left between two frames is whether they are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.compare.fingerprints import CELLS, COLUMNS, ROWS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Cells = NDArray[np.float32]

_ROUNDS = 12
_MOST_SHIFT, _MOST_ZOOM = 0.15, 0.15
"""Larger ones are not a crop but another picture."""
_LEAST_SHIFT = 0.02
"""In cells, at the edge of the picture: smaller ones change nothing."""
_HUBER = 1.5


@dataclass(frozen=True, slots=True, eq=False)
class Registration:
    """What takes a fingerprint of A to that of the same frame in B.

    Attributes:
        zoom: (across, down): the part of A that B shows, 1 for all of it.
        shift: (across, down) of its centre, as a share of A's size.
        tone: Coefficients of a polynomial of A's level, constant first.
        weights: (576,) float32: how much each cell says, 0 where B shows nothing of A; the mean is 1.
    """

    zoom: tuple[float, float]
    shift: tuple[float, float]
    tone: tuple[float, float, float]
    weights: NDArray[np.float32]

    @property
    def is_cropped(self) -> bool:
        """Whether the pictures are not the same part of the scene."""
        return self.zoom != (1.0, 1.0) or self.shift != (0.0, 0.0)

    def applied(self, cells: Cells) -> Cells:
        """Fingerprints of A as B would have them, in levels: (frames, 576) float32, not weighted."""
        constant, slope, bend = (np.float32(one) for one in self.tone)
        warped = _warped(cells, self.zoom, self.shift)
        applied: Cells = constant + warped * (slope + bend * warped)
        return applied


def register(a: Cells, b: Cells) -> Registration:
    """The registration of pairs.

    Args:
        a: (pairs, 576) float32, in levels.
        b: The same shape: the counterparts, a few of which may be wrong.
    """
    found = _fitted(a, b, moves=True)
    still = _fitted(a, b, moves=False)
    # A crop must explain a good part of the difference: otherwise it is the noise that was fitted.
    if not _is_plausible(found) or _residual(found, a, b) > 0.8 * _residual(still, a, b):
        found = still
    return _weighted(found, a, b)


def _is_plausible(found: Registration) -> bool:
    edge = [
        max(abs(zoom - 1) / 2 + abs(shift), 0) * size
        for zoom, shift, size in zip(found.zoom, found.shift, (COLUMNS, ROWS), strict=True)
    ]
    is_near = all(abs(one) <= _MOST_SHIFT for one in found.shift) and all(
        abs(one - 1) <= _MOST_ZOOM for one in found.zoom
    )
    return is_near and max(edge) > _LEAST_SHIFT


def _residual(found: Registration, a: Cells, b: Cells) -> float:
    rest = (found.applied(a) - b)[:, _inside(found.zoom, found.shift)]
    return float(np.median((rest**2).mean(axis=1)))


def _fitted(a: Cells, b: Cells, *, moves: bool) -> Registration:
    """Gauss-Newton with Huber weights over all cells of all pairs."""
    zoom, shift, tone = np.ones(2), np.zeros(2), np.array([0.0, 1.0, 0.0])
    grid_x, grid_y = _grid()
    x, y = grid_x.astype(np.float32).ravel(), grid_y.astype(np.float32).ravel()
    for _ in range(_ROUNDS if moves else 3):
        warped = _warped(a, tuple(zoom), tuple(shift))
        slope = (tone[1] + 2 * tone[2] * warped).astype(np.float32)
        ones = np.ones_like(warped)
        columns: list[Cells] = [ones, warped, (warped**2 / 256).astype(np.float32)]
        rest = b - (tone[0] + tone[1] * warped + tone[2] * warped**2).astype(np.float32)
        if moves:
            # The gradient of the warped picture is that of A times the zoom.
            grid = warped.reshape(-1, ROWS, COLUMNS)
            across = _gradient(grid, 2) * slope * COLUMNS
            down = _gradient(grid, 1) * slope * ROWS
            columns += [across * x, down * y, across, down]
        inside = _inside(tuple(zoom), tuple(shift))
        step = _solved([one[:, inside] for one in columns], rest[:, inside])
        tone = tone + step[:3] / np.array([1, 1, 256])
        if moves:
            zoom += step[3:5] * zoom
            shift += step[5:] * zoom
            zoom, shift = np.clip(zoom, 0.7, 1.3), np.clip(shift, -0.3, 0.3)
    return Registration(
        (float(zoom[0]), float(zoom[1])),
        (float(shift[0]), float(shift[1])),
        (float(tone[0]), float(tone[1]), float(tone[2])),
        np.ones(CELLS, np.float32),
    )


def _gradient(grid: Cells, axis: int) -> Cells:
    """Differences along an axis of (pairs, rows, columns), as (pairs, 576)."""
    gradient: Cells = np.asarray(np.gradient(grid, axis=axis), np.float32).reshape(len(grid), CELLS)
    return gradient


def _solved(columns: list[Cells], rest: Cells) -> NDArray[np.float64]:
    scale = _HUBER * 1.48 * float(np.median(np.abs(rest))) + 1e-3
    weights = (1 / np.maximum(np.abs(rest) / scale, 1)).astype(np.float32)
    count = len(columns)
    matrix, right = np.zeros((count, count)), np.zeros(count)
    for one, column in enumerate(columns):
        weighted = column * weights
        right[one] = float(np.sum(weighted * rest, dtype=np.float64))
        for other in range(one, count):
            matrix[one, other] = matrix[other, one] = float(
                np.sum(weighted * columns[other], dtype=np.float64)
            )
    # Pictures without any detail say nothing of a shift.
    ridge = 1e-6 * np.trace(matrix) / count * np.eye(count)
    solution: NDArray[np.float64] = np.linalg.solve(matrix + ridge, right)
    return solution


def _weighted(found: Registration, a: Cells, b: Cells) -> Registration:
    """With weights: where the pairs differ most, such as under a logo, a cell says least."""
    rest = found.applied(a) - b
    variance = np.median(rest**2, axis=0) + 0.1 * np.mean(np.minimum(rest**2, 100), axis=0)
    weights = 1 / (variance + np.median(variance) + 1e-2)
    weights[~_inside(found.zoom, found.shift)] = 0
    return Registration(
        found.zoom, found.shift, found.tone, (weights * (CELLS / weights.sum())).astype(np.float32)
    )


def _grid() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The centres of the cells, (rows, columns) each, from -0.5 to 0.5."""
    across = (np.arange(COLUMNS) + 0.5) / COLUMNS - 0.5
    down = (np.arange(ROWS) + 0.5) / ROWS - 0.5
    return np.broadcast_to(across, (ROWS, COLUMNS)), np.broadcast_to(down[:, None], (ROWS, COLUMNS))


def _sources(
    zoom: tuple[float, ...], shift: tuple[float, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where in A, in cells, each cell of B lies."""
    x, y = _grid()
    across = (x * zoom[0] + shift[0] + 0.5) * COLUMNS - 0.5
    down = (y * zoom[1] + shift[1] + 0.5) * ROWS - 0.5
    return across.ravel(), down.ravel()


def _inside(zoom: tuple[float, ...], shift: tuple[float, ...]) -> NDArray[np.bool_]:
    """The cells of B that show a part of A."""
    across, down = _sources(zoom, shift)
    return (across >= -0.1) & (across <= COLUMNS - 0.9) & (down >= -0.1) & (down <= ROWS - 0.9)


def _warped(cells: Cells, zoom: tuple[float, ...], shift: tuple[float, ...]) -> Cells:
    """The fingerprints as seen through the crop, by linear interpolation."""
    if tuple(zoom) == (1.0, 1.0) and tuple(shift) == (0.0, 0.0):
        return cells
    across, down = _sources(zoom, shift)
    across, down = np.clip(across, 0, COLUMNS - 1), np.clip(down, 0, ROWS - 1)
    left = np.minimum(across.astype(np.int64), COLUMNS - 2)
    top = np.minimum(down.astype(np.int64), ROWS - 2)
    right_share, low_share = (across - left).astype(np.float32), (down - top).astype(np.float32)
    place = top * COLUMNS + left
    upper = cells[:, place] * (1 - right_share) + cells[:, place + 1] * right_share
    lower = cells[:, place + COLUMNS] * (1 - right_share) + cells[:, place + COLUMNS + 1] * right_share
    return np.asarray(upper * (1 - low_share) + lower * low_share, np.float32)
