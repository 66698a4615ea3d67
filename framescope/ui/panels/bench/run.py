"""Runs the comparison of libraries on the open video in the background, and keeps what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.audit.bench import run_bench
from framescope.core.audit.records import TrialState
from framescope.ui.widgets.tasks import SourceTask

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.audit.bench_records import FileBench
    from framescope.core.errors import FrameScopeError
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.session.controller import Controller
    from framescope.ui.widgets.tasks import Publish


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
        self._error = ""
        self._task = SourceTask(controller)
        self._task.changed.connect(self.changed)
        self._task.progressed.connect(self.progressed)
        self._task.published.connect(self._on_published)
        self._task.finished.connect(self._on_finished)
        self._task.failed.connect(self._on_failed)
        self._task.forgotten.connect(self._on_forgotten)

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
        return self._task.is_running

    @Slot()
    def start(self) -> None:
        """Time the engines; a run that goes on is left alone."""
        info = self._controller.info
        if info is None or self.is_running:
            return
        source, stream_index, measure = info.source, info.stream_index, self._measure

        def work(progress: ProgressCallback, cancel: CancelToken, publish: Publish) -> FileBench:
            return measure(
                source, stream_index=stream_index, progress=progress, cancel=cancel, on_update=publish
            )

        self._error, self._before = "", self._bench
        self._task.start_publishing("Benchmark", work)

    @Slot()
    def cancel(self) -> None:
        """End the run; what was measured stays."""
        self._task.cancel()

    def adopt(self, bench: FileBench) -> None:
        """Show a comparison that was made elsewhere."""
        self._bench = bench
        self.changed.emit()

    @Slot(object)
    def _on_published(self, bench: FileBench) -> None:
        if any(one.measures for one in bench.engines):
            self.adopt(bench)

    @Slot(object)
    def _on_finished(self, bench: FileBench) -> None:
        # Ended before the first figure, there is nothing to put in the place of an earlier run.
        self._bench = bench if any(one.measures for one in bench.engines) else self._before
        if self._bench is None:
            self._error = _why_nothing(bench)

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        self._bench, self._error = self._before, error.message

    @Slot()
    def _on_forgotten(self) -> None:
        # Figures are of the file that they were measured on.
        self._bench, self._before, self._error = None, None, ""
        self.changed.emit()


def _why_nothing(bench: FileBench) -> str:
    """What kept every engine from a figure; nothing where the user did."""
    if any(one.state is TrialState.CANCELLED for one in bench.engines):
        return ""
    reasons = {one.reason for one in bench.engines if one.reason}
    return f"No library was measured: {'; '.join(sorted(reasons))}" if reasons else ""
