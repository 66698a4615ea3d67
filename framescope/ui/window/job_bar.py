"""The running job in the status bar: title, progress, time left and a cancel button."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from framescope.core.text import progress_words
from framescope.core.translation import tr
from framescope.ui.widgets.elided_label import ElidedLabel
from framescope.ui.widgets.progress_bar import ProgressBar
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from framescope.core.errors import FrameScopeError
    from framescope.core.model.progress import Progress
    from framescope.engine.jobs import Job
    from framescope.session.controller import Controller
    from framescope.ui.widgets.icons import IconSource

_RESULT_STAYS_MS = 8000
_SHOWN_AFTER_MS = 200
"""Work that takes less would only flash up."""
_TEXT_ROOM = 420


def _role_of(result: object) -> str:
    """The style role of a result: success unless it reports that it is incomplete."""
    if getattr(result, "is_complete", True):
        return "success"
    if getattr(result, "cancelled", False):
        return "muted"
    return "warning" if getattr(result, "written", True) else "error"


class JobBar(QWidget):
    """Shows the newest running job and how many are queued, then its result.

    A job that ends at once and has nothing to report leaves what is shown as it is. The result of work with
    an origin stays until it is dismissed or opened.
    """

    result_wanted = Signal(str)
    """Open was clicked; carries the origin of the finished job."""

    def __init__(self, controller: Controller, icons: IconSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs: list[Job] = []
        self._started: dict[Job, float] = {}
        self._left: set[Job] = set()
        """Those of a video that was closed while they ran."""
        self._shows_job = False
        self._shows_cancelled = False
        self.setObjectName("jobBar")
        self.setAccessibleName(tr("Work in progress"))
        self._title = ElidedLabel(self, most_width=_TEXT_ROOM)
        self._title.setObjectName("jobTitle")
        self._bar = ProgressBar(tr("Progress"), self)
        self._bar.setFixedWidth(120)
        self._rate = QLabel(self)
        self._rate.setObjectName("jobRate")
        self._rate.setProperty("role", "muted")
        self._origin = ""
        self._open = QToolButton(self)
        self._open.setObjectName("jobOpen")
        self._open.setText(tr("Open"))
        self._open.setToolTip(tr("Show the result"))
        self._open.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._open.hide()
        self._button = QToolButton(self)
        self._button.setObjectName("jobCancel")
        self._button.setAutoRaise(True)
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.setFixedSize(22, 20)
        icons.bind(self._button, "ph.x", color="text_muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE, 0, SPACE, 0)
        row.setSpacing(SPACE)
        for part in (self._title, self._bar, self._rate, self._open, self._button):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._timer = QTimer(self, singleShot=True, interval=_RESULT_STAYS_MS)
        self._timer.timeout.connect(self._on_timeout)
        self._soon = QTimer(self, singleShot=True, interval=_SHOWN_AFTER_MS)
        self._soon.timeout.connect(self._show_job)
        self._button.clicked.connect(self._on_button_clicked)
        self._open.clicked.connect(self._on_open_clicked)
        controller.job_started.connect(self._on_job_started)
        controller.source_closed.connect(self._on_source_closed)
        self.hide()

    @property
    def text(self) -> str:
        """The text shown; empty while hidden."""
        return "" if self.isHidden() else self._title.whole_text

    @Slot(object)
    def _on_job_started(self, job: Job) -> None:
        self._jobs.append(job)
        self._started[job] = time.monotonic()
        # Slots of this object, not closures over the job: those would keep it alive.
        job.progressed.connect(self._on_progressed)
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)
        job.cancelled.connect(self._on_cancelled)
        if self._shows_job:
            self._show_job()
        elif not self._soon.isActive():
            self._soon.start()

    def show_result(self, text: str, role: str, origin: str) -> None:
        """Show the result of work that took several jobs."""
        if not self._jobs:
            self._show_end(text, role, origin)

    @Slot()
    def _show_job(self) -> None:
        self._timer.stop()
        self._shows_job, self._shows_cancelled = True, False
        self._open.hide()
        job = self._jobs[-1]
        behind = f"  (+{len(self._jobs) - 1})" if len(self._jobs) > 1 else ""
        self._say(job.title + behind, "")
        self._bar.show()
        self._rate.show()
        self._rate.clear()
        self._button.setToolTip(tr("Cancel"))
        self._button.setAccessibleName(tr("Cancel: {title}", title=job.title))
        self.show()
        self._show_progress(job, job.progress)

    def _speaker(self) -> Job:
        return cast("Job", self.sender())

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        job = self._speaker()
        if self._shows_job and job is self._jobs[-1]:
            self._show_progress(job, progress)

    def _show_progress(self, job: Job, progress: Progress) -> None:
        total = progress.total
        self._bar.show_share(progress.done, total)
        elapsed_s = time.monotonic() - self._started[job]
        self._rate.setText(progress_words(progress.done, total, elapsed_s))
        self._bar.setToolTip(progress.text)

    @Slot(object)
    def _on_finished(self, result: object) -> None:
        # A result without a summary is visible elsewhere in the window.
        summary = getattr(result, "summary", None)
        self._end(self._speaker(), summary if isinstance(summary, str) else "", _role_of(result))

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        self._end(self._speaker(), error.in_full, "error")

    @Slot()
    def _on_cancelled(self) -> None:
        job = self._speaker()
        # What was given up with its video is no news.
        is_news = job not in self._left
        self._end(job, tr("{title}: cancelled", title=job.title) if is_news else "", "muted")
        self._shows_cancelled = not self._jobs and not job.origin

    @Slot()
    def _on_source_closed(self) -> None:
        # Work with an origin, such as an export, goes on without the video.
        self._left.update(job for job in self._jobs if not job.origin)
        if self._shows_cancelled:
            self.hide()

    def _end(self, job: Job, text: str, role: str) -> None:
        self._jobs = [other for other in self._jobs if other is not job]
        self._started.pop(job, None)
        self._left.discard(job)
        if self._jobs:
            if self._shows_job:
                self._show_job()
            return
        self._soon.stop()
        if self._shows_job or text:
            self._show_end(text, role, job.origin)

    def _show_end(self, text: str, role: str, origin: str) -> None:
        self._shows_job = self._shows_cancelled = False
        self._origin = origin
        self.setVisible(bool(text))
        self._say(text, role)
        self._bar.hide()
        self._rate.hide()
        self._open.setVisible(bool(origin))
        self._button.setToolTip(tr("Dismiss"))
        self._button.setAccessibleName(tr("Dismiss"))
        # Errors, incomplete results and work finished in the background stay until seen.
        if role not in {"error", "warning"} and not origin:
            self._timer.start()

    def _say(self, text: str, role: str) -> None:
        self._title.set_role(role)
        self._title.set_whole_text(text)

    @Slot()
    def _on_button_clicked(self) -> None:
        if self._shows_job:
            self._jobs[-1].cancel()
        else:
            self.hide()

    @Slot()
    def _on_open_clicked(self) -> None:
        self.hide()
        self.result_wanted.emit(self._origin)

    @Slot()
    def _on_timeout(self) -> None:
        if not self._shows_job:
            self.hide()
