"""Compares a picture with its original: PSNR, SSIM in three forms, and a difference map.

All functions compare two arrays of the same shape and depth, 8 or 16 bit: the pixels that were encoded and
the pixels decoded from the file, or planes of two videos.
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
_SCALE_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
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


def psnr(original: Pixels, decoded: Pixels, *, peak: int | None = None) -> float:
    """Peak signal-to-noise ratio, in dB, of all channels together.

    ``10 · log10(peak² ÷ mean squared error)``, the peak being that of the depth and the mean taken over every
    channel of every pixel. Infinite when the two are equal.

    Args:
        original: (height, width) or (height, width, 3), uint8 or uint16.
        decoded: The same shape and depth.
        peak: The largest code value, such as 1023 for 10 bits; None for that of the array's depth.

    Raises:
        ValueError: The two differ in shape or depth.
    """
    error = mean_squared_error(original, decoded)
    return decibels(error, peak_of(original) if peak is None else peak)


def mean_squared_error(original: Pixels, decoded: Pixels) -> float:
    """The mean over every channel of every pixel, in squared code values; see `psnr`."""
    _check(original, decoded)
    squared_error = sum(
        # OpenCV sums in double precision, without a difference array of that width.
        cv2.norm(original[top : top + _STRIP_ROWS], decoded[top : top + _STRIP_ROWS], cv2.NORM_L2SQR)
        for top in range(0, original.shape[0], _STRIP_ROWS)
    )
    return float(squared_error / original.size)


def decibels(error: float, peak: int) -> float:
    """The PSNR for a mean squared error; infinite for none."""
    return math.inf if error == 0 else 10 * math.log10(peak**2 / error)


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
        total += _strip_sums(first[rows], second[rows], peak)[0]
    return float(total / ((height - 2 * _REACH) * (width - 2 * _REACH)))


def block_ssim(original: Pixels, decoded: Pixels, *, peak: int | None = None) -> float:
    """Structural similarity of a plane as FFmpeg's ``ssim`` filter and x264 compute it.

    The window is a square of 8 × 8 pixels, moved in steps of 4, without weights; constants as in `ssim`.
    Rows and columns beyond the last multiple of 4 are left out.

    Args:
        original: (height, width), uint8 or uint16.
        decoded: The same shape and depth.
        peak: The largest code value; None for that of the array's depth.

    Returns:
        NaN where the plane is smaller than the window.

    Raises:
        ValueError: The two differ in shape or depth.
    """
    _check(original, decoded)
    height, width = (size // 4 * 4 for size in original.shape)
    if height < 8 or width < 8:
        return math.nan
    most = peak_of(original) if peak is None else peak
    c1 = int(_K1**2 * most**2 * 64 + 0.5)
    c2 = int(_K2**2 * most**2 * 64 * 63 + 0.5)
    # Squares of 8 bits, and means of 16 of them, are exact in float32.
    wide = np.dtype(np.float32 if original.dtype == np.uint8 else np.float64)
    x: NDArray[np.floating] = original[:height, :width].astype(wide)
    y: NDArray[np.floating] = decoded[:height, :width].astype(wide)
    sum_x, sum_y = _block_sums(x), _block_sums(y)
    squares = _block_sums(x * x + y * y)
    products = _block_sums(x * y)
    variances = squares * 64 - sum_x * sum_x - sum_y * sum_y
    covariance = products * 64 - sum_x * sum_y
    similarity = (2 * sum_x * sum_y + c1) * (2 * covariance + c2)
    similarity /= (sum_x * sum_x + sum_y * sum_y + c1) * (variances + c2)
    return float(similarity.mean())


def _block_sums(plane: NDArray[np.floating]) -> NDArray[np.float64]:
    """Sums over squares of 8 × 8 pixels, in steps of 4; exact for whole numbers."""
    rows, columns = plane.shape[0] // 4, plane.shape[1] // 4
    quarters = cv2.resize(plane, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float64) * 16
    sums: NDArray[np.float64] = quarters[:-1, :-1] + quarters[1:, :-1] + quarters[:-1, 1:] + quarters[1:, 1:]
    return sums


def ms_ssim(original: Pixels, decoded: Pixels, *, peak: int | None = None) -> float:
    """Structural similarity of a plane at five scales, 1 for equal pictures.

    As Wang, Simoncelli and Bovik define it ("Multi-scale structural similarity for image quality assessment",
    Asilomar Conference on Signals, Systems and Computers, 2003): the window and constants of `ssim`, contrast
    and structure at every scale, luminance at the coarsest, their weights, and means of 2 × 2 pixels from
    scale to scale.

    Args:
        original: (height, width), uint8 or uint16.
        decoded: The same shape and depth.
        peak: The largest code value; None for that of the array's depth.

    Returns:
        NaN where the coarsest scale is smaller than the window: below 176 pixels.

    Raises:
        ValueError: The two differ in shape or depth.
    """
    _check(original, decoded)
    if min(original.shape[:2]) < SSIM_WINDOW << (len(_SCALE_WEIGHTS) - 1):
        return math.nan
    most = float(peak_of(original) if peak is None else peak)
    first, second = original.astype(np.float32), decoded.astype(np.float32)
    found = 1.0
    for scale, weight in enumerate(_SCALE_WEIGHTS):
        whole, structure = _strip_sums(first, second, most)
        height, width = first.shape
        count = (height - 2 * _REACH) * (width - 2 * _REACH)
        is_last = scale == len(_SCALE_WEIGHTS) - 1
        # Opposite structure has no power of a fraction.
        found *= max((whole if is_last else structure) / count, 0.0) ** weight
        if not is_last:
            size = (width // 2, height // 2)
            first, second = (
                cv2.resize(one[: size[1] * 2, : size[0] * 2], size, interpolation=cv2.INTER_AREA).astype(
                    np.float32, copy=False
                )
                for one in (first, second)
            )
    return found


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


def _strip_sums(first: Pixels | Plane, second: Pixels | Plane, peak: float) -> tuple[float, float]:
    """The sums, over all windows, of the similarity, and of contrast and structure alone."""
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
    structure = (2 * covariance + c2) / (variance_x + variance_y + c2)
    similarity = structure * (2 * mean_x * mean_y + c1)
    similarity /= mean_x * mean_x + mean_y * mean_y + c1
    return float(similarity.sum(dtype=np.float64)), float(structure.sum(dtype=np.float64))


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
