"""Crop, size, colour, rotation and metadata."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QPushButton, QSpinBox, QWidget

from framescope.core.export.encoders.formats import ImageFormat
from framescope.core.export.geometry import Crop, Resize, ResizeMethod
from framescope.core.export.settings import ExportSettings
from framescope.ui.export.picture_options import PictureOptions
from tests.ui.parts import on_screen, part
from tests.ui.stand_ins import make_info

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

PLAIN = ExportSettings(Path())


@pytest.fixture
def options(qtbot: QtBot) -> PictureOptions:
    widget = PictureOptions()
    on_screen(qtbot, widget, 380, 400)
    widget.show_source(make_info(width=1920, height=1080))
    return widget


def spin(options: PictureOptions, name: str) -> QSpinBox:
    return part(options, QSpinBox, f"exportCrop.{name}")


def choose_size(options: PictureOptions, kind: str) -> None:
    combo = part(options, QComboBox, "exportResize")
    combo.setCurrentIndex(combo.findData(kind))


@pytest.mark.parametrize(
    "settings",
    [
        PLAIN,
        replace(PLAIN, crop=Crop(10, 20, 300, 200), resize=Resize(width=640, method=ResizeMethod.LANCZOS)),
        replace(PLAIN, resize=Resize(height=360)),
        replace(PLAIN, resize=Resize(longest=512), metadata=False),
        replace(PLAIN, resize=Resize(square=True)),
        replace(PLAIN, resize=Resize(640, 480, letterbox=True)),
        replace(PLAIN, resize=Resize(100, 90), tone_map=True, rotate=False),
    ],
)
def test_what_is_chosen_is_what_was_shown(
    qtbot: QtBot, options: PictureOptions, settings: ExportSettings
) -> None:
    with qtbot.assertNotEmitted(options.changed, wait=0):
        options.choose(settings)
    assert options.applied(PLAIN) == settings


def test_numbers_of_the_crop_are_seen_once_there_is_one(options: PictureOptions) -> None:
    assert not spin(options, "width").isVisibleTo(options)
    options.set_crop(Crop(100, 50, 640, 360))
    values = {name: spin(options, name).value() for name in ("x", "y", "width", "height")}
    assert values == {"x": 100, "y": 50, "width": 640, "height": 360}
    spin(options, "width").setValue(800)
    assert options.applied(PLAIN).crop == Crop(100, 50, 800, 360)
    part(options, QPushButton, "exportCropClear").click()
    assert options.applied(PLAIN).crop is None
    assert not spin(options, "width").isVisibleTo(options)


def test_a_crop_stays_inside_the_picture(options: PictureOptions) -> None:
    options.set_crop(Crop(100, 50, 640, 360))
    spin(options, "x").setValue(1800)
    assert options.applied(PLAIN).crop == Crop(1800, 50, 120, 360)
    options.show_source(make_info(width=1850, height=60))
    assert options.applied(PLAIN).crop == Crop(1800, 50, 50, 10)
    options.show_source(make_info(width=100, height=60))
    assert options.applied(PLAIN).crop is None


def test_the_new_size_is_worked_out(options: PictureOptions) -> None:
    words = part(options, QLabel, "exportSizeWords")
    assert not words.isVisibleTo(options)
    choose_size(options, "longest")
    part(options, QSpinBox, "exportResizeWidth").setValue(640)
    assert words.text() == "→ 640 × 360"
    options.set_crop(Crop(0, 0, 100, 200))
    assert words.text() == "→ 320 × 640"
    choose_size(options, "both")
    part(options, QSpinBox, "exportResizeHeight").setValue(77)
    assert words.text() == "stretched"
    part(options, QSpinBox, "exportResizeHeight").setValue(1280)
    assert words.text() == ""


def test_turning_the_picture_ends_a_crop_of_the_other_one(options: PictureOptions) -> None:
    options.show_source(make_info(width=1920, height=1080, rotation=90))
    size = options.picture_size
    assert size is not None
    assert (size.width, size.height) == (1080, 1920)
    options.set_crop(Crop(0, 0, 100, 1900))
    options.set_rotated(rotated=False)
    settings = options.applied(PLAIN)
    assert (settings.rotate, settings.crop) == (False, None)
    size = options.picture_size
    assert size is not None
    assert (size.width, size.height) == (1920, 1080)


def test_only_what_has_an_effect_is_offered(options: PictureOptions) -> None:
    names = {"exportResize", "exportCropDraw", "exportMetadata"}

    def shown(image_format: ImageFormat) -> set[str]:
        options.show_format(replace(PLAIN, image_format=image_format))
        return {name for name in names if part(options, QWidget, name).isVisibleTo(options)}

    assert shown(ImageFormat.JPEG) == names
    assert shown(ImageFormat.NPY) == names - {"exportMetadata"}
    assert not shown(ImageFormat.PLANES) - {"exportMetadata"}
    options.show_source(make_info(rotation=180))
    assert part(options, QWidget, "exportRotate").isHidden()
    shown(ImageFormat.PNG)
    assert not part(options, QWidget, "exportRotate").isHidden()


def test_drawing_is_asked_for_and_ended(qtbot: QtBot, options: PictureOptions) -> None:
    draw = part(options, QPushButton, "exportCropDraw")
    with qtbot.waitSignal(options.crop_wanted) as wanted:
        draw.click()
    assert wanted.args == [True]
    options.set_drawing(drawing=False)
    assert not draw.isChecked()


def test_rotation_and_tone_mapping_wait_for_a_video_that_needs_them(options: PictureOptions) -> None:
    rotate, tone_map = part(options, QCheckBox, "exportRotate"), part(options, QCheckBox, "exportToneMap")
    assert rotate.isHidden()
    assert tone_map.isHidden()
    info = make_info(rotation=90, mirrored=True)
    options.show_source(replace(info, color=replace(info.color, transfer="arib-std-b67")))
    assert rotate.text() == "As displayed: rotated by 90° and mirrored"
    assert tone_map.text() == "Tone-map HLG (HDR) to SDR"
    assert not tone_map.isHidden()


def test_square_pixels_say_what_size_that_is(options: PictureOptions) -> None:
    options.show_source(make_info(width=720, height=576, sample_aspect_ratio=Fraction(64, 45)))
    choose_size(options, "square")
    assert options.applied(PLAIN).resize == Resize(square=True)
    labels = [label.text() for label in options.findChildren(QLabel)]
    assert "→ 1024 × 576" in labels
