"""The loss of conversion is told from the codec's."""

from __future__ import annotations

import math

import numpy as np
import pytest

from framescope.core.synth.codecs import CODECS
from framescope.core.synth.make_settings import MakeSettings
from framescope.core.synth.pattern_pictures import Pattern, PatternPictures
from framescope.core.synth.round_trip import SUBSAMPLINGS, converted, round_trip, try_picture

BARS = PatternPictures(Pattern.BARS, 1, size=(160, 120)).picture(0)
SCENE = PatternPictures(Pattern.COUNTER, 1, size=(160, 120)).picture(0)


def test_a_lossless_codec_leaves_the_conversions_loss_alone() -> None:
    for pixel_format in SUBSAMPLINGS.values():
        settings = MakeSettings(codec="ffv1", container="mkv", pixel_format=pixel_format)
        trip = try_picture(SCENE, settings)
        assert trip.codec.is_exact
        assert trip.conversion.psnr_db == trip.total.psnr_db < 60


def test_the_less_chroma_the_more_is_lost_before_any_codec() -> None:
    psnr = [round_trip(BARS, BARS, pixel_format).conversion.psnr_db for pixel_format in SUBSAMPLINGS.values()]
    assert psnr[0] > 50
    assert psnr == sorted(psnr, reverse=True)
    assert psnr[2] < 25


def test_grey_survives_subsampling() -> None:
    rng = np.random.default_rng(2)
    grey = np.repeat(rng.integers(0, 256, (40, 60, 1), np.uint8), 3, axis=2)
    for pixel_format in SUBSAMPLINGS.values():
        assert np.abs(converted(grey, pixel_format).astype(int) - grey).max() <= 2


def test_rgb_formats_lose_nothing() -> None:
    assert np.array_equal(converted(BARS, "gbrp"), BARS)
    trip = try_picture(BARS, MakeSettings(codec="ffv1", container="mkv", pixel_format="bgr0"))
    assert trip.total.is_exact
    assert math.isinf(trip.total.psnr_db)


@pytest.mark.parametrize("codec", CODECS, ids=lambda codec: codec.codec_id)
def test_colors_come_back_in_their_place_and_range(codec: object) -> None:
    spec = next(one for one in CODECS if one is codec)
    for pixel_format in (name for name in spec.pixel_formats if name != "gray"):
        settings = MakeSettings(
            codec=spec.codec_id, container=spec.containers[0], quality=100, pixel_format=pixel_format
        )
        trip = try_picture(SCENE, settings)
        assert np.abs(trip.decoded.mean((0, 1)) - SCENE.mean((0, 1))).max() < 1.5, pixel_format
        assert trip.total.psnr_db > 28, pixel_format


@pytest.mark.parametrize("size", [(65, 49), (64, 49), (65, 48)])
def test_odd_sizes_are_tried_as_well(size: tuple[int, int]) -> None:
    rgb = PatternPictures(Pattern.GRADIENT, 1, size=size).picture(0)
    trip = try_picture(rgb, MakeSettings())
    assert trip.decoded.shape == trip.converted.shape == rgb.shape
    assert trip.total.psnr_db > 25
