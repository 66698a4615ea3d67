"""What else a file declares: its other streams, chapters, attachments and tags."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from av.audio.stream import AudioStream
from av.stream import AttachmentStream, Disposition
from av.video.stream import VideoStream

from framescope.core.media.facts.format_names import commercial_name
from framescope.core.media.facts.fourcc import codec_words, data_words
from framescope.core.model.stream_facts import Chapter, FileContents, StreamFacts
from framescope.core.printable import printable
from framescope.core.pyav import as_fraction, known_count, read_tags
from framescope.core.text import bit_rate_words, counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from av.container import InputContainer
    from av.container.core import Chapter as ChapterTable
    from av.stream import Stream

    from framescope.core.media.facts.track_details import HeaderDetails, TrackDetails

_MOST_STREAMS = 200
_MOST_TAGS = 200
_MOST_CHAPTERS = 1000
_LONGEST = 500
_DATES = ("com.apple.quicktime.creationdate", "creation_time", "date", "modification_date")
_MAKERS = ("com.apple.quicktime.make", "com.android.manufacturer", "make", "manufacturer")
_MODELS = ("com.apple.quicktime.model", "com.android.model", "model")
_PLACES = ("com.apple.quicktime.location.iso6709", "location", "location-eng")
_PROGRAMS = ("encoder", "encoding_tool", "software", "product_name")
_ISO6709 = re.compile(r"([+-]\d{1,3}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)([+-]\d+(?:\.\d+)?)?(?:CRS\S*)?/?")
_DEGREES = 90
_TIMED_KINDS = frozenset({"video", "audio", "subtitle"})
_WITH_IDS = ("mov", "mpegts", "mxf", "asf", "rm")
"""Containers whose own numbers of streams FFmpeg keeps."""
_DURATION = re.compile(r"(\d{2,5}):(\d\d):(\d\d(?:\.\d{1,9})?)")
_LONGEST_S = 1e10
"""More is the remains of a damaged header: three centuries."""
_PCM_BITS = re.compile(r"pcm_[suf](\d+)")
_STREAMINFO_BYTES = 34
"""FLAC's description of a stream (RFC 9639, 8.2)."""
_ALAC_BYTES = 36
"""The box of the Apple Lossless decoder's configuration, with its header."""


def file_contents(container: InputContainer, chosen: VideoStream, header: HeaderDetails) -> FileContents:
    """What an open container declares besides its video. It reads nothing more.

    Args:
        container: The container.
        chosen: The stream that delays are relative to.
        header: What else its header declares.
    """
    tags = _bounded(read_tags(container.metadata))
    named = _by_name(tags)
    start_s = _seconds(chosen.start_time, chosen)
    streams = [
        _described(container, stream, header.track(stream.index), start_s)
        for stream in list(container.streams)[:_MOST_STREAMS]
    ]
    chapters = container.chapters()
    return FileContents(
        streams=tuple(streams),
        attachment_count=sum(isinstance(stream, AttachmentStream) for stream in container.streams),
        chapter_count=len(chapters),
        chapters=tuple(_chapter(chapter) for chapter in chapters[:_MOST_CHAPTERS]),
        programs=header.programs,
        created=_first(named, _DATES),
        device=" ".join(filter(None, (_first(named, _MAKERS), _first(named, _MODELS)))),
        place=place_words(_first(named, _PLACES)),
        application=printable(header.writing_app[:_LONGEST]) or _application(named, container),
        tags=tags,
    )


def _chapter(chapter: ChapterTable) -> Chapter:
    scale = as_fraction(chapter["time_base"]) or Fraction(1)
    title = _by_name(_bounded(read_tags(chapter["metadata"]))).get("title", "")
    start_s, end_s = float(chapter["start"] * scale), float(chapter["end"] * scale)
    return Chapter(start_s, end_s if end_s > start_s else None, title)


def _described(
    container: InputContainer, stream: Stream, track: TrackDetails, video_start_s: float | None
) -> StreamFacts:
    tags = _bounded(read_tags(stream.metadata))
    named = _by_name(tags)
    # Where there is no decoder, there is no context either, contrary to PyAV's stubs.
    context = stream.codec_context
    codec = "" if context is None else context.codec.canonical_name
    language = named.get("language", "")
    start_s = _seconds(stream.start_time, stream)
    delay_s = None
    if start_s is not None and video_start_s is not None and stream.type in _TIMED_KINDS:
        delay_s = start_s - video_start_s
    facts = StreamFacts(
        stream_index=stream.index,
        kind=stream.type,
        codec=codec,
        details="",
        language="" if language == "und" else language,
        title=named.get("title", ""),
        tags=tags,
        stream_id=_stream_id(container, stream) or track.number,
        codec_meaning=codec_words(codec, context.codec.long_name)
        if context is not None
        else track.entry and data_words(track.entry),
        profile="" if context is None else stream.profile or "",
        flags=tuple(flag.name for flag in Disposition if flag.name and stream.disposition & flag),
        bit_rate=None if context is None else known_count(context.bit_rate) or _counted(named, "bps"),
        bit_rate_max=known_count(track.bit_rate_max) or None,
        buffer_bytes=known_count(track.buffer_bytes) or None,
        size_bytes=track.size_bytes or _counted(named, "number_of_bytes"),
        start_s=start_s,
        delay_s=delay_s,
        duration_s=_duration_s(stream, named),
        dolby_vision=track.dolby_vision,
        file_name=named.get("filename", ""),
        media_type=named.get("mimetype", ""),
        created=named.get("creation_time", ""),
        timecode=named.get("timecode", ""),
    )
    if isinstance(stream, AttachmentStream):
        return _attached(stream, facts)
    if context is not None and isinstance(stream, AudioStream):
        facts = _sound(stream, facts)
    if stream.disposition & Disposition.attached_pic:
        facts = replace(facts, start_s=None, delay_s=None, duration_s=None)
    return replace(facts, details=_details(stream, facts))


def _attached(stream: AttachmentStream, facts: StreamFacts) -> StreamFacts:
    words = ", ".join(filter(None, (facts.file_name, facts.media_type)))
    # FFmpeg's duration of an attachment is the file's.
    return replace(facts, details=words, size_bytes=len(stream.data or b""), duration_s=None)


def _sound(stream: AudioStream, facts: StreamFacts) -> StreamFacts:
    layout = _layout_name(stream)
    return replace(
        facts,
        commercial_name=commercial_name(facts.codec, facts.profile),
        sample_rate=known_count(stream.sample_rate) or None,
        channels=known_count(stream.channels) or None,
        channel_layout=layout,
        channel_positions=tuple(one.name for one in stream.layout.channels) if layout else (),
        bits_per_sample=_sample_bits(facts.codec, stream.codec_context.extradata or b""),
    )


def _layout_name(stream: AudioStream) -> str:
    """FFmpeg's name of how the channels are arranged; empty where it only counts them."""
    name: str = stream.layout.name
    return "" if name.endswith("channels") else name


def _sample_bits(codec: str, configuration: bytes) -> int | None:
    """Bits per sample, where they are declared; lossy codecs have none."""
    if codec == "flac" and len(configuration) >= _STREAMINFO_BYTES:
        return (int.from_bytes(configuration[12:14], "big") >> 4 & 31) + 1
    if codec == "alac" and len(configuration) == _ALAC_BYTES:
        return configuration[17]
    pcm = _PCM_BITS.match(codec)
    return int(pcm[1]) if pcm else None


def _stream_id(container: InputContainer, stream: Stream) -> int | None:
    name = container.format.name
    if name == "mpeg":
        # FFmpeg keeps the start code of the packets, or the number within the private stream.
        return stream.id & 0xFF
    return stream.id if name.startswith(_WITH_IDS) else None


def _seconds(ticks: int | None, stream: Stream) -> float | None:
    scale = as_fraction(stream.time_base)
    seconds = None if ticks is None or scale is None else float(ticks * scale)
    return seconds if seconds is not None and abs(seconds) < _LONGEST_S else None


def _duration_s(stream: Stream, tags: Mapping[str, str]) -> float | None:
    """As declared, in Matroska by a tag; None if that is none."""
    seconds = _seconds(stream.duration, stream)
    if seconds is None and (found := _DURATION.fullmatch(tags.get("duration", ""))):
        seconds = int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3])
    return seconds if seconds is not None and 0 < seconds < _LONGEST_S else None


def _counted(tags: Mapping[str, str], name: str) -> int | None:
    """A count that mkvmerge writes into Matroska files, for each language or none."""
    text = next((text for tag, text in tags.items() if tag.partition("-")[0] == name), "")
    return known_count(int(text)) or None if text.isascii() and text.isdigit() else None


def _details(stream: Stream, facts: StreamFacts) -> str:
    words: list[str] = []
    if isinstance(stream, AudioStream) and facts.sample_rate is not None:
        channels = facts.channel_layout or counted(stream.channels, "channel", "channels")
        words = [channels, tr("{rate:g} kHz", rate=facts.sample_rate / 1000)]
    elif isinstance(stream, VideoStream) and facts.codec:
        words = [f"{stream.width}×{stream.height}"]
    words += [] if facts.bit_rate is None else [bit_rate_words(facts.bit_rate)]
    return ", ".join(words)


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
    return ", ".join(
        filter(None, (stream.commercial_name or stream.codec, stream.details, stream.language, stream.title))
    )
