"""The docks: tabs at the right, strips below, a layout that is kept, reset and unlocked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar, QWidget

from framescope.core.errors import FrameScopeError
from framescope.ui.panels.catalog import PanelSpec
from framescope.ui.timeline.lanes import CURVE_ROOM_PX
from framescope.ui.window import docks as docks_module
from framescope.ui.window.docks import Docks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController


class StandInPanel(PanelSpec):
    """Made of nothing, and it says so."""

    made: ClassVar[list[str]] = []

    def make(self, controller: Controller, theme: ThemeSource) -> QWidget:
        del controller, theme
        self.made.append(self.panel_id)
        panel = QWidget()
        panel.setObjectName(self.panel_id)
        return panel


def stand_in_panel(name: str) -> PanelSpec:
    title = name.removesuffix("Panel").title()
    return StandInPanel(name, title, "", Qt.DockWidgetArea.RightDockWidgetArea, "")


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QMainWindow]:
    main = QMainWindow()
    qtbot.addWidget(main)
    main.setCentralWidget(QWidget())
    main.resize(1200, 800)
    with qtbot.waitExposed(main):
        main.show()
    yield main
    main.close()


@pytest.fixture
def docks(
    window: QMainWindow, controller: Controller, theme: ThemeSource, monkeypatch: pytest.MonkeyPatch
) -> Docks:
    monkeypatch.setattr(docks_module, "PANELS", (stand_in_panel("codecPanel"), stand_in_panel("gopPanel")))
    made = Docks(window, controller, theme)
    made.add_below("Timeline", "timeline", QWidget())
    made.arrange()
    return made


def dock(window: QMainWindow, name: str) -> QDockWidget:
    found = window.findChild(QDockWidget, name)
    assert isinstance(found, QDockWidget)
    return found


def test_panels_are_tabs_and_strips_are_below(window: QMainWindow, docks: Docks) -> None:
    codec, gop, timeline = (dock(window, f"dock.{name}") for name in ("codecPanel", "gopPanel", "timeline"))
    assert window.tabifiedDockWidgets(codec) == [gop]
    assert window.dockWidgetArea(timeline) is Qt.DockWidgetArea.BottomDockWidgetArea
    assert docks.panel_names == ("codec", "gop")


@pytest.mark.parametrize("name", ["gop", "gopPanel", "Gop", "GOPPANEL"])
def test_panel_is_brought_to_the_front(qtbot: QtBot, window: QMainWindow, docks: Docks, name: str) -> None:
    assert docks.show_panel(name)
    panel = window.findChild(QWidget, "gopPanel")
    assert isinstance(panel, QWidget)
    qtbot.waitUntil(lambda: not panel.visibleRegion().isEmpty())


def test_a_long_title_stands_in_the_menu_and_a_short_one_on_the_tab(
    window: QMainWindow, controller: Controller, theme: ThemeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    area = Qt.DockWidgetArea.RightDockWidgetArea
    spec = StandInPanel("seekPanel", "Seek truth", "", area, "", "Seek")
    monkeypatch.setattr(docks_module, "PANELS", (stand_in_panel("codecPanel"), spec))
    docks = Docks(window, controller, theme)
    docks.arrange()
    assert dock(window, "dock.seekPanel").windowTitle() == "Seek"
    assert dock(window, "dock.seekPanel").accessibleName() == "Seek truth"
    for name in ("seek", "Seek truth", "seekPanel"):
        assert docks.show_panel(name)


def test_tabs_of_a_new_group_are_named_too(qtbot: QtBot, window: QMainWindow, docks: Docks) -> None:
    docks.set_unlocked(unlocked=True)
    codec, timeline = dock(window, "dock.codecPanel"), dock(window, "dock.timeline")
    window.tabifyDockWidget(timeline, codec)
    # What stands in tabs elsewhere gets a bar of its own, which Qt makes without a name.
    codec.raise_()

    def names() -> set[str]:
        return {bar.accessibleName() for bar in window.findChildren(QTabBar) if bar.count() > 1}

    qtbot.waitUntil(lambda: names() == {"Panels"}, timeout=20_000)


def test_unknown_panel_is_refused(docks: Docks) -> None:
    assert not docks.show_panel("histogram")


def test_title_bars_come_and_go(window: QMainWindow, docks: Docks) -> None:
    bar = dock(window, "dock.codecPanel").titleBarWidget()
    assert bar is not None
    assert bar.height() == 0
    docks.set_unlocked(unlocked=True)
    assert docks.is_unlocked
    assert dock(window, "dock.codecPanel").titleBarWidget() is None
    docks.set_unlocked(unlocked=False)
    assert dock(window, "dock.codecPanel").titleBarWidget() is not None


def test_layout_is_restored_and_reset(window: QMainWindow, docks: Docks) -> None:
    timeline = dock(window, "dock.timeline")
    timeline.hide()
    hidden = docks.state()
    docks.reset()
    assert not timeline.isHidden()
    assert docks.restore(hidden)
    assert timeline.isHidden()
    assert not docks.restore(hidden.left(3))


def test_panel_behind_another_tab_does_not_work(qtbot: QtBot, window: QMainWindow, docks: Docks) -> None:
    def is_seen(name: str) -> bool:
        panel = window.findChild(QWidget, name)
        return isinstance(panel, QWidget) and panel.isVisible()

    qtbot.waitUntil(lambda: is_seen("codecPanel"))
    assert not is_seen("gopPanel")
    docks.show_panel("gop")
    qtbot.waitUntil(lambda: is_seen("gopPanel") and not is_seen("codecPanel"))
    docks.show_panel("codec")
    qtbot.waitUntil(lambda: is_seen("codecPanel") and not is_seen("gopPanel"))


def test_a_panel_is_made_when_it_is_first_looked_at(qtbot: QtBot, window: QMainWindow, docks: Docks) -> None:
    made = StandInPanel.made = list[str]()
    docks.show_panel("gop")
    qtbot.waitUntil(lambda: made == ["gopPanel"])
    docks.show_panel("codec")
    docks.show_panel("gop")
    qtbot.waitUntil(lambda: bool(window.findChildren(QWidget, "gopPanel")))
    assert made == ["gopPanel"]
    assert len(window.findChildren(QWidget, "gopPanel")) == 1


def test_a_layout_of_other_panels_is_not_restored(
    docks: Docks, controller: Controller, theme: ThemeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = docks.state()
    assert docks.restore(kept)
    # An earlier version had one panel less, and its layout no place for it.
    other = QMainWindow()
    both = (stand_in_panel("codecPanel"), stand_in_panel("gopPanel"))
    monkeypatch.setattr(docks_module, "PANELS", (*both, stand_in_panel("newPanel")))
    newer = Docks(other, controller, theme)
    newer.arrange()
    assert not newer.restore(kept)
    assert newer.restore(newer.state())
    other.close()


@pytest.mark.parametrize("end", ["frame_shown", "source_failed", "neither"])
def test_panels_wait_for_the_first_picture(  # noqa: PLR0913, PLR0917 - fixtures
    qtbot: QtBot,
    window: QMainWindow,
    session: StandInController,
    theme: ThemeSource,
    monkeypatch: pytest.MonkeyPatch,
    end: str,
) -> None:
    monkeypatch.setattr(docks_module, "PANELS", (stand_in_panel("codecPanel"), stand_in_panel("gopPanel")))
    # For ever, unless nothing else ends the wait.
    monkeypatch.setattr(docks_module, "_LONGEST_WAIT_MS", 100 if end == "neither" else 10**9)
    StandInPanel.made.clear()
    docks = Docks(window, session.as_controller(), theme)
    docks.wait_for_picture()
    docks.arrange()
    assert docks.show_panel("codec")
    if end == "frame_shown":
        qtbot.wait(50)
        assert StandInPanel.made == []
        session.frame_shown.emit()
    elif end == "source_failed":
        session.source_failed.emit(FrameScopeError("No."))
    qtbot.waitUntil(lambda: StandInPanel.made == ["codecPanel"])
    panel = window.findChild(QWidget, "codecPanel")
    assert isinstance(panel, QWidget)
    assert panel.isVisible()
    # Later ones do not wait.
    docks.show_panel("gop")
    qtbot.waitUntil(lambda: StandInPanel.made == ["codecPanel", "gopPanel"])


def test_lanes_that_are_switched_on_get_room(
    qtbot: QtBot, window: QMainWindow, docks: Docks, session: StandInController
) -> None:
    docks.fit_sizes()
    before = dock(window, "dock.timeline").height()
    session.settings.lanes = ("bit_rate", "luma_mean")
    qtbot.waitUntil(lambda: dock(window, "dock.timeline").height() == before + 2 * CURVE_ROOM_PX)
    # A workspace, which starts from the sizes that suit the window, leaves it to them.
    docks.fit_sizes()
    assert dock(window, "dock.timeline").height() == before + 2 * CURVE_ROOM_PX
    session.settings.lanes = ()
    qtbot.waitUntil(lambda: dock(window, "dock.timeline").height() == before)
