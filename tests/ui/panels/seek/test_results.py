"""What was found, and what of it is chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QToolButton, QWidget

from framescope.core.audit.records import TrialState
from tests.ui.panels.seek.audits import canned_audit, child

if TYPE_CHECKING:
    from framescope.ui.panels.seek.panel import SeekPanel
    from tests.ui.stand_ins import StandInController


def test_the_most_telling_engine_is_chosen_and_explained(seek_panel: SeekPanel) -> None:
    assert seek_panel.results.engine == "opencv"
    assert seek_panel.results.text.startswith("2 of 3 engines")
    card = child(seek_panel, QWidget, "seekVerdict")
    assert "Likely cause: The frame rate varies." in card.text


@pytest.mark.parametrize("width", [340, 500, 700])
def test_nothing_is_wider_than_the_dock(seek_panel: SeekPanel, width: int) -> None:
    seek_panel.resize(width, 700)
    content = child(seek_panel, QWidget, "seekContent")

    assert content.minimumSizeHint().width() <= width


def test_next_and_previous_walk_over_wrong_answers_only(
    seek_panel: SeekPanel, session: StandInController
) -> None:
    session.index = range(0)
    results = seek_panel.results
    walked = []
    results.lanes.engine_chosen.emit("opencv")
    for name in ("seekNextWrong", "seekNextWrong", "seekPreviousWrong", "seekPreviousWrong"):
        child(seek_panel, QToolButton, name).click()
        walked.append(results.answer)

    assert [None if one is None else one.frame_number for one in walked] == [50, 60, 50, 50]


def test_a_cancelled_audit_says_that_it_was_stopped(seek_panel: SeekPanel) -> None:
    audit = canned_audit()
    stopped = replace(audit.trials[0], state=TrialState.CANCELLED)
    seek_panel.run.adopt(replace(audit, trials=(stopped, *audit.trials[1:])))

    assert seek_panel.results.text.startswith("Stopped. 2 of 3")


def test_a_file_that_cannot_be_opened_is_an_answer(seek_panel: SeekPanel) -> None:
    seek_panel.run.adopt(replace(canned_audit(), trials=(), error="It is no video."))

    assert seek_panel.results.text.startswith("It is no video.")
    assert not child(seek_panel, QWidget, "seekTable").isVisible()
