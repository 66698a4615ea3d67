"""What a file declares of its streams and chapters, in words and rows for panel and command line."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from framescope.core.media.facts.dolby_vision import dolby_vision_words
from framescope.core.text import bit_rate_words, clock, counted, grouped, size_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.model.stream_facts import Chapter, FileContents, StreamFacts, VideoInfo

ATTACHMENT = "attachment"
_KINDS = {
    "video": tr("Video"),
    "audio": tr("Audio"),
    "subtitle": tr("Subtitles"),
    "data": tr("Data"),
    ATTACHMENT: tr("Attachment"),
}
_COVER = "attached_pic"
_FLAGS = {
    "default": tr("default"),
    "dub": tr("dubbed"),
    "original": tr("original language"),
    "comment": tr("commentary"),
    "lyrics": tr("lyrics"),
    "karaoke": tr("karaoke"),
    "forced": tr("forced"),
    "hearing_impaired": tr("for the hearing impaired"),
    "visual_impaired": tr("for the visually impaired"),
    "clean_effects": tr("music and effects"),
    _COVER: tr("cover picture"),
    "timed_thumbnails": tr("thumbnails"),
    "captions": tr("captions"),
    "descriptions": tr("descriptions"),
    "metadata": tr("metadata"),
    "dependent": tr("needs another stream"),
    "still_image": tr("still picture"),
    "multilayer": tr("several views"),
}
_SAME_TIME_S = 0.0005
_WIDEST_NAMED = 21
"""The first number of 21:9; ratios of larger numbers are written as 2.39:1."""
_KNOWN_ASPECTS = tuple(
    shape
    for wide in ((4, 3), (3, 2), (16, 9), (21, 9))
    for shape in (Fraction(*wide), Fraction(*reversed(wide)))
)
_ASPECT_TOLERANCE = 0.003
"""Sides are rounded to even numbers: 608×1080 and 854×480 are meant as 9:16 and 16:9."""


class FactText(NamedTuple):
    """One fact: its name, its value, and an explanation, which may be empty."""

    label: str
    value: str
    detail: str = ""


def stream_title(stream: StreamFacts) -> str:
    """``Audio #1``."""
    if _COVER in stream.flags:
        return tr("Cover picture #{index}", index=stream.stream_index)
    return f"{_KINDS.get(stream.kind, stream.kind)} #{stream.stream_index}"


def stream_rows(stream: StreamFacts, contents: FileContents) -> list[FactText]:
    """All facts of a stream but its tags; only those that are declared."""
    rows = [
        FactText(tr("Codec"), stream.commercial_name or stream.codec_meaning, _codec_detail(stream)),
        FactText(tr("Name"), stream.file_name, stream.media_type),
        FactText(tr("Size"), stream.details.partition(",")[0] if stream.kind == "video" else ""),
        FactText(tr("Channels"), *_channels(stream)),
        FactText(tr("Sampling"), _sampling(stream)),
        FactText(tr("Bitrate"), *_bit_rate(stream)),
        FactText(tr("Duration"), "" if stream.duration_s is None else clock(stream.duration_s)),
        FactText(tr("Starts"), _delay(stream.delay_s)),
        FactText(tr("Timecode"), *timecode_words(stream.timecode)),
        FactText(tr("Dolby Vision"), dolby_vision_words(stream.dolby_vision)),
        FactText(tr("Language"), stream.language),
        FactText(tr("Title"), stream.title),
        *declared_rows(stream, contents),
    ]
    return [row for row in rows if row.value]


def declared_rows(stream: StreamFacts, contents: FileContents) -> list[FactText]:
    """The facts that are listed for the stream on screen as well as for the others."""
    number, size = stream.stream_id, stream.size_bytes
    created = contents.tags.get("creation_time", "")
    rows = [
        FactText(tr("Handler"), stream.tags.get("handler_name", "")),
        FactText(tr("Flags"), ", ".join(_FLAGS[flag] for flag in stream.flags if flag in _FLAGS)),
        FactText(
            tr("Stream ID"), "" if number is None else str(number), "" if number is None else hex(number)
        ),
        *([] if size is None else [FactText(tr("Stream size"), *size_in_words(size))]),
        FactText(tr("Created"), "" if stream.created == created else stream.created),
    ]
    return [row for row in rows if row.value]


def size_in_words(size_bytes: int) -> tuple[str, str]:
    """A size with three digits, and in full where that says more."""
    return size_words(size_bytes), counted(size_bytes, "byte", "bytes") if size_bytes >= 1000 else ""


def aspect_words(ratio: Fraction | None) -> str:
    """``16:9``, ``≈ 9:16`` where rounded sides make the difference, or ``2.39:1``; empty if unknown."""
    if ratio is None:
        return ""
    is_named = max(ratio.numerator, ratio.denominator) <= _WIDEST_NAMED
    if is_named:
        return f"{ratio.numerator}:{ratio.denominator}"
    for known in _KNOWN_ASPECTS:
        if abs(ratio / known - 1) <= _ASPECT_TOLERANCE:
            return f"≈ {known.numerator}:{known.denominator}"
    return f"{float(ratio):.3g}:1"


def aperture_words(info: VideoInfo) -> str:
    """Where the clean aperture is; empty if there is none."""
    if info.clean_aperture is None or info.clean_aperture_at is None:
        return ""
    left, top = info.clean_aperture_at
    width, height = info.clean_aperture
    if abs(info.width - width - 2 * left) <= 1 and abs(info.height - height - 2 * top) <= 1:
        return tr("centred")
    return tr("from column {left}, row {top}", left=left, top=top)


def timecode_words(timecode: str) -> tuple[str, str]:
    """A timecode, and whether it is drop-frame."""
    return timecode, tr("drop-frame") if ";" in timecode else ""


def container_limits_words(stream: StreamFacts) -> str:
    """The highest rate and the decoder buffer as the container has them; empty if neither is declared."""
    highest = stream.bit_rate_max
    # FFmpeg writes the average there, too.
    is_limit = highest is not None and highest > (stream.bit_rate or 0)
    return rate_and_buffer_words(highest if is_limit else None, stream.buffer_bytes)


def rate_and_buffer_words(bit_rate: int | None, buffer_bytes: float | None) -> str:
    """The same, from bits per second and bytes; None where unknown."""
    parts = (
        "" if bit_rate is None else tr("at most {rate}", rate=bit_rate_words(bit_rate)),
        ""
        if buffer_bytes is None
        else tr("a decoder buffer (VBV, HRD) of {size}", size=size_words(buffer_bytes)),
    )
    return ", ".join(filter(None, parts))


def attachment_rows(contents: FileContents, *, most: int) -> list[FactText]:
    """The first ``most`` attached files, each with its media type and size, and how many more there are."""
    files = [stream for stream in contents.streams if stream.kind == ATTACHMENT]
    rows = [FactText(f"#{one.stream_index}", one.file_name or "–", _file_words(one)) for one in files[:most]]
    return _with_rest(rows, contents.attachment_count)


def _file_words(stream: StreamFacts) -> str:
    size = "" if stream.size_bytes is None else size_words(stream.size_bytes)
    return ", ".join(filter(None, (stream.media_type, size)))


def _with_rest(rows: list[FactText], count: int) -> list[FactText]:
    left = count - len(rows)
    return [*rows, FactText("…", tr("{count} more", count=grouped(left)))] if left > 0 else rows


def program_rows(contents: FileContents) -> list[FactText]:
    """The programs of a transport stream: number, name and provider, and the PIDs of its streams."""
    return [
        FactText(
            tr("Program {number}", number=one.number),
            ", ".join(filter(None, (one.name, one.provider))) or tr("no name"),
            tr("streams {ids}", ids=", ".join(map(str, one.stream_ids))) if one.stream_ids else "",
        )
        for one in contents.programs
    ]


def chapter_rows(contents: FileContents, *, most: int) -> list[FactText]:
    """The first ``most`` chapters, each with its start and title, and how many more there are."""
    rows = [FactText(clock(one.start_s), one.title or "–", _length(one)) for one in contents.chapters[:most]]
    return _with_rest(rows, contents.chapter_count)


def _length(chapter: Chapter) -> str:
    return (
        ""
        if chapter.end_s is None
        else tr("{duration} long", duration=clock(chapter.end_s - chapter.start_s))
    )


def _codec_detail(stream: StreamFacts) -> str:
    name = tr("FFmpeg: {codec}", codec=stream.codec) if stream.codec else ""
    profile = tr("profile {profile}", profile=stream.profile) if stream.profile else ""
    return ", ".join(filter(None, (name, profile)))


def _channels(stream: StreamFacts) -> tuple[str, str]:
    if stream.channels is None:
        return "", ""
    places = " ".join(stream.channel_positions)
    return counted(stream.channels, "channel", "channels"), ": ".join(
        filter(None, (stream.channel_layout, places))
    )


def _sampling(stream: StreamFacts) -> str:
    rate = "" if stream.sample_rate is None else tr("{rate:g} kHz", rate=stream.sample_rate / 1000)
    bits = "" if stream.bits_per_sample is None else tr("{bits} bit", bits=stream.bits_per_sample)
    return ", ".join(filter(None, (rate, bits)))


def _bit_rate(stream: StreamFacts) -> tuple[str, str]:
    if stream.bit_rate is None:
        return "", ""
    return bit_rate_words(stream.bit_rate), container_limits_words(stream)


def _delay(delay_s: float | None) -> str:
    if delay_s is None:
        return ""
    if abs(delay_s) < _SAME_TIME_S:
        return tr("with the video")
    time = clock(abs(delay_s)) if abs(delay_s) >= 1 else f"{abs(delay_s) * 1000:.0f} ms"
    return (
        tr("{time} after the video", time=time) if delay_s > 0 else tr("{time} before the video", time=time)
    )
