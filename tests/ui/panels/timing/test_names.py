"""Typing over a name goes to the frame that has it; errors stand below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from framescope.core.timing.identity import IdentityField, IdentityTranslator
from framescope.ui.panels.timing.names import NamesForm
from framescope.ui.widgets.icons import IconSource
from tests.ui.panels.timing.parts import index_with

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def form(qtbot: QtBot, theme: ThemeSource) -> NamesForm:
    widget = NamesForm(IconSource(theme))
    qtbot.addWidget(widget)
    translator = IdentityTranslator(index_with(range(0, 4000, 40)))
    widget.set_translator(translator, is_partial=False)
    widget.set_identity(translator.identity(50), "Frame 50")
    widget.show()
    return widget


def type_in(form: NamesForm, field: IdentityField, text: str) -> None:
    edit = form.fields[field]
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, text)
    QTest.keyClick(edit, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("field", "text", "frame"),
    [
        (IdentityField.NUMBER, "7", 7),
        (IdentityField.NUMBER_FROM_1, "7", 6),
        (IdentityField.PTS, "400", 10),
        (IdentityField.DTS, "440", 11),
        (IdentityField.DECODE_ORDER, "12", 12),
        (IdentityField.TIME, "1.21", 30),
        (IdentityField.TIME_STORED, "1.2", 30),
        (IdentityField.CURRENT_TIME, "1.22", 30),
        (IdentityField.TIMECODE, "00:00:01:05", 30),
        (IdentityField.OPENCV_FRAMES, "31", 30),
    ],
)
def test_every_name_leads_to_its_frame(
    qtbot: QtBot, form: NamesForm, field: IdentityField, text: str, frame: int
) -> None:
    with qtbot.waitSignal(form.frame_wanted) as asked:
        type_in(form, field, text)
    assert asked.args == [frame]
    assert not form.error_text(field)


def test_a_name_that_no_frame_has_is_refused_in_place(qtbot: QtBot, form: NamesForm) -> None:
    with qtbot.assertNotEmitted(form.frame_wanted):
        type_in(form, IdentityField.PTS, "401")
    assert form.error_text(IdentityField.PTS) == "No frame has '401' here. The frames are 0 to 99."
    assert form.fields[IdentityField.PTS].text() == "401"
    QTest.keyClick(form.fields[IdentityField.PTS], Qt.Key.Key_Escape)
    assert not form.error_text(IdentityField.PTS)
    assert form.fields[IdentityField.PTS].text() == "2000"


def test_what_is_being_typed_is_left_alone(form: NamesForm) -> None:
    edit = form.fields[IdentityField.NUMBER]
    edit.selectAll()
    QTest.keyClicks(edit, "1")
    translator = IdentityTranslator(index_with(range(0, 4000, 40)))
    form.set_identity(translator.identity(51), "Frame 51")
    assert edit.text() == "1"
    assert form.fields[IdentityField.PTS].text() == "2040"


def test_names_are_copied_one_by_one_and_together(form: NamesForm) -> None:
    one, everything = (form.findChild(QToolButton, name) for name in ("copy.pts", "copyNames"))
    assert one is not None
    assert everything is not None
    QTest.mouseClick(one, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "2000"
    QTest.mouseClick(everything, Qt.MouseButton.LeftButton)
    assert "Timecode: 00:00:02:00\n" in QGuiApplication.clipboard().text()


def test_without_a_frame_there_is_nothing_to_copy(form: NamesForm) -> None:
    form.set_identity(None, "Frame 9…")
    assert not form.names_text()
    button = form.findChild(QToolButton, "copyNames")
    assert button is not None
    assert not button.isEnabled()
    assert not form.fields[IdentityField.NUMBER].isEnabled()
