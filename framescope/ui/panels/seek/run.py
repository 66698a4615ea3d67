"""Runs audits of the open video in the background, and keeps what they find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.audit.file_audit import run_audit
from framescope.ui.widgets.tasks import SourceTask

if TYPE_CHECKING:
    from framescope.core.audit.file_audit import AuditSettings
    from framescope.core.audit.records import FileAudit
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.session.controller import Controller
    from framescope.ui.widgets.tasks import Publish


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
        self._task = SourceTask(controller)
        self._task.changed.connect(self.changed)
        self._task.progressed.connect(self.progressed)
        self._task.published.connect(self.adopt)
        self._task.finished.connect(self._on_finished)
        self._task.forgotten.connect(self._on_forgotten)

    @property
    def audit(self) -> FileAudit | None:
        """What is known; grows while the run goes on."""
        return self._audit

    @property
    def error(self) -> str:
        """Why the last run ended without an answer; empty otherwise."""
        return "" if self._task.error is None else self._task.error.message

    @property
    def is_running(self) -> bool:
        """Whether engines are being tried."""
        return self._task.is_running

    def start(self, settings: AuditSettings) -> None:
        """Try the engines; a run that goes on is ended first. What was known stays until there is more."""
        info = self._controller.info
        if info is None:
            return
        source, stream_index = info.source, info.stream_index

        def work(progress: ProgressCallback, cancel: CancelToken, publish: Publish) -> FileAudit:
            return run_audit(
                source,
                settings,
                stream_index=stream_index,
                progress=progress,
                cancel=cancel,
                on_update=publish,
            )

        title = "Quick seek check" if settings.is_quick else "Seek check of every frame"
        self._task.start_publishing(title, work)

    @Slot()
    def cancel(self) -> None:
        """End the run; what was found stays."""
        self._task.cancel()

    @Slot(object)
    def adopt(self, audit: FileAudit) -> None:
        """Show what a run has found so far, or an audit that was made elsewhere."""
        self._audit = audit
        self.changed.emit()

    @Slot(object)
    def _on_finished(self, audit: FileAudit) -> None:
        self._audit = audit

    @Slot()
    def _on_forgotten(self) -> None:
        # An audit is of the file that it was made of.
        self._audit = None
        self.changed.emit()
