"""The line about long work: progress, time left, cancel, and how it ended."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QProgressBar, QToolButton

from framescope.core.errors import FrameScopeError
from framescope.core.export.result import ExportResult, FrameOutcome
from framescope.core.marks.formats import SavedMarks
from framescope.core.model.progress import Progress
from framescope.ui.widgets.icons import IconSource
from framescope.ui.window.job_bar import JobBar

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController


class StandInJob(QObject):
    """A job whose end the test decides."""

    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, title: str, origin: str = "") -> None:
        super().__init__()
        self.title = title
        self.origin = origin
        self.progress = Progress(0, None)

    def cancel(self) -> None:
        self.cancelled.emit()


@pytest.fixture
def bar(qtbot: QtBot, session: StandInController, theme: ThemeSource) -> JobBar:
    widget = JobBar(session.as_controller(), IconSource(theme))
    qtbot.addWidget(widget)
    return widget


def click_button(bar: JobBar) -> None:
    button = bar.findChild(QToolButton, "jobCancel")
    assert isinstance(button, QToolButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_is_hidden_while_nothing_runs(bar: JobBar) -> None:
    assert bar.isHidden()


def start(qtbot: QtBot, session: StandInController, bar: JobBar, job: StandInJob) -> None:
    """Start a job, and wait until it has taken long enough to be shown."""
    session.job_started.emit(job)
    qtbot.waitUntil(lambda: bar.text.startswith(job.title))


def test_shows_progress_of_the_job(qtbot: QtBot, bar: JobBar, session: StandInController) -> None:
    job = StandInJob("Exporting")
    start(qtbot, session, bar, job)
    job.progressed.emit(Progress(25, 100, "frame 25"))
    progress = bar.findChild(QProgressBar)
    rate = bar.findChild(QLabel, "jobRate")
    assert isinstance(progress, QProgressBar)
    assert isinstance(rate, QLabel)
    assert progress.value() == progress.maximum() // 4
    assert rate.text().startswith("25 %")


def test_cancel_reaches_the_job(qtbot: QtBot, bar: JobBar, session: StandInController) -> None:
    start(qtbot, session, bar, StandInJob("Exporting"))
    click_button(bar)
    assert bar.text == "Exporting: cancelled"


def test_failure_stays_until_dismissed(bar: JobBar, session: StandInController) -> None:
    job = StandInJob("Exporting")
    session.job_started.emit(job)
    job.failed.emit(FrameScopeError("The disk is full.", hint="Free some space."))
    assert bar.text == "The disk is full. Free some space."
    click_button(bar)
    assert bar.isHidden()


def test_newest_job_is_shown_and_the_older_one_after_it(
    qtbot: QtBot, bar: JobBar, session: StandInController
) -> None:
    first, second = StandInJob("Counting"), StandInJob("Exporting")
    start(qtbot, session, bar, first)
    session.job_started.emit(second)
    assert bar.text == "Exporting  (+1)"
    second.finished.emit(None)
    assert bar.text == "Counting"
    first.finished.emit(SimpleNamespace(summary="480 frames"))
    assert bar.text == "480 frames"


EXPORT = ExportResult(Path("out"), (), (), (), (), None, cancelled=False, elapsed_s=1.0, bytes_written=0)
SAVED = (FrameOutcome(1, Path("1.png")),)


@pytest.mark.parametrize(
    ("result", "role", "stays"),
    [
        (replace(EXPORT, written=SAVED), "success", False),
        (replace(EXPORT, written=SAVED, failed=SAVED), "warning", True),
        (replace(EXPORT, failed=SAVED), "error", True),
        (replace(EXPORT, not_reached=(2,), fault=FrameScopeError("Full.")), "error", True),
        (replace(EXPORT, written=SAVED, not_reached=(2,), cancelled=True), "muted", False),
        (SavedMarks(Path("a.edl"), 3), "success", False),
        (SavedMarks(Path("a.edl"), 3, ("2 marks were left out.",)), "warning", True),
    ],
)
def test_what_is_not_whole_is_no_success(
    bar: JobBar, session: StandInController, result: ExportResult | SavedMarks, role: str, *, stays: bool
) -> None:
    job = StandInJob("Exporting")
    session.job_started.emit(job)
    job.finished.emit(result)
    assert bar.text == result.summary
    title = bar.findChild(QLabel, "jobTitle")
    assert isinstance(title, QLabel)
    assert title.property("role") == role
    timer = bar.findChild(QTimer)
    assert isinstance(timer, QTimer)
    assert timer.isActive() is not stays


def test_result_without_words_goes_at_once(qtbot: QtBot, bar: JobBar, session: StandInController) -> None:
    job = StandInJob("Indexing")
    start(qtbot, session, bar, job)
    job.finished.emit(None)
    assert bar.isHidden()


def test_job_that_ends_at_once_leaves_what_is_shown_as_it_is(
    qtbot: QtBot, bar: JobBar, session: StandInController
) -> None:
    exported, listed = StandInJob("Exporting", "exportDialog"), StandInJob("Indexing")
    start(qtbot, session, bar, exported)
    exported.finished.emit(SimpleNamespace(summary="12 frames saved"))
    session.job_started.emit(listed)
    listed.progressed.emit(Progress(1, 2))
    assert bar.text == "12 frames saved"
    listed.finished.emit(None)
    assert bar.text == "12 frames saved"


def test_how_work_in_the_background_ended_stays_until_it_is_looked_at(
    qtbot: QtBot, bar: JobBar, session: StandInController
) -> None:
    job = StandInJob("Exporting", "exportDialog")
    session.job_started.emit(job)
    opener = bar.findChild(QToolButton, "jobOpen")
    assert isinstance(opener, QToolButton)
    assert not opener.isVisibleTo(bar)
    job.finished.emit(SimpleNamespace(summary="12 frames saved"))
    timer = bar.findChild(QTimer)
    assert timer is not None
    assert not timer.isActive()
    assert bar.text == "12 frames saved"
    with qtbot.waitSignal(bar.result_wanted) as wanted:
        opener.click()
    assert wanted.args == ["exportDialog"]
    assert bar.isHidden()


def test_work_of_several_jobs_says_how_all_of_it_ended(
    qtbot: QtBot, bar: JobBar, session: StandInController
) -> None:
    job = StandInJob("Exporting a.mp4 (2 of 2)", "queueDialog")
    start(qtbot, session, bar, job)
    bar.show_result("2 videos: 2 done", "success", "queueDialog")
    assert bar.text == "Exporting a.mp4 (2 of 2)"
    job.finished.emit(SimpleNamespace(summary=""))
    bar.show_result("2 videos: 1 done, 1 failed", "warning", "queueDialog")
    assert bar.text == "2 videos: 1 done, 1 failed"


@pytest.mark.parametrize("is_late", [False, True])
@pytest.mark.parametrize("origin", ["", "exportDialog"])
def test_what_was_cancelled_with_its_video_is_not_reported(
    qtbot: QtBot, bar: JobBar, session: StandInController, origin: str, *, is_late: bool
) -> None:
    job = StandInJob("Indexing", origin)
    start(qtbot, session, bar, job)
    for signal in (
        (session.source_closed, job.cancelled) if is_late else (job.cancelled, session.source_closed)
    ):
        signal.emit()
    # Work with an origin is not that of the video alone.
    assert bar.text == ("Indexing: cancelled" if origin else "")


def test_what_failed_is_still_told_once_its_video_is_closed(
    qtbot: QtBot, bar: JobBar, session: StandInController
) -> None:
    job = StandInJob("Indexing")
    start(qtbot, session, bar, job)
    session.source_closed.emit()
    job.failed.emit(FrameScopeError("The disk was removed."))
    assert bar.text == "The disk was removed."
