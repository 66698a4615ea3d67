"""HDR to SDR tone mapping of PQ and HLG pictures, by the ITU's formulas.

PQ: SMPTE ST 2084 / ITU-R BT.2100-2, table 4. HLG: BT.2100-2, table 5, with the OOTF of a screen of
1000 cd/m². Highlights are rolled off by the EETF of ITU-R BT.2390-10, 5.4.1, from 1000 cd/m² to the 203 cd/m²
that BT.2408-4 gives as the level of HDR reference white; it is applied to the largest of R, G and B, so that
hues are preserved. BT.2020 primaries become BT.709's by the matrix of BT.2087-0, out-of-gamut colours are
clipped, and the result is encoded for an sRGB screen (IEC 61966-2-1).
The source is always assumed to be mastered at 1000 cd/m²: the declared mastering metadata is not present in
every frame, and a frame must look the same however it was reached.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

import numpy as np

from framescope.core.opencv import cv2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]
    Picture = NDArray[np.uint8] | NDArray[np.uint16]

SOURCE_PEAK, TARGET_PEAK = 1000.0, 203.0
"""cd/m²."""

_M1, _M2 = 2610 / 16384, 2523 / 4096 * 128
_C1, _C2, _C3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
_HLG_A, _HLG_B, _HLG_C = 0.17883277, 0.28466892, 0.55991073
_HLG_GAMMA = 1.2
_LUMA_2020 = np.array([0.0593, 0.6780, 0.2627], np.float32)  # B, G, R
# BT.2087-0, 4.2, with its rows and columns in B, G, R order.
_TO_709 = np.array(
    [[1.1187, -0.1006, -0.0182], [-0.0083, 1.1329, -0.1246], [-0.0728, -0.5876, 1.6605]], np.float32
)


def tone_mapped(pixels: Picture, transfer: str, *, is_wide: bool, deep: bool) -> Picture:
    """An HDR picture as SDR.

    Args:
        pixels: (height, width, 3) uint16 in B, G, R order, 65535 for the curve's maximum.
        transfer: ``smpte2084`` (PQ) or ``arib-std-b67`` (HLG).
        is_wide: Whether its primaries are BT.2020's; otherwise they are kept.
        deep: Whether to give 16 bits.

    Returns:
        The same shape, uint8, or uint16 where ``deep``.
    """
    light = _linear_table(transfer)[pixels]
    if transfer == "arib-std-b67":
        # The OOTF of a 1000 cd/m² display.
        scene = cv2.transform(light, _LUMA_2020[None, :])
        gain = cv2.pow(np.maximum(scene, 1e-9), _HLG_GAMMA - 1) * SOURCE_PEAK
        light *= gain.reshape(*light.shape[:2], 1)
    brightest = light.max(axis=2)
    gains = _gain_table()[np.minimum(brightest * (_GAIN_STEPS / SOURCE_PEAK), _GAIN_STEPS).astype(np.intp)]
    light *= gains[..., None]
    if is_wide:
        light = cast("NDArray[np.float32]", cv2.transform(light, _TO_709))
    white = 65535 if deep else 255
    depth = cv2.CV_16U if deep else cv2.CV_8U
    encoded = _srgb(light)
    return cast("Picture", cv2.addWeighted(encoded, white, encoded, 0.0, 0.0, dtype=depth))


def pq_to_light(values: Values) -> Values:
    """PQ values, 0 to 1, as light in cd/m² (the EOTF)."""
    powered = np.power(np.clip(values, 0, 1), 1 / _M2)
    return cast("Values", 10_000 * np.power(np.maximum(powered - _C1, 0) / (_C2 - _C3 * powered), 1 / _M1))


def light_to_pq(light: Values) -> Values:
    """Light in cd/m² as PQ values, 0 to 1 (the inverse EOTF)."""
    powered = np.power(np.clip(light / 10_000, 0, 1), _M1)
    return cast("Values", np.power((_C1 + _C2 * powered) / (1 + _C3 * powered), _M2))


def hlg_to_scene(values: Values) -> Values:
    """HLG values, 0 to 1, as the scene's light, 0 to 1 (the inverse OETF)."""
    high = (np.exp((values - _HLG_C) / _HLG_A) + _HLG_B) / 12
    return np.where(values <= 0.5, values**2 / 3, high)


def rolled_off(light: Values) -> Values:
    """Light in cd/m², up to `SOURCE_PEAK`, as light up to `TARGET_PEAK` (the EETF of BT.2390)."""
    top = light_to_pq(np.array(SOURCE_PEAK))
    most = float(light_to_pq(np.array(TARGET_PEAK)) / top)
    knee = 1.5 * most - 0.5
    values = np.minimum(light_to_pq(light) / top, 1)
    along = np.clip((values - knee) / (1 - knee), 0, 1)
    spline = (
        (2 * along**3 - 3 * along**2 + 1) * knee
        + (along**3 - 2 * along**2 + along) * (1 - knee)
        + (-2 * along**3 + 3 * along**2) * most
    )
    return pq_to_light(np.where(values < knee, values, spline) * top)


_GAIN_STEPS = 65_535


@cache
def _linear_table(transfer: str) -> NDArray[np.float32]:
    values = np.arange(65_536) / 65_535
    light = pq_to_light(values) if transfer == "smpte2084" else hlg_to_scene(values)
    return light.astype(np.float32)


@cache
def _gain_table() -> NDArray[np.float32]:
    """By light in steps up to `SOURCE_PEAK`: the factor that scales it so that `TARGET_PEAK` becomes 1."""
    light: Values = (np.arange(_GAIN_STEPS + 1, dtype=np.float64) + 0.5) * (SOURCE_PEAK / _GAIN_STEPS)
    return (rolled_off(light) / light / TARGET_PEAK).astype(np.float32)


def _srgb(light: NDArray[np.float32]) -> NDArray[np.float32]:
    clipped = np.clip(light, 0, 1)
    curved = cv2.pow(clipped, 1 / 2.4) * 1.055 - 0.055
    return np.where(clipped <= 0.0031308, clipped * 12.92, curved).astype(np.float32)
