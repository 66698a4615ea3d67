"""The line that says what the panel does or has done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from framescope.ui.panels.fragments.panel import FragmentStatus
from framescope.ui.panels.fragments.run import FragmentRun

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.ui.stand_ins import StandInController


@pytest.fixture
def status(qtbot: QtBot, session: StandInController) -> tuple[FragmentRun, FragmentStatus]:
    run = FragmentRun(session.as_controller())
    widget = FragmentStatus(run)
    qtbot.addWidget(widget)
    return run, widget


def test_nothing_to_say_takes_no_room(status: tuple[FragmentRun, FragmentStatus]) -> None:
    assert status[1].isHidden()


def test_a_result_can_be_opened(qtbot: QtBot, status: tuple[FragmentRun, FragmentStatus]) -> None:
    run, widget = status
    run.words, run.made = "24 fragments in store.", Path("store")
    run.changed.emit()
    widget.show()
    text, button = (
        widget.findChild(QLabel, "fragmentStatusText"),
        widget.findChild(QPushButton, "fragmentOpenMade"),
    )
    assert text is not None
    assert button is not None
    assert text.text() == "24 fragments in store."
    with qtbot.waitSignal(widget.open_wanted) as wanted:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert wanted.args == ["store"]


def test_an_error_is_shown_as_one(status: tuple[FragmentRun, FragmentStatus]) -> None:
    run, widget = status
    run.error = "The disk is full."
    run.changed.emit()
    text = widget.findChild(QLabel, "fragmentStatusText")
    assert text is not None
    assert text.text() == "The disk is full."
    assert text.property("role") == "error"
