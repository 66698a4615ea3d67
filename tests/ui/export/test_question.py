"""The one question about files that exist."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtWidgets import QMessageBox, QPushButton

from framescope.core.export.manifest.resume import Unfinished
from framescope.core.export.plan import Action, ExportPlan
from framescope.core.export.settings import ExportSettings, OnExisting
from framescope.ui.export.question import ExistingQuestion
from framescope.ui.widgets.icons import IconSource
from tests.core.export.manifest.test_reading import HEADER
from tests.ui.parts import part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


def plan_of(taken: int, free: int) -> ExportPlan:
    total = taken + free
    names = tuple(f"clip_{number:06d}.jpg" for number in range(total))
    actions = (Action.ASK,) * taken + (Action.WRITE,) * free
    return ExportPlan(ExportSettings(Path("/out")), np.arange(total), names, actions)


@pytest.fixture
def icons(theme: ThemeSource) -> IconSource:
    return IconSource(theme)


@pytest.mark.parametrize(
    ("taken", "free", "words"),
    [
        (1, 0, "clip_000000.jpg exists already."),
        (3, 0, "All 3 files exist already."),
        (1, 4, "1 of the 5 files exists already."),
        (2, 10_000, "2 of the 10\u202f002 files exist already."),
    ],
)
def test_it_says_how_many(qtbot: QtBot, icons: IconSource, taken: int, free: int, words: str) -> None:
    question = ExistingQuestion(plan_of(taken, free), icons)
    qtbot.addWidget(question)
    assert question.text() == words
    assert "/out" in question.informativeText() or "\\out" in question.informativeText()


@pytest.mark.parametrize("answer", [OnExisting.SKIP, OnExisting.OVERWRITE, OnExisting.NUMBER])
def test_each_answer_has_a_button(qtbot: QtBot, icons: IconSource, answer: OnExisting) -> None:
    question = ExistingQuestion(plan_of(1, 1), icons)
    question.open()
    with qtbot.waitSignal(question.answered) as answered, qtbot.assertNotEmitted(question.called_off):
        part(question, QPushButton, f"exportExisting.{answer.value}").click()
    assert answered.args == [answer]


def test_escape_calls_it_off_and_enter_destroys_nothing(qtbot: QtBot, icons: IconSource) -> None:
    question = ExistingQuestion(plan_of(1, 1), icons)
    default = question.defaultButton()
    assert default is not None
    assert default.objectName() == "exportExisting.skip"
    question.open()
    with qtbot.waitSignal(question.called_off), qtbot.assertNotEmitted(question.answered):
        question.button(QMessageBox.StandardButton.Cancel).click()


def test_an_unfinished_export_can_be_resumed(qtbot: QtBot, icons: IconSource) -> None:
    unfinished = Unfinished(Path("/out"), HEADER, frame_count=3000, told_count=1202, failed_count=2)
    question = ExistingQuestion(plan_of(1, 1), icons, unfinished=unfinished)
    assert "3\u202f000 frames" in question.informativeText()
    assert "1\u202f200 are done" in question.informativeText()
    default = question.defaultButton()
    assert default is not None
    # It is of other frames than those that are chosen now.
    assert default.objectName() == "exportExisting.skip"
    question.open()
    with qtbot.waitSignal(question.resume_wanted), qtbot.assertNotEmitted(question.called_off):
        part(question, QPushButton, "exportExisting.resume").click()


def test_without_one_there_is_no_such_button(qtbot: QtBot, icons: IconSource) -> None:
    question = ExistingQuestion(plan_of(1, 1), icons)
    qtbot.addWidget(question)
    assert question.findChild(QPushButton, "exportExisting.resume") is None


def test_an_unfinished_export_of_the_same_frames_is_what_enter_resumes(
    qtbot: QtBot, icons: IconSource
) -> None:
    unfinished = Unfinished(Path("/out"), replace(HEADER, frames="0:2"), 2, told_count=1, failed_count=0)
    question = ExistingQuestion(plan_of(1, 1), icons, unfinished=unfinished)
    qtbot.addWidget(question)
    default = question.defaultButton()
    assert default is not None
    assert default.objectName() == "exportExisting.resume"
