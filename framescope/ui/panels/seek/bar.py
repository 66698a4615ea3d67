"""The top bar of the seek-truth panel: start, options, export and code; progress while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QPushButton,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from framescope.ui.panels.fact_widgets import MARGIN
from framescope.ui.panels.seek.export import FORMATS
from framescope.ui.widgets.elided_label import ElidedLabel
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from framescope.core.model.progress import Progress
    from framescope.ui.widgets.theme import ThemeSource

QUICK_TIP = "A few seconds per engine: frames spread over the video, and frames around keyframes"
FULL_TIP = "Request every frame from each engine, in all orders, twice each; slow for long videos"


class SeekBar(QWidget):
    """One row of buttons, or a progress bar in its place."""

    quick_wanted = Signal()
    full_wanted = Signal()
    cancel_wanted = Signal()
    export_wanted = Signal(str)
    """The file's suffix."""

    def __init__(self, theme: ThemeSource, code_menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = IconSource(theme, self)
        self._is_running = False
        self.setObjectName("seekBar")
        self.setAccessibleName("Seek check")
        self._quick = self._button("seekQuick", "Quick check", QUICK_TIP)
        self._quick.setDefault(True)
        self._full = self._button("seekFull", "Every frame", FULL_TIP)
        self.options = self._tool("seekOptions", "Engines, orders and seed", "ph.sliders-horizontal")
        self.options.setCheckable(True)
        self._export = self._tool("seekExport", "Save as a report", "ph.export")
        self._code = self._tool("seekCode", "Copy as code", "ph.code")
        menu = QMenu(self)
        for suffix, (title, _) in FORMATS.items():
            action = menu.addAction(f"{title}…")
            action.setObjectName(f"seekExport{suffix}")
            action.setData(suffix)
        menu.triggered.connect(self._on_export_triggered)
        for button, its_menu in ((self._export, menu), (self._code, code_menu)):
            button.setMenu(its_menu)
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._quick.clicked.connect(self.quick_wanted)
        self._full.clicked.connect(self.full_wanted)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._buttons_page())
        self._stack.addWidget(self._progress_page())

    def set_state(self, *, is_running: bool, can_export: bool, can_start: bool) -> None:
        """Show buttons or progress."""
        self._stack.setCurrentIndex(1 if is_running else 0)
        self._export.setEnabled(can_export)
        for button in (self._quick, self._full):
            button.setEnabled(can_start)
        if is_running and not self._is_running:
            self._cancel.setEnabled(True)
            self._progress.setRange(0, 0)
            self._words.set_whole_text("Indexing the frames of the file…")
        self._is_running = is_running

    def show_progress(self, progress: Progress) -> None:
        """How far it is; nothing more once it was told to stop."""
        if not self._cancel.isEnabled():
            return
        self._progress.setRange(0, progress.total or 0)
        self._progress.setValue(min(progress.done, progress.total or 0))
        self._words.set_whole_text(progress.text)

    def _buttons_page(self) -> QWidget:
        page = QWidget(self)
        row = QHBoxLayout(page)
        row.setContentsMargins(MARGIN, SPACE, MARGIN - 4, SPACE)
        row.setSpacing(SPACE - 2)
        row.addWidget(self._quick)
        row.addWidget(self._full)
        row.addStretch(1)
        tools = QHBoxLayout()
        tools.setSpacing(0)
        for button in (self.options, self._export, self._code):
            tools.addWidget(button)
        row.addLayout(tools)
        return page

    def _progress_page(self) -> QWidget:
        page = QWidget(self)
        row = QHBoxLayout(page)
        row.setContentsMargins(MARGIN, SPACE, MARGIN, SPACE)
        row.setSpacing(SPACE)
        self._progress = QProgressBar(page)
        self._progress.setObjectName("seekProgress")
        self._progress.setAccessibleName("Progress of the seek check")
        self._progress.setTextVisible(False)
        self._words = ElidedLabel(page)
        self._words.setProperty("role", "muted")
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self._words)
        column.addWidget(self._progress)
        row.addLayout(column, 1)
        self._cancel = self._button("seekCancel", "Stop", "Stop; results so far are kept")
        self._cancel.clicked.connect(self._on_cancel_clicked)
        row.addWidget(self._cancel)
        return page

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        button.setStyleSheet("padding-left: 10px; padding-right: 10px;")
        return button

    def _tool(self, name: str, title: str, icon: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(title)
        button.setToolTip(title)
        self._icons.bind(button, icon)
        return button

    @Slot()
    def _on_cancel_clicked(self) -> None:
        self._cancel.setEnabled(False)
        self._words.set_whole_text("Stopping…")
        self.cancel_wanted.emit()

    def _on_export_triggered(self, action: QAction) -> None:
        self.export_wanted.emit(str(action.data()))
