"""The record of how frames are saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from framescope.core.errors import SettingsError
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
        Path("fotos/ü"), ImageFormat.PNG, 7, 9, "{index}", OnExisting.NUMBER, rotate=False
    )
    assert settings_from_table(settings.as_table(), folder=FOLDER) == settings


def test_a_table_of_another_version_gives_what_can_be_used() -> None:
    table: dict[str, object] = {
        "quality": 900,
        "compression": True,
        "image_format": "tga",
        "name_pattern": "{nothing}",
        "rotate": False,
        "on_existing": 3,
        "colour": "blue",
    }
    assert settings_from_table(table, folder=FOLDER) == ExportSettings(FOLDER, rotate=False)


def test_formats_know_their_extension() -> None:
    assert [form.extension for form in ImageFormat] == [".jpg", ".png"]
    assert [form.label for form in ImageFormat] == ["JPEG", "PNG"]
    assert [form.is_lossless for form in ImageFormat] == [False, True]
