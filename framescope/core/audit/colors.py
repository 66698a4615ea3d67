"""Says where a library shows the right frames in other colours, because it takes another matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framescope.core.audit.messages import look_of
from framescope.core.media.picture.color_names import UNSPECIFIED, color_words
from framescope.core.media.picture.picture import AvPicture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.model.frame import Frame
    from framescope.core.model.stream_facts import VideoInfo

_DIFFERENT, _SAME = 2.0, 1.2
"""Levels of 255, on average, from which colours count as others, and up to which as the same."""
_MATRICES = {"BT.601": 5, "BT.709": 1}
"""By swscale's number."""


def color_remark(look: NDArray[np.float64], first: Frame, info: VideoInfo) -> str:
    """In one sentence, how a library's colours differ from FrameScope's; empty where they do not.

    Nothing is said where no other matrix explains the difference: then it may be another picture.

    Args:
        look: What `look_of` says of the library's first picture, in R, G and B.
        first: The video's first frame.
        info: The video's declared facts.
    """
    picture = first.picture
    if not isinstance(picture, AvPicture) or info.rotation or info.mirrored:
        return ""
    difference = _difference(look, look_of(picture.to_rgb()))
    if difference is None or difference < _DIFFERENT:
        return ""
    for name, matrix in _MATRICES.items():
        rgb = picture.av_frame.reformat(
            format="rgb24", src_colorspace=matrix, dst_colorspace=matrix, threads=1
        )
        other = _difference(look, look_of(rgb.to_ndarray()))
        if other is not None and other <= _SAME:
            own = color_words(info.color.matrix_used).partition(" (")[0]
            why = (
                f"The file declares no colour matrix: it takes {name}, FrameScope {own} as players do at this"
                " size"
                if info.color.matrix == UNSPECIFIED
                else f"It takes {name} although the file declares {own}"
            )
            return f" {why}, so its colours are off by {difference:.0f} of 255 levels on average."
    return ""


def _difference(one: NDArray[np.float64], other: NDArray[np.float64] | None) -> float | None:
    if other is None or one.shape != other.shape:
        return None
    return float(np.abs(one - other).mean())
