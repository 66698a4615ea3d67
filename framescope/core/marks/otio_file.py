"""Marks as an OpenTimelineIO file, by the library of that name, which is optional."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import count as count_up
from typing import TYPE_CHECKING, Any

from framescope.core.addresses import address_without_secrets
from framescope.core.errors import SettingsError
from framescope.core.marks.marked_timeline import nearest_color
from framescope.core.marks.marks_file import json_object, marks_from
from framescope.core.media.container import local_path
from framescope.core.printable import printable, valid_text
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from framescope.core.marks.marked_timeline import MarkedTimeline
    from framescope.core.marks.marks_file import MarksFile
    from framescope.core.media.index import FrameIndex
    from framescope.core.timing.timecode import TimecodeCount

_OWN = "framescope"
"""Our part of the metadata."""
_MOST_DEPTH = 100
"""The library reads JSON by recursion in C++, where too deep a nesting ends the process."""
_COLORS = {
    "PINK": "#ffc0cb",
    "RED": "#ff0000",
    "ORANGE": "#ffa500",
    "YELLOW": "#ffff00",
    "GREEN": "#00ff00",
    "CYAN": "#00ffff",
    "BLUE": "#0000ff",
    "PURPLE": "#800080",
    "MAGENTA": "#ff00ff",
    "WHITE": "#ffffff",
}


def otio_text(timeline: MarkedTimeline, source: str, index: FrameIndex, head: Mapping[str, Any]) -> str:
    """The clip with its markers as OTIO's JSON.

    Args:
        timeline: The clip and its marks.
        source: The video, to which the clip refers.
        index: Gives the timestamps, which the metadata keep.
        head: What is said of the video.

    Raises:
        SettingsError: OpenTimelineIO is not installed.
    """
    otio = _library()
    rate = float(timeline.rate)
    start = timeline.count.start

    def span(first: int, length: int) -> Any:  # noqa: ANN401 - the library has no types
        of = otio.opentime.RationalTime
        return otio.opentime.TimeRange(of(start + first, rate), of(length, rate))

    path = local_path(source)
    media = otio.schema.ExternalReference(
        target_url=valid_text(address_without_secrets(source) if path is None else path.as_uri()),
        available_range=span(0, timeline.total),
    )
    clip = otio.schema.Clip(
        name=timeline.name,
        media_reference=media,
        source_range=span(timeline.first, timeline.end - timeline.first),
    )
    for marker in timeline.markers:
        number = marker.frame_number
        facts = {"frame_number": number, "pts": index.pts_of(number), "time_s": index.time_of(number)}
        clip.markers.append(
            otio.schema.Marker(
                name=marker.label or tr("Frame {number}", number=number),
                marked_range=span(number, 1),
                color=nearest_color(marker.color, _COLORS, "WHITE"),
                comment=marker.note,
                metadata={_OWN: facts | {"label": marker.label, "note": marker.note}},
            )
        )
    track = otio.schema.Track(name="V1", kind=otio.schema.TrackKind.Video, children=[clip])
    whole = otio.schema.Timeline(
        name=timeline.name,
        global_start_time=otio.opentime.RationalTime(start + timeline.first, rate),
        metadata={_OWN: dict(head)},
    )
    whole.tracks.append(track)
    text: str = whole.to_json_string()
    return text


def read_otio(name: str, text: str, rate: Fraction, count: TimecodeCount) -> MarksFile:
    """The markers on the clips of a timeline, and the range if it has a single clip.

    Args:
        name: The file's name.
        text: What is in it.
        rate: Frames per second of the video that the marks are for.
        count: Its timecodes, for media whose start the file does not say.

    Raises:
        SettingsError: OpenTimelineIO is not installed, or cannot read the file.
    """
    otio = _library()
    refusals = (ValueError, TypeError, AttributeError, LookupError, RuntimeError, otio.exceptions.OTIOError)
    try:
        _check_depth(json_object(name, text))
        found = otio.core.deserialize_json_from_string(text)
        return marks_from(list(_records(found, rate, count)), _facts(found))
    except refusals as error:
        raise SettingsError(
            tr("{name} is not an OTIO timeline: {error}.", name=name, error=printable(str(error).strip(" .")))
        ) from error


def _check_depth(document: dict[str, Any]) -> None:
    if not document:
        raise ValueError(tr("it is not a JSON object"))
    layer: list[object] = [document]
    for _ in range(_MOST_DEPTH):
        layer = [inner for one in layer for inner in _inside(one)]
        if not layer:
            return
    raise ValueError(tr("it is nested too deeply"))


def _inside(value: object) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _records(timeline: Any, rate: Fraction, count: TimecodeCount) -> Iterator[tuple[str, object]]:  # noqa: ANN401
    clips = list(timeline.find_clips())
    places = count_up(1)
    for clip in clips:
        start = _start_of(clip, count)
        if len(clips) == 1:
            yield from _range_of(clip, start, rate)
        for marker in clip.markers:
            yield tr("Marker {place}", place=next(places)), _record(marker, start, rate)


def _record(marker: Any, start: Fraction, rate: Fraction) -> dict[str, object]:  # noqa: ANN401
    own = _facts(marker)
    if "frame_number" in own:
        return {name: own.get(name) for name in ("frame_number", "pts", "label", "note")}
    number = round((_seconds(marker.marked_range.start_time) - start) * rate)
    return {"frame_number": number, "label": marker.name, "note": marker.comment}


def _range_of(clip: Any, start: Fraction, rate: Fraction) -> Iterator[tuple[str, object]]:  # noqa: ANN401
    if clip.source_range is None:
        return
    first = round((_seconds(clip.source_range.start_time) - start) * rate)
    length = round(_seconds(clip.source_range.duration) * rate)
    media = clip.media_reference.available_range if clip.media_reference is not None else None
    if media is None or length < round(_seconds(media.duration) * rate):
        yield tr("Clip {place}", place=1), {"kind": "in", "frame_number": first}
        yield tr("Clip {place}", place=1), {"kind": "out", "frame_number": first + length - 1}


def _start_of(clip: Any, count: TimecodeCount) -> Fraction:  # noqa: ANN401
    """The time of the media's first frame, as the clip counts it."""
    media = clip.media_reference.available_range if clip.media_reference is not None else None
    if media is not None:
        return _seconds(media.start_time)
    range_ = clip.source_range
    return Fraction(0) if range_ is None else count.start / _rate(range_.start_time)


def _seconds(time: Any) -> Fraction:  # noqa: ANN401
    if not math.isfinite(time.value):
        raise ValueError(tr("{value} is not a time", value=time.value))
    return Fraction(time.value) / _rate(time)


def _rate(time: Any) -> Fraction:  # noqa: ANN401
    # Rates are floats there: 23.976 is meant to be 24000/1001, and is so near to it that no frame differs.
    if not 0 < time.rate < math.inf:
        raise ValueError(tr("{rate} is not a rate", rate=time.rate))
    return Fraction(time.rate)


def _facts(thing: Any) -> dict[str, Any]:  # noqa: ANN401
    """Our part of a thing's metadata, unchecked, as plain values."""
    own = thing.metadata.get(_OWN)
    return {} if own is None or not hasattr(own, "items") else _plain(own)


def _plain(value: Any) -> Any:  # noqa: ANN401
    return {str(key): _plain(one) for key, one in value.items()} if hasattr(value, "items") else value


def _library() -> Any:  # noqa: ANN401
    try:
        import opentimelineio  # noqa: PLC0415 - optional, and slow to import
    except ImportError as error:
        raise SettingsError(
            tr("OTIO files need the library OpenTimelineIO, which is not installed."),
            hint=tr("Install it with “pip install opentimelineio”, or choose an EDL."),
        ) from error
    return opentimelineio
