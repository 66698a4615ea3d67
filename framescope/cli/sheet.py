"""``framescope sheet``: makes a contact sheet, as a picture or as pages to print."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from framescope.cli.exporting.frame_options import (
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
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.media.index_builder import Counting

_DEFAULTS = SheetSettings()
_COUNT = 20


@click.command(cls=SectionedCommand)
@video_argument
@click.argument("out_path", metavar="OUT", type=TargetType())
@under(tr("Which frames"), frame_options)
@click.option(
    "--columns",
    type=WholeType(1, MOST_COLUMNS),
    default=_DEFAULTS.columns,
    show_default=True,
    help=tr("Columns."),
)
@click.option(
    "--width",
    "width_px",
    type=WholeType(*WIDTHS),
    default=_DEFAULTS.width_px,
    show_default=True,
    metavar="PIXELS",
    help=tr("Width of the sheet."),
)
@click.option(
    "--header/--no-header", default=True, show_default=True, help=tr("File information at the top.")
)
@click.option(
    "--captions/--no-captions",
    default=True,
    show_default=True,
    help=tr("Frame number and time below each picture."),
)
@click.option("--dark", is_flag=True, help=tr("Light text on a dark background."))
@click.option(
    "--autorotate/--no-autorotate",
    "rotate",
    default=True,
    show_default=True,
    help=tr("Apply the rotation that the video declares."),
)
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
    """Make a contact sheet of VIDEO, as .png or .pdf.

    By default, 20 evenly spaced frames. Exit status 1 if a frame cannot be decoded (its cell says so) or rows
    of a marks file were skipped.
    """
    with wrong_usage():
        format_of(out_path)
    settings = SheetSettings(columns, width_px, header, captions, dark, rotate)
    sampling = Sampling(SamplingKind.SPREAD, count=_COUNT)
    if chooses_frames(options):
        sampling = sampling_from_options(options)
    with (
        long_work(tr("Drawing")) as (progress, cancel),
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
