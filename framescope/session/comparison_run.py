"""Compares all frames of two videos in the background: which belong together, then how similar they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.media.container import source_name
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.compare.comparison import Comparison
    from framescope.core.errors import FrameScopeError
    from framescope.core.model.progress import CancelToken, Progress, ProgressCallback
    from framescope.engine.jobs import Job, JobRunner

    Pins = tuple[tuple[int, int], ...]
    Stream = tuple[str, int]


class ComparisonRun(QObject):
    """The comparison of two videos: running, finished, or none. Threads: GUI."""

    changed = Signal()
    """``found``, ``error``, ``pins`` or ``is_running`` changed."""
    progressed = Signal(object)
    """The latest Progress."""

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._job: Job | None = None
        self._pair: tuple[Stream, Stream] | None = None
        self._found: Comparison | None = None
        self._error: FrameScopeError | None = None
        self._was_stopped = False
        self._pins: Pins = ()

    @property
    def found(self) -> Comparison | None:
        """The result; without quality until that is measured, too."""
        return self._found

    @property
    def error(self) -> FrameScopeError | None:
        """Why there is no result."""
        return self._error

    @property
    def was_stopped(self) -> bool:
        """Whether the user stopped it."""
        return self._was_stopped

    @property
    def pins(self) -> Pins:
        """Pairs of frames that the user said belong together, in order."""
        return self._pins

    @property
    def is_running(self) -> bool:
        """Whether frames are being compared or measured."""
        return self._job is not None

    def begin(self, a: Stream, b: Stream) -> None:
        """Compare two streams; does nothing if these are being compared, or were."""
        if self._pair != (a, b):
            self.forget()
            self._pair = a, b
            self.start()

    @Slot()
    def start(self) -> None:
        """Compare again, with the pins there are now."""
        if self._pair is None:
            return
        self._drop_job()
        self._error, self._was_stopped = None, False
        self._go(measures=False)

    @Slot()
    def cancel(self) -> None:
        """Stop; what was found is kept."""
        if self._job is not None:
            self._job.cancel()

    def forget(self) -> None:
        """Stop, and drop the result."""
        self._drop_job()
        self._pair = self._found = self._error = None
        self._pins, self._was_stopped = (), False
        self.changed.emit()

    def pin(self, a: int, b: int) -> None:
        """Align again, with these frames as a pair; drops pins that contradict it."""
        kept = [one for one in self._pins if (one[0] - a) * (one[1] - b) > 0]
        self._set_pins(tuple(sorted([*kept, (a, b)])))

    def unpin(self, pin: tuple[int, int]) -> None:
        """Align again without a pin."""
        self._set_pins(tuple(one for one in self._pins if one != pin))

    def _set_pins(self, pins: Pins) -> None:
        if pins != self._pins:
            self._pins = pins
            self.start()

    def _drop_job(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.cancel()

    def _go(self, *, measures: bool) -> None:
        """Start the next step."""
        assert self._pair is not None
        (a, stream_a), (b, stream_b) = self._pair
        pins, earlier = self._pins, self._found

        def work(progress: ProgressCallback, cancel: CancelToken) -> Comparison:
            # Imported here: it loads OpenCV, and the window opens without it.
            from framescope.core.compare.comparison import compare  # noqa: PLC0415
            from framescope.core.compare.quality import Metric  # noqa: PLC0415

            return compare(
                a,
                b,
                pins=pins,
                metrics=(Metric.PSNR, Metric.SSIM) if measures else (),
                stream_a=stream_a,
                stream_b=stream_b,
                earlier=earlier,
                progress=progress,
                cancel=cancel,
            )

        title = tr("Comparing {a} and {b}", a=source_name(a), b=source_name(b))
        job = self._job = self._runner.start(title, work)
        job.progressed.connect(self._on_progressed)
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)
        job.cancelled.connect(self._on_cancelled)
        self.changed.emit()

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        if self.sender() is self._job:
            self.progressed.emit(progress)

    @Slot(object)
    def _on_finished(self, found: Comparison) -> None:
        if not self._has_ended():
            return
        self._found = found
        if found.quality is None:
            self._go(measures=True)
        else:
            self.changed.emit()

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        if self._has_ended():
            self._error = error
            self.changed.emit()

    @Slot()
    def _on_cancelled(self) -> None:
        if self._has_ended():
            self._was_stopped = True
            self.changed.emit()

    def _has_ended(self) -> bool:
        """Whether the sender is the current job, which is cleared so that a slot may start another."""
        is_present = self.sender() is self._job
        if is_present:
            self._job = None
        return is_present
