"""Tabs have their names; those that do not fit are in a menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QLineEdit, QMainWindow, QTabBar, QToolButton, QWidget

from framescope.ui.panels.catalog import PanelSpec
from framescope.ui.window.panel_tabs import PanelMenu, PanelTabs, left_over, title_widths

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource

AREA = Qt.DockWidgetArea.RightDockWidgetArea
PANELS = (
    PanelSpec("codecPanel", "Codec", "", AREA, "ph.info"),
    PanelSpec("seekPanel", "Seek truth", "", AREA, "ph.crosshair", "Seek"),
    PanelSpec("benchPanel", "Benchmark", "", AREA, "ph.gauge"),
)
TABS = [panel.tab_text for panel in PANELS]


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    main = QMainWindow()
    qtbot.addWidget(main)
    main.setCentralWidget(QWidget())
    main.resize(1200, 500)
    docks = [QDockWidget(title, main) for title in TABS]
    for dock in docks:
        dock.setWidget(QWidget())
        main.addDockWidget(AREA, dock)
    for dock in docks[1:]:
        main.tabifyDockWidget(docks[0], dock)
    with qtbot.waitExposed(main):
        main.show()
    return main


@pytest.fixture
def bar(qtbot: QtBot, window: QMainWindow, theme: ThemeSource) -> QTabBar:
    tabs = PanelTabs(window, theme, PANELS)
    qtbot.waitUntil(lambda: bool(window.findChildren(QTabBar)), timeout=20_000)
    tabs.dress_all()
    return window.findChildren(QTabBar)[0]


def shown(bar: QTabBar) -> list[str]:
    return [bar.tabText(tab) for tab in range(bar.count()) if bar.isTabVisible(tab)]


def more(bar: QTabBar) -> QToolButton:
    button = bar.findChild(QToolButton, "morePanels")
    assert isinstance(button, QToolButton)
    return button


def whole_width(bar: QTabBar) -> int:
    return sum(title_widths(bar))


def test_all_names_where_they_fit(bar: QTabBar) -> None:
    bar.resize(whole_width(bar) + 10, 30)
    assert shown(bar) == TABS
    assert more(bar).isHidden()


def test_names_that_do_not_fit_are_in_the_menu(bar: QTabBar) -> None:
    bar.setCurrentIndex(0)
    bar.resize(whole_width(bar) - 10, 30)
    assert shown(bar) == TABS[:2]
    assert (more(bar).isHidden(), more(bar).text()) == (False, "+1")
    assert more(bar).geometry().right() < bar.width()
    bar.resize(whole_width(bar) + 10, 30)
    assert shown(bar) == TABS


@pytest.mark.parametrize(
    ("current", "room", "hidden"),
    [(0, 100, set()), (0, 99, {3}), (3, 99, {2}), (3, 60, {1, 2}), (1, 10, {0, 2, 3}), (-1, 70, {2, 3})],
)
def test_the_tab_in_front_always_has_its_place(current: int, room: int, hidden: set[int]) -> None:
    assert left_over([30, 20, 25, 25], current, room) == hidden


def test_the_menu_has_all_panels_by_name_and_finds_them(
    bar: QTabBar, window: QMainWindow, qtbot: QtBot
) -> None:
    bar.setCurrentIndex(1)
    menu = more(bar).menu()
    assert isinstance(menu, PanelMenu)
    menu.aboutToShow.emit()
    names = [action for action in menu.actions() if action.text()]
    assert [action.text() for action in names] == ["Codec", "Seek truth", "Benchmark"]
    assert [action.isChecked() for action in names] == [False, True, False]
    search = menu.findChild(QLineEdit, "panelSearch")
    assert isinstance(search, QLineEdit)
    search.setText("BEN")
    assert [action.isVisible() for action in names] == [False, False, True]
    tabs = window.findChild(PanelTabs)
    assert isinstance(tabs, PanelTabs)
    with qtbot.waitSignal(tabs.panel_wanted, check_params_cb=lambda name: name == "benchPanel"):
        QTest.keyClick(search, Qt.Key.Key_Return)


def test_each_tab_keeps_its_word_for_the_pointer_and_for_screen_readers(bar: QTabBar) -> None:
    bar.resize(whole_width(bar) - 10, 30)
    assert sorted(bar.tabText(tab) for tab in range(bar.count())) == sorted(TABS)
    assert sorted(bar.tabToolTip(tab) for tab in range(bar.count())) == ["Benchmark", "Codec", "Seek truth"]
    assert bar.accessibleName() == "Panels"
