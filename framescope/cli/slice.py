"""``framescope slice``: what lies under a line on the picture, frame by frame, as an image."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from framescope.cli.exporting.frame_options import places_between
from framescope.cli.options import (
    ParsedType,
    TargetType,
    WholeType,
    counting_option,
    json_option,
    overwrite_option,
    refuse_together,
    stream_option,
    typed_flags,
    video_argument,
    wrong_usage,
)
from framescope.cli.output import echo_json
from framescope.cli.progress_bar import long_work
from framescope.cli.range_options import range_options
from framescope.cli.sections import SectionedCommand, under
from framescope.core.export.encoders.formats import BitDepth
from framescope.core.files import check_ending
from framescope.core.source.opening import open_video
from framescope.core.spacetime.image import Spacing
from framescope.core.spacetime.save import ENDINGS, check_spacetime_target, save_spacetime, share_words
from framescope.core.spacetime.scan import SlitSettings, scan
from framescope.core.spacetime.slit import MOST_WIDTH, Interpolation, Slit, SlitKind
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.media.index_builder import Counting
    from framescope.core.spacetime.image import SpaceTimeImage
    from framescope.core.spacetime.save import SavedImage
    from framescope.core.text import TypedTime

_MOST_LINES = 10
_HELP = {
    SlitKind.LINE: tr("From one point to another."),
    SlitKind.POLYLINE: tr("From point to point."),
    SlitKind.ROW: tr("A row of pixels: an x–t slice."),
    SlitKind.COLUMN: tr("A column of pixels: a y–t slice."),
    SlitKind.CIRCLE: tr("A circle, clockwise from its right."),
    SlitKind.REGION: tr("The mean colour of a region: one sample a frame."),
}
_LINES = tuple(
    click.option(
        f"--{kind.value}",
        type=ParsedType(kind.value, partial(Slit.parse, kind)),
        metavar=kind.form,
        help=_HELP[kind],
    )
    for kind in SlitKind
)


@click.command("slice", cls=SectionedCommand)
@video_argument
@click.argument("out_path", metavar="OUT", type=TargetType())
@under(tr("What lies on the picture"), *_LINES)
@click.option(
    "--width",
    type=WholeType(1, MOST_WIDTH),
    default=1,
    show_default=True,
    metavar="W",
    help=tr("Take the mean over W pixels across the line."),
)
@click.option(
    "--interpolation",
    type=click.Choice([one.value for one in Interpolation]),
    default=Interpolation.NEAREST.value,
    show_default=True,
    help=tr("How values between pixels are found."),
)
@range_options
@click.option(
    "--spacing",
    type=click.Choice([one.value for one in Spacing]),
    default=Spacing.FRAMES.value,
    show_default=True,
    help=tr("A column for each frame, or for equal times, which shows a variable frame rate as it is."),
)
@click.option(
    "--time",
    "direction",
    type=click.Choice(["right", "down"]),
    default="right",
    show_default=True,
    help=tr("Where time goes in the image."),
)
@click.option(
    "--bit-depth",
    type=click.Choice([one.value for one in BitDepth]),
    default=BitDepth.SOURCE.value,
    show_default=True,
    help=tr("Bits per component; source gives 16 where the video has more than 8."),
)
@overwrite_option
@stream_option
@counting_option
@json_option
def slice_video(  # noqa: PLR0913 - each is an option
    video: str,
    *,
    out_path: Path,
    width: int,
    interpolation: str,
    in_point: int | TypedTime | None,
    out_point: int | TypedTime | None,
    spacing: str,
    direction: str,
    bit_depth: str,
    overwrite: bool,
    stream_index: int | None,
    counting: Counting,
    as_json: bool,
    **lines: Slit | None,
) -> int:
    """Save a space-time image of VIDEO: what lies under a line, frame by frame.

    OUT is .png, .tif or .npy (rows × columns × RGB). Its axes in pixels, frames, pts and seconds are written
    to OUT.json beside it. Coordinates are pixels of the picture as displayed, from 0 in the upper left
    corner; one sample is taken a pixel along the line. From a fragment store only the tiles under the line
    are read. Exit status 1 if a frame cannot be decoded; its column is striped in magenta and black.
    """
    places = places_between(in_point, out_point)
    with wrong_usage():
        check_ending(out_path, tr("A space-time image"), ENDINGS)
        slit = replace(_chosen(lines), width=width)
    settings = SlitSettings(slit, Interpolation(interpolation), BitDepth(bit_depth))
    check_spacetime_target(out_path, replaces=overwrite, sources=[video])
    with (
        long_work(tr("Reading along the line")) as (progress, cancel),
        open_video(
            video, stream_index=stream_index, counting=counting, progress=progress, cancel=cancel
        ) as opened,
    ):
        frames = places.frames(opened.index) or range(len(opened))
        image = scan(opened, settings, frames, progress=progress, cancel=cancel)
        saved = save_spacetime(
            image,
            out_path,
            info=opened.info,
            spacing=Spacing(spacing),
            time_down=direction == "down",
            replaces=overwrite,
        )
    if as_json:
        echo_json(_table(image, saved))
    else:
        _echo(image, saved)
    return 1 if image.missing else 0


def _chosen(lines: dict[str, Slit | None]) -> Slit:
    refuse_together(typed_flags(*lines))
    for slit in lines.values():
        if slit is not None:
            return slit
    raise click.UsageError(
        tr("Choose one of {flags}.", flags=", ".join(f"--{kind.value}" for kind in SlitKind))
    )


def _table(image: SpaceTimeImage, saved: SavedImage) -> dict[str, Any]:
    return {
        "file": saved.path.absolute(),
        "axes": saved.axes_path.absolute(),
        "width": saved.width,
        "height": saved.height,
        "bits": saved.bits,
        "first_frame": image.first_frame,
        "frames": len(image),
        "samples": len(image.positions),
        "missing": dict(image.missing),
        "damaged": image.damaged,
        "hidden": saved.hidden,
        "tiles": image.share,
    }


def _echo(image: SpaceTimeImage, saved: SavedImage) -> None:
    click.echo(saved.summary)
    if image.share is not None:
        click.echo(share_words(image.share))
    for number, reason in list(image.missing.items())[:_MOST_LINES]:
        click.echo(tr("frame {number}: {reason}", number=number, reason=reason), err=True)
    if (more := len(image.missing) - _MOST_LINES) > 0:
        click.echo(tr("and {frames}", frames=counted(more, "other frame", "other frames")), err=True)
    if image.damaged:
        click.echo(
            tr(
                "{frames} damaged, or may depend on damage.",
                frames=counted(len(image.damaged), "frame is", "frames are"),
            ),
            err=True,
        )
    if saved.hidden:
        click.echo(
            tr(
                "{frames} shown too briefly to have a column.",
                frames=counted(saved.hidden, "frame is", "frames are"),
            ),
            err=True,
        )
