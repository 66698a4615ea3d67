"""What the chroma panel says."""

from __future__ import annotations

import pytest

from framescope.core.media.picture.components import component_planes
from framescope.ui.panels.chroma.words import format_title, sharing_words
from tests.ui.panels.chroma.frames import make_frame


@pytest.mark.parametrize(
    ("pixel_format", "title", "words"),
    [
        (
            "yuv420p",
            "4:2:0, 8 bits",
            "2×2 pixels share one colour: Cb and Cr are 80×60 for a picture of 160×120, 25 %",
        ),
        ("yuv422p10le", "4:2:2, 10 bits", "2×1 pixels share one colour: Cb and Cr are 80×120"),
        ("yuv444p", "4:4:4, 8 bits", "Every pixel has its own colour: Cb and Cr are 160×120"),
        ("gbrp", "RGB, 8 bits", "no subsampling"),
        ("gray", "Grey, 8 bits", "no subsampling"),
        ("monow", "Grey, 1 bits", "packs its samples"),
    ],
)
def test_formats_are_put_into_words(pixel_format: str, title: str, words: str) -> None:
    planes = component_planes(make_frame(pixel_format).picture.av_frame)  # type: ignore[attr-defined] # AvPicture
    assert format_title(pixel_format, planes) == title
    assert words in sharing_words(160, 120, planes)
