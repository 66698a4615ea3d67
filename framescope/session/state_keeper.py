"""Saves the state of the open video shortly after it changes, and when the video is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from framescope.core.marks.video_memory import VideoState
from framescope.engine.state_saver import StateSaver, Ticket

if TYPE_CHECKING:
    from framescope.core.marks.marked_frames import MarkedFrames
    from framescope.core.marks.video_memory import VideoMemory
    from framescope.session.session_state import SessionState

_PAUSE_MS = 1000
"""Positions come in floods; the latest of a second is enough. Marks and range are saved at once."""
_MARKS_A_PAUSE = 5000
"""So many marks more make the pause as long again: all of them are written with each position."""


class StateKeeper(QObject):
    """Has the state of one window's video saved. Threads: GUI."""

    def __init__(self, session: SessionState, memory: VideoMemory) -> None:
        super().__init__(session)
        self._session = session
        self.saver = StateSaver(memory, self)
        self._ticket: Ticket | None = None
        self._saved = VideoState()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._save)
        session.marks_changed.connect(self._save)
        session.range_changed.connect(self._save)
        session.position_changed.connect(self._on_view_changed)
        session.visible_range_changed.connect(self._on_view_changed)
        session.picture_zoom_changed.connect(self._on_view_changed)

    @property
    def ticket(self) -> Ticket | None:
        """What the open video is kept under."""
        return self._ticket

    def begin(self, ticket: Ticket, saved: VideoState) -> None:
        """Follow the video that was opened.

        Args:
            ticket: What to keep it under.
            saved: What is kept of it already.
        """
        self._ticket, self._saved = ticket, saved
        self.saver.begin(ticket)
        self._save()

    def leave_out(self, kept: MarkedFrames) -> None:
        """Continue with ``kept`` of the marks, without removing the others from where they are kept."""
        if self._ticket is not None:
            self.saver.leave_out(self._ticket, kept)

    def end(self) -> None:
        """Save the latest state and follow no video; call while the session still has it."""
        self._save()
        self._ticket = None

    def close(self) -> None:
        """Wait until everything is saved. Nothing may be asked afterwards."""
        self.end()
        self.saver.close()

    @Slot()
    def _on_view_changed(self) -> None:
        if self._ticket is not None and not self._timer.isActive():
            self._timer.start(_PAUSE_MS * (1 + len(self._session.marks) // _MARKS_A_PAUSE))

    @Slot()
    def _save(self) -> None:
        self._timer.stop()
        state = self._session.kept_state
        if self._ticket is not None and (state != self._saved or self._ticket.is_behind):
            self._saved = state
            self.saver.save(self._ticket, state, self._session.index)
