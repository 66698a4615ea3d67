"""Choosing frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QRadioButton, QSpinBox

from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.ui.dialogs.export_frames_section import FramesSection
from framescope.ui.dialogs.export_survey import Survey
from tests.ui.dialogs.parts import part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def section(qtbot: QtBot) -> FramesSection:
    widget = FramesSection()
    qtbot.addWidget(widget)
    return widget


def test_it_starts_with_this_frame(section: FramesSection) -> None:
    assert section.sampling == Sampling()


@pytest.mark.parametrize("kind", list(SamplingKind))
def test_what_is_chosen_is_what_was_shown(section: FramesSection, kind: SamplingKind) -> None:
    sampling = Sampling(kind, 7, 2.5, 9, "1,5:8", only_in_out=True)
    section.choose(sampling)
    assert section.sampling == sampling
    assert part(section, QRadioButton, f"exportKind.{kind.value}").isChecked()


def test_every_part_has_a_name_for_screen_readers(section: FramesSection) -> None:
    names = [button.accessibleName() for button in section.findChildren(QRadioButton)]
    assert len(set(names)) == len(SamplingKind)
    for name in ("exportStep", "exportCount"):
        assert part(section, QSpinBox, name).accessibleName()


def test_counts_stand_beside_their_kinds(section: FramesSection) -> None:
    counts = {SamplingKind.ALL: 12_345, SamplingKind.MARKED: 0, SamplingKind.IN_OUT: 0}
    section.show_survey(Survey(counts, SamplingKind.ALL, errors={SamplingKind.LIST: "no list"}))
    shown = {kind: part(section, QLabel, f"exportCount.{kind.value}") for kind in SamplingKind}
    assert shown[SamplingKind.ALL].text() == "12\u202f345"
    assert shown[SamplingKind.MARKED].text() == "none"
    assert shown[SamplingKind.IN_OUT].text() == "not set"
    assert shown[SamplingKind.LIST].text() == "–"
    assert shown[SamplingKind.LIST].toolTip() == "no list"


def test_a_list_is_wrong_only_once_something_is_typed(section: FramesSection) -> None:
    error = part(section, QLabel, "exportFramesError")
    field = part(section, QLineEdit, "exportList")
    section.choose(Sampling(SamplingKind.LIST))
    wrong = Survey({}, SamplingKind.LIST, frames_error="not a range", errors={SamplingKind.LIST: "x"})
    section.show_survey(wrong)
    assert (error.text(), error.isHidden()) == ("", True)
    field.setText("10-20")
    section.show_survey(wrong)
    assert (error.text(), error.isHidden()) == ("not a range", False)
    assert field.property("invalid") is True


def test_clicking_into_a_field_chooses_its_kind(section: FramesSection) -> None:
    spin = part(section, QSpinBox, "exportStep")
    QApplication.sendEvent(spin, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    kinds = [section.sampling.kind]
    QApplication.sendEvent(spin, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.MouseFocusReason))
    kinds.append(section.sampling.kind)
    assert kinds == [SamplingKind.THIS, SamplingKind.EVERY_NTH]


def test_typing_a_list_chooses_it(qtbot: QtBot, section: FramesSection) -> None:
    section.show()
    field = part(section, QLineEdit, "exportList")
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClicks(field, "3,5")
    assert section.sampling == Sampling(SamplingKind.LIST, listed="3,5")


def test_rolling_over_a_field_changes_nothing(section: FramesSection) -> None:
    spin = part(section, QSpinBox, "exportStep")
    before = spin.value()
    at = QPointF(5, 5)
    wheel = QWheelEvent(
        at,
        at,
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # noqa: FBT003 - Qt's signature
    )
    QApplication.sendEvent(spin, wheel)
    assert spin.value() == before


def test_the_range_can_limit_only_what_spans_the_video(section: FramesSection) -> None:
    only = part(section, QCheckBox, "exportOnlyInOut")
    for kind in SamplingKind:
        section.choose(Sampling(kind))
        section.set_range_known(is_set=True)
        assert only.isEnabled() is kind.spans_the_video
        section.set_range_known(is_set=False)
        assert not only.isEnabled()


def test_every_change_is_told(qtbot: QtBot, section: FramesSection) -> None:
    with qtbot.waitSignal(section.changed):
        part(section, QSpinBox, "exportStep").setValue(3)
    with qtbot.waitSignal(section.changed):
        part(section, QRadioButton, "exportKind.all").click()
    with qtbot.waitSignal(section.changed):
        part(section, QCheckBox, "exportOnlyInOut").toggle()
