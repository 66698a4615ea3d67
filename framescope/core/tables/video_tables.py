"""The three tables of a video: its frames, its GOPs, and when its frames are shown."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.media.container import without_secrets
from framescope.core.media.gops import gop_table
from framescope.core.media.index import NO_PTS
from framescope.core.tables.table import Table
from framescope.core.timing.report import measure_timing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.core.tables.table import Cell


class TableKind(StrEnum):
    """Which table."""

    FRAMES = "frames"
    GOPS = "gops"
    TIMING = "timing"


def make_table(kind: TableKind, info: VideoInfo, index: FrameIndex) -> Table:
    """One of the tables."""
    makers: dict[TableKind, Callable[[VideoInfo, FrameIndex], Table]] = {
        TableKind.FRAMES: frame_rows,
        TableKind.GOPS: gop_rows,
        TableKind.TIMING: timing_rows,
    }
    return makers[kind](info, index)


def frame_rows(info: VideoInfo, index: FrameIndex) -> Table:
    """A row per frame: number, time, pts, dts, picture type, keyframe, bytes, whether it depends on damage.

    The last is None for frames that have not been decoded yet.
    """

    def rows() -> Iterator[tuple[Cell, ...]]:
        types = index.picture_types
        for number in range(len(index)):
            yield (
                number,
                index.time_of(number),
                index.pts_of(number),
                _timestamp(int(index.dts[number])),
                str(types[number]),
                bool(index.is_keyframe[number]),
                int(index.sizes_bytes[number]),
                index.is_damaged(number),
            )

    columns = (
        "frame_number",
        "time_s",
        "pts",
        "dts",
        "picture_type",
        "is_keyframe",
        "size_bytes",
        "is_damaged",
    )
    return Table("frames", columns, len(index), rows, _head(info, index))


def gop_rows(info: VideoInfo, index: FrameIndex) -> Table:
    """A row per GOP: where it begins, length, size, structure, and the cost of reaching it."""
    gops = gop_table(index)

    def rows() -> Iterator[tuple[Cell, ...]]:
        for row in range(len(gops)):
            frames = gops.frames_of(row)
            has_key = bool(gops.has_keyframe[row])
            yield (
                row,
                int(gops.keyframes[row]) if has_key else None,
                int(gops.first_frames[row]),
                int(gops.frame_counts[row]),
                index.time_of(int(gops.first_frames[row])),
                int(gops.sizes_bytes[row]),
                bool(gops.is_open[row]),
                int(gops.i_counts[row]),
                int(gops.p_counts[row]),
                int(gops.b_counts[row]),
                int(gops.decode_costs[frames].max()),
                gops.structure(row),
            )

    columns = (
        "gop",
        "keyframe",
        "first_frame",
        "frame_count",
        "time_s",
        "size_bytes",
        "is_open",
        "i_frames",
        "p_frames",
        "b_frames",
        "longest_seek",
        "structure",
    )
    return Table("gops", columns, len(gops), rows, _head(info, index))


def timing_rows(info: VideoInfo, index: FrameIndex) -> Table:
    """A row per frame: its time, how long after the previous frame, what is odd, and how wrong n / fps is."""
    report = measure_timing(info, index)
    intervals = report.intervals
    oddities = {
        "no timestamp": intervals.missing,
        "same time as the previous frame": intervals.duplicates,
        "earlier than the previous frame": intervals.backward,
        "gap before": intervals.gaps,
    }
    words: dict[int, str] = {}
    for name, numbers in oddities.items():
        for number in np.asarray(numbers).tolist():
            words.setdefault(int(number), name)
    rate = report.rate_declared

    def rows() -> Iterator[tuple[Cell, ...]]:
        before = float("nan")
        for number in range(len(index)):
            time_s = index.time_of(number)
            nominal_s = None if rate is None else float(number / rate)
            error_s = None if nominal_s is None else nominal_s - time_s
            interval_s = time_s - before
            yield (
                number,
                index.pts_of(number),
                time_s,
                interval_s,
                words.get(number, ""),
                nominal_s,
                error_s,
            )
            before = time_s

    columns = ("frame_number", "pts", "time_s", "interval_s", "remark", "nominal_time_s", "nominal_error_s")
    head = {
        **_head(info, index),
        "is_constant": intervals.is_constant,
        "rate": intervals.rate,
        "rate_declared": rate,
        "decision": intervals.decision,
        "duration_s": intervals.duration_s,
    }
    return Table("timing", columns, len(index), rows, head)


def _head(info: VideoInfo, index: FrameIndex) -> dict[str, object]:
    return {
        "source": without_secrets(info.source),
        "frame_count": len(index),
        "basis": index.basis,
        "time_base": index.time_base,
        "picture_types_decoded": index.picture_types_decoded,
        "notes": index.notes,
        "doubts": index.doubts,
    }


def _timestamp(value: int) -> int | None:
    return None if value == NO_PTS else value
