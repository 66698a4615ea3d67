"""Lists of clips in the columns of several sources, and the videos they mean."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from framescope.core.dataset.clip_list import VideoFinder, read_clip_list
from framescope.core.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path


def listed(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_columns_of_kinetics(tmp_path: Path) -> None:
    text = "label,youtube_id,time_start,time_end,split\ntying knot (not on a tie),--34:A_b,10,20,train\n"
    (row,) = read_clip_list(listed(tmp_path, text))
    assert (row.video, row.start, row.end, row.split) == ("--34:A_b", Fraction(10), Fraction(20), "train")
    assert row.folder == "train/tying knot (not on a tie)"
    assert row.name == "--34_A_b_000010_000020"


def test_times_are_exact_and_bad_rows_say_why(tmp_path: Path) -> None:
    rows = ["a.v2.mp4,0.1,1:02.5", "b,2,1", "c,x,1", "d,1", ",1,2", "e,-1,2", "v1.5,0,0.04"]
    found = read_clip_list(listed(tmp_path, "\n".join(["video,start,end", *rows])))
    assert (found[0].start, found[0].end) == (Fraction(1, 10), Fraction(125, 2))
    assert found[0].name == "a.v2_000000-100_000062-500"
    assert [bool(row.reason) for row in found] == [False, True, True, True, True, True, False]
    assert [row.number for row in found] == list(range(2, 9))
    # Without an extension of a video, a dot is part of the name.
    assert found[6].name == "v1.5_000000_000000-040"


def test_labels_do_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    (row,) = read_clip_list(listed(tmp_path, "video,start,end,label,split\n../a,0,1,../../b,..\n"))
    assert ".." not in row.folder.split("/")
    assert "/" not in row.name


@pytest.mark.parametrize("odd", ["\n", "\r\n", "\x0c", "\x1c", "\x85", "\u2028"])
def test_characters_that_end_lines_elsewhere_are_part_of_a_name(tmp_path: Path, odd: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f'video,start,end\n"a{odd}b.mp4",0,1\nc.mp4,0,1\n', encoding="utf-8", newline="")
    assert [row.video for row in read_clip_list(path)] == [f"a{odd}b.mp4", "c.mp4"]


def test_rows_are_numbered_by_their_lines(tmp_path: Path) -> None:
    found = read_clip_list(listed(tmp_path, '\nvideo,start,end\n\na,0,1\n"b\nc",0,1\n,,\nd,0,1\n'))
    assert [(row.video, row.number) for row in found] == [("a", 4), ("b\nc", 5), ("d", 8)]


@pytest.mark.parametrize("text", ["", "video,start\na,1\n", "start,end,label\n0,1,a\n"])
def test_lists_without_the_columns_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError):
        read_clip_list(listed(tmp_path, text))


def test_videos_are_found_by_path_name_or_stem(tmp_path: Path) -> None:
    for name in ("a/one.mp4", "b/two.mkv", "b/one.webm", "v1.5.mp4"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    finder = VideoFinder(tmp_path)
    for text, name in {
        "a/one.mp4": "a/one.mp4",
        "one.webm": "b/one.webm",
        "two": "b/two.mkv",
        "v1.5": "v1.5.mp4",
    }.items():
        assert finder.find(text) == str(tmp_path / name)
    with pytest.raises(SettingsError, match="2 videos are called one"):
        finder.find("one")
    with pytest.raises(SettingsError, match="no video three"):
        finder.find("three")


def test_times_and_names_are_exact_for_any_digits(tmp_path: Path) -> None:
    chance = random.Random(5)
    digits = [f"{chance.randrange(10**6)}.{chance.randrange(10**9):09d}" for _ in range(300)]
    exact = {one[:most]: Fraction(f"{one[:most]}0") for one in digits if (most := chance.randrange(8, 17))}
    exact |= {"0.0005": Fraction(1, 2000), "0.0015": Fraction(3, 2000), "7.": Fraction(7)}
    exact |= {"1:02.5005": Fraction("62.5005"), "12,25": Fraction(49, 4), "3ms": Fraction(3, 1000)}
    rows = "".join(f'v,"{time}",9999999\n' for time in exact)
    found = read_clip_list(listed(tmp_path, f"video,start,end\n{rows}"))
    for row, seconds in zip(found, exact.values(), strict=True):
        assert row.start == seconds
        ms = round(seconds * 1000)
        parts = f"-{ms % 1000:03d}" if ms % 1000 else ""
        assert row.name == f"v_{ms // 1000:06d}{parts}_9999999"
