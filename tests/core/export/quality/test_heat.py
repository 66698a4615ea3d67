"""Differences as colours."""

from __future__ import annotations

import numpy as np
import pytest

from framescope.core.export.quality.heat import GAINS, best_gain, heat_map, heat_scale, scale_end


def test_the_scale_grows_lighter_and_starts_black() -> None:
    scale = heat_scale().astype(float)
    lightness = scale @ (0.114, 0.587, 0.299)
    assert heat_scale()[0].tolist() == [0, 0, 0]
    assert np.all(np.diff(lightness[1:]) > -1.0)
    assert lightness[255] > 200
    assert len({tuple(color) for color in heat_scale()[::8].tolist()}) == 32


def test_a_gain_makes_differences_stronger_up_to_the_end_of_the_scale() -> None:
    difference = np.array([[0, 1, 10, 100, 255]], np.uint8)
    scale = heat_scale()
    assert np.array_equal(heat_map(difference, 1), scale[difference])
    assert np.array_equal(heat_map(difference, 4), scale[[[0, 4, 40, 255, 255]]])
    assert scale_end(difference, 4) == 63.75


def test_sixteen_bits_fill_the_same_scale() -> None:
    difference = np.array([[0, 1, 257, 65535]], np.uint16)
    # A single code value is far below the scale's first step, and is seen anyway.
    assert np.array_equal(heat_map(difference, 1), heat_scale()[[[0, 1, 1, 255]]])
    assert np.array_equal(heat_map(difference, 16), heat_scale()[[[0, 1, 16, 255]]])
    assert scale_end(difference, 256) == pytest.approx(255.996, abs=1e-3)


@pytest.mark.parametrize(
    ("strong", "gain"), [(0, 128), (1, 128), (2, 64), (3, 64), (10, 16), (60, 4), (200, 1)]
)
def test_the_best_gain_fills_the_scale(strong: int, gain: int) -> None:
    difference = np.zeros((40, 50), np.uint8)
    difference[::2] = strong
    # A single stray pixel decides nothing.
    difference[1, 1] = 255
    assert best_gain(difference) == gain
    assert gain in GAINS


def test_the_best_gain_knows_sixteen_bits() -> None:
    assert best_gain(np.full((20, 20), 600, np.uint16)) == 64
