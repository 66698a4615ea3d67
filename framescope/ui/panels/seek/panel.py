"""The seek-truth panel: does this file give you the frame you ask for, in each library?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from framescope.core.audit.requests import RequestKind
from framescope.ui.panels.fact_widgets import MARGIN, text_label
from framescope.ui.panels.seek.bar import FULL_TIP, QUICK_TIP, SeekBar
from framescope.ui.panels.seek.code import CodeMenu
from framescope.ui.panels.seek.export import ask_and_save
from framescope.ui.panels.seek.results import SeekResults
from framescope.ui.panels.seek.run import SeekRun
from framescope.ui.panels.seek.setup import SeekSetup
from framescope.ui.panels.seek.words import progress_words
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from framescope.core.audit.records import FileAudit
    from framescope.core.model.progress import Progress
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource

_QUESTION = "Does this file give you the frame you ask for?"
_ABOUT = (
    "Each library is asked for frames, and each answer is held against what the same library shows when it"
    " reads the file from the start."
)
_TIME = "A quick check takes a few seconds an engine and says how much of the file it covered."
_LEAST_WIDTH = 320
"""The table's fewest columns, and the buttons of the head."""
_NO_VIDEO, _START, _RESULTS = range(3)


class SeekPanel(QWidget):
    """Starts trials of the engines on the open video, and shows what they found."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.setObjectName("seekPanel")
        self.setAccessibleName("Seek truth")
        self.run = SeekRun(controller)
        self.results = SeekResults(controller, theme, self)
        self.results.keep_width()
        self._bar = SeekBar(theme, CodeMenu(controller, self._audit, self), self)
        self.setup = SeekSetup(self)
        self._build()
        self._bar.quick_wanted.connect(self.check_quickly)
        self._bar.full_wanted.connect(self.check_every_frame)
        self._bar.cancel_wanted.connect(self.run.cancel)
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
        empty = QLabel("Open a video, and this shows which libraries\ngive you the frame you ask for.", self)
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
        # Above what scrolls: a button stays where it is, whatever is shown below.
        outer.addWidget(self._bar)
        outer.addWidget(area, 1)

    def _start_page(self) -> QWidget:
        page = QWidget(self)
        page.setObjectName("seekStart")
        column = QVBoxLayout(page)
        column.setContentsMargins(MARGIN * 2, MARGIN, MARGIN * 2, MARGIN * 2)
        column.setSpacing(SPACE)
        title = text_label(page)
        title.setText(_QUESTION)
        title.setFont(sized(title.font(), 17, bold=True))
        about = text_label(page, "muted")
        about.setText(_ABOUT)
        time = text_label(page, "faint", pixels=12)
        time.setText(_TIME)
        column.addStretch(2)
        for label in (title, about):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addSpacing(SPACE)
        row = QHBoxLayout()
        row.addStretch(1)
        for name, text, tip, command in (
            ("seekStartQuick", "Quick check", QUICK_TIP, self.check_quickly),
            ("seekStartFull", "Check every frame", FULL_TIP, self.check_every_frame),
        ):
            button = QPushButton(text, page)
            button.setObjectName(name)
            button.setToolTip(tip)
            button.setAutoDefault(False)
            button.setDefault(command == self.check_quickly)
            button.clicked.connect(command)
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        more = QPushButton("Engines, orders and seed", page)
        more.setObjectName("seekStartOptions")
        more.setFlat(True)
        more.clicked.connect(self._bar.options.toggle)
        column.addWidget(more, 0, Qt.AlignmentFlag.AlignHCenter)
        time.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(time)
        column.addStretch(3)
        return page

    # --- commands

    @Slot()
    def check_quickly(self) -> None:
        """Try every engine for a few seconds."""
        self._start(RequestKind.QUICK)

    @Slot()
    def check_every_frame(self) -> None:
        """Ask every engine for every frame."""
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
        """Views may be lower again in another size."""
        super().resizeEvent(event)
        self.results.forget_height()

    @Slot(object)
    def _on_run_progressed(self, progress: Progress) -> None:
        self._bar.show_progress(replace(progress, text=progress_words(self.run.audit)))

    @Slot(QWidget)
    def _on_answer_shown(self, view: QWidget) -> None:
        # Its new page is laid out only when the event loop is reached.
        QTimer.singleShot(0, self, lambda: self._area.ensureWidgetVisible(view, 0, SPACE))

    @Slot(bool)
    def _on_options_toggled(self, is_shown: bool) -> None:  # noqa: FBT001 - a slot
        self.setup.setVisible(is_shown)

    @Slot(str)
    def _on_export_wanted(self, suffix: str) -> None:
        if self.run.audit is not None:
            ask_and_save(self._controller, self.run.audit, suffix, self)
