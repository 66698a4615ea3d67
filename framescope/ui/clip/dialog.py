"""The clip dialog: a form with a preview of the content, progress, and the verified result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from framescope.core.clips.make import ClipResult, ProofRequest, make_clip
from framescope.core.clips.settings import ClipWay
from framescope.core.text import counted, duration_words, grouped, size_words
from framescope.core.translation import tr
from framescope.session.state import NO_CHOICE, FrameChoice
from framescope.ui.clip.form import ClipForm
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.roles import plain_label
from framescope.ui.widgets.save_target import settled
from framescope.ui.widgets.saved_pictures import SavedPictures
from framescope.ui.widgets.theme import SPACE, set_role
from framescope.ui.widgets.work_dialog import WorkDialog

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QHideEvent, QShowEvent

    from framescope.core.audit.records import FileAudit
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.session.controller import Controller
    from framescope.session.settings import Settings
    from framescope.ui.widgets.theme import ThemeSource

_MARK_SIDE, _ROW_SIDE = 20, 14


class ClipResultPage(QWidget):
    """Shows the content of a finished clip, and which libraries seek correctly in it. Threads: GUI."""

    def __init__(self, controller: Controller, icons: IconSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clipResultPage")
        self._icons = icons
        self._pictures = SavedPictures(controller, self)
        self._mark = QLabel(self)
        self._mark.setFixedSize(_MARK_SIDE, _MARK_SIDE)
        self._title = plain_label("clipHeadline", "title", self)
        self._path = plain_label("clipResultPath", "muted", self)
        self._proof = plain_label("clipProof", "", self)
        self._facts = plain_label("clipResultFacts", "muted", self)
        self._heading = QLabel(tr("Seek test of the new file"), self)
        set_role(self._heading, "heading")
        self._verdicts = QWidget(self)
        self._verdicts.setObjectName("clipVerdicts")
        self._grid = QGridLayout(self._verdicts)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE)
        self._grid.setVerticalSpacing(SPACE // 2)
        self._grid.setColumnStretch(2, 1)
        head = QHBoxLayout()
        head.setSpacing(SPACE)
        head.addWidget(self._mark)
        head.addWidget(self._title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addStretch(1)
        column.addLayout(head)
        for part in (self._path, self._proof, self._facts):
            column.addWidget(part)
        column.addSpacing(SPACE)
        column.addWidget(self._pictures)
        column.addWidget(self._heading)
        column.addWidget(self._verdicts)
        column.addStretch(2)

    def show_result(self, result: ClipResult) -> None:
        """Show the result."""
        is_clean = not result.failing_engines and not result.plan.damaged_count
        name, role = ("ph.check-circle", "success") if is_clean else ("ph.warning", "warning")
        self._mark.setPixmap(self._icons.make(name, color=role).pixmap(_MARK_SIDE, _MARK_SIDE))
        count = result.proof.frame_count
        damaged = result.plan.damaged_count
        frames = counted(count, "frame", "frames") + (
            tr(", {damaged} damaged,", damaged=grouped(damaged)) if damaged else ""
        )
        self._title.setText(tr("{frames} in {size}", frames=frames, size=size_words(result.size_bytes)))
        self._path.setText(f"{result.path}  ·  {duration_words(max(result.elapsed_s, 1))}")
        self._proof.setText(tr("Read back: {sentence}", sentence=result.proof.sentence))
        self._facts.setText("\n".join(f"•  {sentence}" for sentence in result.plan.sentences))
        self._pictures.show_video(result.path)
        self._show_audit(result.audit)

    def _show_audit(self, audit: FileAudit | None) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._heading.setVisible(audit is not None)
        self._verdicts.setVisible(audit is not None)
        if audit is None:
            return
        for row, trial in enumerate(audit.trials):
            mark = QLabel(self._verdicts)
            if trial.requests:
                name, role = ("ph.check", "success") if trial.is_exact else ("ph.x", "error")
                mark.setPixmap(self._icons.make(name, color=role).pixmap(_ROW_SIDE, _ROW_SIDE))
            mark.setFixedWidth(_ROW_SIDE)
            title = QLabel(trial.title, self._verdicts)
            words = plain_label("", "muted", self._verdicts)
            words.setText(trial.verdict.sentence)
            self._grid.addWidget(mark, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(title, row, 1, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(words, row, 2)


_TITLES = {
    ClipWay.COPY: tr("Copying the packets"),
    ClipWay.EXACT: tr("Encoding the frames"),
    ClipWay.ALL_INTRA: tr("Re-encoding as all-intra"),
}


class ClipDialog(WorkDialog):
    """Writes frames as a video file. Modeless; closed, the work continues."""

    def __init__(
        self, controller: Controller, theme: ThemeSource, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(controller, "clip", tr("Export a clip"), tr("Make clip"), parent)
        self._made: ClipResult | None = None
        self.request = ProofRequest(audits=True)
        self.form = ClipForm(controller, theme, settings, self)
        self.result_page = ClipResultPage(controller, IconSource(theme, self), self)
        self.set_pages(self.form, self.result_page)
        self.form.state_changed.connect(self._on_state_changed)

    @property
    def problem(self) -> str:
        """Why no clip can be made; empty if one can."""
        return self.form.problem or ("" if self.form.plan is not None else tr("Reading the packets…"))

    @property
    def result_path(self) -> Path | None:
        """The clip written."""
        return None if self._made is None else self._made.path

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Show on the timeline what the file will contain while the dialog is visible."""
        super().showEvent(event)
        self.form.set_active(active=True)
        self._show_on_timeline()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Clear the timeline and stop background work."""
        super().hideEvent(event)
        self.form.set_active(active=False)
        self.controller.show_choice(NO_CHOICE)

    def start_work(self) -> None:
        """Make the planned clip."""
        plan, draft = self.form.plan, self.form.draft
        if plan is None or draft is None:
            return
        target = settled(plan.path, self.asks_to_replace)
        if target is None:
            return
        request = self.request if plan.settings.way is ClipWay.ALL_INTRA else ProofRequest()

        def work(progress: ProgressCallback, cancel: CancelToken) -> ClipResult:
            return make_clip(
                draft.info,
                draft.index,
                plan,
                replaces=target.replaces,
                request=request,
                progress=progress,
                cancel=cancel,
            )

        self.run_work(_TITLES[plan.settings.way], plan.path, work)

    def show_result(self, result: object) -> None:
        """Show the content of the clip; bring the dialog to the front if a library seeks wrongly in it."""
        assert isinstance(result, ClipResult)
        self._made = result
        self.result_page.show_result(result)
        if result.failing_engines:
            self.show()

    def _show_on_timeline(self) -> None:
        plan = self.form.plan
        if self.isVisible() and self.is_on_form and plan is not None:
            frames = np.arange(plan.frames.start, plan.frames.stop, dtype=np.int64)
            self.controller.show_choice(FrameChoice(frames, NO_CHOICE.scene_cuts))
        else:
            self.controller.show_choice(NO_CHOICE)

    @Slot()
    def _on_state_changed(self) -> None:
        self._show_on_timeline()
        self.refresh()
