"""Measures a small picture of every frame in one sequential pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import FrameUnavailableError
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.opencv import cv2
from framescope.core.sampling.content import scaled_brightness
from framescope.core.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.media.video import Video
    from framescope.core.model.frame import Picture
    from framescope.core.model.progress import ProgressCallback

COLUMNS, ROWS = 32, 18
CELLS = COLUMNS * ROWS
LEVEL = 256
"""Units of a fingerprint in one 8-bit level: a mean over many pixels says more than they do."""

_SMALL_PX = 320
"""Longest side of the picture that is averaged to cells: OpenCV halves quickest, and rounds only once."""
_REPORT_EVERY = 32


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprints:
    """A small picture of each frame of a video, upright.

    Attributes:
        cells: (frames, 576) uint16: brightness in 256ths of an 8-bit level, 18 rows of 32. A frame that
            cannot be decoded has that of the one before.
        is_available: bool, whether the frame could be decoded.
        times_s: float64, when each frame is shown, from the first one; NaN without a timestamp.
    """

    cells: NDArray[np.uint16]
    is_available: NDArray[np.bool_]
    times_s: NDArray[np.float64]

    def __len__(self) -> int:
        """The number of frames."""
        return len(self.cells)


def measure_fingerprints(
    video: Video,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> Fingerprints:
    """Measure every frame of a video.

    Args:
        video: Read by the calling thread.
        progress: Called every few frames.
        cancel: Cancels the pass.

    Raises:
        Cancelled: The work was cancelled.
        OpenError: The file is gone.
    """
    cancel = cancel or CancelToken()
    total = len(video)
    cells = np.zeros((total, CELLS), np.uint16)
    is_available = np.ones(total, np.bool_)
    for number, answer in enumerate(video.try_frames(range(total))):
        cancel.raise_if_cancelled()
        if isinstance(answer, FrameUnavailableError):
            is_available[number] = False
            cells[number] = cells[max(number - 1, 0)]
        else:
            cells[number] = fingerprint(answer.picture)
        if number % _REPORT_EVERY == 0:
            progress(Progress(number, total, tr("Measuring frames")))
    progress(Progress(total, total, tr("Measuring frames")))
    return Fingerprints(cells, is_available, np.asarray(video.index.times_s, np.float64))


def fingerprint(picture: Picture) -> NDArray[np.uint16]:
    """(576,) uint16, see `Fingerprints`. Pixel aspect and black bars are part of it."""
    small = np.rot90(scaled_brightness(picture, _SMALL_PX).astype(np.float32), -picture.rotation // 90)
    cells = cv2.resize(np.ascontiguousarray(small), (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
    return (cells.reshape(-1) * LEVEL + 0.5).astype(np.uint16)
