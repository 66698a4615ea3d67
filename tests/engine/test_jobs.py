"""Jobs end in exactly one way, in the GUI thread, and never outlive their runner."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, QThread, Slot

from framescope.core.errors import ExportError, FrameScopeError
from framescope.core.model.progress import CancelToken, Progress, ProgressCallback
from framescope.engine.jobs import Job, JobRunner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[JobRunner]:
    del qtbot
    runner = JobRunner()
    yield runner
    runner.close()


class Ear(QObject):
    """Writes down how a job ends."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.heard: list[tuple[str, object]] = []
        self.threads: set[QThread] = set()
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)
        job.cancelled.connect(self._on_cancelled)

    def _hear(self, what: str, value: object) -> None:
        self.heard.append((what, value))
        self.threads.add(QThread.currentThread())

    @Slot(object)
    def _on_finished(self, result: object) -> None:
        self._hear("finished", result)

    @Slot(object)
    def _on_failed(self, error: object) -> None:
        self._hear("failed", error)

    @Slot()
    def _on_cancelled(self) -> None:
        self._hear("cancelled", None)


def wait_for_cancel(progress: ProgressCallback, cancel: CancelToken) -> None:
    del progress
    for _ in range(20_000):
        cancel.raise_if_cancelled()
        threading.Event().wait(0.001)
    raise AssertionError("never cancelled")


def test_result_arrives_in_the_gui_thread(qtbot: QtBot, runner: JobRunner) -> None:
    worked_in: list[QThread] = []

    def work(progress: ProgressCallback, cancel: CancelToken) -> int:
        del progress, cancel
        worked_in.append(QThread.currentThread())
        return 42

    job = runner.start("Counting", work)
    ear = Ear(job)
    with qtbot.waitSignal(job.settled):
        pass
    assert ear.heard == [("finished", 42)]
    assert ear.threads == {QThread.currentThread()}
    assert worked_in[0] is not QThread.currentThread()
    assert job.result == 42


def test_a_frame_scope_error_is_a_failure(qtbot: QtBot, runner: JobRunner) -> None:
    error = ExportError("The disk is full.", hint="Free some space.")

    def work(progress: ProgressCallback, cancel: CancelToken) -> None:
        del progress, cancel
        raise error

    job = runner.start("Exporting", work)
    ear = Ear(job)
    with qtbot.waitSignal(job.settled):
        pass
    assert ear.heard == [("failed", error)]
    assert job.error is error


def test_cancelled_is_not_failed(qtbot: QtBot, runner: JobRunner) -> None:
    job = runner.start("Endless", wait_for_cancel)
    ear = Ear(job)
    with qtbot.waitSignal(job.settled):
        job.cancel()
    assert ear.heard == [("cancelled", None)]
    assert job.error is None


def test_a_bug_reaches_the_excepthook_and_ends_the_job(
    qtbot: QtBot, runner: JobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    bugs: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, bug, _trace: bugs.append(bug))

    def work(progress: ProgressCallback, cancel: CancelToken) -> None:
        del progress, cancel
        raise ZeroDivisionError

    job = runner.start("Dividing", work)
    ear = Ear(job)
    with qtbot.waitSignal(job.settled):
        pass
    assert [type(bug) for bug in bugs] == [ZeroDivisionError]
    assert [what for what, _ in ear.heard] == ["failed"]
    assert isinstance(job.error, FrameScopeError)


def test_progress_coalesces_but_the_last_report_arrives(qtbot: QtBot, runner: JobRunner) -> None:
    seen: list[Progress] = []
    proceed = threading.Event()

    def work(progress: ProgressCallback, cancel: CancelToken) -> None:
        del cancel
        for done in range(1, 1001):
            progress(Progress(done, 1000))
        proceed.wait(60)

    job = runner.start("Fast", work)
    job.progressed.connect(seen.append)
    qtbot.waitUntil(lambda: bool(seen) and seen[-1].done == 1000)
    proceed.set()
    with qtbot.waitSignal(job.settled):
        pass
    assert len(seen) < 1000
    assert job.progress.done == 1000


def test_runner_announces_forgets_and_keeps_quiet_when_asked(qtbot: QtBot, runner: JobRunner) -> None:
    announced: list[Job] = []
    runner.job_started.connect(announced.append)
    loud = runner.start("Loud", wait_for_cancel)
    quiet = runner.start("Quiet", wait_for_cancel, announce=False)
    assert announced == [loud]
    assert runner.jobs == (loud, quiet)
    loud.cancel()
    quiet.cancel()
    qtbot.waitUntil(lambda: runner.jobs == ())


def test_close_cancels_everything_and_waits(qtbot: QtBot) -> None:
    del qtbot
    runner = JobRunner()
    ears = [Ear(runner.start(f"Job {number}", wait_for_cancel)) for number in range(3)]
    runner.close()
    assert [ear.heard for ear in ears] == [[("cancelled", None)]] * 3
    assert runner.jobs == ()


class Starter(QObject):
    """Starts another job when one is over."""

    def __init__(self, runner: JobRunner, first: Job, work: Callable[..., object]) -> None:
        super().__init__()
        self.started: list[Job] = []
        self._runner = runner
        self._work = work
        first.settled.connect(self._on_settled)

    @Slot()
    def _on_settled(self) -> None:
        self.started.append(self._runner.start("the next", self._work))


def test_close_ends_what_the_end_of_another_starts(runner: JobRunner) -> None:
    gate = threading.Event()

    def work(progress: ProgressCallback, cancel: CancelToken) -> None:
        # Finishes although it is cancelled, as work does that was all but done.
        del progress, cancel
        gate.wait()

    first = runner.start("the first", work)
    starter = Starter(runner, first, work)
    gate.set()
    runner.close()
    assert runner.jobs == ()
    assert first.is_over
    assert [job.is_over for job in starter.started] == [True]


def test_nothing_begins_after_closing(qtbot: QtBot) -> None:
    runner = JobRunner()
    runner.close()
    ran: list[str] = []
    job = runner.start("too late", lambda _progress, _cancel: ran.append("ran"))
    ear = Ear(job)
    assert ear.heard == []
    with qtbot.waitSignal(job.settled):
        pass
    assert ear.heard == [("cancelled", None)]
    assert job.is_over
    assert ran == []
    assert runner.jobs == ()
