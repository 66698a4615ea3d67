"""The options of the formats."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QSlider, QSpinBox, QWidget

from framescope.core.export.encoders.formats import (
    BitDepth,
    ChromaSampling,
    ImageFormat,
    PngStrategy,
    TiffCompression,
)
from framescope.core.export.settings import ExportSettings
from framescope.ui.export import format_section as export_format_options
from framescope.ui.export.format_section import FormatOptions
from tests.ui.parts import on_screen, part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

PLAIN = ExportSettings(Path())
OPTIONS = {
    "exportLevel", "exportLossless", "exportChroma", "exportProgressive", "exportOptimized",
    "exportStrategy", "exportTiffCompression", "exportDepth",
}  # fmt: skip
SHOWN = {
    ImageFormat.JPEG: {"exportLevel", "exportChroma", "exportProgressive", "exportOptimized"},
    ImageFormat.PNG: {"exportLevel", "exportStrategy", "exportDepth"},
    ImageFormat.TIFF: {"exportLevel", "exportTiffCompression", "exportDepth"},
    ImageFormat.NPY: {"exportDepth"},
    ImageFormat.NPZ: {"exportLevel", "exportDepth"},
    ImageFormat.PLANES: {"exportLevel"},
}


@pytest.fixture
def options(qtbot: QtBot) -> FormatOptions:
    widget = FormatOptions()
    return on_screen(qtbot, widget, 380, 400)


def choose_format(options: FormatOptions, image_format: ImageFormat) -> None:
    formats = part(options, QComboBox, "exportFormat")
    formats.setCurrentIndex(formats.findData(image_format.value))


@pytest.mark.parametrize("image_format", SHOWN)
def test_only_what_the_format_has_is_shown(options: FormatOptions, image_format: ImageFormat) -> None:
    choose_format(options, image_format)
    shown = {name for name in OPTIONS if part(options, QWidget, name).isVisibleTo(options)}
    assert shown == SHOWN[image_format]


@pytest.mark.parametrize("image_format", [ImageFormat.WEBP, ImageFormat.AVIF])
def test_a_lossless_choice_takes_the_quality_away(options: FormatOptions, image_format: ImageFormat) -> None:
    choose_format(options, image_format)
    spin = part(options, QSpinBox, "exportLevel")
    assert spin.isVisibleTo(options)
    part(options, QCheckBox, "exportLossless").setChecked(True)
    assert not spin.isVisibleTo(options)
    assert options.applied(PLAIN).is_lossless


@pytest.mark.parametrize(
    "settings",
    [
        PLAIN,
        replace(
            PLAIN, quality=70, chroma=ChromaSampling.FULL, progressive=True, optimized=True, compression=8
        ),
        replace(
            PLAIN, image_format=ImageFormat.PNG, png_strategy=PngStrategy.RLE, bit_depth=BitDepth.SIXTEEN
        ),
        replace(PLAIN, image_format=ImageFormat.TIFF, tiff_compression=TiffCompression.LZW),
        replace(PLAIN, image_format=ImageFormat.WEBP, lossless=True, quality=3),
    ],
)
def test_what_is_chosen_is_what_was_shown(
    qtbot: QtBot, options: FormatOptions, settings: ExportSettings
) -> None:
    with qtbot.assertNotEmitted(options.changed, wait=0):
        options.choose(settings)
    assert options.applied(PLAIN) == settings


def test_a_format_that_cannot_be_written_is_off_and_says_why(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        export_format_options,
        "can_write",
        lambda each: "There is no encoder." if each is ImageFormat.AVIF else "",
    )
    widget = FormatOptions()
    qtbot.addWidget(widget)
    formats = part(widget, QComboBox, "exportFormat")
    place = formats.findData(ImageFormat.AVIF.value)
    index = formats.model().index(place, 0)
    assert not formats.model().flags(index).value & 0x20
    assert "not available on this machine" in formats.itemText(place)
    assert formats.model().data(index, 3) == "There is no encoder."
    widget.choose(replace(PLAIN, image_format=ImageFormat.AVIF))
    assert widget.applied(PLAIN).image_format is ImageFormat.PNG


def test_each_kind_of_level_is_kept(options: FormatOptions) -> None:
    spin, slider = part(options, QSpinBox, "exportLevel"), part(options, QSlider, "exportLevelSlider")
    slider.setValue(73)
    assert spin.value() == 73
    choose_format(options, ImageFormat.PNG)
    assert (spin.value(), spin.maximum(), spin.accessibleName()) == (2, 9, "Compression")
    spin.setValue(7)
    assert slider.value() == 7
    choose_format(options, ImageFormat.AVIF)
    assert (spin.value(), spin.maximum(), spin.accessibleName()) == (73, 100, "Quality")
    choose_format(options, ImageFormat.NPZ)
    assert spin.value() == 7


def test_what_is_known_of_the_level_is_said(options: FormatOptions) -> None:
    cost = part(options, QLabel, "exportCost")
    assert cost.text()
    choose_format(options, ImageFormat.AVIF)
    assert not cost.isVisibleTo(options)


def test_the_sources_depth_is_named(options: FormatOptions) -> None:
    depth = part(options, QComboBox, "exportDepth")
    options.show_source_bits(10)
    assert depth.itemText(0) == "Same as the source (10 → 16 bits)"
    options.show_source_bits(8)
    assert depth.itemText(0) == "Same as the source (8 bits)"


def test_each_change_is_told_once(qtbot: QtBot, options: FormatOptions) -> None:
    told: list[int] = []
    options.changed.connect(lambda: told.append(1))
    part(options, QSlider, "exportLevelSlider").setValue(50)
    choose_format(options, ImageFormat.PNG)
    qtbot.waitUntil(lambda: len(told) == 2, timeout=20_000)
