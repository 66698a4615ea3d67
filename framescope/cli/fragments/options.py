"""Arguments and options that the fragment commands share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from framescope.cli.options import (
    MOST_WORKERS,
    ParsedType,
    PathType,
    WholeType,
    pair_of,
    refuse_together,
    wrong_usage,
)
from framescope.core.errors import FragmentError
from framescope.core.fragments.codecs import CODECS, FragmentCodec
from framescope.core.fragments.geometry import Grid
from framescope.core.fragments.run_plan import RunRule
from framescope.core.fragments.source import parse_region
from framescope.core.fragments.split import SplitSettings
from framescope.core.fragments.sweep import DEFAULT_FRAMES
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = Callable[..., object]


class GridType(click.ParamType[Grid]):
    """``3x4`` as rows and columns."""

    name = "RxC"

    def convert(self, value: str | Grid, param: click.Parameter | None, ctx: click.Context | None) -> Grid:
        """Parse ``value``; fail with a message if it is not a grid."""
        if isinstance(value, Grid):
            return value
        rows, columns = pair_of(value)
        if not rows:
            self.fail(
                tr("{value!r:.40} is not a grid; write rows and columns like 3x4.", value=value), param, ctx
            )
        return Grid(rows, columns)


class TileType(GridType):
    """``256x256`` as the size of a tile."""

    name = "WxH"

    def convert(self, value: str | Grid, param: click.Parameter | None, ctx: click.Context | None) -> Grid:
        """Parse ``value``; fail with a message if it is not a size."""
        grid = super().convert(value, param, ctx)
        return grid if grid.tile_width else Grid(tile_width=grid.rows, tile_height=grid.columns)


def _quality_words() -> str:
    ways = [
        f"{spec.title} {spec.qualities[0]}–{spec.qualities[1]} ({spec.default_quality})"
        for spec in CODECS.values()
        if spec.qualities is not None
    ]
    return tr(
        "The codec's own scale, lower is better; defaults in brackets: {ways}. FFV1 is lossless.",
        ways=", ".join(ways),
    )


store_argument = click.argument("store", metavar="STORE", type=PathType())
codec_option = click.option(
    "--codec",
    type=click.Choice([codec.value for codec in FragmentCodec]),
    default=FragmentCodec.H264.value,
    show_default=True,
)
video_codec_option = click.option(
    "--codec",
    type=click.Choice([codec.value for codec in FragmentCodec]),
    help=tr("Codec of OUT.  [default: by the extension of OUT]"),
)
quality_option = click.option("--quality", type=WholeType(), metavar="Q", help=_quality_words())
region_type = ParsedType("region", parse_region)
workers_option = click.option(
    "--workers",
    type=WholeType(1, MOST_WORKERS),
    metavar="N",
    help=tr("Number of parallel encoders.  [default: one per core]"),
)


first_frames_option = click.option(
    "--frames",
    "most_frames",
    type=WholeType(1),
    default=DEFAULT_FRAMES,
    show_default=True,
    metavar="N",
    help=tr("Only the first N frames."),
)


def cutting_options(command: Command) -> Command:
    """The options that say how a video is cut."""
    for option in (
        workers_option,
        quality_option,
        codec_option,
        click.option(
            "--run",
            "run_text",
            default="30",
            show_default=True,
            metavar="N",
            help=tr("Frames per run, or `gops`, or `scenes`."),
        ),
        click.option("--tile", type=TileType(), metavar="WxH", help=tr("Tile size, instead of --grid.")),
        click.option(
            "--grid", type=GridType(), metavar="RxC", help=tr("Rows and columns of tiles.  [default: 2x2]")
        ),
    ):
        command = option(command)
    return command


def split_settings(  # noqa: PLR0913, PLR0917 - each is an option
    grid: Grid | None,
    tile: Grid | None,
    run_text: str,
    codec: str,
    quality: int | None,
    workers: int | None,
    most_frames: int | None = None,
) -> SplitSettings:
    """How to split, from what was typed."""
    refuse_together([flag for flag, value in (("--grid", grid), ("--tile", tile)) if value is not None])
    with wrong_usage():
        CODECS[FragmentCodec(codec)].quality_used(quality)
        return SplitSettings(
            grid=grid or tile or Grid(2, 2),
            runs=RunRule.parse(run_text),
            codec=FragmentCodec(codec),
            quality=quality,
            workers=workers,
            most_frames=most_frames,
        )


class RangeType(click.ParamType[slice]):
    """``A:B`` as a range of frames; without B it goes to the end."""

    name = "range"

    def convert(self, value: str | slice, param: click.Parameter | None, ctx: click.Context | None) -> slice:
        """Parse ``value``; fail with a message if it is not a range."""
        if isinstance(value, slice):
            return value
        match = re.fullmatch(r"([0-9]{1,9}):([0-9]{1,9})?", value.replace(" ", ""))
        if match is None or (match[2] and int(match[2]) <= int(match[1])):
            self.fail(
                tr("{value!r:.40} is not a range of frames; write A:B; B is not included.", value=value),
                param,
                ctx,
            )
        return slice(int(match[1]), int(match[2]) if match[2] else None)


def frame_range(asked: slice | None, count: int) -> range:
    """The frames of a `RangeType` value; all ``count`` frames where nothing was typed.

    Raises:
        FragmentError: There are not so many.
    """
    if asked is None:
        return range(count)
    stop = count if asked.stop is None else asked.stop
    if not asked.start < stop <= count:
        raise FragmentError(
            tr(
                "There are no frames {start} to {stop} in a store of {frames}.",
                start=asked.start,
                stop=stop - 1,
                frames=counted(count, "frame", "frames"),
            ),
            hint=tr("The last frame is {count}; B of A:B is not included.", count=count - 1),
        )
    return range(asked.start, stop)
