"""Display matrices, pixel shapes and sizes, against what they mean geometrically."""

from __future__ import annotations

import math
import struct
from fractions import Fraction

import numpy as np
import pytest

from framescope.core.media.picture.geometry import (
    Orientation,
    display_size,
    nearest_right_angle,
    orientation_from_matrix,
    sane_pixel_aspect,
)

ONE = 1 << 16


def matrix(a: int, b: int, c: int, d: int) -> bytes:
    return struct.pack("=9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)


@pytest.mark.parametrize(
    "entries",
    [
        (1, 0, 0, 1),
        (0, 1, -1, 0),
        (-1, 0, 0, -1),
        (0, -1, 1, 0),
        (0, 1, 1, 0),
        (-1, 0, 0, 1),
        (1, 0, 0, -1),
        (0, -1, -1, 0),
    ],
)
def test_mirroring_and_turning_does_what_the_matrix_does(entries: tuple[int, int, int, int]) -> None:
    a, b, c, d = entries
    found = orientation_from_matrix(matrix(a * ONE, b * ONE, c * ONE, d * ONE))
    picture = np.arange(6).reshape(2, 3)
    turned = np.rot90(picture[:, ::-1] if found.mirrored else picture, -found.rotation // 90)
    # The matrix moves each pixel (x, y) to (a·x + c·y, b·x + d·y); then the corner is put back at (0, 0).
    placed = {(a * x + c * y, b * x + d * y): picture[y, x] for y in range(2) for x in range(3)}
    left, top = min(x for x, _ in placed), min(y for _, y in placed)
    expected = np.empty(turned.shape, int)
    for (x, y), value in placed.items():
        expected[y - top, x - left] = value
    assert turned.tolist() == expected.tolist()


def test_scaled_turns_are_turns() -> None:
    assert orientation_from_matrix(matrix(0, 2 * ONE, -ONE, 0)) == Orientation(90)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        bytes(36),
        matrix(ONE, ONE, -ONE, ONE),
        matrix(-(1 << 31), 0, 0, 0),
        matrix(ONE, 0, ONE, 0),
        matrix(ONE, ONE // 3, 0, ONE),
        b"\xff" * 35,
    ],
)
def test_what_is_no_turn_counts_as_none(raw: bytes) -> None:
    assert orientation_from_matrix(raw) == Orientation(0, mirrored=False)


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [
        (-90, 270),
        (90.4, 90),
        (359.9, 0),
        (45, None),
        (math.nan, None),
        (math.inf, None),
        (-(2**31), None),
        (-180, 180),
    ],
)
def test_right_angles(degrees: float, expected: int | None) -> None:
    assert nearest_right_angle(degrees) == expected


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        (None, Fraction(1)),
        (Fraction(0), Fraction(1)),
        (Fraction(-4, 3), Fraction(1)),
        (Fraction(64, 45), Fraction(64, 45)),
        (Fraction(1, 2), Fraction(1, 2)),
        (Fraction(65535, 1), Fraction(1)),
        (Fraction(1, 4000), Fraction(1)),
    ],
)
def test_pixel_shapes_that_no_camera_has_are_ignored(ratio: Fraction | None, expected: Fraction) -> None:
    assert sane_pixel_aspect(ratio) == expected


@pytest.mark.parametrize(
    ("size", "aspect", "rotation", "expected"),
    [
        ((720, 576), Fraction(64, 45), 0, (1024, 576)),
        ((640, 360), Fraction(2, 3), 0, (640, 540)),
        ((1440, 1080), Fraction(4, 3), 90, (1080, 1920)),
        ((1280, 720), Fraction(1), 270, (720, 1280)),
        ((1280, 720), Fraction(1), 180, (1280, 720)),
    ],
)
def test_no_line_is_lost_on_the_way_to_square_pixels(
    size: tuple[int, int], aspect: Fraction, rotation: int, expected: tuple[int, int]
) -> None:
    assert display_size(*size, aspect, rotation) == expected
