"""Pieces of the window's work, one a turn of the event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from framescope.ui.widgets.turns import Turns

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from pytestqt.qtbot import QtBot

    from tests.ui.stand_ins import StandInController


class Worker(QObject):
    """Writes down what it did."""

    def __init__(self, name: str, done: list[str]) -> None:
        super().__init__()
        self._name = name
        self._done = done

    def work(self) -> None:
        self._done.append(self._name)


def test_each_piece_has_a_turn_of_its_own_and_is_done_once(qtbot: QtBot, session: StandInController) -> None:
    turns, done = Turns.of(session.as_controller()), list[str]()
    first, second = Worker("first", done), Worker("second", done)
    turns.do_soon(first.work)
    turns.do_soon(second.work)
    turns.do_soon(first.work)
    # A timer set between two pieces is heard before the second one.
    between = QTimer(interval=0, singleShot=True)
    between.timeout.connect(lambda: done.append("another event"))
    between.start()
    qtbot.waitUntil(lambda: "second" in done)
    assert done == ["first", "another event", "second"]


def test_a_session_has_one_queue(session: StandInController) -> None:
    assert Turns.of(session.as_controller()) is Turns.of(session.as_controller())


def test_what_was_deleted_is_left_out(qtbot: QtBot, session: StandInController) -> None:
    turns, done = Turns.of(session.as_controller()), list[str]()
    gone, there = Worker("gone", done), Worker("there", done)
    widget = QWidget()
    turns.do_soon(gone.work)
    turns.repaint_soon(widget)
    turns.do_soon(there.work)
    shiboken6.delete(gone)
    shiboken6.delete(widget)
    qtbot.waitUntil(lambda: done == ["there"])


def test_a_held_widget_is_painted_again_in_its_turn(qtbot: QtBot, session: StandInController) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    turns = Turns.of(session.as_controller())
    turns.repaint_soon(widget)
    turns.repaint_soon(widget)
    assert not widget.updatesEnabled()
    qtbot.waitUntil(widget.updatesEnabled)


class Painted(QWidget):
    """Writes down what it painted."""

    def __init__(self, turns: Turns) -> None:
        super().__init__()
        self._turns = turns
        self.painted: list[str] = []

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's
        self.painted.append("nothing" if self._turns.is_clearing(self) else "all")


def test_what_shows_another_video_is_cleared_at_once(qtbot: QtBot, session: StandInController) -> None:
    turns = Turns.of(session.as_controller())
    widget = Painted(turns)
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    qtbot.waitUntil(lambda: "all" in widget.painted)
    # Also what is keeping an older picture just now.
    for is_keeping in (False, True):
        widget.painted.clear()
        if is_keeping:
            turns.repaint_soon(widget)
        turns.clear(widget)
        turns.repaint_soon(widget, lambda: widget.painted.append("prepared"))
        qtbot.waitUntil(lambda: "all" in widget.painted)
        assert widget.painted == ["nothing", "prepared", "all"]
