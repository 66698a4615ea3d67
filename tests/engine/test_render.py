"""Rendering: sizes, rotation, pixel aspect, and images that own their pixels."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage

from framescope.engine.render import RenderSpec, displayed_size, fitted_size, image_from_bgra, render
from tests.engine.fakes import FakePicture, make_frame, make_info, number_in


@pytest.mark.parametrize(
    ("changes", "rotation", "expected"),
    [
        ({}, 0, (32, 24)),
        ({"display_width": 24, "display_height": 32}, 90, (24, 32)),
        ({}, 180, (32, 24)),
        ({"display_width": 64}, 0, (64, 24)),
        ({"display_width": 24, "display_height": 64}, 270, (24, 64)),
    ],
)
def test_displayed_size(changes: dict[str, Any], rotation: int, expected: tuple[int, int]) -> None:
    picture = FakePicture(0, rotation=rotation)
    assert displayed_size(picture, make_info(**changes), rotate=True) == expected


def test_displayed_size_as_decoded() -> None:
    info = make_info(display_width=24, display_height=32)
    assert displayed_size(FakePicture(0, rotation=90), info, rotate=False) == (32, 24)


def test_displayed_size_of_a_frame_that_differs_from_the_header() -> None:
    info = make_info(sample_aspect_ratio=Fraction(2), display_width=64)
    assert displayed_size(FakePicture(0, width=16, height=12), info, rotate=True) == (32, 12)


@pytest.mark.parametrize(
    ("size", "spec", "expected"),
    [
        ((1920, 1080), RenderSpec(), (1920, 1080)),
        ((1920, 1080), RenderSpec(960, 960), (960, 540)),
        ((1920, 1080), RenderSpec(9999, 540), (960, 540)),
        ((1920, 1080), RenderSpec(max_height=72), (128, 72)),
        ((32, 24), RenderSpec(960, 540), (32, 24)),
        ((16384, 2), RenderSpec(100, 100), (100, 1)),
    ],
)
def test_fitted_size(size: tuple[int, int], spec: RenderSpec, expected: tuple[int, int]) -> None:
    assert fitted_size(size, spec) == expected


def test_render_gives_an_opaque_image_of_the_right_size_and_frame() -> None:
    info = make_info(display_width=24, display_height=32)
    image = render(make_frame(300, rotation=90), info, RenderSpec(12, 16))
    assert image.format() == QImage.Format.Format_RGB32
    assert (image.width(), image.height()) == (12, 16)
    assert number_in(image) == 300


def test_image_owns_its_pixels_even_when_rows_are_padded() -> None:
    padded = np.zeros((4, 10, 4), np.uint8)
    pixels = padded[:, :6]
    pixels[:] = (7, 0, 0, 255)
    image = image_from_bgra(pixels)
    padded[:] = 99
    assert [number_in(image), image.width(), image.height()] == [7, 6, 4]
