"""The row of icon buttons: one for each action, named, and out of the keyboard's way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QToolButton

from framescope.ui.actions.action_set import ActionSet
from framescope.ui.actions.tool_strip import ToolStrip
from framescope.ui.widgets.icons import IconSource
from tests.ui.stand_ins import StandInController, StandInWindow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def window(qtbot: QtBot, session: StandInController, theme: ThemeSource) -> StandInWindow:
    main = StandInWindow(session)
    qtbot.addWidget(main)
    actions = ActionSet(main, main.as_commands(), IconSource(theme, main))
    main.setCentralWidget(ToolStrip(actions, ("file.open", "", "file.export"), main))
    return main


def test_buttons_are_named_after_their_actions(window: StandInWindow) -> None:
    buttons = window.findChildren(QToolButton)
    assert [button.accessibleName() for button in buttons] == ["Open video", "Export frames"]
    assert "Ctrl+O" in buttons[0].toolTip()
    lines = [line for line in window.findChildren(QFrame) if line.frameShape() is QFrame.Shape.VLine]
    assert len(lines) == 1


def test_click_runs_the_action_and_leaves_the_keyboard_alone(qtbot: QtBot, window: StandInWindow) -> None:
    with qtbot.waitExposed(window):
        window.show()
    window.setFocus()
    button = window.findChildren(QToolButton)[0]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.calls == ["open_file"]
    assert not button.hasFocus()
