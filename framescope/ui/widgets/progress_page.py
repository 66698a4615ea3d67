"""A page that shows the progress of a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from framescope.core.text import grouped
from framescope.core.translation import tr
from framescope.ui.widgets.progress_bar import ProgressBar
from framescope.ui.widgets.roles import plain_label
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from framescope.core.model.progress import Progress


class ProgressPage(QWidget):
    """Shows a running job. Threads: GUI."""

    def __init__(self, prefix: str, parent: QWidget | None = None) -> None:
        """Make the widgets; their objectNames begin with ``prefix``."""
        super().__init__(parent)
        self.setObjectName(f"{prefix}ProgressPage")
        self._title = QLabel(self)
        set_role(self._title, "title")
        self._path = plain_label(f"{prefix}Target", "muted", self)
        self._bar = ProgressBar(tr("Progress"), self)
        self._bar.setObjectName(f"{prefix}Bar")
        self._words = QLabel(self)
        self._words.setObjectName(f"{prefix}Progress")
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addStretch(2)
        for part in (self._title, self._path):
            column.addWidget(part)
        column.addSpacing(2 * SPACE)
        column.addWidget(self._bar)
        column.addWidget(self._words)
        column.addStretch(3)

    def begin(self, title: str, path: str) -> None:
        """Show that the job has started."""
        self._title.setText(title)
        self._path.setText(path)
        self._bar.show_busy()
        self._words.setText("")

    def show_stopping(self) -> None:
        """Show that the job is stopping."""
        self._words.setText(tr("Stopping…"))

    def show_progress(self, progress: Progress) -> None:
        """Show the latest progress."""
        total = progress.total or 0
        self._bar.show_share(progress.done, total)
        of = tr("{done} of {total}", done=grouped(progress.done), total=grouped(total)) if total else ""
        self._words.setText("  ·  ".join(filter(None, (progress.text, of))))
