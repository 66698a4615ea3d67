"""A stand-in session that runs jobs for real."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QThread

from framescope.engine.collector import GuiThreadCollector
from framescope.engine.jobs import JobRunner
from tests.ui.stand_ins import StandInController

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.engine.jobs import Job


class RunningController(StandInController):
    """Everything but jobs is only written down."""

    def __init__(self) -> None:
        super().__init__()
        self.collector = GuiThreadCollector(self)
        self.collector.start()
        self.runner = JobRunner(self)
        self.runner.job_started.connect(self.job_started)

    def end(self) -> None:
        """Wait for every job and go, with what hangs on it.

        Left to the garbage collector, its timers may go in whatever thread the collector happens to run in.
        """
        self.runner.close()
        self.collector.stop()
        # A job that has settled may still have a thread on its way out, which needs the interpreter's lock;
        # `delete` holds that lock while it waits for the thread, and would wait for ever.
        for thread in self.findChildren(QThread):
            thread.wait()
        shiboken6.delete(self)

    def run_job(
        self,
        title: str,
        work: Callable[[ProgressCallback, CancelToken], object],
        *,
        announce: bool = True,
        origin: str = "",
    ) -> Job:
        return self.runner.start(title, work, announce=announce, origin=origin)
