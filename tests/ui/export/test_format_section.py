"""Choosing the format."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QPushButton, QSlider, QSpinBox

from framescope.core.export.geometry import Crop
from framescope.core.export.settings import ExportSettings, ImageFormat
from framescope.ui.export.format_section import FormatSection
from tests.ui.parts import part
from tests.ui.stand_ins import make_info

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def section(qtbot: QtBot) -> FormatSection:
    widget = FormatSection()
    qtbot.addWidget(widget)
    return widget


def choose_format(section: FormatSection, image_format: ImageFormat) -> None:
    formats = part(section, QComboBox, "exportFormat")
    formats.setCurrentIndex(formats.findData(image_format.value))


@pytest.mark.parametrize(
    "choice",
    [
        ExportSettings(Path()),
        ExportSettings(Path(), ImageFormat.PNG, 12, 9, rotate=False),
        ExportSettings(Path(), ImageFormat.JPEG, 0, 0),
        ExportSettings(Path(), ImageFormat.JPEG, 100, 5),
    ],
)
def test_what_is_chosen_is_what_was_shown(section: FormatSection, choice: ExportSettings) -> None:
    section.choose(choice)
    assert section.choice == choice


def test_each_format_keeps_its_own_level(section: FormatSection) -> None:
    spin = part(section, QSpinBox, "exportLevel")
    spin.setValue(73)
    choose_format(section, ImageFormat.PNG)
    assert (spin.value(), spin.maximum(), spin.accessibleName()) == (2, 9, "Compression")
    spin.setValue(7)
    choose_format(section, ImageFormat.JPEG)
    assert (spin.value(), spin.maximum(), spin.accessibleName()) == (73, 100, "Quality")
    assert section.choice == ExportSettings(Path(), ImageFormat.JPEG, 73, 7)


def test_slider_and_number_go_together_and_say_what_it_costs(section: FormatSection) -> None:
    slider, spin = part(section, QSlider, "exportLevelSlider"), part(section, QSpinBox, "exportLevel")
    cost = part(section, QLabel, "exportCost")
    slider.setValue(10)
    assert spin.value() == 10
    coarse = cost.text()
    spin.setValue(98)
    assert slider.value() == 98
    assert cost.text() != coarse


def test_rotation_is_offered_only_where_there_is_one(section: FormatSection) -> None:
    box = part(section, QCheckBox, "exportRotate")
    section.show_source(make_info())
    assert box.isHidden()
    section.show_source(make_info(rotation=90, mirrored=True))
    assert not box.isHidden()
    assert box.text() == "As displayed: rotated by 90° and mirrored"
    section.show_source(None)
    assert box.isHidden()


def test_losses_are_noted(section: FormatSection) -> None:
    notes = part(section, QLabel, "exportNotes")
    section.show_source(make_info(bit_depth=12))
    assert "12 bits" in notes.text()
    choose_format(section, ImageFormat.PNG)
    assert "16 bits" in notes.text()
    choose_format(section, ImageFormat.JPEG)
    assert not notes.isHidden()
    section.show_source(make_info())
    assert notes.isHidden()


def test_changes_are_told(qtbot: QtBot, section: FormatSection) -> None:
    with qtbot.waitSignal(section.changed):
        choose_format(section, ImageFormat.PNG)
    with qtbot.waitSignal(section.changed):
        part(section, QSpinBox, "exportLevel").setValue(5)
    with qtbot.waitSignal(section.changed):
        section.set_rotated(rotated=False)


def test_hdr_is_tone_mapped_only_when_asked_and_never_silently(section: FormatSection) -> None:
    box, notes = part(section, QCheckBox, "exportToneMap"), part(section, QLabel, "exportNotes")
    section.show_source(make_info())
    assert box.isHidden()
    info = make_info(bit_depth=10)
    section.show_source(replace(info, color=replace(info.color, transfer="smpte2084")))
    assert not box.isHidden()
    before = section.choice
    assert not before.tone_map
    assert "not tone-mapped" in notes.text()
    box.setChecked(True)
    after = section.choice
    assert after.tone_map
    assert "Tone-mapped from PQ" in notes.text()


def test_the_level_can_be_chosen_from_elsewhere(section: FormatSection) -> None:
    section.set_level(42)
    assert section.choice.quality == 42
    choose_format(section, ImageFormat.NPY)
    section.set_level(7)
    assert section.choice.quality == 42


def test_a_crop_can_be_drawn_elsewhere(qtbot: QtBot, section: FormatSection) -> None:
    section.show_source(make_info())
    with qtbot.waitSignal(section.changed):
        section.set_crop(Crop(2, 3, 20, 10))
    assert section.choice.crop == Crop(2, 3, 20, 10)
    with qtbot.waitSignal(section.crop_wanted) as wanted:
        part(section, QPushButton, "exportCropDraw").click()
    assert wanted.args == [True]
    with qtbot.assertNotEmitted(section.crop_wanted, wait=0):
        section.set_drawing_crop(drawing=False)
    assert "cropped" in section.summary
