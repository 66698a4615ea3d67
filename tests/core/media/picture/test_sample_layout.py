"""Samples are found where FFmpeg itself puts them, in every pixel format."""

from __future__ import annotations

import av
import numpy as np
import pytest

from framescope.core.media.picture.picture import AvPicture, DisplayRule
from framescope.core.media.picture.pixel_formats import layout_name, pixel_format_facts
from framescope.core.media.picture.sample_layout import components_of
from tests.core.media.picture.every_format import COLOURS, SIDE, makeable_formats, patches, rows_of

MIDDLES = np.arange(len(COLOURS)) * SIDE + SIDE // 2


def yuv_of(rgb: tuple[int, int, int]) -> tuple[float, float, float]:
    """Y, Cb and Cr of BT.601 in 8 bits and limited range (ITU-R BT.601-7, 2.5)."""
    red, green, blue = (value / 255 for value in rgb)
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    return 16 + 219 * luma, 128 + 224 * (blue - luma) / 1.772, 128 + 224 * (red - luma) / 1.402


@pytest.mark.parametrize("name", makeable_formats())
def test_native_values_are_those_that_ffmpeg_wrote(name: str) -> None:
    frame = patches(name)
    if frame is None:
        frame = av.VideoFrame(32, 16, name)
        dtype = np.dtype("u1" if "16" not in name else ">u2" if name.endswith("be") else "<u2")
        words = rows_of(frame.planes[0]).view(dtype)
        words[:] = 0
        words[0, 3] = 77
        value = AvPicture(frame, DisplayRule()).native_values(3, 0)
        assert value == {"index" if name == "pal8" else "Bayer": 77}
        return
    picture, facts = AvPicture(frame, DisplayRule()), pixel_format_facts(name)
    components = {component.name: component for component in components_of(frame)}
    for colour, column in zip(COLOURS, MIDDLES, strict=True):
        values = picture.native_values(int(column), SIDE // 2)
        assert values.keys() == components.keys()
        if values.keys() >= {"R", "G", "B"}:
            assert [values[letter] / components[letter].most for letter in "RGB"] == pytest.approx(
                [part / 255 for part in colour], abs=0.005
            )
        elif "Cb" in values and not name.startswith("yuvj"):
            scale = 1 << (facts.bit_depth - 8)
            true = [part * scale for part in yuv_of(colour)]
            assert [values[letter] for letter in ("Y", "Cb", "Cr")] == pytest.approx(true, abs=2 * scale)
        elif colour in {(0, 0, 0), (255, 255, 255)} and "Y" in values and "X" not in values:
            white = components["Y"].most * ((colour[0] == 255) ^ (layout_name(name) == "monow"))
            assert values["Y"] == pytest.approx(white, rel=0.005)
        if "A" in values:
            assert values["A"] == pytest.approx(components["A"].most, rel=0.005)


def test_odd_sizes_have_every_sample() -> None:
    sizes = {"yuyv422": (17, 9), "nv12": (17, 9), "y210le": (17, 9), "uyyvyy411": (9, 9), "yuv410p": (9, 9)}
    for name, (chroma_width, _) in sizes.items():
        parts = {part.name: part.samples().shape for part in components_of(av.VideoFrame(33, 17, name))}
        assert parts["Y"] == (17, 33)
        assert parts["Cb"][1] == chroma_width == parts["Cr"][1]


def test_big_endian_planes_are_numbers_of_this_machine() -> None:
    frame = av.VideoFrame(16, 4, "gray10be")
    rows_of(frame.planes[0]).view(">u2")[:] = 1023
    (plane,) = AvPicture(frame, DisplayRule()).planes()
    assert plane.dtype == np.uint16
    assert np.unique(plane).tolist() == [1023]
