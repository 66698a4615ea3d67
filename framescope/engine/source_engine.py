"""Everything that runs for one open video: its threads, its index jobs, and their results."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from framescope.core.errors import Cancelled, FrameScopeError, IndexingError, OpenError
from framescope.core.live.address import is_live
from framescope.core.media.container import no_frame_decodes
from framescope.core.translation import tr
from framescope.engine.answers import AnswerDesk, FrameRequest
from framescope.engine.bugs import BugsReported
from framescope.engine.decode_thread import DecodeThread
from framescope.engine.outbox import Outbox
from framescope.engine.quick_thread import QuickThread
from framescope.engine.thumbnail_thread import ThumbnailThread

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.marks.video_memory import Recalled
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.engine.backend import Backend
    from framescope.engine.jobs import Job, JobRunner, Work
    from framescope.engine.render import RenderSpec

    Recall = Callable[[str, int | None], Recalled | None]

_GIVE_WAY_S = 0.05
"""How long a packet of a count may wait for the view."""
_CACHE_LOOK_MS = 200
_CACHE_LOOKS = 10
"""This many polls without a change mean that the reader has stopped prefetching."""


class SourceEngine(QObject):
    """One open video. Threads: GUI; every signal is emitted there.

    After `retire` it is silent, and its threads end by themselves; `wait` waits for them.
    """

    probed = Signal()
    """``info`` is available."""
    failed = Signal(object)
    """FrameScopeError: nothing can be shown."""
    index_arrived = Signal()
    """``index`` was replaced by a longer or better one."""
    listing_broke_off = Signal(object)
    """FrameScopeError, or None when cancelled: the partial index is kept."""
    answered = Signal(object)
    """An Answer to be shown."""
    cache_changed = Signal()
    """``cached_spans`` changed."""
    thumbnail_ready = Signal(int, QImage)
    retired = Signal()
    """All threads have ended after `retire`."""

    def __init__(  # noqa: PLR0913 - what one video at work is made of, each named at the one call
        self,
        source: str,
        *,
        stream_index: int | None,
        generation: int,
        cache_bytes: int,
        backend: Backend,
        runner: JobRunner,
        recall: Recall | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.source = source
        self.stream_index = stream_index
        self.recalled: Recalled | None = None
        self.info: VideoInfo | None = None
        self._declared: VideoInfo | None = None
        self.index: FrameIndex | None = None
        self.cached_spans: tuple[tuple[int, int], ...] = ()
        self._backend = backend
        self._runner = runner
        self._recall = recall
        self._serial = 0
        self._is_retired = False
        self._index_job: Job | None = None
        self._desk = AnswerDesk(generation, self)
        self._decode = DecodeThread(self._look, backend, cache_bytes, self._desk, self)
        self._thumbnails = ThumbnailThread(backend, self._decode, self)
        self._quick = QuickThread(self._decode, self._thumbnails, self._desk, self)
        self._threads = (self._quick, self._thumbnails, self._decode)
        self._indexes = Outbox(self)
        self._index_timer = QTimer(self, singleShot=True, interval=0)
        self._cache_timer = QTimer(self)
        self._cache_timer.setInterval(_CACHE_LOOK_MS)
        self._cache_looks_left = 0
        self._connect()

    def _connect(self) -> None:
        self._decode.probed.connect(self._on_probed)
        self._decode.open_failed.connect(self._on_open_failed)
        self._decode.cache_touched.connect(self._on_cache_touched)
        self._decode.damage_found.connect(self._on_damage_found)
        self._thumbnails.damage_found.connect(self._on_damage_found)
        self._desk.answered.connect(self._on_answered)
        # In a turn of its own: the index of many files comes along with the header.
        self._indexes.filled.connect(self._index_timer.start)
        self._index_timer.timeout.connect(self._on_index_filled)
        self._thumbnails.ready.connect(self._on_thumbnail_ready)
        # Only wakes the quick thread, so there is no need to go through this one.
        self._thumbnails.hurried_ready.connect(self._quick.look_again, Qt.ConnectionType.DirectConnection)
        self._cache_timer.timeout.connect(self._on_cache_timer)
        for thread in self._threads:
            thread.finished.connect(self._on_thread_finished)

    @property
    def is_listing(self) -> bool:
        """Whether frames are being listed or counted."""
        return self._index_job is not None

    @property
    def is_running(self) -> bool:
        """Whether any thread is alive, including the one that lists frames."""
        is_listing = self._index_job is not None and not self._index_job.is_over
        return is_listing or not all(thread.isFinished() for thread in self._threads)

    def start(self) -> None:
        """Open the video. Emits probed or failed."""
        for thread in self._threads:
            thread.start()
        # It waits for the header. Started later, it would also wait for the window, which may be busy.
        title = tr("Receiving") if is_live(self.source) else tr("Indexing")
        self._start_index_job(title, self._list_frames, announce=False)

    def show(self, frame_number: int, spec: RenderSpec, *, allows_stand_in: bool = True) -> int:
        """Request a frame; replaces a pending request. Emits answered.

        Returns:
            The request's serial.
        """
        self._serial += 1
        request = FrameRequest(self._desk.generation, self._serial, frame_number, spec, allows_stand_in)
        self._quick.ask(request)
        return self._serial

    def request_thumbnails(self, frame_numbers: Sequence[int], height_px: int) -> None:
        """Request thumbnails, most wanted first; the earlier request is forgotten."""
        self._thumbnails.request(frame_numbers, height_px)

    def thumbnail(self, frame_number: int, height_px: int) -> QImage | None:
        """A cached thumbnail."""
        return self._thumbnails.cache.get(frame_number, height_px)

    def count_by_decoding(self) -> Job | None:
        """Count the frames by decoding them all; None while they are being listed anyway."""
        if self.info is None or self.is_listing:
            return None
        return self._start_index_job(tr("Counting frames by decoding"), self._count_frames)

    def retire(self) -> None:
        """Stop everything and emit nothing more, without waiting."""
        self._is_retired = True
        self._cache_timer.stop()
        if self._index_job is not None:
            self._index_job.cancel()
        for thread in self._threads:
            thread.stop()
        self._tell_if_ended()

    def wait(self, deadline: QDeadlineTimer) -> bool:
        """Wait until every thread has ended; returns whether they have. Only after `retire`."""
        has_listed = self._index_job is None or self._index_job.wait(deadline)
        return all(thread.wait(deadline) for thread in self._threads) and has_listed

    def _look(self) -> VideoInfo:
        """Read the header; by default of the last viewed stream. Threads: decode."""
        self._declared = info = self._info_of_stream()
        # By the time the window asks for it, it may be there.
        self._decode.expect(0 if self.recalled is None else self.recalled.state.position)
        return info

    def _info_of_stream(self) -> VideoInfo:
        if self._recall is not None:
            # The video must open even if the saved state cannot be read.
            with BugsReported():
                self.recalled = self._recall(self.source, self.stream_index)
        info = self._backend.probe(self.source, self.stream_index)
        recalled = self.recalled
        if self.stream_index is None and recalled is not None and recalled.stream_index != info.stream_index:
            # An address may now return a different file, without that stream.
            with contextlib.suppress(OpenError):
                return self._backend.probe(self.source, recalled.stream_index)
        return info

    # --- indexing

    def _start_index_job(self, title: str, work: Work, *, announce: bool = True) -> Job:
        job = self._runner.start(title, work, announce=announce)
        self._index_job = job
        job.finished.connect(self._on_index_job_finished)
        job.failed.connect(self._on_index_job_failed)
        job.cancelled.connect(self._on_index_job_cancelled)
        return job

    def _list_frames(self, progress: ProgressCallback, cancel: CancelToken) -> FrameIndex:
        """List the frames once the header was read. Threads: the job's."""
        self._decode.wait_probed()
        info = self._declared
        if info is None:
            raise Cancelled
        cancel.raise_if_cancelled()
        index = self._backend.build_index(
            info,
            by_decoding=False,
            on_partial=self._take_index,
            on_frame=self._decode.give,
            progress=progress,
            cancel=cancel,
            give_way=self._give_way,
        )
        self._take_index(index)
        return index

    def _count_frames(self, progress: ProgressCallback, cancel: CancelToken) -> FrameIndex:
        """Count the frames; the current index stays in use until then. Threads: the job's."""
        assert self.info is not None
        index = self._backend.build_index(
            self.info,
            by_decoding=True,
            on_partial=_ignore_partial,
            progress=progress,
            cancel=cancel,
            give_way=self._give_way,
        )
        self._take_index(index)
        return index

    def _give_way(self) -> None:
        """Let the view decode first, for a moment: browsing without a pause must not stop the count.

        Threads: the job's.
        """
        self._decode.wait_idle(_GIVE_WAY_S)

    def _take_index(self, index: FrameIndex) -> None:
        """Pass an index to everything that uses it. Threads: any."""
        if self._declared is None or not len(index):
            return
        # First, so that the window knows of a frame before it is shown.
        self._indexes.put(index)
        self._decode.adopt_index(index)
        self._thumbnails.adopt_index(self._declared, index)

    @Slot()
    def _on_index_filled(self) -> None:
        index = self._indexes.take()
        if index is not None and not self._is_retired:
            is_same = self.index is not None and index.extends(self.index)
            self.index = index.with_damage(self.index.damaged_frames) if self.index and is_same else index
            self.index_arrived.emit()

    @Slot(object)
    def _on_index_job_finished(self, index: FrameIndex) -> None:
        self._index_job = None
        self._tell_if_ended()
        if not len(index) and not self._is_retired:
            self.failed.emit(no_frame_decodes(self.source))

    @Slot(object)
    def _on_index_job_failed(self, error: FrameScopeError) -> None:
        self._end_listing(error)

    @Slot()
    def _on_index_job_cancelled(self) -> None:
        self._end_listing(None)

    def _end_listing(self, error: FrameScopeError | None) -> None:
        self._index_job = None
        # A partial index may still be in the outbox.
        self._on_index_filled()
        if self._is_retired or self.info is None:
            # If it could not be opened, that was reported.
            self._tell_if_ended()
            return
        if self.index is None:
            stopped = IndexingError(tr("Indexing was stopped before the first frame was found."))
            self.failed.emit(error or stopped)
        else:
            self.listing_broke_off.emit(error)

    # --- reports from threads

    @Slot(object)
    def _on_probed(self, info: VideoInfo) -> None:
        if self._is_retired:
            return
        self.info = info
        if self._index_job is not None:
            self._runner.announce(self._index_job)
        self.probed.emit()

    @Slot(object)
    def _on_open_failed(self, error: FrameScopeError) -> None:
        if not self._is_retired:
            self.failed.emit(error)

    @Slot(object)
    def _on_answered(self, answer: object) -> None:
        # The window must know of a frame before it is shown.
        self._on_index_filled()
        if not self._is_retired:
            self.answered.emit(answer)

    @Slot(int, QImage)
    def _on_thumbnail_ready(self, frame_number: int, image: QImage) -> None:
        if not self._is_retired:
            self.thumbnail_ready.emit(frame_number, image)

    @Slot(object)
    def _on_damage_found(self, frame_numbers: NDArray[np.int32]) -> None:
        if self.index is None or self._is_retired:
            return
        index = self.index.with_damage(frame_numbers)
        if index is not self.index:
            self.index = index
            self.index_arrived.emit()

    @Slot()
    def _on_cache_touched(self) -> None:
        # The reader prefetches after an answer: poll for a while, as long as there are changes.
        self._cache_looks_left = _CACHE_LOOKS
        if not self._is_retired and not self._cache_timer.isActive():
            self._cache_timer.start()

    @Slot()
    def _on_cache_timer(self) -> None:
        reader = self._decode.reader
        spans = () if reader is None else tuple(reader.cached_spans())
        if spans != self.cached_spans:
            self.cached_spans = spans
            self._cache_looks_left = _CACHE_LOOKS
            self.cache_changed.emit()
        self._cache_looks_left -= 1
        if self._cache_looks_left <= 0:
            self._cache_timer.stop()

    @Slot()
    def _on_thread_finished(self) -> None:
        self._tell_if_ended()

    def _tell_if_ended(self) -> None:
        if self._is_retired and not self.is_running:
            self.retired.emit()


def _ignore_partial(index: FrameIndex) -> None:
    del index
