"""The tables of a video, against how the clips were made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from framescope.core.source.opening import open_video
from framescope.core.tables.video_tables import TableKind, make_table
from tests.clips.truth import true_frames

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def records(clip: Callable[[str], Path]) -> Callable[[str, TableKind], list[dict[str, Any]]]:
    def load(name: str, kind: TableKind) -> list[dict[str, Any]]:
        with open_video(clip(name), use_index_cache=False) as video:
            table = make_table(kind, video.info, video.index)
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows()]
        assert len(rows) == table.row_count
        assert table.head["frame_count"] == len(video.index)
        return rows

    return load


def test_frames_are_those_of_a_sequential_decode(
    records: Callable[[str, TableKind], list[dict[str, Any]]], clip: Callable[[str], Path]
) -> None:
    rows = records("gop_open.mp4", TableKind.FRAMES)
    truth = true_frames(clip("gop_open.mp4"))
    assert [row["pts"] for row in rows] == [frame.pts for frame in truth]
    assert [row["is_keyframe"] for row in rows] == [frame.is_keyframe for frame in truth]
    assert [row["picture_type"] for row in rows] == [frame.picture_type for frame in truth]
    assert [row["frame_number"] for row in rows] == list(range(48))
    timeless = records("h264.h264", TableKind.FRAMES)
    assert {row["pts"] for row in timeless} == {None}


def test_gops_are_those_that_were_encoded(
    records: Callable[[str, TableKind], list[dict[str, Any]]],
) -> None:
    closed = records("h264.mp4", TableKind.GOPS)
    assert [(row["keyframe"], row["frame_count"], row["is_open"]) for row in closed] == [
        (0, 12, False),
        (12, 12, False),
        (24, 12, False),
        (36, 12, False),
    ]
    assert all(row["structure"].startswith("I") and len(row["structure"]) == 12 for row in closed)
    frames = records("h264.mp4", TableKind.FRAMES)
    assert sum(row["size_bytes"] for row in closed) == sum(row["size_bytes"] for row in frames)
    opened = records("gop_open.mp4", TableKind.GOPS)
    assert [(row["first_frame"], row["keyframe"]) for row in opened[:3]] == [(0, 0), (9, 12), (21, 24)]
    assert [row["is_open"] for row in opened] == [False, True, True, True]
    assert all(row["i_frames"] + row["p_frames"] + row["b_frames"] == row["frame_count"] for row in opened)


def test_times_are_those_that_were_written(
    records: Callable[[str, TableKind], list[dict[str, Any]]],
) -> None:
    rows = records("vfr.mp4", TableKind.TIMING)  # steps of 17, 33, 50 and 400 ms in turn
    assert [row["time_s"] for row in rows[:5]] == pytest.approx([0, 0.017, 0.05, 0.1, 0.5])
    assert [row["interval_s"] for row in rows[1:6]] == pytest.approx([0.017, 0.033, 0.05, 0.4, 0.017])
    rate = 1 / (rows[1]["nominal_time_s"] - rows[0]["nominal_time_s"])
    assert rows[40]["nominal_error_s"] == pytest.approx(40 / rate - rows[40]["time_s"])
    assert any(row["remark"] == "gap before" for row in rows)
    assert {row["remark"] for row in records("h264.h264", TableKind.TIMING)} == {"no timestamp"}
