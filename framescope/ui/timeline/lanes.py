"""How the timeline's height is divided between ruler, markers, bars, cache line and overview."""

from __future__ import annotations

from dataclasses import dataclass

GUTTER_PX = 84
"""Room left of the frames for what the lanes are called; the filmstrip keeps the same."""
EDGE_PX = 12
"""Room right of the last frame."""

HEADROOM_PX = 2
"""Rows of the bars' lane that the tallest bar leaves free."""

_TOP_PX = 4
_TICKS_PX = 5
_MARKERS_PX = 13
_CACHED_PX = 3
_CHOSEN_PX = 5
_OVERVIEW_PX = 22
_BOTTOM_PX = 8
_LEAST_BARS_PX = 28


@dataclass(frozen=True, slots=True)
class Lane:
    """A horizontal strip, in logical pixels from the widget's top.

    Attributes:
        top: Its first row.
        height: Its rows.
    """

    top: int
    height: int

    @property
    def bottom(self) -> int:
        """The row below its last one."""
        return self.top + self.height

    @property
    def middle(self) -> float:
        """Half-way down."""
        return self.top + self.height / 2

    def holds(self, y: float) -> bool:
        """Whether ``y`` lies in the strip."""
        return self.top <= y < self.bottom


@dataclass(frozen=True, slots=True)
class Lanes:
    """The strips of the timeline, top to bottom.

    Attributes:
        times: Ruler labels in time.
        numbers: Ruler labels in frame numbers.
        ticks: The ticks of the frame numbers.
        markers: The in/out range and the marks.
        types: Keyframe ticks; the picture type of each frame once there is room for a letter.
        bars: Frame sizes over GOP bands.
        cached: The line of frames in memory.
        chosen: Ticks of the frames that are about to be exported.
        overview: The whole file with the visible part framed.
    """

    times: Lane
    numbers: Lane
    ticks: Lane
    markers: Lane
    types: Lane
    bars: Lane
    cached: Lane
    chosen: Lane
    overview: Lane

    @property
    def content_bottom(self) -> int:
        """The row below everything that moves with zoom and scroll."""
        return self.chosen.bottom + 1


def lanes_for(height: int, text_height: int) -> Lanes:
    """Share out ``height``; the bars get what the others leave, and never less than they need to be read."""
    row = text_height + 2
    times = Lane(_TOP_PX, row)
    numbers = Lane(times.bottom, row)
    ticks = Lane(numbers.bottom, _TICKS_PX)
    markers = Lane(ticks.bottom, _MARKERS_PX)
    types = Lane(markers.bottom, text_height + 3)
    below = 1 + _CACHED_PX + 2 + _CHOSEN_PX + 4
    overview_top = max(height - _OVERVIEW_PX - _BOTTOM_PX, types.bottom + _LEAST_BARS_PX + below)
    bars = Lane(types.bottom, overview_top - below - types.bottom)
    cached = Lane(bars.bottom + 1, _CACHED_PX)
    chosen = Lane(cached.bottom + 2, _CHOSEN_PX)
    overview = Lane(overview_top, _OVERVIEW_PX)
    return Lanes(times, numbers, ticks, markers, types, bars, cached, chosen, overview)


def least_height(text_height: int) -> int:
    """The height below which lanes would be cut off."""
    return lanes_for(0, text_height).overview.bottom + _BOTTOM_PX
