"""Marks as a file that people edit: what is written is read again, what is wrong is told of row by row."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from framescope.core.errors import Cancelled, MissingFileError, SettingsError
from framescope.core.marks.formats import load_marks, save_marks
from framescope.core.marks.marked_frames import MarkedFrames
from framescope.core.marks.marks_file import (
    FORMAT,
    fit_marks,
    moved_marks,
    read_marks,
    stamps_of,
    write_marks,
)
from framescope.core.model.progress import CancelToken, Progress
from tests.core.sampling.indexes import make_index
from tests.ui.stand_ins import make_info

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo

MARKED = MarkedFrames(
    (2, 5, 7), {5: 'Says "no", then leaves; ½', 7: "=1+1"}, 1, 8, {2: "cat", 7: "dog, brown"}
)


@pytest.fixture
def index() -> FrameIndex:
    return make_index(list(range(0, 1000, 100)))


@pytest.fixture
def info(tmp_path: Path) -> VideoInfo:
    path = tmp_path / "video.mp4"
    path.write_bytes(b"video")
    return make_info(source=str(path))


@pytest.mark.parametrize("name", ["a.csv", "a.json"])
def test_what_is_saved_is_loaded(name: str, tmp_path: Path, info: VideoInfo, index: FrameIndex) -> None:
    save_marks(tmp_path / name, MARKED, info, index)
    loaded = load_marks(tmp_path / name, info, index)
    assert loaded.marked == MARKED
    assert loaded.refused == loaded.doubts == ()
    assert loaded.words == "3 marks loaded"


def test_a_row_a_line(tmp_path: Path, info: VideoInfo, index: FrameIndex) -> None:
    save_marks(tmp_path / "a.csv", MARKED, info, index)
    lines = (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "kind,frame_number,pts,time_s,label,note"
    assert lines[1].startswith("in,1,100,")
    assert [line.split(",")[1] for line in lines[2:]] == ["8", "2", "5", "7"]
    save_marks(tmp_path / "a.json", MARKED, info, index)
    text = (tmp_path / "a.json").read_text(encoding="utf-8").splitlines()
    assert len(text) == 1 + 5 + 1
    assert json.loads(text[3].rstrip(","))["frame_number"] == 2


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffkind;frame_number;note\r\nmark;3;Goal\r\n;4;\r\n",
        "frame_number\tnote\n3\tGoal\n4\t\n",
        "note,frame_number,mine\nGoal, 3 ,x\n,4,y\n\n",
        " Frame_Number , note\n3,Goal\n4\n",
    ],
)
def test_what_spreadsheets_and_people_write(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode())
    file = read_marks(path)
    assert (file.marked.marks, dict(file.marked.notes), file.refused) == ((3, 4), {3: "Goal"}, ())


BAD_NUMBERS: tuple[Any, ...] = (
    2.5, "2.5", "NaN", float("nan"), float("inf"), True, None, "", "x", [], {}, 10**30, "9" * 30, "0x1",
    "\u0661", 10**400, 1 << 31, str(1 << 31), -(10**400), {"frame_number": 3}, [[[[1]]]],
)  # fmt: skip


@pytest.mark.parametrize("number", BAD_NUMBERS, ids=str)
def test_what_is_no_frame_number_is_told_of_and_the_rest_is_loaded(number: object, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    rows = [{"frame_number": 1}, {"frame_number": number, "note": "n"}, {"frame_number": 2}]
    path.write_text(json.dumps({"marks": rows}))
    file = read_marks(path)
    assert file.marked.marks == (1, 2)
    (sentence,) = file.refused
    assert sentence.startswith("Row 2: ")
    assert len(sentence) < 120


def test_each_row_that_is_left_out_has_its_line(tmp_path: Path, info: VideoInfo, index: FrameIndex) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "kind,frame_number,note\n"
        "mark,3,\n"
        "mark,-1,\n"
        "mark,10,beyond\n"
        "mark,3,again\n"
        "chapter,4,\n"
        "in,6,\n"
        "out,5,\n"
        "in,2,\n"
        "mark,9,\n"
    )
    loaded = fit_marks(read_marks(path), info, index)
    assert loaded.marked == MarkedFrames((3, 9), {}, 6)
    assert [sentence.split(":")[0] for sentence in loaded.refused] == [
        "Line 3", "Line 4", "Line 5", "Line 6", "Line 8", "Line 9",
    ]  # fmt: skip
    assert "Line 4: frame 10 is beyond the last frame, 9." in loaded.refused
    assert loaded.words == "2 marks loaded, 6 rows left out"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b""),
        ("a.csv", b"a,b\n1,2\n"),
        ("a.csv", b'frame_number\n"1\n'),
        ("a.csv", b"frame_number\n" + b"1" * 200_000 + b"\n"),
        ("a.csv", b"\xff\xfe1\x002\x00"),
        ("a.json", b""),
        ("a.json", b"[]"),
        ("a.json", b"{}"),
        ("a.json", b'{"marks": 3}'),
        ("a.json", b'{"marks": [{'),
        ("a.json", b"[" * 100_000),
        ("a.json", b'{"marks": [' + b'{"a":' * 50_000),
        ("a.json", b'{"marks": [{"frame_number": 1, "frame_number": 2}]}'),
        ("a.json", b'{"marks": [], "marks": [{"frame_number": 2}]}'),
        ("a.txt", b"frame_number\n1\n"),
    ],
)
def test_what_is_no_marks_file_is_refused_in_words(name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(SettingsError) as refusal:
        read_marks(path)
    assert "a." in refusal.value.message + refusal.value.hint


@pytest.mark.skipif(os.name != "posix", reason="needs a pipe with a name")
def test_only_ordinary_files_are_read(tmp_path: Path) -> None:
    pipe = tmp_path / "a.csv"
    os.mkfifo(pipe)
    with pytest.raises(MissingFileError, match="not a regular file"):
        read_marks(pipe)
    with pytest.raises(MissingFileError):
        read_marks(tmp_path / "missing.csv")


def _of_another_file(head: dict[str, Any]) -> None:
    head["video"]["sampled_sha256"] = "0" * 64


def _of_more_frames(head: dict[str, Any]) -> None:
    head["video"]["frames"] = 11


def _of_another_stream(head: dict[str, Any]) -> None:
    head["video"]["stream_index"] = 3


def _of_other_times(head: dict[str, Any]) -> None:
    head["marks"][3]["pts"] += 1


@pytest.mark.parametrize("change", [_of_another_file, _of_more_frames, _of_another_stream, _of_other_times])
def test_marks_of_another_video_are_doubted(
    change: Callable[[dict[str, Any]], None], tmp_path: Path, info: VideoInfo, index: FrameIndex
) -> None:
    path = tmp_path / "a.json"
    save_marks(path, MARKED, info, index)
    head = json.loads(path.read_text(encoding="utf-8"))
    change(head)
    path.write_text(json.dumps(head))
    loaded = fit_marks(read_marks(path), info, index)
    assert len(loaded.doubts) == 1
    assert loaded.marked == MARKED


def test_a_number_of_thousands_of_digits_costs_its_own_row_only(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    digits = "9" * 50_000
    path.write_text(f'{{"marks": [{{"frame_number": {digits}}}, {{"frame_number": 4, "pts": {digits}}}]}}')
    file = read_marks(path)
    assert (file.marked.marks, len(file.refused), dict(file.stamps)) == ((4,), 1, {})


@pytest.mark.parametrize("video", [3, None, [], {"frames": "x", "sampled_sha256": 3, "stream_index": []}])
def test_what_a_file_says_of_its_video_may_be_anything(
    video: object, tmp_path: Path, info: VideoInfo, index: FrameIndex
) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"video": video, "marks": [{"frame_number": 1, "note": 3, "pts": "x"}]}))
    assert fit_marks(read_marks(path), info, index).marked == MarkedFrames((1,))


def test_marks_that_have_moved_are_counted(index: FrameIndex) -> None:
    stamps = stamps_of(MARKED, index)
    assert stamps == {2: 200, 5: 500, 7: 700}
    assert moved_marks(stamps, index) == 0
    assert moved_marks(stamps, make_index([0, 100, 200, 300, 400, 510, 600])) == 1


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_reading_many_rows_reports_and_can_be_cancelled(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"many.{ending}"
    write_marks(path, MarkedFrames(tuple(range(20_000))), None, {"format": FORMAT}, replaces=False)
    reports: list[Progress] = []
    assert len(read_marks(path, progress=reports.append).rows) == 20_000
    assert len(reports) >= 3
    assert all(one.total is not None and one.done <= one.total for one in reports)
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        read_marks(path, progress=lambda one: cancel.cancel() if one.done else None, cancel=cancel)
