"""Work beside the window that answers bit by bit, and of which only the latest wish counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.engine.jobs import Job
    from framescope.session.controller import Controller

    Work = Callable[[CancelToken], Iterable[object]]


class LatestStream(QObject):
    """Waits a moment, does the latest wish, and hands its answers on as they come.

    A newer wish stops the one under way between two of its answers, and at once where the work looks at its
    cancel token. An answer that was nearly there is still given if ``gives_late_answers``: while a wish keeps
    changing, as under a dragged slider, something is seen of it. Threads: GUI.
    """

    answered = Signal(object)
    failed = Signal(object)
    """FrameScopeError."""
    finished = Signal()
    """The latest wish has given all its answers."""
    _arrived = Signal(int, object)

    def __init__(
        self,
        controller: Controller,
        title: str,
        delay_ms: int,
        parent: QObject | None = None,
        *,
        gives_late_answers: bool = False,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._title = title
        self._gives_late_answers = gives_late_answers
        self._wanted: Work | None = None
        self._job: Job | None = None
        self._serial = 0
        self._oldest_wanted = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(delay_ms)
        self._timer.timeout.connect(self._on_timeout)
        self._arrived.connect(self._on_arrived)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is wished for and nothing is under way."""
        return self._wanted is None and self._job is None

    @property
    def has_wish(self) -> bool:
        """Whether something newer than what is under way is wished for."""
        return self._wanted is not None

    def ask(self, work: Work) -> None:
        """Wish for ``work``, which gives its answers one after the other, to be done in another thread."""
        self._wanted = work
        if self._job is not None:
            self._job.cancel()
        if not self._gives_late_answers:
            self._oldest_wanted = self._serial + 1
        # Not restarted: a wish that keeps changing is answered at intervals, not at its end only.
        if not self._timer.isActive():
            self._timer.start()

    def forget(self) -> None:
        """Wish for nothing; what is under way is stopped and no longer answered."""
        self._wanted = None
        self._oldest_wanted = self._serial + 1
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()

    @Slot()
    def _on_timeout(self) -> None:
        work = self._wanted
        if self._job is not None or work is None:
            return
        self._wanted = None
        self._serial += 1
        serial, arrived = self._serial, self._arrived

        def carry_out(progress: ProgressCallback, cancel: CancelToken) -> None:
            del progress
            for answer in work(cancel):
                arrived.emit(serial, answer)
                cancel.raise_if_cancelled()

        job = self._controller.run_job(self._title, carry_out, announce=False)
        self._job = job
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)
        job.settled.connect(self._on_settled)

    @Slot(int, object)
    def _on_arrived(self, serial: int, answer: object) -> None:
        if serial >= self._oldest_wanted:
            self.answered.emit(answer)

    @Slot(object)
    def _on_finished(self, _result: object) -> None:
        if self._wanted is None and self._serial >= self._oldest_wanted:
            self.finished.emit()

    @Slot(object)
    def _on_failed(self, error: object) -> None:
        if self._wanted is None and self._serial >= self._oldest_wanted:
            self.failed.emit(error)

    @Slot()
    def _on_settled(self) -> None:
        self._job = None
        if self._wanted is not None and not self._timer.isActive():
            self._timer.start()
