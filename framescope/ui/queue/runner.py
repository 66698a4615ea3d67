"""Applies a recipe to a list of videos, a job for each; jobs can be stopped and resumed."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.dataset.build import BegunDataSet, DataSetResult, begin_dataset, end_dataset
from framescope.core.dataset.manifest import has_dataset
from framescope.core.export.run import Savers
from framescope.core.media.container import file_name, shown_name
from framescope.core.printable import valid_text
from framescope.core.recipe.folder_pattern import FolderPattern
from framescope.core.recipe.folders import folders_for
from framescope.core.recipe.recipe import recipe_text
from framescope.core.recipe.run import RunRequest, VideoOutcome, VideoState, run_on_video
from framescope.core.source.input_videos import InputVideo
from framescope.core.text import counted
from framescope.core.translation import tr
from framescope.ui.queue.delivery import Delivery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from framescope.core.dataset.build import DataSetForm
    from framescope.core.errors import FrameScopeError
    from framescope.core.model.progress import CancelToken, Progress, ProgressCallback
    from framescope.core.recipe.recipe import Recipe
    from framescope.engine.jobs import Job
    from framescope.session.controller import Controller

_UNFINISHED = frozenset({VideoState.PARTLY, VideoState.CANCELLED, VideoState.FAILED})
_INTERRUPTED = _UNFINISHED - {VideoState.FAILED}
"""What is offered again at the next start: a video that cannot be read would be offered at every one."""


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One video of the queue.

    Attributes:
        source: Path or URL.
        state: Its state.
        share: The completed fraction, 0 to 1.
        words: What is being done, or the result.
        folder: The folder of its pictures; None before it was started.
        has_damage: Whether any of its pictures is damaged or may depend on damage.
        path: Its path below the folder that was added, with ``/``; empty if it was added itself.
    """

    source: str
    state: VideoState = VideoState.WAITING
    share: float = 0.0
    words: str = ""
    folder: Path | None = None
    has_damage: bool = False
    path: str = ""

    @property
    def name(self) -> str:
        """The video's name."""
        return shown_name(self.source)

    @property
    def video(self) -> InputVideo:
        """The video as part of a data set."""
        return InputVideo(self.source, self.path or valid_text(file_name(self.source)))


class QueueRunner(QObject):
    """The queue and its running job. Threads: GUI."""

    item_changed = Signal(int)
    """The item at this position changed."""
    items_changed = Signal()
    """Items were added or removed."""
    state_changed = Signal()
    """The queue started or ended."""
    ended = Signal(str, str)
    """The queue ended; carries the results as text, and their style role."""

    def __init__(self, controller: Controller, origin: str, parent: QObject | None = None) -> None:
        """Start with an empty queue.

        Args:
            controller: Runs the jobs.
            origin: The objectName of the dialog that shows the results.
            parent: The Qt parent.
        """
        super().__init__(parent)
        self._controller = controller
        self._origin = origin
        self._run_count, self._begun_count = 0, 0
        self._savers: Savers | None = None
        self._unfinished_key = ""
        self._items: list[QueueItem] = []
        self._works: dict[int, _VideoWork] = {}
        self._dataset: _DataSetWork | None = None
        self._form: DataSetForm | None = None
        self._delivery: Delivery | None = None
        self._told = "", True
        self.sending_words = ""
        self._most = 1
        self._todo: list[int] = []
        self._folder = Path()
        self._folders: list[Path] = []
        self._planning = threading.Lock()
        self._outcomes: dict[str, VideoOutcome] = {}
        self._recipe: Recipe | None = None
        self._request = RunRequest()

    @property
    def items(self) -> tuple[QueueItem, ...]:
        """The videos, in order."""
        return tuple(self._items)

    @property
    def _paths(self) -> dict[str, str]:
        return {item.source: item.path for item in self._items if item.path}

    @property
    def is_running(self) -> bool:
        """Whether the queue is running."""
        others = (self._dataset, self._delivery)
        return bool(self._works) or any(one is not None and one.is_working for one in others)

    @property
    def unfinished_count(self) -> int:
        """Number of videos that were started or queued, and are not done."""
        return sum(item.state in _UNFINISHED for item in self._items)

    @property
    def waiting_count(self) -> int:
        """Number of videos not started."""
        return sum(item.state is VideoState.WAITING for item in self._items)

    def add(self, sources: Iterable[str], paths: Mapping[str, str] | None = None) -> int:
        """Add videos not yet in the queue; returns how many. During a run they are queued.

        Args:
            sources: Paths and addresses.
            paths: The path of each below the folder that was added, where that is known.
        """
        known = {item.source for item in self._items}
        new = [source for source in dict.fromkeys(sources) if source not in known]
        self._items.extend(QueueItem(source, path=(paths or {}).get(source, "")) for source in new)
        if new:
            self.items_changed.emit()
        return len(new)

    def remove(self, places: Iterable[int]) -> None:
        """Remove videos. Only while the queue is not running."""
        if self.is_running:
            return
        gone = set(places)
        self._items = [item for place, item in enumerate(self._items) if place not in gone]
        self.items_changed.emit()

    def start(
        self,
        recipe: Recipe,
        folder: Path | str,
        request: RunRequest,
        form: DataSetForm | None = None,
        *,
        texts: Mapping[str, str] | None = None,
    ) -> None:
        """Apply the recipe to every video that is not done, resuming interrupted ones.

        Args:
            recipe: What to do.
            folder: Output folder; as text, an address that the files are sent to at the end.
            request: Options of the run; as many videos are worked on at a time as it says.
            form: What data set the videos become; None for a folder for each.
            texts: The form as texts, which are kept to resume the queue in case the program is killed.

        Raises:
            SettingsError: The folder pattern is not valid.
        """
        if self.is_running:
            return
        todo = [place for place, item in enumerate(self._items) if item.state is not VideoState.DONE]
        # An invalid pattern is refused once here, instead of by each video.
        FolderPattern(recipe.folders).planned([item.source for item in self._items])
        self._folder, self._folders = Path(), []
        self._recipe, self._request, self._todo = recipe, request, todo
        self._most = request.jobs
        self._run_count, self._begun_count = len(todo), 0
        self._forget_unfinished()
        self._unfinished_key = self._controller.unfinished.begin(
            "queue",
            sources=[item.source for item in self._items],
            folder=str(folder),
            recipe=recipe_text(recipe),
            on_existing=request.on_existing.value,
            **({"dataset": dict(texts), "paths": self._paths} if texts else {}),
        )
        for place in todo:
            self._change(place, state=VideoState.WAITING, share=0.0, words="")
        for done in (self._dataset, self._delivery):
            if done is not None:
                done.deleteLater()
        self._dataset = self._delivery = None
        self._form = form
        if isinstance(folder, str):
            self._delivery = Delivery(self._controller, self._origin, folder, self)
            self._delivery.prepared.connect(self._on_prepared)
            self._delivery.progressed.connect(self._on_sending)
            self._delivery.ended.connect(self._on_delivered)
            self._delivery.prepare(resume=request.resume)
            self.state_changed.emit()
            return
        self._on_prepared(folder)

    @Slot(object)
    def _on_prepared(self, folder: Path) -> None:
        """Begin with the data set, or with the first videos."""
        self._folder = folder
        if self._form is not None and self._recipe is not None:
            videos = [item.video for item in self._items]
            self._dataset = _DataSetWork(self._controller, self._origin, videos, self._form, self)
            self._dataset.begun.connect(self._on_dataset_begun)
            self._dataset.left_out.connect(self._on_left_out)
            self._dataset.ended.connect(self._on_dataset_ended)
            self._dataset.begin(self._recipe, folder, self._request)
            self.state_changed.emit()
            return
        self._next()

    def stop(self, place: int) -> None:
        """Stop one video, or remove it from the run if it has not started."""
        if place in self._works:
            self._works[place].stop()
        elif place in self._todo:
            self._todo.remove(place)
            self._change(place, state=VideoState.CANCELLED, words=tr("Not started."))

    def stop_all(self) -> None:
        """Stop the running videos and start no others."""
        for place in tuple(self._todo):
            self.stop(place)
        for work in tuple(self._works.values()):
            work.cancel()
        for one in (self._dataset, self._delivery):
            if one is not None:
                one.cancel()

    def _forget_unfinished(self) -> None:
        if self._unfinished_key:
            self._controller.unfinished.end(self._unfinished_key)
            self._unfinished_key = ""

    def _next(self) -> None:
        """Start as many videos as may run; end if there is nothing left."""
        while self._todo and len(self._works) < self._most and self._recipe is not None:
            self._start_video(self._todo.pop(0), self._recipe)
        if self._todo or self._works:
            self.state_changed.emit()
            return
        if self._savers is not None:
            self._savers.close()
            self._savers = None
        if self._dataset is not None and not self._dataset.is_over:
            # Whether all videos were reached, it knows from their outcomes.
            self._dataset.end([self._outcome(place) for place in range(len(self._items))])
            self.state_changed.emit()
            return
        self._end(outcome_counts(self._items))

    def _end(self, words: str, *, is_good: bool = True) -> None:
        if self._delivery is None:
            self._finish(words, is_good=is_good)
            return
        self._told = words, is_good
        if not is_good or any(item.state is VideoState.CANCELLED for item in self._items):
            self._delivery.leave()
            self._on_delivered(tr("Nothing was sent; resume it to send it."), False)  # noqa: FBT003
        else:
            self._delivery.send()
            self.state_changed.emit()

    @Slot(str)
    def _on_sending(self, words: str) -> None:
        self.sending_words = words
        self.state_changed.emit()

    @Slot(str, bool)
    def _on_delivered(self, words: str, is_sent: bool) -> None:  # noqa: FBT001 - a signal's value
        for place in tuple(self._todo):
            # It could not be begun.
            self.stop(place)
        for place, item in enumerate(self._items):
            if is_sent:
                # The local folder is gone.
                self._items[place] = replace(item, folder=None)
            elif item.state is VideoState.DONE:
                # It is checked and sent when the queue is resumed.
                self._change(place, state=VideoState.CANCELLED, words=tr("Not sent."))
        (told, is_good), self._told, self.sending_words = self._told, ("", True), ""
        told = f"{told.rstrip('.')}. {words}" if told else words
        self._finish(told, is_good=is_good and is_sent)

    def _finish(self, words: str, *, is_good: bool) -> None:
        if not any(item.state in _INTERRUPTED for item in self._items):
            self._forget_unfinished()
        self.state_changed.emit()
        is_clean = not self.unfinished_count and not any(item.has_damage for item in self._items)
        self.ended.emit(words, "success" if is_clean and is_good else "warning")

    def _start_video(self, place: int, recipe: Recipe) -> None:
        item, folder, request = self._items[place], self._folder, self._request
        folders, sources = self._folders, [one.source for one in self._items]
        savers = self._savers = self._savers or Savers(exports=self._most)
        planning = self._planning

        def work(progress: ProgressCallback, cancel: CancelToken) -> VideoOutcome:
            with planning:
                if not folders:
                    # Planned for the whole queue, with one folder per video even for a single one, as more
                    # may be added. In the job, because it may read parts of the videos.
                    folders.extend(
                        folders_for(
                            recipe, sources, folder, each_its_own=True, on_existing=request.on_existing
                        )
                    )
            own = folders[place]
            return run_on_video(
                recipe, item.source, own, request=request, progress=progress, cancel=cancel, savers=savers
            )

        self._change(place, state=VideoState.RUNNING, words=tr("Opening"))
        self._begun_count += 1
        of = (
            tr(" ({begun_count} of {run_count})", begun_count=self._begun_count, run_count=self._run_count)
            if self._run_count > 1
            else ""
        )
        title = tr("Exporting {item}{of}", item=item.name, of=of)
        job = self._controller.run_job(title, work, origin=self._origin)
        video = self._works[place] = _VideoWork(place, job, self)
        video.progressed.connect(self._on_progressed)
        video.finished.connect(self._on_finished)
        video.failed.connect(self._on_failed)
        video.cancelled.connect(self._on_cancelled)

    def _outcome(self, place: int) -> VideoOutcome:
        item = self._items[place]
        known = self._outcomes.get(item.source)
        return known or VideoOutcome(item.source, item.folder or self._folder, item.state)

    def _change(  # noqa: PLR0913 - each is named at the call
        self,
        place: int,
        *,
        state: VideoState | None = None,
        share: float | None = None,
        words: str | None = None,
        folder: Path | None = None,
        has_damage: bool = False,
    ) -> None:
        item = self._items[place]
        self._items[place] = replace(
            item,
            state=item.state if state is None else state,
            share=item.share if share is None else share,
            words=item.words if words is None else words,
            folder=item.folder if folder is None else folder,
            has_damage=has_damage,
        )
        self.item_changed.emit(place)

    @Slot(int, object)
    def _on_progressed(self, place: int, progress: Progress) -> None:
        share = min(progress.done / progress.total, 1.0) if progress.total else 0.0
        self._change(place, share=share, words=progress.text)

    @Slot(int, object)
    def _on_finished(self, place: int, outcome: VideoOutcome) -> None:
        self._outcomes[outcome.source] = outcome
        share = 1.0 if outcome.state is VideoState.DONE else self._items[place].share
        self._change(
            place,
            state=outcome.state,
            share=share,
            words=outcome.sentence,
            folder=outcome.folder,
            has_damage=outcome.has_damage,
        )
        self._go_on(place, is_cancelled=outcome.state is VideoState.CANCELLED)

    @Slot(int, object)
    def _on_failed(self, place: int, error: FrameScopeError) -> None:
        source = self._items[place].source
        self._outcomes[source] = VideoOutcome(source, self._folder, VideoState.FAILED, error=error)
        self._change(place, state=VideoState.FAILED, words=error.message)
        self._go_on(place, is_cancelled=False)

    @Slot(int)
    def _on_cancelled(self, place: int) -> None:
        self._outcomes.pop(self._items[place].source, None)
        self._change(place, state=VideoState.CANCELLED, words=tr("Cancelled."))
        self._go_on(place, is_cancelled=True)

    def _go_on(self, place: int, *, is_cancelled: bool) -> None:
        was_stopped = self._works.pop(place).is_stopping
        if is_cancelled and not was_stopped:
            # Cancelled elsewhere: the window is closing, or the job bar cancelled the job.
            for waiting in tuple(self._todo):
                self.stop(waiting)
        self._next()

    @Slot(object)
    def _on_dataset_begun(self, folders: Sequence[Path]) -> None:
        self._folders.extend(folders)
        self._next()

    @Slot(object)
    def _on_left_out(self, outcomes: Mapping[int, VideoOutcome]) -> None:
        for place, outcome in outcomes.items():
            self._outcomes[outcome.source] = outcome
            self._change(place, state=outcome.state, share=0.0, words=outcome.sentence)

    @Slot(str, bool)
    def _on_dataset_ended(self, words: str, is_good: bool) -> None:  # noqa: FBT001 - a signal's value
        for place in tuple(self._todo):
            # It could not be begun.
            self.stop(place)
        self._end(words, is_good=is_good)


class _VideoWork(QObject):
    """The job of one video. Threads: GUI.

    Its slots are bound methods, not partials: those would form a reference cycle with the job, which the
    garbage collector might break up in another thread.
    """

    progressed = Signal(int, object)
    finished = Signal(int, object)
    failed = Signal(int, object)
    cancelled = Signal(int)

    def __init__(self, place: int, job: Job, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._job = job
        self.is_stopping = False
        job.progressed.connect(self._on_progressed)
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)
        job.cancelled.connect(self._on_cancelled)

    def stop(self) -> None:
        """Stop this one; others go on."""
        self.is_stopping = True
        self._job.cancel()

    def cancel(self) -> None:
        """Stop it with all others."""
        self._job.cancel()

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        self.progressed.emit(self._place, progress)

    @Slot(object)
    def _on_finished(self, outcome: VideoOutcome) -> None:
        self.finished.emit(self._place, outcome)
        self.deleteLater()

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        self.failed.emit(self._place, error)
        self.deleteLater()

    @Slot()
    def _on_cancelled(self) -> None:
        self.cancelled.emit(self._place)
        self.deleteLater()


class _DataSetWork(QObject):
    """The jobs before and after the videos of a data set. Threads: GUI."""

    begun = Signal(object)
    """The folders of the videos, as a sequence of paths."""
    left_out = Signal(object)
    """The outcomes, by the place of the video, of those that changed after they were begun."""
    ended = Signal(str, bool)
    """What became of it, and whether it is complete."""

    def __init__(
        self,
        controller: Controller,
        origin: str,
        videos: Sequence[InputVideo],
        form: DataSetForm,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._origin = origin
        self._videos = tuple(videos)
        self._form = form
        self._begun: BegunDataSet | None = None
        self._job: Job | None = None
        self.is_over = False

    @property
    def is_working(self) -> bool:
        """Whether one of its jobs is running."""
        return self._job is not None

    def cancel(self) -> None:
        """Stop what is running."""
        if self._job is not None:
            self._job.cancel()

    def begin(self, recipe: Recipe, folder: Path, request: RunRequest) -> None:
        """Check everything, and choose the folders."""
        videos, form = self._videos, self._form

        def work(progress: ProgressCallback, cancel: CancelToken) -> BegunDataSet:
            del progress, cancel
            # What is there already is checked and kept.
            resumes = request.resume or has_dataset(folder)
            return begin_dataset(recipe, videos, folder, form, replace(request, resume=resumes))

        self._run(tr("Preparing the data set"), work)

    def end(self, outcomes: Sequence[VideoOutcome]) -> None:
        """Write the layouts and the manifest."""
        videos, form, begun = self._videos, self._form, self._begun
        assert begun is not None

        def work(progress: ProgressCallback, cancel: CancelToken) -> DataSetResult:
            return end_dataset(begun, videos, outcomes, form, progress=progress, cancel=cancel)

        self._run(tr("Writing the data set"), work)

    def _run(self, title: str, work: Callable[[ProgressCallback, CancelToken], object]) -> None:
        self._job = self._controller.run_job(title, work, origin=self._origin)
        self._job.finished.connect(self._on_finished)
        self._job.failed.connect(self._on_failed)
        self._job.cancelled.connect(self._on_cancelled)

    @Slot(object)
    def _on_finished(self, result: object) -> None:
        self._job = None
        if isinstance(result, BegunDataSet):
            self._begun = result
            self.begun.emit(result.folders)
        elif isinstance(result, DataSetResult):
            self.left_out.emit({place: result.outcomes[place] for place in result.changed})
            self._finish(" ".join([result.summary, *result.remarks]), is_good=result.data is not None)

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        self._finish(error.in_full, is_good=False)

    @Slot()
    def _on_cancelled(self) -> None:
        self._finish(tr("The data set is not complete."), is_good=False)

    def _finish(self, words: str, *, is_good: bool) -> None:
        self._job, self.is_over = None, True
        self.ended.emit(words, is_good)


def outcome_counts(items: Sequence[QueueItem]) -> str:
    """``3 videos: 2 done, 1 failed``."""
    if not items:
        return ""
    counts = {state: sum(item.state is state for item in items) for state in VideoState}
    told = [f"{count} {state.words}" for state, count in counts.items() if count]
    damaged = sum(item.has_damage for item in items)
    told += [tr("{damaged} with damaged frames", damaged=damaged)] if damaged else []
    head = counted(len(items), "video", "videos")
    return f"{head}: {', '.join(told)}"
