"""``framescope export``: frames into picture files, each one checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from framescope.cli.export_format import format_options, settings_from_options
from framescope.cli.export_frames import frame_options, sampling_from_options
from framescope.cli.options import counting_option, json_option, stream_option, video_argument
from framescope.cli.output import echo_error, echo_json
from framescope.cli.progress_bar import long_work
from framescope.core.errors import ExportError
from framescope.core.export.folder import existing_names
from framescope.core.export.plan import plan_export
from framescope.core.export.run import export_frames
from framescope.core.export.settings import OnExisting
from framescope.core.media.index_builder import Counting
from framescope.core.media.video import open_video
from framescope.core.sampling.sampling import Viewpoint, take

if TYPE_CHECKING:
    from framescope.core.export.result import ExportResult, FrameOutcome


@click.command()
@video_argument
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder to write to; made if it is missing.",
)
@frame_options
@format_options
@click.option(
    "--existing",
    type=click.Choice([one.value for one in OnExisting if one is not OnExisting.ASK]),
    help="What happens to files that are there already; without it they stop the export.",
)
@stream_option
@counting_option
@json_option
def export(  # noqa: PLR0913 - each is an option
    video: str,
    *,
    folder: Path,
    existing: str | None,
    stream_index: int | None,
    by_decoding: bool,
    as_json: bool,
    **options: object,
) -> int:
    """Save frames of VIDEO as pictures.

    Every file holds exactly the frame whose number it carries. Exit status 1 if any frame could not be saved.
    """
    sampling = sampling_from_options(options)
    settings = replace(
        settings_from_options(options, folder), on_existing=OnExisting(existing or OnExisting.ASK)
    )
    counting = Counting.DECODE if by_decoding else Counting.AUTO
    with (
        long_work("Exporting") as (progress, cancel),
        open_video(
            video, stream_index=stream_index, counting=counting, progress=progress, cancel=cancel
        ) as opened,
    ):
        numbers = take(sampling, opened.index, Viewpoint())
        plan = plan_export(opened.info, opened.index, numbers, settings, existing=existing_names(folder))
        if existing is None and plan.existing_count:
            raise ExportError(
                f"{plan.existing_count} of {len(plan)} files are there already in {folder}.",
                hint="Add --existing skip, --existing overwrite or --existing number.",
            )
        result = export_frames(opened, plan, progress=progress, cancel=cancel)
    if as_json:
        echo_json(_as_table(result))
    else:
        _echo_result(result)
    return 0 if result.is_complete else 130 if result.cancelled else 1


def _echo_result(result: ExportResult) -> None:
    click.echo(f"{result.summary} in {result.folder}")
    for outcome in result.remarks:
        click.echo(f"{outcome.path.name}: {outcome.reason}", err=True)
    for outcome in result.failed:
        click.echo(f"frame {outcome.frame_number}: {outcome.reason}", err=True)
    if result.fault is not None:
        echo_error(result.fault)


def _as_table(result: ExportResult) -> dict[str, object]:
    return {
        "folder": str(result.folder.absolute()),
        "written": [_outcome(one) for one in result.written],
        "skipped": [_outcome(one) for one in result.skipped],
        "failed": [_outcome(one) for one in result.failed],
        "not_reached": list(result.not_reached),
        "fault": None if result.fault is None else result.fault.message,
        "cancelled": result.cancelled,
        "elapsed_s": round(result.elapsed_s, 3),
        "bytes_written": result.bytes_written,
    }


def _outcome(outcome: FrameOutcome) -> dict[str, object]:
    kind = outcome.picture_type
    return {
        "frame_number": outcome.frame_number,
        "file": outcome.path.name,
        "pts": outcome.pts,
        "time_s": outcome.time_s,
        "picture_type": None if kind is None else kind.letter,
        "size_bytes": outcome.size_bytes,
        "reason": outcome.reason,
    }
