"""Tabs that say what is chosen behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from framescope.ui.export.tabs import SectionTab, SectionTabs
from tests.ui.parts import part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def tabs(qtbot: QtBot, theme: ThemeSource) -> SectionTabs:
    titles = {"frames": "Frames", "format": "Format", "files": "Files"}
    widget = SectionTabs(titles, theme)
    qtbot.addWidget(widget)
    for title in titles.values():
        widget.add_page(QLabel(f"page of {title}"))
    widget.resize(390, 400)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def test_a_click_opens_a_page(qtbot: QtBot, tabs: SectionTabs) -> None:
    assert tabs.current == 0
    with qtbot.waitSignal(tabs.page_changed) as changed:
        QTest.mouseClick(part(tabs, SectionTab, "exportTab.files"), Qt.MouseButton.LeftButton)
    assert changed.args == [2]
    assert tabs.current == 2
    tabs.show_page(1)
    assert tabs.current == 1
    assert not part(tabs, SectionTab, "exportTab.files").isChecked()


def test_keys_lead_to_each_page(tabs: SectionTabs) -> None:
    first = part(tabs, SectionTab, "exportTab.frames")
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert tabs.current == 1
    assert first.shortcut().toString() == "Alt+1"


def test_a_tab_says_what_is_chosen_and_what_is_wrong(tabs: SectionTabs, theme: ThemeSource) -> None:
    tab = part(tabs, SectionTab, "exportTab.format")
    tab.show_summary("JPEG 95")
    assert tab.summary == "JPEG 95"
    assert tab.accessibleName() == "Format: JPEG 95"
    calm = tab.grab().toImage()
    tab.show_summary("JPEG 95", is_wrong=True)
    alarmed = tab.grab().toImage()
    assert calm != alarmed
    error = theme.tokens.error
    colors = {
        alarmed.pixelColor(x, y).red() - alarmed.pixelColor(x, y).blue()
        for x in range(alarmed.width())
        for y in range(alarmed.height())
    }
    assert max(colors) > (error.red() - error.blue()) / 2
