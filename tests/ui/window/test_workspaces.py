"""Workspaces: what is shown where, and layouts of the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QInputDialog,
    QMenu,
    QMessageBox,
    QTabBar,
    QWidget,
)

from framescope.session.controller import Controller
from framescope.ui.filmstrip import Filmstrip
from framescope.ui.window.main_window import MainWindow
from tests.ui.parts import part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.session.settings import Settings
    from framescope.ui.widgets.theme import ThemeSource


def dock(window: MainWindow, name: str) -> QDockWidget:
    return part(window, QDockWidget, f"dock.{name}")


def takes_clicks(widget: QWidget) -> bool:
    return widget.isVisible() and bool(widget.focusPolicy() & Qt.FocusPolicy.ClickFocus)


@pytest.mark.parametrize("size", [(1280, 800), (900, 600)])
def test_panels_have_the_full_height_to_inspect(opened: MainWindow, size: tuple[int, int]) -> None:
    opened.resize(*size)
    # The strips of a low window follow in a turn of their own.
    for _ in range(5):
        QApplication.processEvents()
    low = dock(opened, "codecPanel").height()
    opened.actions_by_id["workspace.inspect"].trigger()
    QApplication.processEvents()
    panel, timeline = dock(opened, "codecPanel"), dock(opened, "timeline")
    assert panel.height() > low + timeline.height()
    assert panel.geometry().left() > timeline.geometry().right()
    assert opened.stage.width() > 400
    opened.actions_by_id["workspace.standard"].trigger()
    QApplication.processEvents()
    assert abs(dock(opened, "codecPanel").height() - low) < 5


def test_the_keyboard_stays_where_it_was(qtbot: QtBot, opened: MainWindow) -> None:
    opened.activateWindow()
    for name in ("timeline", "filmstrip"):
        kept = next(widget for widget in dock(opened, name).findChildren(QWidget) if takes_clicks(widget))
        kept.setFocus()
        qtbot.waitUntil(kept.hasFocus)
        for workspace in ("browse", "inspect", "standard"):
            opened.actions_by_id[f"workspace.{workspace}"].trigger()
            QApplication.processEvents()
            assert opened.focusWidget() is kept


def test_no_panel_takes_room_to_browse(opened: MainWindow) -> None:
    width = opened.stage.width()
    opened.workspaces.use("browse")
    QApplication.processEvents()
    assert opened.stage.width() > width + 300
    assert dock(opened, "codecPanel").isHidden()
    assert not dock(opened, "timeline").isHidden()
    assert not opened.docks.is_shown("gop")
    opened.actions_by_id["panel.gop"].trigger()
    assert opened.docks.is_shown("gop")


def test_picture_has_most_of_a_low_window_to_browse(opened: MainWindow) -> None:
    opened.resize(900, 600)
    QApplication.processEvents()
    opened.workspaces.use("browse")
    QApplication.processEvents()
    assert opened.stage.height() > 300
    assert opened.docks.is_shown("timeline")


def test_panel_key_shows_then_hides(qtbot: QtBot, opened: MainWindow) -> None:
    opened.actions_by_id["panel.timing"].trigger()
    qtbot.waitUntil(lambda: part(opened, QWidget, "timingPanel").isVisible())
    opened.actions_by_id["panel.timing"].trigger()
    assert dock(opened, "timingPanel").isHidden()
    opened.actions_by_id["panel.timeline"].trigger()
    assert dock(opened, "timeline").isHidden()


def test_own_layout_is_saved_restored_and_deleted(
    opened: MainWindow, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.workspaces.use("browse")
    opened.docks.toggle("filmstrip")
    monkeypatch.setattr(QInputDialog, "getText", lambda *_arguments: ("  My   picture & timeline ", True))
    opened.workspaces.save()
    assert list(settings.layouts) == ["My picture & timeline"]
    opened.workspaces.use("standard")
    assert opened.docks.is_shown("codec")
    menu = opened.actions_by_id.menu_of("workspace.standard")
    part(opened, QMenu, "menu.View").aboutToShow.emit()
    entry = next(action for action in menu.actions() if action.text() == "My picture && timeline")
    entry.trigger()
    QTest.qWait(1)
    assert not opened.docks.is_shown("codec")
    assert not opened.docks.is_shown("filmstrip")
    assert "Layout: My picture & timeline" in [text for text, _ in opened.actions_by_id.further_commands]
    removing = next(action.menu() for action in menu.actions() if action.text() == "Delete layout")
    assert isinstance(removing, QMenu)
    removing.actions()[0].trigger()
    assert settings.layouts == {}
    part(opened, QMenu, "menu.View").aboutToShow.emit()
    assert "My picture && timeline" not in [action.text() for action in menu.actions()]


@pytest.mark.parametrize("answer", ["Replace it", "Cancel"])
def test_a_layout_is_replaced_only_if_the_user_wants_that(
    opened: MainWindow, settings: Settings, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    monkeypatch.setattr(QInputDialog, "getText", lambda *_arguments: ("mine", True))
    opened.workspaces.save()
    first = settings.layouts["mine"]
    opened.workspaces.use("browse")

    def click() -> None:
        question = QApplication.activeModalWidget()
        assert isinstance(question, QMessageBox)
        assert "mine" in question.text()
        next(button for button in question.buttons() if button.text() == answer).click()

    QTimer.singleShot(0, click)
    opened.workspaces.save()
    assert (settings.layouts["mine"] == first) is (answer == "Cancel")


def test_layout_of_another_version_is_refused_with_a_sentence(opened: MainWindow, settings: Settings) -> None:
    settings.put_layout("old", QByteArray(b"nothing"))
    opened.workspaces.restore("old")
    assert "other panels" in opened.status.notice
    opened.workspaces.restore("unknown")


def test_cancelled_name_saves_nothing(
    opened: MainWindow, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for answer in (("name", False), ("  ", True)):
        monkeypatch.setattr(QInputDialog, "getText", lambda *_arguments, answer=answer: answer)
        opened.workspaces.save()
    assert settings.layouts == {}


def test_workspace_is_there_again_at_the_next_start(
    qtbot: QtBot, opened: MainWindow, theme: ThemeSource, settings: Settings
) -> None:
    opened.workspaces.use("inspect")
    QApplication.processEvents()
    opened.close()
    again = MainWindow(theme, settings)
    again.fill(Controller(settings=settings))
    again.controller.setParent(again)
    qtbot.addWidget(again)
    with qtbot.waitExposed(again):
        again.show()
    panel, timeline = dock(again, "codecPanel"), dock(again, "timeline")
    assert panel.geometry().left() > timeline.geometry().right()
    again.close()


def test_in_a_low_window_the_strips_leave_their_height_to_the_picture(
    qtbot: QtBot, opened: MainWindow
) -> None:
    strip = part(opened, Filmstrip, "filmstrip")
    opened.resize(900, 800)
    QApplication.processEvents()
    heights = strip.height(), dock(opened, "timeline").height()
    opened.resize(900, 600)
    qtbot.waitUntil(lambda: opened.stage.height() > 235)
    assert strip.height() < heights[0]
    assert dock(opened, "timeline").height() < heights[1]
    assert opened.stage.height() > strip.height() + dock(opened, "timeline").height()
    # The height is still the one that was chosen, and choosing another one shows it.
    chosen = strip.thumbnail_height
    strip.set_thumbnail_height(chosen + 10)
    assert strip.minimumHeight() >= heights[0] + 10
    opened.resize(900, 800)
    strip.set_thumbnail_height(chosen)
    qtbot.waitUntil(lambda: (strip.height(), dock(opened, "timeline").height()) == heights)


def test_no_tab_bar_of_an_earlier_layout_stays(qtbot: QtBot, opened: MainWindow) -> None:
    """Qt forgets some that it has made, and leaves them where they were."""

    def bars() -> list[QTabBar]:
        found = opened.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return [bar for bar in found if bar.isVisible() and bar.geometry().intersects(opened.rect())]

    for workspace, expected in (
        ("label", 0),
        ("standard", 1),
        ("inspect", 1),
        ("browse", 0),
        ("standard", 1),
    ):
        opened.actions_by_id[f"workspace.{workspace}"].trigger()
        qtbot.waitUntil(lambda: len(bars()) == expected)  # noqa: B023 - called here only
    assert bars()[0].count() > 8
