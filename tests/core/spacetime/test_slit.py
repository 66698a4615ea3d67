"""Lines on the picture: one sample a pixel of arc length, and values between pixels by the named method."""

from __future__ import annotations

import math

import numpy as np
import pytest

from framescope.core.errors import SettingsError
from framescope.core.spacetime.slit import Interpolation, Sampler, Slit, SlitKind

_NUMBERS = np.arange(20 * 30 * 3, dtype=np.uint16).reshape(20, 30, 3)
"""A picture of 30 × 20 whose values are all different."""


def sampler(
    kind: SlitKind, text: str, *, width: int = 1, by: Interpolation = Interpolation.NEAREST
) -> Sampler:
    return Sampler(Slit.parse(kind, text, width), by, 30, 20)


@pytest.mark.parametrize("by", Interpolation)
def test_rows_and_columns_are_the_pixels_themselves(by: Interpolation) -> None:
    assert np.array_equal(sampler(SlitKind.ROW, "7", by=by).sample(_NUMBERS), _NUMBERS[7])
    assert np.array_equal(sampler(SlitKind.COLUMN, "29", by=by).sample(_NUMBERS), _NUMBERS[:, 29])
    backwards = sampler(SlitKind.LINE, "29,7,0,7", by=by)
    assert np.array_equal(backwards.sample(_NUMBERS), _NUMBERS[7, ::-1])


def test_samples_are_a_pixel_of_arc_length_apart() -> None:
    line = sampler(SlitKind.LINE, "0,0,12,16")
    assert len(line) == 21
    assert np.allclose(line.positions[10], (6, 8))
    bent = sampler(SlitKind.POLYLINE, "0,0,3,0,3,2,3,2,7,5")
    assert len(bent) == 3 + 2 + 5 + 1
    assert np.allclose(bent.positions[[3, 5, 10]], [(3, 0), (3, 2), (7, 5)])
    circle = sampler(SlitKind.CIRCLE, "15,10,8")
    assert len(circle) == round(2 * math.pi * 8)
    assert np.allclose(circle.positions[0], (23, 10))
    assert circle.positions[1][1] > 10, "clockwise as seen"
    assert np.allclose(np.hypot(*(circle.positions - (15, 10)).T), 8)


def test_between_pixels() -> None:
    ramp = np.repeat(np.arange(0, 300, 10, dtype=np.uint8)[None, :, None], 20, axis=0)
    ramp = np.repeat(ramp[:, :26], 3, axis=2)
    line = Slit(SlitKind.LINE, (0.25, 3.5, 20.25, 3.5))
    bilinear = Sampler(line, Interpolation.BILINEAR, 26, 20).sample(ramp)
    assert bilinear[:3, 0].tolist() == [2, 12, 22], "2.5 and so on, half to even"
    assert Sampler(line, Interpolation.NEAREST, 26, 20).sample(ramp)[:3, 0].tolist() == [0, 10, 20]


def test_a_width_is_a_mean_across_the_line_and_ends_at_the_edge() -> None:
    wide = sampler(SlitKind.ROW, "7", width=3).sample(_NUMBERS)
    assert np.array_equal(wide, _NUMBERS[6:9].mean(axis=0))
    at_the_edge = sampler(SlitKind.ROW, "0", width=3).sample(_NUMBERS)
    assert np.array_equal(at_the_edge, np.rint(_NUMBERS[:2].mean(axis=0)))


def test_a_region_gives_its_mean() -> None:
    region = sampler(SlitKind.REGION, "4,5,7,3")
    assert len(region) == 1
    assert np.array_equal(region.sample(_NUMBERS)[0], np.rint(_NUMBERS[5:8, 4:11].mean(axis=(0, 1))))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (SlitKind.ROW, "20"),
        (SlitKind.ROW, "-1"),
        (SlitKind.ROW, "1.5"),
        (SlitKind.COLUMN, "30"),
        (SlitKind.LINE, "0,0,30,5"),
        (SlitKind.LINE, "3,3,3,3"),
        (SlitKind.LINE, "1,2,3"),
        (SlitKind.LINE, "nan,0,3,3"),
        (SlitKind.POLYLINE, "1,2,3,4,5"),
        (SlitKind.POLYLINE, "1,1,1,1"),
        (SlitKind.CIRCLE, "5,10,8"),
        (SlitKind.CIRCLE, "5,10,0"),
        (SlitKind.CIRCLE, "5,10,1e9"),
        (SlitKind.REGION, "28,3,4,4"),
        (SlitKind.REGION, "2,3,4,0"),
        (SlitKind.LINE, ""),
    ],
)
def test_what_is_no_line_on_the_picture_is_refused(kind: SlitKind, text: str) -> None:
    with pytest.raises(SettingsError):
        sampler(kind, text)


def test_a_width_that_is_none_is_refused() -> None:
    for width in (0, 100_000):
        with pytest.raises(SettingsError):
            Slit(SlitKind.ROW, (3,), width)
    with pytest.raises(SettingsError):
        Slit(SlitKind.REGION, (0, 0, 3, 3), 2)


def test_words() -> None:
    assert Slit.parse(SlitKind.LINE, "0, 1.5, 9, 8", 5).words == "line 0,1.5,9,8, mean over 5 pixels"
    assert Slit(SlitKind.POLYLINE, (0, 0, 1, 1, 2, 0, 3, 1, 4, 0)).words == "polyline through 5 points"
