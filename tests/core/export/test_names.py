"""The names of an export's files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.errors import SettingsError
from framescope.core.export import names as names_module
from framescope.core.export.encoders.formats import ImageFormat
from framescope.core.export.geometry import Crop, Resize
from framescope.core.export.names import FrameNames, saved_size
from framescope.core.model.frame import PictureType
from framescope.core.sampling.chosen import Chosen
from tests.core.sampling.indexes import make_index

if TYPE_CHECKING:
    from framescope.core.export.settings import ExportSettings
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo


@pytest.fixture
def large(info: VideoInfo) -> VideoInfo:
    return replace(info, width=640, height=360, rotation=90, timecode_start="01:00:00:00")


def named(info: VideoInfo, index: FrameIndex, settings: ExportSettings, pattern: str) -> list[str]:
    names = FrameNames(info, index, Chosen(np.array([3, 30])), replace(settings, name_pattern=pattern))
    return [names.name(row) for row in range(len(names))]


def test_every_field_is_filled_in(large: VideoInfo, index: FrameIndex, settings: ExportSettings) -> None:
    pattern = "{stem}_{frame}_{index}_{pts}_{time:.2f}_{timecode}_{width}x{height}"
    assert named(large, index, settings, pattern) == [
        "clip_3_0_120_0.12_01-00-00-03_360x640.png",
        "clip_30_1_1200_1.20_01-00-01-05_360x640.png",
    ]


def test_picture_types_are_small_letters_until_they_are_decoded(
    large: VideoInfo, index: FrameIndex, settings: ExportSettings
) -> None:
    codes = np.full(len(index), PictureType.B, np.uint8)
    codes[3] = PictureType.I
    inferred = replace(index, picture_type_codes=codes, picture_types_decoded=False)
    assert named(large, inferred, settings, "{frame}{type}") == ["3i.png", "30b.png"]
    decoded = replace(inferred, picture_types_decoded=True)
    assert named(large, decoded, settings, "{frame}{type}") == ["3I.png", "30B.png"]
    unknown = replace(inferred, picture_type_codes=np.zeros(len(index), np.uint8))
    with pytest.raises(SettingsError, match="Frame 3 has an unknown picture type"):
        named(large, unknown, settings, "{frame}{type}")


def test_a_varying_rate_has_no_timecode(large: VideoInfo, settings: ExportSettings) -> None:
    varying = make_index([n * n for n in range(40)])
    with pytest.raises(SettingsError, match="frame rate varies"):
        named(large, varying, settings, "{timecode}")


def test_clips_have_names_of_their_own(large: VideoInfo, index: FrameIndex, settings: ExportSettings) -> None:
    chosen = Chosen(np.array([3, 4]), clips=np.array([0, 0]), places=np.array([0, 1]))
    assert FrameNames(large, index, chosen, settings).name(1) == "clip_clip000_001.png"


def test_the_saved_size_follows_rotation_crop_and_resize(large: VideoInfo, settings: ExportSettings) -> None:
    assert saved_size(large, settings) == (360, 640)
    assert saved_size(large, replace(settings, rotate=False)) == (640, 360)
    assert saved_size(large, replace(settings, crop=Crop(10, 20, 100, 50))) == (100, 50)
    both = replace(settings, crop=Crop(10, 20, 100, 50), resize=Resize(longest=50))
    assert saved_size(large, both) == (50, 25)
    assert saved_size(large, replace(both, image_format=ImageFormat.PLANES)) == (640, 360)


def test_a_crop_beyond_the_picture_is_found_before_the_start(
    large: VideoInfo, index: FrameIndex, settings: ExportSettings
) -> None:
    with pytest.raises(SettingsError, match="360 × 640"):
        named(large, index, replace(settings, crop=Crop(300, 0, 100, 100)), "{frame}")


def test_windows_counts_the_whole_path(
    large: VideoInfo, index: FrameIndex, settings: ExportSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = replace(settings, folder=Path("/", *["folder"] * 34))
    assert named(large, index, deep, "{stem}_{frame:06d}")[0] == "clip_000003.png"
    monkeypatch.setattr(names_module, "_COUNTS_PATHS", True)
    assert named(large, index, settings, "{frame}")[0] == "3.png"
    with pytest.raises(SettingsError, match="Windows opens up to 259"):
        named(large, index, deep, "{stem}_{frame:020d}")
