"""Pictures for a screen."""

from __future__ import annotations

import numpy as np
import pytest

from framescope.core.export.quality.heat import heat_scale
from framescope.core.export.screen_levels import heat_levels, screen_levels


def test_the_first_level_is_the_picture_itself() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (50, 70, 3), np.uint8)
    (only,) = screen_levels(pixels)
    assert np.array_equal(only[..., :3], pixels)
    assert (only[..., 3] == 255).all()
    assert only.flags["C_CONTIGUOUS"]


def test_each_level_is_half_the_one_before() -> None:
    y, x = np.mgrid[0:601, 0:1000]
    pixels = np.stack([x // 4, y // 3, (x + y) // 7], -1).astype(np.uint8)
    levels = screen_levels(pixels)
    assert [level.shape[:2] for level in levels] == [(601, 1000), (301, 500), (151, 250), (76, 125)]
    for level in levels[1:]:
        # Averaged, not picked: smooth shapes keep their values.
        assert abs(float(level[..., 0].mean()) - pixels[..., 0].mean()) < 1.5


def test_sixteen_bits_are_rounded() -> None:
    pixels = np.array([[[0, 128, 129], [65535, 257, 32768]]], np.uint16)
    (only,) = screen_levels(pixels)
    assert only[..., :3].tolist() == [[[0, 0, 1], [255, 1, 128]]]


@pytest.mark.parametrize(("height", "width"), [(600, 800), (601, 801), (513, 256)])
def test_a_single_difference_is_seen_in_every_size(height: int, width: int) -> None:
    difference = np.zeros((height, width), np.uint8)
    difference[-1, -1] = difference[height // 2, 37] = 200
    levels = heat_levels(difference, 1)
    assert [level.shape for level in levels] == [
        level.shape for level in screen_levels(np.zeros((height, width, 3), np.uint8))
    ]
    expected = [*heat_scale()[200].tolist(), 255]
    for level in levels:
        assert level[-1, -1].tolist() == expected
        assert (level[..., :3].any(axis=2)).sum() == 2
    assert levels[0][height // 2, 37].tolist() == expected


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 500, 3), (127, 127, 3)])
def test_small_pictures_have_one_level(shape: tuple[int, int, int]) -> None:
    assert len(screen_levels(np.zeros(shape, np.uint8))) == 1
