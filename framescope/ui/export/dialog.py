"""The export dialog: a form, then the export in progress, then its result."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication

from framescope.core.addresses import masked
from framescope.core.export.manifest.reading import read_manifest
from framescope.core.export.manifest.resume import Unfinished, planned_again, resume_export, unfinished_like
from framescope.core.export.plan import Action, ExportPlan, resolved
from framescope.core.export.result import ExportResult
from framescope.core.export.run import export_frames
from framescope.core.sampling.frame_list import format_frame_list
from framescope.core.source.opening import known_video, open_video
from framescope.core.storage import is_stored
from framescope.core.text import counted
from framescope.core.translation import tr
from framescope.ui.export.destination import outbox_for, sent_work, usable_folder
from framescope.ui.export.form import ExportForm
from framescope.ui.export.question import ExistingQuestion
from framescope.ui.export.recipe_menu import RecipeMenu
from framescope.ui.export.result_page import ExportProgressPage, ResultPage
from framescope.ui.export.survey import ExportDraft, make_plan
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.work_dialog import WorkDialog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QHideEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

    from framescope.core.errors import FrameScopeError
    from framescope.core.export.sending import Outbox
    from framescope.core.export.settings import OnExisting
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.engine.jobs import Work
    from framescope.session.controller import Controller
    from framescope.session.settings import Settings
    from framescope.ui.widgets.theme import ThemeSource

    Planned = tuple[ExportPlan, frozenset[str], Unfinished | None, Outbox | None]
    from framescope.core.export.plan import ExportPlan
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.stream_facts import VideoInfo

    Opening = Callable[[ProgressCallback, CancelToken], Video]

_CACHE_BYTES = 64 << 20
"""Frames are read once and in order; only frames that the decoder returns out of order need caching."""


def export_work(info: VideoInfo, index: FrameIndex, plan: ExportPlan) -> Work:
    """Work that saves the planned frames; it returns an `ExportResult`, cancelled or not.

    Args:
        info: The video to read; it may no longer be the open one.
        index: Its index; frame numbers in the plan refer to it.
        plan: Which frame goes into which file; it must have no open questions.
    """

    def work(progress: ProgressCallback, cancel: CancelToken) -> ExportResult:
        # Opened here, in the job's thread: each decoder is opened, used and closed in one thread.
        with as_listed(info, index)(progress, cancel) as video:
            return export_frames(video, plan, manifest=True, progress=progress, cancel=cancel)

    return work


def resume_work(opened: Opening, folder: Path) -> Work:
    """Work that resumes the last export in a folder; it returns an `ExportResult`.

    Args:
        opened: Opens the exported video, in the job's thread.
        folder: The folder of the export.
    """

    def work(progress: ProgressCallback, cancel: CancelToken) -> ExportResult:
        with opened(progress, cancel) as video:
            plan = planned_again(read_manifest(folder).last.header, video.info, video.index, folder)
            return resume_export(video, plan, progress=progress, cancel=cancel)

    return work


def as_listed(info: VideoInfo, index: FrameIndex) -> Opening:
    """Opens a video whose frames are already indexed."""

    def opened(progress: ProgressCallback, cancel: CancelToken) -> Video:
        del progress, cancel
        return known_video(info, index, cache_bytes=_CACHE_BYTES)

    return opened


def from_disk(source: str, stream_index: int | None) -> Opening:
    """Opens a video from disk that has not been indexed yet."""

    def opened(progress: ProgressCallback, cancel: CancelToken) -> Video:
        return open_video(
            source, stream_index=stream_index, cache_bytes=_CACHE_BYTES, progress=progress, cancel=cancel
        )

    return opened


def _leave(outbox: Outbox) -> None:
    """Close an outbox that nothing was written to."""
    outbox.discard_unused()
    outbox.close()


class ExportDialog(WorkDialog):
    """Saves frames as pictures. Not modal: marks and range can be set meanwhile.

    Closed during an export, it continues in the background and reopens if something failed.
    """

    def __init__(
        self, controller: Controller, theme: ThemeSource, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            controller,
            "export",
            tr("Export frames"),
            tr("Export"),
            parent,
            progress_page=ExportProgressPage(),
        )
        self._draft: ExportDraft | None = None
        self._unfinished_key = ""
        self._resume_way: Callable[[], None] | None = None
        self._target = ""
        self._outbox: Outbox | None = None
        self._made: ExportResult | None = None
        self._told = ("", "muted")
        self._icons = IconSource(theme, self)
        self.form = ExportForm(controller, theme, settings, self)
        self.result_page = ResultPage(controller, self._icons, self)
        self._copy = self._button(tr("Copy list"), "exportCopyList", self._on_copy_clicked)
        self._resume = self._button(tr("Resume"), "exportResume", self._on_resume_clicked)
        self._rest = self._button(tr("Export the rest…"), "exportRest", self._on_rest_clicked)
        self._recipe = RecipeMenu(self.form, settings, self)
        self._recipe.told.connect(self._on_recipe_told)
        self._footer.insertWidget(0, self._recipe)
        for button in (self._rest, self._copy):
            self._footer.insertWidget(self._footer.indexOf(self._note) + 1, button)
        self._footer.insertWidget(self._footer.indexOf(self._close), self._resume)
        self.form.state_changed.connect(self.refresh)
        for section in (self.form.frames, self.form.format, self.form.files):
            section.changed.connect(self._on_edited)
        self.result_page.frame_wanted.connect(controller.show_frame)
        self.set_pages(self.form, self.result_page, scrolls=False)
        self.resize(1240, 720)

    @property
    def can_start(self) -> bool:
        """Whether the export can start."""
        return self.form.is_ready

    @property
    def result_path(self) -> Path | None:
        """None: an export is a folder of pictures."""
        return None

    @property
    def result_folder(self) -> Path | None:
        """The folder of the pictures; None for an address, or as long as there is none."""
        return None if self._made is None or is_stored(self._target) else self._made.folder

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Start counting and previewing; neither runs while hidden."""
        super().showEvent(event)
        self._activate()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Stop background work."""
        super().hideEvent(event)
        self.form.set_active(active=False)
        # A spontaneous hide means minimised: a result the user is reading stays.
        if not self.is_working and not event.spontaneous():
            self._failure = ""
            self._show_page(self.form)

    def reject(self) -> None:
        """Close; a running export continues."""
        self.form.remember()
        super().reject()

    def _show_page(self, page: QWidget) -> None:
        super()._show_page(page)
        made = self._made if page is self.result_page else None
        can_resume = made is not None and made.can_resume
        self._folder.setVisible(self.result_folder is not None and page is self.result_page)
        self._recipe.setVisible(self.is_on_form)
        self._copy.setVisible(made is not None and self.result_page.has_rows)
        self._resume.setVisible(can_resume)
        self._rest.setVisible(made is not None and bool(made.failed or made.not_reached))
        self._resume.setDefault(can_resume)
        if self.is_on_form:
            self.form.frames.focus_choice()
        elif made is not None:
            default = self._resume if can_resume else self._close
            default.setDefault(True)
            default.setFocus()
        self._activate()

    def _activate(self) -> None:
        self.form.set_active(active=self.isVisible() and self.is_on_form)

    @Slot()
    def refresh(self) -> None:
        """Show how many frames would be saved, or what prevents it."""
        count = self.form.count
        self._start.setText(
            tr("Export {frames}", frames=counted(count, "frame", "frames")) if count else tr("Export")
        )
        self._start.setEnabled(self.can_start)
        if not self.is_on_form:
            self._say("", "muted")
        elif self._failure:
            # A recount or a new preview must not overwrite the error message.
            self._say(self._failure, "error")
        else:
            self._say(*(self.form.problem if self.form.problem[0] else self._told))

    # --- exporting

    def start_work(self) -> None:
        """Plan the export, asking the user where necessary."""
        draft = self.form.draft
        if draft is None:
            return
        self.form.remember()
        self._drop_outbox()
        self._draft, self._made, self._target = draft, None, draft.files.folder.strip()

        def work(progress: ProgressCallback, cancel: CancelToken) -> Planned:
            del progress
            with ExitStack() as stack:
                outbox = outbox_for(draft.files.folder)
                if outbox is not None:
                    stack.callback(_leave, outbox)
                    outbox.prepare(cancel=cancel)
                plan, existing = make_plan(draft)
                plan = replace(plan, sampling=draft.sampling.as_table())
                unfinished = unfinished_like(plan) if plan.count(Action.ASK) else None
                # Until the pictures are sent, or nobody wants them any more.
                stack.pop_all()
            return plan, existing, unfinished, outbox

        self.run_work(tr("Preparing the export"), self._place, work, writes=False)

    def show_result(self, result: object) -> None:
        """Show what was saved; bring the dialog to the front if something failed."""
        assert isinstance(result, ExportResult)
        if not result.can_resume:
            self._note_ended()
        self._made = result
        self.result_page.show_result(result, self._place)
        if not result.is_complete and not result.cancelled:
            # A user who sent the export to the background must be notified.
            self.show()

    def resume(self, source: str, stream_index: int | None, folder: str) -> bool:
        """Resume an unfinished export to a folder or an address; False if another one is running."""
        if self.is_working:
            return False
        self._target = folder
        self._go_on(source, stream_index, from_disk(source, stream_index))
        return True

    def _go_on(self, source: str, stream_index: int | None, opened: Opening) -> None:
        def work(folder: Path, progress: ProgressCallback, cancel: CancelToken) -> ExportResult:
            return cast("ExportResult", resume_work(opened, folder)(progress, cancel))

        self._resume_way = partial(self._go_on, source, stream_index, opened)
        self._made = None
        self._note_begun(source, stream_index)
        target, self._outbox = self._outbox or self._target, None
        self.run_work(tr("Resuming the export"), self._place, sent_work(target, work, resume=True))

    @Slot()
    def _resume_listed(self) -> None:
        draft = self._draft
        if draft is not None:
            info = draft.info
            self._go_on(info.source, info.stream_index, as_listed(info, draft.index))

    def _export(self, plan: ExportPlan) -> None:
        draft = self._draft
        if draft is None:
            return

        def work(_folder: Path, progress: ProgressCallback, cancel: CancelToken) -> ExportResult:
            return cast("ExportResult", export_work(draft.info, draft.index, plan)(progress, cancel))

        title = tr(
            "Exporting {frames} as {label}",
            frames=counted(len(plan), "frame", "frames"),
            label=plan.settings.image_format.label,
        )
        self._resume_way = self._resume_listed
        self._note_begun(draft.info.source, draft.info.stream_index)
        target, self._outbox = self._outbox or str(plan.settings.folder), None
        self.run_work(title, self._place, sent_work(target, work))

    def _ask(self, plan: ExportPlan, existing: frozenset[str], unfinished: Unfinished | None) -> None:
        question = ExistingQuestion(plan, self._icons, self, unfinished=unfinished)
        question.resume_wanted.connect(self._resume_listed)
        question.answered.connect(partial(self._on_answered, plan, existing))
        question.called_off.connect(self._on_back_clicked)
        self.show()
        question.open()

    def _note_begun(self, source: str, stream_index: int | None) -> None:
        folder = self._target if is_stored(self._target) else str(usable_folder(self._target))
        self._unfinished_key = self.controller.unfinished.begin(
            "export", source=source, stream_index=stream_index, folder=folder
        )

    @property
    def _place(self) -> str:
        """The folder or the address, as it is shown."""
        return masked(self._target) if is_stored(self._target) else str(usable_folder(self._target))

    def _drop_outbox(self) -> None:
        if self._outbox is not None:
            _leave(self._outbox)
            self._outbox = None

    def _note_ended(self) -> None:
        if self._unfinished_key:
            self.controller.unfinished.end(self._unfinished_key)
            self._unfinished_key = ""

    # --- slots

    @Slot()
    def _on_back_clicked(self) -> None:
        self._drop_outbox()
        super()._on_back_clicked()

    @Slot(str, str)
    def _on_recipe_told(self, text: str, role: str) -> None:
        self._told = (text, role)
        self.refresh()

    @Slot()
    def _on_edited(self) -> None:
        self._failure, self._told = "", ("", "muted")
        self.refresh()

    @Slot(object)
    def _on_finished(self, result: object) -> None:
        if isinstance(result, ExportResult):
            super()._on_finished(result)
            return
        plan, existing, unfinished, self._outbox = cast("Planned", result)
        if self.controller.source is None or not self._stop.isEnabled():
            # The window is closing, the video was closed, or Stop came too late for the plan.
            self._drop_outbox()
            self._show_page(self.form)
        elif plan.count(Action.ASK):
            self._ask(plan, existing, unfinished)
        else:
            self._export(plan)

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        self._note_ended()
        super()._on_failed(error)

    @Slot()
    def _on_cancelled(self) -> None:
        self._note_ended()
        super()._on_cancelled()

    def _on_answered(self, plan: ExportPlan, existing: frozenset[str], decided: OnExisting) -> None:
        self._export(resolved(plan, decided, existing))

    @Slot()
    def _on_resume_clicked(self) -> None:
        if self._made is not None and self._resume_way is not None:
            self._resume_way()

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.result_page.text)

    @Slot()
    def _on_rest_clicked(self) -> None:
        result = self._made
        if result is not None:
            missing = [outcome.frame_number for outcome in result.failed] + list(result.not_reached)
            self.form.choose_list(format_frame_list(np.unique(np.array(missing, np.int64))))
            self._show_page(self.form)
