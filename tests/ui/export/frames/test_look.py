"""The box that offers to look at the frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton

from framescope.core.model.progress import Progress
from framescope.ui.export.frames.guide import LookBox
from tests.ui.parts import part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def box(qtbot: QtBot) -> LookBox:
    widget = LookBox()
    qtbot.addWidget(widget)
    return widget


def test_it_is_seen_only_while_something_has_to_be_looked_at(box: LookBox) -> None:
    assert box.isHidden()
    box.show_unseen(range(250))
    assert not box.isHidden()
    assert "250 frames" in part(box, QLabel, "exportLookText").text()
    box.show_unseen(range(250), 125.0)
    assert "decoded once (2 min 05 s or more)" in box.text
    box.show_unseen(range(0))
    assert box.isHidden()


def test_the_button_starts_and_stops(qtbot: QtBot, box: LookBox) -> None:
    box.show_unseen(range(250))
    button = part(box, QPushButton, "exportLookStart")
    with qtbot.waitSignal(box.wanted):
        button.click()
    box.begin()
    assert (box.is_running, button.text()) == (True, "Stop")
    with qtbot.waitSignal(box.stopped):
        button.click()
    box.end()
    assert (box.is_running, button.text()) == (False, "Analyse frames")


def test_progress_is_shown_while_it_runs(box: LookBox) -> None:
    bar = part(box, QProgressBar, "exportLookProgress")
    box.show_unseen(range(250))
    assert bar.isHidden()
    box.begin()
    box.show_progress(Progress(50, 250))
    assert (bar.isHidden(), bar.value() * 5) == (False, bar.maximum())
    assert "20 %" in part(box, QLabel, "exportLookRate").text()
    box.show_unseen(range(0))
    assert not box.isHidden()


def test_a_failure_is_said_where_the_work_is(box: LookBox) -> None:
    box.show_unseen(range(250))
    box.begin()
    box.end("The file is gone.")
    assert part(box, QLabel, "exportLookText").text() == "The file is gone."
    assert part(box, QPushButton, "exportLookStart").text() == "Analyse again"
