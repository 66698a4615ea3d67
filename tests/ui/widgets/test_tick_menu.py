"""A menu of ticks stays open for the next one, and closes with anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from framescope.ui.actions.action_set import ActionSet
from framescope.ui.actions.spec import Menu
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.tick_menu import TickMenu
from tests.ui.stand_ins import StandInWindow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController


def test_it_stays_open_for_ticks_alone(qtbot: QtBot) -> None:
    menu = TickMenu()
    qtbot.addWidget(menu)
    one, two, save = menu.addAction("One"), menu.addAction("Two"), menu.addAction("Save")
    one.setCheckable(True)
    two.setCheckable(True)
    two.setEnabled(False)
    menu.popup(QPoint(20, 20))
    for action in (one, two):
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
        assert menu.isVisible()
    assert one.isChecked()
    assert not two.isChecked()
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(save).center())
    assert not menu.isVisible()


def test_lanes_and_overlays_are_ticked_one_after_the_other(
    qtbot: QtBot, session: StandInController, theme: ThemeSource
) -> None:
    window = StandInWindow(session)
    qtbot.addWidget(window)
    actions = ActionSet(window, window.as_commands(), IconSource(theme, window))
    view = QMenu(window)
    actions.fill_menu(view, Menu.VIEW)
    assert isinstance(actions.menu_of("lane.bit_rate"), TickMenu)
    assert isinstance(actions.menu_of("view.vectors"), TickMenu)
    assert not isinstance(actions.menu_of("panel.gop"), TickMenu)
