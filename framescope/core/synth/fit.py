"""Brings pictures to the size of the video. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import SettingsError
from framescope.core.opencv import cv2
from framescope.core.synth.make_settings import Fit
from framescope.core.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray


def fitted(rgb: NDArray[np.uint8], size: tuple[int, int], fit: Fit) -> NDArray[np.uint8]:
    """A picture of exactly ``size``; the same one where it has that size already.

    Args:
        rgb: (height, width, 3) uint8.
        size: (width, height).
        fit: What to do when it has another size.

    Raises:
        SettingsError: It has another size, and that is to be refused.
    """
    height, width = rgb.shape[:2]
    if (width, height) == size:
        return rgb
    if fit is Fit.REFUSE:
        raise SettingsError(
            tr(
                "The picture has {width} × {height} pixels, the video {video_width} × {video_height}.",
                width=width,
                height=height,
                video_width=size[0],
                video_height=size[1],
            ),
            hint=tr("Choose to scale, pad or crop pictures of another size."),
        )
    if fit is Fit.SCALE:
        return _resized(rgb, *size)
    shares = (size[0] / width, size[1] / height)
    share = min(shares) if fit is Fit.PAD else max(shares)
    inner = (max(round(width * share), 1), max(round(height * share), 1))
    scaled = _resized(rgb, *inner)
    return _padded(scaled, size) if fit is Fit.PAD else _cropped(scaled, size)


def _resized(rgb: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    shrinks = width < rgb.shape[1] or height < rgb.shape[0]
    # Area keeps thin lines when shrinking; Lanczos keeps edges when enlarging.
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LANCZOS4
    return cv2.resize(rgb, (width, height), interpolation=how).astype(np.uint8, copy=False)


def _padded(rgb: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    width, height = size
    rows, columns = min(rgb.shape[0], height), min(rgb.shape[1], width)
    top, left = (height - rows) // 2, (width - columns) // 2
    canvas = np.zeros((height, width, 3), np.uint8)
    canvas[top : top + rows, left : left + columns] = rgb[:rows, :columns]
    return canvas


def _cropped(rgb: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    width, height = size
    # Rounding may leave the covering picture a row or column short; the edge is repeated then.
    short = (max(height - rgb.shape[0], 0), max(width - rgb.shape[1], 0))
    if any(short):
        rgb = np.pad(rgb, ((0, short[0]), (0, short[1]), (0, 0)), mode="edge")
    top, left = (rgb.shape[0] - height) // 2, (rgb.shape[1] - width) // 2
    return np.ascontiguousarray(rgb[top : top + height, left : left + width])
