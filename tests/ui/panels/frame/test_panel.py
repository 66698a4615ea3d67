"""The frame panel follows the current frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QMenu

from framescope.ui.panels.fact_widgets import FactRow
from framescope.ui.panels.frame.panel import FramePanel
from framescope.ui.panels.gop.strip import GopStrip
from tests.ui.panels.panel_examples import open_video
from tests.ui.parts import on_screen
from tests.ui.stand_ins import make_shown

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController


@pytest.fixture
def panel(qtbot: QtBot, controller: Controller, theme: ThemeSource) -> FramePanel:
    made = FramePanel(controller, theme)
    return on_screen(qtbot, made, 340, 500)


def text(panel: FramePanel, name: str) -> str:
    label = panel.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return "" if label.isHidden() else label.text()


def strip(panel: FramePanel) -> GopStrip:
    found = panel.findChild(GopStrip, "gopStrip")
    assert isinstance(found, GopStrip)
    return found


def test_it_follows_the_frame(panel: FramePanel, session: StandInController, qtbot: QtBot) -> None:
    open_video(session)
    session.show(5)
    qtbot.waitUntil(lambda: text(panel, "frameNumber") == "5")
    assert panel.rows["GOP"].startswith("2 of 3")
    assert panel.rows["Picture"].startswith("64×48")
    content = strip(panel).content
    assert content is not None
    assert content.numbers.tolist() == [4, 5, 6, 7, 8]
    session.show(11)
    qtbot.waitUntil(lambda: panel.rows["GOP"].startswith("3 of 3"))
    panel.grab()


def test_the_bars_lead_to_their_frames(panel: FramePanel, session: StandInController) -> None:
    strip(panel).frame_clicked.emit(8)
    assert session.called("show_frame") == [(8,)]


def test_an_unavailable_frame_says_why(panel: FramePanel, session: StandInController, qtbot: QtBot) -> None:
    open_video(session)
    session.shown = make_shown(5, frame=None, image=None, unavailable_reason="Its packets are damaged.")
    session.position = 5
    session.frame_shown.emit()
    qtbot.waitUntil(lambda: text(panel, "unavailableReason") == "Its packets are damaged.")
    assert "Picture" not in panel.rows
    session.show(4)
    qtbot.waitUntil(lambda: text(panel, "unavailableReason") == "")


def test_a_placeholder_lends_nothing_to_the_frame_that_is_asked_for(
    panel: FramePanel, session: StandInController, qtbot: QtBot
) -> None:
    open_video(session)
    session.shown = make_shown(5, frame=None, provisional=True, pictured_number=4)
    session.position = 5
    session.frame_shown.emit()
    qtbot.waitUntil(lambda: text(panel, "frameNumber") == "5")
    assert "inferred" in panel.rows["Type"]


def test_a_frame_that_is_not_listed_yet(panel: FramePanel, session: StandInController, qtbot: QtBot) -> None:
    open_video(session)
    session.position = 500
    session.position_changed.emit(500)
    qtbot.waitUntil(lambda: text(panel, "frameNumber") == "500")
    assert strip(panel).isHidden()


def test_rows_can_be_copied(panel: FramePanel, session: StandInController, qtbot: QtBot) -> None:
    open_video(session)
    session.show(5)
    qtbot.waitUntil(lambda: "pts" in panel.rows)
    row = next(
        each for each in panel.findChildren(FactRow) if each.fact is not None and each.fact.label == "pts"
    )
    row.menu_wanted.emit(row, QPoint(0, 0))
    menu = next(menu for menu in panel.findChildren(QMenu) if menu.isVisible())
    value, whole, every = menu.actions()
    value.trigger()
    assert QGuiApplication.clipboard().text() == "5"
    whole.trigger()
    assert QGuiApplication.clipboard().text().startswith("pts: 5 – dts")
    every.trigger()
    assert QGuiApplication.clipboard().text().startswith("Frame: 5\nTime: ")
    menu.close()


def test_without_a_video_it_is_empty(panel: FramePanel, session: StandInController, qtbot: QtBot) -> None:
    open_video(session)
    session.info = session.index = session.shown = None
    session.source_closed.emit()
    number = panel.findChild(QLabel, "frameNumber")
    assert isinstance(number, QLabel)
    qtbot.waitUntil(lambda: not number.isVisible())
