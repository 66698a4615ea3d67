"""Shared by the panels that measure a whole file: their start page, and the progress of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from framescope.core.translation import tr
from framescope.ui.panels.fact_widgets import MARGIN, text_label
from framescope.ui.widgets.elided_label import ElidedLabel
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.progress_bar import ProgressBar
from framescope.ui.widgets.roles import push_button
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from framescope.core.model.progress import Progress


class RunProgress(QWidget):
    """The progress of a run as text and bar, and a Stop button. Threads: GUI."""

    stop_wanted = Signal()

    def __init__(self, prefix: str, accessible: str, tip: str, parent: QWidget | None = None) -> None:
        """Make the parts.

        Args:
            prefix: Prefix of the objectNames, such as ``bench``.
            accessible: Accessible name of the bar.
            tip: Tooltip of the Stop button.
            parent: The panel.
        """
        super().__init__(parent)
        self._words = ElidedLabel(self)
        self._words.setProperty("role", "muted")
        self._bar = ProgressBar(accessible, self)
        self._bar.setObjectName(f"{prefix}Progress")
        self._stop = push_button(self, f"{prefix}Stop", tr("Stop"), tip=tip)
        self._stop.clicked.connect(self._on_stop_clicked)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self._words)
        column.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, SPACE, MARGIN, 0)
        row.setSpacing(SPACE)
        row.addLayout(column, 1)
        row.addWidget(self._stop)

    def begin(self) -> None:
        """Show that a run has begun."""
        self._stop.setEnabled(True)
        self._bar.show_busy()
        self._words.set_whole_text(tr("Indexing the frames of the file…"))

    @Slot(object)
    def show_progress(self, progress: Progress) -> None:
        """Show progress; ignored after Stop."""
        if self._stop.isEnabled():
            self._bar.show_share(progress.done, progress.total)
            self._words.set_whole_text(progress.text)

    @Slot()
    def _on_stop_clicked(self) -> None:
        self._stop.setEnabled(False)
        self._words.set_whole_text(tr("Stopping…"))
        self.stop_wanted.emit()


def start_page(name: str, question: str, about: str, cost: str, *starts: QWidget) -> QWidget:
    """The start page of a run: what it answers, the buttons that start it, and how long it takes."""
    page = QWidget()
    page.setObjectName(name)
    title, below, last = text_label(page), text_label(page, "muted"), text_label(page, "faint", pixels=12)
    title.setFont(sized(title.font(), 17, bold=True))
    for label, text in ((title, question), (below, about), (last, cost)):
        label.setText(text)
        label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    column = QVBoxLayout(page)
    column.setContentsMargins(MARGIN * 2, MARGIN, MARGIN * 2, MARGIN * 2)
    column.setSpacing(SPACE)
    column.addStretch(2)
    column.addWidget(title)
    column.addWidget(below)
    column.addSpacing(SPACE)
    for start in starts:
        column.addWidget(start, 0, Qt.AlignmentFlag.AlignHCenter)
    column.addWidget(last)
    column.addStretch(3)
    return page
