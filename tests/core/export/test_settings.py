"""The record of how frames are saved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from framescope.core.errors import SettingsError
from framescope.core.export.encoders.formats import BitDepth, ChromaSampling, PngStrategy, TiffCompression
from framescope.core.export.geometry import Crop, Resize, ResizeMethod
from framescope.core.export.settings import ExportSettings, ImageFormat, OnExisting, settings_from_table

FOLDER = Path("out")


@pytest.mark.parametrize(
    ("name", "value"),
    [("quality", -1), ("quality", 101), ("compression", -1), ("compression", 10), ("name_pattern", "{x}")],
)
def test_values_that_do_not_exist_are_refused(name: str, value: object) -> None:
    with pytest.raises(SettingsError):
        ExportSettings(FOLDER, **{name: value})  # type: ignore[arg-type]


def test_a_table_brings_the_settings_back() -> None:
    settings = ExportSettings(
        Path("fotos/ü"),
        ImageFormat.PNG,
        7,
        9,
        "{index}",
        OnExisting.NUMBER,
        rotate=False,
        chroma=ChromaSampling.FULL,
        progressive=True,
        optimized=True,
        png_strategy=PngStrategy.RLE,
        tiff_compression=TiffCompression.LZW,
        lossless=True,
        bit_depth=BitDepth.SIXTEEN,
        tone_map=True,
        crop=Crop(1, 2, 30, 40),
        resize=Resize(longest=320, method=ResizeMethod.LANCZOS),
        metadata=False,
    )
    table = json.loads(json.dumps(settings.as_table()))
    assert settings_from_table(table, folder=FOLDER) == settings
    plain = ExportSettings(FOLDER)
    assert settings_from_table(plain.as_table(), folder=Path("other")) == plain


def test_a_table_of_another_version_gives_what_can_be_used() -> None:
    table: dict[str, object] = {
        "quality": 900,
        "compression": True,
        "image_format": "tga",
        "name_pattern": "{nothing}",
        "rotate": False,
        "on_existing": 3,
        "crop": "half",
        "resize": 12,
        "bit_depth": 16,
        "colour": "blue",
    }
    assert settings_from_table(table, folder=FOLDER) == ExportSettings(FOLDER, rotate=False)


def test_whether_something_is_lost_is_the_formats_or_the_users_choice() -> None:
    lossless = [form for form in ImageFormat if ExportSettings(FOLDER, form, lossless=True).is_lossless]
    assert lossless == ["png", "webp", "avif", "tiff", "npy", "npz", "planes"]
    assert not ExportSettings(FOLDER, ImageFormat.WEBP).is_lossless
