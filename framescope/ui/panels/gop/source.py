"""Keeps the GOP table of the open video, made beside the window when the video is long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from framescope.core.media.gops import GopTable, gop_table

if TYPE_CHECKING:
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.engine.jobs import Job
    from framescope.session.controller import Controller

_MOST_FRAMES_AT_ONCE = 100_000
"""Below this the table takes less than a display refresh or two."""
_REST_MS = 400


class GopSource(QObject):
    """The GOP table for whoever asks; one for all panels of a session. Threads: GUI."""

    changed = Signal()
    """``table`` is another one, or None."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._table: GopTable | None = None
        self._index: FrameIndex | None = None
        self._job: Job | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.refresh)
        controller.source_opened.connect(self._on_source_changed)
        controller.source_closed.connect(self._on_source_changed)

    @classmethod
    def of(cls, controller: Controller) -> GopSource:
        """The one of this session."""
        return controller.findChild(cls) or cls(controller)

    @property
    def table(self) -> GopTable | None:
        """The GOPs of the frames listed when it was last made; None without a video."""
        return self._table

    @property
    def index(self) -> FrameIndex | None:
        """The index that the table was made from."""
        return self._index

    @Slot()
    def refresh(self) -> None:
        """Make the table anew if the index is another one: at once when it is short, else soon."""
        index = self._controller.index
        if index is self._index or self._job is not None:
            return
        if self._rest.isActive() and index is not None and not index.complete:
            # A listing grows many times a second; the end of it is not kept waiting.
            return
        if index is None or not len(index):
            self._take(index, None)
        elif len(index) <= _MOST_FRAMES_AT_ONCE:
            self._take(index, gop_table(index))
        else:
            self._start_job(index)

    def _start_job(self, index: FrameIndex) -> None:
        def work(progress: ProgressCallback, cancel: CancelToken) -> tuple[FrameIndex, GopTable]:
            del progress, cancel
            return index, gop_table(index)

        self._job = self._controller.run_job("Sorting the frames into GOPs", work, announce=False)
        self._job.finished.connect(self._on_job_finished)
        self._job.settled.connect(self._on_job_settled)

    @Slot(object)
    def _on_job_finished(self, result: tuple[FrameIndex, GopTable]) -> None:
        if self.sender() is self._job:
            self._take(*result)

    @Slot()
    def _on_job_settled(self) -> None:
        if self.sender() is self._job:
            self._job = None
            # The listing may have gone on meanwhile.
            self.refresh()

    @Slot()
    def _on_source_changed(self) -> None:
        self._job = None
        self._rest.stop()
        self._take(None, None)

    def _take(self, index: FrameIndex | None, table: GopTable | None) -> None:
        self._index, self._table = index, table
        if index is not None and not index.complete:
            self._rest.start()
        self.changed.emit()
