"""Pictures are brought to the size of the video."""

from __future__ import annotations

import numpy as np
import pytest

from framescope.core.errors import SettingsError
from framescope.core.synth.fit import fitted
from framescope.core.synth.make_settings import Fit

WIDE = np.zeros((40, 80, 3), np.uint8)
WIDE[:, :20] = (255, 0, 0)
WIDE[:, 20:60] = (0, 255, 0)
WIDE[:, 60:] = (0, 0, 255)


@pytest.mark.parametrize("fit", Fit)
def test_the_right_size_is_left_alone(fit: Fit) -> None:
    assert fitted(WIDE, (80, 40), fit) is WIDE


def test_another_size_is_refused_with_both_sizes() -> None:
    with pytest.raises(SettingsError, match="80 × 40 pixels, the video 64 × 64"):
        fitted(WIDE, (64, 64), Fit.REFUSE)


@pytest.mark.parametrize("size", [(64, 64), (33, 47), (160, 20), (1, 1), (7, 300)])
@pytest.mark.parametrize("fit", [Fit.SCALE, Fit.PAD, Fit.CROP])
def test_every_size_can_be_reached(fit: Fit, size: tuple[int, int]) -> None:
    out = fitted(WIDE, size, fit)
    assert out.shape == (size[1], size[0], 3)
    assert out.dtype == np.uint8


def test_padding_keeps_all_and_adds_black() -> None:
    out = fitted(WIDE, (80, 80), Fit.PAD)
    assert not out[:20].any()
    assert not out[60:].any()
    assert np.array_equal(out[20:60], WIDE)


def test_cropping_keeps_the_middle() -> None:
    out = fitted(WIDE, (40, 40), Fit.CROP)
    assert np.array_equal(out, WIDE[:, 20:60])


def test_scaling_keeps_the_order_of_colors() -> None:
    out = fitted(WIDE, (40, 40), Fit.SCALE)
    assert [int(out[20, column].argmax()) for column in (3, 20, 36)] == [0, 1, 2]
