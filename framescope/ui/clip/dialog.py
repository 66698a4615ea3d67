"""The clip dialog: a form that shows what the file will contain, the clip under way, and the proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Slot

from framescope.core.clips.make import ClipResult, ProofRequest, make_clip
from framescope.core.clips.settings import ClipWay
from framescope.session.state import NO_CHOICE, FrameChoice
from framescope.ui.clip.form import ClipForm
from framescope.ui.clip.result_page import ClipResultPage
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.save_target import settled
from framescope.ui.widgets.work_dialog import WorkDialog

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QHideEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.session.controller import Controller
    from framescope.session.settings import Settings
    from framescope.ui.widgets.theme import ThemeSource

_TITLES = {
    ClipWay.COPY: "Copying the packets",
    ClipWay.EXACT: "Encoding the frames",
    ClipWay.ALL_INTRA: "Making the video safe to seek in",
}


class ClipDialog(WorkDialog):
    """Writes frames as a video file. It does not block the window; closed, the work goes on."""

    def __init__(
        self, controller: Controller, theme: ThemeSource, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(controller, "clip", "Export a clip", "Make clip", parent)
        self._made: ClipResult | None = None
        self.request = ProofRequest(audits=True)
        self.form = ClipForm(controller, theme, settings, self)
        self.result_page = ClipResultPage(controller, IconSource(theme, self), self)
        self.set_pages(self.form, self.result_page)
        self.form.state_changed.connect(self._on_state_changed)

    @property
    def problem(self) -> str:
        """Why no clip can be made; empty when one can."""
        return self.form.problem or ("" if self.form.plan is not None else "Looking at the packets…")

    @property
    def result_path(self) -> Path | None:
        """The clip that was made."""
        return None if self._made is None else self._made.path

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """The timeline shows what the file will contain while the dialog is seen."""
        super().showEvent(event)
        self.form.set_active(active=True)
        self._show_on_timeline()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Give the timeline back, and leave the threads to others."""
        super().hideEvent(event)
        self.form.set_active(active=False)
        self.controller.show_choice(NO_CHOICE)

    def start_work(self) -> None:
        """Make the clip that is planned."""
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
        """Show what the clip holds; in front where a library still fails on it."""
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
