"""The fields beside a contact sheet's preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QSpinBox

from framescope.core.sampling.sampling import SamplingKind
from framescope.ui.sheet.dialog import SheetOptions
from tests.ui.parts import part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def choose(options: SheetOptions, kind: SamplingKind) -> None:
    box = part(options, QComboBox, "sheetKind")
    box.setCurrentIndex(box.findData(kind.value))


def test_fields_make_a_choice_and_a_look(qtbot: QtBot) -> None:
    options = SheetOptions()
    qtbot.addWidget(options)
    with qtbot.waitSignal(options.changed):
        part(options, QSpinBox, "sheetCount").setValue(9)
    part(options, QSpinBox, "sheetColumns").setValue(3)
    part(options, QCheckBox, "sheetDark").setChecked(True)
    assert (options.sampling.kind, options.sampling.count) == (SamplingKind.SPREAD, 9)
    settings = options.settings(rotate=False)
    assert (settings.columns, settings.dark, settings.rotate) == (3, True, False)


def test_only_the_fields_of_the_kind_are_there(qtbot: QtBot) -> None:
    options = SheetOptions()
    qtbot.addWidget(options)
    count, seconds = part(options, QSpinBox, "sheetCount"), part(options, QDoubleSpinBox, "sheetSeconds")
    only = part(options, QCheckBox, "sheetOnlyInOut")
    only.setChecked(True)
    assert options.sampling.only_in_out
    choose(options, SamplingKind.EVERY_SECONDS)
    assert count.isHidden()
    assert not seconds.isHidden()
    choose(options, SamplingKind.REPRESENTATIVE)
    assert not count.isHidden()
    assert options.sampling.representatives == count.value()
    choose(options, SamplingKind.MARKED)
    assert count.isHidden()
    assert not only.isEnabled()
    assert not options.sampling.only_in_out
