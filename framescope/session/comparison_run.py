"""Compares all frames of two videos in the background: which belong together, then how similar they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.media.container import source_name
from framescope.core.translation import tr
from framescope.engine.job_slot import JobSlot

if TYPE_CHECKING:
    from framescope.core.compare.comparison import Comparison
    from framescope.core.compare.quality import Quality
    from framescope.core.errors import FrameScopeError
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.engine.job_slot import Publish
    from framescope.engine.jobs import JobRunner

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
        self._task = JobSlot(runner.start, self)
        self._task.changed.connect(self.changed)
        self._task.progressed.connect(self.progressed)
        self._task.published.connect(self._on_aligned)
        self._task.finished.connect(self._on_finished)
        self._task.cancelled.connect(self._on_cancelled)
        self._pair: tuple[Stream, Stream] | None = None
        self._found: Comparison | None = None
        self._quality: Quality | None = None
        self._was_stopped = False
        self._pins: Pins = ()

    @property
    def found(self) -> Comparison | None:
        """The result; without quality until that is measured, too."""
        return self._found

    @property
    def error(self) -> FrameScopeError | None:
        """Why there is no result."""
        return self._task.error

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
        return self._task.is_running

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
        (a, stream_a), (b, stream_b) = self._pair
        pins, earlier = self._pins, self._found
        if earlier is not None and earlier.quality is None:
            # Of pairs that were measured before the last pin, too.
            earlier = replace(earlier, quality=self._quality)

        def work(progress: ProgressCallback, cancel: CancelToken, publish: Publish) -> Comparison:
            # Imported here: it loads OpenCV, and the window opens without it.
            from framescope.core.compare.comparison import compare  # noqa: PLC0415

            return compare(
                a,
                b,
                pins=pins,
                stream_a=stream_a,
                stream_b=stream_b,
                earlier=earlier,
                aligned=publish,
                progress=progress,
                cancel=cancel,
            )

        self._was_stopped = False
        title = tr("Comparing {a} and {b}", a=source_name(a), b=source_name(b))
        self._task.start_publishing(title, work)

    @Slot()
    def cancel(self) -> None:
        """Stop; what was found is kept."""
        self._task.cancel()

    def forget(self) -> None:
        """Stop, and drop the result."""
        self._task.forget()
        self._pair = self._found = self._quality = None
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

    @Slot(object)
    def _on_aligned(self, found: Comparison) -> None:
        self._found = found
        self.changed.emit()

    @Slot(object)
    def _on_finished(self, found: Comparison) -> None:
        # `changed` follows.
        self._found, self._quality = found, found.quality

    @Slot()
    def _on_cancelled(self) -> None:
        self._was_stopped = True
