"""Pixel formats in words."""

from __future__ import annotations

import pytest

from framescope.core.media.picture.pixel_formats import pixel_format_facts


@pytest.mark.parametrize(
    ("name", "depth", "chroma", "words"),
    [
        ("yuv420p", 8, "4:2:0", "YUV 4:2:0, 8 bit"),
        ("yuv420p10le", 10, "4:2:0", "YUV 4:2:0, 10 bit, little endian"),
        ("yuv422p10be", 10, "4:2:2", "YUV 4:2:2, 10 bit, big endian"),
        ("yuvj444p", 8, "4:4:4", "YUV 4:4:4, 8 bit, full range"),
        ("yuv410p", 8, "4:1:0", "YUV 4:1:0, 8 bit"),
        ("yuv411p", 8, "4:1:1", "YUV 4:1:1, 8 bit"),
        ("yuv440p", 8, "4:4:0", "YUV 4:4:0, 8 bit"),
        ("nv12", 8, "4:2:0", "YUV 4:2:0, 8 bit"),
        ("yuva420p", 8, "4:2:0", "YUV 4:2:0 with alpha, 8 bit"),
        ("gray", 8, "grey", "grey, 8 bit"),
        ("monob", 1, "grey", "black and white, 1 bit"),
        ("bgr0", 8, "RGB", "RGB, 8 bit"),
        ("gbrap12le", 12, "RGB", "RGB with alpha, 12 bit, little endian"),
        ("rgb565le", 6, "RGB", "RGB, 5+6+5 bit"),
        ("gbrpf32le", 32, "RGB", "RGB, 32 bit floating point, little endian"),
        ("pal8", 8, "palette", "palette of RGB colours, 8 bit"),
        ("nonsense", 0, "unknown", "not known"),
        ("", 0, "unknown", "not known"),
    ],
)
def test_words(name: str, depth: int, chroma: str, words: str) -> None:
    facts = pixel_format_facts(name)
    assert (facts.bit_depth, facts.chroma, facts.words) == (depth, chroma, words)


def test_formats_that_need_no_matrix() -> None:
    names = ("rgb24", "pal8", "bayer_rggb8", "yuv420p", "gray")
    assert [name for name in names if pixel_format_facts(name).is_rgb] == [
        "rgb24", "pal8", "bayer_rggb8",
    ]  # fmt: skip


def test_pictures_in_a_graphics_card_have_no_known_depth() -> None:
    assert pixel_format_facts("vaapi").bit_depth == 0
