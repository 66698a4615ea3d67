"""``framescope gops``: lists the GOPs of a video."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from framescope.cli.options import (
    counting_option,
    csv_option,
    json_option,
    refuse_together,
    stream_option,
    typed_flags,
    video_argument,
)
from framescope.cli.output import echo_table
from framescope.cli.progress_bar import long_work
from framescope.core.media.gops import gop_table
from framescope.core.source.opening import open_video
from framescope.core.tables.table import TableFormat
from framescope.core.tables.video_tables import gop_rows
from framescope.core.text import counted, grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.index_builder import Counting

_HEADS = ("gop", "key", "first", "frames", "time_s", "bytes", "kind", "seek", "structure")
_WIDE = (6, 8, 8, 7, 12, 11, 6, 6, 0)
_MOST_LETTERS = 48


@click.command()
@video_argument
@stream_option
@counting_option
@csv_option
@json_option
def gops(video: str, *, stream_index: int | None, counting: Counting, as_csv: bool, as_json: bool) -> None:
    """List the GOPs of VIDEO, one per row.

    A row holds the keyframe, the first frame shown (earlier than the keyframe if the GOP is open), the number
    of frames, time, bytes, the maximum number of frames to decode for one of its frames, and the picture
    types in presentation order.
    """
    refuse_together(typed_flags("as_csv", "as_json"))
    with long_work(tr("Indexing")) as (progress, cancel):
        opened = open_video(
            video, stream_index=stream_index, counting=counting, progress=progress, cancel=cancel
        )
    with opened:
        if as_csv or as_json:
            table_format = TableFormat.CSV if as_csv else TableFormat.JSON
            echo_table(gop_rows(opened.info, opened.index), table_format)
        else:
            _echo(opened.index)


def _echo(index: FrameIndex) -> None:
    table = gop_table(index)
    click.echo(" ".join(head.rjust(wide) for head, wide in zip(_HEADS, _WIDE, strict=True)))
    for row in range(len(table)):
        first = int(table.first_frames[row])
        time_s = index.time_of(first)
        structure = table.structure(row)
        cells = (
            row,
            int(table.keyframes[row]) if table.has_keyframe[row] else "-",
            first,
            int(table.frame_counts[row]),
            "-" if time_s != time_s else f"{time_s:.6f}",  # noqa: PLR0124 - NaN differs from itself
            int(table.sizes_bytes[row]),
            "open" if table.is_open[row] else "closed",
            int(table.decode_costs[table.frames_of(row)].max()),
            structure if len(structure) <= _MOST_LETTERS else f"{structure[: _MOST_LETTERS - 1]}…",
        )
        click.echo(" ".join(str(cell).rjust(wide) for cell, wide in zip(cells, _WIDE, strict=True)))
    summary = table.summary
    is_even = summary.shortest == summary.longest
    lengths = counted(summary.longest, "frame", "frames")
    spread = (
        tr("{lengths} each", lengths=lengths)
        if is_even
        else tr("{shortest} to {lengths}", shortest=grouped(summary.shortest), lengths=lengths)
    )
    click.echo(
        tr(
            "{gops}, {open_count} open;"
            " {spread}, {mean:.1f} on average;"
            " {frames} to decode for frame {longest_seek_frame}",
            gops=counted(summary.gop_count, "GOP", "GOPs"),
            open_count=grouped(summary.open_count),
            spread=spread,
            mean=summary.mean,
            frames=counted(summary.longest_seek, "frame", "frames"),
            longest_seek_frame=summary.longest_seek_frame,
        ),
        err=True,
    )
