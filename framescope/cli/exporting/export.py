"""``framescope export``: saves frames as verified picture files, for one or many videos, with recipes."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from framescope.cli.cluster import check_cluster, cluster_option
from framescope.cli.exporting.dataset_options import (
    DataSetRequest,
    dataset_options,
    dataset_table,
    echo_dataset,
)
from framescope.cli.exporting.format_options import (
    check_format_options,
    format_options,
    settings_from_options,
)
from framescope.cli.exporting.frame_options import (
    choose_from_options,
    echo_left_out,
    frame_options,
    own_choice,
    sampling_from_options,
)
from framescope.cli.exporting.sending import FolderOrAddressType, sends, shown_path
from framescope.cli.options import (
    MOST_WORKERS,
    PathType,
    SourceType,
    TargetType,
    WholeType,
    counting_option,
    hardware_option,
    json_option,
    refuse_together,
    stream_option,
    typed_flags,
    wrong_usage,
)
from framescope.cli.output import echo_error, echo_json, error_table, one_line
from framescope.cli.progress_bar import long_work
from framescope.cli.sections import SectionedCommand, together, under
from framescope.core.errors import ExportError
from framescope.core.export.encoders.formats import ImageFormat
from framescope.core.export.manifest.open_again import open_again
from framescope.core.export.manifest.reading import read_manifest
from framescope.core.export.manifest.resume import find_unfinished, planned_again, resume_export
from framescope.core.export.plan import plan_export
from framescope.core.export.run import export_frames
from framescope.core.export.settings import OnExisting
from framescope.core.files import check_folder, existing_names
from framescope.core.media.container import source_name, without_secrets
from framescope.core.recipe.folder_pattern import DEFAULT_FOLDER_PATTERN, FolderPattern
from framescope.core.recipe.own_choice import OwnChoice
from framescope.core.recipe.recipe import Recipe, load_recipe, save_recipe
from framescope.core.recipe.run import RunRequest, VideoOutcome, VideoState, run_recipe, state_of
from framescope.core.sampling.frame_list import frames_needed
from framescope.core.sampling.sampling import SamplingKind, sampling_from_table
from framescope.core.source.input_videos import input_videos, is_folder_of_videos, no_videos
from framescope.core.source.opening import open_video
from framescope.core.stop_signals import INTERRUPTED
from framescope.core.translation import tr
from framescope.core.workers.each import workers_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from framescope.core.dataset.build import DataSetResult
    from framescope.core.export.manifest.lines import ManifestHeader
    from framescope.core.export.plan import ExportPlan
    from framescope.core.export.result import ExportResult, FrameOutcome
    from framescope.core.export.settings import ExportSettings
    from framescope.core.media.index_builder import Counting
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.sampling.sampling import Sampling
    from framescope.core.source.input_videos import InputVideo

_COLORS = {VideoState.DONE: "green", VideoState.PARTLY: "yellow", VideoState.FAILED: "red"}
_OF_EACH_VIDEO = ("in_point", "out_point", "marks_path")
"""Options whose meaning is no recipe's: each video has a range and marks of its own."""
recipe_options = together(
    click.option(
        "--recipe",
        "recipe_path",
        type=PathType(),
        metavar="FILE",
        help=tr("Take frames and format from a recipe (TOML)."),
    ),
    click.option(
        "--save-recipe",
        "saved_path",
        type=TargetType(),
        metavar="FILE",
        help=tr(
            "Save the choice of frames and format as a recipe; --existing overwrite replaces an old one."
        ),
    ),
    click.option(
        "--folders",
        metavar="PATTERN",
        help=tr(
            "Folder names for several videos; fields: {{stem}}, {{number:03d}}, {{parent}}."
            "  [default: {default_folder_pattern}]",
            default_folder_pattern=DEFAULT_FOLDER_PATTERN,
        ),
    ),
    click.option(
        "--jobs",
        type=WholeType(1, MOST_WORKERS),
        metavar="N",
        help=tr("Export up to N videos at a time.  [default: 1]"),
    ),
    cluster_option,
)
"""The options of recipes and of several videos."""


@dataclass(frozen=True, slots=True)
class RecipeRequest:
    """The recipe options.

    Attributes:
        path: The recipe to follow; None for the choices of the command line.
        saved_path: Where to save the options as a recipe; None for nowhere.
        folders: The pattern of the videos' folders; None for the recipe's own.
        dataset: The options of data sets.
        cluster: Who does the work; None for this process.
        jobs: Videos or processes at a time; None for the default.
    """

    path: Path | None
    saved_path: Path | None
    folders: str | None
    dataset: DataSetRequest
    cluster: str | None
    jobs: int | None

    def is_needed(self, videos: Sequence[str]) -> bool:
        """Whether more is requested than one video with command-line options."""
        is_many = len(videos) > 1 or any(map(is_folder_of_videos, videos))
        return is_many or self.path is not None or self.saved_path is not None or self.dataset.is_wanted


def export_by_recipe(  # noqa: PLR0913 - the parts of a command line
    request: RecipeRequest,
    videos: Sequence[InputVideo],
    folder: Path,
    *,
    options: Mapping[str, object],
    run: RunRequest,
    as_json: bool,
) -> int:
    """Export according to the recipe or the command-line options.

    Args:
        request: The recipe options.
        videos: The videos.
        folder: Output folder.
        options: Those of frames and format, by the names of their arguments.
        run: Options of the run.
        as_json: Whether to print the result as JSON.

    Returns:
        0; 1 where a frame or a video failed, 130 where it was cancelled.

    Raises:
        click.UsageError: The options contradict the recipe, or apply to a single video only.
        SettingsError: The recipe cannot be read or used.
    """
    sources = [one.source for one in videos]
    recipe, own = _recipe_of(request, sources, folder, options=options, run=run)
    # Options that cannot be used are refused before any worker is started.
    form = request.dataset.form() if request.dataset.is_wanted else None
    with (
        long_work(tr("Exporting")) as (progress, cancel),
        workers_of(request.cluster, request.jobs) as workers,
    ):
        run = replace(run, workers=workers, own=own)
        if form is not None:
            from framescope.core.dataset.build import export_dataset  # noqa: PLC0415 - most exports make none

            result = export_dataset(
                recipe, videos, folder, form, request=run, progress=progress, cancel=cancel
            )
            outcomes = result.outcomes
        else:
            result = None
            outcomes = run_recipe(recipe, sources, folder, request=run, progress=progress, cancel=cancel)
    if as_json:
        left_out = [sentence for one in outcomes for sentence in one.left_out]
        echo_outcomes(folder, outcomes, left_out, dataset=result)
    else:
        _echo(outcomes, are_packed=form is not None and form.is_packed)
        if result is not None:
            echo_dataset(result)
    if any(one.state is VideoState.CANCELLED for one in outcomes):
        return INTERRUPTED
    return 0 if all(one.state is VideoState.DONE and not one.left_out for one in outcomes) else 1


def _recipe_of(
    request: RecipeRequest,
    videos: Sequence[str],
    folder: Path,
    *,
    options: Mapping[str, object],
    run: RunRequest,
) -> tuple[Recipe, OwnChoice]:
    """What to do, and what is chosen in each video by itself."""
    own = OwnChoice()
    if request.path is not None:
        for flag in typed_flags(*options):
            refuse_together(["--recipe", flag])
        recipe = read_recipe(request.path)
    else:
        if request.saved_path is not None:
            for flag in typed_flags(*_OF_EACH_VIDEO):
                refuse_together(["--save-recipe", flag])
        sampling = sampling_from_options(options)
        own = own_choice(sampling, options, is_of_one=len(videos) == 1)
        if own.kind is not None:
            sampling = replace(sampling, kind=SamplingKind.ALL)
        recipe = Recipe(sampling, settings_from_options(options, folder))
    if request.folders is not None:
        recipe = replace(recipe, folders=request.folders)
    if request.saved_path is not None:
        replaces = run.on_existing is OnExisting.OVERWRITE
        save_recipe(recipe, request.saved_path, replaces=replaces, sources=videos)
        click.echo(tr("The recipe was saved as {saved_path}.", saved_path=request.saved_path), err=True)
    return recipe, own


def read_recipe(path: Path) -> Recipe:
    """The recipe in a file; unknown keys are reported on stderr.

    Raises:
        SettingsError: It cannot be read or used.
    """
    loaded = load_recipe(path)
    for remark in loaded.remarks:
        click.echo(f"{path.name}: {remark}", err=True)
    return loaded.recipe


def _echo(outcomes: Sequence[VideoOutcome], *, are_packed: bool) -> None:
    wide = max(len(_name(one)) for one in outcomes)
    for outcome in outcomes:
        color = "yellow" if outcome.has_damage else _COLORS.get(outcome.state)
        state = click.style(outcome.state.words.ljust(11), fg=color)
        words, folder = "", shown_path(outcome.folder)
        if outcome.result is not None:
            words = outcome.result.summary
            if not are_packed:
                # Packed pictures are in no folder of their video any more.
                words = one_line(tr("{summary} in {folder}", summary=words, folder=folder))
        click.echo(f"{_name(outcome).ljust(wide)}  {state}  {words}".rstrip())
        if outcome.error is not None:
            echo_error(outcome.error)
        elif outcome.result is not None:
            echo_warnings(outcome.result, f"{_name(outcome)}: ")
        echo_left_out(_name(outcome), outcome.left_out)


def echo_warnings(result: ExportResult, before: str = "") -> None:
    """Print warnings about the pictures, and the error that stopped the export, on stderr.

    Args:
        result: What an export did.
        before: What each line begins with, where there are several videos.
    """
    for warning in result.warnings:
        click.echo(one_line(f"{before}{warning}"), err=True)
    if result.fault is not None:
        echo_error(result.fault)


def _name(outcome: VideoOutcome) -> str:
    return one_line(source_name(outcome.source))


def echo_outcomes(
    folder: Path,
    outcomes: Sequence[VideoOutcome],
    left_out: Sequence[str] = (),
    *,
    dataset: DataSetResult | None = None,
) -> None:
    """The result for the videos, as one JSON document whose shape does not depend on how many there were.

    Args:
        folder: Output folder.
        outcomes: One per video.
        left_out: Sentences on what was left out of the frame selection.
        dataset: The data set that they are; None if they are none.
    """
    table = {
        "folder": shown_path(folder.absolute()),
        "videos": [_table(one) for one in outcomes],
        "left_out": left_out,
        "dataset": None if dataset is None else dataset_table(dataset),
    }
    echo_json(table)


def _table(outcome: VideoOutcome) -> dict[str, object]:
    result, error = outcome.result, outcome.error
    groups = ("written", "kept", "skipped", "failed")
    return {
        "source": without_secrets(outcome.source),
        "folder": shown_path(outcome.folder.absolute()),
        "state": outcome.state,
        "error": None if error is None else error_table(error),
        **{name: [] if result is None else list(map(_frame, getattr(result, name))) for name in groups},
        "not_reached": [] if result is None else list(result.not_reached),
        "notes": [] if result is None else list(result.notes),
        "fault": None if result is None or result.fault is None else error_table(result.fault),
        "elapsed_s": 0.0 if result is None else round(result.elapsed_s, 3),
        "bytes_written": 0 if result is None else result.bytes_written,
    }


def _frame(outcome: FrameOutcome) -> dict[str, object]:
    kind = outcome.picture_type
    return {
        "frame_number": outcome.frame_number,
        "file": outcome.path.name,
        "pts": outcome.pts,
        "time_s": outcome.time_s,
        "picture_type": None if kind is None else kind.letter,
        "size_bytes": outcome.size_bytes,
        "sha256": outcome.sha256,
        "reason": outcome.reason,
        "is_damaged": outcome.is_damaged,
        "proof": outcome.proof,
    }


@click.command(cls=SectionedCommand)
@click.argument("videos", nargs=-1, required=True, metavar=tr("VIDEO…"), type=SourceType())
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    type=FolderOrAddressType(),
    metavar="DIR",
    help=tr("Output folder, created if missing, or an address such as s3://bucket/folder."),
)
@under(tr("Which frames"), frame_options)
@format_options
@under(tr("Recipes and several videos"), recipe_options)
@under(tr("Data sets"), dataset_options)
@click.option(
    "--existing",
    type=click.Choice([one.value for one in OnExisting if one is not OnExisting.ASK]),
    help=tr("What to do with existing files; by default, they stop the export."),
)
@click.option(
    "--resume",
    is_flag=True,
    help=tr("Continue the interrupted export in DIR, with the same frames and format."),
)
@stream_option
@counting_option
@hardware_option
@json_option
@sends
def export(  # noqa: PLR0913 - each is an option
    videos: tuple[str, ...],
    *,
    folder: Path,
    existing: str | None,
    resume: bool,
    stream_index: int | None,
    counting: Counting,
    hardware: str,
    as_json: bool,
    recipe_path: Path | None,
    saved_path: Path | None,
    folders: str | None,
    jobs: int | None,
    cluster: str | None,
    layout: str | None,
    split: str | None,
    split_seed: str | None,
    classes: str | None,
    shard: str | None,
    packed: bool,
    **options: object,
) -> int:
    """Save frames of VIDEO as pictures.

    Several videos, or a folder of them, get one folder each in DIR; with --layout they become one data set.
    Each file is decoded and compared with
    its frame, read back after writing, and listed in a manifest in the same folder (framescope-manifest.jsonl
    and .csv); `framescope verify DIR` checks the files again later. If there are more than 16 JPEG files,
    some are decoded in full and the others only at the top; the manifest says which, and `verify --video
    VIDEO` decodes all of them. Exit status 1 if a frame could not be saved or rows of a marks file were
    skipped.
    """
    dataset = DataSetRequest(layout, split, split_seed, classes, shard, packed)
    recipes = RecipeRequest(recipe_path, saved_path, folders, dataset, cluster, jobs)
    is_many = recipes.is_needed(videos)
    _check_choices(recipes, options, resume=resume, is_many=is_many)
    check_folder(folder)
    if is_many:
        sources = input_videos(videos)
        if not sources:
            raise no_videos(videos)
        run = RunRequest(
            OnExisting(existing or OnExisting.ASK),
            resume,
            counting,
            stream_index,
            # More videos may join the one in a folder.
            own_folders={one.source for one in sources} != set(videos),
            jobs=min(jobs or 1, len(sources)),
            hardware=hardware,
        )
        return export_by_recipe(recipes, sources, folder, options=options, run=run, as_json=as_json)
    (video,) = videos
    request = _Request(video, folder, existing, stream_index, counting, hardware, options)
    # Invalid options are refused before the video is opened.
    sampling = None if resume else sampling_from_options(options)
    settings = request.settings()
    left_out: tuple[str, ...] = ()
    with long_work(tr("Exporting")) as (progress, cancel):
        if sampling is None:
            result = _resumed(request, progress, cancel)
        else:
            result, left_out = _begun(request, sampling, settings, progress, cancel)
    if as_json:
        echo_outcomes(folder, [VideoOutcome(video, folder, state_of(result), result)], left_out)
    else:
        _echo_result(result, video)
    return status_of_export(result) or int(bool(left_out))


def status_of_export(result: ExportResult) -> int:
    """0; 1 where a frame failed, that of an interrupted command where it was cancelled."""
    return INTERRUPTED if result.cancelled else int(not result.is_complete)


def _check_choices(
    recipes: RecipeRequest, options: Mapping[str, object], *, resume: bool, is_many: bool
) -> None:
    """Refuse options that contradict each other or cannot be used, before anything is opened."""
    if typed_flags("jobs") and not is_many:
        raise click.UsageError("--jobs needs several videos, or a folder of them.")
    check_cluster(recipes.cluster, is_many=is_many)
    if recipes.folders is not None:
        if not is_many:
            raise click.UsageError("--folders needs several videos, a folder of them, or --save-recipe.")
        with wrong_usage():
            FolderPattern(recipes.folders)
    if recipes.path is None and not resume:
        check_format_options(ImageFormat(str(options["image_format"])))
    # Of several videos, only those that were interrupted are resumed; the others are begun.
    if resume and not is_many:
        for flag in typed_flags("existing", "stream_index", "counting", "hardware"):
            refuse_together(["--resume", flag])


@dataclass(frozen=True, slots=True)
class _Request:
    """What was typed."""

    video: str
    folder: Path
    existing: str | None
    stream_index: int | None
    counting: Counting
    hardware: str
    options: Mapping[str, object]

    def settings(self) -> ExportSettings:
        """As what."""
        settings = settings_from_options(self.options, self.folder)
        return replace(settings, on_existing=OnExisting(self.existing or OnExisting.ASK))


def _begun(
    request: _Request,
    sampling: Sampling,
    settings: ExportSettings,
    progress: ProgressCallback,
    cancel: CancelToken,
) -> tuple[ExportResult, tuple[str, ...]]:
    """What was saved, and sentences on what was left out of the choice."""
    with open_video(
        request.video,
        stream_index=request.stream_index,
        counting=request.counting,
        hardware=request.hardware,
        frames_wanted=frames_needed(sampling.listed) if sampling.kind is SamplingKind.LIST else None,
        progress=progress,
        cancel=cancel,
    ) as video:
        choice = choose_from_options(video, sampling, request.options, progress=progress, cancel=cancel)
        names = existing_names(settings.folder)
        plan = plan_export(video.info, video.index, choice.chosen, settings, existing=names)
        if request.existing is None and plan.existing_count:
            raise _files_are_there(plan)
        plan = replace(plan, sampling=sampling.as_table())
        result = export_frames(video, plan, manifest=True, progress=progress, cancel=cancel)
        if request.hardware != "off":
            # Afterwards: a device may have failed in the middle.
            click.echo(tr("Decoder: {words}", words=video.decoder.words), err=True)
        return result, choice.left_out


def _resumed(request: _Request, progress: ProgressCallback, cancel: CancelToken) -> ExportResult:
    header = read_manifest(request.folder).last.header
    _check_same(request, header)
    with open_again(request.video, header, progress, cancel) as video:
        plan = planned_again(header, video.info, video.index, request.folder)
        return resume_export(video, plan, progress=progress, cancel=cancel)


def _check_same(request: _Request, header: ManifestHeader) -> None:
    """Refuse to resume with other choices than before; what was not typed is as it was."""
    typed = {name for name in request.options if typed_flags(name)}
    settings = settings_from_options(request.options, request.folder).as_table()
    other = sorted(name for name in typed & set(settings) if settings[name] != header.settings[name])
    was_chosen = sampling_from_table(header.sampling)
    if typed - set(settings) and sampling_from_options(request.options) != was_chosen:
        other.append("frames")
    if other:
        names = ", ".join(name.replace("_", " ") for name in other)
        raise ExportError(
            tr(
                "The export in {folder} was started with different {names}.",
                folder=request.folder,
                names=names,
            ),
            hint=tr("Omit these options to continue, or export to another folder."),
        )


def _files_are_there(plan: ExportPlan) -> ExportError:
    folder = plan.settings.folder
    hint = tr("Add --existing skip, --existing overwrite or --existing number.")
    if find_unfinished(folder) is not None:
        hint = tr("An export there is unfinished: add --resume to continue it. {hint}", hint=hint)
    return ExportError(
        tr("{existing_words} in {folder}.", existing_words=plan.existing_words, folder=folder), hint=hint
    )


def _echo_result(result: ExportResult, video: str) -> None:
    folder = shown_path(result.folder)
    click.echo(one_line(tr("{summary} in {folder}", summary=result.summary, folder=folder)))
    echo_warnings(result)
    if result.can_resume:
        command = shlex.join(["framescope", "export", video, "-o", folder, "--resume"])
        click.echo(tr("To continue: {command}", command=command), err=True)
