"""How a decoded picture is displayed: rotation, mirroring, pixel aspect ratio. Pure arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    _Place = TypeVar("_Place", int, float, NDArray[np.int64])

_MATRIX_BYTES = 36
_FIXED_POINT_ONE = 1 << 16
# No camera or broadcast standard exceeds this; larger ratios come from damaged headers.
_MAX_PIXEL_ASPECT = 16


@dataclass(frozen=True, slots=True)
class Orientation:
    """How to display a decoded picture upright: mirror first, then rotate, as in EXIF.

    Attributes:
        rotation: Clockwise rotation in degrees: 0, 90, 180 or 270.
        mirrored: Whether left and right are swapped before the rotation.
    """

    rotation: int = 0
    mirrored: bool = False


def orientation_from_matrix(matrix: bytes) -> Orientation:
    """Read FFmpeg's display matrix: nine native int32, the first four of them 16.16 fixed point.

    A matrix that is not a right-angle rotation (all zeros, skewed, odd angle, too short) is ignored.
    """
    if len(matrix) < _MATRIX_BYTES:
        return Orientation()
    entries = memoryview(matrix[:_MATRIX_BYTES]).cast("i")
    # (x, y) goes to (a·x + c·y, b·x + d·y), y down.
    a, b, c, d = (entries[place] / _FIXED_POINT_ONE for place in (0, 1, 3, 4))
    determinant = a * d - b * c
    length = math.hypot(a, b)
    if length == 0 or abs(determinant) < 1e-6:
        return Orientation()
    mirrored = determinant < 0
    # The mirror has already flipped the x axis before the rotation.
    degrees = math.degrees(math.atan2(-b, -a) if mirrored else math.atan2(b, a))
    rotation = nearest_right_angle(degrees)
    return Orientation(0, mirrored=False) if rotation is None else Orientation(rotation, mirrored)


def stored_position(
    x: _Place, y: _Place, size: tuple[int, int], *, rotation: int, mirrored: bool
) -> tuple[_Place, _Place]:
    """Column and row in the picture as decoded of the displayed pixel (x, y), or of an array of them.

    Args:
        x: Column as displayed.
        y: Row as displayed.
        size: Columns and rows as decoded.
        rotation: Clockwise rotation in degrees.
        mirrored: Whether left and right are swapped before the rotation.
    """
    width, height = size
    column, row = {
        0: (x, y),
        90: (y, height - 1 - x),
        180: (width - 1 - x, height - 1 - y),
        270: (width - 1 - y, x),
    }[rotation]
    return (width - 1 - column if mirrored else column), row


def displayed_position(
    column: _Place, row: _Place, size: tuple[int, int], *, rotation: int, mirrored: bool
) -> tuple[_Place, _Place]:
    """The reverse of `stored_position`: x and y as displayed of a pixel as decoded."""
    width, height = size
    column = width - 1 - column if mirrored else column
    return {
        0: (column, row),
        90: (height - 1 - row, column),
        180: (width - 1 - column, height - 1 - row),
        270: (row, width - 1 - column),
    }[rotation]


def nearest_right_angle(degrees: float) -> int | None:
    """0, 90, 180 or 270 for an angle within a degree of it, else None (also for garbage such as NaN)."""
    if not math.isfinite(degrees) or abs(degrees) > 3600:
        return None
    turned = degrees % 360
    rotation = round(turned / 90) * 90
    return rotation % 360 if abs(turned - rotation) <= 1 else None


def sane_pixel_aspect(ratio: Fraction | None) -> Fraction:
    """Pixel width over height; 1 if the file declares nothing or nonsense."""
    if ratio is None or ratio <= 0:
        return Fraction(1)
    return ratio if Fraction(1, _MAX_PIXEL_ASPECT) <= ratio <= _MAX_PIXEL_ASPECT else Fraction(1)


def is_quarter_turn(rotation: int) -> bool:
    """Whether a picture rotated by so many degrees is as wide as it was high."""
    return rotation in (90, 270)


def rotated_size(width: int, height: int, rotation: int) -> tuple[int, int]:
    """Columns and rows of a picture after it is rotated by 0, 90, 180 or 270 degrees."""
    return (height, width) if is_quarter_turn(rotation) else (width, height)


def rotated_pixel_aspect(pixel_aspect: Fraction, rotation: int) -> Fraction:
    """Pixel width over height after the picture is rotated by 0, 90, 180 or 270 degrees."""
    return 1 / pixel_aspect if is_quarter_turn(rotation) else pixel_aspect


def display_size(width: int, height: int, pixel_aspect: Fraction, rotation: int) -> tuple[int, int]:
    """Columns and rows of the upright picture with square pixels. It is only enlarged, so no line is lost."""
    if pixel_aspect >= 1:
        width = round(width * pixel_aspect)
    else:
        height = round(height / pixel_aspect)
    return rotated_size(width, height, rotation)
