"""From a frame to the pixels that are encoded."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from framescope.core.errors import SettingsError
from framescope.core.export.encoders.formats import BitDepth, ImageFormat
from framescope.core.export.encoders.pixels import picture_pixels
from framescope.core.export.geometry import Crop, Resize, ResizeMethod
from tests.core.export.fakes import FakePicture, fake_bgr, fake_frame

if TYPE_CHECKING:
    from framescope.core.export.settings import ExportSettings


def test_a_crop_counts_in_the_picture_as_saved(settings: ExportSettings) -> None:
    crop = replace(settings, crop=Crop(5, 3, 20, 10))
    turned = fake_bgr(9)[::-1, ::-1]
    assert np.array_equal(picture_pixels(fake_frame(9), crop), turned[3:13, 5:25])
    stored = picture_pixels(fake_frame(9), replace(crop, rotate=False))
    assert np.array_equal(stored, fake_bgr(9)[3:13, 5:25])
    assert stored.flags.c_contiguous


def test_a_crop_beyond_the_picture_is_refused(settings: ExportSettings) -> None:
    with pytest.raises(SettingsError, match="48 × 32"):
        picture_pixels(fake_frame(9), replace(settings, crop=Crop(40, 0, 9, 9)))


def test_shrinking_by_whole_numbers_takes_the_mean_of_each_block(settings: ExportSettings) -> None:
    pixels = picture_pixels(fake_frame(9), replace(settings, resize=Resize(width=12), rotate=False))
    means = fake_bgr(9).reshape(8, 4, 12, 4, 3).astype(float).mean(axis=(1, 3))
    assert np.abs(pixels - means).max() <= 0.5


def test_the_nearest_pixel_is_a_pixel_of_the_picture(settings: ExportSettings) -> None:
    nearest = replace(settings, resize=Resize(96, 64, method=ResizeMethod.NEAREST), rotate=False)
    assert np.array_equal(picture_pixels(fake_frame(9), nearest), fake_bgr(9).repeat(2, 0).repeat(2, 1))


def test_sixteen_bits_are_given_where_they_are_asked_for(settings: ExportSettings) -> None:
    deep = picture_pixels(fake_frame(9), replace(settings, bit_depth=BitDepth.SIXTEEN, rotate=False))
    assert np.array_equal(deep, fake_bgr(9).astype(np.uint16) * 257)
    jpeg = replace(settings, image_format=ImageFormat.JPEG, bit_depth=BitDepth.SIXTEEN)
    assert picture_pixels(fake_frame(9), jpeg).dtype == np.uint8


@pytest.mark.parametrize("method", ResizeMethod)
def test_crop_comes_before_size(settings: ExportSettings, method: ResizeMethod) -> None:
    both = replace(settings, crop=Crop(0, 0, 10, 10), resize=Resize(longest=10, method=method), rotate=False)
    assert np.array_equal(picture_pixels(fake_frame(9), both), fake_bgr(9)[:10, :10])
    larger = replace(both, resize=Resize(longest=20, method=method))
    assert picture_pixels(fake_frame(9), larger).shape == (20, 20, 3)


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize(
    ("method", "filter_"),
    [
        (ResizeMethod.LINEAR, Image.Resampling.BILINEAR),
        (ResizeMethod.CUBIC, Image.Resampling.BICUBIC),
        (ResizeMethod.LANCZOS, Image.Resampling.LANCZOS),
    ],
)
def test_shrinking_leaves_no_patterns(
    method: ResizeMethod, filter_: Image.Resampling, settings: ExportSettings, *, deep: bool
) -> None:
    # Stripes of one pixel are grey from afar; looked at every few pixels, they are bars.
    stripes = np.zeros((96, 128, 3), np.uint8)
    stripes[:, ::2] = 255
    frame = replace(fake_frame(9), picture=FakePicture(stripes))
    settings = replace(
        settings,
        image_format=ImageFormat.PNG,
        bit_depth=BitDepth.SIXTEEN if deep else BitDepth.EIGHT,
        resize=Resize(46, 30, method=method),
        rotate=False,
    )
    small = picture_pixels(frame, settings).astype(float) / (257 if deep else 1)
    expected = np.asarray(Image.fromarray(stripes).resize((46, 30), filter_)).astype(float)
    assert np.abs(small - expected).max() <= 1
    assert np.abs(small[4:-4, 4:-4] - 127.5).max() < 40


@pytest.mark.parametrize(
    ("rotation", "aspect", "shape"),
    [(0, Fraction(2), (20, 40)), (0, Fraction(1, 2), (40, 20)), (0, Fraction(1), (20, 20))],
)
def test_pixels_become_square(
    rotation: int, aspect: Fraction, shape: tuple[int, int], settings: ExportSettings
) -> None:
    frame = replace(fake_frame(9), picture=FakePicture(np.zeros((20, 20, 3), np.uint8), rotation))
    square = replace(settings, resize=Resize(square=True))
    assert picture_pixels(frame, square, aspect).shape[:2] == shape


def test_a_letterbox_is_grey_around_the_whole_picture(settings: ExportSettings) -> None:
    boxed = replace(settings, resize=Resize.parse("48x48:letterbox"), rotate=False)
    pixels = picture_pixels(fake_frame(9), boxed)
    assert pixels.shape == (48, 48, 3)
    assert np.array_equal(pixels[8:40], fake_bgr(9))
    assert {*np.unique(pixels[:8]), *np.unique(pixels[40:])} == {114}
    deep = picture_pixels(fake_frame(9), replace(boxed, bit_depth=BitDepth.SIXTEEN))
    assert {*np.unique(deep[:8])} == {114 * 257}
    # Pixels twice as wide as high: 48 × 32 is shown as 96 × 32, and so fits as 48 × 16.
    wide = picture_pixels(fake_frame(9), boxed, Fraction(2))
    assert {*np.unique(wide[:16]), *np.unique(wide[32:])} == {114}
    assert wide[16:32].std() > 5
