"""Colours worked out once more, in double precision and pixel by pixel, to hold the product's to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Values = NDArray[np.float64]
Plane = NDArray[np.uint8] | NDArray[np.uint16]
WEIGHTS = {"bt709": (0.2126, 0.0722), "bt470bg": (0.299, 0.114), "bt2020nc": (0.2627, 0.0593)}


def spread(samples: Values, length: int, *, co_sited: bool) -> Values:
    """Samples along the last axis, interpolated to ``length`` pixels, one pixel after the other."""
    factor = -(-length // samples.shape[-1])
    pixels = np.empty((*samples.shape[:-1], length))
    for pixel in range(length):
        place = pixel / factor if co_sited else (pixel + 0.5) / factor - 0.5
        first = int(np.floor(place))
        t = place - first
        weights = (
            (-(t**3) + 2 * t**2 - t) / 2,
            (3 * t**3 - 5 * t**2 + 2) / 2,
            (-3 * t**3 + 4 * t**2 + t) / 2,
            (t**3 - t**2) / 2,
        )
        near = [samples[..., min(max(first + n, 0), samples.shape[-1] - 1)] for n in (-1, 0, 1, 2)]
        pixels[..., pixel] = sum(w * s for w, s in zip(weights, near, strict=True))
    return pixels


def reference(planes: Sequence[Plane], bits: int, matrix: str, *, is_full: bool) -> Values:
    """B, G, R from 0 to 1, as ITU-T H.273 writes it (equations 38 to 40)."""
    y, cb, cr = (plane.astype(np.float64) for plane in planes[:3])
    height, width = y.shape
    cb, cr = (spread(plane, width, co_sited=not is_full) for plane in (cb, cr))
    cb, cr = (spread(plane.T, height, co_sited=False).T for plane in (cb, cr))
    unit = 1 << (bits - 8)
    most = (1 << bits) - 1
    luma = y / most if is_full else (y - 16 * unit) / (219 * unit)
    blue, red = ((plane - 128 * unit) / (most if is_full else 224 * unit) for plane in (cb, cr))
    kr, kb = WEIGHTS[matrix]
    r, b = luma + 2 * (1 - kr) * red, luma + 2 * (1 - kb) * blue
    return np.clip(np.stack([b, (luma - kr * r - kb * b) / (1 - kr - kb), r], -1), 0, 1)
