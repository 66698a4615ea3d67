"""Windows and dialogs that fit their screen, and pages that scroll where they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget

from framescope.ui.widgets.screen_room import RoomyScroll, ScreenGuard, room_on_screen

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
    from pytestqt.qtbot import QtBot


@pytest.fixture
def screen(qapp: QApplication) -> QRect:
    del qapp
    return QGuiApplication.primaryScreen().availableGeometry()


def test_a_first_size_is_what_is_wanted_or_what_the_screen_has(qtbot: QtBot, screen: QRect) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    assert room_on_screen(widget, QSize(300, 200)) == QSize(300, 200)
    most = room_on_screen(widget, QSize(30_000, 20_000))
    assert most.width() <= screen.width()
    # Room for the title bar as well.
    assert most.height() < screen.height()


def test_a_dialog_larger_than_the_screen_is_shown_within_it(qtbot: QtBot, screen: QRect) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    ScreenGuard(window)
    dialog = QDialog(window)
    dialog.resize(screen.width() * 2, screen.height() * 2)
    with qtbot.waitExposed(dialog):
        dialog.show()
    assert screen.contains(dialog.geometry())


def test_a_dialog_of_a_dialog_and_one_beyond_the_edge_lie_on_the_screen(qtbot: QtBot, screen: QRect) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    ScreenGuard(window)
    first = QDialog(window)
    QApplication.sendPostedEvents()
    second = QDialog(first)
    second.resize(400, 300)
    second.move(screen.right() - 20, screen.bottom() - 20)
    with qtbot.waitExposed(second):
        second.show()
    assert screen.contains(second.geometry())


def test_a_small_dialog_is_left_alone(qtbot: QtBot, screen: QRect) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    ScreenGuard(window)
    dialog = QDialog(window)
    dialog.resize(300, 200)
    dialog.move(screen.x() + 40, screen.y() + 40)
    with qtbot.waitExposed(dialog):
        dialog.show()
    assert dialog.size() == QSize(300, 200)
    assert (dialog.x(), dialog.y()) == (screen.x() + 40, screen.y() + 40)


def test_a_page_asks_for_its_own_size_and_takes_less(qtbot: QtBot) -> None:
    page = QLabel("x")
    page.setMinimumSize(900, 700)
    scroll = RoomyScroll(page)
    qtbot.addWidget(scroll)
    assert scroll.sizeHint() == page.sizeHint()
    assert scroll.minimumSizeHint().width() < 400
    assert scroll.minimumSizeHint().height() < 200
