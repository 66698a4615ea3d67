"""Saves the state of the open video shortly after it changes, and when the video is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from framescope.core.marks.marked_frames import MarkedFrames
from framescope.core.marks.marks_file import moved_marks, stamps_of
from framescope.core.marks.video_memory import VideoState
from framescope.core.text import counted, grouped
from framescope.core.translation import tr, tr_plural
from framescope.engine.state_saver import StateSaver, Ticket

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framescope.core.marks.video_memory import Recalled
    from framescope.core.media.index import FrameIndex
    from framescope.engine.source_engine import SourceEngine
    from framescope.session.open_video import OpenVideo
    from framescope.session.selection import Selection
    from framescope.session.view import View

_PAUSE_MS = 1000
"""Positions change quickly; one per second is enough. Marks and range are saved at once."""
_MARKS_A_PAUSE = 5000
"""This many marks double the pause, since all of them are written with each position."""


class StateKeeper(QObject):
    """Saves the state of one window's video, and checks whether marks still refer to the same frames.

    Threads: GUI.
    """

    earlier_marks_found = Signal()
    """``earlier_marks`` is available: the marks of a different file that was at this path before."""
    notice_posted = Signal(str, str)
    """A sentence and its level."""

    def __init__(
        self,
        video: OpenVideo,
        view: View,
        selection: Selection,
        saver: StateSaver | None,
        parent: QObject | None = None,
    ) -> None:
        """Start without a video.

        Args:
            video: Whose state it is.
            view: The view of the video.
            selection: The marks and the range.
            saver: Saves states; None to save nothing.
            parent: The Qt parent.
        """
        super().__init__(parent)
        self._video = video
        self._view = view
        self._selection = selection
        self._saver = saver
        self._ticket: Ticket | None = None
        self._saved = VideoState()
        self._stamps: Mapping[int, int] = {}
        self._was_reopened = False
        self._earlier_marks = MarkedFrames()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._save)
        selection.marks_changed.connect(self._save)
        selection.range_changed.connect(self._save)
        view.position_changed.connect(self._on_view_changed)
        view.visible_range_changed.connect(self._on_view_changed)
        view.picture_zoom_changed.connect(self._on_view_changed)
        if saver is not None:
            saver.failed.connect(self._on_saver_failed)
            saver.earlier_found.connect(self._on_earlier_found)

    @property
    def state(self) -> VideoState:
        """The state to save."""
        view = self._view
        first, last = view.visible_range
        timeline = None if view.shows_all else (round(first, 3), round(last, 3))
        return VideoState(self._selection.state, view.position, timeline, view.picture_zoom)

    @property
    def earlier_marks(self) -> MarkedFrames:
        """The marks of a different file that was at the same path; empty once taken."""
        return self._earlier_marks

    def has_label(self, source: str) -> bool:
        """Whether a frame of a video has a label, as far as was kept. Threads: any but the GUI's."""
        return self._saver is not None and self._saver.has_label(source)

    def begin(
        self,
        engine: SourceEngine,
        stream_index: int,
        recalled: Recalled | None,
        stamps: Mapping[int, int],
        *,
        was_reopened: bool,
    ) -> None:
        """Save every change from now on, and report what was restored from last time.

        Args:
            engine: The video that was opened.
            stream_index: The video stream that is shown.
            recalled: Its saved state.
            stamps: The pts of marked frames when they were marked, by frame number.
            was_reopened: Whether the same file was reopened, such as after it changed.
        """
        self._stamps, self._was_reopened = stamps, was_reopened
        if self._saver is None:
            return
        identity = None if recalled is None else recalled.identity
        is_whole = recalled is not None and not recalled.trouble
        self._saved = recalled.state if recalled is not None and is_whole else VideoState()
        self._ticket = Ticket(engine.source, stream_index, identity)
        self._saver.begin(self._ticket)
        self._save()
        if recalled is not None and recalled.trouble:
            self.notice_posted.emit(recalled.trouble, "warning")
        elif recalled is not None and not was_reopened and (words := recalled.state.words):
            self.notice_posted.emit(words, "info")

    def check_marks(self, index: FrameIndex, before: FrameIndex | None) -> None:
        """Report marks that have moved, once the index that replaced ``before`` is complete."""
        if before is not None and not self._stamps and not index.extends(before):
            self._stamps = stamps_of(self._selection.state, before)
        if not index.complete:
            return
        stamps, self._stamps = self._stamps, {}
        moved = moved_marks(stamps, index)
        state = self._selection.state
        kept = state.within(len(index))
        lost = len(state.marks) - len(kept.marks)
        if state != kept:
            if self._saver is not None and self._ticket is not None:
                # The stored marks keep the others: the video may have those frames again one day.
                self._saver.leave_out(self._ticket, kept)
            self._selection.reset(kept)
        if moved or lost:
            text = tr_plural(
                "{count} of {marks} now has a different timestamp than when it was set.",
                "{count} of {marks} now have different timestamps than when they were set.",
                moved,
                count=grouped(moved),
                marks=counted(len(stamps), "mark", "marks"),
            )
            gone = tr_plural(
                "{count} mark beyond the last frame was left out.",
                "{count} marks beyond the last frame were left out.",
                lost,
                count=grouped(lost),
            )
            self.notice_posted.emit(" ".join([text] * bool(moved) + [gone] * bool(lost)), "warning")

    def take_earlier_marks(self) -> MarkedFrames:
        """Return ``earlier_marks`` and clear them."""
        marked, self._earlier_marks = self._earlier_marks, MarkedFrames()
        return marked

    def end(self) -> None:
        """Save the latest state and detach from the video; call while the video is still open."""
        self._save()
        self._ticket = None
        self._stamps, self._earlier_marks = {}, MarkedFrames()

    def close(self) -> None:
        """Wait until everything is saved. Nothing may be called afterwards."""
        self.end()
        if self._saver is not None:
            self._saver.close()

    @Slot()
    def _on_view_changed(self) -> None:
        if self._ticket is not None and not self._timer.isActive():
            self._timer.start(_PAUSE_MS * (1 + len(self._selection.state.marks) // _MARKS_A_PAUSE))

    @Slot()
    def _save(self) -> None:
        self._timer.stop()
        if self._saver is None or self._ticket is None:
            return
        state = self.state
        if state != self._saved or self._ticket.is_behind:
            self._saved = state
            self._saver.save(self._ticket, state, self._video.index)

    @Slot(str)
    def _on_saver_failed(self, text: str) -> None:
        self.notice_posted.emit(text, "warning")

    @Slot(object)
    def _on_earlier_found(self, ticket: Ticket) -> None:
        if ticket is not self._ticket or ticket.earlier is None:
            return
        if not self._was_reopened:
            self._earlier_marks = ticket.earlier.marked
            self.earlier_marks_found.emit()
        elif self._selection.state:
            text = tr(
                "The file has changed since it was marked. Check that the marks are where they should be."
            )
            self.notice_posted.emit(text, "warning")
