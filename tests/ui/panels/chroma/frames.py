"""Frames as the decoder gives them, for the chroma panel's tests."""

from __future__ import annotations

import av
import numpy as np

from framescope.core.media.picture.picture import AvPicture, DisplayRule
from framescope.core.model.frame import Frame, PictureType
from framescope.core.synth.pattern_pictures import Pattern, PatternPictures


def make_frame(pixel_format: str = "yuv420p", size: tuple[int, int] = (160, 120), number: int = 0) -> Frame:
    """A frame of the bars, in a pixel format."""
    rgb = PatternPictures(Pattern.BARS, number + 1, size=size).picture(number)
    av_frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24").reformat(
        format=pixel_format
    )
    picture = AvPicture(av_frame, DisplayRule())
    return Frame(number, number, number / 25, PictureType.I, True, False, picture)  # noqa: FBT003 - a record
