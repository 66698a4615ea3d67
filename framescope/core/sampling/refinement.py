"""What is left of the frames that a method chose: no excluded ones, no near-duplicates, so many a scene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import SettingsError
from framescope.core.sampling.selection import spread_places
from framescope.core.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Refinement:
    """Steps that follow the choice of frames, in this order; by default none.

    Attributes:
        excluded: Numbers and ranges, as typed, of frames that are never chosen. Methods that look at frames
            choose among the others.
        without_duplicates: Whether to skip near-duplicates of the frames chosen so far.
        per_scene: Most frames of each scene, evenly spaced among those chosen in it; 0 for all.
        at_most: Most frames altogether, evenly spaced among those chosen; 0 for all.
    """

    excluded: str = ""
    without_duplicates: bool = False
    per_scene: int = 0
    at_most: int = 0

    @property
    def needs_content(self) -> bool:
        """Whether the frames must be measured."""
        return self.without_duplicates or self.per_scene > 0

    def check(self, *, is_of_clips: bool) -> None:
        """Refuse what is not possible.

        Args:
            is_of_clips: Whether clips were chosen, of which only whole ones can be left out.

        Raises:
            SettingsError: It is so.
        """
        if self.per_scene < 0 or self.at_most < 0:
            raise SettingsError(
                tr("The number of frames cannot be below 0."), hint=tr("Use 0 for as many as there are.")
            )
        if is_of_clips and (self.needs_content or self.at_most):
            raise SettingsError(
                tr("Clips cannot be thinned out frame by frame."),
                hint=tr("Limit the number of clips instead, or choose single frames."),
            )


def so_many_per_scene(numbers: NDArray[np.int64], cuts: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """At most ``count`` of the frames of each scene, evenly spaced among them.

    Args:
        numbers: Frame numbers, ascending.
        cuts: The first frames of scenes, ascending; the first scene's need not be among them.
        count: From 1.
    """
    scenes = np.searchsorted(cuts, numbers, side="right")
    borders = np.flatnonzero(np.diff(scenes)) + 1
    parts = [so_many(part, count) for part in np.split(numbers, borders)]
    return np.concatenate(parts) if parts else numbers


def so_many(numbers: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """At most ``count`` of the frames, evenly spaced among them, the first and the last included."""
    return numbers if len(numbers) <= count else numbers[spread_places(len(numbers), count)]
