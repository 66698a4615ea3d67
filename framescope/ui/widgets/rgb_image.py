"""Turns arrays of RGB pixels into images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from numpy.typing import NDArray


def image_from_rgb(rgb: NDArray[np.uint8]) -> QImage:
    """An image that owns its pixels, from (height, width, 3) uint8 RGB. Threads: any."""
    height, width = rgb.shape[:2]
    packed = np.ascontiguousarray(rgb)
    return QImage(packed.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
