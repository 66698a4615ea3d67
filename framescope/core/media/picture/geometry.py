"""How a decoded picture is displayed: rotation, mirroring, pixel aspect ratio. Pure arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

_MATRIX_BYTES = 36
_FIXED_POINT_ONE = 1 << 16
# Beyond this no camera and no broadcast standard goes; such ratios come from damaged headers.
_MAX_PIXEL_ASPECT = 16


@dataclass(frozen=True, slots=True)
class Orientation:
    """What makes a decoded picture upright: mirror first, then turn, as in EXIF.

    Attributes:
        rotation: Clockwise turn in degrees: 0, 90, 180 or 270.
        mirrored: Whether left and right are swapped before the turn.
    """

    rotation: int = 0
    mirrored: bool = False


def orientation_from_matrix(matrix: bytes) -> Orientation:
    """Read FFmpeg's display matrix: nine native int32, the first four of them 16.16 fixed point.

    A matrix that is not a turn (all zeros, skewed, by an odd angle, too short) counts as none at all.
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
    # The mirror has turned the x axis round before the turn sees it.
    degrees = math.degrees(math.atan2(-b, -a) if mirrored else math.atan2(b, a))
    rotation = nearest_right_angle(degrees)
    return Orientation(0, mirrored=False) if rotation is None else Orientation(rotation, mirrored)


def nearest_right_angle(degrees: float) -> int | None:
    """0, 90, 180 or 270 for an angle within a degree of it, else None (also for garbage such as NaN)."""
    if not math.isfinite(degrees) or abs(degrees) > 3600:
        return None
    turned = degrees % 360
    rotation = round(turned / 90) * 90
    return rotation % 360 if abs(turned - rotation) <= 1 else None


def sane_pixel_aspect(ratio: Fraction | None) -> Fraction:
    """The width of a pixel over its height; 1 where the file says nothing or nonsense."""
    if ratio is None or ratio <= 0:
        return Fraction(1)
    return ratio if Fraction(1, _MAX_PIXEL_ASPECT) <= ratio <= _MAX_PIXEL_ASPECT else Fraction(1)


def display_size(width: int, height: int, pixel_aspect: Fraction, rotation: int) -> tuple[int, int]:
    """Columns and rows of the upright picture with square pixels. It only grows: no line is lost."""
    if pixel_aspect >= 1:
        width = round(width * pixel_aspect)
    else:
        height = round(height / pixel_aspect)
    return (height, width) if rotation in (90, 270) else (width, height)
