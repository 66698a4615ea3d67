"""Marks and the in–out range as editing programs have them: a clip with timecodes and markers. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle
from types import MappingProxyType
from typing import TYPE_CHECKING

from framescope.core.errors import SettingsError
from framescope.core.marks.labels import DEFAULT_LABELS
from framescope.core.media.container import file_name
from framescope.core.media.facts.intervals import measure_intervals
from framescope.core.printable import printable
from framescope.core.timing.timecode import timecode_count
from framescope.core.translation import tr, tr_plural

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from framescope.core.marks.marked_frames import MarkedFrames
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.core.timing.timecode import TimecodeCount

NO_COLORS: Mapping[str, str] = MappingProxyType({})
_DEFAULT_COLORS = {label.name: label.color for label in DEFAULT_LABELS}


@dataclass(frozen=True, slots=True)
class Marker:
    """A mark as an editing program shows it.

    Attributes:
        frame_number: The frame.
        label: Its label; may be empty.
        note: Its note; may be empty.
        color: That of the label, ``#rrggbb``; None without one.
    """

    frame_number: int
    label: str
    note: str
    color: str | None


@dataclass(frozen=True, slots=True)
class MarkedTimeline:
    """One clip of a video, with the marks in it.

    Attributes:
        name: The video's file name.
        rate: Frames per second.
        count: Timecodes of its frames.
        total: Frames of the video.
        first: The clip's first frame: the in point, or 0.
        end: The frame after its last.
        markers: The marks in the clip, in order.
        left_out: How many marks lie outside it.
    """

    name: str
    rate: Fraction
    count: TimecodeCount
    total: int
    first: int
    end: int
    markers: tuple[Marker, ...]
    left_out: int

    @property
    def is_whole(self) -> bool:
        """Whether the clip is the whole video."""
        return (self.first, self.end) == (0, self.total)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Sentences on what is not in it."""
        if not self.left_out:
            return ()
        return (
            tr_plural(
                "{count} mark outside the in–out range was left out.",
                "{count} marks outside the in–out range were left out.",
                self.left_out,
                count=self.left_out,
            ),
        )


def marked_timeline(
    marked: MarkedFrames,
    info: VideoInfo,
    index: FrameIndex,
    colors: Mapping[str, str] = NO_COLORS,
) -> MarkedTimeline:
    """The marks and the range of a video as a clip with markers.

    Args:
        marked: What is marked.
        info: Gives the name and the timecode of the first frame.
        index: Gives the rate.
        colors: ``#rrggbb`` by label; another label gets one of the default colours.

    Raises:
        SettingsError: The video has no timecodes: its frame rate varies, or the file's own start is not a
            timecode at its rate.
    """
    rate, count = timeline_count(info, index)
    total = len(index)
    colors = _all_colors(marked, colors)
    first = marked.in_point or 0
    end = total if marked.out_point is None else marked.out_point + 1
    markers = tuple(
        Marker(number, *marked.texts_of(number), colors.get(marked.labels.get(number, "")))
        for number in marked.marks
        if first <= number < end
    )
    name = printable(file_name(info.source))
    return MarkedTimeline(name, rate, count, total, first, end, markers, len(marked.marks) - len(markers))


def _all_colors(marked: MarkedFrames, known: Mapping[str, str]) -> Mapping[str, str]:
    named = {**_DEFAULT_COLORS, **known}
    others = sorted(set(marked.labels.values()) - set(named))
    return named | {name: label.color for name, label in zip(others, cycle(DEFAULT_LABELS), strict=False)}


def timeline_count(info: VideoInfo, index: FrameIndex) -> tuple[Fraction, TimecodeCount]:
    """The frame rate of a video, and the timecodes of its frames.

    Raises:
        SettingsError: It has none.
    """
    hint = tr("CSV, JSON and COCO files hold the time of each frame instead.")
    intervals = measure_intervals(index)
    if not intervals.is_constant or intervals.rate is None:
        raise SettingsError(
            tr("Editing programs count frames at a constant rate, and that of this video varies."), hint=hint
        )
    count = timecode_count(intervals.rate, info.timecode_start)
    if count is None:
        raise SettingsError(
            tr(
                "The video’s start, {start}, is not a timecode at its rate.",
                start=printable(info.timecode_start or ""),
            ),
            hint=hint,
        )
    return intervals.rate, count


def nearest_color(color: str | None, palette: Mapping[str, str], otherwise: str) -> str:
    """The name of the colour in ``palette`` (``#rrggbb`` by name) that looks most like ``color``."""
    if color is None:
        return otherwise
    own = bytes.fromhex(color[1:])

    def distance(name: str) -> int:
        other = bytes.fromhex(palette[name][1:])
        # Eyes see differences of green best, and of blue least.
        return sum(weight * (one - two) ** 2 for weight, one, two in zip((3, 4, 2), own, other, strict=True))

    return min(palette, key=distance)
