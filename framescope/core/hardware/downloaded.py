"""Pictures that a device gave, in the pixel format that software decodes to, without changing a sample.

Devices keep both chroma components in one plane (NV12, P010), and put the bits of a sample at the top of its
word. Samples are only moved and shifted here, never converted: swscale is not needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np

from framescope.core.errors import DeviceError
from framescope.core.media.picture.pixel_formats import pixel_format_facts
from framescope.core.media.picture.planes import plane_rows, with_fields_of
from framescope.core.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.uint8] | NDArray[np.uint16]

_CHROMA_TOGETHER = {
    "nv12": ("4:2:0", 8),
    "nv16": ("4:2:2", 8),
    "nv24": ("4:4:4", 8),
    "p010le": ("4:2:0", 16),
    "p012le": ("4:2:0", 16),
    "p016le": ("4:2:0", 16),
    "p210le": ("4:2:2", 16),
    "p212le": ("4:2:2", 16),
    "p216le": ("4:2:2", 16),
    "p410le": ("4:4:4", 16),
    "p412le": ("4:4:4", 16),
    "p416le": ("4:4:4", 16),
}
"""Formats of two planes: their chroma, and the bits of a word."""

_APART = {
    "yuv420p": ("4:2:0", 8),
    "yuv422p": ("4:2:2", 8),
    "yuv444p": ("4:4:4", 8),
    "yuv444p16le": ("4:4:4", 16),
}
"""Formats of three planes, likewise."""


def as_software(frame: av.VideoFrame, pixel_format: str) -> av.VideoFrame:
    """The picture in the format of the software decoder, with everything else as it was.

    Args:
        frame: As it was downloaded.
        pixel_format: The name of the format that software decodes to.

    Raises:
        DeviceError: That is impossible without changing samples.
    """
    given = frame.format.name
    if given == pixel_format:
        return frame
    facts = pixel_format_facts(pixel_format)
    layout = _CHROMA_TOGETHER.get(given) or _APART.get(given)
    is_planar = pixel_format.startswith("yuv") and len(frame.format.components) == 3
    if layout is None or not is_planar or not _fits(layout, facts.chroma, facts.bit_depth, pixel_format):
        raise DeviceError(
            tr(
                "the device gives pictures as {given} where software gives {expected}",
                given=given,
                expected=pixel_format,
            )
        )
    made = av.VideoFrame(frame.width, frame.height, pixel_format)
    shift = layout[1] - facts.bit_depth
    for samples, plane in zip(_components(frame, layout[1]), made.planes, strict=True):
        _fill(plane, samples, shift)
    made.colorspace, made.color_range = frame.colorspace, frame.color_range
    made.color_trc, made.color_primaries = frame.color_trc, frame.color_primaries
    made.pict_type = frame.pict_type
    made = with_fields_of(made, frame)
    made.pts = frame.pts
    return made


def _fits(layout: tuple[str, int], chroma: str, bits: int, pixel_format: str) -> bool:
    words = 8 if bits == 8 else 16
    return layout == (chroma, words) and (bits == 8 or pixel_format.endswith("le"))


def _components(frame: av.VideoFrame, bits: int) -> list[Samples]:
    """Luma and both chroma components, each (rows, columns)."""
    kind = "<u2" if bits == 16 else "u1"
    size = bits // 8
    planes: list[Samples] = []
    for number, plane in enumerate(frame.planes):
        both = number == 1 and len(frame.planes) == 2
        width = plane.width * (2 if both else 1)
        rows = plane_rows(plane)[: plane.height, : width * size].view(kind)
        planes += [rows[:, 0::2], rows[:, 1::2]] if both else [rows]
    return planes


def _fill(plane: av.video.plane.VideoPlane, samples: Samples, shift: int) -> None:
    rows, columns = plane.height, plane.width
    if samples.shape != (rows, columns):
        raise DeviceError(tr("the device gave a picture of another size"))
    target = plane_rows(plane)[:rows, : columns * samples.dtype.itemsize].view(samples.dtype)
    if shift and (samples & ((1 << shift) - 1)).any():
        raise DeviceError(tr("the device gave samples with more bits than the video has"))
    if shift:
        np.right_shift(samples, shift, out=target)
    else:
        target[...] = samples
