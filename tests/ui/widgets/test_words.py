"""Sizes, qualities and losses in words."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

from framescope.core.export.encoders.formats import BitDepth, ChromaSampling, ImageFormat
from framescope.core.export.geometry import Crop, Resize
from framescope.core.export.settings import ExportSettings
from framescope.ui.widgets.words import (
    cost_words,
    decibel_words,
    format_words,
    ssim_words,
)


def test_every_level_has_words_and_they_change() -> None:
    jpeg = [cost_words(ImageFormat.JPEG, level) for level in range(101)]
    png = [cost_words(ImageFormat.PNG, level) for level in range(10)]
    assert all(jpeg)
    assert all(png)
    assert len(set(jpeg)) == 6
    assert len(set(png)) == 5


def test_formats_are_named_in_a_few_words() -> None:
    plain = ExportSettings(Path())
    cases = {
        "JPEG 95 · 4:2:0": plain,
        "JPEG 80 · 4:4:4 · cropped · resized": replace(
            plain, quality=80, chroma=ChromaSampling.FULL, crop=Crop(0, 0, 5, 5), resize=Resize(longest=9)
        ),
        "PNG": replace(plain, image_format=ImageFormat.PNG),
        "TIFF · 16 bits": replace(plain, image_format=ImageFormat.TIFF, bit_depth=BitDepth.SIXTEEN),
        "WebP lossless": replace(plain, image_format=ImageFormat.WEBP, lossless=True),
    }
    assert {format_words(settings) for settings in cases.values()} == set(cases)
    assert all(format_words(replace(plain, image_format=each)) for each in ImageFormat)


def test_only_what_is_known_of_a_level_is_said() -> None:
    assert cost_words(ImageFormat.AVIF, 50) == ""


def test_similarity_is_never_said_better_than_it_is() -> None:
    assert [decibel_words(value) for value in (39.9999, 40.0, math.inf, math.nan)] == [
        "39.99 dB", "40.00 dB", "∞ dB", "–",
    ]  # fmt: skip
    assert [ssim_words(value) for value in (0.99999, 1.0, math.nan)] == ["0.9999", "1.0000", "–"]
