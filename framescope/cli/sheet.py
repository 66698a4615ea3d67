"""``framescope sheet``: chosen frames in a grid, as a picture or as pages to print."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from framescope.cli.export_frames import (
    choose_from_options,
    chooses_frames,
    frame_options,
    sampling_from_options,
)
from framescope.cli.options import (
    TargetType,
    WholeType,
    counting_option,
    json_option,
    overwrite_option,
    stream_option,
    video_argument,
    wrong_usage,
)
from framescope.cli.output import echo_json
from framescope.cli.progress_bar import long_work
from framescope.cli.sections import SectionedCommand, under
from framescope.core.contact_sheet.layout import MOST_COLUMNS, WIDTHS, SheetSettings, format_of
from framescope.core.contact_sheet.sheet import write_sheet
from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.media.index_builder import Counting

_DEFAULTS = SheetSettings()
_COUNT = 20


@click.command(cls=SectionedCommand)
@video_argument
@click.argument("out_path", metavar="OUT", type=TargetType())
@under("Which frames", frame_options)
@click.option(
    "--columns",
    type=WholeType(1, MOST_COLUMNS),
    default=_DEFAULTS.columns,
    show_default=True,
    help="In a row.",
)
@click.option(
    "--width",
    "width_px",
    type=WholeType(*WIDTHS),
    default=_DEFAULTS.width_px,
    show_default=True,
    metavar="PIXELS",
    help="Width of the sheet.",
)
@click.option("--header/--no-header", default=True, show_default=True, help="The file's facts on top.")
@click.option("--captions/--no-captions", default=True, show_default=True, help="Number and time below.")
@click.option("--dark", is_flag=True, help="Light text on a dark ground.")
@click.option("--rotate/--no-rotate", default=True, show_default=True, help="Apply the video's rotation.")
@overwrite_option
@stream_option
@counting_option
@json_option
def sheet(  # noqa: PLR0913 - each is an option
    video: str,
    *,
    out_path: Path,
    columns: int,
    width_px: int,
    header: bool,
    captions: bool,
    dark: bool,
    rotate: bool,
    overwrite: bool,
    stream_index: int | None,
    counting: Counting,
    as_json: bool,
    **options: object,
) -> int:
    """Draw frames of VIDEO in a grid, into OUT (.png or .pdf).

    Without a choice of frames it takes 20, evenly spread. Exit status 1 where one cannot be decoded, whose
    place on the sheet says so, or where rows of a marks file were left out.
    """
    with wrong_usage():
        format_of(out_path)
    settings = SheetSettings(columns, width_px, header, captions, dark, rotate)
    sampling = Sampling(SamplingKind.SPREAD, count=_COUNT)
    if chooses_frames(options):
        sampling = sampling_from_options(options)
    with (
        long_work("Drawing") as (progress, cancel),
        open_video(
            video, stream_index=stream_index, counting=counting, progress=progress, cancel=cancel
        ) as opened,
    ):
        choice = choose_from_options(opened, sampling, options, progress=progress, cancel=cancel)
        numbers = choice.chosen.frame_numbers.tolist()
        result = write_sheet(
            opened, numbers, out_path, settings, replaces=overwrite, progress=progress, cancel=cancel
        )
    if as_json:
        echo_json(
            {
                "files": [str(path.absolute()) for path in result.paths],
                "pages": result.page_count,
                "frames": result.frame_numbers,
                "missing": result.missing,
                "damaged": result.damaged,
                "left_out": choice.left_out,
                "size_bytes": result.size_bytes,
            }
        )
    else:
        click.echo(result.summary)
    return 1 if result.missing or choice.left_out else 0
