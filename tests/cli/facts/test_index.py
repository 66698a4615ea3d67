"""``framescope index`` prints a row per frame, as aligned text and as JSON that is one document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.clips.truth import true_frames

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


def test_a_row_a_frame(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    header, *rows = framescope("index", plain_clip).out.splitlines()
    assert header.split() == ["frame", "time_s", "pts", "dts", "type", "key", "bytes", "damage"]
    assert len({len(row) for row in (header, *rows)}) == 1
    truth = true_frames(plain_clip)
    assert [int(row.split()[2]) for row in rows] == [true.pts for true in truth]
    assert [row.split()[5] == "K" for row in rows] == [true.is_keyframe for true in truth]


def test_json_is_one_document(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    table = framescope("index", plain_clip, "--json").json()
    frames = table["frames"]
    assert isinstance(frames, list)
    assert table["frame_count"] == len(frames) == 48
    assert frames[0]["picture_type"] == "I"
    assert frames[24]["is_keyframe"] is True
    assert frames[5]["frame_number"] == 5
    assert frames[5]["time_s"] == pytest.approx(5 / 24)


def test_damaged_frames_are_named(framescope: Callable[..., Answer], clip: Callable[[str], Path]) -> None:
    answer = framescope("index", clip("damaged_keyframe.mp4"), "--json")
    frames = answer.json()["frames"]
    assert isinstance(frames, list)
    assert [one["frame_number"] for one in frames if one["is_damaged"]] == list(range(24, 36))
    text = framescope("index", clip("damaged_keyframe.mp4"))
    rows = [row.split() for row in text.out.splitlines()[1:]]
    assert [int(row[0]) for row in rows if row[7] == "D"] == list(range(24, 36))
    assert f"12 of {len(rows)} frames are damaged or may depend on damage." in text.err


def test_missing_times_are_dashes_and_nulls(
    framescope: Callable[..., Answer], clip: Callable[[str], Path]
) -> None:
    answer = framescope("index", clip("h264.h264"))
    assert answer.out.splitlines()[1].split()[1:3] == ["-", "-"]
    assert answer.err
    frames = framescope("index", clip("h264.h264"), "--json").json()["frames"]
    assert isinstance(frames, list)
    assert frames[0]["pts"] is None
    assert frames[0]["time_s"] is None


def test_frames_can_be_counted_by_decoding(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    assert framescope("index", plain_clip, "--json", "--decode").json()["basis"] == "decoded"


def test_nothing_but_rows_goes_to_a_pipe(
    framescope: Callable[..., Answer], plain_clip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert framescope("index", plain_clip).err == ""
    assert capsys.readouterr().out == ""
