"""What a decoded frame looks like on screen, worked out without the product, by accurate rounding."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ACCURATE_ROUNDING = 1 << 18
"""swscale's SWS_ACCURATE_RND; PyAV has no name for it."""


def displayed_rgb(frame: av.VideoFrame, matrix: int, *, is_full: bool) -> NDArray[np.uint8]:
    """(height, width, 3) uint8 in R, G, B order, as stored.

    Args:
        frame: As it comes out of the decoder.
        matrix: swscale's number of the YUV matrix.
        is_full: Whether all code values are used.
    """
    video_format = frame.format
    if not video_format.is_rgb and len(video_format.components) > 1:
        frame = with_chroma_at(frame, "center" if is_full else "left")
    converted = VideoReformatter().reformat(
        frame,
        format="gbrp",
        src_colorspace=matrix,
        dst_colorspace=matrix,
        src_color_range=int(ColorRange.JPEG if is_full else ColorRange.MPEG),
        dst_color_range=int(ColorRange.JPEG),
        interpolation=int(Interpolation.BICUBIC) | _ACCURATE_ROUNDING,
        # More would write over each other's edges, here as in the product.
        threads=1,
    )
    return np.asarray(converted.to_ndarray(), np.uint8)


def with_chroma_at(frame: av.VideoFrame, location: str) -> av.VideoFrame:
    """The frame with a mark that says where its chroma lies; without one, readers guess."""
    graph = av.filter.Graph()
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1, 1000)
    )
    setter, sink = graph.add("setparams", f"chroma_location={location}"), graph.add("buffersink")
    source.link_to(setter)
    setter.link_to(sink)
    graph.configure()
    graph.push(frame)
    out = graph.pull()
    assert isinstance(out, av.VideoFrame)
    return out
