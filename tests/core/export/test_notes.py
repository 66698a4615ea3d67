"""What a format does not keep, said in words."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from framescope.core.export.encoders.formats import BitDepth, ChromaSampling, ImageFormat
from framescope.core.export.geometry import Resize
from framescope.core.export.notes import format_notes, is_deep
from framescope.core.export.settings import ExportSettings

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.model.stream_facts import VideoInfo


@pytest.fixture
def hdr(info: VideoInfo) -> VideoInfo:
    color = replace(info.color, transfer="smpte2084", primaries="bt2020", matrix="bt2020nc")
    return replace(info, bit_depth=10, pixel_format="yuv420p10le", chroma="4:2:0", color=color)


def test_a_plain_video_needs_no_words(info: VideoInfo, tmp_path: Path) -> None:
    for image_format in (ImageFormat.JPEG, ImageFormat.PNG, ImageFormat.WEBP, ImageFormat.TIFF):
        assert format_notes(info, ExportSettings(tmp_path, image_format)) == ()


def test_lost_bits_are_counted(hdr: VideoInfo, info: VideoInfo, tmp_path: Path) -> None:
    def said(image_format: ImageFormat, depth: BitDepth = BitDepth.SOURCE) -> str:
        return " ".join(format_notes(hdr, ExportSettings(tmp_path, image_format, bit_depth=depth)))

    assert "JPEG keeps 8 of the source’s 10 bits." in said(ImageFormat.JPEG)
    assert "scaled to 0–65535" in said(ImageFormat.PNG)
    assert "Saved with 8 of the source’s 10 bits." in said(ImageFormat.TIFF, BitDepth.EIGHT)
    assert "WebP keeps 8 bits, not 16." in said(ImageFormat.WEBP, BitDepth.SIXTEEN)
    assert "yuv420p10le" in said(ImageFormat.PLANES)
    assert not is_deep(8, ExportSettings(tmp_path, ImageFormat.PNG))
    assert is_deep(info.bit_depth, ExportSettings(tmp_path, ImageFormat.PNG, bit_depth=BitDepth.SIXTEEN))


def test_hdr_is_never_silent(hdr: VideoInfo, tmp_path: Path) -> None:
    png = ExportSettings(tmp_path, ImageFormat.PNG)
    assert "not tone-mapped" in format_notes(hdr, png)[0]
    assert "cICP" in format_notes(hdr, png)[0]
    assert "nothing in the file says so" in format_notes(hdr, replace(png, metadata=False))[0]
    assert "nothing in the file says so" in format_notes(hdr, ExportSettings(tmp_path))[0]
    assert "BT.2390" in format_notes(hdr, replace(png, tone_map=True))[0]
    wide = replace(hdr, color=replace(hdr.color, transfer="bt709"))
    assert "BT.2020" in format_notes(wide, png)[0]


def test_colour_detail_that_a_format_drops_is_named(info: VideoInfo, tmp_path: Path) -> None:
    fine = replace(info, chroma="4:4:4")
    jpeg = ExportSettings(tmp_path)
    assert "JPEG at 4:2:0" in format_notes(fine, jpeg)[0]
    assert format_notes(fine, replace(jpeg, chroma=ChromaSampling.FULL)) == ()
    assert "WebP at 4:2:0" in format_notes(fine, ExportSettings(tmp_path, ImageFormat.WEBP))[0]
    assert format_notes(fine, ExportSettings(tmp_path, ImageFormat.WEBP, lossless=True)) == ()


def test_shape_and_transparency_are_named(info: VideoInfo, tmp_path: Path) -> None:
    odd = replace(info, sample_aspect_ratio=Fraction(4, 3), pixel_format="yuva420p", rotation=90)
    notes = " ".join(format_notes(odd, ExportSettings(tmp_path)))
    assert "not stretched" in notes
    assert "Transparency" in notes
    assert "upright" not in notes
    rgb = replace(info, pixel_format="rgb24", chroma="RGB")
    assert format_notes(rgb, ExportSettings(tmp_path, ImageFormat.PNG)) == ()
    unturned = format_notes(odd, ExportSettings(tmp_path, rotate=False))
    assert unturned[-1] == "Saved as stored, not turned upright."
    assert "density" in notes
    square = " ".join(format_notes(odd, ExportSettings(tmp_path, resize=Resize(square=True))))
    assert "stretched" not in square
    assert "cannot carry" in format_notes(odd, ExportSettings(tmp_path, ImageFormat.NPY))[-1]
