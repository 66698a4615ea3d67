"""The lanes, under pointer and keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest

from framescope.core.audit.records import Outcome
from framescope.ui.timeline.lanes import EDGE_PX, GUTTER_PX

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.panels.seek.panel import SeekPanel
    from tests.ui.stand_ins import StandInController


def test_lanes_have_the_coordinates_of_the_timeline(
    seek_panel: SeekPanel, session: StandInController
) -> None:
    lanes = seek_panel.results.lanes
    session.visible_range = (40.0, 60.0)
    session.visible_range_changed.emit(40.0, 60.0)
    axis = lanes.axis

    assert (axis.first, axis.last, axis.left) == (40.0, 60.0, GUTTER_PX)
    assert axis.right == lanes.width() - EDGE_PX
    assert [trial.engine for trial, _ in lanes.lanes] == ["framescope", "opencv", "decord"]


def test_a_lane_tells_about_the_answer_under_the_pointer(seek_panel: SeekPanel) -> None:
    lanes = seek_panel.results.lanes
    x = lanes.axis.x_of(50.5)

    assert "Frame 50: returned frame 52 (+2)" in lanes.words_at(x, 25)
    assert "Frame 50: exact" in lanes.words_at(x, 5)
    assert "opencv(n)" in lanes.words_at(10, 25)
    assert not lanes.words_at(x, 1000)


def test_a_click_on_a_lane_asks_for_the_frames(
    qtbot: QtBot, seek_panel: SeekPanel, session: StandInController
) -> None:
    session.index = range(0)
    lanes = seek_panel.results.lanes
    spot = QPoint(round(lanes.axis.x_of(20.5)), 45)
    with qtbot.waitSignal(lanes.request_chosen) as chosen:
        QTest.mouseClick(lanes, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    assert chosen.args is not None

    assert chosen.args[1].outcome is Outcome.FOREIGN
    assert seek_panel.results.engine == "decord"


def test_keys_walk_along_answers_and_engines(
    qtbot: QtBot, seek_panel: SeekPanel, session: StandInController
) -> None:
    session.index = range(0)
    lanes = seek_panel.results.lanes
    lanes.setFocus()
    QTest.keyClick(lanes, Qt.Key.Key_Up)
    assert seek_panel.results.engine == "framescope"
    with qtbot.waitSignal(lanes.request_chosen) as chosen:
        QTest.keyClick(lanes, Qt.Key.Key_Right)
    assert chosen.args is not None
    assert chosen.args[1].frame_number == 0
    with qtbot.waitSignal(lanes.request_chosen) as chosen:
        QTest.keyClick(lanes, Qt.Key.Key_Right)
    assert chosen.args is not None
    assert chosen.args[1].frame_number == 10


def test_its_keys_are_not_taken_by_shortcuts_of_the_window(
    qtbot: QtBot, seek_panel: SeekPanel, session: StandInController
) -> None:
    session.index = range(0)
    lanes = seek_panel.results.lanes
    taken: list[Qt.Key] = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Home):
        QShortcut(QKeySequence(key), seek_panel.window(), partial(taken.append, key))
    with qtbot.waitActive(seek_panel.window()):
        seek_panel.window().activateWindow()
    lanes.setFocus()
    with qtbot.waitSignal(lanes.request_chosen):
        QTest.keyClick(seek_panel.window().windowHandle(), Qt.Key.Key_Right)
    QTest.keyClick(seek_panel.window().windowHandle(), Qt.Key.Key_Home)
    assert taken == [Qt.Key.Key_Home]
