"""The page of the export dialog while frames are being saved: how far, how fast, how long still."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from framescope.core.text import counted, duration_words, grouped
from framescope.ui.widgets.progress_page import ProgressPage, plain_label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from framescope.core.model.progress import Progress

_STEPS = 1000
_RATE_AFTER_S = 0.5


def progress_words(done: int, total: int, elapsed_s: float) -> str:
    """``120 of 300 frames · 24 frames/s · 8 s left``, as far as it is known."""
    parts = [f"{grouped(done)} of {counted(total, 'frame')}"]
    if elapsed_s >= _RATE_AFTER_S and done:
        rate = done / elapsed_s
        parts.append(f"{rate:.0f} frames/s" if rate >= 10 else f"{rate:.1f} frames/s")
        if done < total:
            parts.append(f"{duration_words((total - done) / rate)} left")
    return " · ".join(parts)


class ExportProgressPage(ProgressPage):
    """Shows an export under way. Threads: GUI."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, "export")
        self._started: float | None = None
        self._bar.setAccessibleName("Progress of the export")
        self._file = plain_label("exportCurrentFile", "faint", self)
        self._file.setWordWrap(False)
        self._column.insertWidget(self._column.count() - 1, self._file)

    def begin(self, title: str, path: str) -> None:
        """Show that work has begun and nothing is known of it yet."""
        super().begin(title, path)
        self._started = None
        self._words.setText("Looking at the folder…")
        self._file.setText("")

    def show_stopping(self) -> None:
        """Show that what is begun is being finished."""
        self._words.setText("Stopping: finishing the current files…")

    def show_progress(self, progress: Progress) -> None:
        """Show a report."""
        total = progress.total or 0
        self._bar.setRange(0, _STEPS)
        self._bar.setValue(_STEPS * progress.done // total if total else 0)
        # The first report comes before the first frame: the rate is that of frames, not of preparations.
        # Where files are checked before frames are saved, counting begins again, and so does the clock.
        if self._started is None or progress.done == 0:
            self._started = time.monotonic()
        elapsed_s = time.monotonic() - self._started
        self._words.setText(progress_words(progress.done, total, elapsed_s))
        room = max(self._file.width(), 100)
        metrics = self._file.fontMetrics()
        self._file.setText(metrics.elidedText(progress.text, Qt.TextElideMode.ElideMiddle, room))
