"""Short work beside the window of which only the latest wish counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.session.controller import Controller


class LatestWork(QObject):
    """Waits until wishes stop coming for a moment, does the last one, and says what came of it.

    A wish that comes meanwhile is done next; those between are forgotten. Threads: GUI.
    """

    answered = Signal(object)
    failed = Signal(object)
    """FrameScopeError."""

    def __init__(
        self, controller: Controller, title: str, delay_ms: int, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._title = title
        self._wanted: Callable[[], object] | None = None
        self._is_busy = False
        self._is_dropped = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(delay_ms)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is wished for and nothing is under way."""
        return self._wanted is None and not self._is_busy

    @property
    def has_wish(self) -> bool:
        """Whether something newer than what is under way is wished for."""
        return self._wanted is not None

    def ask(self, work: Callable[[], object]) -> None:
        """Wish for ``work`` to be done in another thread."""
        self._wanted = work
        # Not restarted: a wish that keeps changing is answered at intervals, not at its end only.
        if not self._timer.isActive():
            self._timer.start()

    def forget(self) -> None:
        """Wish for nothing; what is under way is not answered."""
        self._wanted = None
        self._is_dropped = self._is_busy
        self._timer.stop()

    @Slot()
    def _on_timeout(self) -> None:
        work = self._wanted
        if self._is_busy or work is None:
            return
        self._wanted = None
        self._is_busy = True
        self._is_dropped = False

        def carry_out(progress: ProgressCallback, cancel: CancelToken) -> object:
            del progress, cancel
            return work()

        job = self._controller.run_job(self._title, carry_out, announce=False)
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)
        job.settled.connect(self._on_settled)

    @Slot(object)
    def _on_finished(self, result: object) -> None:
        if not self._is_dropped:
            self.answered.emit(result)

    @Slot(object)
    def _on_failed(self, error: object) -> None:
        if not self._is_dropped:
            self.failed.emit(error)

    @Slot()
    def _on_settled(self) -> None:
        self._is_busy = False
        if self._wanted is not None and not self._timer.isActive():
            self._timer.start()
