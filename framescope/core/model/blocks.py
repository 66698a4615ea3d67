"""What a decoder reports about a frame's blocks: motion vectors and quantisers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

VECTOR = np.dtype(
    [
        ("x", np.int16),
        ("y", np.int16),
        ("width", np.uint8),
        ("height", np.uint8),
        ("direction", np.int8),
        ("dx", np.float32),
        ("dy", np.float32),
    ]
)
"""A motion vector: the block's left column and top row, its size, whether the reference is displayed before
(-1) or after (+1) the frame, and how far right and down of the block the prediction is taken from. All in
pixels of the decoded picture."""

QUANTISER = np.dtype(
    [("x", np.int16), ("y", np.int16), ("width", np.uint16), ("height", np.uint16), ("value", np.int16)]
)
"""A block's quantiser: the block's left column and top row, its size, all in pixels, and the value."""


class QuantiserScale(StrEnum):
    """What a quantiser's value counts, which differs from codec to codec."""

    H264_QP = "QP"
    VP9_INDEX = "q_index"
    MPEG_SCALE = "quantiser_scale"

    @property
    def bounds(self) -> tuple[int, int]:
        """The least and the greatest value of 8-bit video."""
        return {
            QuantiserScale.H264_QP: (0, 51),
            QuantiserScale.VP9_INDEX: (0, 255),
            QuantiserScale.MPEG_SCALE: (1, 112),
        }[self]


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """The blocks of one frame, as the decoder exports them.

    Attributes:
        vectors: `VECTOR` records in the decoder's order; empty for a frame without prediction, and for codecs
            whose decoder exports none.
        quantisers: `QUANTISER` records; empty where the decoder exports none.
        scale: What the quantisers count; None where there are none. ``QP`` is H.264's QP_Y, 0 to 51 (from -12
            with 10 bits); ``q_index`` is VP9's base_q_idx with the segment's change, 0 to 255;
            ``quantiser_scale`` is that of MPEG-1, MPEG-2, MPEG-4 and H.263, 1 to 31 (MPEG-2: up to 112).
        is_exported: Whether the decoder exported what its codec has. FFmpeg's MPEG decoders export nothing
            for the last picture of a stream, which only draining gets out of them.
    """

    vectors: NDArray[np.void]
    quantisers: NDArray[np.void]
    scale: QuantiserScale | None
    is_exported: bool = True

    @property
    def mean_quantiser(self) -> float | None:
        """The mean of the quantisers by area; None where there are none."""
        if not len(self.quantisers):
            return None
        area = self.quantisers["width"].astype(np.float64) * self.quantisers["height"]
        return float(np.average(self.quantisers["value"], weights=area))
