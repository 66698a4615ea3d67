"""Heat map colours for differences between two pictures: black through red to pale yellow, with a gain."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

import numpy as np

from framescope.core.export.quality.measure import peak_of
from framescope.core.opencv import cv2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.export.quality.measure import Pixels

GAINS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
"""The available gains, each twice the previous one."""


@cache
def heat_scale() -> NDArray[np.uint8]:
    """The colours of 256 steps of difference, (256, 3) uint8 in B, G, R order; the first is black.

    Its lightness rises evenly, so that it is readable in greyscale and with colour blindness.
    """
    steps = np.arange(256, dtype=np.uint8).reshape(-1, 1)
    colors = np.array(cv2.applyColorMap(steps, cv2.COLORMAP_INFERNO), np.uint8).reshape(256, 3)
    # Only zero difference is black, so that exact areas are unmistakable.
    colors[0] = 0
    colors.setflags(write=False)
    return colors


def best_gain(difference: Pixels) -> int:
    """The largest gain that keeps nearly all differences (999 of 1000 pixels) within the scale.

    Args:
        difference: As returned by `difference_map`.
    """
    counts = cv2.calcHist([difference], [0], None, [peak_of(difference) + 1], [0, peak_of(difference) + 1])
    reached = np.searchsorted(np.cumsum(counts, dtype=np.float64), 0.999 * difference.size)
    strong = max(int(reached), 1)
    return next((gain for gain in reversed(GAINS) if strong * gain <= peak_of(difference)), GAINS[0])


def heat_map(difference: Pixels, gain: int) -> NDArray[np.uint8]:
    """Differences as colours.

    Args:
        difference: As returned by `difference_map`.
        gain: The factor applied; values beyond the scale get its last colour.

    Returns:
        (height, width, 3) uint8 in B, G, R order. Only pixels without any difference are black.
    """
    # Whole-array arithmetic and OpenCV's LUT, not NumPy's indexing, which holds the GIL.
    steps = np.minimum(difference.astype(np.uint32) * gain * 255 // peak_of(difference), 255)
    # The smallest difference maps to at least the scale's first step: a small gain must not hide it.
    seen = np.maximum(steps, difference > 0).astype(np.uint8)
    colored = cv2.applyColorMap(seen, heat_scale().reshape(256, 1, 3))
    return cast("NDArray[np.uint8]", colored)


def scale_end(difference: Pixels, gain: int) -> float:
    """The difference, in code values of the picture's depth, at the end of the scale."""
    return peak_of(difference) / gain
