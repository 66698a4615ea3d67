"""What one picture is like: how sharp, which perceptual hash, and a thumbnail of a few pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.opencv import cv2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.model.frame import Picture

SMALL_PX = 256
"""Longest side of the picture that scene changes are measured on, as in PySceneDetect."""
FEATURE_SIDE = 8
FEATURE_COUNT = 3 * FEATURE_SIDE * FEATURE_SIDE

_SHARP_PX = 640
"""Longest side of the picture that sharpness is measured on: beyond it noise counts for sharpness."""


@dataclass(frozen=True, slots=True, eq=False)
class PictureMeasures:
    """One picture in numbers.

    Attributes:
        small: (rows, columns, 3) uint8 in B, G, R order, the longest side 256 at most.
        sharpness: Variance of the Laplacian of the brightness.
        difference_hash: 64 bits; see `difference_hash`.
        features: (192,) uint8, 8 × 8 pixels in CIE L*a*b*.
    """

    small: NDArray[np.uint8]
    sharpness: float
    difference_hash: int
    features: NDArray[np.uint8]


def measure_picture(picture: Picture) -> PictureMeasures:
    """Measure one picture, as decoded: neither rotation nor pixel aspect changes what is measured."""
    width, height = _fitted(picture.width, picture.height, SMALL_PX)
    small = cv2.cvtColor(picture.to_bgra(width=width, height=height, rotate=False), cv2.COLOR_BGRA2BGR)
    brightness = _brightness(picture)
    thumb = cv2.resize(small, (FEATURE_SIDE, FEATURE_SIDE), interpolation=cv2.INTER_AREA)
    return PictureMeasures(
        small=small.astype(np.uint8, copy=False),
        sharpness=sharpness(brightness),
        difference_hash=difference_hash(brightness),
        features=cv2.cvtColor(thumb, cv2.COLOR_BGR2LAB).astype(np.uint8, copy=False).reshape(-1),
    )


def sharpness(brightness: NDArray[np.uint8]) -> float:
    """Variance of the Laplacian (Pech-Pacheco et al. 2000); higher is sharper. Compare only within a video.

    Args:
        brightness: (rows, columns) uint8.
    """
    _, deviation = cv2.meanStdDev(cv2.Laplacian(brightness, cv2.CV_16S))
    return float(deviation[0, 0]) ** 2


def difference_hash(brightness: NDArray[np.uint8]) -> int:
    """DHash (Krawetz 2013): shrunk to 9 × 8, one bit for each pixel that is brighter than its right one.

    Args:
        brightness: (rows, columns) uint8.
    """
    tiny = cv2.resize(brightness, (9, 8), interpolation=cv2.INTER_AREA)
    return int.from_bytes(np.packbits(tiny[:, :-1] > tiny[:, 1:]).tobytes(), "big")


def _brightness(picture: Picture) -> NDArray[np.uint8]:
    width, height = _fitted(picture.width, picture.height, _SHARP_PX)
    plane = picture.planes()[0] if picture.pixel_format.startswith(("yuv", "nv", "gray")) else None
    if plane is None or plane.dtype != np.uint8 or plane.shape != (picture.height, picture.width):
        # Packed, deep or RGB: the long way round, which is right for all of them.
        pixels = picture.to_bgra(width=width, height=height, rotate=False)
        return cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY).astype(np.uint8, copy=False)
    if (width, height) == (picture.width, picture.height):
        return np.ascontiguousarray(plane, dtype=np.uint8)
    return cv2.resize(plane, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _fitted(width: int, height: int, longest: int) -> tuple[int, int]:
    share = min(longest / max(width, height, 1), 1.0)
    return max(round(width * share), 1), max(round(height * share), 1)
