"""What an export would do, worked out without doing it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from framescope.core.errors import SettingsError
from framescope.core.export.plan import Action
from framescope.core.export.settings import ExportSettings, ImageFormat, OnExisting
from framescope.core.marks.marked_frames import MarkedFrames
from framescope.core.media.decoding.read_way import ReadWay
from framescope.core.media.index import NO_PTS
from framescope.core.sampling.rate import ClipRule
from framescope.core.sampling.sampling import Sampling, SamplingKind, Viewpoint
from framescope.ui.export.destination import usable_folder
from framescope.ui.export.survey import (
    ExportDraft,
    FilesChoice,
    make_plan,
    survey,
)
from tests.core.export.hostile_folders import read_only
from tests.core.sampling.contents import make_content
from tests.core.sampling.indexes import make_index
from tests.ui.stand_ins import make_info


@pytest.fixture
def draft(tmp_path: Path) -> ExportDraft:
    return ExportDraft(
        make_info(),
        make_index([n * 100 for n in range(50)]),
        Viewpoint(position=7, marked=MarkedFrames((3, 9)), in_out=range(10, 30)),
        Sampling(SamplingKind.EVERY_NTH, step=10),
        ExportSettings(Path()),
        FilesChoice(str(tmp_path / "new" / "folder")),
    )


def test_every_kind_is_counted_at_once(draft: ExportDraft) -> None:
    result = survey(draft)
    assert result.counts == {
        SamplingKind.THIS: 1,
        SamplingKind.MARKED: 2,
        SamplingKind.IN_OUT: 20,
        SamplingKind.EVERY_NTH: 5,
        SamplingKind.EVERY_SECONDS: 5,
        SamplingKind.SPREAD: 20,
        SamplingKind.KEYFRAMES: 5,
        SamplingKind.ALL: 50,
        SamplingKind.RATE: 25,
        SamplingKind.CLIPS: 16,
    }
    assert SamplingKind.LIST in result.errors
    assert SamplingKind.SCENES not in result.errors
    assert result.count == 5
    assert result.is_ready
    assert result.names == ("clip_000000.jpg", "clip_000040.jpg")
    assert (result.free_bytes or 0) > 0


def test_surveying_writes_nothing(draft: ExportDraft, tmp_path: Path) -> None:
    survey(draft)
    assert list(tmp_path.iterdir()) == []


def test_a_kind_that_makes_no_sense_says_why(draft: ExportDraft) -> None:
    wrong = replace(draft, sampling=Sampling(SamplingKind.LIST, listed="10-20"))
    result = survey(wrong)
    assert "Write 10:21" in result.frames_error
    assert not result.is_ready
    untimed = replace(draft, index=make_index(np.full(5, NO_PTS)), viewpoint=Viewpoint())
    assert "no timestamps" in survey(untimed).errors[SamplingKind.EVERY_SECONDS]


@pytest.mark.parametrize(
    ("pattern", "words"), [("{nothing}", "no field"), ("same", "would share"), ("a/b{frame}", "“/”")]
)
def test_a_name_that_cannot_be_used_says_why(draft: ExportDraft, pattern: str, words: str) -> None:
    result = survey(replace(draft, files=replace(draft.files, name_pattern=pattern)))
    assert words in result.name_error
    assert result.names is None
    assert not result.is_ready


def test_a_pattern_is_checked_before_frames_are_chosen(draft: ExportDraft) -> None:
    nothing = replace(draft, viewpoint=Viewpoint(), sampling=Sampling(SamplingKind.MARKED))
    result = survey(nothing)
    assert (result.count, result.names, result.name_error) == (0, None, "")
    wrong = replace(nothing, files=replace(draft.files, name_pattern="{"))
    assert survey(wrong).name_error


@pytest.mark.parametrize("folder", ["", "  ", "relative", "./here", "nul\0byte"])
def test_a_folder_that_is_no_path_is_refused(draft: ExportDraft, folder: str) -> None:
    with pytest.raises(SettingsError):
        usable_folder(folder)
    result = survey(replace(draft, files=replace(draft.files, folder=folder)))
    assert result.folder_error
    assert not result.is_ready


def test_a_folder_below_a_file_or_a_locked_one_is_refused(draft: ExportDraft, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    below = replace(draft, files=replace(draft.files, folder=str(tmp_path / "file" / "a")))
    assert "is not a folder" in survey(below).folder_error
    with read_only(tmp_path / "locked") as locked:
        inside = replace(draft, files=replace(draft.files, folder=str(locked / "a" / "b")))
        assert "cannot be written to" in survey(inside).folder_error


def test_home_is_understood() -> None:
    assert usable_folder(" ~/pictures ") == Path.home() / "pictures"


def test_the_plan_sees_the_folder_as_it_is(draft: ExportDraft) -> None:
    folder = Path(draft.files.folder)
    folder.mkdir(parents=True)
    (folder / "clip_000010.png").touch()
    png = replace(
        draft,
        format=ExportSettings(Path(), ImageFormat.PNG, compression=4, rotate=False),
        files=replace(draft.files, on_existing=OnExisting.ASK),
    )
    plan, existing = make_plan(png)
    assert existing == {"clip_000010.png"}
    assert plan.frame_numbers.tolist() == [0, 10, 20, 30, 40]
    assert plan.count(Action.ASK) == 1
    assert (plan.settings.compression, plan.settings.rotate) == (4, False)


CONTENT = make_content(50, hue=[90.0 if place == 20 else 0.0 for place in range(50)])


def test_what_goes_by_looks_waits_until_somebody_has_looked(draft: ExportDraft) -> None:
    blind = replace(draft, sampling=Sampling(SamplingKind.SCENES))
    result = survey(blind)
    assert (result.unseen, result.count, result.frames_error) == (range(50), 0, "")
    assert not result.is_ready
    seeing = replace(blind, content=CONTENT)
    result = survey(seeing)
    assert (len(result.unseen), result.count) == (0, 2)
    assert result.scene_cuts is not None
    assert result.scene_cuts.tolist() == [20]
    plan, _ = make_plan(seeing)
    assert plan.frame_numbers.tolist() == [0, 20]


def test_only_the_range_has_to_be_looked_at(draft: ExportDraft) -> None:
    sampling = Sampling(SamplingKind.SHARPEST, only_in_out=True)
    assert replace(draft, sampling=sampling).unseen == range(10, 30)
    assert len(replace(draft, sampling=sampling, content=CONTENT.within(range(5, 40))).unseen) == 0


def test_clips_reach_the_plan(draft: ExportDraft) -> None:
    sampling = Sampling(SamplingKind.CLIPS, rate_fps=10, clips=ClipRule(4, 2, 3))
    result = survey(replace(draft, sampling=sampling))
    assert (result.count, result.clip_total) == (12, 3)
    assert result.numbers is not None
    assert result.numbers.tolist() == list(range(8))
    assert result.names == ("clip_clip000_000.jpg", "clip_clip002_003.jpg")
    plan, _ = make_plan(replace(draft, sampling=sampling))
    assert len(plan) == 12


def test_how_frames_are_read_is_told(draft: ExportDraft) -> None:
    result = survey(replace(draft, sampling=Sampling(SamplingKind.LIST, listed="0,40"), frames_per_s=10.0))
    assert result.reading is not None
    assert result.reading.way is ReadWay.SEEK
    assert result.reading.costs.through.frames == 41
    assert (
        survey(replace(draft, viewpoint=Viewpoint(), sampling=Sampling(SamplingKind.MARKED))).reading is None
    )
