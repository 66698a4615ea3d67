"""Runs the comparison of libraries on the open video beside the window, and keeps what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.audit.bench import run_bench
from framescope.core.audit.records import TrialState
from framescope.engine.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.audit.bench_records import FileBench
    from framescope.core.errors import FrameScopeError
    from framescope.core.model.progress import CancelToken, Progress, ProgressCallback
    from framescope.engine.jobs import Job
    from framescope.session.controller import Controller


class Measures(Protocol):
    """What measures: `run_bench`, or a stand-in for it."""

    def __call__(
        self,
        source: str,
        *,
        stream_index: int | None,
        progress: ProgressCallback,
        cancel: CancelToken,
        on_update: Callable[[FileBench], None],
    ) -> FileBench:
        """Measure every engine on one file. Threads: any."""


class BenchRun(QObject):
    """The comparison on the open video: under way, finished, or none. Threads: GUI."""

    changed = Signal()
    """``bench`` or ``is_running`` is another."""
    progressed = Signal(object)
    """The latest Progress of the run."""

    def __init__(self, controller: Controller, measure: Measures = run_bench) -> None:
        super().__init__(controller)
        self._controller = controller
        self._measure = measure
        self._bench: FileBench | None = None
        self._before: FileBench | None = None
        self._job: Job | None = None
        self._serial = 0
        self._error = ""
        self._parts = Outbox(self)
        self._parts.filled.connect(self._on_part_filled)
        controller.source_opened.connect(self._on_source_changed)
        controller.source_closed.connect(self._on_source_changed)

    @property
    def bench(self) -> FileBench | None:
        """What is known; grows while a run goes on."""
        return self._bench

    @property
    def error(self) -> str:
        """Why the last run ended without an answer; empty otherwise."""
        return self._error

    @property
    def is_running(self) -> bool:
        """Whether engines are being timed."""
        return self._job is not None

    @Slot()
    def start(self) -> None:
        """Time the engines; a run that goes on is left alone."""
        info = self._controller.info
        if info is None or self._job is not None:
            return
        self._serial += 1
        serial, source, stream_index, measure = self._serial, info.source, info.stream_index, self._measure
        parts = self._parts

        def work(progress: ProgressCallback, cancel: CancelToken) -> tuple[int, FileBench]:
            bench = measure(
                source,
                stream_index=stream_index,
                progress=progress,
                cancel=cancel,
                on_update=lambda part: parts.put((serial, part)),
            )
            return serial, bench

        self._error, self._before = "", self._bench
        self._job = self._controller.run_job("Benchmark", work)
        self._job.progressed.connect(self._on_job_progressed)
        self._job.finished.connect(self._on_job_finished)
        self._job.failed.connect(self._on_job_failed)
        self._job.settled.connect(self._on_job_settled)
        self.changed.emit()

    @Slot()
    def cancel(self) -> None:
        """End the run; what was measured stays."""
        if self._job is not None:
            self._job.cancel()

    def adopt(self, bench: FileBench) -> None:
        """Show a comparison that was made elsewhere."""
        self._bench = bench
        self.changed.emit()

    @Slot()
    def _on_part_filled(self) -> None:
        item = self._parts.take()
        if item is None or item[0] != self._serial or self._job is None:
            return
        if any(one.measures for one in item[1].engines):
            self.adopt(item[1])

    @Slot(object)
    def _on_job_progressed(self, progress: Progress) -> None:
        if self.sender() is self._job:
            self.progressed.emit(progress)

    @Slot(object)
    def _on_job_finished(self, result: tuple[int, FileBench]) -> None:
        serial, bench = result
        if serial == self._serial:
            # Ended before the first figure, there is nothing to put in the place of an earlier run.
            self._bench = bench if any(one.measures for one in bench.engines) else self._before
            if self._bench is None:
                self._error = _why_nothing(bench)

    @Slot(object)
    def _on_job_failed(self, error: FrameScopeError) -> None:
        if self.sender() is self._job:
            self._bench, self._error = self._before, error.message

    @Slot()
    def _on_job_settled(self) -> None:
        if self.sender() is self._job:
            self._job = None
            self.changed.emit()

    @Slot()
    def _on_source_changed(self) -> None:
        # Figures are of the file that they were measured on.
        self.cancel()
        self._serial += 1
        self._bench, self._before, self._job, self._error = None, None, None, ""
        self.changed.emit()


def _why_nothing(bench: FileBench) -> str:
    """What kept every engine from a figure; nothing where the user did."""
    if any(one.state is TrialState.CANCELLED for one in bench.engines):
        return ""
    reasons = {one.reason for one in bench.engines if one.reason}
    return f"No library was measured: {'; '.join(sorted(reasons))}" if reasons else ""
