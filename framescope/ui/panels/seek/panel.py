"""The seek-truth panel: whether each library returns the requested frame of this file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from framescope.core.audit.engines.catalog import ENGINES
from framescope.core.audit.file_audit import DEFAULT_SEED, AuditSettings, run_audit
from framescope.core.audit.requests import Order, RequestKind, RequestSet
from framescope.core.translation import tr
from framescope.session.seek_truth import SeekTruth
from framescope.ui.panels.fact_widgets import MARGIN, text_label
from framescope.ui.panels.run_widgets import start_page
from framescope.ui.panels.seek.bar import FULL_TIP, QUICK_TIP, SeekBar
from framescope.ui.panels.seek.code import CodeMenu
from framescope.ui.panels.seek.export import ask_and_save
from framescope.ui.panels.seek.results import SeekResults
from framescope.ui.panels.seek.words import progress_words
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.roles import push_button
from framescope.ui.widgets.tasks import SourceTask
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from framescope.core.audit.engines.catalog import EngineSpec
    from framescope.core.audit.records import FileAudit
    from framescope.core.model.progress import CancelToken, Progress, ProgressCallback
    from framescope.engine.job_slot import Publish
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource

_ORDERS = {
    Order.FORWARD: ("forward", tr("First to last")),
    Order.BACKWARD: ("backward", tr("Last to first")),
    Order.SHUFFLED: ("shuffled", tr("Shuffled by the seed")),
    Order.END_THEN_BACK: (tr("end, then back"), tr("Read past the last frame before each request")),
}
_SMALL = 12
_TINY = 11
_MOST_SEED = 2**31 - 1


class SeekSetup(QWidget):
    """Check boxes and a seed; everything installed is ticked initially."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("seekSetup")
        self.setAccessibleName(tr("Choices of the seek check"))
        self._engines: dict[str, QCheckBox] = {}
        self._orders: dict[Order, QCheckBox] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SPACE)
        column.setSpacing(3)
        column.addWidget(self._heading(tr("Engines")))
        for spec in ENGINES:
            column.addLayout(self._engine_row(spec))
        column.addWidget(self._heading(tr("Orders of requests")))
        grid = QGridLayout()
        grid.setVerticalSpacing(3)
        for place, (order, (title, tip)) in enumerate(_ORDERS.items()):
            box = QCheckBox(title, self)
            box.setFont(sized(box.font(), _SMALL))
            box.setObjectName(f"seekOrder.{order.value}")
            box.setToolTip(tip)
            box.setChecked(True)
            box.toggled.connect(self._keep_one_order)
            self._orders[order] = box
            grid.addWidget(box, place // 2, place % 2)
        column.addLayout(grid)
        seed_row = QHBoxLayout()
        seed_row.setContentsMargins(0, 6, 0, 0)
        label = QLabel(tr("Seed"), self)
        label.setProperty("role", "muted")
        self._seed = QSpinBox(self)
        self._seed.setObjectName("seekSeed")
        self._seed.setAccessibleName(tr("Seed of the shuffled order"))
        self._seed.setToolTip(tr("The same seed requests the same frames in the same order"))
        self._seed.setRange(0, _MOST_SEED)
        self._seed.setValue(DEFAULT_SEED)
        label.setBuddy(self._seed)
        seed_row.addWidget(label)
        seed_row.addWidget(self._seed)
        seed_row.addStretch(1)
        column.addLayout(seed_row)

    def settings(self, kind: RequestKind) -> AuditSettings:
        """The chosen settings, for these requests. Missing engines are included, to be listed as such."""
        unwanted = {name for name, box in self._engines.items() if box.isEnabled() and not box.isChecked()}
        engines = tuple(spec.name for spec in ENGINES if spec.name not in unwanted) if unwanted else ()
        orders = tuple(order for order, box in self._orders.items() if box.isChecked())
        return AuditSettings.of(RequestSet(kind), engines=engines, orders=orders, seed=self._seed.value())

    def choose_engines(self, *names: str) -> None:
        """Tick these engines only."""
        for name, box in self._engines.items():
            box.setChecked(name in names and box.isEnabled())

    def _keep_one_order(self) -> None:
        boxes = [box for box in self._orders.values() if box.isChecked()]
        for box in self._orders.values():
            # The last ticked box cannot be cleared: there would be nothing to check.
            box.setEnabled(len(boxes) > 1 or not box.isChecked())

    def _engine_row(self, spec: EngineSpec) -> QHBoxLayout:
        version = spec.version
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        box = QCheckBox(spec.title, self)
        box.setFont(sized(box.font(), _SMALL))
        box.setObjectName(f"seekEngine.{spec.name}")
        box.setToolTip(spec.call)
        box.setEnabled(version is not None)
        box.setChecked(version is not None)
        self._engines[spec.name] = box
        row.addWidget(box)
        side = text_label(self, "faint", pixels=_TINY)
        side.setText(version or spec.how_to_get)
        side.setToolTip("" if version else spec.missing_text.capitalize())
        side.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        side.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(side, 1)
        return row

    def _heading(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("role", "muted")
        label.setFont(sized(label.font(), _SMALL, bold=True))
        label.setContentsMargins(0, 6, 0, 1)
        return label


class SeekRun(QObject):
    """The audit of the open video: running, finished, or none. Threads: GUI."""

    changed = Signal()
    """``audit`` or ``is_running`` changed."""
    progressed = Signal(object)
    """The latest Progress of the run."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._truth = SeekTruth.of(controller)
        self._task = SourceTask(controller)
        self._task.changed.connect(self.changed)
        self._task.progressed.connect(self.progressed)
        self._task.published.connect(self.adopt)
        self._task.finished.connect(self._on_finished)
        self._task.forgotten.connect(self._on_forgotten)

    @property
    def audit(self) -> FileAudit | None:
        """The results so far; they grow during a run."""
        return self._truth.audit

    @property
    def error(self) -> str:
        """Why the last run produced no result; empty otherwise."""
        return "" if self._task.error is None else self._task.error.message

    @property
    def is_running(self) -> bool:
        """Whether engines are being checked."""
        return self._task.is_running

    def start(self, settings: AuditSettings) -> None:
        """Check the engines, stopping a run in progress. Earlier results stay until there are new ones."""
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

        title = tr("Quick seek check") if settings.is_quick else tr("Seek check of every frame")
        self._task.start_publishing(title, work)

    @Slot()
    def cancel(self) -> None:
        """Stop the run; results so far are kept."""
        self._task.cancel()

    @Slot(object)
    def adopt(self, audit: FileAudit) -> None:
        """Show the results of a run so far, or an audit run elsewhere."""
        self._truth.set_audit(audit)
        self.changed.emit()

    @Slot(object)
    def _on_finished(self, audit: FileAudit) -> None:
        self._truth.set_audit(audit)

    @Slot()
    def _on_forgotten(self) -> None:
        # An audit belongs to the file it was run on.
        self._truth.set_audit(None)
        self.changed.emit()


_QUESTION = tr("Does this file return the frame you request?")
_ABOUT = tr(
    "Frames are requested from each library, and each answer is compared with what the same library returns"
    " when it reads the file from the start."
)
_TIME = tr("A quick check takes a few seconds per engine and shows how much of the file it covered.")
_LEAST_WIDTH = 320
"""Room for the table's minimum columns, and for the buttons at the top."""
_NO_VIDEO, _START, _RESULTS = range(3)


class SeekPanel(QWidget):
    """Starts checks of the engines on the open video, and shows the results."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.setObjectName("seekPanel")
        self.setAccessibleName(tr("Seek truth"))
        self.run = SeekRun(controller)
        self.results = SeekResults(controller, theme, self)
        self.results.keep_width()
        self._bar = SeekBar(theme, CodeMenu(controller, self._audit, self), self)
        self.setup = SeekSetup(self)
        self._build()
        self._bar.quick_wanted.connect(self.check_quickly)
        self._bar.full_wanted.connect(self.check_every_frame)
        self._bar.progress.stop_wanted.connect(self.run.cancel)
        self._bar.export_wanted.connect(self._on_export_wanted)
        self._bar.options.toggled.connect(self._on_options_toggled)
        self.results.answer_shown.connect(self._on_answer_shown)
        self.run.changed.connect(self._on_run_changed)
        self.run.progressed.connect(self._on_run_progressed)
        controller.source_opened.connect(self._on_run_changed)
        controller.source_closed.connect(self._on_run_changed)
        self._on_run_changed()

    # --- building

    def _build(self) -> None:
        self._error = text_label(self, "error", pixels=12)
        self._error.setContentsMargins(MARGIN, 0, MARGIN, SPACE)
        self._setup_place = QVBoxLayout()
        self._setup_place.setContentsMargins(MARGIN, 0, MARGIN, 0)
        self._setup_place.addWidget(self.setup)
        self.setup.hide()
        empty = QLabel(tr("Open a video to see which libraries\nreturn the frame you request."), self)
        empty.setProperty("role", "faint")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget(self)
        for page in (empty, self._start_page(), self.results):
            self._stack.addWidget(page)
        content = QWidget(self)
        content.setObjectName("seekContent")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._setup_place)
        column.addWidget(self._error)
        column.addWidget(self._stack, 1)
        area = QScrollArea(self)
        area.setObjectName("seekScroll")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setMinimumWidth(_LEAST_WIDTH)
        area.setWidget(content)
        self._area = area
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        # Outside the scroll area: the buttons stay in place whatever is shown below.
        outer.addWidget(self._bar)
        outer.addWidget(area, 1)

    def _start_page(self) -> QWidget:
        starts = QWidget(self)
        row = QHBoxLayout(starts)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        for name, text, tip, command in (
            ("seekStartQuick", tr("Quick check"), QUICK_TIP, self.check_quickly),
            ("seekStartFull", tr("Check every frame"), FULL_TIP, self.check_every_frame),
        ):
            button = push_button(starts, name, text, tip=tip)
            button.setDefault(command == self.check_quickly)
            button.clicked.connect(command)
            row.addWidget(button)
        more = push_button(self, "seekStartOptions", tr("Engines, orders and seed"))
        more.setFlat(True)
        more.clicked.connect(self._bar.options.toggle)
        return start_page("seekStart", _QUESTION, _ABOUT, _TIME, starts, more)

    # --- commands

    @Slot()
    def check_quickly(self) -> None:
        """Check every engine for a few seconds."""
        self._start(RequestKind.QUICK)

    @Slot()
    def check_every_frame(self) -> None:
        """Request every frame from every engine."""
        self._start(RequestKind.ALL)

    def _start(self, kind: RequestKind) -> None:
        self._bar.options.setChecked(False)
        self.run.start(self.setup.settings(kind))

    # --- showing

    def _audit(self) -> FileAudit | None:
        return self.run.audit

    @Slot()
    def _on_run_changed(self) -> None:
        run, has_video = self.run, self._controller.info is not None
        audit = run.audit
        has_results = audit is not None or run.is_running
        self._stack.setCurrentIndex(_NO_VIDEO if not has_video else _RESULTS if has_results else _START)
        self._bar.setVisible(has_video and has_results)
        self._bar.set_state(
            is_running=run.is_running,
            can_export=audit is not None and not run.is_running,
            can_start=has_video,
        )
        if not has_video:
            self._bar.options.setChecked(False)
        self._error.setText(run.error)
        self._error.setVisible(bool(run.error))
        self.results.setVisible(has_results)
        self.results.set_audit(audit, is_running=run.is_running)
        set_role(self._error, "error")

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Reset the height of the views."""
        super().resizeEvent(event)
        self.results.forget_height()

    @Slot(object)
    def _on_run_progressed(self, progress: Progress) -> None:
        self._bar.progress.show_progress(replace(progress, text=progress_words(self.run.audit)))

    @Slot(QWidget)
    def _on_answer_shown(self, view: QWidget) -> None:
        # The new page is laid out only once the event loop runs.
        QTimer.singleShot(0, self, lambda: self._area.ensureWidgetVisible(view, 0, SPACE))

    @Slot(bool)
    def _on_options_toggled(self, is_shown: bool) -> None:  # noqa: FBT001 - a slot
        self.setup.setVisible(is_shown)

    @Slot(str)
    def _on_export_wanted(self, suffix: str) -> None:
        if self.run.audit is not None:
            ask_and_save(self._controller, self.run.audit, suffix, self)
