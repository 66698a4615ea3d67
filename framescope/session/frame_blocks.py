"""The blocks of the frame on screen, read in the background while somebody looks at them."""

from __future__ import annotations

import threading
from enum import IntFlag
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.errors import FrameUnavailableError
from framescope.core.translation import tr
from framescope.engine.job_slot import JobSlot

if TYPE_CHECKING:
    from framescope.core.errors import FrameScopeError
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.blocks import Blocks
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.engine.jobs import JobRunner
    from framescope.session.open_video import OpenVideo
    from framescope.session.view import View

_CACHE_BYTES = 64 << 20
"""A second decoder reads the blocks; it keeps the frames around the one on screen."""


class BlockLayer(IntFlag):
    """What is drawn over the picture."""

    VECTORS = 1
    KINDS = 2
    QUANTISERS = 4


class _Reader:
    """A video opened with its blocks. Threads: any; one waits for another."""

    def __init__(self, info: VideoInfo, index: FrameIndex) -> None:
        self._info = info
        self._index = index
        self._video: Video | None = None
        self._lock = threading.Lock()

    def read(self, frame_number: int, index: FrameIndex, cancel: CancelToken) -> Blocks | None:
        """The blocks of a frame of this index; None if the frame cannot be decoded."""
        from framescope.core.source.opening import known_video  # noqa: PLC0415 - few windows need it

        with self._lock:
            # Nothing may be opened once `close` has been here: it would stay open.
            cancel.raise_if_cancelled()
            if self._video is None:
                self._video = known_video(self._info, index, cache_bytes=_CACHE_BYTES, with_blocks=True)
            elif index is not self._index:
                self._video.adopt_index(index)
            self._index = index
            with cancel.stopping(self._video.interrupt):
                try:
                    return self._video.frame(frame_number).blocks
                except FrameUnavailableError:
                    return None

    def close(self) -> None:
        """Release the file, once a read that was cancelled before has ended."""
        with self._lock:
            if self._video is not None:
                self._video.close()


class FrameBlocks(QObject):
    """Motion vectors and quantisers of the exact frame on screen. Threads: GUI.

    They are read only while a layer is drawn or somebody watches: a second decoder, with one thread, does it.
    """

    changed = Signal()
    """``blocks``, ``reason`` or ``layers`` changed."""

    def __init__(
        self, video: OpenVideo, view: View, runner: JobRunner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._video = video
        self._view = view
        self._runner = runner
        self._layers = BlockLayer(0)
        self._watchers: set[str] = set()
        self._reader: _Reader | None = None
        self._task = JobSlot(runner.start, self)
        self._task.finished.connect(self._on_read)
        self._task.failed.connect(self._on_failed)
        # By frame, not by number: with another index a number may be another frame.
        self._asked: Frame | None = None
        self._found: tuple[Frame, Blocks | None] | None = None
        self._failure = ""
        view.frame_shown.connect(self._on_frame_shown)

    @property
    def layers(self) -> BlockLayer:
        """What is drawn over the picture."""
        return self._layers

    @property
    def blocks(self) -> Blocks | None:
        """The blocks of the frame on screen; None while they are not known."""
        shown = self._view.shown
        if shown is None or shown.frame is None or self._found is None:
            return None
        frame, blocks = self._found
        return blocks if frame is shown.frame else None

    @property
    def reason(self) -> str:
        """Why there are none; empty if there may be."""
        info = self._video.info
        if info is None:
            return ""
        from framescope.core.media.decoding.block_export import why_no_blocks  # noqa: PLC0415

        return why_no_blocks(info) or self._failure

    def toggle(self, layer: BlockLayer) -> None:
        """Draw a layer over the picture, or no longer."""
        self._layers ^= layer
        self._ask()
        self.changed.emit()

    def watch(self, watcher: str, *, is_watching: bool) -> None:
        """Read the blocks of each frame shown as long as somebody watches."""
        if is_watching:
            self._watchers.add(watcher)
        else:
            self._watchers.discard(watcher)
        self._ask()

    def forget(self) -> None:
        """The video is closed."""
        reader, self._reader = self._reader, None
        self._task.forget()
        if reader is not None:
            # Closing waits for the picture being decoded.
            self._runner.start(tr("Closing"), lambda _progress, _cancel: reader.close(), announce=False)
        self._asked = self._found = None
        self._failure = ""
        self.changed.emit()

    def _ask(self) -> None:
        """Read the blocks of the frame on screen, unless they are known, on their way, or of no use."""
        shown, info, index = self._view.shown, self._video.info, self._video.index
        is_wanted = bool(self._layers or self._watchers)
        if not is_wanted or shown is None or shown.frame is None or info is None or index is None:
            return
        frame = shown.frame
        is_known = self._found is not None and self._found[0] is frame
        # One at a time: when it ends, the frame then on screen is next.
        if is_known or self._task.is_running or self.reason:
            return
        if self._reader is None:
            self._reader = _Reader(info, index)
        reader = self._reader
        self._asked = frame

        def work(progress: ProgressCallback, cancel: CancelToken) -> Blocks | None:
            del progress
            return reader.read(frame.frame_number, index, cancel)

        self._task.start(tr("Reading motion vectors and quantisers"), work, announce=False)

    @Slot()
    def _on_frame_shown(self) -> None:
        self._ask()

    @Slot(object)
    def _on_read(self, blocks: Blocks | None) -> None:
        self._end(blocks)

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        self._failure = error.message
        self._end(None)

    def _end(self, blocks: Blocks | None) -> None:
        if self._asked is None:
            return
        self._found = (self._asked, blocks)
        self._asked = None
        self.changed.emit()
        self._ask()
