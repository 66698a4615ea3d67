"""Draws a part of a space-time image in any size: means where it shrinks, whole samples where it grows."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from framescope.core.opencv import cv2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.spacetime.image import Columns, SpaceTimeImage


def rendered(
    image: SpaceTimeImage, columns: Columns, shown: tuple[int, int], size: tuple[int, int]
) -> NDArray[np.uint8]:
    """(height, width, 3) uint8 in R, G, B order: some columns, all samples, time to the right. Threads: any.

    Args:
        image: The image.
        columns: How time is laid out in it.
        shown: The columns, half-open.
        size: Width and height of the result.
    """
    width, height = size
    wanted = columns.frames[shown[0] : shown[1]]
    first, last = int(wanted[0]), int(wanted[-1])
    part = image.by_frame[first : last + 1]
    if part.dtype == np.uint16:
        part = (part >> 8).astype(np.uint8)
    # Along the line first: of frames, there may be many fewer than of columns.
    narrow = _resized(part, height, len(part))[wanted - first]
    return np.ascontiguousarray(_resized(narrow, height, width).transpose(1, 0, 2))


def _resized(pixels: NDArray[np.uint8] | NDArray[np.uint16], width: int, height: int) -> NDArray[np.uint8]:
    """Another number of columns, or of rows."""
    shrinks = width < pixels.shape[1] or height < pixels.shape[0]
    way = cv2.INTER_AREA if shrinks else cv2.INTER_NEAREST
    return cast("NDArray[np.uint8]", cv2.resize(pixels, (width, height), interpolation=way))
