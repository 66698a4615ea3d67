"""Pixel formats in words: depth, subsampling, alpha, and whether a matrix is needed."""

from __future__ import annotations

import pytest

from framescope.core.media.pixel_formats import describe_pixel_format, pixel_format_facts


@pytest.mark.parametrize(
    ("name", "depth", "chroma"),
    [
        ("yuv420p", 8, "4:2:0"),
        ("nv12", 8, "4:2:0"),
        ("yuvj422p", 8, "4:2:2"),
        ("yuv420p10le", 10, "4:2:0"),
        ("yuv444p12be", 12, "4:4:4"),
        ("yuv440p", 8, "4:4:0"),
        ("yuv411p", 8, "4:1:1"),
        ("yuv410p", 8, "4:1:0"),
        ("yuva420p", 8, "4:2:0"),
        ("gray", 8, "grey"),
        ("gray16le", 16, "grey"),
        ("rgb24", 8, "RGB"),
        ("gbrp10le", 10, "RGB"),
        ("pal8", 8, "palette"),
        ("bayer_rggb8", 8, "Bayer"),
        ("nonsense", 0, "unknown"),
        ("", 0, "unknown"),
    ],
)
def test_depth_and_chroma(name: str, depth: int, chroma: str) -> None:
    assert describe_pixel_format(name)[:2] == (depth, chroma)


def test_words_say_what_matters() -> None:
    assert pixel_format_facts("yuv420p10le").words == "YUV 4:2:0, 10 bit, little endian"
    assert "with alpha" in pixel_format_facts("yuva420p").words
    assert "full range" in pixel_format_facts("yuvj420p").words
    assert "black and white" in pixel_format_facts("monob").words


def test_rgb_needs_no_matrix() -> None:
    assert pixel_format_facts("gbrp").is_rgb
    assert pixel_format_facts("pal8").is_rgb
    assert not pixel_format_facts("yuv444p").is_rgb
    assert pixel_format_facts("rgba").has_alpha
    assert not pixel_format_facts("rgb24").has_alpha
