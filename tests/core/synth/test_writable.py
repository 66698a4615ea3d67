"""What can be written is found by trying, kept, and explained."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import Cancelled, SynthesisError
from framescope.core.model.progress import CancelToken
from framescope.core.synth import writable
from framescope.core.synth.make_settings import Writer
from framescope.core.synth.writable import (
    REFUSED,
    WritableCell,
    combinations,
    try_all,
    with_reasons,
    writable_table,
)

if TYPE_CHECKING:
    from pathlib import Path

MP4V = WritableCell(Writer.OPENCV, "mp4v", "mpeg4", "mp4")
AVC1 = WritableCell(Writer.PYAV, "avc1", "h264", "mp4")
BAD_TAG = WritableCell(Writer.PYAV, "X264", "h264", "mp4")
PLAIN = WritableCell(Writer.PYAV, "", "h264", "mp4")


def test_what_works_is_found_by_writing_and_reading() -> None:
    tried = try_all((MP4V, AVC1, BAD_TAG, PLAIN))
    assert [cell.works for cell in tried] == [True, True, False, True]
    assert [cell.stored for cell in tried] == ["mp4v", "avc1", "", "avc1"]
    assert with_reasons(tried).cells[2].reason == "MP4 does not support the FourCC X264 for H.264."


def test_every_codec_of_every_writer_is_tried_once() -> None:
    cells = combinations()
    assert len(set(cells)) == len(cells)
    assert {cell.writer for cell in cells} == set(Writer)
    assert {"avc1", "mp4v", "MJPG", "XVID", "hvc1", "av01", "vp09", "FFV1"} <= {cell.fourcc for cell in cells}


def test_reasons_tell_a_missing_encoder_from_a_wrong_container() -> None:
    table = with_reasons(
        (
            replace(MP4V, works=True),
            replace(MP4V, container="webm", reason=REFUSED),
            WritableCell(Writer.OPENCV, "avc1", "h264", "mp4", reason=REFUSED),
            WritableCell(Writer.OPENCV, "XVID", "mpeg4", "avi", reason="crashed: segmentation fault"),
        )
    )
    assert [cell.reason for cell in table.cells] == [
        "",
        "OpenCV does not write MPEG-4 part 2 as mp4v into WebM.",
        "The FFmpeg inside this OpenCV has no encoder for H.264.",
        "crashed: segmentation fault",
    ]
    assert table.cell(Writer.OPENCV, "mpeg4", "mp4v", "mp4") == replace(MP4V, works=True)
    assert table.cell(Writer.PYAV, "mpeg4", "mp4v", "mp4") is None


def test_a_crash_costs_its_own_combination_only() -> None:
    tried = try_all((MP4V, BAD_TAG, AVC1), worker="tests.core.synth.crashing_worker")
    assert [cell.works for cell in tried] == [True, False, True]
    assert "crashed" in tried[1].reason


def test_the_answer_is_kept_until_a_library_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def count(cells: tuple[WritableCell, ...], **_: object) -> tuple[WritableCell, ...]:
        calls.append(len(cells))
        return tuple(replace(cell, works=True) for cell in cells)

    monkeypatch.setattr(writable, "try_all", count)
    place = tmp_path / "new" / "writable.json"
    first = writable_table(cache=place)
    assert writable_table(cache=place) == first
    assert len(calls) == 1
    monkeypatch.setattr("av.__version__", "99")
    writable_table(cache=place)
    assert len(calls) == 2
    place.write_text("{torn")
    assert writable_table(cache=place) == first
    writable_table(cache=place, afresh=True)
    assert len(calls) == 4


def test_a_user_without_a_cache_folder_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writable, "try_all", lambda cells, **_: cells)
    monkeypatch.setattr(writable, "cache_folder", lambda: None)
    monkeypatch.chdir(tmp_path)
    assert writable_table().cells
    assert list(tmp_path.iterdir()) == []


def test_cancelling_stops_the_trial() -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        try_all((MP4V,), cancel=cancel)


def test_what_failed_on_a_full_disk_is_tried_again_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[WritableCell, ...]] = []

    def try_them(cells: tuple[WritableCell, ...], **_: object) -> tuple[WritableCell, ...]:
        asked.append(cells)
        is_first = len(asked) == 1
        return tuple(
            replace(one, works=not is_first, is_certain=n > 2 or not is_first) for n, one in enumerate(cells)
        )

    monkeypatch.setattr(writable, "try_all", try_them)
    place = tmp_path / "writable.json"
    writable_table(cache=place)
    table = writable_table(cache=place)
    assert asked[1] == combinations()[:3]
    assert [cell.works for cell in table.cells[:4]] == [True, True, True, False]
    writable_table(cache=place)
    assert len(asked) == 2


def test_a_child_that_does_not_start_is_not_started_again_and_again() -> None:
    with pytest.raises(SynthesisError, match="Cannot start"):
        try_all((MP4V, AVC1, PLAIN), worker="tests.core.synth.no_such_worker")
