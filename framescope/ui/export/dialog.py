"""The export dialog: a form, then the export in progress, then its result."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget

from framescope.core.export.manifest.header import read_manifest
from framescope.core.export.manifest.resume import Unfinished, planned_again, resume_export, unfinished_like
from framescope.core.export.plan import Action, ExportPlan, resolved
from framescope.core.export.result import ExportResult
from framescope.core.export.run import export_frames
from framescope.core.sampling.frame_list import format_frame_list
from framescope.core.source.opening import known_video, open_video
from framescope.core.text import counted
from framescope.ui.export.form import ExportForm
from framescope.ui.export.question import ExistingQuestion
from framescope.ui.export.recipe_menu import RecipeMenu
from framescope.ui.export.result_page import ExportProgressPage, ResultPage
from framescope.ui.export.survey import ExportDraft, make_plan
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.open_outside import open_outside
from framescope.ui.widgets.theme import SPACE
from framescope.ui.widgets.work_dialog import FooterDialog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QHideEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

    from framescope.core.errors import FrameScopeError
    from framescope.core.export.settings import OnExisting
    from framescope.core.model.progress import CancelToken, Progress, ProgressCallback
    from framescope.engine.jobs import Job
    from framescope.session.controller import Controller
    from framescope.session.settings import Settings
    from framescope.ui.widgets.theme import ThemeSource

    Planned = tuple[ExportPlan, frozenset[str], Unfinished | None]
    from framescope.core.export.plan import ExportPlan
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.stream_facts import VideoInfo

    Opening = Callable[[ProgressCallback, CancelToken], Video]

ORIGIN = "exportDialog"
"""The dialog that shows the result of a job; see `Job`."""
_CACHE_BYTES = 64 << 20
"""Frames are taken once and in order; only what a decoder gives back in another order needs keeping."""


def run_export_job(
    controller: Controller, info: VideoInfo, index: FrameIndex, plan: ExportPlan, *, title: str
) -> Job:
    """Save the planned frames as a job; it finishes with an `ExportResult`, cancelled or not.

    Args:
        controller: Runs the job.
        info: The video to read; it need not be the open one any longer.
        index: Its index: the frames are those that the window numbers so.
        plan: Which frame goes into which file; nothing in it may be left to ask.
        title: What is being done, for display.
    """

    def work(progress: ProgressCallback, cancel: CancelToken) -> ExportResult:
        # Opened here, in the job's thread: one thread opens, uses and closes each decoder.
        with as_listed(info, index)(progress, cancel) as video:
            return export_frames(video, plan, manifest=True, progress=progress, cancel=cancel)

    return controller.run_job(title, work, origin=ORIGIN)


def run_resume_job(controller: Controller, opened: Opening, folder: Path, *, title: str) -> Job:
    """Continue with the last export in a folder as a job; it finishes with an `ExportResult`.

    Args:
        controller: Runs the job.
        opened: Opens the video that the export was made of, in the job's thread.
        folder: Where the export is.
        title: What is being done, for display.
    """

    def work(progress: ProgressCallback, cancel: CancelToken) -> ExportResult:
        with opened(progress, cancel) as video:
            plan = planned_again(read_manifest(folder).last.header, video.info, video.index, folder)
            return resume_export(video, plan, progress=progress, cancel=cancel)

    return controller.run_job(title, work, origin=ORIGIN)


def as_listed(info: VideoInfo, index: FrameIndex) -> Opening:
    """Opens a video whose frames are listed already."""

    def opened(progress: ProgressCallback, cancel: CancelToken) -> Video:
        del progress, cancel
        return known_video(info, index, cache_bytes=_CACHE_BYTES)

    return opened


def from_disk(source: str, stream_index: int | None) -> Opening:
    """Opens a video that was not opened before."""

    def opened(progress: ProgressCallback, cancel: CancelToken) -> Video:
        return open_video(
            source, stream_index=stream_index, cache_bytes=_CACHE_BYTES, progress=progress, cancel=cancel
        )

    return opened


class ExportDialog(FooterDialog):
    """Saves frames as pictures. It does not block the window: marks and range can be set meanwhile.

    Closed while an export runs, it continues in the background and comes back if something failed.
    """

    def __init__(
        self, controller: Controller, theme: ThemeSource, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__("export", "Export frames", parent)
        self._controller = controller
        self._job: Job | None = None
        self._draft: ExportDraft | None = None
        self._unfinished_key = ""
        self._resume_way: Callable[[Path], None] | None = None
        self._result: ExportResult | None = None
        self._question: ExistingQuestion | None = None
        self._failure = ""
        self._told = ("", "muted")
        self._icons = IconSource(theme, self)
        self.form = ExportForm(controller, theme, settings, self)
        self.progress_page = ExportProgressPage(self)
        self.result_page = ResultPage(controller, self._icons, self)
        self._pages = QStackedWidget(self)
        for page in (self.form, self.progress_page, self.result_page):
            self._pages.addWidget(page)
        self._export = self._button("Export", "exportStart", self._on_export_clicked)
        self._cancel = self._button("Close", "exportClose", self.reject)
        self._stop = self._button("Stop", "exportStop", self._on_stop_clicked)
        self._hide = self._button("Continue in background", "exportHide", self.reject)
        self._open = self._button("Open folder", "exportOpenFolder", self._on_open_clicked)
        self._copy = self._button("Copy list", "exportCopyList", self._on_copy_clicked)
        self._resume = self._button("Resume", "exportResume", self._on_resume_clicked)
        self._rest = self._button("Export the rest…", "exportRest", self._on_rest_clicked)
        self._again = self._button("Back", "exportBack", self._on_back_clicked)
        self._recipe = RecipeMenu(self.form, settings, self)
        self._recipe.told.connect(self._on_recipe_told)
        self._lay_out()
        self.form.state_changed.connect(self._on_state_changed)
        for section in (self.form.frames, self.form.format, self.form.files):
            section.changed.connect(self._on_edited)
        self.result_page.frame_wanted.connect(controller.show_frame)
        self._show_page(self.form)
        self.resize(1240, 720)

    @property
    def is_exporting(self) -> bool:
        """Whether an export is running."""
        return self._job is not None

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Count and preview only while visible."""
        super().showEvent(event)
        self._activate()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Stop background work."""
        super().hideEvent(event)
        self.form.set_active(active=False)
        # Spontaneous means minimised: a result that is being read stays.
        if not self.is_exporting and not event.spontaneous():
            self._failure = ""
            self._show_page(self.form)

    def reject(self) -> None:
        """Close; a running export continues."""
        self.form.remember()
        super().reject()

    def _lay_out(self) -> None:
        column = self._column(2 * SPACE)
        column.addWidget(self._pages, 1)
        self._add_footer(
            column,
            self._recipe, self._note, self._copy, self._rest, self._open, self._stop, self._again, self._hide,
            self._resume, self._cancel, self._export,
        )  # fmt: skip

    def _show_page(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        is_form, is_result = page is self.form, page is self.result_page
        can_resume = self._result is not None and self._result.can_resume
        has_rest = self._result is not None and bool(self._result.failed or self._result.not_reached)
        shown = {
            self._export: is_form,
            self._recipe: is_form,
            self._cancel: not self.is_exporting,
            self._stop: page is self.progress_page,
            self._hide: page is self.progress_page,
            self._open: is_result,
            self._copy: is_result and self.result_page.has_rows,
            self._resume: is_result and can_resume,
            self._rest: is_result and has_rest,
            self._again: is_result,
        }
        for button, is_shown in shown.items():
            button.setVisible(is_shown)
            button.setDefault(False)
        closing = self._resume if can_resume else self._cancel
        default = self._export if is_form else closing if is_result else None
        if default is not None:
            default.setDefault(True)
        if is_form:
            self.form.frames.focus_choice()
        elif default is not None:
            default.setFocus()
        self._stop.setEnabled(True)
        self._activate()
        self._on_state_changed()

    def _activate(self) -> None:
        self.form.set_active(active=self.isVisible() and self._pages.currentWidget() is self.form)

    # --- exporting

    @Slot()
    def _on_export_clicked(self) -> None:
        draft = self.form.draft
        if draft is None or not self.form.is_ready:
            return
        self.form.remember()
        self._draft, self._result, self._failure = draft, None, ""

        def work(progress: ProgressCallback, cancel: CancelToken) -> Planned:
            del progress, cancel
            plan, existing = make_plan(draft)
            plan = replace(plan, sampling=draft.sampling.as_table())
            return plan, existing, unfinished_like(plan) if plan.count(Action.ASK) else None

        self.progress_page.begin("Preparing the export", draft.files.folder)
        self._follow(self._controller.run_job("Preparing the export", work, announce=False))
        self._show_page(self.progress_page)

    def _follow(self, job: Job) -> None:
        self._job = job
        job.progressed.connect(self._on_progressed)
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)
        job.cancelled.connect(self._on_cancelled)

    def _ask(self, plan: ExportPlan, existing: frozenset[str], unfinished: Unfinished | None) -> None:
        question = ExistingQuestion(plan, self._icons, self, unfinished=unfinished)
        question.resume_wanted.connect(partial(self._on_resume_wanted, plan.settings.folder))
        question.answered.connect(partial(self._on_answered, plan, existing))
        question.called_off.connect(self._on_called_off)
        self._question = question
        self.show()
        question.open()

    def _start(self, plan: ExportPlan) -> None:
        draft = self._draft
        if draft is None:
            return
        words = counted(len(plan), "frame")
        title = f"Exporting {words} as {plan.settings.image_format.label}"
        self.progress_page.begin(title, str(plan.settings.folder))
        self._note_begun(draft.info.source, draft.info.stream_index, plan.settings.folder)
        self._resume_way = self._resume_listed
        self._follow(run_export_job(self._controller, draft.info, draft.index, plan, title=title))
        self._show_page(self.progress_page)

    def resume(self, source: str, stream_index: int | None, folder: Path) -> bool:
        """Resume an export that an earlier run left unfinished; False while another one is under way."""
        if self.is_exporting:
            return False
        self._go_on(source, stream_index, folder, from_disk(source, stream_index))
        return True

    def _go_on(self, source: str, stream_index: int | None, folder: Path, opened: Opening) -> None:
        self._resume_way = partial(self._go_on, source, stream_index, opened=opened)
        title = "Resuming the export"
        self._result, self._failure = None, ""
        self.progress_page.begin(title, str(folder))
        self._note_begun(source, stream_index, folder)
        self._follow(run_resume_job(self._controller, opened, folder, title=title))
        self._show_page(self.progress_page)

    def _resume_listed(self, folder: Path) -> None:
        draft = self._draft
        if draft is not None:
            info = draft.info
            self._go_on(info.source, info.stream_index, folder, as_listed(info, draft.index))

    def _note_begun(self, source: str, stream_index: int | None, folder: Path) -> None:
        self._unfinished_key = self._controller.unfinished.begin(
            "export", source=source, stream_index=stream_index, folder=str(folder)
        )

    def _note_ended(self) -> None:
        if self._unfinished_key:
            self._controller.unfinished.end(self._unfinished_key)
            self._unfinished_key = ""

    def _back_to_form(self, error: FrameScopeError | None = None) -> None:
        if error is not None:
            self._failure = error.in_full
        self._show_page(self.form)
        if error is not None:
            self.show()

    # --- slots

    @Slot()
    def _on_state_changed(self) -> None:
        form = self.form
        count = form.count
        self._export.setText(f"Export {counted(count, 'frame')}" if count else "Export")
        self._export.setEnabled(form.is_ready)
        if self._pages.currentWidget() is not form:
            self._say("", "muted")
        elif self._failure:
            # Counting again, or a preview that arrives, must not wipe away why it failed.
            self._say(self._failure, "error")
        else:
            self._say(*(form.problem if form.problem[0] else self._told))

    @Slot(str, str)
    def _on_recipe_told(self, text: str, role: str) -> None:
        self._told = (text, role)
        self._on_state_changed()

    @Slot()
    def _on_edited(self) -> None:
        self._failure, self._told = "", ("", "muted")
        self._on_state_changed()

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        if progress.total is not None and self._stop.isEnabled():
            self.progress_page.show_progress(progress)

    @Slot(object)
    def _on_finished(self, result: object) -> None:
        self._job = None
        if isinstance(result, ExportResult):
            if not result.can_resume:
                self._note_ended()
            self._result = result
            self.result_page.show_result(result)
            self._show_page(self.result_page)
            if not result.is_complete and not result.cancelled:
                # The user who sent it to the background must be notified.
                self.show()
            return
        plan, existing, unfinished = cast("Planned", result)
        if self._controller.source is None or not self._stop.isEnabled():
            # The window is closing, the video was closed, or Stop came too late for the plan.
            self._back_to_form()
        elif plan.count(Action.ASK):
            self._ask(plan, existing, unfinished)
        else:
            self._start(plan)

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        self._job = None
        self._note_ended()
        self._back_to_form(error)

    @Slot()
    def _on_cancelled(self) -> None:
        self._job = None
        self._note_ended()
        self._back_to_form()

    def _on_answered(self, plan: ExportPlan, existing: frozenset[str], decided: OnExisting) -> None:
        self._question = None
        self._start(resolved(plan, decided, existing))

    def _on_resume_wanted(self, folder: Path) -> None:
        self._question = None
        self._resume_listed(folder)

    @Slot()
    def _on_resume_clicked(self) -> None:
        if self._result is not None and self._resume_way is not None:
            self._resume_way(self._result.folder)

    @Slot()
    def _on_called_off(self) -> None:
        self._question = None
        self._back_to_form()

    @Slot()
    def _on_stop_clicked(self) -> None:
        if self._job is not None:
            self._stop.setEnabled(False)
            self.progress_page.show_stopping()
            self._job.cancel()

    @Slot()
    def _on_open_clicked(self) -> None:
        if self._result is not None:
            open_outside(self._result.folder)

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.result_page.text)

    @Slot()
    def _on_rest_clicked(self) -> None:
        result = self._result
        if result is not None:
            missing = [outcome.frame_number for outcome in result.failed] + list(result.not_reached)
            self.form.choose_list(format_frame_list(np.unique(np.array(missing, np.int64))))
            self._show_page(self.form)

    @Slot()
    def _on_back_clicked(self) -> None:
        self._show_page(self.form)
