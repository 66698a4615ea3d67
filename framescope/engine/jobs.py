"""One kind of long work: a function with progress and cancel, run in the background."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDeadlineTimer, QObject, QThread, QTimer, Signal, Slot

from framescope.core.errors import Cancelled, FrameScopeError
from framescope.core.model.progress import CancelToken, Progress
from framescope.core.translation import tr
from framescope.engine.bugs import BugsReported
from framescope.engine.outbox import Outbox
from framescope.engine.stragglers import leave_behind

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.model.progress import ProgressCallback

    Work = Callable[[ProgressCallback, CancelToken], Any]


_LOG = logging.getLogger(__name__)


class Job(QObject):
    """A long-running task. Exactly one of finished, failed and cancelled is emitted, in the GUI thread.

    This also holds after closing: a job requested then never starts, and is cancelled. Only a job left behind
    because a library call does not return ends silently.

    An unexpected exception in the work is passed to ``sys.excepthook`` (in the job's thread); the job then
    ends as failed, with a FrameScopeError that says so.

    Attributes:
        title: What is being done, for display.
        origin: The objectName of the dialog or panel that shows the result, for work that writes the user's
            files and must not be lost; empty for any other.
        progress: The latest report.
        result: The work's result; None until finished.
        error: The error; None unless failed.
        is_over: Whether it has finished, failed or been cancelled.
    """

    progressed = Signal(object)
    """The latest Progress. Reports that arrive faster than the window takes them are dropped."""
    finished = Signal(object)
    """The work's result."""
    failed = Signal(object)
    """The FrameScopeError that stopped it."""
    cancelled = Signal()
    settled = Signal()
    """The job has ended; emitted after the others."""

    def __init__(self, title: str, work: Work, parent: QObject | None = None, *, origin: str = "") -> None:
        super().__init__(parent)
        self.title = title
        self.origin = origin
        self.progress = Progress(0, None)
        self.result: object = None
        self.error: FrameScopeError | None = None
        self.is_over = False
        self._cancel = CancelToken()
        self._was_cancelled = False
        self._thread = _JobThread(self, work)
        self._reports = Outbox(self)
        self._reports.filled.connect(self._on_report_filled)
        self._thread.finished.connect(self._on_thread_finished)

    def start(self) -> None:
        """Start. Threads: GUI, once."""
        self._thread.start()

    def refuse(self) -> None:
        """Emit cancelled instead of starting, once signals are connected. Threads: GUI, once."""
        self._was_cancelled = True
        QTimer.singleShot(0, self, self._settle)

    @Slot()
    def cancel(self) -> None:
        """Ask the work to stop at its next check. Threads: any."""
        self._cancel.cancel()

    @property
    def is_running(self) -> bool:
        """Whether the thread is running."""
        return self._thread.isRunning()

    def wait(self, deadline: QDeadlineTimer) -> bool:
        """Block until the work has ended, and settle; returns whether it has. Only for closing."""
        has_ended = self._thread.wait(deadline)
        if has_ended:
            self._settle()
        return has_ended

    def carry_out(self, work: Work) -> None:
        """Do the work and store the outcome. Threads: the job's."""
        self.error = FrameScopeError(
            tr("“{title}” stopped because of a bug in FrameScope.", title=self.title),
            hint=tr("Please report it."),
        )
        try:
            self._cancel.raise_if_cancelled()
            self.result = work(self._reports.put, self._cancel)
            self.error = None
        except Cancelled:
            self._was_cancelled, self.error = True, None
        except FrameScopeError as error:
            self.error = error

    @Slot()
    def _on_report_filled(self) -> None:
        report = self._reports.take()
        if report is not None and not self.is_over:
            self.progress = report
            self.progressed.emit(report)

    @Slot()
    def _on_thread_finished(self) -> None:
        self._settle()

    @Slot()
    def _settle(self) -> None:
        if self.is_over:
            return
        self.is_over = True
        if self._was_cancelled:
            _LOG.info("“%s” was cancelled", self.title)
            self.cancelled.emit()
        elif self.error is not None:
            _LOG.info("“%s” failed: %s", self.title, self.error)
            self.failed.emit(self.error)
        else:
            _LOG.info("“%s” finished", self.title)
            self.finished.emit(self.result)
        self.settled.emit()


class _JobThread(QThread):
    """Runs one job's work."""

    def __init__(self, job: Job, work: Work) -> None:
        super().__init__(job)
        self._job = job
        self._work = work
        self.setObjectName("job")

    def run(self) -> None:
        with BugsReported():
            self._job.carry_out(self._work)


class JobRunner(QObject):
    """Starts jobs, keeps track of running ones, and ends them all. Threads: GUI."""

    job_started = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: list[Job] = []
        self._is_closed = False

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Running jobs, oldest first."""
        return tuple(self._jobs)

    def start(self, title: str, work: Work, *, announce: bool = True, origin: str = "") -> Job:
        """Start long work.

        Args:
            title: What is being done, for display.
            work: Called with a progress callback and a cancel token, in the job's own thread.
            announce: Whether to emit job_started; not for short work.
            origin: See `Job`.
        """
        job = Job(title, work, self, origin=origin)
        if self._is_closed:
            # For example from a timer that fires once more: its thread would outlive the window.
            job.settled.connect(job.deleteLater)
            job.refuse()
            return job
        self._jobs.append(job)
        job.settled.connect(self._on_job_settled)
        job.start()
        if announce:
            self.announce(job)
        return job

    def announce(self, job: Job) -> None:
        """Emit job_started for a job that was started without, unless it is over."""
        if not job.is_over:
            self.job_started.emit(job)

    def close(self, deadline: QDeadlineTimer | None = None) -> None:
        """Cancel and wait for every job, including those started because another one ended.

        Jobs requested afterwards are cancelled at once.

        Args:
            deadline: A job still running then is left behind; None to wait forever.
        """
        limit = deadline or QDeadlineTimer(QDeadlineTimer.ForeverConstant.Forever)
        while self._jobs:
            for job in self._jobs:
                job.cancel()
            for job in tuple(self._jobs):
                if not job.wait(limit):
                    self._jobs.remove(job)
                    leave_behind(job)
        self._is_closed = True

    @Slot()
    def _on_job_settled(self) -> None:
        over = [job for job in self._jobs if job.is_over]
        self._jobs = [job for job in self._jobs if not job.is_over]
        for job in over:
            job.deleteLater()
