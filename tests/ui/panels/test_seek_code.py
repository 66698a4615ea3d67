"""Copy as code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton

from framescope.ui.panels.seek_panel import SeekPanel
from tests.ui.panels.seek_audits import child

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.theme import ThemeSource


def test_code_for_the_frame_on_screen_is_copied(
    qtbot: QtBot, live_session: Controller, theme: ThemeSource
) -> None:
    panel = SeekPanel(live_session, theme)
    qtbot.addWidget(panel)
    live_session.show_frame(7)
    menu = child(panel, QToolButton, "seekCode").menu()
    menu.aboutToShow.emit()
    action = next(action for action in menu.actions() if action.objectName() == "seekCode.framescope")
    with qtbot.waitSignal(live_session.notice_posted):
        action.trigger()

    assert "7" in QGuiApplication.clipboard().text()
    assert menu.actions()[0].text().endswith("frame 7")
