"""The benchmark panel: how fast each library reads the open video."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMenu, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from framescope.core.audit.bench import BenchSettings, run_bench
from framescope.core.audit.bench_html import bench_as_html
from framescope.core.audit.bench_report import bench_as_csv, bench_table
from framescope.core.audit.choice import which_library
from framescope.core.audit.records import TrialState
from framescope.core.audit.snippets import SnippetError
from framescope.core.audit.use_snippets import has_use_snippet, use_snippet
from framescope.core.printable import json_document
from framescope.core.translation import tr
from framescope.session.seek_truth import SeekTruth
from framescope.ui.panels.bench.page import BenchPage
from framescope.ui.panels.bench.words import choice_basis
from framescope.ui.panels.fact_widgets import MARGIN, PanelScroll, empty_page, text_label
from framescope.ui.panels.run_widgets import RunProgress, start_page
from framescope.ui.panels.seek.code import frame_request
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.report_saving import Report, ask_and_save_report
from framescope.ui.widgets.roles import push_button
from framescope.ui.widgets.tasks import SourceTask
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QAction

    from framescope.core.audit.bench_records import FileBench
    from framescope.core.audit.choice import Choice
    from framescope.core.errors import FrameScopeError
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.engine.job_slot import Publish
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource


class BenchRun(QObject):
    """The benchmark of the open video: running, finished, or none. Threads: GUI."""

    changed = Signal()
    """``bench`` or ``is_running`` changed."""
    progressed = Signal(object)
    """The latest Progress of the run."""

    def __init__(self, controller: Controller, measure: Callable[..., FileBench] = run_bench) -> None:
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
        """The results so far; they grow during a run."""
        return self._bench

    @property
    def error(self) -> str:
        """Why the last run produced no result; empty otherwise."""
        return self._error

    @property
    def is_running(self) -> bool:
        """Whether engines are being timed."""
        return self._task.is_running

    def start(self, settings: BenchSettings | None = None) -> None:
        """Time the engines; does nothing if a run is in progress."""
        info = self._controller.info
        if info is None or self.is_running:
            return
        source, stream_index, measure = info.source, info.stream_index, self._measure

        def work(progress: ProgressCallback, cancel: CancelToken, publish: Publish) -> FileBench:
            return measure(
                source,
                settings=settings,
                stream_index=stream_index,
                progress=progress,
                cancel=cancel,
                on_update=publish,
            )

        self._error, self._before = "", self._bench
        self._task.start_publishing(tr("Benchmark"), work)

    @Slot()
    def cancel(self) -> None:
        """Stop the run; results so far are kept."""
        self._task.cancel()

    def adopt(self, bench: FileBench) -> None:
        """Show a benchmark that was run elsewhere."""
        self._bench = bench
        self.changed.emit()

    @Slot(object)
    def _on_published(self, bench: FileBench) -> None:
        if any(one.measures for one in bench.engines):
            self.adopt(bench)

    @Slot(object)
    def _on_finished(self, bench: FileBench) -> None:
        # A run stopped before its first figure does not replace an earlier one.
        self._bench = bench if any(one.measures for one in bench.engines) else self._before
        if self._bench is None:
            self._error = _why_nothing(bench)

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        self._bench, self._error = self._before, error.message

    @Slot()
    def _on_forgotten(self) -> None:
        # Figures belong to the file they were measured on.
        self._bench, self._before, self._error = None, None, ""
        self.changed.emit()


def _why_nothing(bench: FileBench) -> str:
    """Why no engine has results; empty if the user stopped it."""
    if any(one.state is TrialState.CANCELLED for one in bench.engines):
        return ""
    reasons = {one.reason for one in bench.engines if one.reason}
    return tr("No library was measured: {reasons}", reasons="; ".join(sorted(reasons))) if reasons else ""


_NO_VIDEO, _START, _RESULTS = range(3)
_LEAST_WIDTH = 300
_QUESTION = tr("Which library is fastest on this file?")
_ABOUT = tr(
    "Each library opens the file, reads it in order, seeks, scrubs and shuffles, in turn with the others."
    " Each picture is checked: a library that returns wrong frames is not ranked."
)
_TIME = tr(
    "Takes several minutes, longer for large pictures. Other work on this machine distorts the results."
)


class BenchPanel(QWidget):
    """Starts the benchmark on the open video, and shows its results."""

    def __init__(
        self,
        controller: Controller,
        theme: ThemeSource,
        parent: QWidget | None = None,
        *,
        measure: Callable[..., FileBench] = run_bench,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self.setObjectName("benchPanel")
        self.setAccessibleName(tr("Benchmark"))
        self.setMinimumWidth(_LEAST_WIDTH)
        self._icons = IconSource(theme, self)
        self.run = BenchRun(controller, measure)
        self._truth = SeekTruth.of(controller)
        self.page = BenchPage(theme, self)
        self._build()
        self.run.changed.connect(self._on_run_changed)
        self.run.progressed.connect(self._working.show_progress)
        self.page.choices.code_wanted.connect(self._on_code_wanted)
        self._truth.changed.connect(self._on_truth_changed)
        controller.source_opened.connect(self._on_run_changed)
        controller.source_closed.connect(self._on_run_changed)
        self._on_run_changed()

    # --- building

    def _build(self) -> None:
        self._again = push_button(self, "benchAgain", tr("Measure again"))
        self._again.clicked.connect(self._on_start_clicked)
        self._streams = tuple(self._stream_box(name) for name in ("benchLive", "benchLiveAgain"))
        self._streams[0].setText(tr("With a live stream"))
        # Beside the buttons there is little room.
        self._streams[1].setText(tr("Also live"))
        self._copy = self._icons.button(self, "benchCopy", tr("Copy as JSON"), "ph.copy")
        self._copy.clicked.connect(self.copy_as_json)
        self._save = self._icons.button(self, "benchSave", tr("Save as a report"), "ph.export")
        menu = QMenu(self)
        for suffix, (title, _) in FORMATS.items():
            action = menu.addAction(f"{title}…")
            action.setObjectName(f"benchSave{suffix}")
            action.setData(suffix)
        menu.triggered.connect(self._on_save_triggered)
        self._save.setMenu(menu)
        self._save.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._buttons = QWidget(self)
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(MARGIN, SPACE, MARGIN - 4, 0)
        row.setSpacing(0)
        row.addWidget(self._again)
        row.addSpacing(SPACE)
        row.addWidget(self._streams[1])
        row.addStretch(1)
        row.addWidget(self._copy)
        row.addWidget(self._save)
        self._working = RunProgress(
            "bench", tr("Progress of the benchmark"), tr("Stop; results so far are kept"), self
        )
        self._working.stop_wanted.connect(self.run.cancel)
        self._start = push_button(self, "benchMeasure", tr("Measure"))
        self._start.setDefault(True)
        self._start.clicked.connect(self._on_start_clicked)
        self._error = text_label(self, "error", pixels=12)
        self._error.setObjectName("benchError")
        self._error.setContentsMargins(MARGIN, SPACE, MARGIN, 0)
        pages = QWidget(self)
        self._stack = QStackedLayout(pages)
        empty = empty_page(self, tr("Open a video to compare how fast each library reads it."))
        start = start_page("benchStart", _QUESTION, _ABOUT, _TIME, self._start, self._streams[0])
        for page in (empty, start, self._results_page()):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._buttons, self._working, self._error):
            column.addWidget(widget)
        column.addWidget(pages, 1)

    def _stream_box(self, name: str) -> QCheckBox:
        """Whether a live stream is measured as well; both boxes are one choice."""
        box = QCheckBox(self)
        box.setObjectName(name)
        box.setToolTip(
            tr(
                "Sends up to 8 s of the video to each library as a camera would, inside this machine: which"
                " frames arrive, and how late. Takes about a minute more."
            )
        )
        box.toggled.connect(self._on_stream_toggled)
        return box

    def _results_page(self) -> QWidget:
        content = QWidget(self)
        inset = QVBoxLayout(content)
        inset.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        inset.addWidget(self.page)
        inset.addStretch(1)
        area = PanelScroll(content, (inset,), self)
        area.setObjectName("benchScroll")
        area.setAccessibleName(tr("Benchmark results"))
        return area

    # --- commands

    @Slot()
    def copy_as_json(self) -> None:
        """Copy all figures to the clipboard as JSON."""
        if self.run.bench is not None:
            QGuiApplication.clipboard().setText(_as_json(self.run.bench, self.choices))

    def save_as(self, suffix: str) -> None:
        """Ask for a file and save all figures to it; the suffix sets the format."""
        bench, choices = self.run.bench, self.choices
        if bench is not None:
            title, make = FORMATS[suffix]
            name = f"{Path(bench.source).stem}_benchmark{suffix}"
            ask_and_save_report(self._controller, Report(title, name, lambda: make(bench, choices)), self)

    def _on_save_triggered(self, action: QAction) -> None:
        self.save_as(str(action.data()))

    @Slot()
    def _on_start_clicked(self) -> None:
        self.run.start(BenchSettings(live=self._streams[0].isChecked()))

    @Slot(bool)
    def _on_stream_toggled(self, is_wanted: bool) -> None:  # noqa: FBT001 - Qt's signal
        for box in self._streams:
            box.setChecked(is_wanted)

    @Slot(object)
    def _on_code_wanted(self, choice: Choice) -> None:
        request = frame_request(self._controller, self._truth.audit)
        if request is None:
            return
        try:
            text = use_snippet(choice.use, choice.engines[0], request)
        except SnippetError as error:
            self._controller.notice_posted.emit(error.message, "warning")
            return
        QGuiApplication.clipboard().setText(text)
        words = tr("Code for {library} was copied: {use}.", library=choice.titles[0], use=choice.title)
        self._controller.notice_posted.emit(words, "info")

    # --- showing

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Which library to use for what; empty until a run has ended."""
        bench = self.run.bench
        return () if bench is None or self.run.is_running else which_library(bench, self._truth.audit)

    @Slot()
    def _on_truth_changed(self) -> None:
        choices = self.choices
        with_code = {one.use for one in choices if one.engines and has_use_snippet(one.use, one.engines[0])}
        self.page.set_choices(choices, choice_basis(self._truth.audit), frozenset(with_code))

    @Slot()
    def _on_run_changed(self) -> None:
        run, bench = self.run, self.run.bench
        has_video = self._controller.info is not None
        if bench is not None:
            self.page.set_bench(bench)
        self._on_truth_changed()
        self._stack.setCurrentIndex(_NO_VIDEO if not has_video else _START if bench is None else _RESULTS)
        self._buttons.setVisible(has_video and bench is not None and not run.is_running)
        if run.is_running and self._working.isHidden():
            self._working.begin()
        self._working.setVisible(run.is_running)
        self._start.setVisible(not run.is_running)
        self._error.setText(run.error)
        self._error.setVisible(bool(run.error))


def _as_json(bench: FileBench, choices: Sequence[Choice]) -> str:
    return json_document(bench_table(bench, choices), indent=2, allow_nan=False)


FORMATS: dict[str, tuple[str, Callable[[FileBench, Sequence[Choice]], str]]] = {
    ".html": (tr("HTML report"), bench_as_html),
    ".json": (tr("JSON, everything measured"), _as_json),
    ".csv": (tr("CSV, one line per use and library"), bench_as_csv),
}
