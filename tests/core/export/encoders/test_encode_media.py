"""Real frames in every format, read back by others and compared with a decode of their own."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import av.filter
import numpy as np
import pytest
from av.video.reformatter import Interpolation

from framescope.core.export.encoders.encode import encode_frame
from framescope.core.export.encoders.formats import BitDepth, ChromaSampling, ImageFormat, TiffCompression
from framescope.core.export.encoders.tags import SourceFacts
from framescope.core.export.geometry import Crop
from framescope.core.export.settings import ExportSettings
from framescope.core.source.opening import open_video, probe
from tests.clips.reference_picture import with_chroma_at
from tests.core.export.readers import read_by_ffmpeg, read_by_opencv, read_by_pillow
from tests.core.media.exact_reference import reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from framescope.core.model.frame import Frame

NUMBER = 2
_ACCURATE_ROUNDING = 1 << 18
"""swscale's SWS_ACCURATE_RND."""
FOLDER = Path()
# 8 bits of 4:2:0 turned, 4:2:2, 4:4:4, odd size, 4:1:0; 10 bits of 4:2:0 and 4:2:2; RGB, with alpha, grey.
KINDS = [
    "rot90.mov",
    "h264_yuv422.mp4",
    "h264_yuv444.mkv",
    "vp9_odd_161x121.webm",
    "indeo5.avi",
    "h264_10bit.mp4",
    "prores_proxy.mov",
    "ffv1_v0_rgb.mkv",
    "anim.gif",
    "qtrle_alpha.mov",
]
DEEP = {
    # bits, matrix; all of limited range and progressive.
    "h264_10bit.mp4": (10, "bt470bg"),
    "prores_proxy.mov": (10, "bt470bg"),
    "vp9_10bit_hidden_altref.webm": (10, "bt2020nc"),
    "h264_9bit.mkv": (9, "bt470bg"),
}


@cache
def opened(path: Path) -> tuple[Frame, SourceFacts]:
    with open_video(path) as video:
        return video.frame(NUMBER), SourceFacts.of(video.info)


@cache
def rotation(path: Path) -> int:
    return probe(path).rotation


@cache
def decoded(path: Path) -> av.VideoFrame:
    """The same frame by a plain decode from the start."""
    with av.open(str(path), "r") as container:
        container.streams.video[0].thread_type = "NONE"
        for number, frame in enumerate(container.decode(video=0)):
            if number == NUMBER:
                return frame
    raise AssertionError(path)


def raw_planes(frame: av.VideoFrame) -> list[NDArray[np.uint8] | NDArray[np.uint16]]:
    """The planes of a planar frame, without the padding of their rows."""
    dtype = np.uint16 if frame.format.components[0].bits > 8 else np.uint8
    planes: list[NDArray[np.uint8] | NDArray[np.uint16]] = []
    for plane in frame.planes:
        rows: Any = np.frombuffer(memoryview(plane), dtype).reshape(plane.buffer_size // plane.line_size, -1)
        planes.append(rows[: plane.height, : plane.width])
    return planes


def shown(path: Path) -> NDArray[np.uint8]:
    """What FFmpeg makes of that decode with accurate rounding, turned as the file asks."""
    _, facts = opened(path)
    frame = with_chroma_at(decoded(path), "center" if facts.color.range_used == "full" else "left")
    matrix = {"bt709": 1, "smpte170m": 5, "bt470bg": 5, "bt2020nc": 9}.get(facts.color.matrix_used, 1)
    value_range = 2 if facts.color.range_used == "full" else 1
    green, blue, red = frame.reformat(
        format="gbrp",
        src_colorspace=matrix,
        dst_colorspace=matrix,
        src_color_range=value_range,
        dst_color_range=2,
        interpolation=int(Interpolation.BICUBIC) | _ACCURATE_ROUNDING,
        threads=1,
    ).planes
    bgr = np.dstack(
        [
            np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[
                : frame.height, : frame.width
            ]
            for plane in (blue, green, red)
        ]
    )
    return np.ascontiguousarray(np.rot90(bgr, -rotation(path) // 90))


def encoded(path: Path, image_format: ImageFormat, **choices: Any) -> bytes:  # noqa: ANN401 - any setting
    frame, facts = opened(path)
    return encode_frame(frame, ExportSettings(FOLDER, image_format, **choices), facts)


@pytest.mark.parametrize("name", KINDS)
def test_eight_bits_are_what_ffmpeg_shows_in_every_lossless_format(
    name: str, media_file: Callable[[str], Path]
) -> None:
    path = media_file(name)
    expected = shown(path)
    eight: dict[str, Any] = {"bit_depth": BitDepth.EIGHT}
    for data in (
        encoded(path, ImageFormat.PNG, **eight),
        encoded(path, ImageFormat.TIFF, **eight),
        encoded(path, ImageFormat.TIFF, tiff_compression=TiffCompression.LZW, **eight),
        encoded(path, ImageFormat.WEBP, lossless=True),
        encoded(path, ImageFormat.AVIF, lossless=True),
    ):
        assert np.array_equal(read_by_pillow(data), expected)
    rgb = np.load(io.BytesIO(encoded(path, ImageFormat.NPY, **eight)))
    assert np.array_equal(rgb, expected[..., ::-1])
    with np.load(io.BytesIO(encoded(path, ImageFormat.NPZ, **eight))) as archive:
        assert np.array_equal(archive["rgb"], expected[..., ::-1])


@pytest.mark.parametrize("name", KINDS)
def test_lossy_formats_are_near_what_ffmpeg_shows(name: str, media_file: Callable[[str], Path]) -> None:
    path = media_file(name)
    expected = shown(path).astype(int)
    for image_format in (ImageFormat.JPEG, ImageFormat.WEBP, ImageFormat.AVIF):
        data = encoded(path, image_format, quality=95, chroma=ChromaSampling.FULL)
        assert np.abs(read_by_pillow(data) - expected).mean() < 4


@pytest.mark.parametrize("name", list(DEEP))
def test_more_than_eight_bits_are_kept_exactly(name: str, media_file: Callable[[str], Path]) -> None:
    path = media_file(name)
    bits, matrix = DEEP[name]
    exact = reference(raw_planes(decoded(path)), bits, matrix, is_full=False) * 65535
    png = encoded(path, ImageFormat.PNG)
    for pixels in (
        read_by_ffmpeg(png),
        read_by_opencv(png),
        read_by_opencv(encoded(path, ImageFormat.TIFF)),
        np.load(io.BytesIO(encoded(path, ImageFormat.NPY)))[..., ::-1],
    ):
        assert pixels.dtype == np.uint16
        assert np.abs(pixels - exact).max() <= 1
    eight = read_by_pillow(encoded(path, ImageFormat.PNG, bit_depth=BitDepth.EIGHT)) - exact / 257
    assert abs(eight.mean()) < 0.15
    assert np.abs(eight).mean() < 0.5
    jpeg = read_by_pillow(encoded(path, ImageFormat.JPEG, quality=100, chroma=ChromaSampling.FULL))
    assert np.abs(jpeg - exact / 257).mean() < 2


@pytest.mark.parametrize("name", [*KINDS, "vp9_10bit_hidden_altref.webm"])
def test_planes_are_those_of_a_plain_decode(name: str, media_file: Callable[[str], Path]) -> None:
    path = media_file(name)
    frame = decoded(path)
    data = encoded(path, ImageFormat.PLANES)
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    with np.load(io.BytesIO(data)) as archive:
        arrays = dict(archive.items())
    assert str(arrays["pixel_format"]) == frame.format.name
    if frame.format.is_planar and not frame.format.is_rgb:
        for letter, samples in zip(("Y", "Cb", "Cr"), raw_planes(frame), strict=True):
            assert np.array_equal(arrays[letter], samples)
    else:
        (held,) = frame.planes
        rows = np.frombuffer(memoryview(held), np.uint8).reshape(-1, held.line_size)
        packed = arrays["packed"].reshape(frame.height, -1)
        assert np.array_equal(packed, rows[: frame.height, : packed.shape[1]])


@pytest.mark.parametrize("name", ["hdr_hlg10.mp4", "prores_hdr10.mxf"])
def test_hdr_is_kept_unless_asked_and_then_brought_to_a_screen(
    name: str, media_file: Callable[[str], Path]
) -> None:
    path = media_file(name)
    part = Crop(100, 100, 320, 180)
    kept = encoded(path, ImageFormat.PNG, crop=part)
    assert kept.find(b"cICP", 0, 200) > 0
    assert read_by_opencv(kept).dtype == np.uint16
    eight = ExportSettings(FOLDER, ImageFormat.PNG, bit_depth=BitDepth.EIGHT, crop=part)
    frame, facts = opened(path)
    plain = read_by_opencv(encode_frame(frame, eight, facts))
    mapped = encode_frame(frame, replace(eight, tone_map=True), facts)
    assert mapped.find(b"sRGB", 0, 200) > 0
    # Video of HDR is flat on a screen; what is made for one has more colour.
    assert saturation(read_by_opencv(mapped)) > 1.3 * saturation(plain)


def saturation(bgr: NDArray[Any]) -> float:
    return float(np.ptp(bgr.astype(float), axis=-1).mean())
