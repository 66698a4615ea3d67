"""What else a file declares: its other streams, chapters, attachments and tags."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from av.audio.stream import AudioStream
from av.video.stream import VideoStream

from framescope.core.model.stream_facts import FileContents, StreamFacts
from framescope.core.printable import printable
from framescope.core.pyav import known_count, read_tags
from framescope.core.text import bit_rate_words, counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from av.container import InputContainer
    from av.stream import Stream

_MOST_STREAMS = 200
_MOST_TAGS = 200
_LONGEST = 500
_DATES = ("com.apple.quicktime.creationdate", "creation_time", "date", "modification_date")
_MAKERS = ("com.apple.quicktime.make", "com.android.manufacturer", "make", "manufacturer")
_MODELS = ("com.apple.quicktime.model", "com.android.model", "model")
_PLACES = ("com.apple.quicktime.location.iso6709", "location", "location-eng")
_PROGRAMS = ("encoder", "encoding_tool", "software", "product_name")
_ISO6709 = re.compile(r"([+-]\d{1,3}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)([+-]\d+(?:\.\d+)?)?(?:CRS\S*)?/?")
_DEGREES = 90


def file_contents(container: InputContainer) -> FileContents:
    """What an open container declares besides its video. It reads nothing more."""
    tags = _bounded(read_tags(container.metadata))
    named = _by_name(tags)
    streams = [_described(stream) for stream in list(container.streams)[:_MOST_STREAMS]]
    return FileContents(
        streams=tuple(streams),
        chapter_count=len(container.chapters()),
        created=_first(named, _DATES),
        device=" ".join(filter(None, (_first(named, _MAKERS), _first(named, _MODELS)))),
        place=place_words(_first(named, _PLACES)),
        application=_application(named, container),
        tags=tags,
    )


def _described(stream: Stream) -> StreamFacts:
    tags = _bounded(read_tags(stream.metadata))
    named = _by_name(tags)
    context = stream.codec_context
    codec = "" if context is None else context.codec.canonical_name
    language = named.get("language", "")
    return StreamFacts(
        stream_index=stream.index,
        kind=stream.type,
        codec=codec,
        details=_details(stream, named),
        language="" if language == "und" else language,
        title=named.get("title", ""),
        tags=tags,
    )


def _details(stream: Stream, tags: Mapping[str, str]) -> str:
    if stream.type == "attachment":
        return ", ".join(filter(None, (tags.get("filename", ""), tags.get("mimetype", ""))))
    # Where there is no decoder, there is no context either, contrary to PyAV's stubs.
    context = stream.codec_context
    words: list[str] = []
    if context is not None and isinstance(stream, AudioStream):
        rate, layout = known_count(stream.sample_rate), stream.layout.name
        channels = layout if layout[:1].isalpha() else counted(stream.channels, "channel", "channels")
        words = [channels, tr("{rate:g} kHz", rate=rate / 1000) if rate else ""]
    elif context is not None and isinstance(stream, VideoStream):
        words = [f"{stream.width}×{stream.height}"]
    bit_rate = 0 if context is None else known_count(context.bit_rate)
    return ", ".join(filter(None, (*words, bit_rate_words(bit_rate) if bit_rate else "")))


def _bounded(tags: Mapping[str, str]) -> dict[str, str]:
    kept = list(tags.items())[:_MOST_TAGS]
    return {printable(name[:_LONGEST]): printable(text.strip()[:_LONGEST]) for name, text in kept}


def _by_name(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags by name in lower case: Matroska writes names in capitals."""
    return {name.casefold(): text for name, text in tags.items()}


def encoder_tag(stream: Stream) -> str:
    """What the container declares as the stream's encoder, printable; empty if nothing."""
    return _by_name(_bounded(read_tags(stream.metadata))).get("encoder", "")


def _first(tags: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((tags[name] for name in names if tags.get(name)), "")


def _application(tags: Mapping[str, str], container: InputContainer) -> str:
    found = _first(tags, _PROGRAMS)
    version = tags.get("product_version", "") if found == tags.get("product_name") else ""
    # mkvmerge writes it for each stream.
    writers = (read_tags(one.metadata).get("_STATISTICS_WRITING_APP", "") for one in container.streams)
    return " ".join(filter(None, (found, version))) or printable(next(filter(None, writers), "")[:_LONGEST])


def place_words(text: str) -> str:
    """A place of ISO 6709 in degrees, such as ``51.5334° N, 0.1255° W``; others as they are."""
    found = _ISO6709.fullmatch(text)
    if found is None:
        return text
    latitude, longitude = float(found[1]), float(found[2])
    if abs(latitude) > _DEGREES or abs(longitude) > 2 * _DEGREES:
        return text
    north = tr("N") if latitude >= 0 else tr("S")
    east = tr("E") if longitude >= 0 else tr("W")
    height = f", {float(found[3]):.0f} m" if found[3] else ""
    return f"{abs(latitude):.4f}° {north}, {abs(longitude):.4f}° {east}{height}"


def stream_words(stream: StreamFacts) -> str:
    """A stream in one line, such as ``aac, stereo, 48 kHz, eng``."""
    return ", ".join(filter(None, (stream.codec, stream.details, stream.language, stream.title)))
