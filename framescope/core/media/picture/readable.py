"""Converts pictures to green, blue and red planes with swscale, copying formats that swscale misreads.

The samples are copied plane by plane into a format that it reads correctly. It rejects most of the others and
aborts the process on one (``yaf32``), and on a Bayer pattern of a single row. It renders the white of formats
with fewer than 8 bits as grey, because it shifts the bits up and leaves the lowest ones empty. It treats
floating-point grey as limited range, garbles packed floating point when scaling it, and leaves half of the
last row unwritten when it drops the alpha of planes with more than 8 bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from framescope.core.media.picture.pixel_formats import layout_name
from framescope.core.media.picture.planes import plane_rows
from framescope.core.media.picture.sample_layout import components_of
from framescope.core.pyav import ACCURATE_ROUNDING, convert, unconvertible

if TYPE_CHECKING:
    from av.video.reformatter import VideoReformatter
    from numpy.typing import NDArray

    from framescope.core.media.picture.sample_layout import Component

_PLANAR = {
    **dict.fromkeys(("rgb565", "bgr565", "rgb555", "bgr555", "rgb444", "bgr444"), "gbrp"),
    **dict.fromkeys(("rgb8", "bgr8", "rgb4", "bgr4", "rgb4_byte", "bgr4_byte"), "gbrp"),
    **dict.fromkeys(("x2rgb10", "x2bgr10"), "gbrp10le"),
    **dict.fromkeys(("xv30", "v30x"), "yuv444p10le"),
    "y210": "yuv422p10le",
    "y212": "yuv422p12le",
    "y216": "yuv422p16le",
    **dict.fromkeys(("gray32", "grayf16", "grayf32", "yaf16", "yaf32"), "gray16le"),
    **{f"gbrap{bits}": f"gbrp{bits}le" for bits in (10, 12, 14, 16)},
    **dict.fromkeys(("gbrap32", "rgb96", "rgba128"), "gbrp16le"),
    **dict.fromkeys(("rgbf32", "rgbaf32"), "gbrpf32le"),
}
_FEWEST_BAYER_ROWS = 2
_PLANES = {"gbr": ("G", "B", "R"), "yuv": ("Y", "Cb", "Cr"), "gra": ("Y",)}


def rgb_planes(  # noqa: PLR0913 - every option is named at the call
    scaler: VideoReformatter,
    frame: av.VideoFrame,
    *,
    deep: bool,
    matrix: int = int(Colorspace.ITU709),
    is_full: bool = True,
    width: int | None = None,
    height: int | None = None,
) -> av.VideoFrame:
    """A picture as full-range planes of green, blue and red: ``gbrp``, or ``gbrp16le`` if ``deep``.

    Args:
        scaler: Used by one thread.
        frame: The picture, in a format that swscale reads correctly; see `readable`.
        deep: Whether to give 16 bits.
        matrix: The YUV matrix, as swscale's number.
        is_full: Whether the picture is full range.
        width: Columns to scale it to.
        height: Rows.

    Raises:
        DecodeError: swscale cannot read the pixel format.
    """
    scales = (width or frame.width, height or frame.height) != (frame.width, frame.height)
    return convert(
        scaler,
        frame,
        matrix=matrix,
        width=width,
        height=height,
        format="gbrp16le" if deep else "gbrp",
        src_color_range=int(ColorRange.JPEG if is_full else ColorRange.MPEG),
        dst_color_range=int(ColorRange.JPEG),
        interpolation=int(Interpolation.AREA if scales else Interpolation.BICUBIC) | ACCURATE_ROUNDING,
        # With several threads, swscale's slices overwrite each other's edges: at some widths eight pixels of
        # a row are occasionally wrong.
        threads=1,
    )


def readable(frame: av.VideoFrame) -> av.VideoFrame:
    """The same picture in a format that swscale reads correctly: itself, or a copy without alpha.

    A copy has all bits, except that of 32-bit integers the upper 16 are taken, and floating-point grey is
    scaled from 0 … 1 to 16 bits.

    Raises:
        DecodeError: The picture is a Bayer pattern of one row.
    """
    if frame.format.is_bayer and frame.height < _FEWEST_BAYER_ROWS:
        raise unconvertible(frame)
    target = _PLANAR.get(layout_name(frame.format.name))
    if target is None:
        return frame
    copy = av.VideoFrame(frame.width, frame.height, target)
    components = {component.name: component for component in components_of(frame)}
    for plane, name in zip(copy.planes, _PLANES[target[:3]], strict=True):
        samples = _samples(components[name], target)
        room = plane_rows(plane).view(samples.dtype)
        room[: len(samples), : samples.shape[1]] = samples
    copy.colorspace, copy.color_range = frame.colorspace, frame.color_range
    copy.color_trc, copy.color_primaries = frame.color_trc, frame.color_primaries
    return copy


def _samples(component: Component, target: str) -> NDArray[Any]:
    samples = component.samples()
    if target == "gbrp":
        own = (1 << component.bits) - 1
        return ((samples.astype(np.uint16) * 255 + own // 2) // own).astype(np.uint8)
    if target == "gray16le" and samples.dtype.kind == "f":
        grey: NDArray[np.float32] = np.nan_to_num(samples.astype(np.float32)).clip(0, 1)
        return np.rint(grey * 65535).astype("<u2")
    return (samples >> 16).astype("<u2") if samples.dtype == np.uint32 else samples
