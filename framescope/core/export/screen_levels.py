"""Pixels made ready for a screen: four bytes each, and smaller copies for smaller views."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from framescope.core.export.quality import peak_of
from framescope.core.opencv import cv2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.export.quality import Pixels

_LEAST_SIDE = 64
"""No copy has a shorter side than this."""


def screen_levels(pixels: Pixels) -> tuple[NDArray[np.uint8], ...]:
    """The picture at its full size and halved again and again. Keeps no other thread waiting. Threads: any.

    Args:
        pixels: (height, width, 3) in B, G, R order, uint8 or uint16; 16 bits are rounded to 8.

    Returns:
        Arrays of (height, width, 4) uint8 in B, G, R, opaque order, each in one block, the largest first.
    """
    eight = cv2.convertScaleAbs(pixels, alpha=1 / 257) if peak_of(pixels) > 255 else pixels
    levels = [cast("NDArray[np.uint8]", cv2.cvtColor(eight, cv2.COLOR_BGR2BGRA))]
    while min(levels[-1].shape[:2]) >= 2 * _LEAST_SIDE:
        height, width = levels[-1].shape[:2]
        size = ((width + 1) // 2, (height + 1) // 2)
        levels.append(cast("NDArray[np.uint8]", cv2.resize(levels[-1], size, interpolation=cv2.INTER_AREA)))
    return tuple(np.ascontiguousarray(level) for level in levels)
