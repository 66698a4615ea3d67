"""The result of frame selection: frame numbers and, for clips, their positions in the clips."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.marks.marked_frames import MarkedFrames

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The selected frames, one row per picture.

    Attributes:
        frame_numbers: int64, ascending. Each once, unless clips share frames.
        clips: int64 by row, the 0-based number of the picture's clip; None if there are no clips.
        places: int64 by row, the 0-based position within the clip; None if there are no clips.
        marked: Labels and notes of frames, which need not be among the selected.
    """

    frame_numbers: NDArray[np.int64]
    clips: NDArray[np.int64] | None = None
    places: NDArray[np.int64] | None = None
    marked: MarkedFrames = field(default_factory=MarkedFrames)

    def __len__(self) -> int:
        """The number of pictures."""
        return len(self.frame_numbers)

    @property
    def clip_total(self) -> int:
        """The number of clips."""
        return 0 if self.clips is None or not len(self.clips) else int(self.clips.max()) + 1


def chosen_clips(table: NDArray[np.int64]) -> Chosen:
    """Clips as rows of frame numbers, (clips, length), sorted in reading order."""
    total, length = table.shape
    numbers = table.reshape(-1)
    clips, places = np.divmod(np.arange(total * length, dtype=np.int64), max(length, 1))
    order = np.lexsort((places, clips, numbers))
    return Chosen(numbers[order], clips[order], places[order])
