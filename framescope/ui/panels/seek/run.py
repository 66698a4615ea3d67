"""Runs audits of the open video beside the window, and keeps what they find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.audit.file_audit import run_audit
from framescope.engine.outbox import Outbox

if TYPE_CHECKING:
    from framescope.core.audit.file_audit import AuditSettings
    from framescope.core.audit.records import FileAudit
    from framescope.core.errors import FrameScopeError
    from framescope.core.model.progress import CancelToken, Progress, ProgressCallback
    from framescope.engine.jobs import Job
    from framescope.session.controller import Controller


class SeekRun(QObject):
    """The audit of the open video: under way, finished, or none. Threads: GUI."""

    changed = Signal()
    """``audit`` or ``is_running`` is another."""
    progressed = Signal(object)
    """The latest Progress of the run."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._audit: FileAudit | None = None
        self._job: Job | None = None
        self._serial = 0
        self._error = ""
        self._parts = Outbox(self)
        self._parts.filled.connect(self._on_part_filled)
        controller.source_opened.connect(self._on_source_changed)
        controller.source_closed.connect(self._on_source_changed)

    @property
    def audit(self) -> FileAudit | None:
        """What is known; grows while the run goes on."""
        return self._audit

    @property
    def error(self) -> str:
        """Why the last run ended without an answer; empty otherwise."""
        return self._error

    @property
    def is_running(self) -> bool:
        """Whether engines are being tried."""
        return self._job is not None

    def start(self, settings: AuditSettings) -> None:
        """Try the engines; a run that goes on is ended first. What was known stays until there is more."""
        info = self._controller.info
        if info is None:
            return
        self.cancel()
        self._serial += 1
        serial, source, stream_index = self._serial, info.source, info.stream_index
        parts = self._parts

        def work(progress: ProgressCallback, cancel: CancelToken) -> tuple[int, FileAudit]:
            audit = run_audit(
                source,
                settings,
                stream_index=stream_index,
                progress=progress,
                cancel=cancel,
                on_update=lambda part: parts.put((serial, part)),
            )
            return serial, audit

        self._error = ""
        title = "Quick seek check" if settings.is_quick else "Seek check of every frame"
        self._job = self._controller.run_job(title, work)
        self._job.progressed.connect(self._on_job_progressed)
        self._job.finished.connect(self._on_job_finished)
        self._job.failed.connect(self._on_job_failed)
        self._job.settled.connect(self._on_job_settled)
        self.changed.emit()

    @Slot()
    def cancel(self) -> None:
        """End the run; what was found stays."""
        if self._job is not None:
            self._job.cancel()

    def adopt(self, audit: FileAudit) -> None:
        """Show an audit that was made elsewhere."""
        self._audit = audit
        self.changed.emit()

    @Slot()
    def _on_part_filled(self) -> None:
        item = self._parts.take()
        if item is not None and item[0] == self._serial and self._job is not None:
            self.adopt(item[1])

    @Slot(object)
    def _on_job_progressed(self, progress: Progress) -> None:
        if self.sender() is self._job:
            self.progressed.emit(progress)

    @Slot(object)
    def _on_job_finished(self, result: tuple[int, FileAudit]) -> None:
        if result[0] == self._serial:
            self._audit = result[1]

    @Slot(object)
    def _on_job_failed(self, error: FrameScopeError) -> None:
        if self.sender() is self._job:
            self._error = error.message

    @Slot()
    def _on_job_settled(self) -> None:
        if self.sender() is self._job:
            self._job = None
            self.changed.emit()

    @Slot()
    def _on_source_changed(self) -> None:
        # An audit is of the file that it was made of.
        self.cancel()
        self._serial += 1
        self._audit, self._job, self._error = None, None, ""
        self.changed.emit()
