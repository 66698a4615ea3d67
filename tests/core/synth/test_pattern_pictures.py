"""Patterns: numbered, moving, the same every time."""

from __future__ import annotations

import numpy as np
import pytest

from framescope.core.errors import SettingsError
from framescope.core.synth.number_blocks import read_number
from framescope.core.synth.pattern_pictures import Pattern, PatternPictures


@pytest.mark.parametrize("pattern", Pattern)
@pytest.mark.parametrize("size", [(96, 64), (640, 480)])
def test_every_frame_carries_its_number_and_differs_from_the_last(
    pattern: Pattern, size: tuple[int, int]
) -> None:
    source = PatternPictures(pattern, 60, size=size)
    for number in (0, 1, 47, 48, 59):
        rgb = source.picture(number)
        assert rgb.shape == (size[1], size[0], 3)
        assert rgb.dtype == np.uint8
        assert read_number(rgb) == number
        assert np.array_equal(rgb, source.picture(number))
        assert source.describe(number) == f"frame {number}"


@pytest.mark.parametrize("pattern", [p for p in Pattern if p is not Pattern.NOISE])
def test_patterns_move_smoothly_but_for_cuts(pattern: Pattern) -> None:
    source = PatternPictures(pattern, 60, size=(320, 240))
    upper = [source.picture(number)[:150].astype(int) for number in (10, 11, 47, 48)]
    step, cut = np.abs(upper[1] - upper[0]).mean(), np.abs(upper[3] - upper[2]).mean()
    if pattern is Pattern.SCENES:
        assert cut > 5 * step
    elif pattern is not Pattern.BARS:
        assert 0 < step < 40


def test_bars_have_the_colors_of_the_chart() -> None:
    rgb = PatternPictures(Pattern.BARS, 1, size=(700, 480)).picture(0)
    assert [rgb[100, 50 + 100 * bar].tolist() for bar in (0, 3, 6)] == [[191] * 3, [0, 191, 0], [0, 0, 191]]


@pytest.mark.parametrize(("count", "size"), [(10, (40, 40)), (0, (96, 64)), (1 << 21, (96, 64))])
def test_what_cannot_carry_numbers_is_refused(count: int, size: tuple[int, int]) -> None:
    with pytest.raises(SettingsError):
        PatternPictures(Pattern.COUNTER, count, size=size)
