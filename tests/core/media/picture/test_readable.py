"""Every pixel format that PyAV knows becomes the right colours, by the quick way and by the exact one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope.core.errors import DecodeError
from framescope.core.media.picture import readable as readable_module
from framescope.core.media.picture.picture import AvPicture, DisplayRule
from framescope.core.media.picture.pixel_formats import pixel_format_facts
from framescope.core.media.picture.readable import readable
from tests.core.media.picture.every_format import COLOURS, SIDE, makeable_formats, patches, rows_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

RULE = DisplayRule(matrix="smpte170m")
MIDDLES = np.arange(len(COLOURS)) * SIDE + SIDE // 2
LUMA = (0.299, 0.587, 0.114)


def expected(name: str) -> NDArray[np.float64]:
    """(colours, 3): what the patches look like, in grey where the format has no colours."""
    colours = np.array(COLOURS, np.float64)
    if pixel_format_facts(name).chroma == "grey":
        colours = np.repeat((colours @ LUMA)[:, None], 3, axis=1)
    return colours


def ways(picture: AvPicture) -> dict[str, NDArray[np.float64]]:
    """The picture by every conversion there is: (rows, columns, R G B), 0 … 255."""
    half = picture.to_bgra(width=picture.width // 2, height=picture.height // 2)
    return {
        "to_rgb": picture.to_rgb().astype(float),
        "to_bgr": picture.to_bgr()[..., ::-1].astype(float),
        "to_bgra": picture.to_bgra()[..., 2::-1].astype(float),
        "scaled": np.repeat(np.repeat(half[..., 2::-1], 2, axis=0), 2, axis=1).astype(float),
        "exact": picture.to_bgr_exact(deep=False)[..., ::-1].astype(float),
        "exact, deep": picture.to_bgr_exact(deep=True)[..., ::-1] / 257,
    }


@pytest.mark.parametrize("name", makeable_formats())
def test_every_pixel_format_becomes_the_right_colours(name: str) -> None:
    frame = patches(name)
    if frame is None:
        frame = av.VideoFrame(32, 16, name)
        for plane in frame.planes:
            np.frombuffer(memoryview(plane), np.uint8)[:] = 255
        for way, pixels in ways(AvPicture(frame, RULE)).items():
            assert pixels.min() >= 254, way
        return
    places, wanted = MIDDLES, expected(name)
    if pixel_format_facts(name).bit_depth == 1:
        # Black and white are all that it holds.
        places, wanted = MIDDLES[[0, 4]], wanted[[0, 4]]
    # Gamut and gamma of XYZ, both ways, cost a few levels; what swscale writes, one or two, and with few bits
    # it scatters the errors over the neighbours.
    allowed = 12 if name.startswith("xyz") else 3
    scattered = 24 if pixel_format_facts(name).bit_depth < 5 else allowed
    for way, pixels in ways(AvPicture(frame, RULE)).items():
        assert np.abs(pixels[SIDE // 2, places] - wanted).max() <= (
            scattered if way == "scaled" else allowed
        ), way


@pytest.mark.parametrize(
    "name", ["yuv444p10le", "yuv420p12le", "yuv444p16be", "gray10le", "gray16be", "gbrp10le", "gbrp12be",
             "rgb48le", "x2rgb10le", "p010le", "gbrap16le", "yuv444p", "gbrp"],
)  # fmt: skip
@pytest.mark.parametrize("full", [False, True])
def test_the_quick_way_is_half_a_level_off_at_most(name: str, full: bool) -> None:  # noqa: FBT001
    """Flat pictures of every brightness, by the formulas of ITU-T H.273 in floating point."""
    bits = pixel_format_facts(name).bit_depth
    most, middle = (1 << bits) - 1, 1 << (bits - 1)
    is_yuv = name.startswith(("yuv", "p0"))
    shift = 6 if name.startswith("p0") else 0
    dtype = np.dtype("u1" if bits == 8 else ">u2" if name.endswith("be") else "<u2")
    for share in np.linspace(0, 1, 19):
        value = round(share * most)
        frame = av.VideoFrame(32, 16, name)
        for number, plane in enumerate(frame.planes):
            rows = rows_of(plane)
            if name.startswith("x2"):
                rows.view("<u4")[:] = value << 20 | value << 10 | value
            else:
                rows.view(dtype)[:] = (middle if is_yuv and number else value) << shift
        low, span = (16 << (bits - 8), 219 << (bits - 8)) if is_yuv and not full else (0, most)
        true = min(max((value - low) / span * 255, 0), 255)
        picture = AvPicture(frame, DisplayRule(full_range=full))
        assert np.abs(picture.to_rgb() - true).max() <= 0.56, value
        assert np.abs(picture.to_bgr_exact(deep=True) / 257 - true).max() <= 0.02, value


def test_what_swscale_reads_right_is_not_copied() -> None:
    for name in ("yuv420p", "yuv422p10le", "nv12", "rgb24", "gbrp16le", "gray", "pal8"):
        frame = av.VideoFrame(32, 16, name)
        assert readable(frame) is frame


def test_a_format_that_nothing_reads_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readable_module, "_PLANAR", {})
    picture = AvPicture(av.VideoFrame(32, 16, "x2bgr10be"), RULE)
    with pytest.raises(DecodeError, match="x2bgr10be cannot be converted") as caught:
        picture.to_rgb()
    assert "NumPy" in caught.value.hint


@pytest.mark.parametrize("name", [name for name in makeable_formats() if name.startswith("bayer_")])
def test_a_bayer_pattern_of_one_row_is_refused_in_words(name: str) -> None:
    """Swscale would end the process."""
    for width in (1, 2, 16):
        with pytest.raises(DecodeError, match=f"{name} cannot be converted at {width}×1"):
            AvPicture(av.VideoFrame(width, 1, name), RULE).to_rgb()
        assert AvPicture(av.VideoFrame(width, 2, name), RULE).to_rgb().shape == (2, width, 3)


def test_colour_facts_and_all_bits_survive() -> None:
    frame = patches("x2rgb10be")
    assert frame is not None
    frame.color_range, frame.color_trc, frame.color_primaries = 2, 16, 9
    copy = readable(frame)
    assert (copy.format.name, copy.color_range, copy.color_trc, copy.color_primaries) == (
        "gbrp10le",
        2,
        16,
        9,
    )
