"""Which mark stands where on an engine's lane: answers gathered by frame, then by pixel. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.ui.panels.seek.words import Level, level_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from framescope.core.audit.records import RequestResult
    from framescope.ui.timeline.axis import FrameAxis

REACH_PX = 4.0
"""How far from a mark the pointer may be to mean it."""


@dataclass(frozen=True, slots=True, eq=False)
class LaneMarks:
    """The worst answer for each frame that was asked for; arrays in the order of frames.

    Attributes:
        frames: int64, ascending, each once.
        levels: int8, `Level`.
        answers: The answer behind each.
    """

    frames: NDArray[np.int64]
    levels: NDArray[np.int8]
    answers: tuple[RequestResult, ...]

    @classmethod
    def of(cls, requests: Sequence[RequestResult]) -> LaneMarks:
        """Gather answers by frame; the worst stays."""
        worst: dict[int, tuple[Level, RequestResult]] = {}
        for one in requests:
            level = level_of(one)
            known = worst.get(one.frame_number)
            if known is None or level > known[0]:
                worst[one.frame_number] = level, one
        ordered = sorted(worst.items())
        return cls(
            np.array([number for number, _ in ordered], np.int64),
            np.array([level for _, (level, _) in ordered], np.int8),
            tuple(one for _, (_, one) in ordered),
        )

    def by_pixel(self, axis: FrameAxis) -> PixelMarks:
        """At most one mark for each pixel between the axis's edges."""
        first = int(np.searchsorted(self.frames, np.floor(axis.first)))
        stop = int(np.searchsorted(self.frames, axis.last))
        if first >= stop:
            return PixelMarks(np.empty(0, np.int64), np.empty(0, np.int64))
        x = np.floor(axis.left + (self.frames[first:stop] - axis.first) * axis.px_per_frame).astype(np.int64)
        # Within a pixel the worst comes first, and there the first frame.
        order = np.lexsort((-self.levels[first:stop].astype(np.int64), x))
        pixels, places = np.unique(x[order], return_index=True)
        return PixelMarks(pixels, first + order[places])

    def place_at(self, axis: FrameAxis, x: float) -> int | None:
        """The mark that a pointer at ``x`` means: the worst of those within reach, then the nearest."""
        if not len(self.frames):
            return None
        reach = REACH_PX / axis.px_per_frame
        position = axis.position_at(x)
        first = int(np.searchsorted(self.frames, position - reach - 1))
        stop = int(np.searchsorted(self.frames, position + reach, side="right"))
        near = np.arange(first, stop)
        here = near[self.frames[near] == np.floor(position)]
        if axis.px_per_frame > 2 * REACH_PX and len(here):
            return int(here[0])
        if not len(near):
            return None
        distance = np.abs(self.frames[near] + 0.5 - position)
        return int(near[np.lexsort((distance, -self.levels[near].astype(np.int64)))[0]])


@dataclass(frozen=True, slots=True, eq=False)
class PixelMarks:
    """What is drawn.

    Attributes:
        pixels: x of each mark, ascending.
        places: Its place in the lane's marks.
    """

    pixels: NDArray[np.int64]
    places: NDArray[np.int64]

    def __len__(self) -> int:
        """How many there are."""
        return len(self.pixels)
