"""How the timeline's height is divided between ruler, markers, bars, sound, cache line and overview."""

from __future__ import annotations

from dataclasses import dataclass

GUTTER_PX = 84
"""Width left of the frames for the lane names; the filmstrip uses the same."""
EDGE_PX = 12
"""Margin right of the last frame."""

HEADROOM_PX = 2
"""Rows above the tallest bar."""

_TOP_PX = 4
_TICKS_PX = 5
_MARKERS_PX = 13
_CACHED_PX = 3
_CHOSEN_PX = 5
_OVERVIEW_PX = 22
_BOTTOM_PX = 8
_LEAST_BARS_PX = 28
_SOUND_SHARE = 0.46
_MOST_SOUND_PX = 96
_SOUND_GAP_PX = 2
_COMPARED_SHARE = 0.5
_MOST_COMPARED_PX = 80
_MOST_CURVE_PX = 44
_BARS_BESIDE_CURVES_PX = 44
CURVE_ROOM_PX = 32
"""How much higher the timeline should be for each lane of values."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A horizontal strip, in logical pixels from the widget's top.

    Attributes:
        top: Its first row.
        height: Its number of rows.
    """

    top: int
    height: int

    @property
    def bottom(self) -> int:
        """The row below the last one."""
        return self.top + self.height

    @property
    def middle(self) -> float:
        """The vertical middle."""
        return self.top + self.height / 2

    def holds(self, y: float) -> bool:
        """Whether ``y`` is in the strip."""
        return self.top <= y < self.bottom


@dataclass(frozen=True, slots=True)
class Lanes:
    """The strips of the timeline, top to bottom.

    Attributes:
        times: Ruler labels as times.
        numbers: Ruler labels as frame numbers.
        ticks: Ticks for the frame numbers.
        markers: The in/out range and the marks.
        types: Keyframe ticks, and the picture type of each frame if a letter fits.
        bars: Frame sizes on GOP bands.
        sound: The waveform; None if the video has no sound.
        curves: The lanes of values.
        compared: What another video lacks of this one, and how similar it is; None without a comparison.
        cached: The line of cached frames.
        chosen: Ticks of the frames chosen for export.
        overview: The whole video, with the visible part framed.
    """

    times: Lane
    numbers: Lane
    ticks: Lane
    markers: Lane
    types: Lane
    bars: Lane
    sound: Lane | None
    curves: tuple[Lane, ...]
    compared: Lane | None
    cached: Lane
    chosen: Lane
    overview: Lane

    @property
    def stage_bottom(self) -> int:
        """The row below what belongs to single frames: bars, waveform, curves and comparison."""
        optional = (self.bars, self.sound, *self.curves, self.compared)
        return max(lane.bottom for lane in optional if lane is not None)

    @property
    def content_bottom(self) -> int:
        """The row below everything that zooms and scrolls."""
        return self.chosen.bottom + 1


def lanes_for(
    height: int,
    text_height: int,
    *,
    has_sound: bool = False,
    curve_count: int = 0,
    has_compared: bool = False,
) -> Lanes:
    """Divide ``height``; bars and waveform get the rest, but never less than bars need to be legible."""
    row = text_height + 2
    times = Lane(_TOP_PX, row)
    numbers = Lane(times.bottom, row)
    ticks = Lane(numbers.bottom, _TICKS_PX)
    markers = Lane(ticks.bottom, _MARKERS_PX)
    types = Lane(markers.bottom, text_height + 3)
    below = 1 + _CACHED_PX + 2 + _CHOSEN_PX + 4
    overview_top = max(height - _OVERVIEW_PX - _BOTTOM_PX, types.bottom + _LEAST_BARS_PX + below)
    stage = Lane(types.bottom, overview_top - below - types.bottom)
    above, compared = _with_compared(stage) if has_compared else (stage, None)
    above, curves = _with_curves(above, curve_count)
    bars, sound = _with_sound(above) if has_sound else (above, None)
    cached = Lane(stage.bottom + 1, _CACHED_PX)
    chosen = Lane(cached.bottom + 2, _CHOSEN_PX)
    overview = Lane(overview_top, _OVERVIEW_PX)
    return Lanes(
        times, numbers, ticks, markers, types, bars, sound, curves, compared, cached, chosen, overview
    )


def _with_sound(stage: Lane) -> tuple[Lane, Lane]:
    """The bars and the waveform below them, without more height: no lane moves when sound is found."""
    height = min(round(stage.height * _SOUND_SHARE), _MOST_SOUND_PX)
    bars = Lane(stage.top, stage.height - height - _SOUND_GAP_PX)
    return bars, Lane(bars.bottom + _SOUND_GAP_PX, height)


def _with_curves(stage: Lane, count: int) -> tuple[Lane, tuple[Lane, ...]]:
    """What is left for bars and waveform, and the lanes of values below them."""
    if not count:
        return stage, ()
    room = stage.height - min(_BARS_BESIDE_CURVES_PX, stage.height // 3)
    each = min(room // count, _MOST_CURVE_PX + _SOUND_GAP_PX)
    height = max(each - _SOUND_GAP_PX, 0)
    above = Lane(stage.top, stage.height - count * each)
    return above, tuple(Lane(above.bottom + (place + 1) * each - height, height) for place in range(count))


def _with_compared(stage: Lane) -> tuple[Lane, Lane]:
    """What is left for bars and waveform, and the comparison at the bottom."""
    height = min(round(stage.height * _COMPARED_SHARE), _MOST_COMPARED_PX)
    above = Lane(stage.top, stage.height - height - _SOUND_GAP_PX)
    return above, Lane(above.bottom + _SOUND_GAP_PX, height)


def least_height(text_height: int) -> int:
    """The minimum height at which no lane is cut off."""
    return lanes_for(0, text_height).overview.bottom + _BOTTOM_PX
