"""``framescope index``: lists the frames of a video."""

from __future__ import annotations

import json
from itertools import islice
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
from framescope.cli.output import echo_table, plain
from framescope.cli.progress_bar import long_work
from framescope.core.media.container import without_secrets
from framescope.core.printable import json_document
from framescope.core.source.opening import open_video
from framescope.core.tables.table import TableFormat
from framescope.core.tables.video_tables import frame_rows
from framescope.core.text import damage_words
from framescope.core.translation import tr, tr_stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framescope.core.media.index import FrameIndex
    from framescope.core.media.index_builder import Counting
    from framescope.core.tables.table import Table

_COLUMNS = (
    ("frame", 8),
    ("time_s", 12),
    ("pts", 12),
    ("dts", 12),
    ("type", 4),
    ("key", 3),
    ("bytes", 9),
    ("damage", 6),
)


@click.command()
@video_argument
@stream_option
@counting_option
@csv_option
@json_option
def index(video: str, *, stream_index: int | None, counting: Counting, as_csv: bool, as_json: bool) -> None:
    """List the frames of VIDEO, one per row.

    A row holds number, time, pts, dts, picture type, keyframe, bytes, and D if the frame is damaged or may
    depend on damage. A dash (null in JSON) means that the file has no such value, ? that the type is unknown.
    """
    refuse_together(typed_flags("as_csv", "as_json"))
    with long_work(tr("Indexing")) as (progress, cancel):
        opened = open_video(
            video, stream_index=stream_index, counting=counting, progress=progress, cancel=cancel
        )
    with opened:
        table = frame_rows(opened.info, opened.index)
        if as_csv:
            echo_table(table, TableFormat.CSV)
            return
        lines = _json_lines(video, table, opened.index) if as_json else _text_lines(table)
        for batch in _batches(lines):
            click.echo(batch)
        if not as_json:
            for note in (*opened.index.notes, *opened.index.doubts):
                click.echo(tr_stored(note), err=True)
            damaged = len(opened.index.damaged_frames)
            if damaged:
                click.echo(f"{damage_words(damaged, len(opened.index))}.", err=True)


def _batches(lines: Iterator[str]) -> Iterator[str]:
    """Many lines at a time: each echo is flushed, which for a film of hours is slow a line."""
    while batch := "\n".join(islice(lines, 2000)):
        yield batch


def _text_lines(table: Table) -> Iterator[str]:
    yield " ".join(name.rjust(wide) for name, wide in _COLUMNS)
    for number, time_s, pts, dts, letter, is_key, size, damaged in table.rows():
        time = "-" if time_s != time_s else f"{time_s:.6f}"  # noqa: PLR0124 - NaN differs from itself
        flags = "K" if is_key else "-", size, "D" if damaged else "-"
        cells = (number, time, _or_dash(pts), _or_dash(dts), letter, *flags)
        yield " ".join(str(cell).rjust(wide) for cell, (_, wide) in zip(cells, _COLUMNS, strict=True))


def _or_dash(value: object) -> str:
    return "-" if value is None else str(value)


def _json_lines(video: str, table: Table, frames: FrameIndex) -> Iterator[str]:
    """One document, a frame a line, so that a film of hours is never held as text."""
    head = {
        "source": without_secrets(video),
        "frame_count": len(frames),
        "basis": frames.basis,
        "time_base": frames.time_base,
        "picture_types_decoded": frames.picture_types_decoded,
        "notes": frames.notes,
        "doubts": frames.doubts,
    }
    yield json_document(plain(head))[:-1] + ', "frames": ['
    last = len(frames) - 1
    for number, row in enumerate(table.rows()):
        record = plain(dict(zip(table.columns, row, strict=True)))
        yield json.dumps(record) + ("," if number < last else "")
    yield "]}"
