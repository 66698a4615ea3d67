"""Two frames side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from framescope.ui.panels.seek.frames import SeekFrames
from tests.ui.panels.seek.audits import answer, canned_audit, child
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource


def test_an_answer_is_shown_with_both_frames(qtbot: QtBot, live: Controller, theme: ThemeSource) -> None:
    frames = SeekFrames(live, theme)
    on_screen(qtbot, frames, 316, 400)
    audit = canned_audit(count=100)
    frames.show_answer(audit.trial("opencv"), answer(10, 12), audit.facts)
    qtbot.waitUntil(lambda: frames.plates[2].image is not None)

    assert frames.words.startswith("Returned frame 12 (+2).")
    assert "pixels differ" in frames.words
    frames.resize(700, 400)
    assert not frames.grab().isNull()


def test_the_last_of_several_clicks_counts(qtbot: QtBot, live: Controller, theme: ThemeSource) -> None:
    frames = SeekFrames(live, theme)
    qtbot.addWidget(frames)
    audit = canned_audit()
    trial = audit.trial("opencv")
    for number in (10, 20, 30):
        frames.show_answer(trial, answer(number, number + 1), audit.facts)
    qtbot.waitUntil(lambda: frames.plates[2].image is not None)

    assert frames.words.startswith("Returned frame 31")
    assert child(frames, QPushButton, "seekGoAsked").text() == "requested 30"


def test_a_click_on_a_number_goes_there(qtbot: QtBot, live: Controller, theme: ThemeSource) -> None:
    frames = SeekFrames(live, theme)
    qtbot.addWidget(frames)
    audit = canned_audit()
    frames.show_answer(audit.trial("opencv"), answer(10, 12), audit.facts)
    child(frames, QPushButton, "seekGoLanded").click()

    assert live.position == 12
    qtbot.waitUntil(lambda: frames.plates[2].image is not None)


def test_nothing_came_is_told(qtbot: QtBot, live: Controller, theme: ThemeSource) -> None:
    frames = SeekFrames(live, theme)
    qtbot.addWidget(frames)
    audit = canned_audit()
    frames.show_answer(audit.trial("decord"), answer(10, None), audit.facts)
    qtbot.waitUntil(lambda: frames.plates[0].image is not None)

    assert frames.plates[1].image is None
    assert not child(frames, QPushButton, "seekGoLanded").isEnabled()
