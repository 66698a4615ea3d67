"""Which GOP a frame belongs to, as an alternating band. Leading pictures go with the keyframe before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex


def band_parity(
    index: FrameIndex, frame_numbers: NDArray[np.int64], *, with_leading: bool
) -> NDArray[np.uint8]:
    """0 or 1 for each frame number, changing where a GOP begins. Beyond the index it keeps its last value.

    Args:
        index: The frames.
        frame_numbers: int64, any order.
        with_leading: Whether to count pictures shown before a keyframe but stored after it to that
            keyframe's GOP. It costs a look-up a frame, and shows only where single frames do.
    """
    keyframes = index.keyframes
    gops = np.searchsorted(keyframes, frame_numbers, side="right")
    if with_leading and len(keyframes) and len(index):
        known = np.clip(frame_numbers, 0, len(index) - 1)
        has_next = gops < len(keyframes)
        next_key = keyframes[np.minimum(gops, len(keyframes) - 1)]
        stored_after = index.packet_numbers[known] > index.packet_numbers[next_key]
        gops = gops + (has_next & stored_after & (frame_numbers < len(index)))
    parity: NDArray[np.uint8] = (gops & 1).astype(np.uint8)
    return parity
