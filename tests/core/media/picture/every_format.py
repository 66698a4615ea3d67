"""Small pictures of pure colours in every pixel format that PyAV knows, made without the code under test."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import av
import numpy as np
from av.video.reformatter import VideoReformatter

if TYPE_CHECKING:
    from numpy.typing import NDArray

COLOURS = (
    (255, 255, 255),
    (255, 0, 0),
    (0, 255, 0),
    (0, 0, 255),
    (0, 0, 0),
    (255, 255, 0),
)
SIDE = 32
"""Columns and rows of each patch, so that its middle has no neighbour's chroma."""


def _swapped(name: str) -> bool:
    return re.fullmatch(r"(x2rgb10|x2bgr10|xv30|v30x|y21\d)be", name) is not None


_WIDER = {
    "gray32": "gray16",
    "gbrap32": "gbrap16",
    "rgb96": "rgb48",
    "rgba128": "rgba64",
    "grayf16": "gray16",
    "grayf32": "gray16",
    "yaf16": "ya16",
    "yaf32": "ya16",
    "rgbf16": "rgb48",
    "rgbf32": "rgb48",
    "rgbaf16": "rgba64",
    "rgbaf32": "rgba64",
    "gbrpf16": "gbrp16",
    "gbrpf32": "gbrp16",
    "gbrapf16": "gbrap16",
    "gbrapf32": "gbrap16",
}
"""Formats that swscale does not write, or not in full range, by those with 16 bits and the same order."""


def makeable_formats() -> list[str]:
    """The formats in which a picture can be had at all, which those of graphics cards cannot."""
    return sorted(
        name
        for name in av.video.format.names  # type: ignore[attr-defined] # not in PyAV's stubs
        if _can_be_made(name)
    )


def _can_be_made(name: str) -> bool:
    try:
        return bool(av.VideoFrame(16, 16, name).planes)
    except ValueError:
        return False


def patches(name: str) -> av.VideoFrame | None:
    """The colours side by side, YUV in BT.601 and limited range; None for palettes and Bayer patterns."""
    if name.startswith(("pal", "bayer")):
        return None
    if name == "uyyvyy411":
        return _uyyvyy411()
    base, order = re.sub("[bl]e$", "", name), name[-2:]
    if _swapped(name):
        return _changed(name, _made(f"{base}le"), 2 if base.startswith("y") else 4)
    if base in _WIDER:
        return _widened(name, _made(f"{_WIDER[base]}le"), "f" if "f" in base else "u", order)
    return _made(name)


def rows_of(plane: av.video.plane.VideoPlane) -> NDArray[np.uint8]:
    return np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)


def _made(name: str) -> av.VideoFrame:
    row = np.repeat(np.array(COLOURS, np.uint8), SIDE, axis=0)
    rgb = av.VideoFrame.from_ndarray(np.repeat(row[None], SIDE, axis=0), "rgb24")
    matrix = 5
    made = VideoReformatter().reformat(
        rgb, format=name, src_colorspace=matrix, dst_colorspace=matrix, src_color_range=2,
        dst_color_range=2 if name.startswith("yuvj") else 1, threads=1,
    )  # fmt: skip
    made.color_range = 2 if name.startswith("yuvj") else 1
    return made


def _changed(name: str, source: av.VideoFrame, word: int) -> av.VideoFrame:
    changed = av.VideoFrame(source.width, source.height, name)
    for one, other in zip(source.planes, changed.planes, strict=True):
        rows_of(other)[:] = rows_of(one).view(f"u{word}").byteswap().view(np.uint8)
    return changed


def _widened(name: str, source: av.VideoFrame, kind: str, order: str) -> av.VideoFrame:
    size = 2 if "f16" in name else 4
    dtype = np.dtype(f"{'>' if order == 'be' else '<'}{kind}{size}")
    widened = av.VideoFrame(source.width, source.height, name)
    for one, other in zip(source.planes, widened.planes, strict=True):
        words: NDArray[Any] = rows_of(one).view("<u2")
        values = words / 65535 if kind == "f" else words.astype(np.uint32) * 65537
        room = rows_of(other).view(dtype)
        width = min(room.shape[1], words.shape[1])
        room[:, :width] = values[:, :width]
    return widened


def _uyyvyy411() -> av.VideoFrame:
    source = _made("yuv411p")
    packed = av.VideoFrame(source.width, source.height, "uyyvyy411")
    luma, cb, cr = (rows_of(plane) for plane in source.planes)
    groups = source.width // 4
    for place, plane, start, step in (
        (0, cb, 0, 1), (1, luma, 0, 4), (2, luma, 1, 4), (3, cr, 0, 1), (4, luma, 2, 4), (5, luma, 3, 4)
    ):  # fmt: skip
        rows_of(packed.planes[0])[:, place : groups * 6 : 6] = plane[:, start::step][:, :groups]
    return packed
