"""Makes a data set of many videos: exports their frames, then writes its layouts, and last its manifest."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from framescope.core.dataset.changes import Before
from framescope.core.dataset.classes import Classes
from framescope.core.dataset.layout import LayoutWork, ShardBound
from framescope.core.dataset.layouts import LAYOUTS, LayoutChoice
from framescope.core.dataset.manifest import (
    Failure,
    begin_manifest,
    end_manifest,
    has_dataset,
    read_dataset,
    remove_manifest,
)
from framescope.core.dataset.packed import check_packable, keep_only_shards
from framescope.core.dataset.records import DataSet, DataVideo, has_pictures
from framescope.core.dataset.splits import Splits
from framescope.core.errors import (
    DestinationError,
    ExportError,
    FrameScopeError,
    MissingFileError,
    TargetExistsError,
)
from framescope.core.export.manifest.lines import ManifestError
from framescope.core.export.name_pattern import safe_stem
from framescope.core.export.settings import OnExisting
from framescope.core.files import check_folder, prepare_folder, remove_file
from framescope.core.folders import is_there
from framescope.core.media.container import local_path
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.core.recipe.folders import folders_for
from framescope.core.recipe.run import RunRequest, VideoState, run_recipe
from framescope.core.text import counted, grouped, listed
from framescope.core.translation import tr, tr_plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from framescope.core.model.progress import ProgressCallback
    from framescope.core.recipe.recipe import Recipe
    from framescope.core.recipe.run import OutcomeCallback, VideoOutcome
    from framescope.core.source.input_videos import InputVideo

_MOST_TOLD = 3
_PICTURES = "images"
"""Where the pictures of a data set with layouts are; trainers look for labels beside such a folder."""


@dataclass(frozen=True, slots=True)
class DataSetForm:
    """The options of a data set.

    Attributes:
        choice: Its layouts, and where its pictures are.
        splits: Its parts.
        classes: The classes of its videos.
        bound: When shards are full.
        is_packed: Whether the pictures are only kept in shards.
    """

    choice: LayoutChoice = field(default_factory=LayoutChoice)
    splits: Splits = field(default_factory=Splits)
    classes: Classes = field(default_factory=Classes)
    bound: ShardBound = field(default_factory=ShardBound)
    is_packed: bool = False

    def __post_init__(self) -> None:
        """Refuse to pack pictures into what holds none."""
        if self.is_packed:
            check_packable(self.choice)

    @property
    def pictures(self) -> str:
        """Where the pictures are, below the data set's folder."""
        root = f"{_PICTURES}/" if self.choice.layouts else ""
        return f"{root}{{tree}}/{{video}}" if self.choice.mirrored else f"{root}{{video}}"

    def as_table(self) -> dict[str, Any]:
        """Plain values for the manifest."""
        classes = "folder" if self.classes.from_folder else self.classes.source
        packed = {"packed": self.bound.as_table()} if self.is_packed else {}
        return {
            "layout": str(self.choice),
            "pictures": self.pictures,
            "splits": str(self.splits),
            "split_names": list(self.splits.names),
            "seed": self.splits.seed,
            "classes": classes,
            **packed,
        }


@dataclass(frozen=True, slots=True)
class DataSetResult:
    """The outcome of a data set export.

    Attributes:
        outcomes: One for each video, in the order given.
        data: The data set; None if it was cancelled before it was complete.
        picture_count: Its pictures.
        failures: The videos of which nothing, or not everything, could be exported.
        remarks: Sentences on what to know about it.
        changed: The places of videos that were left out because they changed after they were begun.
    """

    outcomes: tuple[VideoOutcome, ...]
    data: DataSet | None = None
    picture_count: int = 0
    failures: tuple[Failure, ...] = ()
    remarks: tuple[str, ...] = ()
    changed: tuple[int, ...] = ()

    @property
    def summary(self) -> str:
        """One line for display."""
        if self.data is None:
            return tr("The data set is not complete.")
        videos = counted(len(self.data.videos), "video", "videos")
        parts = [tr("Data set: {pictures} of {videos}", pictures=self._pictures, videos=videos)]
        parts += [
            f"{name}: {counted(sum(one.split == name for one in self.data.videos), 'video', 'videos')}"
            for name in self.data.splits
        ]
        return ", ".join(parts)

    @property
    def _pictures(self) -> str:
        return counted(self.picture_count, "picture", "pictures")


def export_dataset(  # noqa: PLR0913 - every option is named at the call
    recipe: Recipe,
    videos: Sequence[InputVideo],
    folder: Path,
    form: DataSetForm,
    *,
    request: RunRequest | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    on_outcome: OutcomeCallback = lambda _place, _outcome: None,
) -> DataSetResult:
    """Export frames of videos, and write the data set's layouts and manifest.

    A video that cannot be exported is listed, and does not stop the others; so is one that changes or grows
    meanwhile. The same videos give the same files, byte for byte, whatever the number of jobs, and also if
    the work was interrupted and resumed.

    Args:
        recipe: Which frames, in which format, and under which names.
        videos: The videos in the order of the data set.
        folder: Where the data set is made.
        form: Its layouts, splits and classes.
        request: Options of the run.
        progress: Receives how far all of it is.
        cancel: Cancels the work; what is finished is kept, and can be resumed.
        on_outcome: Receives each video's result by its place, in order.

    Raises:
        SettingsError: A layout does not suit the format or lacks a library, or a name cannot be used.
        TargetExistsError: There is a data set in the folder, and the request does not say what to do.
        DestinationError: The folder cannot be written to, or holds files that are not a data set's.
        MissingFileError: There is none of the videos.
        ExportError: None of the videos could be exported, or a picture was removed or altered while the
            layouts were written.
        VerificationError: A shard that pictures were packed into cannot be read back.
    """
    request, cancel = request or RunRequest(), cancel or CancelToken()
    begun = begin_dataset(recipe, videos, folder, form, request)
    outcomes = run_recipe(
        recipe,
        [one.source for one in videos],
        folder,
        folders=begun.folders,
        request=request,
        progress=progress,
        cancel=cancel,
        on_outcome=on_outcome,
    )
    return end_dataset(begun, videos, outcomes, form, progress=progress, cancel=cancel)


@dataclass(frozen=True, slots=True)
class BegunDataSet:
    """A data set that is being made.

    Attributes:
        folder: Where.
        folders: The folder of each video's pictures.
        earlier: Files of layouts that are there from an earlier run.
        before: What the videos and their folders were like.
        has_earlier: Whether there was a data set, complete or not.
    """

    folder: Path
    folders: tuple[Path, ...]
    earlier: tuple[str, ...]
    before: Before
    has_earlier: bool


def begin_dataset(
    recipe: Recipe, videos: Sequence[InputVideo], folder: Path, form: DataSetForm, request: RunRequest
) -> BegunDataSet:
    """The first step of `export_dataset`, before the pictures: check everything, and begin the manifest.

    See there for the arguments and for what is raised.
    """
    for layout in form.choice.layouts:
        layout.check(recipe.pictures)
    earlier = _earlier_files(folder, form, request)
    check_folder(folder, sources=[one.source for one in videos if local_path(one.source) is not None])
    folders = tuple(_folders(recipe, videos, folder, form, request))
    before = Before.now([one.source for one in videos], folders)
    has_earlier = has_dataset(folder)
    prepare_folder(folder)
    begin_manifest(folder, form.as_table(), earlier)
    return BegunDataSet(folder, folders, earlier, before, has_earlier=has_earlier)


def end_dataset(  # noqa: PLR0913 - every option is named at the call
    begun: BegunDataSet,
    videos: Sequence[InputVideo],
    outcomes: Sequence[VideoOutcome],
    form: DataSetForm,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> DataSetResult:
    """The last step of `export_dataset`, after the pictures: write the layouts, and last the manifest.

    If a video was cancelled, nothing is written. See there for what is raised.
    """
    given, outcomes = tuple(outcomes), begun.before.without_changed(outcomes)
    if any(one.state is VideoState.CANCELLED for one in outcomes):
        return DataSetResult(outcomes)
    changed = tuple(place for place, one in enumerate(outcomes) if one is not given[place])
    data = _data_set(videos, outcomes, begun.folder, form)
    if data is None:
        if not begun.has_earlier:
            # Nothing was made that could be continued.
            remove_manifest(begun.folder)
        raise _nothing(outcomes)
    failures = tuple(_failures(videos, outcomes))
    work = LayoutWork(form.bound, progress, cancel or CancelToken(), is_packed=form.is_packed)
    for layout in form.choice.layouts:
        layout.write(data, work)
    for stale in sorted({*begun.earlier} - {*work.written}):
        remove_file(begun.folder / stale)
    count = end_manifest(data, form.as_table(), failures, work)
    if form.is_packed:
        keep_only_shards(data, form.choice, work)
    return DataSetResult(outcomes, data, count, failures, tuple(_remarks(data, form)), changed)


def _earlier_files(folder: Path, form: DataSetForm, request: RunRequest) -> tuple[str, ...]:
    """The files of the data set that is in the folder, and may be replaced.

    Raises:
        TargetExistsError: There is one, and nothing was said about it.
        DestinationError: A file or folder has the name of a layout's, and belongs to something else.
    """
    if has_dataset(folder):
        if not request.resume and request.on_existing is OnExisting.ASK:
            raise TargetExistsError(
                tr("There is a data set in {folder} already.", folder=folder),
                hint=tr("Resume it to continue or extend it, or overwrite it."),
                settings=("resume", "existing"),
            )
        try:
            earlier = read_dataset(folder)
        except ManifestError:
            if request.on_existing is not OnExisting.OVERWRITE:
                raise
            return ()
        if earlier.form.get("pictures") != form.pictures:
            # Those that are there would stay, and be nobody's.
            raise DestinationError(
                tr("The pictures of the data set in {folder} are in other folders.", folder=folder),
                hint=tr("Its layout was {layout}; choose another folder.", layout=earlier.form.get("layout")),
            )
        # Whatever else a manifest lists is not a layout's, and is never removed.
        before = earlier.data.splits
        own = {name for one in LAYOUTS for name in one.own_names(before)}
        return tuple(name for name in earlier.files if name.partition("/")[0] in own)
    splits = form.splits.names
    names = [name for one in form.choice.layouts for name in one.own_names(splits)]
    names = [name for name in names if is_there(folder / name)]
    if names and request.on_existing is not OnExisting.OVERWRITE:
        raise DestinationError(
            tr("{names} in {folder} belong to something else.", names=listed(names), folder=folder),
            hint=tr("Choose another folder, or overwrite them."),
            settings=("existing",),
        )
    return ()


def _folders(
    recipe: Recipe, videos: Sequence[InputVideo], folder: Path, form: DataSetForm, request: RunRequest
) -> list[Path]:
    """The folder of each video's pictures."""
    root = folder / _PICTURES if form.choice.layouts else folder
    groups: dict[Path, list[int]] = defaultdict(list)
    for place, video in enumerate(videos):
        parents = video.name.split("/")[:-1] if form.choice.mirrored else []
        groups[root.joinpath(*map(safe_stem, parents))].append(place)
    found: dict[int, Path] = {}
    for parent, places in groups.items():
        sources = [videos[place].source for place in places]
        own = folders_for(recipe, sources, parent, each_its_own=True, on_existing=request.on_existing)
        found |= dict(zip(places, own, strict=True))
    return [found[place] for place in range(len(videos))]


def _data_set(
    videos: Sequence[InputVideo], outcomes: Sequence[VideoOutcome], folder: Path, form: DataSetForm
) -> DataSet | None:
    """The data set; None if there is no picture."""
    found: list[DataVideo] = []
    for video, outcome in zip(videos, outcomes, strict=True):
        if outcome.result is None or not has_pictures(outcome.folder):
            continue
        found.append(
            DataVideo(
                len(found) + 1,
                video.name,
                outcome.folder.relative_to(folder).as_posix(),
                form.splits.split_of(video.name),
                form.classes.class_of(video.name, video.folder),
            )
        )
    if not found:
        return None
    return DataSet(folder, tuple(found), form.splits.names)


def _nothing(outcomes: Sequence[VideoOutcome]) -> FrameScopeError:
    errors = [one.error for one in outcomes if one.error is not None]
    are_missing = bool(errors) and all(isinstance(one, MissingFileError) for one in errors)
    kind = MissingFileError if are_missing else ExportError
    return kind(tr("None of the videos could be exported."), hint=errors[0].message if errors else "")


def _failures(videos: Sequence[InputVideo], outcomes: Sequence[VideoOutcome]) -> Iterable[Failure]:
    for video, outcome in zip(videos, outcomes, strict=True):
        if outcome.error is not None:
            yield Failure(video.name, outcome.error.message)
        elif outcome.result is not None and outcome.state is not VideoState.DONE:
            yield Failure(video.name, _failure_of(outcome.result.fault, len(outcome.result.failed)))


def _failure_of(fault: FrameScopeError | None, failed: int) -> str:
    if fault is not None:
        return fault.message
    return tr("{frames} could not be saved.", frames=counted(failed, "frame", "frames"))


def _remarks(data: DataSet, form: DataSetForm) -> Iterable[str]:
    without = [one.name for one in data.videos if not one.class_name]
    if form.classes.source and without:
        yield tr(
            "{videos} not listed in {path}, and without a class; first: {name}.",
            videos=counted(len(without), "video is", "videos are"),
            path=form.classes.source,
            name=without[0],
        )
    shares = dict(form.splits.shares)
    empty = [name for name in data.splits if shares[name] and name not in data.used_splits]
    if empty:
        yield tr(
            "{splits} no video: {videos} too few for {shares} here; add videos, or choose another split.",
            splits=tr_plural("{names} has", "{names} have", len(empty), names=listed(empty)),
            videos=counted(len(data.videos), "video is", "videos are"),
            shares="/".join(f"{float(share):g}" for share in shares.values()),
        )
    leaks = list(_leaks(data))
    yield from leaks[:_MOST_TOLD]
    if len(leaks) > _MOST_TOLD:
        yield tr("{count} more are in two splits; see the report.", count=grouped(len(leaks) - _MOST_TOLD))


def _leaks(data: DataSet) -> Iterable[str]:
    """Videos of the same content in different splits: what is trained with is then tested with."""
    by_content: dict[str, DataVideo] = {}
    for video in data.videos if data.splits else ():
        digest = data.header(video).source["sampled_sha256"]
        if digest is None:
            continue
        first = by_content.setdefault(digest, video)
        if first.split != video.split:
            yield tr(
                "{first} and {second} are the same video, in the splits {one} and {other}.",
                first=first.name,
                second=video.name,
                one=first.split,
                other=video.split,
            )
