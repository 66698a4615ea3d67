"""Closing the window while work is under way: stop it, or close once it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from framescope.core.translation import tr
from framescope.ui.window.window_dialogs import QuitAnswer

if TYPE_CHECKING:
    from framescope.engine.jobs import Job
    from framescope.ui.window.main_window import MainWindow


class WindowClosing(QObject):
    """Decides whether a window may close, and closes it after the work if that is wanted. Threads: GUI."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._controller = window.controller
        self._follows_work = False
        self._controller.job_started.connect(self._on_job_started)

    def may_close(self) -> bool:
        """Whether nothing is under way, or what is may be stopped; the user is asked."""
        if not self._controller.work_under_way:
            return True
        answer = self._window.dialogs.ask_before_quitting()
        self._follows_work = answer is QuitAnswer.FINISH
        if self._follows_work and self._controller.work_under_way:
            self._window.status.show_notice(tr("FrameScope will close when the work is done."), "info")
        # The work may have ended while the question was open.
        is_done = answer is QuitAnswer.FINISH and not self._controller.work_under_way
        return answer is QuitAnswer.STOP or is_done

    @Slot(object)
    def _on_job_started(self, job: Job) -> None:
        job.settled.connect(self._on_work_settled)

    @Slot()
    def _on_work_settled(self) -> None:
        # The next of several jobs starts only after this signal.
        QTimer.singleShot(0, self, self._close_after_work)

    @Slot()
    def _close_after_work(self) -> None:
        if self._follows_work and not self._controller.work_under_way:
            self._window.close()
