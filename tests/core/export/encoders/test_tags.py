"""What a picture says about itself."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from framescope.core.export.encoders.tags import SourceFacts, tags_for
from framescope.core.export.geometry import Crop, Resize
from framescope.core.export.settings import ExportSettings, ImageFormat
from framescope.core.model.stream_facts import ColorFacts
from tests.core.export.fakes import FakePicture, fake_bgr, fake_frame

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.model.stream_facts import VideoInfo

HDR = ColorFacts("bt2020nc", "bt2020nc", "limited", "limited", "smpte2084", "bt2020")


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


@pytest.mark.parametrize(
    ("rotation", "changes", "aspect"),
    [
        (0, {}, Fraction(64, 45)),
        (90, {}, Fraction(45, 64)),
        (90, {"rotate": False}, Fraction(64, 45)),
        (0, {"resize": Resize(square=True)}, Fraction(1)),
        (270, {"resize": Resize(square=True)}, Fraction(1)),
        (0, {"resize": Resize(longest=10)}, Fraction(64, 45)),
        (0, {"resize": Resize(40, 20)}, Fraction(32, 45)),
        (0, {"crop": Crop(0, 0, 10, 4), "resize": Resize(square=True)}, Fraction(1)),
    ],
)
def test_pixels_keep_their_shape_until_the_picture_is_stretched(
    rotation: int, changes: dict[str, Any], aspect: Fraction, tmp_path: Path
) -> None:
    settings = replace(ExportSettings(tmp_path, ImageFormat.PNG), **changes)
    frame = replace(fake_frame(1), picture=FakePicture(np.zeros((20, 20, 3), np.uint8), rotation))
    facts = SourceFacts(pixel_aspect=Fraction(64, 45))
    assert tags_for(frame, settings, facts).pixel_aspect == aspect


def test_a_letterboxed_picture_has_square_pixels(tmp_path: Path) -> None:
    boxed = ExportSettings(tmp_path, ImageFormat.PNG, resize=Resize.parse("64x64:letterbox"))
    assert tags_for(fake_frame(9), boxed, SourceFacts(pixel_aspect=Fraction(4, 3))).pixel_aspect == 1
