"""The one-call API for many videos, and for exports that were begun before: export, resume, verify."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framescope.core.dataset.build import DataSetForm
from framescope.core.dataset.build import export_dataset as make_dataset
from framescope.core.dataset.classes import Classes
from framescope.core.dataset.layout import ShardBound
from framescope.core.dataset.layouts import FOLDERS, LayoutChoice
from framescope.core.dataset.manifest import export_folders, folder_to_compare
from framescope.core.dataset.packed import verify_place
from framescope.core.dataset.splits import Splits
from framescope.core.errors import SettingsError
from framescope.core.export.manifest.open_again import open_again
from framescope.core.export.manifest.reading import read_manifest
from framescope.core.export.manifest.resume import planned_again, resume_export
from framescope.core.export.manifest.verify import merged_reports
from framescope.core.export.settings import OnExisting
from framescope.core.folders import is_folder
from framescope.core.media.container import path_of
from framescope.core.media.index_builder import Counting
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.core.recipe.folder_pattern import DEFAULT_FOLDER_PATTERN
from framescope.core.recipe.own_choice import OwnChoice
from framescope.core.recipe.recipe import Recipe, load_recipe
from framescope.core.recipe.run import RunRequest, run_recipe
from framescope.core.sampling.places import InOutPlaces, parse_place
from framescope.core.sampling.rule import sampling_from_rule
from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.core.scripting import export_settings
from framescope.core.source.input_videos import input_videos, no_videos
from framescope.core.text import TypedTime
from framescope.core.translation import tr
from framescope.core.workers.each import workers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from framescope.core.dataset.build import DataSetResult
    from framescope.core.export.manifest.verify import VerifyReport
    from framescope.core.export.result import ExportResult
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.recipe.run import VideoOutcome
    from framescope.core.source.input_videos import InputVideo


def export_many(  # noqa: PLR0913 - each is named at the call
    sources: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    folder: str | os.PathLike[str],
    frames: Mapping[str, Any] | Recipe | str | os.PathLike[str] | None = None,
    *,
    folders: str = DEFAULT_FOLDER_PATTERN,
    jobs: int | None = None,
    existing: OnExisting | str = OnExisting.ASK,
    resume: bool = False,
    in_point: int | str | None = None,
    out_point: int | str | None = None,
    marks: str | os.PathLike[str] | None = None,
    cluster: str | None = None,
    stream_index: int | None = None,
    counting: Counting | str = Counting.AUTO,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    **settings: Any,  # noqa: ANN401 - the fields of ExportSettings
) -> tuple[VideoOutcome, ...]:
    """Save frames of many videos, each in a folder of its own. One that cannot be read stops no other.

    >>> import framescope
    >>> outcomes = framescope.export_many([clip], folder, {"every": 24}, image_format="png")
    >>> [(outcome.state.value, len(outcome.result.written)) for outcome in outcomes]
    [('done', 2)]

    Args:
        sources: Paths, addresses, or folders of videos.
        folder: Output folder; each video gets a folder in it.
        frames: Keywords of `choose`, such as ``{"scenes": True}``; or a recipe or its file, which also
            sets the format and the names. None with ``marks``.
        folders: The pattern of the videos' folders: ``{stem}``, ``{number:03d}``, ``{parent}``.
        jobs: How many videos are worked on at a time; None for one, or on a cluster of this machine for one
            per core.
        existing: What to do with existing files: ``skip``, ``overwrite`` or ``number``.
        resume: Whether interrupted exports are continued.
        in_point: Where the choice begins in every video: a frame number, or a time such as ``"0:05"``.
        out_point: Where it ends, included.
        marks: The marked frames are chosen: a folder with a file of marks for each video, or the file of a
            single one.
        cluster: The address of a Dask scheduler whose workers share the videos, or ``"local"`` for ``jobs``
            processes of this machine. A scheduler's workers are not counted with ``jobs``.
        stream_index: The stream to take of every video; None to choose automatically.
        counting: What the frame numbers are counted from.
        progress: Receives the progress of all of it, from several threads, one at a time.
        cancel: Cancels it; videos that were not begun are named as cancelled.
        settings: The fields of `ExportSettings`: ``image_format="png"``, ``quality=90`` …

    Returns:
        One outcome a video: its ``state``, ``result`` and ``error``.

    Raises:
        SettingsError: The choice or a setting is invalid.
        MissingFileError: There is no video.
        DestinationError: ``folder`` is not a folder.
        ClusterError: The cluster cannot be reached, or has no workers any more.
    """
    recipe = _recipe(frames, Path(folder), folders, settings, marks)
    videos = _videos(sources, cancel)
    recipe, own = _within(recipe, InOutPlaces(_place(in_point), _place(out_point)), marks, videos)
    request = replace(_request(jobs, existing, stream_index, counting, resume=resume), own=own)
    paths = [one.source for one in videos]
    with workers_of(cluster, jobs) as workers:
        request = replace(request, workers=workers)
        return run_recipe(recipe, paths, Path(folder), request=request, progress=progress, cancel=cancel)


def export_dataset(  # noqa: PLR0913 - each is named at the call
    sources: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    folder: str | os.PathLike[str],
    frames: Mapping[str, Any] | Recipe | str | os.PathLike[str] | None = None,
    *,
    layout: str = FOLDERS,
    split: str = "",
    split_seed: str = "",
    classes: str | os.PathLike[str] | Mapping[str, str] | None = None,
    shard: str | int | None = None,
    packed: bool = False,
    jobs: int | None = None,
    existing: OnExisting | str = OnExisting.ASK,
    resume: bool = False,
    in_point: int | str | None = None,
    out_point: int | str | None = None,
    marks: str | os.PathLike[str] | None = None,
    cluster: str | None = None,
    stream_index: int | None = None,
    counting: Counting | str = Counting.AUTO,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    **settings: Any,  # noqa: ANN401 - the fields of ExportSettings
) -> DataSetResult:
    """Save frames of many videos as one data set, as ``framescope export --layout`` does.

    >>> import framescope
    >>> made = framescope.export_dataset([clip], folder, {"every": 24}, layout="coco,yolo")
    >>> made.picture_count, (made.data.folder / "annotations" / "instances.json").exists()
    (2, True)

    Args:
        sources: Paths, addresses, or folders of videos.
        folder: Where the data set is made.
        frames: As for `export_many`.
        layout: Layouts, separated by commas: ``folders`` or ``mirrored``, and ``coco``, ``yolo``,
            ``webdataset``, ``parquet``, ``cvat``, ``label-studio``, ``nerfstudio``.
        split: ``"80/10/10"`` for train, val and test, or ``"train=80,test=20"``; empty for no splits.
            Only how large the shares are beside each other counts: ``"80/10"`` are 8 and 1 of 9 videos.
        split_seed: Any text; a different text gives a different split.
        classes: ``"folder"``, the path of a CSV file, or the classes by the names of videos.
        shard: The size of a shard: a number of pictures, or ``"500MB"``.
        packed: Whether pictures are kept in the shards of ``webdataset`` and ``parquet`` only.
        jobs: As for `export_many`, like all below but ``resume``.
        existing: What to do with existing files.
        resume: Whether an interrupted export is continued, or a data set extended.
        in_point: Where the choice begins in every video.
        out_point: Where it ends, included.
        marks: A folder with a file of marks for each video, or the file of a single one.
        cluster: The workers that share the videos.
        stream_index: The stream to take of every video.
        counting: What the frame numbers are counted from.
        progress: Receives the progress of all of it, from several threads, one at a time.
        cancel: Cancels it; what is finished is kept, and can be resumed.
        settings: The fields of `ExportSettings`: ``image_format="png"``, ``resize="640x640:letterbox"`` …

    Returns:
        The ``outcomes`` of the videos, the ``data`` set, its ``failures`` and ``remarks``.

    Raises:
        SettingsError: The choice, a layout or a setting is invalid, or a layout lacks its library.
        MissingFileError: There is no video in the folders, or none of the files named.
        TargetExistsError: There is a data set in the folder, and nothing was said about it.
        DestinationError: ``folder`` cannot be written to.
        ExportError: None of the videos could be exported.
        ClusterError: The cluster cannot be reached, or has no workers any more.
    """
    form = DataSetForm(
        LayoutChoice.parse(layout),
        Splits.parse(split, split_seed) if split else Splits(),
        _classes(classes),
        ShardBound() if shard is None else ShardBound.parse(str(shard)),
        packed,
    )
    recipe = _recipe(frames, Path(folder), DEFAULT_FOLDER_PATTERN, settings, marks)
    videos, place = _videos(sources, cancel), Path(folder)
    recipe, own = _within(recipe, InOutPlaces(_place(in_point), _place(out_point)), marks, videos)
    request = replace(_request(jobs, existing, stream_index, counting, resume=resume), own=own)
    with workers_of(cluster, jobs) as workers:
        request = replace(request, workers=workers)
        return make_dataset(recipe, videos, place, form, request=request, progress=progress, cancel=cancel)


def _classes(given: str | os.PathLike[str] | Mapping[str, str] | None) -> Classes:
    if given is None:
        return Classes()
    if isinstance(given, Mapping):
        return Classes(listed=given, source=tr("the list of classes"))
    return Classes.parse(os.fspath(given))


def _videos(
    sources: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], cancel: CancelToken | None
) -> list[InputVideo]:
    given = [sources] if isinstance(sources, (str, os.PathLike)) else list(sources)
    paths = [os.fspath(source) for source in given]
    videos = input_videos(paths, cancel=cancel)
    if not videos:
        raise no_videos(paths)
    return videos


def _place(given: int | str | None) -> int | TypedTime | None:
    place = parse_place(given) if isinstance(given, str) else given
    if given is not None and (isinstance(place, bool) or not isinstance(place, (int, TypedTime))):
        raise SettingsError(
            tr("{given!r} is not a frame number or a time.", given=given),
            hint=tr("Write 120, 12.5s or 1:02.5."),
        )
    return place


def _within(
    recipe: Recipe,
    places: InOutPlaces,
    marks: str | os.PathLike[str] | None,
    videos: Sequence[InputVideo],
) -> tuple[Recipe, OwnChoice]:
    """The recipe, limited to a range if there is one; and that range and the marks."""
    if marks is not None:
        if len(videos) > 1 and not is_folder(Path(marks)):
            raise SettingsError(tr("For several videos, marks needs a folder with a file for each."))
        if places != InOutPlaces():
            raise SettingsError(tr("in_point and out_point have no effect with marks."))
        return recipe, OwnChoice(SamplingKind.MARKED, marks=Path(marks))
    if places == InOutPlaces():
        return recipe, OwnChoice()
    if recipe.sampling.kind is SamplingKind.ALL:
        return recipe, OwnChoice(SamplingKind.IN_OUT, places)
    if not recipe.sampling.kind.spans_the_video:
        raise SettingsError(tr("in_point and out_point have no effect with a list of frames."))
    return replace(recipe, sampling=replace(recipe.sampling, only_in_out=True)), OwnChoice(places=places)


def _request(
    jobs: int | None,
    existing: OnExisting | str,
    stream_index: int | None,
    counting: Counting | str,
    *,
    resume: bool,
) -> RunRequest:
    jobs = 1 if jobs is None else jobs
    if jobs < 1:
        raise SettingsError(tr("jobs must be 1 or more."))
    try:
        return RunRequest(
            OnExisting(existing), resume, Counting(counting), stream_index, own_folders=True, jobs=jobs
        )
    except ValueError as error:
        raise SettingsError(tr("A setting cannot be used: {error}.", error=error)) from error


def _recipe(
    frames: Mapping[str, Any] | Recipe | str | os.PathLike[str] | None,
    folder: Path,
    folders: str,
    settings: Mapping[str, Any],
    marks: str | os.PathLike[str] | None,
) -> Recipe:
    if (frames is None) == (marks is None):
        raise SettingsError(tr("Give either a choice of frames, or marks."))
    if frames is None:
        pictures = export_settings(folder, OnExisting.ASK, settings)
        # Marks are in no recipe: `OwnChoice` has them.
        return Recipe(Sampling(SamplingKind.ALL), pictures, folders)
    if isinstance(frames, Mapping):
        pictures = export_settings(folder, OnExisting.ASK, settings)
        return Recipe(sampling_from_rule(frames), pictures, folders)
    if settings or folders != DEFAULT_FOLDER_PATTERN:
        raise SettingsError(
            tr("The recipe already sets the format and the folders."),
            hint=tr("Omit the other settings, or give a choice of frames instead of the recipe."),
        )
    return frames if isinstance(frames, Recipe) else load_recipe(Path(frames)).recipe


def resume(
    source: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> ExportResult:
    """Continue the interrupted export in a folder, with the same frames and settings.

    Args:
        source: The video, by the path or address where it is now.
        folder: The folder of the export.
        progress: Called after each frame.
        cancel: Cancels it again.

    Returns:
        The result for each frame; what was already there is in ``kept``.

    Raises:
        SettingsError: The folder is an address.
        ExportError: The folder holds no such export, or it was made from another video.
        OpenError: The video cannot be opened.
    """
    place, cancel = path_of(folder), cancel or CancelToken()
    header = read_manifest(place).last.header
    with open_again(os.fspath(source), header, progress, cancel) as video:
        plan = planned_again(header, video.info, video.index, place)
        return resume_export(video, plan, progress=progress, cancel=cancel)


def verify(
    folder: str | os.PathLike[str],
    source: str | os.PathLike[str] | None = None,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> VerifyReport:
    """Check exported pictures against their manifest and, on request, against the video.

    Args:
        folder: The folder of the export; or a data set, or a folder that `export_many` made, all of whose
            subfolders are then checked.
        source: The video whose frames are decoded again and compared; None to check the files alone.
        progress: Called after each file.
        cancel: Cancels it.

    Returns:
        What is wrong, in ``findings``; ``is_good`` where nothing is. Files in subfolders are named with
        these, with ``/``.

    Raises:
        SettingsError: The folder is an address; or there is more than one subfolder to compare with the
            video, or the pictures are only in shards.
        ExportError: The folder has no manifest, or it cannot be read.
        OpenError: The video cannot be opened.
        Cancelled: The work was cancelled.
    """
    root, cancel = path_of(folder), cancel or CancelToken()
    if source is None:
        places = export_folders(root)
        reports = [verify_place(place, progress=progress, cancel=cancel) for place in places]
        return reports[0] if places == [root] else merged_reports(root, reports)
    place = folder_to_compare(root, os.fspath(source))
    header = read_manifest(place).last.header
    with open_again(os.fspath(source), header, progress, cancel) as video:
        return verify_place(place, video, progress=progress, cancel=cancel)
