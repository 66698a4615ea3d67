"""The menus whose content comes from the file and the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from framescope.core.model.stream_facts import StreamChoice
from framescope.ui.actions.action_set import ActionSet
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.theme import ThemeChoice
from framescope.ui.window.window_menus import WindowMenus
from tests.ui.stand_ins import StandInController, StandInWindow, make_info

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def menus(qtbot: QtBot, session: StandInController, theme: ThemeSource) -> Iterator[WindowMenus]:
    window = StandInWindow(session)
    qtbot.addWidget(window)
    actions = ActionSet(window, window.as_commands(), IconSource(theme, window))
    yield WindowMenus(window, session.as_controller(), actions)
    window.close()


def submenu(menus: WindowMenus, name: str) -> QMenu:
    parent = menus.parent()
    menu = None if parent is None else parent.findChild(QMenu, name)
    assert isinstance(menu, QMenu)
    return menu


def test_another_video_stream_can_be_chosen(
    qtbot: QtBot, menus: WindowMenus, session: StandInController
) -> None:
    streams = submenu(menus, "menu.streams")
    assert not streams.menuAction().isVisible()
    choices = tuple(
        StreamChoice(place, "h264", 64, 48, is_cover=place == 2, is_default=place == 0, label=f"#{place}")
        for place in range(3)
    )
    session.open(make_info(video_streams=choices))
    assert streams.menuAction().isVisible()
    first, second, cover = streams.actions()
    assert first.isChecked()
    assert not cover.isEnabled()
    with qtbot.waitSignal(menus.stream_wanted) as wanted:
        second.trigger()
    assert wanted.args == [1]


def test_recent_sources_can_be_opened(qtbot: QtBot, menus: WindowMenus) -> None:
    recent = submenu(menus, "menu.recent")
    assert not recent.isEnabled()
    menus.set_recent(["/videos/a & b.mp4", "https://example.org/c.mp4"])
    assert recent.actions()[0].text() == "&1  a && b.mp4"
    with qtbot.waitSignal(menus.recent_wanted) as wanted:
        recent.actions()[1].trigger()
    assert wanted.args == ["https://example.org/c.mp4"]


def test_theme_in_force_is_ticked(menus: WindowMenus) -> None:
    menus.set_theme(ThemeChoice.LIGHT)
    ticked = [action.text() for action in submenu(menus, "menu.theme").actions() if action.isChecked()]
    assert ticked == ["Light"]


def test_a_layout_or_a_video_may_be_called_like_a_mnemonic(qtbot: QtBot, menus: WindowMenus) -> None:
    menus.set_layouts(["a & b"])
    for name, signal in (("menu.delete_layout", menus.layout_removed), ("menu.playlist", menus.video_wanted)):
        menus.set_playlist(["a & b", "c"], "a & b")
        entry = submenu(menus, name).actions()[0]
        assert entry.text() == "a && b"
        with qtbot.waitSignal(signal) as wanted:
            entry.trigger()
        assert wanted.args == ["a & b"]


def test_menus_keep_nothing_of_what_they_showed_before(
    qtbot: QtBot, menus: WindowMenus, session: StandInController
) -> None:
    def fill(count: int) -> None:
        names = [f"{number}.mp4" for number in range(count)]
        menus.set_recent(names)
        menus.set_layouts(names)
        menus.set_playlist(names, names[0])
        menus.set_theme(ThemeChoice.LIGHT)
        session.open()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    parent = menus.parent()
    assert parent is not None
    fill(3)
    before = [len(parent.findChildren(kind)) for kind in (QAction, QActionGroup, QMenu)]
    for _ in range(5):
        fill(7)
    fill(3)
    assert [len(parent.findChildren(kind)) for kind in (QAction, QActionGroup, QMenu)] == before
    del qtbot
