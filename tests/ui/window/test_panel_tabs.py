"""Tabs say their words where there is room, and show icons where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar, QWidget

from framescope.ui.panels.catalog import PanelSpec
from framescope.ui.window.docks import NARROW, PanelTabs, words_width

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


def icons_of(bar: QTabBar) -> list[bool]:
    return [not bar.tabIcon(tab).isNull() for tab in range(bar.count())]


def test_words_where_they_fit(bar: QTabBar) -> None:
    bar.resize(words_width(bar) + 10, 30)
    assert icons_of(bar) == [False, False, False]
    assert not bar.property(NARROW)


def test_icons_where_words_do_not_fit_and_back(bar: QTabBar) -> None:
    bar.resize(words_width(bar) - 10, 30)
    assert icons_of(bar) == [True, True, True]
    assert bar.property(NARROW)
    bar.resize(words_width(bar) + 10, 30)
    assert icons_of(bar) == [False, False, False]


def test_each_tab_keeps_its_word_for_the_pointer_and_for_screen_readers(bar: QTabBar) -> None:
    bar.resize(words_width(bar) - 10, 30)
    assert sorted(bar.tabText(tab) for tab in range(bar.count())) == sorted(TABS)
    assert sorted(bar.tabToolTip(tab) for tab in range(bar.count())) == ["Benchmark", "Codec", "Seek truth"]
    assert bar.accessibleName() == "Panels"


def test_a_dock_without_an_icon_is_left_alone(window: QMainWindow, bar: QTabBar) -> None:
    bar.setTabText(0, "Another")
    # It may have been too narrow for words before.
    bar.setTabIcon(0, QIcon())
    bar.resize(words_width(bar) - 10, 30)
    assert icons_of(bar) == [False, True, True]
    assert window.findChild(PanelTabs) is not None
