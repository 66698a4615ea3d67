"""Choosing and exporting from a script: every rule, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

import framescope
from framescope.core.errors import ExportError, MissingFileError, SettingsError
from framescope.core.scripting import choose, export
from framescope.core.synth.number_blocks import read_number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def video(plain_clip: Path) -> Iterator[framescope.Video]:
    with framescope.open_video(plain_clip) as video:
        yield video


@pytest.mark.parametrize(
    ("rule", "numbers"),
    [
        ({"frames": "3,10:12,-1"}, [3, 10, 11, 47]),
        ({"frames": [11, 3, 3]}, [3, 11]),
        ({"every": 20}, [0, 20, 40]),
        ({"every": 20, "exclude": "0:19"}, [20, 40]),
        ({"frames": ":", "exclude": "1:47", "at_most": 9}, [0, 47]),
        ({"every_seconds": 0.5}, [0, 12, 24, 36]),
        ({"spread": 3}, [0, 24, 47]),
        ({"fps": 2}, [0, 12, 24, 36]),
        ({"keyframes": True}, [0, 12, 24, 36]),
        ({"every": 5, "within": range(10, 21)}, [10, 15, 20]),
        ({"keyframes": True, "within": range(13, 40)}, [24, 36]),
    ],
)
def test_rules_that_go_by_the_index(
    video: framescope.Video, rule: dict[str, Any], numbers: list[int]
) -> None:
    chosen = choose(video, **rule)
    assert chosen.dtype == np.int64
    assert chosen.tolist() == numbers


def test_clips_are_rows(video: framescope.Video) -> None:
    assert choose(video, fps=12, clip_length=3, clip_stride=2).tolist()[:2] == [[0, 2, 4], [4, 6, 8]]


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        ({"scenes": True}, None),
        ({"scenes": "hash"}, None),
        ({"sharpest_per_frames": 12}, 4),
        ({"sharpest_per_seconds": 1.0}, 2),
        ({"no_duplicates": True, "max_distance": 0}, None),
        ({"representative": 5}, 5),
        ({"representative": 2, "within": range(10, 30)}, 2),
        ({"sharpest_per_frames": 6, "no_duplicates": True, "max_distance": 0, "at_most": 3}, 3),
        ({"every": 4, "per_scene": 50, "exclude": [0, 4], "at_most": 2, "scene_rule": "hash"}, 2),
        ({"per_scene": 3, "scene_rule": framescope.SceneRule(content=255.0)}, 3),
    ],
)
def test_rules_that_look_at_pictures(
    video: framescope.Video, rule: dict[str, Any], count: int | None
) -> None:
    chosen = choose(video, **rule)
    assert len(chosen) == (count or len(chosen)) > 0
    assert (np.diff(chosen) > 0).all()
    within = rule.get("within", range(48))
    assert set(chosen.tolist()) <= set(within)


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"every": 2, "spread": 3},
        {"every": 0},
        {"spread": -1},
        {"every_seconds": float("nan")},
        {"fps": 0.0},
        {"clip_length": 4, "every": 2},
        {"frames": "3,x"},
        {"frames": "48"},
        {"scenes": "guess"},
        {"sharpest_per_frames": 0},
        {"every": 2.5},
        {"spread": "3"},
        {"every": 2, "within": range(0, 10, 2)},
        {"every": 2, "within": range(20, 5)},
        {"frames": "0:5", "within": range(10, 20)},
        {"fps": 2, "clip_stride": 3},
        {"every": 2, "max_clips": 3},
        {"every": 2, "max_distance": 3},
        {"every": 2, "anywhere": True},
        {"every": 2, "at_most": 0},
        {"every": 2, "per_scene": 1.5},
        {"every": 2, "scene_rule": "hash"},
        {"every": 2, "exclude": "x"},
        {"exclude": "3"},
        {"fps": 2, "clip_length": 2, "at_most": 3},
    ],
)
def test_what_makes_no_sense_is_refused(video: framescope.Video, rule: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        choose(video, **rule)


def test_the_saved_frames_are_the_chosen_ones(video: framescope.Video, tmp_path: Path) -> None:
    result = export(video, tmp_path / "out", choose(video, spread=3), image_format="png", compression=1)
    assert result.is_complete
    for outcome in result.written:
        assert read_number(np.asarray(Image.open(outcome.path).convert("RGB"))) == outcome.frame_number
    assert (tmp_path / "out" / "framescope-manifest.jsonl").is_file()


def test_a_path_is_enough_and_clips_share_frames(plain_clip: Path, tmp_path: Path) -> None:
    clips = np.array([[0, 2, 4], [4, 6, 8]])
    result = export(plain_clip, tmp_path / "out", clips, manifest=False, quality=60)
    assert [outcome.frame_number for outcome in result.written] == [0, 2, 4, 4, 6, 8]
    assert not (tmp_path / "out" / "framescope-manifest.jsonl").exists()


def test_a_slice_of_the_video_is_saved(video: framescope.Video, tmp_path: Path) -> None:
    result = export(video, tmp_path, video[::20], image_format="npy")
    assert [outcome.frame_number for outcome in result.written] == [0, 20, 40]


def test_existing_files_stay_unless_told(video: framescope.Video, tmp_path: Path) -> None:
    export(video, tmp_path, [0])
    with pytest.raises(ExportError):
        export(video, tmp_path, [0])
    assert len(export(video, tmp_path, [0], existing="skip").skipped) == 1
    assert len(export(video, tmp_path, iter([0]), existing="number").written) == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"quality": 101},
        {"quality": "high"},
        {"image_format": "xyz"},
        {"crop": "nonsense"},
        {"qualty": 3},
        {"existing": "bogus"},
    ],
)
def test_unusable_settings_are_refused(
    video: framescope.Video, tmp_path: Path, settings: dict[str, Any]
) -> None:
    with pytest.raises(SettingsError):
        export(video, tmp_path / "out", [0], **settings)
    assert not (tmp_path / "out").exists()


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError):
        export(tmp_path / "no.mp4", tmp_path / "out", [0])


@pytest.mark.parametrize(
    "frames",
    [
        [1.7, 3.9],
        np.array([True, False, True]),
        [2**70],
        [[0, 1], [2]],
        np.zeros((2, 2, 2), int),
        "3,5",
        7,
        [48],
    ],
)
def test_what_is_not_a_list_of_frames_is_refused(
    video: framescope.Video,
    tmp_path: Path,
    frames: Any,  # noqa: ANN401 - that is the point
) -> None:
    with pytest.raises(SettingsError):
        export(video, tmp_path / "out", frames)
    assert not (tmp_path / "out").exists()
