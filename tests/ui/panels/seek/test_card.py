"""The verdict in full."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from framescope.core.audit.records import TrialState
from framescope.ui.panels.seek.results import SeekCard
from tests.ui.panels.seek.audits import canned_audit

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


def test_a_verdict_has_its_cause_and_advice(qtbot: QtBot, theme: ThemeSource) -> None:
    card = SeekCard(theme)
    qtbot.addWidget(card)
    card.set_trial(canned_audit().trial("opencv"))

    assert card.text.startswith("OpenCV by frame: wrong after a frame")
    assert "Likely cause: The frame rate varies." in card.text
    assert "1.  Read on from the start (1 s a frame)." in card.text
    assert not card.grab().isNull()


def test_an_engine_that_runs_has_no_verdict_yet(qtbot: QtBot, theme: ThemeSource) -> None:
    card = SeekCard(theme)
    qtbot.addWidget(card)
    trial = canned_audit().trial("opencv")
    card.set_trial(replace(trial, state=TrialState.RUNNING))

    assert "So far 5 of 10 requests were right." in card.text
    assert "Likely cause" not in card.text


def test_too_few_answers_ask_for_more(qtbot: QtBot, theme: ThemeSource) -> None:
    card = SeekCard(theme)
    qtbot.addWidget(card)
    trial = canned_audit().trial("framescope")
    card.set_trial(replace(trial, requests=trial.requests[:3]))

    assert "correct for the requested 3 frames" in card.text
    assert "check every frame" in card.text
