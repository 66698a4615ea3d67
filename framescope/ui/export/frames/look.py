"""The box that offers to look at the frames, shows how far that is, and says when it is done."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from framescope.core.text import counted, progress_words
from framescope.ui.export.frames.words import seconds_words
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from framescope.core.model.progress import Progress


class LookBox(QWidget):
    """Asks for the pass that choices by content need. Hidden while nothing has to be looked at."""

    wanted = Signal()
    """The frames are to be looked at."""
    stopped = Signal()
    """The pass under way is not wanted any more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportLook")
        self._unseen = range(0)
        self._seconds: float | None = None
        self._started: float | None = None
        self._text = QLabel(self)
        self._text.setObjectName("exportLookText")
        self._text.setWordWrap(True)
        self._bar = QProgressBar(self)
        self._bar.setObjectName("exportLookProgress")
        self._bar.setAccessibleName("How many frames were looked at")
        self._bar.setTextVisible(False)
        self._rate = QLabel(self)
        self._rate.setObjectName("exportLookRate")
        set_role(self._rate, "muted")
        self._button = QPushButton(self)
        self._button.setObjectName("exportLookStart")
        self._button.setAutoDefault(False)
        self._button.clicked.connect(self._on_clicked)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self._rate, 1)
        row.addWidget(self._button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self._text)
        column.addWidget(self._bar)
        column.addLayout(row)
        self._show()

    @property
    def is_running(self) -> bool:
        """Whether a pass is under way."""
        return self._started is not None

    @property
    def text(self) -> str:
        """What the box says."""
        return self._text.text()

    def show_unseen(self, unseen: range, seconds: float | None = None) -> None:
        """Offer to look at these frames, which takes so long at least; none hides the box."""
        self._unseen, self._seconds = unseen, seconds
        self._show()

    def begin(self) -> None:
        """Show that the pass is under way."""
        self._started = time.monotonic()
        self._bar.setRange(0, 0)
        self._rate.clear()
        self._show()

    def show_progress(self, progress: Progress) -> None:
        """Show how far it is."""
        if self._started is not None and progress.total:
            self._bar.setRange(0, progress.total)
            self._bar.setValue(progress.done)
            elapsed_s = time.monotonic() - self._started
            self._rate.setText(progress_words(progress.done, progress.total, elapsed_s))

    def end(self, failure: str = "") -> None:
        """Show that no pass is under way, and why the last one failed."""
        self._started = None
        self._rate.clear()
        self._show(failure)

    def _show(self, failure: str = "") -> None:
        is_running = self.is_running
        self.setVisible(is_running or bool(self._unseen))
        self._bar.setVisible(is_running)
        count = counted(len(self._unseen), "frame")
        cost = "" if self._seconds is None else f" ({seconds_words(self._seconds)} or more)"
        waiting = f"This goes by what frames look like: {count} have to be decoded once{cost}. "
        after = "Turning the numbers afterwards takes no time."
        self._text.setText(failure or ("Looking at the frames…" if is_running else waiting + after))
        set_role(self._text, "error" if failure else "" if is_running else "muted")
        self._button.setText("Stop" if is_running else "Look again" if failure else "Look at the frames")

    @Slot()
    def _on_clicked(self) -> None:
        if self.is_running:
            self.stopped.emit()
        else:
            self.wanted.emit()
