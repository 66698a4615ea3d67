"""What the chroma panel says."""

from __future__ import annotations

import math

import pytest

from framescope.core.export.quality.measure import Fidelity
from framescope.core.media.picture.components import component_planes
from framescope.ui.panels.chroma.words import format_title, loss_sentence, psnr_words, sharing_words
from tests.ui.panels.chroma.frames import make_frame

EXACT = Fidelity(math.inf, 1.0, 0)


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


def test_losses_are_put_into_words() -> None:
    near, far = Fidelity(50.04, 0.99, 3), Fidelity(30.0, 0.9, 40)
    assert (psnr_words(EXACT), psnr_words(near)) == ("exact", "50.0 dB")
    assert "caused by the codec" in loss_sentence("4:2:0", near, far)
    assert "conversion" in loss_sentence("4:2:0", far, near)
    assert "about the same" in loss_sentence("4:2:0", near, near)
    assert "the codec adds none" in loss_sentence("4:2:0", far, EXACT)
    assert "exactly" in loss_sentence("4:4:4", EXACT, EXACT)
