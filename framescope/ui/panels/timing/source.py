"""Keeps the timing report of the open video, made beside the window when the video is long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from framescope.core.media.facts.measured import MeasuredFacts, measure
from framescope.core.timing.identity import IdentityTranslator
from framescope.core.timing.report import TimingReport, measure_timing, read_opencv_times

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.errors import FrameScopeError
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.engine.jobs import Job
    from framescope.session.controller import Controller

_MOST_FRAMES_AT_ONCE = 50_000
"""Below this all of it takes less than a display refresh or two."""
_REST_MS = 400


@dataclass(frozen=True, slots=True, eq=False)
class Timing:
    """All that is known of the timing of one index.

    Attributes:
        index: The frames listed when it was made.
        report: What was measured.
        facts: The same in the words of the header.
        translator: Gives frames their names.
        intervals_ms: By frame number, how long after the frame before it; NaN where not known.
        nominal_ms: By frame number, the error of ``n / fps``; NaN where not known.
        opencv_ms: By frame number, the error of POS_MSEC; NaN where not known.
    """

    index: FrameIndex
    report: TimingReport
    facts: MeasuredFacts
    translator: IdentityTranslator
    intervals_ms: NDArray[np.float64]
    nominal_ms: NDArray[np.float64]
    opencv_ms: NDArray[np.float64]


def make_timing(info: VideoInfo, index: FrameIndex, opencv: tuple[NDArray[np.float64], str] | None) -> Timing:
    """Measure everything. Two million frames take about a second. Threads: any."""
    times, remark = opencv or (None, "")
    report = measure_timing(info, index, times, remark)
    translator = IdentityTranslator(index, times, timecode_start=info.timecode_start)
    # The index sorts itself when first asked; that must not happen in the window's thread.
    translator.identity(len(index) - 1)
    index.number_at_pts(0)
    unknown = np.full(len(index), np.nan)
    nominal, claimed = report.nominal, report.opencv
    return Timing(
        index=index,
        report=report,
        facts=measure(index),
        translator=translator,
        intervals_ms=np.concatenate((unknown[:1], report.intervals.intervals_s * 1000)),
        nominal_ms=unknown if nominal is None else nominal.seconds * 1000,
        opencv_ms=unknown if claimed is None else claimed.seconds * 1000,
    )


class TimingSource(QObject):
    """The timing of the open video for whoever asks. Threads: GUI."""

    changed = Signal()
    """``timing`` is another one, or None."""
    reading_changed = Signal()
    """OpenCV began to read the file, or ended, or failed."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._timing: Timing | None = None
        self._opencv: tuple[NDArray[np.float64], str] | None = None
        self._seen_index: FrameIndex | None = None
        self._seen_opencv: tuple[NDArray[np.float64], str] | None = None
        self._job: Job | None = None
        self._reading: Job | None = None
        self._reading_error = ""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.refresh)
        # Not source_failed: the video before stays open then, or is closed with a signal of its own.
        for signal in (controller.source_opened, controller.source_closed):
            signal.connect(self._on_source_changed)

    @classmethod
    def of(cls, controller: Controller) -> TimingSource:
        """The one of this session."""
        return controller.findChild(cls) or cls(controller)

    @property
    def timing(self) -> Timing | None:
        """What was measured last; None without frames."""
        return self._timing

    @property
    def reading(self) -> Job | None:
        """OpenCV's reading of the file, while it is under way."""
        return self._reading

    @property
    def reading_error(self) -> str:
        """Why OpenCV could not read the file; empty when it could or was not asked."""
        return self._reading_error

    @Slot()
    def refresh(self) -> None:
        """Measure anew if the index is another one: at once when it is short, else soon."""
        info, index = self._controller.info, self._controller.index
        if self._job is not None or (self._seen_index is index and self._seen_opencv is self._opencv):
            return
        if self._rest.isActive() and index is not None and not index.complete:
            # A listing grows many times a second; the end of it is not kept waiting.
            return
        self._seen_index, self._seen_opencv = index, self._opencv
        if info is None or index is None or not len(index):
            self._take(None)
        elif len(index) <= _MOST_FRAMES_AT_ONCE:
            self._take(make_timing(info, index, self._opencv))
        else:
            self._start_measuring(info, index, self._opencv)

    @Slot()
    def read_opencv(self) -> None:
        """Let OpenCV read the whole file in a process of its own and keep what its POS_MSEC said."""
        info, index = self._controller.info, self._controller.index
        if info is None or index is None or not index.complete or self._reading is not None:
            return

        def work(progress: ProgressCallback, cancel: CancelToken) -> tuple[NDArray[np.float64], str]:
            return read_opencv_times(info, index, progress=progress, cancel=cancel)

        self._reading_error = ""
        self._reading = self._controller.run_job("Reading the file with OpenCV", work)
        self._reading.finished.connect(self._on_reading_finished)
        self._reading.failed.connect(self._on_reading_failed)
        self._reading.settled.connect(self._on_reading_settled)
        self.reading_changed.emit()

    def _start_measuring(
        self, info: VideoInfo, index: FrameIndex, opencv: tuple[NDArray[np.float64], str] | None
    ) -> None:
        def work(progress: ProgressCallback, cancel: CancelToken) -> Timing:
            del progress, cancel
            return make_timing(info, index, opencv)

        self._job = self._controller.run_job("Measuring the timing", work, announce=False)
        self._job.finished.connect(self._on_job_finished)
        self._job.settled.connect(self._on_job_settled)

    @Slot(object)
    def _on_job_finished(self, timing: Timing) -> None:
        if self.sender() is self._job:
            self._take(timing)

    @Slot()
    def _on_job_settled(self) -> None:
        if self.sender() is self._job:
            self._job = None
            # The listing may have gone on meanwhile.
            self.refresh()

    @Slot(object)
    def _on_reading_finished(self, answer: tuple[NDArray[np.float64], str]) -> None:
        if self.sender() is self._reading:
            self._opencv = answer
            self.refresh()

    @Slot(object)
    def _on_reading_failed(self, error: FrameScopeError) -> None:
        if self.sender() is self._reading:
            self._reading_error = str(error)

    @Slot()
    def _on_reading_settled(self) -> None:
        if self.sender() is self._reading:
            self._reading = None
            self.reading_changed.emit()

    @Slot()
    def _on_source_changed(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        self._job = self._reading = self._opencv = self._seen_index = self._seen_opencv = None
        self._reading_error = ""
        self._rest.stop()
        self._take(None)
        self.reading_changed.emit()

    def _take(self, timing: Timing | None) -> None:
        self._timing = timing
        if timing is not None and not timing.index.complete:
            self._rest.start()
        self.changed.emit()
