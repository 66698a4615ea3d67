"""What pictures were made of and with."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.errors import ExportError, SettingsError
from framescope.core.export.manifest.lines import header_from
from framescope.core.export.plan import ExportPlan, plan_export
from framescope.core.export.provenance import (
    describe,
    exported_frames,
    frames_digest,
    same_frames,
    same_source,
    versions,
)
from framescope.core.export.settings import ExportSettings, OnExisting
from framescope.core.marks.marked_frames import MarkedFrames
from framescope.core.sampling.chosen import Chosen, chosen_clips
from tests.core.sampling.indexes import make_index

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo


def test_the_frames_digest_knows_numbers_and_timestamps() -> None:
    numbers = np.array([1, 3])
    same = frames_digest(make_index([0, 40, 80, 120]), numbers)
    # A longer index of the same video gives the same frames.
    assert frames_digest(make_index([0, 40, 80, 120, 160]), numbers) == same
    assert frames_digest(make_index([0, 41, 80, 120]), numbers) != same
    assert frames_digest(make_index([0, 40, 80, 120]), np.array([1, 2])) != same


def test_versions_name_what_makes_the_pixels() -> None:
    found = versions()
    assert set(found) >= {"framescope", "pyav", "libavcodec", "libswscale", "opencv"}
    assert all(found.values())


def test_the_header_tells_how_the_export_began(
    info: VideoInfo, index: FrameIndex, settings: ExportSettings
) -> None:
    settings = replace(settings, on_existing=OnExisting.NUMBER)
    taken = {"clip_000004.png", "clip_000006.png", "clip_000006-2.png"}
    plan = plan_export(info, index, [2, 4, 6], settings, existing=taken)
    header = describe(replace(plan, sampling={"kind": "list"}))
    assert header.frames == "2:7:2"
    assert header.actions == {"number": "1:3"}
    assert header.numbered == ((1, "clip_000004-2.png"), (2, "clip_000006-3.png"))
    assert header.sampling == {"kind": "list"}
    assert header.source["name"] == "clip.mp4"
    assert header.source["time_base"] == str(info.time_base)
    assert header.source["sampled_sha256"] is None
    assert header.settings["compression"] == 1
    # Nothing of the machine it was made on.
    assert "folder" not in header.settings
    assert b"/videos" not in header.as_line()


def test_a_plan_without_a_video_has_no_header(settings: ExportSettings) -> None:
    with pytest.raises(ExportError):
        describe(ExportPlan(settings, np.array([1]), ("a.png",), ()))


def test_clips_stand_in_the_header_and_come_back(
    info: VideoInfo, index: FrameIndex, settings: ExportSettings
) -> None:
    chosen = chosen_clips(np.array([[10, 12, 14], [12, 14, 16], [0, 0, 2]]))
    plan = plan_export(info, index, chosen, settings)
    header = describe(plan)
    assert header.clips == ((10, 12, 14), (12, 14, 16), (0, 0, 2))
    again = exported_frames(header, len(index))
    assert np.array_equal(again.frame_numbers, chosen.frame_numbers)
    assert plan_export(info, index, again, settings).names == plan.names
    assert same_frames(header, index)
    for clips in (((10, 12), (12, 14, 16)), ((10, 11), (12, 14)), ((1 << 70,),)):
        with pytest.raises(SettingsError):
            exported_frames(replace(header, clips=clips), len(index))


def test_labels_and_notes_stand_in_the_header_and_come_back(
    info: VideoInfo, index: FrameIndex, settings: ExportSettings
) -> None:
    marked = MarkedFrames((2, 4, 5, 6), {4: "Goal", 5: "not exported"}, labels={2: "cat", 4: "dog/wolf"})
    chosen = Chosen(np.array([2, 4, 6], np.int64), marked=marked)
    plan = plan_export(info, index, chosen, settings)
    header = describe(plan)
    assert header.marks == ((2, "cat", ""), (4, "dog/wolf", "Goal"))
    assert header_from(json.loads(header.as_line())) == header
    again = exported_frames(header, len(index)).marked
    assert [again.texts_of(number) for number in (2, 4, 6)] == [("cat", ""), ("dog/wolf", "Goal"), ("", "")]
    # Of a manifest that an earlier version wrote.
    table = json.loads(describe(plan_export(info, index, [2], settings)).as_line())
    assert "marks" not in table
    assert header_from(table).marks == ()


def test_a_name_may_hold_the_label(info: VideoInfo, index: FrameIndex, settings: ExportSettings) -> None:
    marked = MarkedFrames((2, 4), labels={2: "cat", 4: "dog/wolf..."})
    chosen = Chosen(np.array([2, 4], np.int64), marked=marked)
    named = replace(settings, name_pattern="{label}_{frame:03d}")
    names = plan_export(info, index, chosen, named).names
    assert [name.rpartition(".")[0] for name in names] == ["cat_002", "dog-wolf_004"]
    (other,) = plan_export(info, index, [5], named).names
    assert other.startswith("unlabelled_005")


def test_a_source_is_known_again_by_its_bytes(plain_clip: Path, info: VideoInfo, tmp_path: Path) -> None:
    (tmp_path / "other name.mp4").write_bytes(plain_clip.read_bytes())
    (tmp_path / "other.mp4").write_bytes(plain_clip.read_bytes() + b"x")
    header = describe(
        plan_export(
            replace(info, source=str(plain_clip)),
            make_index([0, 40]),
            [0, 1],
            ExportSettings(tmp_path, name_pattern="{frame}"),
        )
    )
    assert same_source(header, replace(info, source=str(tmp_path / "other name.mp4")))
    assert not same_source(header, replace(info, source=str(tmp_path / "other.mp4")))
    assert not same_source(header, replace(info, source=str(plain_clip), stream_index=3))
    # Where there are no bytes to compare nobody can say that it is another one.
    assert same_source(header, info)
