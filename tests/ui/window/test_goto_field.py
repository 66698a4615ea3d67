"""The field for frame, time and pts with real key events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QWidget

from framescope.ui.window.transport_bar import GotoField

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController


@pytest.fixture
def field(qtbot: QtBot, session: StandInController, theme: ThemeSource) -> Iterator[GotoField]:
    window = QMainWindow()
    qtbot.addWidget(window)
    picture = QWidget(window)
    picture.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    widget = GotoField(session.as_controller(), theme, picture, window)
    window.setCentralWidget(widget)
    with qtbot.waitExposed(window):
        window.show()
    session.open()
    session.show(7)
    yield widget
    window.close()


def type_and_send(field: GotoField, text: str) -> None:
    field.start_typing()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_shows_where_we_are(field: GotoField, session: StandInController) -> None:
    assert field.text() == "7"
    session.show(8)
    assert field.text() == "8"


def test_sends_what_was_typed(field: GotoField, session: StandInController) -> None:
    type_and_send(field, "1:02.5")
    assert session.called("go_to") == [("1:02.5",)]
    assert field.error_text == ""


def test_says_in_place_what_cannot_be_gone_to(field: GotoField, session: StandInController) -> None:
    session.goto_error = "There is no frame 999."
    type_and_send(field, "999")
    assert field.error_text == "There is no frame 999."
    assert field.text() == "999"
    QTest.keyClicks(field, "1")
    assert field.error_text == ""


def test_typing_is_not_overwritten_by_frames(field: GotoField, session: StandInController) -> None:
    field.start_typing()
    QTest.keyClicks(field, "12")
    session.show(9)
    assert field.text() == "12"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "9"


def test_is_empty_without_a_video(field: GotoField, session: StandInController) -> None:
    session.info = None
    session.source_closed.emit()
    assert field.text() == ""
    assert not field.isEnabled()


def test_a_second_g_selects_again_and_is_not_typed(field: GotoField, session: StandInController) -> None:
    field.start_typing()
    QTest.keyClicks(field, "G12gG")
    assert field.text() == "12"
    assert field.selectedText() == "12"
    QTest.keyClicks(field, "8.33")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert session.called("go_to") == [("8.33",)]
