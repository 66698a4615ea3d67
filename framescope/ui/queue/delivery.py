"""Sends what the queue has exported to an address, in a job before and one after those of the videos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.export.sending import Outbox
from framescope.core.translation import tr
from framescope.ui.export.destination import send

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.errors import FrameScopeError
    from framescope.core.model.progress import CancelToken, Progress, ProgressCallback
    from framescope.engine.jobs import Job
    from framescope.session.controller import Controller


class Delivery(QObject):
    """An address, and the local folder whose files are sent there. Threads: GUI."""

    prepared = Signal(object)
    """The local folder, as a path; the address can be written to."""
    progressed = Signal(str)
    """What is being sent."""
    ended = Signal(str, bool)
    """What became of it, and whether everything was sent."""

    def __init__(self, controller: Controller, origin: str, address: str, parent: QObject) -> None:
        super().__init__(parent)
        self._controller = controller
        self._origin = origin
        self._address = address
        self._outbox: Outbox | None = None
        self._job: Job | None = None

    @property
    def is_working(self) -> bool:
        """Whether one of its jobs is running."""
        return self._job is not None

    def cancel(self) -> None:
        """Stop what is running."""
        if self._job is not None:
            self._job.cancel()

    def prepare(self, *, resume: bool) -> None:
        """Prove that the address can be written to, and take the names that are there.

        Args:
            resume: Whether what is there is fetched, to be continued.
        """

        def work(_progress: ProgressCallback, cancel: CancelToken) -> Outbox:
            outbox = Outbox(self._address)
            try:
                outbox.prepare(resume=resume, cancel=cancel)
            except BaseException:
                outbox.discard_unused()
                outbox.close()
                raise
            return outbox

        self._run(tr("Looking at the destination"), work)

    def send(self) -> None:
        """Send everything, and forget the folder."""
        outbox, self._outbox = self._outbox, None
        assert outbox is not None

        def work(progress: ProgressCallback, cancel: CancelToken) -> str:
            with outbox:
                return send(outbox, progress, cancel)

        self._run(tr("Sending"), work)

    def leave(self) -> None:
        """Send nothing; what was exported stays, to be resumed."""
        if self._outbox is not None:
            self._outbox.discard_unused()
            self._outbox.close()
            self._outbox = None

    def _run(self, title: str, work: Callable[[ProgressCallback, CancelToken], object]) -> None:
        self._job = self._controller.run_job(title, work, origin=self._origin)
        self._job.progressed.connect(self._on_progressed)
        self._job.finished.connect(self._on_finished)
        self._job.failed.connect(self._on_failed)
        self._job.cancelled.connect(self._on_cancelled)

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        self.progressed.emit(
            tr("{text} ({done} of {total})", text=progress.text, done=progress.done, total=progress.total)
        )

    @Slot(object)
    def _on_finished(self, result: object) -> None:
        self._job = None
        if isinstance(result, Outbox):
            self._outbox = result
            self.prepared.emit(result.folder)
        else:
            self.ended.emit(str(result), True)  # noqa: FBT003 - a signal's value

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        self._job = None
        self.ended.emit(error.in_full, False)  # noqa: FBT003 - a signal's value

    @Slot()
    def _on_cancelled(self) -> None:
        self._job = None
        self.ended.emit(tr("Cancelled."), False)  # noqa: FBT003 - a signal's value
