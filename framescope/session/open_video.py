"""The open video: its engine, and the facts known so far."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from framescope.core.live.address import is_live
from framescope.core.media.container import local_path
from framescope.core.model.stream_facts import OpenCVFacts
from framescope.core.text import counted
from framescope.core.translation import tr
from framescope.session.hardware import Hardware
from framescope.session.source_slot import SourceSlot
from framescope.session.source_watch import SourceWatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QDeadlineTimer

    from framescope.core.errors import FrameScopeError
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.engine.backend import Backend
    from framescope.engine.jobs import JobRunner
    from framescope.engine.render import RenderSpec
    from framescope.engine.source_engine import Recall, SourceEngine
    from framescope.session.settings import Settings


class OpenVideo(QObject):
    """One video after another, or none. Threads: GUI."""

    arrived = Signal()
    """The header of the video being opened was read; `take` it."""
    open_failed = Signal(object)
    """FrameScopeError: it cannot be opened."""
    failed = Signal(object)
    """FrameScopeError: no frame of the open video can be shown."""
    changed_on_disk = Signal(str)
    """The open file has changed on disk: ``deleted``, ``replaced`` or ``grown``."""
    index_replaced = Signal(object)
    """``index`` is a longer or better one now; carries the previous one, or None."""
    answered = Signal(object)
    """An Answer to be shown."""
    opencv_facts_found = Signal()
    """``opencv_facts`` is available (after the first exact picture)."""
    cache_changed = Signal()
    """``cached_spans`` changed."""
    thumbnail_ready = Signal(int, QImage)
    """Frame number and picture."""
    notice_posted = Signal(str, str)
    """A sentence and its level."""

    def __init__(
        self,
        backend: Backend,
        runner: JobRunner,
        parent: QObject | None = None,
        *,
        recall: Recall | None,
        settings: Settings,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self.hardware = Hardware(settings, runner, self)
        """What decodes, and tests of it."""
        self.hardware.notice_posted.connect(self.notice_posted)
        backend = replace(backend, open_reader=self.hardware.opening(backend.open_reader))
        self._slot = SourceSlot(backend, runner, self, recall=recall)
        self._slot.arrived.connect(self.arrived)
        self._slot.failed.connect(self.open_failed)
        self._watch = SourceWatch(self)
        self._watch.changed.connect(self.changed_on_disk)
        self._engine: SourceEngine | None = None
        self._known_index: FrameIndex | None = None
        self._opencv_facts: OpenCVFacts | None = None
        self._has_asked_opencv = False
        self._least_total = 1
        self._cache_bytes = 0

    @property
    def cache_bytes(self) -> int:
        """How much memory frames may take, as of the latest opening."""
        return self._cache_bytes

    @property
    def is_open(self) -> bool:
        """Whether there is a video."""
        return self._engine is not None

    @property
    def source(self) -> str | None:
        """Path or URL of the open video, or None."""
        return None if self._engine is None else self._engine.source

    @property
    def coming(self) -> str | None:
        """Path or URL of the video that is being opened, or None."""
        return self._slot.coming

    @property
    def info(self) -> VideoInfo | None:
        """The facts declared in the file's header."""
        return None if self._engine is None else self._engine.info

    @property
    def opencv_facts(self) -> OpenCVFacts | None:
        """What OpenCV reports for the file; None until known."""
        return self._opencv_facts

    @property
    def index(self) -> FrameIndex | None:
        """The frame index so far."""
        return None if self._engine is None else self._engine.index

    @property
    def is_listing(self) -> bool:
        """Whether frames are being listed or counted."""
        return self._engine is not None and self._engine.is_listing

    @property
    def frame_total(self) -> int:
        """Frames of the video, or the best estimate while the index is partial; at least 1."""
        info, index = self.info, self.index
        declared = 0 if info is None else info.frame_count_declared
        if index is None:
            return max(declared, self._least_total)
        if index.complete:
            return max(len(index), 1)
        return max(len(index), index.frames_expected or declared, self._least_total)

    @property
    def cached_spans(self) -> tuple[tuple[int, int], ...]:
        """Frames in the cache, as half-open spans."""
        return () if self._engine is None else self._engine.cached_spans

    # --- opening and closing

    def open(self, source: str, stream_index: int | None, cache_bytes: int) -> None:
        """Start opening a file or URL; emits arrived or open_failed. The open video stays open."""
        path = local_path(source)
        name = source if path is None else str(path)
        self._cache_bytes = cache_bytes
        self._slot.open(name, stream_index=stream_index, cache_bytes=cache_bytes)

    def reopen(self, cache_bytes: int) -> None:
        """Start reopening the same stream of the same file."""
        if self._engine is not None:
            self.open(self._engine.source, self._engine.stream_index, cache_bytes)

    def stop_opening(self) -> bool:
        """Drop the video that is being opened; returns whether there was one."""
        return self._slot.forget()

    def take(self) -> SourceEngine | None:
        """The video that has arrived; `leave` the open one and `adopt` it."""
        return self._slot.take()

    def adopt(self, engine: SourceEngine, least_total: int) -> None:
        """Make this the open video.

        Args:
            engine: What has arrived.
            least_total: The minimum number of frames, known from the last time.
        """
        self._engine, self._least_total = engine, least_total
        engine.failed.connect(self.failed)
        engine.index_arrived.connect(self._on_index_arrived)
        engine.listing_broke_off.connect(self._on_listing_broke_off)
        engine.answered.connect(self.answered)
        engine.cache_changed.connect(self.cache_changed)
        engine.thumbnail_ready.connect(self.thumbnail_ready)
        self._watch.watch(engine.source)

    def leave(self) -> None:
        """Close the video; its threads end by themselves."""
        engine, self._engine = self._engine, None
        if engine is None:
            return
        self._watch.stop()
        self._known_index = self._opencv_facts = None
        self._has_asked_opencv = False
        self._least_total = 1
        self._slot.end(engine)

    def close(self, deadline: QDeadlineTimer) -> None:
        """Wait until every thread of every video has ended. Nothing may be called afterwards."""
        self.leave()
        self._slot.close(deadline)

    def check_file(self) -> None:
        """Check whether the file has changed on disk."""
        self._watch.look()

    # --- asking

    def show(self, frame_number: int, spec: RenderSpec, *, allows_stand_in: bool) -> None:
        """Request a frame; replaces a pending request. Emits answered."""
        if self._engine is not None:
            self._engine.show(frame_number, spec, allows_stand_in=allows_stand_in)

    def request_thumbnails(self, frame_numbers: Sequence[int], height_px: int) -> None:
        """Request thumbnails, the most urgent first; replaces the earlier request. Emits thumbnail_ready."""
        if self._engine is not None:
            self._engine.request_thumbnails(frame_numbers, height_px)

    def thumbnail(self, frame_number: int, height_px: int) -> QImage | None:
        """A cached thumbnail; never decodes."""
        return None if self._engine is None else self._engine.thumbnail(frame_number, height_px)

    def count_by_decoding(self) -> None:
        """Count the frames by decoding them all, as a job; index_replaced and a notice follow."""
        if self._engine is None:
            return
        job = self._engine.count_by_decoding()
        if job is None:
            self.notice_posted.emit(tr("The frames are still being indexed; count them afterwards."), "info")
        else:
            job.finished.connect(self._on_count_finished)

    def ask_opencv(self) -> None:
        """Ask OpenCV about the file, once, as a job. Its start would delay the first picture."""
        source = self.source
        if source is None or self._has_asked_opencv:
            return
        if is_live(source):
            self._has_asked_opencv = True
            reason = tr("Another connection to a live source would be another video.")
            self._opencv_facts = OpenCVFacts("", opened=False, reason=reason)
            self.opencv_facts_found.emit()
            return

        def work(progress: ProgressCallback, cancel: CancelToken) -> tuple[str, OpenCVFacts]:
            del progress, cancel
            # The first picture does not wait for OpenCV to be loaded.
            from framescope.core.media.facts.opencv_probe import probe_opencv  # noqa: PLC0415

            return source, probe_opencv(source)

        self._has_asked_opencv = True
        job = self._runner.start(tr("Asking OpenCV"), work, announce=False)
        job.finished.connect(self._on_opencv_answered)

    # --- slots

    @Slot()
    def _on_index_arrived(self) -> None:
        if self.index is not None:
            before, self._known_index = self._known_index, self.index
            self.index_replaced.emit(before)

    @Slot(object)
    def _on_listing_broke_off(self, error: FrameScopeError | None) -> None:
        known = 0 if self.index is None else len(self.index)
        if error is not None:
            self.notice_posted.emit(error.message, "error")
        elif self.index is not None and not self.index.complete:
            text = tr(
                "Indexing was stopped: only {frames} can be shown.", frames=counted(known, "frame", "frames")
            )
            self.notice_posted.emit(text, "warning")

    @Slot(object)
    def _on_count_finished(self, index: FrameIndex) -> None:
        self.notice_posted.emit(
            tr("{frames}, counted by decoding every one.", frames=counted(len(index), "frame", "frames")),
            "info",
        )

    @Slot(object)
    def _on_opencv_answered(self, result: tuple[str, OpenCVFacts]) -> None:
        source, facts = result
        if source == self.source:
            self._opencv_facts = facts
            self.opencv_facts_found.emit()
