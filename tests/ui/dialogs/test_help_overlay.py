"""The keys at a glance: made from the catalogue, searchable, closed as it was opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from framescope.ui.actions.catalog import ACTIONS
from framescope.ui.actions.key_map import KeyMap
from framescope.ui.dialogs.help_overlay import HelpOverlay, native_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def overlay(qtbot: QtBot, theme: ThemeSource) -> Iterator[HelpOverlay]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1000, 700)
    help_overlay = HelpOverlay(theme, window)
    with qtbot.waitExposed(window):
        window.show()
    help_overlay.open_with(KeyMap())
    yield help_overlay
    window.close()


def search_field(overlay: HelpOverlay) -> QLineEdit:
    field = overlay.findChild(QLineEdit, "helpSearch")
    assert isinstance(field, QLineEdit)
    return field


def test_every_action_with_a_key_is_listed_with_it(overlay: HelpOverlay) -> None:
    listed = overlay.visible_texts()
    for spec in ACTIONS:
        for key in spec.keys:
            name = spec.text.rstrip("…")
            assert any(text.startswith(name) and native_key(key) in text for text in listed), name


def test_typing_narrows_the_list(overlay: HelpOverlay) -> None:
    QTest.keyClicks(search_field(overlay), "keyframe next")
    assert overlay.visible_texts() == ("Next keyframe Alt+→",)


def test_escape_closes(overlay: HelpOverlay) -> None:
    QTest.keyClick(search_field(overlay), Qt.Key.Key_Escape)
    assert overlay.isHidden()


def test_click_beside_the_card_closes(overlay: HelpOverlay) -> None:
    QTest.mouseClick(overlay, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(3, 3))
    assert overlay.isHidden()


def test_asked_for_again_it_closes(overlay: HelpOverlay) -> None:
    overlay.open_with(KeyMap())
    assert overlay.isHidden()


def test_follows_the_window(overlay: HelpOverlay) -> None:
    window = overlay.parentWidget()
    assert window is not None
    window.resize(800, 500)
    assert overlay.size() == window.size()


def test_question_mark_closes_as_it_opened(overlay: HelpOverlay) -> None:
    field = search_field(overlay)
    QTest.keyClicks(field, "?")
    assert overlay.isHidden()
    assert field.text() == ""
