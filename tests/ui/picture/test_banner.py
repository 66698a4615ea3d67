"""The line that says the open file changed on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from framescope.core.errors import FrameScopeError
from framescope.ui.picture.banner import ChangedFileBanner, FailedOpenBanner

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.theme import ThemeSource
    from tests.ui.stand_ins import StandInController


def test_reload_is_offered_when_the_file_was_replaced(
    qtbot: QtBot, session: StandInController, theme: ThemeSource
) -> None:
    banner = ChangedFileBanner(session.as_controller(), theme)
    qtbot.addWidget(banner)
    assert banner.text == ""
    session.source_changed.emit("replaced")
    assert "another one" in banner.text
    button = banner.findChild(QPushButton, "changedFileAnswer")
    assert isinstance(button, QPushButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert session.called("reopen_source") == [()]
    assert banner.text == ""


def test_deleted_file_cannot_be_reloaded(
    qtbot: QtBot, session: StandInController, theme: ThemeSource
) -> None:
    banner = ChangedFileBanner(session.as_controller(), theme)
    qtbot.addWidget(banner)
    session.source_changed.emit("deleted")
    button = banner.findChild(QPushButton, "changedFileAnswer")
    assert isinstance(button, QPushButton)
    assert not button.isVisible()
    session.open()
    assert banner.text == ""


def test_failed_opening_names_the_file_and_goes_when_a_video_opens(
    qtbot: QtBot, session: StandInController, theme: ThemeSource
) -> None:
    banner = FailedOpenBanner(session.as_controller(), theme)
    qtbot.addWidget(banner)
    banner.show_error(FrameScopeError("It is broken.", hint="Repair it."), "/videos/x.mp4")
    assert banner.text == "x.mp4 could not be opened. It is broken. Repair it."
    session.open()
    assert banner.text == ""
