"""The thread that saves the state of each video, so that neither a slow disk nor a crash loses work."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.errors import FrameScopeError, SettingsError
from framescope.core.translation import tr
from framescope.engine.bugs import BugsReported
from framescope.engine.outbox import Outbox

if TYPE_CHECKING:
    from framescope.core.marks.marked_frames import MarkedFrames
    from framescope.core.marks.video_memory import Recalled, VideoIdentity, VideoMemory, VideoState
    from framescope.core.media.index import FrameIndex

_PATIENCE_S = 1.2
"""Maximum wait for the disk when the window closes or the next video opens."""


class Ticket:
    """One opening of a video, for which states are kept. Made in the GUI thread, filled in by the saver's."""

    def __init__(self, source: str, stream_index: int, identity: VideoIdentity | None) -> None:
        self.source = source
        self.stream_index = stream_index
        self.identity = identity
        self.earlier: VideoState | None = None
        self.is_behind = False
        """Whether the latest state could not be saved, so that it should be tried again."""


class StateSaver(QObject):
    """Saves the latest state of each open video in the background. Threads: GUI."""

    failed = Signal(str)
    """A sentence on why something could not be saved. Emitted once per reason."""
    earlier_found = Signal(object)
    """A Ticket whose ``earlier`` is the saved state of another video at the same path."""

    def __init__(self, memory: VideoMemory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._memory = memory
        self._news = threading.Condition()
        self._waiting: dict[Ticket, tuple[VideoState, FrameIndex | None] | None] = {}
        self._kept: dict[Ticket, MarkedFrames] = {}
        self._is_closed = self._is_busy = False
        self._reasons: set[str] = set()
        self._failures = Outbox(self)
        self._failures.filled.connect(self._on_failure)
        self._finds = Outbox(self)
        self._finds.filled.connect(self._on_find)
        # A daemon, and not one of Qt's: a disk that never responds must not prevent the program from exiting.
        self._thread = threading.Thread(target=self._run, name="state saver", daemon=True)

    def begin(self, ticket: Ticket) -> None:
        """Identify the opened video before the file can change."""
        self._put(ticket, None)

    def save(self, ticket: Ticket, state: VideoState, index: FrameIndex | None) -> None:
        """Save a state; replaces a pending one of the same opening."""
        self._put(ticket, (state, index))

    def leave_out(self, ticket: Ticket, kept: MarkedFrames) -> None:
        """Continue with ``kept`` of the marks; the others stay stored. Save the next state afterwards."""
        with self._news:
            # A state from before would be taken for one that has the other marks again, and the next for one
            # that removes them.
            self._waiting[ticket] = None
            self._kept[ticket] = kept
        self._put(ticket, None)

    def recall(self, source: str, stream_index: int | None) -> Recalled | None:
        """The saved state of a video, after pending states are saved. Threads: any but the GUI's."""
        self._wait_for_disk()
        return self._memory.recall(source, stream_index)

    def has_label(self, source: str) -> bool:
        """Whether a frame of a video has a label, after pending states are saved. Threads: as `recall`."""
        self._wait_for_disk()
        return self._memory.has_label(source)

    def _wait_for_disk(self) -> None:
        with self._news:
            self._news.wait_for(lambda: not (self._waiting or self._is_busy), _PATIENCE_S)

    def close(self) -> None:
        """Save pending states and end; waits for the disk, but not forever."""
        with self._news:
            self._is_closed = True
            self._news.notify_all()
        if self._thread.is_alive():
            self._thread.join(_PATIENCE_S)

    def _put(self, ticket: Ticket, work: tuple[VideoState, FrameIndex | None] | None) -> None:
        with self._news:
            self._waiting[ticket] = work or self._waiting.get(ticket)
            self._news.notify_all()
        if not self._thread.is_alive() and not self._is_closed:
            self._thread.start()

    # --- the thread

    def _run(self) -> None:
        while (taken := self._take()) is not None:
            with BugsReported():
                self._carry_out(*taken)

    def _take(
        self,
    ) -> tuple[Ticket, tuple[VideoState, FrameIndex | None] | None, MarkedFrames | None] | None:
        with self._news:
            self._is_busy = False
            self._news.notify_all()
            self._news.wait_for(lambda: self._waiting or self._is_closed)
            if not self._waiting:
                return None
            self._is_busy = True
            ticket = next(iter(self._waiting))
            return ticket, self._waiting.pop(ticket), self._kept.pop(ticket, None)

    def _carry_out(
        self, ticket: Ticket, work: tuple[VideoState, FrameIndex | None] | None, kept: MarkedFrames | None
    ) -> None:
        if ticket.identity is None:
            # One that was just being written may be complete by now.
            ticket.identity = self._memory.identify(ticket.source)
            if ticket.identity is not None:
                ticket.earlier = self._memory.earlier(ticket.identity)
            if ticket.earlier is not None and not self._is_closed:
                self._finds.put(ticket)
        if kept is not None and ticket.identity is not None:
            self._memory.leave_out(ticket.identity, ticket.stream_index, kept)
        if work is None:
            return
        state, index = work
        try:
            if ticket.identity is None:
                raise SettingsError(tr("The video is not a file, or it is being written."))
            self._memory.save(ticket.identity, ticket.stream_index, state, index)
            ticket.is_behind = False
        except FrameScopeError as error:
            ticket.is_behind = True
            # A lost position does not matter; marks are the user's work.
            if state.marked and error.message not in self._reasons and not self._is_closed:
                self._reasons.add(error.message)
                self._failures.put(
                    tr("Marks cannot be saved for next time. {message}", message=error.message)
                )

    # --- slots

    @Slot()
    def _on_failure(self) -> None:
        text = self._failures.take()
        if text is not None:
            self.failed.emit(text)

    @Slot()
    def _on_find(self) -> None:
        ticket = self._finds.take()
        if ticket is not None:
            self.earlier_found.emit(ticket)
