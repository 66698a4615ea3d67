"""The clip dialog: a form that shows what the file will contain, the clip under way, and the proof."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
)

from framescope.core.clips.make import ClipResult, ProofWish, make_clip
from framescope.core.clips.settings import ClipWay
from framescope.session.state import NO_CHOICE, FrameChoice
from framescope.ui.dialogs.clip_form import ClipForm
from framescope.ui.dialogs.clip_pages import ClipProgressPage, ClipResultPage
from framescope.ui.dialogs.export_look import set_role
from framescope.ui.icons import IconSource
from framescope.ui.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QHideEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

    from framescope.core.clips.clip_plan import ClipPlan
    from framescope.core.errors import FrameScopeError
    from framescope.core.model.progress import CancelToken, Progress, ProgressCallback
    from framescope.engine.jobs import Job
    from framescope.session.controller import Controller
    from framescope.session.settings import Settings
    from framescope.ui.theme import ThemeSource

_TITLES = {
    ClipWay.COPY: "Copying the packets",
    ClipWay.EXACT: "Encoding the frames",
    ClipWay.ALL_INTRA: "Making the video safe to seek in",
}


class ClipDialog(QDialog):
    """Writes frames as a video file. It does not block the window; closed, the work goes on."""

    def __init__(
        self, controller: Controller, theme: ThemeSource, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("clipDialog")
        self.setAccessibleName("Export a clip")
        self.setWindowTitle("Export a clip")
        self.setModal(False)
        self._controller = controller
        self._job: Job | None = None
        self._result: ClipResult | None = None
        self._failure = ""
        self.asks_to_replace: Callable[[Path], bool] = self._ask_to_replace
        self.wish = ProofWish(audits=True)
        self.form = ClipForm(controller, theme, settings, self)
        self.progress_page = ClipProgressPage(self)
        self.result_page = ClipResultPage(IconSource(theme, self), self)
        self._pages = QStackedWidget(self)
        for page in (self.form, self.progress_page, self.result_page):
            self._pages.addWidget(page)
        self._note = QLabel(self)
        self._note.setObjectName("clipNote")
        self._note.setWordWrap(True)
        self._stop = self._button("Stop", "clipStop", self._on_stop_clicked)
        self._hide = self._button("Go on in the background", "clipHide", self.reject)
        self._again = self._button("Back", "clipBack", self._on_back_clicked)
        self._folder = self._button("Open folder", "clipOpenFolder", self._on_folder_clicked)
        self._open = self._button("Open in FrameScope", "clipOpen", self._on_open_clicked)
        self._close = self._button("Close", "clipClose", self.reject)
        self._start = self._button("Make clip", "clipStart", self._on_start_clicked)
        self._lay_out()
        self.form.state_changed.connect(self._on_state_changed)
        self._show_page(self.form)
        self.resize(880, 640)

    @property
    def is_working(self) -> bool:
        """Whether a clip is under way."""
        return self._job is not None

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """The timeline shows what the file will contain while the dialog is seen."""
        super().showEvent(event)
        self.form.set_active(active=True)
        self._show_on_timeline()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Give the timeline back, and leave the threads to others."""
        super().hideEvent(event)
        self.form.set_active(active=False)
        self._controller.show_choice(NO_CHOICE)

    def _show_on_timeline(self) -> None:
        plan = self.form.plan
        is_shown = self.isVisible() and self._pages.currentWidget() is self.form and plan is not None
        if is_shown and plan is not None:
            frames = np.arange(plan.frames.start, plan.frames.stop, dtype=np.int64)
            self._controller.show_choice(FrameChoice(frames, NO_CHOICE.scene_cuts))
        else:
            self._controller.show_choice(NO_CHOICE)

    def _button(self, text: str, name: str, slot: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self._note, 1)
        for button in (self._stop, self._hide, self._again, self._folder, self._open):
            row.addWidget(button)
        row.addWidget(self._close)
        row.addWidget(self._start)
        line = QFrame(self)
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFixedHeight(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        column.addWidget(self._pages, 1)
        column.addWidget(line)
        column.addLayout(row)

    def _show_page(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        is_form, is_result, is_progress = (
            page is one for one in (self.form, self.result_page, self.progress_page)
        )
        shown = {
            self._start: is_form,
            self._close: not is_progress,
            self._stop: is_progress,
            self._hide: is_progress,
            self._again: is_result,
            self._folder: is_result,
            self._open: is_result,
        }
        for button, is_shown in shown.items():
            button.setVisible(is_shown)
            button.setDefault(False)
        if not is_progress:
            (self._start if is_form else self._close).setDefault(True)
        self._stop.setEnabled(True)
        self._on_state_changed()

    def _say(self, text: str, role: str) -> None:
        self._note.setText(text)
        set_role(self._note, role)

    def _ask_to_replace(self, path: Path) -> bool:
        answer = QMessageBox.question(
            self,
            "Replace the file?",
            f"{path.name} is there already. Replace it?",
            QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No,
            QMessageBox.StandardButton.No,
        )
        return answer == QMessageBox.StandardButton.Yes

    def _run(self, plan: ClipPlan, *, replaces: bool) -> None:
        draft = self.form.draft
        if draft is None:
            return
        wish = self.wish if plan.settings.way is ClipWay.ALL_INTRA else ProofWish()

        def work(progress: ProgressCallback, cancel: CancelToken) -> ClipResult:
            return make_clip(
                draft.info, draft.index, plan, replaces=replaces, wish=wish, progress=progress, cancel=cancel
            )

        title = _TITLES[plan.settings.way]
        self.progress_page.begin(title, str(plan.path))
        job = self._controller.run_job(title, work)
        self._job, self._failure = job, ""
        job.progressed.connect(self._on_progressed)
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)
        job.cancelled.connect(self._on_cancelled)
        self._show_page(self.progress_page)

    # --- slots

    @Slot()
    def _on_state_changed(self) -> None:
        form = self.form
        is_form = self._pages.currentWidget() is form
        self._show_on_timeline()
        self._start.setEnabled(form.plan is not None and not form.problem)
        if not is_form:
            self._say("", "muted")
        elif form.problem:
            self._say(form.problem, "error")
        else:
            self._say(self._failure, "error")

    @Slot()
    def _on_start_clicked(self) -> None:
        plan = self.form.plan
        if plan is None:
            return
        replaces = os.path.lexists(plan.path)
        if replaces and not self.asks_to_replace(plan.path):
            return
        self._run(plan, replaces=replaces)

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        self.progress_page.show_progress(progress)

    @Slot(object)
    def _on_finished(self, result: ClipResult) -> None:
        self._job, self._result = None, result
        self.result_page.show_result(result)
        self._show_page(self.result_page)
        if result.failing_engines:
            self.show()

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        self._job = None
        self._failure = " ".join(filter(None, (error.message, error.hint)))
        self._show_page(self.form)
        # Whoever sent it to the background must learn of it.
        self.show()

    @Slot()
    def _on_cancelled(self) -> None:
        self._job = None
        self._show_page(self.form)

    @Slot()
    def _on_stop_clicked(self) -> None:
        if self._job is not None:
            self._stop.setEnabled(False)
            self._job.cancel()

    @Slot()
    def _on_back_clicked(self) -> None:
        self._show_page(self.form)

    @Slot()
    def _on_folder_clicked(self) -> None:
        if self._result is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._result.path.parent)))

    @Slot()
    def _on_open_clicked(self) -> None:
        if self._result is not None:
            self._controller.open_source(str(self._result.path))
            self.reject()
