"""The picture alone: full screen and in a second window, with the keys of the main window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget

from framescope.ui.window.picture_window import PictureWindow
from tests.ui.parts import part
from tests.ui.window.conftest import wait_for_frame

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.window.main_window import MainWindow

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def alone(qtbot: QtBot, window: MainWindow, name: str = "full") -> PictureWindow:
    found = part(window, PictureWindow, f"pictureWindow.{name}")
    qtbot.waitUntil(found.isActiveWindow)
    return found


@pytest.fixture
def filled(qtbot: QtBot, opened: MainWindow) -> PictureWindow:
    QTest.keyClick(opened, Qt.Key.Key_F)
    return alone(qtbot, opened)


def test_f_fills_the_screen_and_escape_returns(
    qtbot: QtBot, opened: MainWindow, filled: PictureWindow
) -> None:
    assert filled.isFullScreen()
    assert opened.is_picture_only
    assert opened.actions_by_id["view.picture_only"].isChecked()
    assert filled.view.size() == filled.size()
    assert not filled.bar.isVisible()
    QTest.keyClick(filled, Qt.Key.Key_Escape)
    assert not opened.actions_by_id["view.picture_only"].isChecked()
    qtbot.waitUntil(opened.isActiveWindow)


def test_double_click_goes_there_and_back(qtbot: QtBot, opened: MainWindow) -> None:
    QTest.mouseDClick(opened.stage.frame_view, LEFT, NONE, QPoint(200, 100))
    window = alone(qtbot, opened)
    QTest.mouseDClick(window.view, LEFT, NONE, QPoint(200, 100))
    assert not opened.is_picture_only


def test_keys_work_there(qtbot: QtBot, opened: MainWindow, filled: PictureWindow) -> None:
    QTest.keyClick(filled, Qt.Key.Key_Right)
    wait_for_frame(qtbot, opened, 1)
    QTest.keyClick(filled, Qt.Key.Key_M)
    assert opened.controller.marks == (1,)
    QTest.keyClick(filled, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert not filled.view.transform.is_fitted
    assert opened.stage.frame_view.transform.is_fitted
    assert opened.controller.view.picture_zoom is None


def test_picture_is_rendered_for_the_largest_view(
    qtbot: QtBot, opened: MainWindow, filled: PictureWindow
) -> None:
    small, large = opened.stage.frame_view.transform, filled.view.transform
    assert large.target.width() > small.target.width()

    def width() -> int:
        shown = opened.controller.shown
        return 0 if shown is None or shown.image is None else shown.image.width()

    # Larger than the video: the full picture is magnified by the views.
    full = opened.controller.info.width if opened.controller.info is not None else 0
    qtbot.waitUntil(lambda: width() == min(full, round(large.target.width())))


def test_controls_appear_with_the_mouse_and_rest(
    qtbot: QtBot, opened: MainWindow, filled: PictureWindow
) -> None:
    QTest.mouseMove(filled.view, QPoint(300, 200))
    QTest.mouseMove(filled.view, QPoint(310, 210))
    qtbot.waitUntil(filled.bar.isVisible)
    slim = part(filled, QWidget, "slimTimeline")
    QTest.mouseClick(slim, LEFT, NONE, QPoint(slim.width() // 2, slim.height() // 2))
    total = opened.controller.frame_total
    assert abs(opened.controller.position - total / 2) <= total * 0.1
    assert filled.bar.goto_field.text() == str(opened.controller.view.displayed_number)
    qtbot.waitUntil(lambda: not filled.bar.isVisible())
    assert filled.view.cursor().shape() is Qt.CursorShape.BlankCursor


def test_total_is_that_of_the_open_video(opened: MainWindow, filled: PictureWindow) -> None:
    total = filled.bar.findChild(QLabel)
    assert total is not None
    assert total.text() == f"/ {opened.controller.frame_total}"
    opened.controller.close_source()
    assert total.text() == ""


def test_number_is_typed_there(qtbot: QtBot, opened: MainWindow, filled: PictureWindow) -> None:
    QTest.keyClick(filled, Qt.Key.Key_G)
    qtbot.waitUntil(filled.bar.goto_field.hasFocus)
    QTest.keyClicks(filled.bar.goto_field, "7")
    QTest.keyClick(filled.bar.goto_field, Qt.Key.Key_Return)
    wait_for_frame(qtbot, opened, 7)
    qtbot.waitUntil(filled.view.hasFocus)


def test_a_dialog_is_not_hidden_behind_the_picture(
    qtbot: QtBot, opened: MainWindow, filled: PictureWindow
) -> None:
    del filled
    opened.dialogs.show_command_palette()
    qtbot.waitUntil(lambda: not opened.is_picture_only)
    palette = QApplication.activePopupWidget()
    assert palette is not None
    palette.close()


def test_the_overview_of_keys_is_shown_in_the_window(
    qtbot: QtBot, opened: MainWindow, filled: PictureWindow
) -> None:
    QTest.keyClick(filled, Qt.Key.Key_Question)
    qtbot.waitUntil(opened.dialogs.help.isVisible)
    assert not opened.is_picture_only


def test_second_window_shows_the_same_picture(qtbot: QtBot, opened: MainWindow) -> None:
    opened.toggle_second_window()
    second = alone(qtbot, opened, "second")
    assert second.isFullScreen() is (len(QGuiApplication.screens()) > 1)
    opened.controller.show_frame(5)
    wait_for_frame(qtbot, opened, 5)
    assert second.view.picture_size == opened.stage.frame_view.picture_size
    opened.toggle_second_window()
    assert not opened.has_second_window
    assert not second.isVisible()


def test_they_are_closed_with_the_main_window(qtbot: QtBot, opened: MainWindow) -> None:
    opened.toggle_second_window()
    second = alone(qtbot, opened, "second")
    opened.close()
    assert not second.isVisible()


def test_it_can_be_opened_again_and_again(qtbot: QtBot, opened: MainWindow) -> None:
    for _ in range(3):
        opened.toggle_picture_only()
        window = alone(qtbot, opened)
        opened.toggle_picture_only()
        with qtbot.waitSignal(window.destroyed):
            pass
    opened.controller.show_frame(3)
    wait_for_frame(qtbot, opened, 3)


def test_context_menu_is_that_of_the_picture(qtbot: QtBot, opened: MainWindow, filled: PictureWindow) -> None:
    texts: list[str] = []

    def look() -> None:
        menu = QApplication.activePopupWidget()
        if not isinstance(menu, QMenu) or QGuiApplication.focusWindow() is not menu.windowHandle():
            QTimer.singleShot(5, opened, look)
            return
        texts.extend(action.text() for action in menu.actions())
        menu.close()

    QTimer.singleShot(0, opened, look)
    filled.view.context_menu_requested.emit(QPoint(10, 10))
    assert "Copy picture" in texts
    qtbot.waitUntil(filled.isActiveWindow)
    assert opened.is_picture_only


def test_messages_are_shown_over_the_picture(qtbot: QtBot, opened: MainWindow, filled: PictureWindow) -> None:
    message = part(filled, QLabel, "pictureMessage")
    assert not message.isVisible()
    QTest.keyClick(
        filled, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert message.isVisible()
    assert message.text() == "“0” is on the clipboard."
    opened.controller.player.halve_speed()
    assert message.text() == "0.5×"
    qtbot.waitUntil(lambda: not message.isVisible())
