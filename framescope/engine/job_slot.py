"""One place for a job: starting another ignores the one before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from framescope.engine.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.errors import FrameScopeError
    from framescope.core.model.progress import CancelToken, Progress, ProgressCallback
    from framescope.engine.jobs import Job, Work

    Publish = Callable[[Any], None]
    PublishingWork = Callable[[ProgressCallback, CancelToken, Publish], object]


class JobSlot(QObject):
    """Runs at most one job at a time; starting another ignores the earlier one. Threads: GUI.

    Attributes:
        error: The error of the last job; None during a job, or if it succeeded.
    """

    changed = Signal()
    """A job started or ended; on ending it follows ``finished``, ``failed`` or ``cancelled``."""
    progressed = Signal(object)
    """The latest Progress."""
    published = Signal(object)
    """An interim result. Results that come faster than the GUI can handle are dropped."""
    finished = Signal(object)
    """The work's result."""
    failed = Signal(object)
    """FrameScopeError."""
    cancelled = Signal()

    def __init__(self, run_job: Callable[..., Job], parent: QObject | None = None) -> None:
        """Run jobs with ``run_job``, which takes what `JobRunner.start` takes."""
        super().__init__(parent)
        self.error: FrameScopeError | None = None
        self._run_job = run_job
        self._job: Job | None = None
        self._serial = 0
        # Without a parent: work that goes on when its dialog is gone still puts parts in it.
        self._parts = Outbox()
        self._parts.filled.connect(self._on_part_filled)

    @property
    def job(self) -> Job | None:
        """The running job."""
        return self._job

    @property
    def is_running(self) -> bool:
        """Whether a job is running."""
        return self._job is not None

    def start(self, title: str, work: Work, *, announce: bool = True, origin: str = "") -> None:
        """Start a job; see `JobRunner.start`. A running job is cancelled and ignored."""
        self.forget()
        job = self._job = self._run_job(title, work, announce=announce, origin=origin)
        job.progressed.connect(self._on_progressed)
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)
        job.cancelled.connect(self._on_cancelled)
        self.changed.emit()

    def start_publishing(self, title: str, work: PublishingWork) -> None:
        """Start work that publishes interim results through its third argument."""
        serial, parts = self._serial + 1, self._parts

        def carry_out(progress: ProgressCallback, cancel: CancelToken) -> object:
            return work(progress, cancel, lambda part: parts.put((serial, part)))

        self.start(title, carry_out)

    @Slot()
    def cancel(self) -> None:
        """Request that the job stop; its result is still reported."""
        if self._job is not None:
            self._job.cancel()

    def forget(self) -> None:
        """Cancel the job and ignore its result."""
        self.cancel()
        self._job = self.error = None
        self._serial += 1

    @Slot()
    def _on_part_filled(self) -> None:
        item = self._parts.take()
        if item is not None and item[0] == self._serial and self._job is not None:
            self.published.emit(item[1])

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        if self.sender() is self._job:
            self.progressed.emit(progress)

    @Slot(object)
    def _on_finished(self, result: object) -> None:
        if self._has_ended():
            self.finished.emit(result)
            self.changed.emit()

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        if self._has_ended():
            self.error = error
            self.failed.emit(error)
            self.changed.emit()

    @Slot()
    def _on_cancelled(self) -> None:
        if self._has_ended():
            self.cancelled.emit()
            self.changed.emit()

    def _has_ended(self) -> bool:
        """Whether the sender is the current job, which is cleared so that a slot may start another."""
        is_present = self.sender() is self._job
        if is_present:
            self._job = None
        return is_present
