"""Keeps the timing report of the open video, computed in the background if the video is long."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal, Slot

from framescope.core.media.facts.measured import MeasuredFacts, measure
from framescope.core.timing.identity import IdentityTranslator
from framescope.core.timing.report import TimingReport, measure_timing, read_opencv_times
from framescope.core.translation import tr
from framescope.ui.widgets.tasks import IndexValue, SourceTask

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.engine.jobs import Job
    from framescope.session.controller import Controller


@dataclass(frozen=True, slots=True, eq=False)
class Timing:
    """All timing facts of one index.

    Attributes:
        index: The frames indexed when it was computed.
        report: The measurements.
        facts: The same facts in the terms of the header.
        translator: Gives each frame its numbers and times.
        intervals_ms: By frame number, the time since the previous frame; NaN if unknown.
        nominal_ms: By frame number, the error of ``n / fps``; NaN if unknown.
        opencv_ms: By frame number, the error of POS_MSEC; NaN if unknown.
    """

    index: FrameIndex
    report: TimingReport
    facts: MeasuredFacts
    translator: IdentityTranslator
    intervals_ms: NDArray[np.float64]
    nominal_ms: NDArray[np.float64]
    opencv_ms: NDArray[np.float64]


def make_timing(info: VideoInfo, index: FrameIndex, opencv: tuple[NDArray[np.float64], str] | None) -> Timing:
    """Compute all timing facts. Two million frames take about a second. Threads: any."""
    times, remark = opencv or (None, "")
    report = measure_timing(info, index, times, remark)
    translator = IdentityTranslator(index, times, timecode_start=info.timecode_start)
    # The index is sorted on first use; that must not happen in the GUI thread.
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


class TimingSource(IndexValue[Timing]):
    """The timing of the open video. Threads: GUI."""

    title = tr("Measuring the timing")
    most_frames_at_once = 50_000

    reading_changed = Signal()
    """OpenCV's reading of the file started, ended, or failed."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._opencv: tuple[NDArray[np.float64], str] | None = None
        self._reading = SourceTask(controller)
        self._reading.changed.connect(self.reading_changed)
        self._reading.finished.connect(self._on_read)
        self._reading.forgotten.connect(self._on_reading_forgotten)

    @property
    def timing(self) -> Timing | None:
        """The latest timing; None without frames."""
        return self._value

    @property
    def reading(self) -> Job | None:
        """The job in which OpenCV reads the file, while it runs."""
        return self._reading.job

    @property
    def reading_error(self) -> str:
        """Why OpenCV could not read the file; empty if it could or has not tried."""
        return "" if self._reading.error is None else self._reading.error.message

    def work_on(self, info: VideoInfo, index: FrameIndex) -> Callable[[], Timing]:
        """See `IndexValue`."""
        return partial(make_timing, info, index, self._opencv)

    @Slot()
    def read_opencv(self) -> None:
        """Read the whole file with OpenCV in a separate process and keep its POS_MSEC values."""
        info, index = self._controller.info, self._controller.index
        if info is None or index is None or not index.complete or self._reading.is_running:
            return

        def work(progress: ProgressCallback, cancel: CancelToken) -> tuple[NDArray[np.float64], str]:
            return read_opencv_times(info, index, progress=progress, cancel=cancel)

        self._reading.start(tr("Reading the file with OpenCV"), work)

    @Slot(object)
    def _on_read(self, answer: tuple[NDArray[np.float64], str]) -> None:
        self._opencv = answer
        self.outdate()

    @Slot()
    def _on_reading_forgotten(self) -> None:
        self._opencv = None
        self.reading_changed.emit()
