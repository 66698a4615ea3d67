"""Pixels prepared for the screen: four bytes each, with smaller copies for smaller views."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from framescope.core.export.quality.heat import heat_map
from framescope.core.export.quality.measure import peak_of
from framescope.core.opencv import cv2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.export.quality.measure import Pixels

_LEAST_SIDE = 64
"""The minimum side of a smaller copy."""


def screen_levels(pixels: Pixels) -> tuple[NDArray[np.uint8], ...]:
    """The picture at full size and repeatedly halved. Releases the GIL. Threads: any.

    Args:
        pixels: (height, width, 3) in B, G, R order, uint8 or uint16; 16 bits are rounded to 8.

    Returns:
        Arrays of (height, width, 4) uint8 in B, G, R, 255 order, each contiguous, largest first.
    """
    eight = cv2.convertScaleAbs(pixels, alpha=1 / 257) if peak_of(pixels) > 255 else pixels
    levels = [_four_bytes(cast("NDArray[np.uint8]", eight))]
    while min(levels[-1].shape[:2]) >= 2 * _LEAST_SIDE:
        height, width = levels[-1].shape[:2]
        size = ((width + 1) // 2, (height + 1) // 2)
        levels.append(cast("NDArray[np.uint8]", cv2.resize(levels[-1], size, interpolation=cv2.INTER_AREA)))
    return tuple(np.ascontiguousarray(level) for level in levels)


def heat_levels(difference: Pixels, gain: int) -> tuple[NDArray[np.uint8], ...]:
    """Differences in colours, at full size and halved as `screen_levels` does. Threads: any.

    A smaller copy shows the maximum of the differences, not their mean: a single wrong pixel is visible at
    any size.

    Args:
        difference: (height, width), as `quality.difference_map` gives it.
        gain: See `quality_heat.heat_map`.
    """
    levels = [_four_bytes(heat_map(difference, gain))]
    while min(difference.shape) >= 2 * _LEAST_SIDE:
        difference = _largest_of_four(difference)
        levels.append(_four_bytes(heat_map(difference, gain)))
    return tuple(levels)


def _largest_of_four(values: Pixels) -> Pixels:
    # An odd last row or column is kept as it is.
    below = values[1::2] if len(values) % 2 == 0 else np.vstack([values[1::2], values[-1:]])
    rows = np.maximum(values[::2], below)
    right = rows[:, 1::2] if rows.shape[1] % 2 == 0 else np.hstack([rows[:, 1::2], rows[:, -1:]])
    return cast("Pixels", np.maximum(rows[:, ::2], right))


def _four_bytes(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return cast("NDArray[np.uint8]", cv2.cvtColor(pixels, cv2.COLOR_BGR2BGRA))
