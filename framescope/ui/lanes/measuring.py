"""What has to be read from the file for lanes: in the background, once for the open video."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.translation import tr
from framescope.ui.lanes.catalog import LANES, Source
from framescope.ui.lanes.series import Series
from framescope.ui.widgets.tasks import SourceTask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from framescope.core.bitstream.decoder_buffer import BufferLevels
    from framescope.core.errors import FrameScopeError
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.session.controller import Controller

_PUBLISH_S = 0.4
_CACHE_BYTES = 64 << 20
"""A decoder of its own measures; it needs no frame twice."""


class Measuring(QObject):
    """One pass over the file, on request, and the values that it gives. Threads: GUI.

    Attributes:
        series: The values found so far, in the order of `LaneSpec.place`; empty before there are any.
        levels: The decoder's buffer, if that is what was looked for and is declared.
        is_whole: Whether the pass was completed.
        message: What is said where there are no values.
    """

    changed = Signal()

    def __init__(self, controller: Controller, source: Source) -> None:
        super().__init__(controller)
        self._controller = controller
        self._source = source
        self._index: FrameIndex | None = None
        self._is_wanted = False
        self.series: tuple[Series, ...] = ()
        self.levels: BufferLevels | None = None
        self.is_whole = False
        self.message = ""
        self._task = SourceTask(controller)
        self._task.published.connect(self._on_published)
        self._task.finished.connect(self._on_finished)
        self._task.failed.connect(self._on_failed)
        self._task.cancelled.connect(self._on_cancelled)
        self._task.forgotten.connect(self.forget)

    @property
    def is_running(self) -> bool:
        """Whether values are being found, or will be as soon as all frames are listed."""
        return self._is_wanted

    def start(self) -> None:
        """Find the values, unless they are known or being found."""
        if not self.is_whole and not self._is_wanted:
            self._is_wanted = True
            self.message = tr("Waiting until all frames are listed…")
            self.follow_index()
            self.changed.emit()

    def stop(self) -> None:
        """Stop; what was found is kept until the next start."""
        if self._is_wanted:
            self._task.forget()
            self._is_wanted, self.message = False, ""
            self.changed.emit()

    @Slot()
    def forget(self) -> None:
        """Stop, and drop the values."""
        self._task.forget()
        self._index, self._is_wanted, self.is_whole = None, False, False
        self.series, self.levels, self.message = (), None, ""
        self.changed.emit()

    def follow_index(self) -> None:
        """Take notice of another index: begin once it is complete, and drop the values of other frames."""
        info, index = self._controller.info, self._controller.index
        if info is None or index is None:
            return
        if self._index is not None and index is not self._index:
            if len(index) == len(self._index) and index.extends(self._index):
                self._index = index
            else:
                was_wanted = self._is_wanted
                self.forget()
                self._is_wanted = was_wanted
        if self._is_wanted and not self._task.is_running and index.complete and len(index):
            self._begin(info, index)

    def _begin(self, info: VideoInfo, index: FrameIndex) -> None:
        self._index = index
        self.series, self.levels, self.message = (), None, tr("Measuring…")
        if self._source is Source.BUFFER:
            self._task.start(
                tr("Reading what buffer is declared"),
                lambda _progress, cancel: _levels(info, index, cancel),
                announce=False,
            )
            return
        places = 1 + max(lane.place for lane in LANES if lane.source is self._source)
        values = np.full((places, len(index)), np.nan, np.float32)
        self.series = tuple(Series(row, 0) for row in values)
        is_pixels = self._source is Source.PIXELS
        title = tr("Measuring all frames for the timeline") if is_pixels else tr("Reading all quantisers")
        self._task.start_publishing(title, _measure(info, index, values, is_pixels=is_pixels))

    @Slot(object)
    def _on_published(self, reached: int) -> None:
        for one in self.series:
            one.advance(reached)
        self.changed.emit()

    @Slot(object)
    def _on_finished(self, result: object) -> None:
        self._is_wanted, self.is_whole, self.message = False, True, ""
        if self._source is Source.BUFFER:
            self._take_levels(result)
        elif self._index is not None:
            self._on_published(len(self._index))
            if all(np.isnan(one.low) for one in self.series):
                self.message = tr("No frame has such a value.")
        self.changed.emit()

    def _take_levels(self, levels: Any) -> None:  # noqa: ANN401 - as the job gives it
        if levels is None or self._index is None:
            self.message = tr("The stream declares no decoder buffer.")
            return
        self.levels = levels
        self.series = (Series(levels.by_frame(len(self._index))),)

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        self._is_wanted, self.message = False, error.message
        self.changed.emit()

    @Slot()
    def _on_cancelled(self) -> None:
        self._is_wanted, self.message = False, ""
        self.changed.emit()


def _levels(info: VideoInfo, index: FrameIndex, cancel: CancelToken) -> BufferLevels | None:
    from framescope.core.bitstream.decoder_buffer import buffer_levels, declared_buffer  # noqa: PLC0415

    declared = declared_buffer(info, index, cancel=cancel)
    return None if declared is None else buffer_levels(index, declared)


def _measure(
    info: VideoInfo, index: FrameIndex, values: NDArray[np.float32], *, is_pixels: bool
) -> Callable[[ProgressCallback, CancelToken, Callable[[int], None]], None]:
    """Work that fills ``values``, and publishes how many frames it has reached."""

    def work(progress: ProgressCallback, cancel: CancelToken, publish: Callable[[int], None]) -> None:
        # Imported here: it loads OpenCV, and the window opens without it.
        from framescope.core.blocks.summary import mean_quantisers  # noqa: PLC0415
        from framescope.core.source.opening import known_video  # noqa: PLC0415
        from framescope.core.statistics.measure import measured_frames  # noqa: PLC0415

        with known_video(info, index, cache_bytes=_CACHE_BYTES, with_blocks=not is_pixels) as video:
            measured: Iterable[tuple[int, tuple[float, ...]]] = (
                measured_frames(video, progress=progress, cancel=cancel)
                if is_pixels
                else mean_quantisers(video, progress=progress, cancel=cancel)
            )
            due = time.monotonic() + _PUBLISH_S
            with cancel.stopping(video.interrupt):
                for number, measures in measured:
                    values[:, number] = measures
                    if time.monotonic() >= due:
                        publish(number + 1)
                        due = time.monotonic() + _PUBLISH_S

    return work
