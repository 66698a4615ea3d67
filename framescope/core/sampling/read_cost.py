"""Estimates how selected frames will be read, and for how long."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framescope.core.errors import FrameUnavailableError
from framescope.core.media.decoding.read_way import ReadWay, read_costs

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.media.decoding.read_way import ReadCost, ReadCosts
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.progress import CancelToken

_MEASURED_FRAMES = 240
_MEASURED_S = 0.6


@dataclass(frozen=True, slots=True)
class ReadEstimate:
    """How a frame selection will be read.

    Attributes:
        costs: The costs of both ways.
        frames_per_s: Measured decoding speed of this video; 0 if not measured.
    """

    costs: ReadCosts
    frames_per_s: float = 0.0

    @property
    def way(self) -> ReadWay:
        """The way to be used."""
        return self.costs.way

    def seconds(self, cost: ReadCost) -> float | None:
        """Estimated decoding time for a way; None while the speed is unknown."""
        return cost.weight / self.frames_per_s if self.frames_per_s > 0 else None


def estimate_reading(
    index: FrameIndex, numbers: NDArray[np.int64] | Sequence[int], *, frames_per_s: float = 0.0
) -> ReadEstimate:
    """Estimate how frames will be read, and the cost of both ways.

    Args:
        index: The frame index.
        numbers: Frame numbers, ascending.
        frames_per_s: Decoding speed of the video; 0 if not measured.
    """
    return ReadEstimate(read_costs(index, numbers), frames_per_s)


def measure_decoding(video: Video, start: int = 0, cancel: CancelToken | None = None) -> float:
    """Measure the decoding speed briefly, in frames per second; 0 if nothing decodes.

    Args:
        video: Used by the calling thread; cached frames would be counted as decoded.
        start: Where to begin; the first frame is not counted, since it includes opening the file.
        cancel: Cancels immediately.

    Raises:
        Cancelled: The work was cancelled.
        OpenError: The file is gone.
    """
    start = max(min(start, len(video) - _MEASURED_FRAMES), 0)
    count, begun = -1, time.monotonic()
    for answer in video.try_frames(range(start, min(start + _MEASURED_FRAMES, len(video)))):
        if cancel is not None:
            cancel.raise_if_cancelled()
        if isinstance(answer, FrameUnavailableError):
            continue
        count += 1
        if count == 0:
            begun = time.monotonic()
        elif time.monotonic() - begun > _MEASURED_S:
            break
    return max(count, 0) / max(time.monotonic() - begun, 1e-6)
