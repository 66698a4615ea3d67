"""Applies a recipe to a list of videos, one job after the other; jobs can be stopped and resumed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.export.run import Savers
from framescope.core.media.container import shown_name
from framescope.core.recipe.folder_pattern import FolderPattern
from framescope.core.recipe.folders import folders_for
from framescope.core.recipe.recipe import recipe_text
from framescope.core.recipe.run import RunRequest, VideoOutcome, VideoState, run_on_video
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from framescope.core.errors import FrameScopeError
    from framescope.core.model.progress import CancelToken, Progress, ProgressCallback
    from framescope.core.recipe.recipe import Recipe
    from framescope.engine.jobs import Job
    from framescope.session.controller import Controller

_UNFINISHED = frozenset({VideoState.PARTLY, VideoState.CANCELLED, VideoState.FAILED})


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
    """

    source: str
    state: VideoState = VideoState.WAITING
    share: float = 0.0
    words: str = ""
    folder: Path | None = None
    has_damage: bool = False

    @property
    def name(self) -> str:
        """The video's name."""
        return shown_name(self.source)


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
        self._job: Job | None = None
        self._place = -1
        self._is_stopping = False
        self._todo: list[int] = []
        self._folder = Path()
        self._folders: list[Path] = []
        self._recipe: Recipe | None = None
        self._request = RunRequest()

    @property
    def items(self) -> tuple[QueueItem, ...]:
        """The videos, in order."""
        return tuple(self._items)

    @property
    def is_running(self) -> bool:
        """Whether the queue is running."""
        return self._job is not None

    @property
    def unfinished_count(self) -> int:
        """Number of videos that were started or queued, and are not done."""
        return sum(item.state in _UNFINISHED for item in self._items)

    @property
    def waiting_count(self) -> int:
        """Number of videos not started."""
        return sum(item.state is VideoState.WAITING for item in self._items)

    def add(self, sources: Iterable[str]) -> int:
        """Add videos not yet in the queue; returns how many. During a run they are queued."""
        known = {item.source for item in self._items}
        new = [source for source in dict.fromkeys(sources) if source not in known]
        self._items.extend(QueueItem(source) for source in new)
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

    def start(self, recipe: Recipe, folder: Path, request: RunRequest) -> None:
        """Apply the recipe to every video that is not done, resuming interrupted ones.

        Raises:
            SettingsError: The folder pattern is not valid.
        """
        if self.is_running:
            return
        todo = [place for place, item in enumerate(self._items) if item.state is not VideoState.DONE]
        # An invalid pattern is refused once here, instead of by each video.
        FolderPattern(recipe.folders).planned([item.source for item in self._items])
        self._folder, self._folders = folder, []
        self._recipe, self._request, self._todo = recipe, request, todo
        self._run_count, self._begun_count = len(todo), 0
        self._forget_unfinished()
        self._unfinished_key = self._controller.unfinished.begin(
            "queue",
            sources=[item.source for item in self._items],
            folder=str(folder),
            recipe=recipe_text(recipe),
            on_existing=request.on_existing.value,
        )
        for place in todo:
            self._change(place, state=VideoState.WAITING, share=0.0, words="")
        self._next()

    def stop(self, place: int) -> None:
        """Stop one video, or remove it from the run if it has not started."""
        if place == self._place and self._job is not None:
            self._is_stopping = True
            self._job.cancel()
        elif place in self._todo:
            self._todo.remove(place)
            self._change(place, state=VideoState.CANCELLED, words=tr("Not started."))

    def stop_all(self) -> None:
        """Stop the running video and start no others."""
        for place in tuple(self._todo):
            self.stop(place)
        if self._job is not None:
            self._job.cancel()

    def _forget_unfinished(self) -> None:
        if self._unfinished_key:
            self._controller.unfinished.end(self._unfinished_key)
            self._unfinished_key = ""

    def _next(self) -> None:
        if not self._todo:
            self._job, self._place = None, -1
            if self._savers is not None:
                self._savers.close()
                self._savers = None
            if not self.unfinished_count:
                self._forget_unfinished()
            self.state_changed.emit()
            is_clean = not self.unfinished_count and not any(item.has_damage for item in self._items)
            role = "success" if is_clean else "warning"
            self.ended.emit(outcome_counts(self._items), role)
            return
        place, recipe = self._todo.pop(0), self._recipe
        if recipe is None:
            return
        item, folder, request = self._items[place], self._folder, self._request
        folders, sources = self._folders, [one.source for one in self._items]
        savers = self._savers = self._savers or Savers()

        def work(progress: ProgressCallback, cancel: CancelToken) -> VideoOutcome:
            if not folders:
                # Planned for the whole queue, with one folder per video even for a single one, as more may be
                # added. In the job, because it may read parts of the videos.
                folders.extend(
                    folders_for(recipe, sources, folder, each_its_own=True, on_existing=request.on_existing)
                )
            own = folders[place]
            return run_on_video(
                recipe, item.source, own, request=request, progress=progress, cancel=cancel, savers=savers
            )

        self._place, self._is_stopping = place, False
        self._change(place, state=VideoState.RUNNING, words=tr("Opening"))
        self._begun_count += 1
        of = (
            tr(" ({begun_count} of {run_count})", begun_count=self._begun_count, run_count=self._run_count)
            if self._run_count > 1
            else ""
        )
        job = self._controller.run_job(
            tr("Exporting {item}{of}", item=item.name, of=of), work, origin=self._origin
        )
        self._job = job
        job.progressed.connect(self._on_progressed)
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)
        job.cancelled.connect(self._on_cancelled)
        self.state_changed.emit()

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

    # Slots, not partials: those would form a reference cycle with the job, which the garbage collector might
    # break up in another thread.

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        share = min(progress.done / progress.total, 1.0) if progress.total else 0.0
        self._change(self._place, share=share, words=progress.text)

    @Slot(object)
    def _on_finished(self, outcome: VideoOutcome) -> None:
        share = 1.0 if outcome.state is VideoState.DONE else self._items[self._place].share
        self._change(
            self._place,
            state=outcome.state,
            share=share,
            words=outcome.sentence,
            folder=outcome.folder,
            has_damage=outcome.has_damage,
        )
        self._go_on(is_cancelled=outcome.state is VideoState.CANCELLED)

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        self._change(self._place, state=VideoState.FAILED, words=error.message)
        self._go_on(is_cancelled=False)

    @Slot()
    def _on_cancelled(self) -> None:
        self._change(self._place, state=VideoState.CANCELLED, words=tr("Cancelled."))
        self._go_on(is_cancelled=True)

    def _go_on(self, *, is_cancelled: bool) -> None:
        if is_cancelled and not self._is_stopping:
            # Cancelled elsewhere: the window is closing, or the job bar cancelled the job.
            for place in tuple(self._todo):
                self.stop(place)
        self._next()


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
