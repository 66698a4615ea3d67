"""Keeps the session in step with the open video: opening, leaving, index, answers, playing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer, Slot

from framescope.core.marks.marked_frames import MarkedFrames
from framescope.core.marks.marks_file import moved_marks, moved_words, stamps_of
from framescope.core.marks.video_memory import VideoState
from framescope.core.media.container import local_path
from framescope.core.text import counted
from framescope.engine.backend import Backend, core_backend
from framescope.engine.collector import GuiThreadCollector
from framescope.engine.jobs import JobRunner
from framescope.engine.render import RenderSpec
from framescope.engine.state_saver import Ticket
from framescope.session.navigation import (
    clamp_range,
    range_following,
)
from framescope.session.picture_copy import PictureCopy
from framescope.session.playback import FrameTimes
from framescope.session.session_state import SessionState
from framescope.session.settings import Settings
from framescope.session.source_slot import SourceSlot
from framescope.session.source_watch import SourceWatch
from framescope.session.state import NO_CHOICE, outdated, shown_frame
from framescope.session.state_keeper import StateKeeper
from framescope.session.unfinished import UnfinishedList

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framescope.core.errors import FrameScopeError
    from framescope.core.marks.video_memory import Recalled, VideoMemory
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import OpenCVFacts
    from framescope.engine.answers import Answer
    from framescope.engine.source_engine import SourceEngine

_CLOSING_MS = 1200
"""With what it takes to end the process, closing stays under two seconds."""
_PATIENCE_MS = 50
"""How long the frame shown before stays, under its own number, while the requested one is decoded."""


class LiveSession(SessionState):
    """A session with an engine behind it. Threads: GUI."""

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        settings: Settings | None = None,
        backend: Backend | None = None,
        memory: VideoMemory | None = None,
    ) -> None:
        """Start with no video.

        Args:
            parent: The Qt parent.
            settings: What the user has set; kept in memory only when not given.
            backend: How to reach core; tests stand in for it.
            memory: Where marks and positions are kept for the next time; nowhere when not given.
        """
        super().__init__(parent)
        self.settings = settings or Settings(parent=self)
        self.unfinished = UnfinishedList(self.settings)
        self._collector = GuiThreadCollector(self)
        self._collector.start()
        self._runner = JobRunner(self)
        self._keeper = None if memory is None else StateKeeper(self, memory)
        recall = None if self._keeper is None else self._keeper.saver.recall
        self._slot = SourceSlot(backend or core_backend(), self._runner, self, recall=recall)
        self._watch = SourceWatch(self)
        self._copier = PictureCopy(self._runner, self)
        self._spec = RenderSpec()
        self._known_index: FrameIndex | None = None
        self._timed_index: FrameIndex | None = None
        self._return_to: int | None = None
        self._stamps: Mapping[int, int] = {}
        self._was_reopened = False
        self._copy_wanted: int | None = None
        self._known_total = 1
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._outdate)
        self._has_asked_opencv = False
        self._runner.job_started.connect(self.job_started)
        self._slot.arrived.connect(self._on_source_arrived)
        self._slot.failed.connect(self._on_source_failed)
        self._watch.changed.connect(self.source_changed)
        self._copier.notice_posted.connect(self.notice_posted)
        self._playback.frame_due.connect(self._on_frame_due)
        if self._keeper is not None:
            self._keeper.saver.failed.connect(self._on_keeping_failed)
            self._keeper.saver.earlier_found.connect(self._on_earlier_found)

    # --- opening and closing

    def open_source(self, source: str, *, stream_index: int | None = None) -> None:
        """Open a file or URL. Emits source_opened or source_failed.

        What is open stays open until the header of the new one was read.
        """
        self._return_to = None
        self._open(source, stream_index)

    def reopen_source(self) -> None:
        """Open the same file again, as after it changed: same frame, same marks."""
        if self._engine is not None:
            self._return_to = self._position
            self._open(self._engine.source, self._engine.stream_index)

    def _open(self, source: str, stream_index: int | None) -> None:
        path = local_path(source)
        name = source if path is None else str(path)
        self._slot.open(name, stream_index=stream_index, cache_bytes=self.settings.cache_bytes)

    def close_source(self) -> None:
        """Close the video; the window is empty again."""
        self._slot.forget()
        self._leave()
        self._selection.reset()

    def close(self) -> None:
        """Stop every thread and wait for it, two seconds at most. Nothing may be asked afterwards.

        What a library still blocks by then is left behind; see ``engine.stragglers``.
        """
        deadline = QDeadlineTimer(_CLOSING_MS)
        self.close_source()
        if self._keeper is not None:
            self._keeper.close()
        self._runner.close(deadline)
        self._slot.close(deadline)
        self._collector.stop()

    def check_source(self) -> None:
        """Check whether the file has changed, for example when the window is activated."""
        self._watch.look()

    def set_visible_range(self, first: float, last: float) -> None:
        """Show these frames on the timeline; clamped to the video."""
        wanted = clamp_range(first, last, self.frame_total)
        if wanted != self._visible_range:
            self._visible_range = wanted
            self.visible_range_changed.emit(*wanted)

    # --- inside

    def _move_to(self, frame_number: int) -> bool:
        number = min(max(frame_number, 0), self.frame_total - 1)
        if number == self._position:
            return False
        self._position = number
        self._copy_wanted = None
        self.position_changed.emit(number)
        self.set_visible_range(*range_following(self._visible_range, number, self.frame_total))
        self._ask()
        self._watch_picture()
        return True

    def _watch_picture(self) -> None:
        """Make sure that an older picture is not mistaken for the requested frame."""
        shown = self._shown
        if shown is None or shown.image is None or shown.frame_number == self._position:
            self._patience.stop()
        elif shown.provisional:
            self._outdate()
        elif self.speed == 0 and not self._patience.isActive():
            # Its own number stands beside it for this long: a mark at each step would only flicker.
            self._patience.start()

    @Slot()
    def _outdate(self) -> None:
        """Mark the picture as that of another frame; its values can no longer be read out."""
        self._patience.stop()
        if self._shown is not None and self._shown.image is not None:
            self._shown = outdated(self._shown, self._position, self.index)
            self.frame_shown.emit()

    def _ask(self) -> None:
        if self._engine is not None:
            # While playing, a stand-in would only flicker: the next frame is on its way.
            self._engine.show(self._position, self._spec, allows_stand_in=self.speed == 0)

    def _set_spec(self, spec: RenderSpec) -> None:
        if spec != self._spec:
            self._spec = spec
            self._ask()

    def _play(self, speed: float) -> None:
        info, index = self.info, self.index
        if index is not self._timed_index:
            self._timed_index = index
            rate = None if info is None or info.average_rate is None else float(info.average_rate)
            self._playback.set_times(None if index is None else FrameTimes(index, rate))
        self._playback.play(speed, self._position)

    def _leave(self) -> None:
        if self._keeper is not None:
            self._keeper.end()
        engine, self._engine = self._engine, None
        if engine is None:
            return
        self._watch.stop()
        self._patience.stop()
        self._playback.set_times(None)
        self._shown = self._opencv_facts = self._known_index = self._timed_index = self._copy_wanted = None
        self._has_asked_opencv = False
        self._position, self._visible_range, self._picture_zoom = 0, (0.0, 1.0), None
        self._earlier_marks, self._least_total, self._stamps = MarkedFrames(), 1, {}
        self._choice = NO_CHOICE
        self._slot.end(engine)
        self.source_closed.emit()

    def _copy_if_shown(self) -> None:
        shown, info = self._shown, self.info
        if shown is None or info is None or shown.provisional or shown.frame_number != self._copy_wanted:
            return
        self._copy_wanted = None
        if shown.frame is None:
            text = f"Frame {shown.frame_number} cannot be copied: {shown.unavailable_reason}"
            self.notice_posted.emit(text, "warning")
        else:
            self._copier.copy(shown.frame, info, rotate=self._is_rotated)

    def _ask_opencv(self, source: str) -> None:
        def work(progress: ProgressCallback, cancel: CancelToken) -> tuple[str, OpenCVFacts]:
            del progress, cancel
            # The first picture does not wait for OpenCV to be loaded.
            from framescope.core.media.facts.opencv_probe import probe_opencv  # noqa: PLC0415

            return source, probe_opencv(source)

        self._has_asked_opencv = True
        job = self._runner.start("Reading OpenCV properties", work, announce=False)
        job.finished.connect(self._on_opencv_answered)

    def _keep(self, engine: SourceEngine, stream_index: int, recalled: Recalled | None) -> None:
        """Save all changes from now on, and restore the state from last time."""
        if self._keeper is None:
            return
        identity = None if recalled is None else recalled.identity
        is_whole = recalled is not None and not recalled.trouble
        saved = recalled.state if recalled is not None and is_whole else VideoState()
        self._keeper.begin(Ticket(engine.source, stream_index, identity), saved)
        if recalled is not None and recalled.trouble:
            self.notice_posted.emit(recalled.trouble, "warning")
        elif recalled is not None and not self._was_reopened and (words := recalled.state.words):
            self.notice_posted.emit(words, "info")

    def _check_marks(self, index: FrameIndex) -> None:
        """Report if restored marks have moved."""
        stamps, self._stamps = self._stamps, {}
        moved = moved_marks(stamps, index)
        state = self._selection.state
        kept = state.within(len(index))
        lost = len(state.marks) - len(kept.marks)
        if state != kept:
            if self._keeper is not None:
                self._keeper.leave_out(kept)
            self._selection.reset(kept)
        if moved or lost:
            text = f"{moved_words(moved, len(stamps))} now than when they were set."
            gone = f"{counted(lost, 'mark was', 'marks were')} left out: beyond the last frame."
            self.notice_posted.emit(" ".join([text] * bool(moved) + [gone] * bool(lost)), "warning")

    # --- slots

    @Slot(str)
    def _on_keeping_failed(self, text: str) -> None:
        self.notice_posted.emit(text, "warning")

    @Slot(object)
    def _on_earlier_found(self, ticket: Ticket) -> None:
        if self._keeper is None or ticket is not self._keeper.ticket or ticket.earlier is None:
            return
        if self._was_reopened:
            if self._selection.state:
                text = (
                    "The file has changed since it was marked. Check that the marks are still in the right"
                    " places."
                )
                self.notice_posted.emit(text, "warning")
            return
        self._earlier_marks = ticket.earlier.marked
        self.earlier_marks_found.emit()

    @Slot()
    def _on_source_arrived(self) -> None:
        engine, position = self._slot.take(), self._return_to
        if engine is None or engine.info is None:
            return
        self._was_reopened = position is not None
        stamps = stamps_of(self._selection.state, self.index) if self._was_reopened else {}
        self._leave()
        recalled = engine.recalled
        if recalled is not None and recalled.stream_index != engine.info.stream_index:
            recalled = None
        state = VideoState() if recalled is None else recalled.state
        if position is None:
            stamps = {} if recalled is None else recalled.file.stamps
            self._selection.reset(state.marked)
        else:
            state = VideoState(self._selection.state, position)
        self._engine, self._position, self._picture_zoom = engine, state.position, state.zoom
        self._stamps, self._least_total = stamps, state.least_total
        engine.failed.connect(self._on_engine_failed)
        engine.index_arrived.connect(self._on_index_arrived)
        engine.listing_broke_off.connect(self._on_listing_broke_off)
        engine.answered.connect(self._on_answered)
        engine.cache_changed.connect(self.cache_changed)
        engine.thumbnail_ready.connect(self.thumbnail_ready)
        self._known_total = self.frame_total
        self._watch.watch(engine.source)
        self.settings.add_recent_file(engine.source)
        self.source_opened.emit()
        shown = state.timeline or (0.0, float(self.frame_total))
        self.set_visible_range(*range_following(shown, self._position, self.frame_total))
        self.position_changed.emit(self._position)
        self._ask()
        self._keep(engine, engine.info.stream_index, recalled)

    @Slot(object)
    def _on_source_failed(self, error: FrameScopeError) -> None:
        self.source_failed.emit(error)

    @Slot(object)
    def _on_engine_failed(self, error: FrameScopeError) -> None:
        if self.source is not None:
            self.settings.remove_recent_file(self.source)
        self.close_source()
        self.source_failed.emit(error)

    @Slot()
    def _on_index_arrived(self) -> None:
        engine, before = self._engine, self._known_index
        if engine is None or engine.index is None:
            return
        index = self._known_index = engine.index
        if before is not None and not self._stamps and not index.extends(before):
            self._stamps = stamps_of(self._selection.state, before)
        if index.complete:
            self._check_marks(index)
        shows_all = self._visible_range == (0.0, float(self._known_total))
        self._known_total = self.frame_total
        self.index_updated.emit()
        self.set_visible_range(*((0.0, self._known_total) if shows_all else self._visible_range))
        if self._position >= self._known_total:
            self._move_to(self._known_total - 1)
        elif before is not None and not index.extends(before):
            # The same number may be another picture now.
            self._outdate()
            self._ask()

    @Slot(object)
    def _on_listing_broke_off(self, error: FrameScopeError | None) -> None:
        known = 0 if self.index is None else len(self.index)
        if error is not None:
            self.notice_posted.emit(error.message, "error")
        elif self.index is not None and not self.index.complete:
            text = f"Indexing was stopped: only {counted(known, 'frame')} can be shown."
            self.notice_posted.emit(text, "warning")

    @Slot(object)
    def _on_count_finished(self, index: FrameIndex) -> None:
        self.notice_posted.emit(f"{counted(len(index), 'frame')}, counted by decoding every one.", "info")

    @Slot(object)
    def _on_answered(self, answer: Answer) -> None:
        self._collector.note_activity()
        self._shown = shown_frame(answer, self.index)
        self.frame_shown.emit()
        self._watch_picture()
        if answer.is_provisional or self._engine is None:
            return
        self._playback.note_shown(answer.request.frame_number)
        self._copy_if_shown()
        if not self._has_asked_opencv:
            # Only now, so that OpenCV's start does not delay the first picture.
            self._ask_opencv(self._engine.source)

    @Slot(object)
    def _on_opencv_answered(self, result: tuple[str, OpenCVFacts]) -> None:
        source, facts = result
        if source == self.source:
            self._opencv_facts = facts
            self.opencv_facts_found.emit()

    @Slot(int)
    def _on_frame_due(self, frame_number: int) -> None:
        self._move_to(frame_number)
