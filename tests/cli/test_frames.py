"""``framescope frames`` lists what ``framescope export`` would save."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


def test_a_row_a_frame(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    answer = framescope("frames", plain_clip, "--every", "20")
    assert answer.status == 0, answer.err
    head, *rows = answer.out.splitlines()
    assert head.split() == ["frame", "time_s", "pts", "type", "key", "damage"]
    assert [row.split()[0] for row in rows] == ["0", "20", "40"]
    assert rows[0].split() == ["0", "0.000000", "0", "I", "K", "-"]
    assert "3 pictures of 48 frames" in answer.err
    assert "read through" in answer.err


def test_clips_have_columns_of_their_own(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    answer = framescope("frames", plain_clip, "--fps", "12", "--clip-length", "4", "--max-clips", "2")
    head, *rows = answer.out.splitlines()
    assert head.split()[-2:] == ["clip", "place"]
    assert [tuple(row.split()[-2:]) for row in rows] == [(clip, place) for clip in "01" for place in "0123"]
    assert "8 pictures of 48 frames in 2 clips" in answer.err


def test_json_names_cuts_choice_and_reading(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    table = framescope("frames", plain_clip, "--scenes", "--json").json()
    assert table["scene_cuts"] == [24]
    frames = table["frames"]
    assert isinstance(frames, list)
    assert [one["frame_number"] for one in frames] == [0, 24]
    choice, reading = table["choice"], table["reading"]
    assert isinstance(choice, dict)
    assert isinstance(reading, dict)
    assert choice["scenes"]["content"] == 27.0
    assert reading["way"] == "seek"
    assert reading["seek"]["frames"] == 2
    assert reading["read_through"]["frames"] == 25


@pytest.mark.parametrize("arguments", [(), ("--every", "2", "--all"), ("--threshold", "2", "--all")])
def test_wrong_use_is_status_two(
    arguments: tuple[str, ...], framescope: Callable[..., Answer], plain_clip: Path
) -> None:
    assert framescope("frames", plain_clip, *arguments).status == 2


def test_a_choice_that_makes_no_sense_is_an_error(
    framescope: Callable[..., Answer], plain_clip: Path
) -> None:
    answer = framescope("frames", plain_clip, "--frames", "48")
    assert answer.status == 1
    assert answer.err.startswith("error: ")


def test_the_frames_of_a_marks_file(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    path = tmp_path / "marks.csv"
    path.write_text("frame_number,note\n30,Goal\n3,\n48,beyond\n")
    answer = framescope("frames", plain_clip, "--marks", path)
    assert answer.status == 1
    assert [row.split()[0] for row in answer.out.splitlines()[1:]] == ["3", "30"]
    assert "skipped: marks.csv: Line 4: frame 48 is beyond the last frame, 47." in answer.err
    exported = framescope("export", plain_clip, "-o", tmp_path / "out", "--marks", path)
    assert exported.status == 1
    assert "skipped: marks.csv: Line 4" in exported.err
    assert len(list((tmp_path / "out").glob("*.png")) + list((tmp_path / "out").glob("*.jpg"))) == 2


def test_rows_left_out_of_a_marks_file_are_named_up_to_a_number(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    path = tmp_path / "marks.csv"
    path.write_text("frame_number\n" + "".join(f"{number}\n" for number in range(48 + 1000)))
    answer = framescope("frames", plain_clip, "--marks", path)
    assert answer.status == 1
    assert len(answer.out.splitlines()) == 1 + 48
    lines = answer.err.splitlines()
    assert len(lines) < 50
    assert "skipped: marks.csv: and 960 other rows" in lines


@pytest.mark.parametrize("text", ["frame_number\n", "frame_number\n99\n", "frame\n1\n"])
def test_a_marks_file_without_a_frame_of_the_video_is_an_error(
    text: str, framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    path = tmp_path / "marks.csv"
    path.write_text(text)
    answer = framescope("frames", plain_clip, "--marks", path)
    assert (answer.status, answer.out) == (1, "")
    assert "error: marks.csv" in answer.err


def test_marks_of_another_video_are_noted(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    path = tmp_path / "marks.csv"
    path.write_text("frame_number,pts\n30,1\n")
    answer = framescope("frames", plain_clip, "--marks", path)
    assert answer.status == 0, answer.err
    assert "note: marks.csv: 1 of 1 mark has a different timestamp" in answer.err


def test_damaged_frames_are_marked_and_counted(
    framescope: Callable[..., Answer], clip: Callable[[str], Path]
) -> None:
    answer = framescope("frames", clip("damaged_keyframe.mp4"), "--frames", "23:37")
    rows = [row.split() for row in answer.out.splitlines()[1:]]
    assert [int(row[0]) for row in rows if row[5] == "D"] == list(range(24, 36))
    assert "12 of 14 frames are damaged or may depend on damage." in answer.err
