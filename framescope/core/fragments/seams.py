"""Measures how visible tile borders are: the step across each border compared with the steps next to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.model.frame import Frame
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.opencv import cv2
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from framescope.core.fragments.geometry import Region
    from framescope.core.fragments.manifest import Manifest
    from framescope.core.media.video import Video
    from framescope.core.model.progress import ProgressCallback

_MARGIN = 2
"""Samples on each side of a border that the measure looks at."""


@dataclass(frozen=True, slots=True)
class Seam:
    """One border between two tiles, averaged over frames; all in code values of the grey picture, 0 to 255.

    Attributes:
        first: The tile to the left or above.
        second: The tile to the right or below.
        is_vertical: Whether the border runs from top to bottom.
        place: Its column, or its row.
        across: Mean difference of the two samples on either side of the border.
        inside: Mean difference of neighbouring samples just beside the border, within either tile.
        worst_frame: The frame where the border stands out most.
    """

    first: int
    second: int
    is_vertical: bool
    place: int
    across: float
    inside: float
    worst_frame: int

    @property
    def excess(self) -> float:
        """By how much the border stands out: 0 where it cannot be told from the picture beside it."""
        return self.across - self.inside


def measure_seams(
    video: Video,
    manifest: Manifest,
    numbers: Iterable[int],
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> tuple[Seam, ...]:
    """The borders between tiles on the given frames, the most visible first.

    Args:
        video: The open store (or its source, to know how the borders look without fragments).
        manifest: Where the tiles are.
        numbers: The frames to look at; those that cannot be decoded are left out.
        progress: Receives the progress.
        cancel: Cancels the work.

    Raises:
        Cancelled: The work was cancelled.
    """
    wanted = list(numbers)
    sums: dict[tuple[int, int], list[tuple[float, float, int]]] = {}
    borders: dict[tuple[int, int], tuple[bool, int]] = {}
    for done, answer in enumerate(video.try_frames(wanted)):
        if cancel is not None:
            cancel.raise_if_cancelled()
        progress(Progress(done, len(wanted), tr("Measuring seams")))
        run = manifest.run_of(wanted[done])
        if not isinstance(answer, Frame) or run is None:
            continue
        grey = cv2.cvtColor(answer.to_bgr(rotate=False), cv2.COLOR_BGR2GRAY).astype(np.int16)
        for pair, is_vertical, place, across, inside in steps_at_borders(
            grey, manifest.forms[run.form].tiles
        ):
            borders[pair] = (is_vertical, place)
            sums.setdefault(pair, []).append((across, inside, wanted[done]))
    seams = [
        Seam(
            *pair,
            *borders[pair],
            across=float(np.mean([one[0] for one in found])),
            inside=float(np.mean([one[1] for one in found])),
            worst_frame=max(found, key=lambda one: one[0] - one[1])[2],
        )
        for pair, found in sums.items()
    ]
    return tuple(sorted(seams, key=lambda seam: -seam.excess))


def steps_at_borders(
    grey: NDArray[np.int16], tiles: tuple[Region, ...]
) -> list[tuple[tuple[int, int], bool, int, float, float]]:
    """For each border the pair of tiles, whether it is vertical, its place, and the steps across and inside.

    Args:
        grey: (rows, columns) int16.
        tiles: The tiles, row by row.
    """
    found = []
    for first, tile in enumerate(tiles):
        for second, other in enumerate(tiles):
            if tile.y == other.y and tile.right == other.x:
                strip = grey[tile.y : tile.bottom, max(0, other.x - _MARGIN) : other.x + _MARGIN]
                found.append(((first, second), True, other.x, *_steps(strip)))
            elif tile.x == other.x and tile.bottom == other.y:
                strip = grey[max(0, other.y - _MARGIN) : other.y + _MARGIN, tile.x : tile.right].T
                found.append(((first, second), False, other.y, *_steps(strip)))
    return found


def _steps(strip: NDArray[np.int16]) -> tuple[float, float]:
    """The mean step across the middle of a strip of up to four columns, and the mean of the other steps."""
    steps = np.abs(np.diff(strip, axis=1)).mean(axis=0)
    middle = min(_MARGIN, strip.shape[1] - 1) - 1
    others = np.delete(steps, middle)
    return float(steps[middle]), float(others.mean()) if len(others) else float(steps[middle])
