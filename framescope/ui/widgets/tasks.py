"""Background work of panels and dialogs: tied to the open source, to the latest request, or to the index."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, Self, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from framescope.engine.job_slot import JobSlot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken, Progress, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.engine.jobs import Job, Work
    from framescope.session.controller import Controller

    StreamWork = Callable[[ProgressCallback, CancelToken], Iterable[object]]

T = TypeVar("T")

_REST_MS = 400


class BackgroundTask(JobSlot):
    """A job slot of a session. Threads: GUI.

    Without a parent it lives as long as the session. Children of the session pass no parent:
    Python's garbage collector has crashed on chains of children destroyed together with their session.
    """

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(controller.run_job, parent or controller)


class SourceTask(BackgroundTask):
    """Work on the open source, cancelled and ignored when the source is closed or another one opened."""

    forgotten = Signal()
    """The source changed, whether or not a job was running."""

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(controller, parent)
        # Not source_failed: the previous video then stays open, or is closed with its own signal.
        controller.source_opened.connect(self._on_source_changed)
        controller.source_closed.connect(self._on_source_changed)

    @Slot()
    def _on_source_changed(self) -> None:
        self.forget()
        self.forgotten.emit()


class _Answers(QObject):
    """Passes answers to a task; without a parent, since work may go on when its dialog is gone."""

    arrived = Signal(int, object)


class LatestTask(QObject):
    """Waits a moment, runs the latest request, and emits its results as they arrive.

    A newer request stops the running one at its next result, or earlier if the work checks its cancel
    token. With ``gives_late_answers`` a result that was nearly done is still emitted, so that a stream of
    requests, as from a dragged slider, shows something. Threads: GUI.
    """

    answered = Signal(object)
    progressed = Signal(object)
    """The latest Progress."""
    failed = Signal(object)
    """FrameScopeError."""
    finished = Signal()
    """All results of the latest request have been emitted."""

    def __init__(
        self,
        controller: Controller,
        title: str,
        delay_ms: int,
        parent: QObject | None = None,
        *,
        gives_late_answers: bool = False,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._title = title
        self._gives_late_answers = gives_late_answers
        self._wanted: StreamWork | None = None
        self._job: Job | None = None
        self._serial = 0
        self._oldest_wanted = 0
        self._timer = QTimer(self, singleShot=True, interval=delay_ms)
        self._timer.timeout.connect(self._on_timeout)
        self._answers = _Answers()
        self._answers.arrived.connect(self._on_arrived)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is pending or running."""
        return self._wanted is None and self._job is None

    @property
    def has_newer_request(self) -> bool:
        """Whether a newer request is pending."""
        return self._wanted is not None

    def ask(self, work: Work) -> None:
        """Request the result of ``work``, which runs in another thread."""

        def stream(progress: ProgressCallback, cancel: CancelToken) -> Iterator[object]:
            yield work(progress, cancel)

        self.ask_stream(stream)

    def ask_stream(self, work: StreamWork) -> None:
        """Request the results that ``work`` yields in another thread."""
        self._wanted = work
        if self._job is not None:
            self._job.cancel()
        if not self._gives_late_answers:
            self._oldest_wanted = self._serial + 1
        # Not restarted: a continuously changing request is answered at intervals, not only at the end.
        if not self._timer.isActive():
            self._timer.start()

    def forget(self) -> None:
        """Drop the pending request; the running one is stopped and ignored."""
        self._wanted = None
        self._oldest_wanted = self._serial + 1
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()

    @Slot()
    def _on_timeout(self) -> None:
        work = self._wanted
        if self._job is not None or work is None:
            return
        self._wanted = None
        self._serial += 1
        serial, answers = self._serial, self._answers

        def carry_out(progress: ProgressCallback, cancel: CancelToken) -> None:
            for answer in work(progress, cancel):
                answers.arrived.emit(serial, answer)
                cancel.raise_if_cancelled()

        job = self._job = self._controller.run_job(self._title, carry_out, announce=False)
        job.progressed.connect(self._on_progressed)
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)
        job.settled.connect(self._on_settled)

    @property
    def _is_current(self) -> bool:
        return self._wanted is None and self._serial >= self._oldest_wanted

    @Slot(int, object)
    def _on_arrived(self, serial: int, answer: object) -> None:
        if serial >= self._oldest_wanted:
            self.answered.emit(answer)

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        if self._is_current:
            self.progressed.emit(progress)

    @Slot(object)
    def _on_finished(self, _result: object) -> None:
        if self._is_current:
            self.finished.emit()

    @Slot(object)
    def _on_failed(self, error: object) -> None:
        if self._is_current:
            self.failed.emit(error)

    @Slot()
    def _on_settled(self) -> None:
        self._job = None
        if self._wanted is not None and not self._timer.isActive():
            self._timer.start()


class IndexValue(QObject, Generic[T]):
    """A value computed from the open video's index, updated as the index grows. Threads: GUI.

    One instance serves all panels of a session. Subclasses define the computation in `work_on`.
    """

    changed = Signal()
    """The value changed; it may be None."""

    title: ClassVar[str]
    """The title of its job, for display."""
    most_frames_at_once: ClassVar[int]
    """Up to this many frames it takes no more than a display refresh or two, and runs in the GUI thread."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._value: T | None = None
        self._index: FrameIndex | None = None
        self._seen: FrameIndex | None = None
        self._task = SourceTask(controller)
        self._task.finished.connect(self._on_made)
        self._task.changed.connect(self._on_task_changed)
        self._task.forgotten.connect(self._on_source_changed)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.refresh)

    @classmethod
    def of(cls, controller: Controller) -> Self:
        """The instance of this session."""
        return controller.findChild(cls) or cls(controller)

    @property
    def index(self) -> FrameIndex | None:
        """The index the value was computed from."""
        return self._index

    def work_on(self, info: VideoInfo, index: FrameIndex) -> Callable[[], T]:
        """A function that computes the value of a non-empty index, in any thread."""
        raise NotImplementedError

    @Slot()
    def refresh(self) -> None:
        """Recompute the value if the index changed: at once if it is short, else soon."""
        info, index = self._controller.info, self._controller.index
        if index is self._seen or self._task.is_running:
            return
        if self._rest.isActive() and index is not None and not index.complete:
            # The index grows many times per second; its final update is not delayed.
            return
        self._seen = index
        if info is None or index is None or not len(index):
            self._take(index, None)
            return
        work = self.work_on(info, index)
        if len(index) <= self.most_frames_at_once:
            self._take(index, work())
        else:
            self._task.start(self.title, lambda _progress, _cancel: (index, work()), announce=False)

    def outdate(self) -> None:
        """Recompute the value although the index is the same, because another input changed."""
        self._seen = None
        self.refresh()

    def _take(self, index: FrameIndex | None, value: T | None) -> None:
        self._index, self._value = index, value
        if index is not None and not index.complete:
            self._rest.start()
        self.changed.emit()

    @Slot(object)
    def _on_made(self, made: tuple[FrameIndex, T]) -> None:
        self._take(*made)

    @Slot()
    def _on_task_changed(self) -> None:
        # The index may have grown meanwhile; during a job this does nothing.
        self.refresh()

    @Slot()
    def _on_source_changed(self) -> None:
        self._seen = None
        self._rest.stop()
        self._take(None, None)
