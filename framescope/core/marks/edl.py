"""Marks as CMX 3600 edit decision lists: a clip with locators, or an event per mark for DaVinci Resolve."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from framescope.core.errors import SettingsError
from framescope.core.marks.marked_timeline import nearest_color
from framescope.core.marks.marks_file import marks_from
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framescope.core.marks.marked_timeline import MarkedTimeline, Marker
    from framescope.core.marks.marks_file import MarksFile
    from framescope.core.timing.timecode import TimecodeCount

_MOST_BASE = 100
"""Timecodes of a list have two digits for frames."""
_LOCATOR_COLORS = {
    "RED": "#ff0000",
    "GREEN": "#00ff00",
    "BLUE": "#0000ff",
    "CYAN": "#00ffff",
    "MAGENTA": "#ff00ff",
    "YELLOW": "#ffff00",
    "WHITE": "#ffffff",
}
_RESOLVE_COLORS = {
    "Blue": "#007fe3",
    "Cyan": "#00ced0",
    "Green": "#00ad00",
    "Yellow": "#f09d00",
    "Red": "#e12401",
    "Pink": "#ff44c8",
    "Purple": "#9013fe",
    "Fuchsia": "#c02e6f",
    "Rose": "#ffa1b9",
    "Lavender": "#a193c8",
    "Sky": "#92e2fd",
    "Mint": "#72db00",
    "Lemon": "#dce95a",
    "Sand": "#c4915e",
    "Cocoa": "#6e5143",
    "Cream": "#f5ebe1",
}
_RANGE = "In-out range"
_TIMECODE = r"(\d{2,3}[:;.]\d\d[:;.]\d\d[:;.]\d\d)"
_TIMECODES = r"\s+".join([_TIMECODE] * 4)
_EVENT = re.compile(rf"\d+\s+\S+\s+\S+\s+C\s.*?{_TIMECODES}\s*")
_LOCATOR = re.compile(rf"\*\s*LOC:\s*{_TIMECODE}\s+\w+\s*(.*)", re.IGNORECASE)
_FRAMES = re.compile(r"\d{1,9}")
_TEXT = re.compile(r"(?:\[([^]]*)\] ?)?(.*)")


def clip_text(timeline: MarkedTimeline) -> str:
    """The clip as one event, with its marks as locators: ``[label] note``.

    Source and record timecodes are the same, so that a locator names the same frame in both.

    Raises:
        SettingsError: The rate is beyond what the format can count.
    """
    count = timeline.count
    lines = [*_head(timeline), _event(1, count, timeline.first, timeline.end)]
    lines.append(f"* FROM CLIP NAME: {timeline.name}")
    for marker in timeline.markers:
        color = nearest_color(marker.color, _LOCATOR_COLORS, "WHITE")
        lines.append(f"* LOC: {count.text(marker.frame_number)} {color:7} {_words(marker)}".rstrip())
    return _joined(lines)


def markers_text(timeline: MarkedTimeline) -> str:
    """Each mark, and the range, as an event that DaVinci Resolve imports as a marker of the timeline.

    Raises:
        SettingsError: The rate is beyond what the format can count.
    """
    lines = _head(timeline)
    number = 0
    if not timeline.is_whole:
        number += 1
        lines.append(_event(number, timeline.count, timeline.first, timeline.end))
        lines += [f" |C:ResolveColorCream |M:{_RANGE} |D:{timeline.end - timeline.first}", ""]
    for marker in timeline.markers:
        number += 1
        first = marker.frame_number
        color = nearest_color(marker.color, _RESOLVE_COLORS, "Blue")
        name = _without_bars(marker.label) or _frame_name(first)
        lines.append(_event(number, timeline.count, first, first + 1))
        lines += [f"{_without_bars(marker.note)} |C:ResolveColor{color} |M:{name} |D:1", ""]
    return _joined(lines)


def read_edl(name: str, text: str, count: TimecodeCount, total: int) -> MarksFile:
    """The marks of a list, and the range if it has a single clip.

    Args:
        name: The file's name.
        text: What is in it.
        count: Timecodes of the video that the marks are for.
        total: Its frames.

    Raises:
        SettingsError: It is not a list, or counts timecodes otherwise than the video.
    """
    reader = _Reader(replace(count, start=0), count.start)
    for line_number, line in enumerate(text.splitlines(), 1):
        reader.take(line.strip("\ufeff"), tr("Line {line_num}", line_num=line_number))
    if not reader.events:
        raise SettingsError(tr("{name} contains no events of an edit decision list.", name=name))
    return marks_from([*reader.range_records(total), *reader.records], {})


class _Reader:
    """Takes a list line by line."""

    def __init__(self, count: TimecodeCount, start: int) -> None:
        self._count = count
        self._start = start
        self.events: list[tuple[str, int, int]] = []
        self._offset = 0
        self.records: list[tuple[str, object]] = []
        self._has_markers = False

    def take(self, line: str, where: str) -> None:
        if line.startswith("FCM:"):
            self._check_count("NON" not in line.upper(), where)
        elif event := _EVENT.fullmatch(line):
            first, end, record = (self._number(event[group], where) for group in (1, 2, 3))
            self._offset = first - record
            self.events.append((where, first, end))
        elif self.events and (locator := _LOCATOR.fullmatch(line)):
            label, note = _label_and_note(locator[2])
            number = self._number(locator[1], where) + self._offset
            self._add(where, number, label, note)
        elif self.events and (marker := _resolve_marker(line)):
            self._has_markers = True
            self._take_marker(where, *marker)

    def range_records(self, total: int) -> Iterator[tuple[str, object]]:
        """The ends of the only clip, if it is not the whole video."""
        if len(self.events) == 1 and not self._has_markers and self.events[0][1:] != (0, total):
            yield from _ends(*self.events[0])

    def _take_marker(self, where: str, note: str, name: str, length: int) -> None:
        _, first, _ = self.events[-1]
        if name == _RANGE:
            self.records += _ends(where, first, first + length)
        else:
            self._add(where, first, "" if name == _frame_name(first) else name, note)

    def _add(self, where: str, number: int, label: str, note: str) -> None:
        self.records.append((where, {"frame_number": number, "label": label, "note": note}))

    def _number(self, timecode: str, where: str) -> int:
        number = self._count.number(timecode)
        if number is None:
            raise SettingsError(
                tr("{where}: {timecode} is not a timecode of this video.", where=where, timecode=timecode),
                hint=tr("The list may be for a video of another frame rate."),
            )
        return number - self._start

    def _check_count(self, is_drop: bool, where: str) -> None:  # noqa: FBT001 - the name says it
        if is_drop != self._count.drops:
            raise SettingsError(
                tr("{where}: the list counts drop-frame timecode, but the video does not.", where=where)
                if is_drop
                else tr("{where}: the video counts drop-frame timecode, but the list does not.", where=where)
            )


def _resolve_marker(line: str) -> tuple[str, str, int] | None:
    """The note, the name and the frames of a line that marks something for DaVinci Resolve, or None."""
    # Not one regular expression: its time would grow with the square of a line of spaces or bars.
    rest, _, length = line.rpartition("|D:")
    rest, _, name = rest.rpartition("|M:")
    note, bar, _ = rest.rpartition("|C:")
    is_marker = bar and _FRAMES.fullmatch(length.strip())
    return (note.rstrip(), name.rstrip(), int(length)) if is_marker else None


def _ends(where: str, first: int, end: int) -> Iterator[tuple[str, object]]:
    yield where, {"kind": "in", "frame_number": first}
    yield where, {"kind": "out", "frame_number": end - 1}


def _head(timeline: MarkedTimeline) -> list[str]:
    if timeline.count.base > _MOST_BASE:
        raise SettingsError(
            tr("An edit decision list counts at most {most} frames per second.", most=_MOST_BASE),
            hint=tr("CSV, JSON, COCO and OTIO files have no such limit."),
        )
    fcm = "DROP FRAME" if timeline.count.drops else "NON-DROP FRAME"
    return [f"TITLE: {timeline.name}", f"FCM: {fcm}", ""]


def _event(number: int, count: TimecodeCount, first: int, end: int) -> str:
    start, stop = count.text(first), count.text(end)
    return f"{number:03d}  AX       V     C        {start} {stop} {start} {stop}"


def _joined(lines: list[str]) -> str:
    # The line ends that tape controllers and programs on every system read.
    return "\r\n".join((*lines, ""))


def _frame_name(number: int) -> str:
    return f"Frame {number}"


def _without_bars(text: str) -> str:
    return text.replace("|", "/")


def _words(marker: Marker) -> str:
    label = f"[{marker.label.replace(']', ')')}]" if marker.label or marker.note.startswith("[") else ""
    return " ".join(part for part in (label, marker.note) if part)


def _label_and_note(text: str) -> tuple[str, str]:
    match = _TEXT.fullmatch(text.strip())
    return ("", text) if match is None else (match[1] or "", match[2])
