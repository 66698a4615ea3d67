"""What a picture says about itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.export.settings import ExportSettings, ImageFormat
from framescope.core.export.tags import SourceFacts, tags_for
from framescope.core.media.picture import DisplayRule, turn
from framescope.core.model.stream_facts import ColorFacts
from tests.core.export.fakes import FakePicture, fake_bgr, fake_frame

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.model.stream_facts import VideoInfo

HDR = ColorFacts("bt2020nc", "bt2020nc", "limited", "limited", "smpte2084", "bt2020")
# Exif 2.32, 4.6.4: which side of the picture the 0th row and the 0th column are.
UPRIGHT = {
    1: lambda p: p,
    2: lambda p: p[:, ::-1],
    3: lambda p: p[::-1, ::-1],
    4: lambda p: p[::-1],
    5: lambda p: p.transpose(1, 0, 2),
    6: lambda p: p.transpose(1, 0, 2)[:, ::-1],
    7: lambda p: p[::-1, ::-1].transpose(1, 0, 2),
    8: lambda p: p.transpose(1, 0, 2)[::-1],
}


def test_the_source_is_named_without_its_folder(info: VideoInfo) -> None:
    assert SourceFacts.of(info).name == "clip.mp4"
    address = replace(info, source="https://example.org/a%20b.mp4?token=1")
    assert SourceFacts.of(address).name == "a b.mp4"


def test_a_frame_tells_who_it_is(info: VideoInfo, tmp_path: Path) -> None:
    tags = tags_for(fake_frame(9), ExportSettings(tmp_path), SourceFacts.of(info))
    assert (tags.source, tags.frame_number, tags.pts, tags.picture_type) == ("clip.mp4", 9, 360, "P")
    assert tags.software.startswith("FrameScope")


def test_what_sixteen_bits_mean_is_said(tmp_path: Path) -> None:
    png = ExportSettings(tmp_path, ImageFormat.PNG)
    assert tags_for(fake_frame(9), png, SourceFacts(bit_depth=10)).scale.endswith("from 10 bits")
    assert tags_for(fake_frame(9), png, SourceFacts(bit_depth=8)).scale == ""
    assert tags_for(fake_frame(9), ExportSettings(tmp_path), SourceFacts(bit_depth=10)).scale == ""


def test_colours_are_those_of_the_file_not_of_the_video(tmp_path: Path) -> None:
    frame = fake_frame(9)
    hdr = replace(frame, picture=FakePicture(fake_bgr(9), is_hdr=True))
    mapped = ExportSettings(tmp_path, tone_map=True)
    tags = tags_for(hdr, mapped, SourceFacts(color=HDR))
    assert (tags.transfer, tags.primaries) == ("iec61966-2-1", "bt709")
    for settings in (replace(mapped, tone_map=False), replace(mapped, image_format=ImageFormat.PLANES)):
        tags = tags_for(hdr, settings, SourceFacts(color=HDR))
        assert (tags.transfer, tags.primaries) == ("smpte2084", "bt2020")


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("mirrored", [False, True])
def test_what_was_not_turned_says_how_to(rotation: int, mirrored: bool, tmp_path: Path) -> None:  # noqa: FBT001
    facts = SourceFacts(rotation=rotation, mirrored=mirrored)
    settings = ExportSettings(tmp_path, ImageFormat.PNG, rotate=False)
    stored = np.arange(5 * 3 * 3, dtype=np.uint8).reshape(5, 3, 3)
    shown = turn(stored, DisplayRule(rotation=rotation, mirrored=mirrored))
    orientation = tags_for(fake_frame(1), settings, facts).orientation
    assert np.array_equal(UPRIGHT[orientation](stored), shown)
    assert tags_for(fake_frame(1), replace(settings, rotate=True), facts).orientation == 1
