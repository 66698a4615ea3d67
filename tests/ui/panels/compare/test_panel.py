"""The comparison panel without a window: what it says while nothing is known, and what it saves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from framescope.core.compare.comparison import compare
from framescope.core.errors import DecodeError, OpenError
from framescope.ui.panels.compare.panel import ComparePanel, report_text
from tests.ui.parts import part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.core.compare.comparison import Comparison
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource
    from tests.compared_clips import ComparedClips
    from tests.ui.stand_ins import StandInController


@pytest.fixture(scope="module")
def found(compared_clips: ComparedClips) -> Comparison:
    return compare(compared_clips.source, compared_clips.copy)


@pytest.fixture
def panel(
    qtbot: QtBot, session: StandInController, controller: Controller, theme: ThemeSource
) -> ComparePanel:
    session.comparing.is_active = True
    widget = ComparePanel(controller, theme)
    qtbot.addWidget(widget)
    widget.show()
    return widget


def test_an_error_is_shown_with_its_hint(panel: ComparePanel, session: StandInController) -> None:
    session.comparing.error = OpenError("b.mp4 is broken.", hint="Copy it again.")
    session.comparing.changed.emit()
    assert part(panel, QLabel, "compareVerdict").text() == "B cannot be opened: b.mp4 is broken."
    assert part(panel, QLabel, "compareRemarks").text() == "Copy it again."


def test_what_was_stopped_or_failed_can_be_started_again(
    panel: ComparePanel, session: StandInController
) -> None:
    again = part(panel, QPushButton, "compareAgain")
    assert not again.isVisible()
    session.comparing.run.was_stopped = True
    session.comparing.run.changed.emit()
    assert again.isVisible()
    again.click()
    assert session.comparing.run.calls == [("start",)]
    session.comparing.run.was_stopped = False
    session.comparing.run.error = DecodeError("no")
    session.comparing.run.changed.emit()
    assert again.isVisible()


def test_every_report_is_that_of_the_command_line(found: Comparison) -> None:
    assert report_text(found, ".html").startswith("<!")
    document = json.loads(report_text(found, ".json"))
    assert [one["kind"] for one in document["differences"]].count("dropped") == 3
    lines = report_text(found, ".csv").splitlines()
    assert lines[0].startswith("frame_a,time_a_s,frame_b")
    assert len(lines) == 1 + 117 + 3 + 2
