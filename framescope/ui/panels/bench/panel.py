"""The benchmark panel: how fast each library reads the open video."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from framescope.core.audit.bench import run_bench
from framescope.core.audit.bench_report import bench_table
from framescope.core.audit.records import TrialState
from framescope.core.printable import json_document
from framescope.ui.panels.bench.page import BenchPage
from framescope.ui.panels.fact_widgets import MARGIN, PanelScroll, empty_page, text_label
from framescope.ui.widgets.elided_label import ElidedLabel
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.report_saving import Report, ask_and_save_report
from framescope.ui.widgets.tasks import SourceTask
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.audit.bench_records import FileBench
    from framescope.core.errors import FrameScopeError
    from framescope.core.model.progress import CancelToken, Progress, ProgressCallback
    from framescope.session.controller import Controller
    from framescope.ui.widgets.tasks import Publish
    from framescope.ui.widgets.theme import ThemeSource


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
    """The benchmark of the open video: running, finished, or none. Threads: GUI."""

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
        """What is known; grows while a run continues."""
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
        """Time the engines; a run that continues is left alone."""
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
        # Ended before the first figure, there is nothing to put in place of an earlier run.
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
    """Why no engine has results; empty if the user stopped it."""
    if any(one.state is TrialState.CANCELLED for one in bench.engines):
        return ""
    reasons = {one.reason for one in bench.engines if one.reason}
    return f"No library was measured: {'; '.join(sorted(reasons))}" if reasons else ""


_NO_VIDEO, _START, _RESULTS = range(3)
_LEAST_WIDTH = 300
_QUESTION = "Which library is fastest on this file?"
_ABOUT = (
    "Each library opens the file, reads it in order, seeks, scrubs and shuffles, in turn with the others."
    " Each picture is checked: a library that returns wrong frames is not ranked."
)
_TIME = "Takes a minute or two, longer for large pictures. Other work on this machine distorts the results."


class BenchPanel(QWidget):
    """Starts the comparison on the open video, and shows what it found."""

    def __init__(
        self,
        controller: Controller,
        theme: ThemeSource,
        parent: QWidget | None = None,
        *,
        measure: Measures = run_bench,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self.setObjectName("benchPanel")
        self.setAccessibleName("Benchmark")
        self.setMinimumWidth(_LEAST_WIDTH)
        self._icons = IconSource(theme, self)
        self.run = BenchRun(controller, measure)
        self.page = BenchPage(theme, self)
        self._build()
        self.run.changed.connect(self._on_run_changed)
        self.run.progressed.connect(self._on_run_progressed)
        controller.source_opened.connect(self._on_run_changed)
        controller.source_closed.connect(self._on_run_changed)
        self._on_run_changed()

    # --- building

    def _build(self) -> None:
        self._again = self._button("benchAgain", "Measure again")
        self._again.clicked.connect(self.run.start)
        self._copy = self._tool("benchCopy", "Copy as JSON", "ph.copy")
        self._copy.clicked.connect(self.copy_as_json)
        self._save = self._tool("benchSave", "Save as JSON…", "ph.export")
        self._save.clicked.connect(self.save_as_json)
        self._buttons = QWidget(self)
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(MARGIN, SPACE, MARGIN - 4, 0)
        row.setSpacing(0)
        row.addWidget(self._again)
        row.addStretch(1)
        row.addWidget(self._copy)
        row.addWidget(self._save)
        self._working = self._working_row()
        self._error = text_label(self, "error", pixels=12)
        self._error.setObjectName("benchError")
        self._error.setContentsMargins(MARGIN, SPACE, MARGIN, 0)
        pages = QWidget(self)
        self._stack = QStackedLayout(pages)
        empty = empty_page(self, "Open a video to compare how fast each library reads it.")
        for page in (empty, self._start_page(), self._results_page()):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._buttons, self._working, self._error):
            column.addWidget(widget)
        column.addWidget(pages, 1)

    def _button(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAutoDefault(False)
        return button

    def _tool(self, name: str, title: str, icon: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(title)
        button.setToolTip(title)
        self._icons.bind(button, icon)
        return button

    def _working_row(self) -> QWidget:
        working = QWidget(self)
        self._words = ElidedLabel(working)
        self._words.setProperty("role", "muted")
        self._progress = QProgressBar(working)
        self._progress.setObjectName("benchProgress")
        self._progress.setAccessibleName("Progress of the benchmark")
        self._progress.setTextVisible(False)
        self._stop = self._button("benchStop", "Stop")
        self._stop.setToolTip("Stop; results so far are kept")
        self._stop.clicked.connect(self._on_stop_clicked)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self._words)
        column.addWidget(self._progress)
        row = QHBoxLayout(working)
        row.setContentsMargins(MARGIN, SPACE, MARGIN, 0)
        row.setSpacing(SPACE)
        row.addLayout(column, 1)
        row.addWidget(self._stop)
        return working

    def _start_page(self) -> QWidget:
        page = QWidget(self)
        page.setObjectName("benchStart")
        title = text_label(page)
        title.setText(_QUESTION)
        title.setFont(sized(title.font(), 17, bold=True))
        about = text_label(page, "muted")
        about.setText(_ABOUT)
        time = text_label(page, "faint", pixels=12)
        time.setText(_TIME)
        self._start = self._button("benchMeasure", "Measure")
        self._start.setDefault(True)
        self._start.clicked.connect(self.run.start)
        column = QVBoxLayout(page)
        column.setContentsMargins(MARGIN * 2, MARGIN, MARGIN * 2, MARGIN * 2)
        column.setSpacing(SPACE)
        column.addStretch(2)
        for label in (title, about):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addSpacing(SPACE)
        column.addWidget(self._start, 0, Qt.AlignmentFlag.AlignHCenter)
        time.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(time)
        column.addStretch(3)
        return page

    def _results_page(self) -> QWidget:
        content = QWidget(self)
        inset = QVBoxLayout(content)
        inset.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        inset.addWidget(self.page)
        inset.addStretch(1)
        area = PanelScroll(content, (inset,), self)
        area.setObjectName("benchScroll")
        area.setAccessibleName("Benchmark results")
        return area

    # --- commands

    @Slot()
    def copy_as_json(self) -> None:
        """Put every figure on the clipboard, for programs."""
        if self.run.bench is not None:
            QGuiApplication.clipboard().setText(_as_json(self.run.bench))

    @Slot()
    def save_as_json(self) -> None:
        """Ask for a file, and write every figure there."""
        bench = self.run.bench
        if bench is not None:
            name = f"{Path(bench.source).stem}_benchmark.json"
            report = Report("JSON, everything measured", name, lambda: _as_json(bench))
            ask_and_save_report(self._controller, report, self)

    @Slot()
    def _on_stop_clicked(self) -> None:
        self._stop.setEnabled(False)
        self._words.set_whole_text("Stopping…")
        self.run.cancel()

    # --- showing

    @Slot()
    def _on_run_changed(self) -> None:
        run, bench = self.run, self.run.bench
        has_video = self._controller.info is not None
        if bench is not None:
            self.page.set_bench(bench)
        self._stack.setCurrentIndex(_NO_VIDEO if not has_video else _START if bench is None else _RESULTS)
        self._buttons.setVisible(has_video and bench is not None and not run.is_running)
        if run.is_running and self._working.isHidden():
            self._stop.setEnabled(True)
            self._progress.setRange(0, 0)
            self._words.set_whole_text("Indexing the frames of the file…")
        self._working.setVisible(run.is_running)
        self._start.setVisible(not run.is_running)
        self._error.setText(run.error)
        self._error.setVisible(bool(run.error))

    @Slot(object)
    def _on_run_progressed(self, progress: Progress) -> None:
        if not self._stop.isEnabled():
            return
        self._progress.setRange(0, progress.total or 0)
        self._progress.setValue(min(progress.done, progress.total or 0))
        self._words.set_whole_text(progress.text)


def _as_json(bench: FileBench) -> str:
    return json_document(bench_table(bench), indent=2, allow_nan=False)
