"""Estimates the total size of an export from a sample of its frames, with a confidence interval."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.model.progress import Progress, ignore_progress
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from framescope.core.model.progress import CancelToken, ProgressCallback

SAMPLES = 12
"""Number of frames sampled for an estimate."""
# Student's t at 97.5 % by degrees of freedom: half the width of a 95 % interval, in standard errors.
_T = (math.nan, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160)
_T_OF_MANY = 1.96


@dataclass(frozen=True, slots=True)
class SizeEstimate:
    """The size of an export.

    Attributes:
        count: Frames in all.
        sampled: Number of frames encoded for the estimate.
        total_bytes: The estimated size.
        spread_bytes: Half the width of the 95 % interval around it; 0 if every frame was encoded, NaN if only
            one of several was.
    """

    count: int
    sampled: int
    total_bytes: float
    spread_bytes: float

    @property
    def is_exact(self) -> bool:
        """Whether every frame was encoded."""
        return self.sampled == self.count


def sample_places(count: int, samples: int = SAMPLES) -> tuple[int, ...]:
    """Evenly spread positions of a list, ordered so that every prefix is evenly spread as well.

    Args:
        count: Length of the list.
        samples: How many positions; fewer if the list is shorter.
    """
    taken = min(count, samples)
    # The middles of equal sections: neither end of a video is representative.
    places = [int((2 * number + 1) * count / (2 * taken)) for number in range(taken)]
    return tuple(places[number] for number in _spread_order(taken))


def estimate_size(sizes: Sequence[int], count: int) -> SizeEstimate:
    """Estimate the total size of ``count`` files from some of them.

    The mean of the known ones times the count; the interval is Student's t with the finite population
    correction. Evenly spread frames tell more than random ones would, so it errs on the wide side.

    Args:
        sizes: Bytes of the frames that were encoded; one at least.
        count: Frames in all.
    """
    known = np.asarray(sizes, np.float64)
    sampled = len(known)
    total = float(known.mean()) * count
    if sampled >= count:
        return SizeEstimate(count, sampled, float(known.sum()), 0.0)
    if sampled == 1:
        return SizeEstimate(count, sampled, total, math.nan)
    error = float(known.std(ddof=1)) / math.sqrt(sampled) * math.sqrt((count - sampled) / (count - 1))
    factor = _T[sampled - 1] if sampled <= len(_T) else _T_OF_MANY
    return SizeEstimate(count, sampled, total, factor * error * count)


def iter_estimates(
    numbers: NDArray[np.int64],
    encoded_size: Callable[[int], int | None],
    *,
    samples: int = SAMPLES,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> Iterator[SizeEstimate]:
    """Successively better estimates, one after each encoded frame.

    Args:
        numbers: The frames of the export.
        encoded_size: Bytes of a frame's file; None if the frame cannot be decoded.
        samples: How many frames to encode at most.
        progress: Called after every frame.
        cancel: Stops it between two frames.

    Raises:
        Cancelled: ``cancel`` was used.
    """
    sizes: list[int] = []
    places = sample_places(len(numbers), samples)
    for done, place in enumerate(places, start=1):
        if cancel is not None:
            cancel.raise_if_cancelled()
        size = encoded_size(int(numbers[place]))
        progress(Progress(done, len(places), tr("Estimating the size")))
        if size is not None:
            sizes.append(size)
            yield estimate_size(sizes, len(numbers))


def _spread_order(count: int) -> list[int]:
    """0 … count - 1, each number about as far as possible from the earlier ones."""
    bits = max(count - 1, 0).bit_length()
    reversed_bits = (int(f"{number:0{bits}b}"[::-1], 2) if bits else 0 for number in range(1 << bits))
    # Start in the middle: if there is only time for one frame, it is from the middle of the video.
    return [(number + count // 2) % count for number in reversed_bits if number < count]
