"""Display matrices become right-angled turns and mirrors; garbage becomes nothing."""

from __future__ import annotations

import math
import struct
from fractions import Fraction

import pytest

from framescope.core.media.geometry import (
    Orientation,
    display_size,
    nearest_right_angle,
    orientation_from_matrix,
    sane_pixel_aspect,
)


def matrix(a: float, b: float, c: float, d: float) -> bytes:
    """A display matrix: x' = a·x + c·y, y' = b·x + d·y."""
    one = 1 << 16
    return struct.pack("9i", *(round(v * one) for v in (a, b, 0, c, d, 0)), 0, 0, 1 << 30)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ((1, 0, 0, 1), Orientation()),
        ((0, 1, -1, 0), Orientation(90)),
        ((-1, 0, 0, -1), Orientation(180)),
        ((0, -1, 1, 0), Orientation(270)),
        ((-1, 0, 0, 1), Orientation(0, mirrored=True)),
        ((1, 0, 0, -1), Orientation(180, mirrored=True)),
        ((2, 0, 0, 2), Orientation()),
        ((0, 0, 0, 0), Orientation()),
        ((math.cos(0.5), math.sin(0.5), -math.sin(0.5), math.cos(0.5)), Orientation()),
    ],
)
def test_a_matrix_is_a_turn_or_nothing(
    entries: tuple[float, float, float, float], expected: Orientation
) -> None:
    assert orientation_from_matrix(matrix(*entries)) == expected


def test_a_short_matrix_is_nothing() -> None:
    assert orientation_from_matrix(b"") == orientation_from_matrix(b"\1" * 35) == Orientation()


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [
        (0, 0),
        (-90, 270),
        (89.5, 90),
        (450, 90),
        (359.6, 0),
        (45, None),
        (math.nan, None),
        (-2147483648, None),
    ],
)
def test_only_right_angles_count(degrees: float, expected: int | None) -> None:
    assert nearest_right_angle(degrees) == expected


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        (None, 1),
        (Fraction(0), 1),
        (Fraction(-4, 3), 1),
        (Fraction(1000), 1),
        (Fraction(64, 45), Fraction(64, 45)),
    ],
)
def test_a_pixel_shape_that_cannot_be_is_square(ratio: Fraction | None, expected: Fraction) -> None:
    assert sane_pixel_aspect(ratio) == expected


def test_the_displayed_picture_only_grows() -> None:
    assert display_size(720, 576, Fraction(16, 15), 0) == (768, 576)
    assert display_size(720, 480, Fraction(8, 9), 0) == (720, 540)
    assert display_size(720, 576, Fraction(16, 15), 90) == (576, 768)
    assert display_size(10, 20, Fraction(1), 180) == (10, 20)
