"""Saved pictures beside the frames they were made of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from framescope.core.export.encoders.encode import can_write, encode_frame, encode_pixels
from framescope.core.export.encoders.pixels import picture_pixels
from framescope.core.export.encoders.tags import SourceFacts
from framescope.core.export.geometry import Resize
from framescope.core.export.manifest.reading import read_manifest
from framescope.core.export.manifest.verify import PictureCheck, differing_pictures, picture_difference
from framescope.core.export.plan import plan_export
from framescope.core.export.run import export_frames
from framescope.core.export.settings import ExportSettings, ImageFormat
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framescope.core.media.video import Video

SETTINGS = [ExportSettings(Path(), one) for one in ImageFormat if not can_write(one)]
FACTS = SourceFacts(name="clip.mp4")


@pytest.fixture(scope="module")
def video(plain_clip: Path) -> Iterator[Video]:
    with open_video(plain_clip, use_index_cache=False) as opened:
        yield opened


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: settings.image_format.value)
def test_a_frame_and_its_own_file_do_not_differ(settings: ExportSettings, video: Video) -> None:
    frame = video.frame(9)
    assert picture_difference(frame, encode_frame(frame, settings, FACTS), settings, FACTS) == ""


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: settings.image_format.value)
def test_the_file_of_another_frame_differs(settings: ExportSettings, video: Video) -> None:
    data = encode_frame(video.frame(30), settings, FACTS)
    assert picture_difference(video.frame(9), data, settings, FACTS)


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: settings.image_format.value)
def test_what_is_no_picture_differs(settings: ExportSettings, video: Video) -> None:
    assert picture_difference(video.frame(9), b"no picture at all", settings, FACTS)


def test_one_pixel_of_a_lossless_file_is_noticed(video: Video) -> None:
    frame, settings = video.frame(9), ExportSettings(Path(), ImageFormat.PNG)
    pixels = picture_pixels(frame, settings).copy()
    pixels[0, 0, 0] ^= 1
    difference = picture_difference(frame, encode_pixels(pixels, settings), settings, FACTS)
    assert difference.startswith("1 of ")


def test_a_lossy_file_of_lower_quality_differs_and_an_equal_one_of_other_bytes_does_not(video: Video) -> None:
    frame, settings = video.frame(9), ExportSettings(Path(), ImageFormat.JPEG, quality=95)
    poor = encode_frame(frame, replace(settings, quality=40), FACTS)
    assert "PSNR to the frame" in picture_difference(frame, poor, settings, FACTS)
    other_bytes = encode_frame(frame, replace(settings, optimized=True), FACTS)
    assert other_bytes != encode_frame(frame, settings, FACTS)
    assert picture_difference(frame, other_bytes, settings, FACTS) == ""


def test_another_size_differs(video: Video) -> None:
    frame, settings = video.frame(9), ExportSettings(Path(), ImageFormat.PNG)
    small = encode_frame(frame, replace(settings, resize=Resize.parse("64x48")), FACTS)
    assert "64 × 48" in picture_difference(frame, small, settings, FACTS)


def test_of_a_folder_only_what_differs_is_named(video: Video, tmp_path: Path) -> None:
    settings = ExportSettings(tmp_path, ImageFormat.JPEG, name_pattern="{frame}")
    export_frames(video, plan_export(video.info, video.index, range(8), settings), manifest=True)
    (section,) = read_manifest(tmp_path).sections
    (tmp_path / "3.jpg").write_bytes((tmp_path / "7.jpg").read_bytes())
    (tmp_path / "5.jpg").unlink()
    check = PictureCheck(tmp_path, section.header, section.lines, 2)
    differing = list(differing_pictures(video, check, ignore_progress, CancelToken()))
    assert [line.frame_number for line, _ in differing] == [3, 5]
    assert differing[1][1] == "It cannot be read."
