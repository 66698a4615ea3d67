"""Applies a recipe to one or many videos. One that cannot be read does not stop the others."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from platform import node
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import (
    Cancelled,
    DestinationError,
    ExportError,
    FrameScopeError,
    MissingFileError,
    MissingMarksError,
)
from framescope.core.export.manifest.reading import MANIFEST_NAME
from framescope.core.export.manifest.resume import last_like, planned_again, resume_export, unfinished_like
from framescope.core.export.plan import Action, plan_export
from framescope.core.export.run import Savers, export_frames
from framescope.core.export.settings import OnExisting
from framescope.core.files import existing_names, presence_file
from framescope.core.folders import is_regular_file
from framescope.core.media.container import source_name
from framescope.core.media.index_builder import Counting
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.recipe.folders import folders_for
from framescope.core.recipe.own_choice import OwnChoice
from framescope.core.sampling.content import measure_content
from framescope.core.sampling.sampling import choose
from framescope.core.source.opening import open_video
from framescope.core.translation import tr
from framescope.core.workers.each import Threads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.core.export.plan import ExportPlan
    from framescope.core.export.result import ExportResult
    from framescope.core.export.settings import ExportSettings
    from framescope.core.media.video import Video
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.recipe.recipe import Recipe
    from framescope.core.sampling.sampling import Sampling, Viewpoint
    from framescope.core.workers.each import Workers

_STEPS = 1000
_CACHE_BYTES = 64 << 20


class VideoState(StrEnum):
    """How far one video of several has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    PARTLY = "partly done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def words(self) -> str:
        """The state as people read it."""
        return {
            VideoState.WAITING: tr("waiting"),
            VideoState.RUNNING: tr("running"),
            VideoState.DONE: tr("done"),
            VideoState.PARTLY: tr("partly done"),
            VideoState.FAILED: tr("failed"),
            VideoState.CANCELLED: tr("cancelled"),
        }[self]


@dataclass(frozen=True, slots=True)
class VideoOutcome:
    """The result for one video.

    Attributes:
        source: Path or address.
        folder: Where its pictures are.
        state: How far it came.
        result: The result for its frames; None if the export never began.
        error: Why it never began; None otherwise.
        left_out: Sentences on rows of its marks file that were left out.
    """

    source: str
    folder: Path
    state: VideoState
    result: ExportResult | None = None
    error: FrameScopeError | None = None
    left_out: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """In words."""
        if self.error is not None:
            return self.error.in_full
        if self.result is None:
            return tr("Cancelled.") if self.state is VideoState.CANCELLED else ""
        fault = self.result.fault
        told = [self.result.summary] if fault is None else [f"{self.result.summary}. {fault.message}"]
        return ". ".join([one.rstrip(".") for one in (*told, *self.result.notes)])

    @property
    def has_damage(self) -> bool:
        """Whether any of the pictures is damaged or may depend on damage."""
        return self.result is not None and self.result.damaged_count > 0


@dataclass(frozen=True, slots=True)
class RunRequest:
    """How a recipe is to be executed.

    Attributes:
        on_existing: What happens to files that are there; ASK refuses the video.
        resume: Whether an interrupted export in the folder is continued.
        counting: What the frame numbers are counted from.
        stream_index: The stream to take of every video; None to choose.
        own_folders: Whether a single video gets a folder of its own as well, as one that more may join.
        jobs: How many videos are worked on at a time; they share the threads that encode and write.
        hardware: Which device decodes, as for `open_video`.
        workers: Who exports the videos instead of threads of this process; None for those.
        own: The range and the marks of each video.
    """

    on_existing: OnExisting = OnExisting.ASK
    resume: bool = False
    counting: Counting = Counting.AUTO
    stream_index: int | None = None
    own_folders: bool = False
    jobs: int = 1
    hardware: str = "off"
    workers: Workers | None = None
    own: OwnChoice = field(default_factory=OwnChoice)


OutcomeCallback = Callable[[int, VideoOutcome], None]


def run_recipe(  # noqa: PLR0913 - every option is named at the call
    recipe: Recipe,
    sources: Sequence[str],
    folder: Path,
    *,
    folders: Sequence[Path] | None = None,
    request: RunRequest | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    on_outcome: OutcomeCallback = lambda _place, _outcome: None,
) -> tuple[VideoOutcome, ...]:
    """Apply a recipe to videos, as many at a time as the request says.

    Args:
        recipe: What to do.
        sources: Paths or addresses.
        folder: Output folder; several videos get one subfolder each.
        folders: The folder of each video, where that is decided already.
        request: Options of the run.
        progress: Receives the progress of all of it, a thousand steps a video; from several threads, one at a
            time.
        cancel: Cancels the work; videos that were not begun are named as cancelled.
        on_outcome: Receives each result by its place, in their order.

    Returns:
        One outcome a video, in the order given.

    Raises:
        SettingsError: A folder's name cannot be used.
        DestinationError: ``folder`` is not a folder.
    """
    cancel = cancel or CancelToken()
    request = request or RunRequest()
    folders = folders or folders_for(
        recipe, sources, folder, each_its_own=request.own_folders, on_existing=request.on_existing
    )
    whole = _WholeProgress(len(sources), progress)
    outcomes = [
        VideoOutcome(source, own, VideoState.CANCELLED) for source, own in zip(sources, folders, strict=True)
    ]
    ready: set[int] = set()
    told = 0
    with ExitStack() as stack:
        workers, work = _who_does_it(recipe, request, folder, stack)
        tasks = [(workers.named(one.source), Path(workers.named(str(one.folder)))) for one in outcomes]
        results = stack.enter_context(closing(workers.results(work, tasks, whole.report, cancel)))
        for place, found in results:
            outcomes[place] = _found_here(found, outcomes[place])
            whole.report(place, Progress(1, 1, outcomes[place].sentence))
            ready.add(place)
            while told in ready:
                ready.remove(told)
                on_outcome(told, outcomes[told])
                told += 1
    for place in range(told, len(outcomes)):
        on_outcome(place, outcomes[place])
    return tuple(outcomes)


def _who_does_it(
    recipe: Recipe, request: RunRequest, folder: Path, stack: ExitStack
) -> tuple[Workers, _VideoExport]:
    """The workers, and what they do; what both need is closed with the stack."""
    if request.workers is None:
        savers = stack.enter_context(Savers(exports=request.jobs))
        return Threads(request.jobs), _VideoExport(recipe, request, savers)
    presence = stack.enter_context(presence_file(folder))
    named, own = request.workers.named, request.own
    if own.marks is not None:
        own = replace(own, marks=Path(named(str(own.marks))))
    there = replace(request, workers=None, own=own)
    return request.workers, _VideoExport(recipe, there, presence=Path(named(str(presence))))


@dataclass(frozen=True, slots=True)
class _VideoExport:
    """The work for one video, whose task is its name and its folder.

    Attributes:
        recipe: What to do.
        request: Options of the run.
        savers: The threads that encode and write, if they are shared.
        presence: A file in the output folder, made when the run began; None in the process that began it.
    """

    recipe: Recipe
    request: RunRequest
    savers: Savers | None = None
    presence: Path | None = None

    def __call__(
        self, task: tuple[str, Path], progress: ProgressCallback, cancel: CancelToken
    ) -> VideoOutcome:
        """Export it."""
        source, folder = task
        request = self.request
        if self.presence is not None and _was_begun(folder, self.presence):
            # By a worker that was lost since: its files are finished, not refused as somebody else's.
            request = replace(request, resume=True)
        return run_on_video(
            self.recipe,
            source,
            folder,
            request=request,
            progress=progress,
            cancel=cancel,
            savers=self.savers,
        )


def _was_begun(folder: Path, presence: Path) -> bool:
    """Whether this run has written to a video's folder already.

    Raises:
        DestinationError: The output folder is not the one that the run was started with.
    """
    try:
        # Both times are from the same file system, whatever the clocks of the machines.
        begun_ns = presence.stat().st_mtime_ns
    except OSError as error:
        raise DestinationError(
            tr("{folder} is another folder on machine {machine}.", folder=presence.parent, machine=node()),
            hint=tr("The output folder must be the same on all machines, under the same path."),
        ) from error
    try:
        return (folder / MANIFEST_NAME).stat().st_mtime_ns >= begun_ns
    except OSError:
        return False


def _found_here(found: VideoOutcome | FrameScopeError, waiting: VideoOutcome) -> VideoOutcome:
    """An outcome under the names that the video and its folder have here."""
    if isinstance(found, FrameScopeError):
        return replace(waiting, state=VideoState.FAILED, error=found)
    error = found.error
    lacks_marks = isinstance(error, MissingMarksError)
    if isinstance(error, MissingFileError) and not lacks_marks and is_regular_file(waiting.source):
        error = MissingFileError(
            error.message, hint=tr("The videos must have the same path on all machines of the cluster.")
        )
    return replace(found, source=waiting.source, folder=waiting.folder, error=error)


class _WholeProgress:
    """How far several videos are together. Threads: any."""

    def __init__(self, count: int, progress: ProgressCallback) -> None:
        self._progress = progress
        self._steps = [0] * count
        self._lock = threading.Lock()

    def report(self, place: int, one: Progress) -> None:
        """Say how far one of them is; those that were reported before it, in its own thread, stay counted."""
        step = int(min(one.done / one.total, 1.0) * _STEPS) if one.total else 0
        with self._lock:
            self._steps[place] = max(self._steps[place], step)
            text = tr("{place} of {count}: {text}", place=place + 1, count=len(self._steps), text=one.text)
            self._progress(Progress(sum(self._steps), len(self._steps) * _STEPS, text))


def run_on_video(  # noqa: PLR0913 - every option is named at the call
    recipe: Recipe,
    source: str,
    folder: Path,
    *,
    request: RunRequest | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    savers: Savers | None = None,
) -> VideoOutcome:
    """Apply a recipe on one video. Whatever is wrong with it, or being asked to stop, is an outcome."""
    cancel, request = cancel or CancelToken(), request or RunRequest()
    try:
        cancel.raise_if_cancelled()
        with open_video(
            source,
            stream_index=request.stream_index,
            counting=request.counting,
            hardware=request.hardware,
            cache_bytes=_CACHE_BYTES,
            # How long the listing takes says nothing of how long the export will.
            progress=lambda report: progress(Progress(0, None, report.text)),
            cancel=cancel,
        ) as video:
            viewpoint, loaded = request.own.viewpoint(video)
            sampling = request.own.sampling(recipe.sampling)
            plan = _plan(recipe.pictures, sampling, viewpoint, video, folder, request, progress, cancel)
            if sampling.needs_content:
                progress = _half(progress, first=False)
            result = _export(plan, video, request, progress, cancel, savers)
    except Cancelled:
        return VideoOutcome(source, folder, VideoState.CANCELLED)
    except FrameScopeError as error:
        return VideoOutcome(source, folder, VideoState.FAILED, error=error)
    if loaded is None:
        return VideoOutcome(source, folder, state_of(result), result)
    result = replace(result, notes=(*result.notes, *loaded.doubts))
    return VideoOutcome(source, folder, state_of(result), result, left_out=tuple(loaded.refused))


def _export(  # noqa: PLR0913, PLR0917 - the parts of one run
    plan: ExportPlan,
    video: Video,
    request: RunRequest,
    progress: ProgressCallback,
    cancel: CancelToken,
    savers: Savers | None,
) -> ExportResult:
    unfinished = unfinished_like(plan)
    again = _earlier(plan, video, is_finished=unfinished is None) if request.resume else None
    if again is not None:
        return resume_export(video, again, progress=progress, cancel=cancel, savers=savers)
    if plan.count(Action.ASK):
        if unfinished is None:
            hint, settings = tr("Skip, replace or number them."), ["existing"]
        else:
            hint, settings = tr("Skip, replace or number them, or resume."), ["existing", "resume"]
        raise ExportError(f"{plan.existing_words}.", hint=hint, settings=tuple(settings))
    return export_frames(video, plan, manifest=True, progress=progress, cancel=cancel, savers=savers)


def _earlier(plan: ExportPlan, video: Video, *, is_finished: bool) -> ExportPlan | None:
    """The last export of this video into the folder, if it is what is wanted now.

    Of several videos, those that were finished are only checked.

    Raises:
        ExportError: It was interrupted, and is of other frames or has other settings.
    """
    header = last_like(plan)
    if header is None:
        return None
    try:
        again = planned_again(header, video.info, video.index, plan.settings.folder)
    except ExportError:
        if is_finished:
            return None
        raise
    wanted, before = (replace(one.settings, on_existing=OnExisting.ASK).as_table() for one in (plan, again))
    if wanted == before and np.array_equal(plan.frame_numbers, again.frame_numbers):
        return again
    if is_finished:
        return None
    raise ExportError(
        tr("The export in {folder} was started with other frames or settings.", folder=plan.settings.folder),
        hint=tr("Continue it with the same ones, or export to another folder."),
    )


def _plan(  # noqa: PLR0913, PLR0917 - the parts of one run
    pictures: ExportSettings,
    sampling: Sampling,
    viewpoint: Viewpoint,
    video: Video,
    folder: Path,
    request: RunRequest,
    progress: ProgressCallback,
    cancel: CancelToken,
) -> ExportPlan:
    content = None
    if sampling.needs_content:
        span = sampling.content_span(video.index, viewpoint)
        first_half = _half(progress, first=True)
        content = measure_content(video, within=span, progress=first_half, cancel=cancel)
    chosen = choose(sampling, video.index, viewpoint, content)
    if not len(chosen):
        raise ExportError(
            tr("No frames of {name} are selected.", name=source_name(video.info.source)),
            hint=tr("It may be too short. Choose frames in another way."),
        )
    settings = replace(pictures, folder=folder, on_existing=request.on_existing)
    names = existing_names(folder)
    plan = plan_export(video.info, video.index, chosen, settings, existing=names)
    return replace(plan, sampling=sampling.as_table())


def _half(progress: ProgressCallback, *, first: bool) -> ProgressCallback:
    """Where frames are looked at before they are saved, that is about half of the work."""

    def report(one: Progress) -> None:
        if one.total is None:
            progress(one)
        else:
            progress(Progress(one.done + (0 if first else one.total), 2 * one.total, one.text))

    return report


def state_of(result: ExportResult) -> VideoState:
    """How far an export came."""
    if result.cancelled:
        return VideoState.CANCELLED
    if result.is_complete:
        return VideoState.DONE
    return VideoState.PARTLY if result.written or result.kept else VideoState.FAILED
