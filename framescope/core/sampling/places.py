"""Finds the frames between an in and an out point, which are frame numbers or times."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import SettingsError
from framescope.core.sampling.frame_list import frame_at
from framescope.core.text import TypedTime, clock, parse_time
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.media.index import FrameIndex

    Place = int | TypedTime
    """A frame number, negative ones from the end, or a time from the first frame."""

_NUMBER = re.compile(r"-?[0-9]{1,9}")


def parse_place(text: str) -> Place | None:
    """``120`` as a frame number, ``12.5s`` or ``1:02.5`` as a time; None if it is neither."""
    return int(text) if _NUMBER.fullmatch(text) else parse_time(text)


@dataclass(frozen=True, slots=True)
class InOutPlaces:
    """An in and an out point that apply to any video, both included.

    Attributes:
        first: Where it begins; None for the first frame.
        last: Where it ends; None for the last frame.

    Raises:
        SettingsError: The out point lies before the in point in every video.
    """

    first: Place | None = None
    last: Place | None = None

    def __post_init__(self) -> None:
        """Refuse points that are the wrong way round."""
        if self._are_reversed:
            raise _reversed_points()

    @property
    def _are_reversed(self) -> bool:
        """Whether the out point lies before the in point in every video."""
        first, last = self.first, self.last
        if isinstance(first, int) and isinstance(last, int):
            return last < first and (first < 0) == (last < 0)
        if isinstance(first, TypedTime) and isinstance(last, TypedTime):
            return last.seconds + last.precision_s < first.seconds - first.precision_s
        return False

    def frames(self, index: FrameIndex) -> range | None:
        """The frames of a video between the points; None if there is neither.

        Raises:
            SettingsError: The video has no such frame, or the points are the wrong way round.
        """
        if self.first is None and self.last is None:
            return None
        start = 0 if self.first is None else _number_at(index, self.first)
        stop = len(index) if self.last is None else _number_at(index, self.last) + 1
        if stop <= start:
            raise _reversed_points()
        return range(start, stop)


def _reversed_points() -> SettingsError:
    return SettingsError(tr("The out point is earlier than the in point."))


def _number_at(index: FrameIndex, place: Place) -> int:
    if isinstance(place, int):
        return frame_at(place, len(index))
    if not index.has_some_timestamps:
        raise SettingsError(tr("The frames have no timestamps."), hint=tr("Give frame numbers."))
    if not index.shows_at(place):
        last = clock(float(np.nanmax(index.times_s)))
        raise SettingsError(
            tr("There is no frame at {time}.", time=clock(float(place.seconds))),
            hint=tr("The last one is at {last}.", last=last),
        )
    return index.number_at_time(place)
