"""``framescope marks``: lists the marks of a video, and saves them in the formats of other programs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from framescope.cli.exporting.frame_options import marks_for
from framescope.cli.options import (
    PathType,
    counting_option,
    csv_option,
    json_option,
    overwrite_option,
    refuse_together,
    stream_option,
    typed_flags,
    video_argument,
    wrong_usage,
)
from framescope.cli.output import echo_table, one_line
from framescope.cli.progress_bar import long_work
from framescope.core.errors import SettingsError
from framescope.core.marks.formats import MarksFormat, format_of, save_marks
from framescope.core.marks.marked_frames import MarkedFrames
from framescope.core.marks.marks_file import LoadedMarks, fit_marks, marks_head, marks_table
from framescope.core.marks.video_memory import VideoMemory
from framescope.core.source.opening import open_video
from framescope.core.tables.table import TableFormat
from framescope.core.text import clock
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.media.index import FrameIndex
    from framescope.core.media.index_builder import Counting
    from framescope.core.media.video import Video


@click.command()
@video_argument
@click.option(
    "--marks",
    "marks_path",
    type=PathType(),
    metavar="FILE",
    help=tr("Marks from this file, instead of those that the window keeps for the video."),
)
@click.option(
    "-o",
    "--out",
    "out_path",
    type=PathType(),
    metavar="FILE",
    help=tr("Save them as .csv, .json, .coco.json, .edl (one clip with locators), .markers.edl or .otio."),
)
@click.option(
    "--images",
    type=PathType(),
    metavar="DIR",
    help=tr("An export of the marked frames, whose files a .coco.json is to name."),
)
@overwrite_option
@stream_option
@counting_option
@csv_option
@json_option
def marks(  # noqa: PLR0913 - each is an option
    video: str,
    *,
    marks_path: Path | None,
    out_path: Path | None,
    images: Path | None,
    overwrite: bool,
    stream_index: int | None,
    counting: Counting,
    as_csv: bool,
    as_json: bool,
) -> int:
    """List the marks of VIDEO with their labels and notes, or save them for another program.

    Without --marks, those that the window keeps for the video. An .edl is the in–out range (or the whole
    video) as one clip, with the marks as locators; a .markers.edl is for “Import > Timeline Markers from EDL”
    of DaVinci Resolve; .otio needs the library OpenTimelineIO. Exit status 1 if rows of a marks file were
    skipped.
    """
    refuse_together(typed_flags("as_csv", "as_json"))
    with wrong_usage():
        for path in (marks_path, out_path):
            if path is not None:
                format_of(path)
        if images is not None and (out_path is None or format_of(out_path) is not MarksFormat.COCO):
            raise SettingsError(tr("--images is for a .coco.json file: add --out."))
    with (
        long_work(tr("Indexing")) as (progress, cancel),
        open_video(
            video, stream_index=stream_index, counting=counting, progress=progress, cancel=cancel
        ) as opened,
    ):
        loaded = _kept(video, opened) if marks_path is None else marks_for(opened, marks_path)
        info, index = opened.info, opened.index
    if as_csv or as_json:
        table = marks_table(loaded.marked, index, marks_head(info, index) if as_json else {})
        echo_table(table, TableFormat.CSV if as_csv else TableFormat.JSON)
    elif out_path is None:
        _echo(loaded.marked, index)
    if out_path is not None:
        if not loaded.marked:
            raise SettingsError(
                tr("Nothing is marked."), hint=tr("Mark frames in the window, or add --marks.")
            )
        saved = save_marks(out_path, loaded.marked, info, index, images=images, replaces=overwrite)
        click.echo(one_line(saved.headline), err=True)
        for remark in saved.remarks:
            click.echo(remark, err=True)
    return 1 if loaded.refused else 0


def _kept(source: str, video: Video) -> LoadedMarks:
    recalled = VideoMemory().recall(source, video.info.stream_index)
    if recalled is None:
        return LoadedMarks(MarkedFrames(), (), ())
    # What the window keeps is known to be of this video.
    return replace(fit_marks(recalled.file, video.info, video.index), doubts=())


def _echo(marked: MarkedFrames, index: FrameIndex) -> None:
    ends = (("in", marked.in_point), ("out", marked.out_point))
    rows = [(kind, end, "", "") for kind, end in ends if end is not None]
    rows += [("mark", number, *marked.texts_of(number)) for number in marked.marks]
    for kind, number, label, note in rows:
        words = "  ".join(filter(None, (f"[{label}]" if label else "", note)))
        line = f"{kind:4} {number:8} {clock(index.time_of(number)):>14}  {words}"
        click.echo(one_line(line.rstrip()))
    if not rows:
        click.echo(tr("Nothing is marked."), err=True)
