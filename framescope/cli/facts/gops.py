"""``framescope gops``: lists the GOPs of a video."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from framescope.cli.options import (
    WholeType,
    counting_option,
    csv_option,
    json_option,
    refuse_together,
    stream_option,
    typed_flags,
    video_argument,
)
from framescope.cli.output import echo_json, echo_table
from framescope.cli.progress_bar import long_work
from framescope.core.bitstream.references.reading import MOST_PACKETS, read_references
from framescope.core.bitstream.references.words import needs_words
from framescope.core.errors import UnsupportedMediaError
from framescope.core.media.gops import gop_table
from framescope.core.sampling.frame_list import frame_at
from framescope.core.source.opening import open_video
from framescope.core.tables.table import TableFormat
from framescope.core.tables.video_tables import gop_rows
from framescope.core.text import counted, grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.bitstream.references.pictures import CodedPicture, ReferenceGraph
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.index_builder import Counting
    from framescope.core.media.video import Video

_HEADS = ("gop", "key", "first", "frames", "time_s", "bytes", "kind", "seek", "structure")
_WIDE = (6, 8, 8, 7, 12, 11, 6, 6, 0)
_MOST_LETTERS = 48
_PICTURE_COLUMNS = (("packet", 7), ("frame", 8), ("type", 4), ("kind", 16), ("layer", 5), ("use", 17))


@click.command()
@video_argument
@click.option(
    "--frame",
    "frame_number",
    type=WholeType(),
    metavar="N",
    help=tr("Only what must be decoded for frame N, and which frames of its GOP refer to which."),
)
@stream_option
@counting_option
@csv_option
@json_option
def gops(  # noqa: PLR0913 - each is an option
    video: str,
    *,
    frame_number: int | None,
    stream_index: int | None,
    counting: Counting,
    as_csv: bool,
    as_json: bool,
) -> None:
    """List the GOPs of VIDEO, one per row.

    A row holds the keyframe, the first frame shown (earlier than the keyframe if the GOP is open), the number
    of frames, time, bytes, the maximum number of frames to decode for one of its frames, and the picture
    types in presentation order. With --frame: the frames that frame N needs, by the headers of slices and
    frames (H.264, HEVC, AV1, VP8, VP9, MPEG-1, 2 and 4), and the pictures of its GOP in decode order with
    type, kind, references and use.
    """
    refuse_together(typed_flags("as_csv", "as_json"))
    refuse_together(typed_flags("as_csv", "frame_number"))
    with long_work(tr("Indexing")) as (progress, cancel):
        opened = open_video(
            video, stream_index=stream_index, counting=counting, progress=progress, cancel=cancel
        )
    with opened:
        if frame_number is not None:
            _echo_references(opened, frame_at(frame_number, len(opened)), as_json=as_json)
        elif as_csv or as_json:
            table_format = TableFormat.CSV if as_csv else TableFormat.JSON
            echo_table(gop_rows(opened.info, opened.index), table_format)
        else:
            _echo(opened.index)


def _echo_references(opened: Video, frame_number: int, *, as_json: bool) -> None:
    with long_work(tr("Reading references")) as (progress, cancel):
        graph = read_references(opened.info, opened.index, frame_number, progress=progress, cancel=cancel)
    if frame_number not in graph:
        raise UnsupportedMediaError(
            tr("The references of frame {number} could not be read.", number=grouped(frame_number)),
            hint=tr(
                "Its headers are damaged, or more than {count} packets come before it in its GOP.",
                count=grouped(MOST_PACKETS),
            ),
        )
    if as_json:
        echo_json(_document(graph, frame_number))
        return
    for sentence in needs_words(graph, frame_number):
        click.echo(sentence)
    click.echo("")
    click.echo(" ".join([*(head.rjust(wide) for head, wide in _PICTURE_COLUMNS), tr(" refers to")]))
    needed = {frame_number, *graph.needs(frame_number).frames}
    for picture in graph.pictures:
        numbers = picture.frame_numbers
        uses = [
            *([tr("needed")] if needed.intersection(numbers) else []),
            *([tr("disposable")] if picture.is_disposable else []),
        ]
        cells = (
            picture.packet_number,
            ",".join(map(str, numbers)) or tr("hidden"),
            picture.letter,
            picture.kind,
            "-" if picture.temporal_id is None else picture.temporal_id,
            ",".join(uses),
        )
        shown = " ".join(
            str(cell).rjust(wide) for cell, (_, wide) in zip(cells, _PICTURE_COLUMNS, strict=True)
        )
        click.echo(f"{shown}  {_reference_words(graph, picture)}".rstrip())


def _reference_words(graph: ReferenceGraph, picture: CodedPicture) -> str:
    pictures = [graph.pictures[place] for place in picture.references]
    numbers = sorted(number for one in pictures for number in one.frame_numbers)
    words = [str(number) for number in numbers]
    words += [tr("hidden") for one in pictures if not one.frame_numbers]
    return ",".join([*words, *([tr("earlier")] if picture.missing else [])])


def _document(graph: ReferenceGraph, frame_number: int) -> dict[str, Any]:
    needs, leading = graph.needs(frame_number), graph.leading(frame_number)
    return {
        "frame_number": frame_number,
        "picture_type": needs.picture.letter,
        "kind": needs.picture.kind,
        "temporal_id": needs.picture.temporal_id,
        "is_disposable": needs.picture.is_disposable,
        "refers_to": needs.references,
        "needs": needs.frames,
        "needs_hidden": needs.hidden,
        "is_exact": needs.is_exact,
        "continues_entropy_coding": needs.continues_state,
        "needed_packets": needs.packets,
        "keyframe": needs.keyframe,
        "decode_count": needs.decode_count,
        "leading_of": None if leading is None else leading.keyframe,
        "needs_earlier_gop": leading is not None and leading.needs_earlier,
        "pictures": [
            {
                "packet_number": picture.packet_number,
                "frame_numbers": picture.frame_numbers,
                "picture_type": picture.letter,
                "kind": picture.kind,
                "temporal_id": picture.temporal_id,
                "is_disposable": picture.is_disposable,
                "is_exact": picture.is_exact,
                "references": picture.references,
                "references_earlier": picture.missing,
            }
            for picture in graph.pictures
        ],
    }


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
