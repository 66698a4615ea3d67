"""Which frame goes into which file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.errors import SettingsError
from framescope.core.export import plan as plan_module
from framescope.core.export.plan import Action, numbered_name, plan_export, preview_names, resolved
from framescope.core.export.settings import OnExisting
from framescope.core.media.index import NO_PTS
from framescope.core.sampling.chosen import Chosen, chosen_clips
from tests.core.sampling.indexes import make_index

if TYPE_CHECKING:
    from framescope.core.export.settings import ExportSettings
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo


def test_each_frame_gets_its_file(info: VideoInfo, index: FrameIndex, settings: ExportSettings) -> None:
    plan = plan_export(info, index, [150, 3, 3], settings)
    assert [(item.frame_number, item.path, item.action) for item in plan.items] == [
        (3, settings.folder / "clip_000003.png", Action.WRITE),
        (150, settings.folder / "clip_000150.png", Action.WRITE),
    ]
    assert len(plan) == 2
    assert not settings.folder.exists()


@pytest.mark.parametrize(("count", "step"), [(1, 1), (16, 1), (17, 2), (150, 10), (200, 13)])
def test_some_files_are_proven_in_full_spread_evenly(
    info: VideoInfo, index: FrameIndex, settings: ExportSettings, count: int, step: int
) -> None:
    items = plan_export(info, index, range(count), settings).items
    assert [item.frame_number for item in items if item.in_full] == list(range(0, count, step))


def test_of_very_many_files_every_16th_is_proven_in_full(info: VideoInfo, settings: ExportSettings) -> None:
    plan = plan_export(info, make_index([40 * n for n in range(1000)]), range(1000), settings)
    assert [item.frame_number for item in plan.items if item.in_full] == list(range(0, 1000, 16))


def test_every_field_comes_from_the_index(
    info: VideoInfo, index: FrameIndex, settings: ExportSettings
) -> None:
    pattern = replace(settings, name_pattern="{index}-{frame}-{pts}-{time}")
    assert plan_export(info, index, [5, 60], pattern).names == (
        "0-5-200-00-00-00.200.png",
        "1-60-2400-00-00-02.400.png",
    )


def test_a_frame_that_does_not_exist_is_refused(
    info: VideoInfo, index: FrameIndex, settings: ExportSettings
) -> None:
    with pytest.raises(SettingsError, match="no frame 200"):
        plan_export(info, index, [0, 200], settings)


@pytest.mark.parametrize(
    ("pattern", "pair"), [("same", "5 and 6"), ("{time:.0f}", "5 and 6"), ("{frame:.1e}", "101 and 102")]
)
def test_two_frames_of_one_name_are_found_before_starting(
    info: VideoInfo, index: FrameIndex, settings: ExportSettings, pattern: str, pair: str
) -> None:
    numbers = [5, 6] if pair.startswith("5") else [101, 102]
    with pytest.raises(SettingsError, match=f"Frames {pair} would share") as caught:
        plan_export(info, index, numbers, replace(settings, name_pattern=pattern))
    assert "{frame:06d}" in caught.value.hint


def test_names_that_one_file_system_takes_for_one_are_shared(
    info: VideoInfo, index: FrameIndex, settings: ExportSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_module, "_FOLDS_NAMES", True)
    plan = plan_export(info, index, [3], settings, existing={"CLIP_000003.PNG"})
    assert plan.actions == (Action.ASK,)


@pytest.mark.parametrize(
    ("on_existing", "action"),
    [
        (OnExisting.ASK, Action.ASK),
        (OnExisting.SKIP, Action.SKIP),
        (OnExisting.OVERWRITE, Action.OVERWRITE),
        (OnExisting.NUMBER, Action.NUMBER),
    ],
)
def test_files_that_are_there_are_seen(
    info: VideoInfo,
    index: FrameIndex,
    settings: ExportSettings,
    on_existing: OnExisting,
    action: Action,
) -> None:
    existing = {"clip_000001.png", "clip_000001-2.png", "clip_000007.png"}
    plan = plan_export(info, index, [0, 1], replace(settings, on_existing=on_existing), existing=existing)
    assert plan.actions == (Action.WRITE, action)
    assert plan.existing_count == plan.count(action) == 1
    numbered = on_existing is OnExisting.NUMBER
    assert plan.names[1] == ("clip_000001-3.png" if numbered else "clip_000001.png")


def test_a_number_does_not_take_another_planned_name(
    info: VideoInfo, index: FrameIndex, settings: ExportSettings
) -> None:
    numbered = replace(settings, on_existing=OnExisting.NUMBER, name_pattern="a-{frame}")
    # a-1.png is taken; its next name a-1-2.png is free, and stays apart from frame 2's a-2.png.
    plan = plan_export(info, index, [1, 2], numbered, existing={"a-1.png"})
    assert plan.names == ("a-1-2.png", "a-2.png")


@pytest.mark.parametrize("decided", [OnExisting.SKIP, OnExisting.OVERWRITE, OnExisting.NUMBER])
def test_an_answer_to_the_question_gives_the_plan_that_would_have_been_made(
    info: VideoInfo, index: FrameIndex, settings: ExportSettings, decided: OnExisting
) -> None:
    existing = {"clip_000001.png", "clip_000002.png"}
    asking = plan_export(info, index, range(4), settings, existing=existing)
    direct = plan_export(info, index, range(4), replace(settings, on_existing=decided), existing=existing)
    answered = resolved(asking, decided, existing)
    assert (answered.settings, answered.names, answered.actions) == (
        direct.settings,
        direct.names,
        direct.actions,
    )


def test_the_preview_shows_the_first_and_the_last_name(
    info: VideoInfo, index: FrameIndex, settings: ExportSettings
) -> None:
    plan = plan_export(info, index, range(3, 90, 7), settings)
    assert preview_names(info, index, plan.frame_numbers, settings) == (plan.names[0], plan.names[-1])
    assert len(set(preview_names(info, index, plan.frame_numbers[:1], settings))) == 1
    with pytest.raises(SettingsError, match="would share"):
        preview_names(info, index, plan.frame_numbers, replace(settings, name_pattern="x"))


def test_names_by_time_need_timestamps(info: VideoInfo, settings: ExportSettings) -> None:
    index = make_index([0, NO_PTS, 80])
    with pytest.raises(SettingsError, match="Frame 1 has no timestamp"):
        plan_export(info, index, range(3), replace(settings, name_pattern="{pts}"))
    assert len(plan_export(info, index, range(3), settings)) == 3


def test_numbers_go_before_the_extension() -> None:
    assert numbered_name("a.b.png", 12) == "a.b-12.png"


def overlapping_clips() -> Chosen:
    return chosen_clips(np.array([[0, 1, 2], [2, 3, 3]], np.int64))


def test_clips_are_named_by_clip_and_place(
    info: VideoInfo, index: FrameIndex, settings: ExportSettings
) -> None:
    plan = plan_export(info, index, overlapping_clips(), settings)
    assert [(number, name) for number, name in zip(plan.frame_numbers.tolist(), plan.names, strict=True)] == [
        (0, "clip_clip000_000.png"),
        (1, "clip_clip000_001.png"),
        (2, "clip_clip000_002.png"),
        (2, "clip_clip001_000.png"),
        (3, "clip_clip001_001.png"),
        (3, "clip_clip001_002.png"),
    ]
    first, last = preview_names(info, index, overlapping_clips(), settings)
    assert (first, last) == (plan.names[0], plan.names[-1])


def test_clips_that_share_frames_need_names_that_tell_them_apart(
    info: VideoInfo, index: FrameIndex, settings: ExportSettings
) -> None:
    with pytest.raises(SettingsError, match="Two clips would save frame 2"):
        plan_export(info, index, overlapping_clips(), replace(settings, name_pattern="f{frame}"))


def test_without_clips_there_is_no_clip_to_name(
    info: VideoInfo, index: FrameIndex, settings: ExportSettings
) -> None:
    with pytest.raises(SettingsError, match="No clips are made"):
        plan_export(info, index, [1, 2], replace(settings, name_pattern="{clip}_{frame}"))
