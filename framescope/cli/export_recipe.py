"""The part of ``framescope export`` that works by recipes, and on several videos."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from framescope.cli.export_format import settings_from_options
from framescope.cli.export_frames import sampling_from_options
from framescope.cli.options import PathType, TargetType, refuse_together, typed_flags
from framescope.cli.output import echo_error, echo_json, error_table, one_line
from framescope.cli.progress_bar import long_work
from framescope.core.audit.folder import is_folder_of_videos
from framescope.core.export.settings import OnExisting
from framescope.core.media.container import source_name
from framescope.core.recipe.folder_pattern import DEFAULT_FOLDER_PATTERN
from framescope.core.recipe.recipe import Recipe, load_recipe, save_recipe
from framescope.core.recipe.run import RunRequest, VideoState, run_recipe
from framescope.core.stop_signals import INTERRUPTED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from framescope.core.export.result import ExportResult, FrameOutcome
    from framescope.core.recipe.run import VideoOutcome

_COLORS = {VideoState.DONE: "green", VideoState.PARTLY: "yellow", VideoState.FAILED: "red"}
_OPTIONS = (
    click.option(
        "--recipe",
        "recipe_path",
        type=PathType(),
        metavar="FILE",
        help="Frames and format as a recipe (TOML) says.",
    ),
    click.option(
        "--save-recipe",
        "saved_path",
        type=TargetType(),
        metavar="FILE",
        help="Keep the choice of frames and format as a recipe; --existing overwrite replaces one.",
    ),
    click.option(
        "--folders",
        metavar="PATTERN",
        help=f"Each video's folder where there are several, of {{stem}}, {{number:03d}} and {{parent}}."
        f"  [default: {DEFAULT_FOLDER_PATTERN}]",
    ),
)


def recipe_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class RecipeRequest:
    """What was typed of recipes.

    Attributes:
        path: The recipe to follow; None for the choices of the command line.
        saved_path: Where to keep the choices; None for nowhere.
        folders: The pattern of the videos' folders; None for the recipe's own.
    """

    path: Path | None
    saved_path: Path | None
    folders: str | None

    def is_needed(self, videos: Sequence[str]) -> bool:
        """Whether more is wanted than one video with the choices of the command line."""
        is_many = len(videos) > 1 or any(map(is_folder_of_videos, videos))
        return is_many or self.path is not None or self.saved_path is not None


def export_by_recipe(  # noqa: PLR0913 - the parts of a command line
    request: RecipeRequest,
    videos: Sequence[str],
    folder: Path,
    *,
    options: Mapping[str, object],
    run: RunRequest,
    as_json: bool,
) -> int:
    """Carry out what the recipe, or the choices of the command line, say.

    Args:
        request: What was typed of recipes.
        videos: Paths and addresses.
        folder: Where to.
        options: Those of frames and format, by the names of their arguments.
        run: How.
        as_json: Whether the outcome is told as JSON.

    Returns:
        0; 1 where a frame or a video failed, 130 where it was cancelled.

    Raises:
        click.UsageError: The choices contradict the recipe, or belong to one video.
        SettingsError: The recipe cannot be read or used.
    """
    if request.path is not None:
        for flag in typed_flags(*options):
            refuse_together(["--recipe", flag])
        recipe = read_recipe(request.path)
    else:
        for flag in typed_flags("in_point", "out_point", "marks_path"):
            raise click.UsageError(f"{flag} belongs to one video, not to several or to a recipe.")
        recipe = Recipe(sampling_from_options(options), settings_from_options(options, folder))
    if request.folders is not None:
        recipe = replace(recipe, folders=request.folders)
    if request.saved_path is not None:
        replaces = run.on_existing is OnExisting.OVERWRITE
        save_recipe(recipe, request.saved_path, replaces=replaces, sources=videos)
        click.echo(f"The recipe was kept as {request.saved_path}.", err=True)
    return export_many(recipe, videos, folder, run, as_json=as_json)


def read_recipe(path: Path) -> Recipe:
    """The recipe in a file; keys that are not known are told on stderr.

    Raises:
        SettingsError: It cannot be read or used.
    """
    loaded = load_recipe(path)
    for remark in loaded.remarks:
        click.echo(f"{path.name}: {remark}", err=True)
    return loaded.recipe


def export_many(
    recipe: Recipe, videos: Sequence[str], folder: Path, request: RunRequest, *, as_json: bool
) -> int:
    """Carry a recipe out and tell what became of each video.

    Returns:
        0; 1 where a frame or a video failed, 130 where it was cancelled.
    """
    with long_work("Exporting") as (progress, cancel):
        outcomes = run_recipe(recipe, videos, folder, request=request, progress=progress, cancel=cancel)
    if as_json:
        echo_outcomes(folder, outcomes)
    else:
        _echo(outcomes)
    if any(one.state is VideoState.CANCELLED for one in outcomes):
        return INTERRUPTED
    return 0 if all(one.state is VideoState.DONE for one in outcomes) else 1


def _echo(outcomes: Sequence[VideoOutcome]) -> None:
    wide = max(len(_name(one)) for one in outcomes)
    for outcome in outcomes:
        color = "yellow" if outcome.has_damage else _COLORS.get(outcome.state)
        state = click.style(outcome.state.value.ljust(11), fg=color)
        words = "" if outcome.result is None else one_line(f"{outcome.result.summary} in {outcome.folder}")
        click.echo(f"{_name(outcome).ljust(wide)}  {state}  {words}".rstrip())
        if outcome.error is not None:
            echo_error(outcome.error)
        elif outcome.result is not None:
            echo_warnings(outcome.result, f"{_name(outcome)}: ")


def echo_warnings(result: ExportResult, before: str = "") -> None:
    """Say on stderr what is to be known of the pictures, and what ended the export.

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


def echo_outcomes(folder: Path, outcomes: Sequence[VideoOutcome], left_out: Sequence[str] = ()) -> None:
    """What became of the videos, as one JSON document whose shape does not depend on how many there were.

    Args:
        folder: Where to.
        outcomes: One a video.
        left_out: Sentences on what was left out of the choice of frames.
    """
    videos = [_table(one) for one in outcomes]
    echo_json({"folder": str(folder.absolute()), "videos": videos, "left_out": left_out})


def _table(outcome: VideoOutcome) -> dict[str, object]:
    result, error = outcome.result, outcome.error
    groups = ("written", "kept", "skipped", "failed")
    return {
        "source": outcome.source,
        "folder": str(outcome.folder.absolute()),
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
    }
