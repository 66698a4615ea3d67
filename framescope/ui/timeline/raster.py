"""Bars, bands and ticks as one pixel array: the cost depends on its size, not on the frame count."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.ui.timeline.size_pyramid import Columns

_B, _P, _I, _UNKNOWN = 3, 2, 1, 0
_STACK = (_B, _P, _I, _UNKNOWN)
"""From bottom to top: small frames first, so that they do not hide an I above them."""

_ROUND = (1.0, 1.2, 1.6, 2.0, 2.4, 3.2, 4.0, 4.8, 6.0, 8.0, 10.0)
_CROWDED_SHARE = 0.4
_CODES_A_BAND = 16
_GROUND, _LINE, _TICK, _TICK_CROWDED, _SOLID, _ENVELOPE, _CAP = 0, 1, 2, 3, 4, 8, 12


@dataclass(frozen=True, slots=True)
class Shades:
    """Opaque colours (0xFFRRGGBB) for one of the two GOP bands.

    Attributes:
        ground: Background of the band.
        solid: Bars by picture type.
        envelope: From the mean to the largest frame, by picture type.
        cap: The upper end of a bar, by picture type.
        line: Thin line where a GOP begins.
        tick: Keyframe ticks.
        tick_crowded: Keyframe ticks so dense that they merge.
    """

    ground: int
    solid: tuple[int, int, int, int]
    envelope: tuple[int, int, int, int]
    cap: tuple[int, int, int, int]
    line: int
    tick: int
    tick_crowded: int


def palette_of(bands: tuple[Shades, Shades]) -> list[int]:
    """The colours by pixel code."""
    palette = [0] * (2 * _CODES_A_BAND)
    for place, shades in enumerate(bands):
        base = place * _CODES_A_BAND
        palette[base + _GROUND] = shades.ground
        palette[base + _SOLID : base + _SOLID + 4] = shades.solid
        palette[base + _ENVELOPE : base + _ENVELOPE + 4] = shades.envelope
        palette[base + _CAP : base + _CAP + 4] = shades.cap
        palette[base + _LINE] = shades.line
        palette[base + _TICK] = shades.tick
        palette[base + _TICK_CROWDED] = shades.tick_crowded
    return palette


def scale_top(largest: float) -> float:
    """A round number of bytes for full height, barely above the largest frame; its quarter is also round."""
    if largest <= 1:
        return 1.0
    power = 10.0 ** math.floor(math.log10(largest))
    return next(step * power for step in _ROUND if step * power >= largest * (1 - 1e-9))


def bar_height(size: float, largest: float, room: float) -> float:
    """Height of a bar on a square root scale, where B pictures remain visible next to I pictures."""
    return float(np.sqrt(max(size, 0.0) / max(largest, 1.0)) * room)


def bar_heights(sizes: NDArray[np.float64], largest: float, room: int, least: int) -> NDArray[np.float64]:
    """Integer heights of many bars on the same scale; non-empty ones are at least ``least``."""
    heights = np.round(np.sqrt(sizes / max(largest, 1.0)) * room)
    return np.where(sizes > 0, np.clip(heights, least, room), 0.0)


@dataclass(frozen=True, slots=True)
class BarPicture:
    """The inputs of ``paint_bars`` besides the columns.

    Attributes:
        height: Rows of the picture in device pixels.
        headroom: Rows kept free above the bars.
        tick_height: Rows of keyframe ticks at the top; 0 for none.
        least: Minimum rows of a bar, also the thickness of its cap.
        scale_top: Bytes of a frame of full height.
        bands: uint8, the GOP band of each column: 0 or 1.
        gaps: bool, columns left empty as a gap between frames; or None.
        with_lines: Whether a thin line marks the start of each GOP.
    """

    height: int
    headroom: int
    tick_height: int
    least: int
    scale_top: float
    bands: NDArray[np.uint8]
    gaps: NDArray[np.bool_] | None
    with_lines: bool


def paint_bars(columns: Columns, picture: BarPicture) -> NDArray[np.uint8]:
    """(height, columns) uint8: palette indices, as in an 8-bit indexed image."""
    room = picture.height - picture.headroom
    # Heights count from the bottom, so rows do as well.
    rows = np.arange(picture.height, 0, -1, dtype=np.int16)[:, None]
    codes = np.zeros((picture.height, len(columns.frame_counts)), np.uint8)
    if picture.with_lines:
        codes[:, columns.keyframes > 0] = _LINE
    largest_each = columns.maxima.max(axis=0).astype(np.float64)
    tallest = bar_heights(largest_each, picture.scale_top, room, picture.least)
    means = bar_heights(columns.means, picture.scale_top, room, picture.least)
    if picture.gaps is not None:
        tallest[picture.gaps] = means[picture.gaps] = 0.0
    codes_of_largest = columns.maxima.argmax(axis=0).astype(np.uint8)
    _fill_below(codes, rows, tallest, _ENVELOPE + codes_of_largest)
    shares = columns.bytes / np.maximum(columns.bytes.sum(axis=0), 1.0)
    tops = np.cumsum(shares[list(_STACK)], axis=0) * means
    # From the top of the stack down: lower parts overwrite the excess.
    for code, top in zip(reversed(_STACK), tops[::-1], strict=True):
        _fill_below(codes, rows, top, np.uint8(_SOLID + code))
    _cap(codes, means, picture.least)
    _stand_ticks(codes, columns, picture.tick_height)
    codes += picture.bands * np.uint8(_CODES_A_BAND)
    return codes


def _fill_below(
    codes: NDArray[np.uint8],
    rows: NDArray[np.int16],
    heights: NDArray[np.float64],
    code: NDArray[np.uint8] | np.uint8,
) -> None:
    tops = np.round(heights).astype(np.int16)
    # Most bars are low: what is above all of them is not looked at.
    above = len(codes) - int(tops.max(initial=0))
    np.copyto(codes[above:], code, where=rows[above:] <= tops)


def _cap(codes: NDArray[np.uint8], heights: NDArray[np.float64], thickness: int) -> None:
    """Give the top of each bar the full-strength colour of its type."""
    standing = np.flatnonzero(heights >= thickness)
    tops = len(codes) - heights[standing].astype(np.int64)
    for row in range(thickness):
        codes[tops + row, standing] += np.uint8(_CAP - _SOLID)


def _stand_ticks(codes: NDArray[np.uint8], columns: Columns, height: int) -> None:
    """Keyframe ticks; the more keyframes in a column, the taller the tick."""
    most = int(columns.keyframes.max(initial=0))
    if not height or not most:
        return
    shortest = height / 2 if most > 1 else height
    tall = shortest + (height - shortest) * columns.keyframes / most
    rows_down = np.arange(height, 0, -1)[:, None]
    standing = (columns.keyframes > 0) & (rows_down <= np.round(tall))
    is_crowded = np.count_nonzero(columns.keyframes) > len(tall) * _CROWDED_SHARE
    codes[:height][standing] = _TICK_CROWDED if is_crowded else _TICK
