"""``framescope marks`` lists marks and saves them for other programs."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import opentimelineio
import pytest

from framescope.core.marks.marked_frames import MarkedFrames
from framescope.core.marks.video_memory import VideoMemory, VideoState

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer

ROWS = "kind,frame_number,label,note\nin,2,,\nout,30,,\nmark,7,cat,On the mat\nmark,12,,\n"


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "marks.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_a_row_a_mark(framescope: Callable[..., Answer], plain_clip: Path, rows: Path) -> None:
    answer = framescope("marks", plain_clip, "--marks", rows)
    assert answer.status == 0, answer.err
    cells = [line.split(maxsplit=3) for line in answer.out.splitlines()]
    assert [line[:2] for line in cells] == [["in", "2"], ["out", "30"], ["mark", "7"], ["mark", "12"]]
    assert cells[2][3] == "[cat]  On the mat"
    table = framescope("marks", plain_clip, "--marks", rows, "--json").json()
    assert isinstance(table["marks"], list)
    assert table["marks"][2]["label"] == "cat"
    listed = framescope("marks", plain_clip, "--marks", rows, "--csv").out
    assert listed.splitlines()[0] == "kind,frame_number,pts,time_s,label,note"


def test_those_that_the_window_keeps(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    answer = framescope("marks", plain_clip)
    assert (answer.status, answer.out) == (0, "")
    assert "Nothing is marked" in answer.err
    assert framescope("marks", plain_clip, "-o", tmp_path / "a.edl").status == 1
    memory = VideoMemory()
    identity = memory.identify(str(plain_clip))
    assert identity is not None
    memory.save(identity, 0, VideoState(MarkedFrames((5,), {}, None, None, {5: "dog"})), None)
    answer = framescope("marks", plain_clip)
    assert answer.out.split() == ["mark", "5", "0:00.208", "[dog]"]


@pytest.mark.parametrize("ending", [".csv", ".json", ".coco.json", ".edl", ".markers.edl", ".otio"])
def test_what_is_saved_selects_the_same_frames(
    ending: str, framescope: Callable[..., Answer], plain_clip: Path, rows: Path, tmp_path: Path
) -> None:
    path = tmp_path / f"a{ending}"
    answer = framescope("marks", plain_clip, "--marks", rows, "-o", path)
    assert answer.status == 0, answer.err
    assert f"a{ending}: 2 marks saved" in answer.err
    listed = framescope("marks", plain_clip, "--marks", path).out
    assert listed == framescope("marks", plain_clip, "--marks", rows).out
    frames = framescope("frames", plain_clip, "--marks", path, "--json").json()["frames"]
    assert isinstance(frames, list)
    assert [one["frame_number"] for one in frames] == [7, 12]
    assert framescope("marks", plain_clip, "--marks", rows, "-o", path).status == 1
    assert framescope("marks", plain_clip, "--marks", rows, "-o", path, "--overwrite").status == 0


def test_a_data_set_names_the_files_of_an_export(
    framescope: Callable[..., Answer], plain_clip: Path, rows: Path, tmp_path: Path
) -> None:
    folder, path = tmp_path / "out", tmp_path / "a.coco.json"
    names = ("--name", "{label}_{frame:04d}", "--format", "png", "--resize", "32x32:letterbox")
    exported = framescope("export", plain_clip, "-o", folder, "--marks", rows, *names)
    assert exported.status == 0, exported.err
    answer = framescope("marks", plain_clip, "--marks", rows, "-o", path, "--images", folder)
    assert answer.status == 0, answer.err
    images = json.loads(path.read_text(encoding="utf-8"))["images"]
    assert [one["file_name"] for one in images] == ["cat_0007.png", "unlabelled_0012.png"]
    assert {(one["width"], one["height"]) for one in images} == {(32, 32)}
    # The clip has 160 × 120 pixels; the grey is no part of what is labelled.
    assert [one["bbox"] for one in json.loads(path.read_text(encoding="utf-8"))["annotations"]] == [
        [0, 4, 32, 24]
    ]
    assert all((folder / one["file_name"]).is_file() for one in images)


def test_wrong_use_is_status_two(framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path) -> None:
    assert framescope("marks", plain_clip, "-o", "a.txt").status == 2
    assert framescope("marks", plain_clip, "-o", "a.edl", "--images", tmp_path).status == 2
    assert framescope("marks", plain_clip, "--csv", "--json").status == 2


def test_without_the_library_there_is_a_message(
    framescope: Callable[..., Answer],
    plain_clip: Path,
    rows: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert opentimelineio.__version__
    monkeypatch.setitem(sys.modules, "opentimelineio", None)
    answer = framescope("marks", plain_clip, "--marks", rows, "-o", tmp_path / "a.otio")
    assert answer.status == 1
    assert "OpenTimelineIO, which is not installed" in answer.err
    assert "pip install opentimelineio" in answer.err
    assert not (tmp_path / "a.otio").exists()
