"""Clips in bulk: the right frames, whatever the rows; what is finished is kept."""

from __future__ import annotations

import csv
import json
import shutil
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.clips.make import make_clip
from framescope.core.clips.settings import ClipSettings, ClipWay
from framescope.core.dataset import cut_clips as cutting
from framescope.core.dataset.clip_list import ClipRow
from framescope.core.dataset.cut_clips import (
    CLIPS_NAME,
    TABLE_NAME,
    ClipFate,
    ClipOutcome,
    CutSettings,
    cut_clips,
    frames_between,
    remarks_of,
    summary_of,
)
from framescope.core.errors import DestinationLostError, ExportError, TargetExistsError
from framescope.core.export.settings import ExportSettings, ImageFormat
from framescope.core.media.index import NO_PTS
from framescope.core.model.progress import CancelToken, Progress
from framescope.core.source.opening import open_video
from framescope.core.synth.number_blocks import read_number
from tests.core.sampling.indexes import make_index

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EXACT = CutSettings(ClipSettings(ClipWay.EXACT, with_audio=False))
COPY = CutSettings(ClipSettings(ClipWay.COPY, with_audio=False))


def rows() -> list[ClipRow]:
    """Clips of two videos of 48 frames at 24 a second, and rows that fail."""
    half = Fraction(1, 2)
    return [
        ClipRow(1, "one", Fraction(0), half, "run", "train"),
        ClipRow(2, "two", half, Fraction(1), "run", "val"),
        ClipRow(3, "one", Fraction(1), Fraction(9), "sit", "train"),
        ClipRow(4, "one", Fraction(9), Fraction(10), "sit", "train"),
        ClipRow(5, "gone", Fraction(0), half),
        ClipRow(6, "bad", Fraction(0), half),
        ClipRow(7, "one", reason="It is not complete."),
        ClipRow(8, "one", Fraction(0), half, "run", "train"),
    ]


NUMBERS = {1: range(12), 2: range(12, 24), 3: range(24, 48), 8: range(12)}
"""The frames of each row that can be cut."""
FILES = {
    1: "train/run/one_000000_000000-500",
    2: "val/run/two_000000-500_000001",
    3: "train/sit/one_000001_000009",
    8: "train/run/one_000000_000000-500-2",
}


@pytest.fixture(scope="module")
def videos(clip: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips") / "videos"
    (folder / "deep").mkdir(parents=True)
    shutil.copy(clip("h264.mp4"), folder / "one.mp4")
    shutil.copy(clip("h264.mp4"), folder / "deep" / "two.mp4")
    (folder / "bad.mp4").write_bytes(b"no video" * 99)
    return folder


def drawn_numbers(path: Path) -> list[int | None]:
    with open_video(str(path)) as video:
        return [read_number(frame.to_bgr()) for frame in video]


def fates(outcomes: tuple[ClipOutcome, ...]) -> list[ClipFate]:
    return [one.fate for one in outcomes]


CUT, KEPT, FAILED = ClipFate.CUT, ClipFate.KEPT, ClipFate.FAILED


def test_a_copy_that_begins_earlier_is_told(videos: Path, tmp_path: Path) -> None:
    begin = Fraction(15, 24)
    (outcome,) = cut_clips([ClipRow(2, "one", begin, Fraction(1))], videos, tmp_path, COPY)
    path = tmp_path / outcome.table["file"]
    assert drawn_numbers(path) == list(range(15 - outcome.table["early_frames"], 24))
    assert outcome.table["early_frames"] > 0
    (remark,) = remarks_of([outcome])
    assert remark.startswith("1 clip begins earlier")


@pytest.mark.parametrize("settings", [EXACT, COPY])
def test_each_clip_has_the_frames_of_its_row(videos: Path, tmp_path: Path, settings: CutSettings) -> None:
    folder = tmp_path / "out"
    reports: list[Progress] = []
    outcomes = cut_clips(rows(), videos, folder, settings, jobs=2, progress=reports.append)
    assert fates(outcomes) == [CUT, CUT, CUT, FAILED, FAILED, FAILED, FAILED, CUT]
    assert [report.done for report in reports] == list(range(1, 9))
    for number, file in FILES.items():
        # Each row begins at a keyframe, so that a copy is as exact.
        assert drawn_numbers(folder / f"{file}.mp4") == list(NUMBERS[number])
    with (folder / TABLE_NAME).open(newline="") as listing:
        table = list(csv.DictReader(listing))
    assert [(one["file"], one["label"], one["split"]) for one in table] == [
        (f"{FILES[number]}.mp4", rows()[number - 1].label, rows()[number - 1].split) for number in FILES
    ]
    # 48 frames at 24 a second end at 2 s, the third row at 9 s.
    assert [float(one["missing_s"]) for one in table] == pytest.approx([0, 0, 7, 0], abs=0.01)
    assert remarks_of(outcomes) == ["1 clip ends earlier than listed, with the video."]
    told = [json.loads(line) for line in (folder / CLIPS_NAME).read_text().splitlines()]
    assert [one["line"] for one in told if "failed" in one] == [4, 5, 6, 7]
    assert {path.name for path in folder.iterdir()} == {"train", "val", CLIPS_NAME, TABLE_NAME}
    with pytest.raises(TargetExistsError):
        cut_clips(rows(), videos, folder, settings)


def test_a_killed_run_is_resumed_and_gives_the_same_bytes(
    videos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    cut_clips(rows(), videos, whole, COPY)
    left = [2]

    class PowerCut(BaseException):
        pass

    def dying(*arguments: object, **options: object) -> object:
        if not left[0]:
            raise PowerCut
        left[0] -= 1
        return make_clip(*arguments, **options)  # type: ignore[arg-type] # passed on as they are

    with monkeypatch.context() as patched:
        patched.setattr(cutting, "make_clip", dying)
        with pytest.raises(PowerCut):
            cut_clips(rows(), videos, cut, COPY)
    journal = cut / "framescope-clips.part.jsonl"
    # A kill may cut a line in half.
    journal.write_bytes(journal.read_bytes() + b'{"row":')
    outcomes = cut_clips(rows(), videos, cut, COPY, resume=True)
    assert fates(outcomes).count(KEPT) == 2
    assert {path.relative_to(cut): path.read_bytes() for path in cut.rglob("*.*")} == {
        path.relative_to(whole): path.read_bytes() for path in whole.rglob("*.*")
    }
    altered = cut / f"{FILES[2]}.mp4"
    altered.write_bytes(b"other")
    again = cut_clips(rows(), videos, cut, COPY, resume=True)
    assert fates(again) == [KEPT, CUT, KEPT, FAILED, FAILED, FAILED, FAILED, KEPT]
    assert drawn_numbers(altered) == list(NUMBERS[2])
    assert summary_of(again).replace("\u2009", " ") == "1 clip cut, 3 kept from before, 4 failed"
    with pytest.raises(ExportError, match="other settings"):
        cut_clips(rows(), videos, cut, EXACT, resume=True)


def test_folders_of_frames(videos: Path, tmp_path: Path) -> None:
    settings = CutSettings(
        frames=ExportSettings(tmp_path, ImageFormat.NPY, name_pattern="{frame:02d}"), rate_fps=8
    )
    outcomes = cut_clips(rows()[:3], videos, tmp_path / "out", settings)
    assert fates(outcomes) == [CUT, CUT, CUT]
    for number, file in list(FILES.items())[:3]:
        pictures = sorted((tmp_path / "out" / file).glob("*.npy"))
        found = [read_number(np.ascontiguousarray(np.load(path)[..., ::-1])) for path in pictures]
        assert found == list(NUMBERS[number])[::3]
    pictures[0].unlink()
    again = cut_clips(rows()[:3], videos, tmp_path / "out", settings, resume=True)
    assert fates(again) == [KEPT, KEPT, CUT]
    assert pictures[0].is_file()


def test_cancelling_keeps_what_is_finished(videos: Path, tmp_path: Path) -> None:
    cancel = CancelToken()

    def stop(report: Progress) -> None:
        if report.done == 5:
            cancel.cancel()

    outcomes = cut_clips(rows(), videos, tmp_path, COPY, progress=stop, cancel=cancel)
    assert fates(outcomes).count(ClipFate.CANCELLED) == 3
    assert not (tmp_path / CLIPS_NAME).exists()
    done = fates(outcomes).count(CUT)
    assert done
    assert fates(cut_clips(rows(), videos, tmp_path, COPY, resume=True)).count(KEPT) == done


def test_a_full_disk_ends_it(videos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object, **_options: object) -> object:
        raise DestinationLostError("The disk is full.")

    monkeypatch.setattr(cutting, "make_clip", full)
    with pytest.raises(DestinationLostError):
        cut_clips(rows(), videos, tmp_path, COPY)


def test_frames_begin_inside_the_given_times() -> None:
    index = make_index([n * 40 for n in range(200)])
    # 0.04, 0.08 … are no binary fractions, and a frame belongs to just one of two adjacent clips.
    for n in range(199):
        assert frames_between(index, Fraction(n, 25), Fraction(n + 1, 25)) == range(n, n + 1)
    assert frames_between(index, Fraction(1, 100), Fraction(9, 100)) == range(1, 3)
    with pytest.raises(ExportError, match="last one is at"):
        frames_between(index, Fraction(8), Fraction(9))
    without = make_index([NO_PTS] * 3)
    with pytest.raises(ExportError, match="no timestamps"):
        frames_between(without, Fraction(0), Fraction(9))


def test_files_of_others_are_left_alone(videos: Path, tmp_path: Path) -> None:
    own = tmp_path / f"{FILES[1]}.mp4"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"mine")
    assert fates(cut_clips(rows()[:2], videos, tmp_path, COPY)) == [FAILED, CUT]
    assert own.read_bytes() == b"mine"
