"""The result of frame selection: frame numbers and, for clips, their positions in the clips."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
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

    def without(self, excluded: NDArray[np.int64]) -> Chosen:
        """Without these frames; of clips, without those that have one of them."""
        is_out = np.isin(self.frame_numbers, excluded)
        if self.clips is None or self.places is None:
            return replace(self, frame_numbers=self.frame_numbers[~is_out])
        is_out = np.isin(self.clips, self.clips[is_out])
        # Numbered without gaps again.
        clips = np.unique(self.clips[~is_out], return_inverse=True)[1]
        return replace(
            self, frame_numbers=self.frame_numbers[~is_out], clips=clips, places=self.places[~is_out]
        )

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
