"""Analyses the frames for the export dialog, times their decoding, shows them on the timeline."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from framescope.core.media.container import local_path
from framescope.core.sampling.content import ContentMeasures, measure_content
from framescope.core.sampling.read_cost import measure_decoding
from framescope.core.sampling.sampling import Viewpoint
from framescope.core.source.opening import known_video
from framescope.core.text import counted, progress_words
from framescope.core.translation import tr
from framescope.session.state import NO_CHOICE, FrameChoice
from framescope.ui.export.frames.words import seconds_words
from framescope.ui.widgets.progress_bar import ProgressBar
from framescope.ui.widgets.tasks import BackgroundTask
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken, Progress, ProgressCallback
    from framescope.session.controller import Controller
    from framescope.ui.export.frames.section import FramesSection
    from framescope.ui.export.survey import ExportDraft, Survey


class LookBox(QWidget):
    """Offers the analysis that content-based sampling needs. Hidden if none is needed."""

    wanted = Signal()
    """The user requested the analysis."""
    stopped = Signal()
    """The user stopped the analysis."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportLook")
        self._unseen = range(0)
        self._seconds: float | None = None
        self._started: float | None = None
        self._text = QLabel(self)
        self._text.setObjectName("exportLookText")
        self._text.setWordWrap(True)
        self._bar = ProgressBar(tr("Frames analysed"), self)
        self._bar.setObjectName("exportLookProgress")
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
        """Whether an analysis is running."""
        return self._started is not None

    @property
    def text(self) -> str:
        """The text shown in the box."""
        return self._text.text()

    def show_unseen(self, unseen: range, seconds: float | None = None) -> None:
        """Offer to analyse these frames, with the estimated minimum time; an empty range hides the box."""
        self._unseen, self._seconds = unseen, seconds
        self._show()

    def begin(self) -> None:
        """Show that the analysis is running."""
        self._started = time.monotonic()
        self._bar.show_busy()
        self._rate.clear()
        self._show()

    def show_progress(self, progress: Progress) -> None:
        """Show the progress."""
        if self._started is not None and progress.total:
            self._bar.show_share(progress.done, progress.total)
            elapsed_s = time.monotonic() - self._started
            self._rate.setText(progress_words(progress.done, progress.total, elapsed_s))

    def end(self, failure: str = "") -> None:
        """Show that no analysis is running, and why the last one failed."""
        self._started = None
        self._rate.clear()
        self._show(failure)

    def _show(self, failure: str = "") -> None:
        is_running = self.is_running
        self.setVisible(is_running or bool(self._unseen))
        self._bar.setVisible(is_running)
        count = counted(len(self._unseen), "frame", "frames")
        cost = (
            "" if self._seconds is None else tr(" ({seconds} or more)", seconds=seconds_words(self._seconds))
        )
        waiting = tr(
            "This depends on picture content: {count} must be decoded once{cost}. ", count=count, cost=cost
        )
        after = tr("Changing the settings afterwards is instant.")
        self._text.setText(failure or (tr("Analysing frames…") if is_running else waiting + after))
        set_role(self._text, "error" if failure else "" if is_running else "muted")
        self._button.setText(
            tr("Stop") if is_running else tr("Analyse again") if failure else tr("Analyse frames")
        )

    @Slot()
    def _on_clicked(self) -> None:
        if self.is_running:
            self.stopped.emit()
        else:
            self.wanted.emit()


_CACHE_BYTES = 64 << 20
_NO_FRAMES = np.empty(0, np.int64)


def viewpoint_of(controller: Controller) -> Viewpoint:
    """Where the user is: the current frame, the marks and the range."""
    span = controller.marked_range
    in_out = None if span is None else range(span.start, span.stop)
    return Viewpoint(controller.position, controller.selection.state, in_out)


class FramesGuide(QObject):
    """Connects the frame selection to the session. Threads: GUI.

    Results are kept as long as the video's index: changing a threshold, or closing and reopening the
    dialog, decodes nothing again.
    """

    changed = Signal()
    """`fill` would fill in more than before."""

    def __init__(self, controller: Controller, section: FramesSection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._section = section
        self._contents: WeakKeyDictionary[FrameIndex, ContentMeasures] = WeakKeyDictionary()
        self._speeds: WeakKeyDictionary[FrameIndex, float] = WeakKeyDictionary()
        self._draft: ExportDraft | None = None
        self._pass = BackgroundTask(controller, self)
        self._pass.progressed.connect(section.look.show_progress)
        self._pass.finished.connect(self._on_looked)
        self._pass.changed.connect(self._on_pass_changed)
        self._is_active = False
        section.look.wanted.connect(self._on_look_wanted)
        section.look.stopped.connect(self._pass.cancel)
        section.marking_wanted.connect(self._on_marking_wanted)
        controller.source_closed.connect(self._pass.cancel)
        controller.index_updated.connect(self._on_index_updated)

    def fill(self, draft: ExportDraft) -> ExportDraft:
        """The draft with the known frame content and decoding speed."""
        self._draft = replace(
            draft,
            content=self._contents.get(draft.index),
            frames_per_s=self._speeds.get(draft.index, 0.0),
        )
        return self._draft

    def show_survey(self, survey: Survey) -> None:
        """Show the chosen frames on the timeline."""
        if not self._is_active:
            return
        frames = _NO_FRAMES if survey.numbers is None else survey.numbers
        cuts = _NO_FRAMES if survey.scene_cuts is None else survey.scene_cuts
        self._controller.show_choice(FrameChoice(frames, cuts))

    def set_active(self, *, active: bool) -> None:
        """Show the choice and measure only while the dialog is visible. A running analysis continues."""
        self._is_active = active
        if active:
            self._measure_speed()
        else:
            self._controller.show_choice(NO_CHOICE)

    def _measure_speed(self) -> None:
        info, index = self._controller.info, self._controller.index
        is_known = index is None or index in self._speeds or not index.complete
        if info is None or index is None or is_known or local_path(info.source) is None:
            return
        # Measured once: a video that cannot be timed is not tried again.
        self._speeds[index] = 0.0
        start = self._controller.position

        def work(progress: ProgressCallback, cancel: CancelToken) -> tuple[FrameIndex, float]:
            del progress
            with known_video(info, index, cache_bytes=0) as video:
                return index, measure_decoding(video, start, cancel)

        job = self._controller.run_job(tr("Measuring how fast the video decodes"), work, announce=False)
        job.finished.connect(self._on_speed_measured)

    @Slot()
    def _on_look_wanted(self) -> None:
        draft = self._draft
        if draft is None or self._pass.is_running or not len(draft.unseen):
            return
        info, index, span = draft.info, draft.index, draft.unseen

        def work(progress: ProgressCallback, cancel: CancelToken) -> tuple[FrameIndex, ContentMeasures]:
            with known_video(info, index, cache_bytes=_CACHE_BYTES) as video:
                return index, measure_content(video, within=span, progress=progress, cancel=cancel)

        self._pass.start(tr("Analysing frames"), work)

    @Slot()
    def _on_marking_wanted(self) -> None:
        self._controller.mark_frames(self._controller.choice.frame_numbers.tolist())

    @Slot()
    def _on_index_updated(self) -> None:
        if self._is_active:
            self._measure_speed()

    @Slot()
    def _on_pass_changed(self) -> None:
        look, error = self._section.look, self._pass.error
        if self._pass.is_running:
            look.begin()
        else:
            look.end("" if error is None else error.in_full)

    @Slot(object)
    def _on_looked(self, result: tuple[FrameIndex, ContentMeasures]) -> None:
        index, content = result
        self._contents[index] = content
        self.changed.emit()

    @Slot(object)
    def _on_speed_measured(self, result: tuple[FrameIndex, float]) -> None:
        index, frames_per_s = result
        self._speeds[index] = frames_per_s
        self.changed.emit()
