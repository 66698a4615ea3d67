"""Marks as an OpenTimelineIO file, by the library of that name, which is optional."""

from __future__ import annotations

import math
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from framescope.core.addresses import address_without_secrets
from framescope.core.errors import SettingsError
from framescope.core.marks.marked_timeline import nearest_color
from framescope.core.marks.marks_file import json_object, marks_from
from framescope.core.media.container import local_path
from framescope.core.printable import printable, valid_text
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from framescope.core.marks.marked_timeline import MarkedTimeline
    from framescope.core.marks.marks_file import MarksFile
    from framescope.core.media.index import FrameIndex
    from framescope.core.timing.timecode import TimecodeCount

_OWN = "framescope"
"""Our part of the metadata."""
_MOST_DEPTH = 200
"""Levels of JSON, which no editor comes near."""
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
    document = json_object(name, text)
    if "OTIO_SCHEMA" not in document:
        raise SettingsError(tr("{name} is not an OTIO timeline.", name=name))
    _check_nesting(name, document)
    try:
        found = otio.core.deserialize_json_from_string(text)
        clips = list(found.find_clips())
        records = list(_records(clips, rate, count))
    except (ValueError, TypeError, AttributeError, RuntimeError, otio.exceptions.OTIOError) as error:
        raise SettingsError(
            tr("{name} is not an OTIO timeline: {error}.", name=name, error=printable(str(error).strip(" .")))
        ) from error
    return marks_from(records, _facts(found))


def _check_nesting(name: str, document: object) -> None:
    """Refuse what the library would crash on: it follows everything to any depth, and references in circles.

    Raises:
        SettingsError: The document is nested too deeply, or an object of it contains itself.
    """
    held: dict[str, set[str]] = {}
    waiting: list[tuple[object, int, str]] = [(document, 0, "")]
    while waiting:
        value, depth, holder = waiting.pop()
        if depth > _MOST_DEPTH:
            raise _endless(name)
        if isinstance(value, dict):
            is_reference = str(value.get("OTIO_SCHEMA")).startswith("SerializableObjectRef.")
            inner = value.get("id" if is_reference else "OTIO_REF_ID")
            if isinstance(inner, str):
                held.setdefault(holder, set()).add(inner)
                holder = holder if is_reference else inner
        things = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        waiting += [(thing, depth + 1, holder) for thing in things]
    heights: dict[str, int] = {}
    try:
        for holder in TopologicalSorter(held).static_order():
            heights[holder] = 1 + max((heights[inner] for inner in held.get(holder, ())), default=0)
    except CycleError as error:
        raise _endless(name) from error
    if max(heights.values(), default=0) > _MOST_DEPTH:
        raise _endless(name)


def _endless(name: str) -> SettingsError:
    return SettingsError(tr("{name} is nested too deeply, or contains itself.", name=name))


def _records(
    clips: Sequence[Any], rate: Fraction, count: TimecodeCount
) -> Iterator[tuple[str, dict[str, object]]]:
    places = 0
    for clip in clips:
        start = _start_of(clip, count)
        ends = list(_range_of(clip, start, rate)) if len(clips) == 1 else []
        yield from ends
        places += len(ends)
        for marker in clip.markers:
            places += 1
            yield tr("Marker {place}", place=places), _record(marker, start, rate)


def _record(marker: Any, start: Fraction, rate: Fraction) -> dict[str, object]:  # noqa: ANN401
    own = _facts(marker)
    if "frame_number" in own:
        return {name: own.get(name) for name in ("frame_number", "pts", "label", "note")}
    time = marker.marked_range.start_time
    number: int | str
    try:
        number = round((_seconds(time) - start) * rate)
    except ValueError:
        # Only this marker is left out, and named by its time.
        number = f"{time.value:g}/{time.rate:g}"
    return {"frame_number": number, "label": marker.name, "note": marker.comment}


def _range_of(clip: Any, start: Fraction, rate: Fraction) -> Iterator[tuple[str, dict[str, object]]]:  # noqa: ANN401
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
    return Fraction(0) if range_ is None else count.start / _rate_of(range_.start_time)


def _seconds(time: Any) -> Fraction:  # noqa: ANN401
    if not math.isfinite(time.value):
        raise ValueError(tr("{number} is not a finite number", number=time.value))
    return Fraction(time.value) / _rate_of(time)


def _rate_of(time: Any) -> Fraction:  # noqa: ANN401
    if not 0 < time.rate < math.inf:
        raise ValueError(tr("{rate} is not a rate", rate=time.rate))
    # Rates are floats there: 23.976 is meant to be 24000/1001, and is so near to it that no frame differs.
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
