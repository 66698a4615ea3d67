"""Colours for differences between two pictures: from black over red to pale yellow, stronger by a gain."""

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
"""The gains that are offered, each twice the previous one."""


@cache
def heat_scale() -> NDArray[np.uint8]:
    """The colours of 256 steps of difference, (256, 3) uint8 in B, G, R order; the first is black.

    Lightness rises evenly along it, so that it reads the same in grey and to colour-blind eyes.
    """
    steps = np.arange(256, dtype=np.uint8).reshape(-1, 1)
    colors = np.array(cv2.applyColorMap(steps, cv2.COLORMAP_INFERNO), np.uint8).reshape(256, 3)
    # No difference is black, and nothing else is: where the file is exact must be beyond doubt.
    colors[0] = 0
    colors.setflags(write=False)
    return colors


def best_gain(difference: Pixels) -> int:
    """The largest gain that keeps nearly all differences (999 of 1000 pixels) within the scale.

    Args:
        difference: As `difference_map` gives it.
    """
    counts = cv2.calcHist([difference], [0], None, [peak_of(difference) + 1], [0, peak_of(difference) + 1])
    reached = np.searchsorted(np.cumsum(counts, dtype=np.float64), 0.999 * difference.size)
    strong = max(int(reached), 1)
    return next((gain for gain in reversed(GAINS) if strong * gain <= peak_of(difference)), GAINS[0])


def heat_map(difference: Pixels, gain: int) -> NDArray[np.uint8]:
    """Differences as colours.

    Args:
        difference: As `difference_map` gives it.
        gain: How many times stronger than they are; what goes over the scale's end has its last colour.

    Returns:
        (height, width, 3) uint8 in B, G, R order. Only pixels without any difference are black.
    """
    # Whole-array arithmetic and OpenCV's table, not NumPy's indexing, which keeps every other thread waiting.
    steps = np.minimum(difference.astype(np.uint32) * gain * 255 // peak_of(difference), 255)
    # The least difference is at least the scale's first step: a gain too small must not hide it.
    seen = np.maximum(steps, difference > 0).astype(np.uint8)
    colored = cv2.applyColorMap(seen, heat_scale().reshape(256, 1, 3))
    return cast("NDArray[np.uint8]", colored)


def scale_end(difference: Pixels, gain: int) -> float:
    """The difference, in code values of the picture's depth, that has the scale's last colour."""
    return peak_of(difference) / gain
