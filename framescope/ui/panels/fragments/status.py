"""What the fragment panel is doing or has done: a bar while a job runs, a sentence afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from framescope.ui.panels.fact_widgets import text_label
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from framescope.core.model.progress import Progress
    from framescope.ui.panels.fragments.run import FragmentRun

_SMALL = 12


class FragmentStatus(QWidget):
    """Follows a `FragmentRun`; takes no room while there is nothing to say."""

    open_wanted = Signal(str)
    """The path of what was made."""

    def __init__(self, run: FragmentRun, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self.setObjectName("fragmentStatus")
        self.setAccessibleName("Progress and result")
        self._text = text_label(self, "muted", pixels=_SMALL)
        self._text.setObjectName("fragmentStatusText")
        self._bar = QProgressBar(self)
        self._bar.setAccessibleName("Progress")
        self._bar.setTextVisible(False)
        self._cancel = QPushButton("Cancel", self)
        self._cancel.setObjectName("fragmentCancel")
        self._cancel.clicked.connect(run.cancel)
        self._open = QPushButton("Open it", self)
        self._open.setObjectName("fragmentOpenMade")
        self._open.clicked.connect(self._on_open_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE - 2)
        column.addWidget(self._text)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self._bar, 1)
        row.addWidget(self._cancel)
        row.addWidget(self._open)
        row.addStretch(0)
        column.addLayout(row)
        run.changed.connect(self._on_changed)
        run.progressed.connect(self._on_progressed)
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        run = self._run
        if run.is_running:
            self._bar.setRange(0, 0)
        self._text.setText(run.title if run.is_running else run.error or run.words)
        set_role(self._text, "error" if run.error and not run.is_running else "muted")
        self._bar.setVisible(run.is_running)
        self._cancel.setVisible(run.is_running)
        self._open.setVisible(run.made is not None and not run.is_running)
        self.setVisible(bool(self._text.text()))

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        if self._run.is_running:
            self._text.setText(progress.text or self._run.title)
            self._bar.setRange(0, progress.total or 0)
            self._bar.setValue(progress.done)

    @Slot()
    def _on_open_clicked(self) -> None:
        if self._run.made is not None:
            self.open_wanted.emit(str(self._run.made))
