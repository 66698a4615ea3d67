"""Compares a saved picture with its original: PSNR, SSIM, and a difference map.

All functions compare two arrays of the same shape and depth, 8 or 16 bit: the pixels that were encoded and
the pixels decoded from the file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from framescope.core.opencv import cv2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8] | NDArray[np.uint16]
    Plane = NDArray[np.float32]

SSIM_WINDOW = 11
"""Side of the Gaussian window of SSIM, in pixels; its standard deviation is 1.5."""
_SIGMA = 1.5
_K1, _K2 = 0.01, 0.03
_REACH = SSIM_WINDOW // 2
_STRIP_ROWS = 256
"""Rows processed at a time: a strip's dozen planes fit into the CPU cache, and memory use is bounded."""


@dataclass(frozen=True, slots=True)
class Fidelity:
    """The similarity of a saved picture to its original.

    Attributes:
        psnr_db: See `psnr`; infinite if every pixel is the same.
        ssim: See `ssim`; NaN if the picture is too small.
        largest_difference: The largest over all channels and pixels, in code values.
    """

    psnr_db: float
    ssim: float
    largest_difference: int

    @property
    def is_exact(self) -> bool:
        """Whether every pixel is unchanged."""
        return self.largest_difference == 0


def fidelity(original: Pixels, decoded: Pixels) -> Fidelity:
    """All three measures of one picture.

    Raises:
        ValueError: The two differ in shape or depth.
    """
    _check(original, decoded)
    if np.array_equal(original, decoded):
        return Fidelity(math.inf, 1.0 if _is_large_enough(original) else math.nan, 0)
    largest = int(cv2.absdiff(original, decoded).max())
    return Fidelity(psnr(original, decoded), ssim(original, decoded), largest)


def peak_of(pixels: Pixels) -> int:
    """The largest code value that the array's depth holds: 255 or 65 535."""
    return int(np.iinfo(pixels.dtype).max)


def psnr(original: Pixels, decoded: Pixels) -> float:
    """Peak signal-to-noise ratio, in dB, of all channels together.

    ``10 · log10(peak² ÷ mean squared error)``, the peak being that of the depth and the mean taken over every
    channel of every pixel. Infinite when the two are equal.

    Args:
        original: (height, width) or (height, width, 3), uint8 or uint16.
        decoded: The same shape and depth.

    Raises:
        ValueError: The two differ in shape or depth.
    """
    _check(original, decoded)
    squared_error = sum(
        # OpenCV sums in double precision, without a difference array of that width.
        cv2.norm(original[top : top + _STRIP_ROWS], decoded[top : top + _STRIP_ROWS], cv2.NORM_L2) ** 2
        for top in range(0, original.shape[0], _STRIP_ROWS)
    )
    if squared_error == 0:
        return math.inf
    decibels: float = 10 * math.log10(peak_of(original) ** 2 * original.size / squared_error)
    return decibels


def ssim(original: Pixels, decoded: Pixels) -> float:
    """Structural similarity of the luma, 1 for equal pictures.

    As Wang, Bovik, Sheikh and Simoncelli define it ("Image Quality Assessment: From Error Visibility to
    Structural Similarity", IEEE Transactions on Image Processing 13(4), 2004): an 11 × 11 Gaussian window
    with a standard deviation of 1.5, K1 = 0.01, K2 = 0.03, and the mean over every place where the whole
    window lies inside the picture. There is no prior downscaling. Luma is Y' of BT.601, as in the tools whose
    figures are compared.

    Args:
        original: (height, width) or (height, width, 3) in B, G, R order, uint8 or uint16.
        decoded: The same shape and depth.

    Returns:
        NaN where the picture is smaller than the window.

    Raises:
        ValueError: The two differ in shape or depth.
    """
    _check(original, decoded)
    if not _is_large_enough(original):
        return math.nan
    first, second = _luma(original), _luma(decoded)
    peak = float(peak_of(original))
    height, width = first.shape
    total = 0.0
    for top in range(0, height - 2 * _REACH, _STRIP_ROWS):
        rows = slice(top, min(top + _STRIP_ROWS + 2 * _REACH, height))
        total += _strip_sum(first[rows], second[rows], peak)
    return float(total / ((height - 2 * _REACH) * (width - 2 * _REACH)))


def difference_map(original: Pixels, decoded: Pixels) -> Pixels:
    """The error of each pixel: the largest difference of its channels, in code values.

    Args:
        original: (height, width) or (height, width, 3), uint8 or uint16.
        decoded: The same shape and depth.

    Returns:
        (height, width) of the same depth.

    Raises:
        ValueError: The two differ in shape or depth.
    """
    _check(original, decoded)
    difference = cast("Pixels", cv2.absdiff(original, decoded))
    if difference.ndim == 2:
        return difference
    # NumPy's maximum over a short last axis takes ten times as long as comparing planes.
    first, second, third = cv2.split(difference)
    return cast("Pixels", cv2.max(cv2.max(first, second), third))


def _strip_sum(first: Pixels, second: Pixels, peak: float) -> float:
    # Centred on the middle of the range: squares of small numbers keep their precision in float32.
    x = first.astype(np.float32) / np.float32(peak) - np.float32(0.5)
    y = second.astype(np.float32) / np.float32(peak) - np.float32(0.5)
    mean_x, mean_y = _blurred(x), _blurred(y)
    variance_x = _blurred(x * x) - mean_x * mean_x
    variance_y = _blurred(y * y) - mean_y * mean_y
    covariance = _blurred(x * y) - mean_x * mean_y
    mean_x += np.float32(0.5)
    mean_y += np.float32(0.5)
    c1, c2 = np.float32(_K1**2), np.float32(_K2**2)
    similarity = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    similarity /= (mean_x * mean_x + mean_y * mean_y + c1) * (variance_x + variance_y + c2)
    return float(similarity.sum(dtype=np.float64))


def _blurred(plane: Plane) -> Plane:
    """The window's mean at every position where the whole window fits."""
    wide = cv2.GaussianBlur(plane, (SSIM_WINDOW, SSIM_WINDOW), _SIGMA, borderType=cv2.BORDER_REFLECT_101)
    inside: Plane = wide[_REACH:-_REACH, _REACH:-_REACH].astype(np.float32, copy=False)
    return inside


def _luma(pixels: Pixels) -> Pixels:
    if pixels.ndim == 2:
        return pixels
    return cast("Pixels", cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))


def _is_large_enough(pixels: Pixels) -> bool:
    height, width = pixels.shape[:2]
    return bool(height >= SSIM_WINDOW and width >= SSIM_WINDOW)


def _check(original: Pixels, decoded: Pixels) -> None:
    if original.shape != decoded.shape or original.dtype != decoded.dtype:
        raise ValueError(
            f"{original.shape} {original.dtype} cannot be compared with {decoded.shape} {decoded.dtype}."
        )
