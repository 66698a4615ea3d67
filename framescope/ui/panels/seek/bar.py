"""The top bar of the seek-truth panel: start, options, export and code, or progress during a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QStackedLayout,
    QToolButton,
    QWidget,
)

from framescope.core.translation import tr
from framescope.ui.panels.fact_widgets import MARGIN
from framescope.ui.panels.run_widgets import RunProgress
from framescope.ui.panels.seek.export import FORMATS
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.roles import push_button
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from framescope.ui.widgets.theme import ThemeSource

QUICK_TIP = tr("A few seconds per engine: frames spread over the video, and frames around keyframes")
FULL_TIP = tr("Request every frame from each engine, in all orders, twice each; slow for long videos")


class SeekBar(QWidget):
    """One row of buttons, replaced by a progress bar during a run."""

    quick_wanted = Signal()
    full_wanted = Signal()
    export_wanted = Signal(str)
    """The file's suffix."""

    def __init__(self, theme: ThemeSource, code_menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = IconSource(theme, self)
        self._is_running = False
        self.setObjectName("seekBar")
        self.setAccessibleName(tr("Seek check"))
        self._quick = self._button("seekQuick", tr("Quick check"), QUICK_TIP)
        self._quick.setDefault(True)
        self._full = self._button("seekFull", tr("Every frame"), FULL_TIP)
        self.options = self._icons.button(
            self, "seekOptions", tr("Engines, orders and seed"), "ph.sliders-horizontal"
        )
        self.options.setCheckable(True)
        self._export = self._icons.button(self, "seekExport", tr("Save as a report"), "ph.export")
        self._code = self._icons.button(self, "seekCode", tr("Copy as code"), "ph.code")
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
        self.progress = RunProgress(
            "seek", tr("Progress of the seek check"), tr("Stop; results so far are kept"), self
        )
        self.progress.setContentsMargins(0, 0, 0, SPACE)
        self._stack.addWidget(self.progress)

    def set_state(self, *, is_running: bool, can_export: bool, can_start: bool) -> None:
        """Show buttons or progress."""
        self._stack.setCurrentIndex(1 if is_running else 0)
        self._export.setEnabled(can_export)
        for button in (self._quick, self._full):
            button.setEnabled(can_start)
        if is_running and not self._is_running:
            self.progress.begin()
        self._is_running = is_running

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

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        button = push_button(self, name, text)
        button.setToolTip(tip)
        button.setStyleSheet("padding-left: 10px; padding-right: 10px;")
        return button

    def _on_export_triggered(self, action: QAction) -> None:
        self.export_wanted.emit(str(action.data()))
