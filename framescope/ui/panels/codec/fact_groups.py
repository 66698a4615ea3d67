"""The facts of a video in groups, each a label, a value and where needed an explanation. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framescope.core.bitstream.encoding_facts import EncodingFacts, limits_words
from framescope.core.media.container import shown_name
from framescope.core.media.facts.dolby_vision import dolby_vision_words
from framescope.core.media.facts.file_contents import stream_words
from framescope.core.media.facts.hdr_words import gamut_words, light_words, luminance_words
from framescope.core.media.facts.info_words import (
    ATTACHMENT,
    aperture_words,
    aspect_words,
    attachment_rows,
    chapter_rows,
    declared_rows,
    program_rows,
    size_in_words,
    stream_rows,
    stream_title,
    timecode_words,
)
from framescope.core.media.index import IndexBasis
from framescope.core.media.picture.color_names import UNSPECIFIED, color_words, transfer_words
from framescope.core.media.picture.pixel_formats import pixel_format_facts
from framescope.core.text import bit_rate_words, clock, counted, grouped, rate_words, size_words
from framescope.core.translation import tr, tr_plural, tr_stored

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from framescope.core.media.facts.measured import MeasuredFacts
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import FileContents, HdrFacts, StreamFacts, VideoInfo

_AVERAGE_TIP = tr("Frames per second over the whole stream: its frames divided by its duration, as declared.")
_BASE_TIP = tr(
    "FFmpeg’s estimate of the lowest rate at which every timestamp falls on a frame. It is above the average"
    " rate where the spacing varies or frames are left out."
)
_MOST_TAGS = 40
_MOST_ROWS = 100
"""Chapters, or streams, in the panel. JSON has more."""
_MOST_OPEN = 6
_MOST_OPEN_STREAMS = 2
"""Longer lists begin closed."""
_BASIS = {
    IndexBasis.CONTAINER: tr("from the container’s tables; no packet was read"),
    IndexBasis.PACKETS: tr("from every packet; none was decoded"),
    IndexBasis.DECODED: tr("by decoding every frame"),
    IndexBasis.FILES: tr("as files: each is one frame"),
}


_KIND_COUNTS: dict[str, Callable[[int], str]] = {
    "audio": lambda count: tr("{count} audio", count=count),
    "subtitle": lambda count: tr_plural("{count} subtitle", "{count} subtitles", count, count=count),
    "data": lambda count: tr("{count} data", count=count),
    "attachment": lambda count: tr_plural("{count} attachment", "{count} attachments", count, count=count),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One row.

    Attributes:
        label: The name of the fact.
        value: The value.
        detail: Its meaning or source; may be empty.
        may_break: Whether the text may wrap at any character, as long names must.
        tip: What the fact means, in plain English; may be empty.
    """

    label: str
    value: str
    detail: str = ""
    may_break: bool = False
    tip: str = ""

    @property
    def whole_text(self) -> str:
        """Value and detail in one line."""
        return f"{self.value} – {self.detail}" if self.detail else self.value


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts under one heading.

    Attributes:
        title: The heading.
        facts: The rows.
        summary: What is shown beside the heading while the group is closed.
        begins_closed: Whether only the heading is shown until someone opens it.
    """

    title: str
    facts: tuple[Fact, ...]
    summary: str = ""
    begins_closed: bool = False


def fact_groups(
    info: VideoInfo,
    index: FrameIndex | None,
    measured: MeasuredFacts | None,
    encoding: EncodingFacts | None = None,
) -> tuple[FactGroup, ...]:
    """All groups, in reading order; facts that do not apply are left out."""
    scan = measured if measured is not None and measured.complete else None
    return (
        FactGroup(tr("Container"), tuple(_container(info))),
        FactGroup(tr("Stream"), (*_stream(info, scan), *_encoding(info, encoding or EncodingFacts()))),
        FactGroup(tr("Picture"), tuple(_picture(info))),
        FactGroup(tr("Colour"), tuple(_color(info))),
        FactGroup(tr("Timing"), tuple(_timing(info, scan))),
        FactGroup(tr("Counts"), tuple(_counts(info, index, measured))),
        *(group for group in _contents(info) if group.facts),
    )


def _contents(info: VideoInfo) -> list[FactGroup]:
    contents = info.contents
    origin = (
        (tr("Created"), contents.created),
        (tr("Device"), contents.device),
        (tr("Place"), contents.place),
        (tr("Application"), contents.application),
    )
    others = [stream for stream in contents.streams if stream.stream_index != info.stream_index]
    programs = tuple(Fact(*row, may_break=True) for row in program_rows(contents))
    files = attachment_rows(contents, most=_MOST_ROWS)
    others = [stream for stream in others if stream.kind != ATTACHMENT]
    are_many = len(others) > _MOST_OPEN_STREAMS
    own = contents.stream(info.stream_index)
    tags = [*contents.tags.items(), *(() if own is None else own.tags.items())]
    rows = tuple(Fact(tr("Tag"), text, name, may_break=True) for name, text in tags if text)
    chapters = chapter_rows(contents, most=_MOST_ROWS)
    return [
        FactGroup(tr("Origin"), tuple(Fact(label, value) for label, value in origin if value)),
        *(_other_stream(stream, contents, closed=are_many) for stream in others[:_MOST_ROWS]),
        FactGroup(
            tr("Programs"),
            programs,
            grouped(len(programs)),
            begins_closed=len(programs) > _MOST_OPEN,
        ),
        FactGroup(
            tr("Attachments"),
            tuple(Fact(*row, may_break=True) for row in files),
            grouped(contents.attachment_count),
            begins_closed=len(files) > _MOST_OPEN,
        ),
        FactGroup(
            tr("Chapters"),
            tuple(Fact(*row, may_break=True) for row in chapters),
            grouped(contents.chapter_count),
            begins_closed=len(chapters) > _MOST_OPEN,
        ),
        FactGroup(tr("Tags"), rows[:_MOST_TAGS], grouped(len(rows)), begins_closed=len(rows) > _MOST_OPEN),
    ]


def _other_stream(stream: StreamFacts, contents: FileContents, *, closed: bool) -> FactGroup:
    rows = tuple(Fact(*row, may_break=bool(stream.file_name)) for row in stream_rows(stream, contents))
    return FactGroup(stream_title(stream), rows, stream_words(stream), begins_closed=closed)


def _container(info: VideoInfo) -> list[Fact]:
    name = shown_name(info.source)
    facts = [
        Fact(tr("File"), name, may_break=True),
        Fact(
            tr("Format"),
            info.container_meaning,
            tr("FFmpeg: {name}", name=info.container.partition(",")[0]),
        ),
    ]
    if info.file_size_bytes is not None:
        facts.append(
            Fact(
                tr("File size"),
                size_words(info.file_size_bytes),
                counted(info.file_size_bytes, "byte", "bytes"),
            )
        )
    videos = sum(not choice.is_cover for choice in info.video_streams)
    covers = len(info.video_streams) - videos
    others = info.streams_total - videos - covers
    parts = [tr("{videos} video", videos=videos)]
    if covers:
        parts.append(tr("{covers} cover", covers=covers))
    kinds = Counter(stream.kind for stream in info.contents.streams if stream.kind in _KIND_COUNTS)
    parts += [words(kinds[kind]) for kind, words in _KIND_COUNTS.items() if kinds[kind]]
    others -= kinds.total()
    if others > 0:
        parts.append(tr("{others} other", others=others))
    return [*facts, Fact(tr("Streams"), str(info.streams_total), ", ".join(parts))]


def _stream(info: VideoInfo, scan: MeasuredFacts | None) -> list[Fact]:
    facts = [
        Fact(tr("Stream"), f"#{info.stream_index}", info.stream_reason),
        Fact(
            tr("Codec"),
            info.codec_meaning,
            "" if info.codec_meaning == info.codec else tr("FFmpeg: {codec}", codec=info.codec),
        ),
    ]
    if info.commercial_name:
        facts.append(Fact(tr("Sold as"), info.commercial_name))
    level = tr("level {level_name}", level_name=info.level_name) if info.level_name else ""
    if info.profile or level:
        facts.append(Fact(tr("Profile"), ", ".join(filter(None, (info.profile, level)))))
    if info.fourcc:
        facts.append(Fact(tr("FourCC"), info.fourcc, info.fourcc_meaning))
    else:
        facts.append(Fact(tr("FourCC"), tr("none"), info.fourcc_meaning.removeprefix("none: ")))
    facts.append(Fact(tr("Decoder"), info.decoder))
    own = info.contents.stream(info.stream_index)
    if own is not None and (own.language or own.title):
        facts.append(Fact(tr("Language"), own.language or "–", own.title))
    if info.encoder:
        facts.append(Fact(tr("Encoder"), info.encoder, info.encoder_settings))
    facts.append(_b_frames(info, scan))
    if info.packed_bitstream:
        words = tr(
            "a P and a B picture in one packet, then an empty packet; times and sizes are those unpacked"
        )
        facts.append(Fact(tr("Packets"), tr("packed bitstream"), words))
    facts += _bit_rates(info, scan)
    return facts


def _encoding(info: VideoInfo, encoding: EncodingFacts) -> list[Fact]:
    references = encoding.reference_frames
    own = info.contents.stream(info.stream_index)
    rows = (
        (tr("Limits"), limits_words(own, encoding)),
        (tr("References"), "" if references is None else counted(references, "frame", "frames")),
        (tr("Entropy"), encoding.entropy_coding),
        (tr("Tier"), encoding.tier),
        (tr("Fields"), encoding.field_coding),
        (tr("Matrices"), encoding.quantiser_matrices),
        (tr("Chroma at"), encoding.chroma_location),
        (tr("Carries"), encoding.dolby_vision and tr("Dolby Vision: {parts}", parts=encoding.dolby_vision)),
    )
    facts = [Fact(label, value) for label, value in rows if value]
    return facts if own is None else [*facts, *(Fact(*row) for row in declared_rows(own, info.contents))]


def _b_frames(info: VideoInfo, scan: MeasuredFacts | None) -> Fact:
    declared = tr("yes") if info.has_b_frames else tr("no")
    if scan is None or scan.has_b_frames is None or scan.has_b_frames == info.has_b_frames:
        return Fact(tr("B-frames"), declared)
    if info.has_b_frames:
        return Fact(tr("B-frames"), tr("allowed"), tr("allowed by the header; there are none"))
    return Fact(tr("B-frames"), tr("yes"), tr("not declared by the header"))


def _bit_rates(info: VideoInfo, scan: MeasuredFacts | None) -> list[Fact]:
    declared = None if info.bit_rate is None else bit_rate_words(info.bit_rate)
    measured = None if scan is None or scan.bit_rate is None else bit_rate_words(scan.bit_rate)
    if declared is None and measured is None:
        return []
    if measured is None:
        return [Fact(tr("Bitrate"), declared or "", tr("declared"))]
    return [
        Fact(
            tr("Bitrate"),
            measured,
            tr("measured") if declared is None else tr("measured; {declared} declared", declared=declared),
        )
    ]


def _picture(info: VideoInfo) -> list[Fact]:
    stored, shown = f"{info.width}×{info.height}", f"{info.display_width}×{info.display_height}"
    coded = f"{info.coded_width}×{info.coded_height}"
    facts = [
        Fact(tr("Size"), stored, "" if coded == stored else tr("coded as {coded}, then cropped", coded=coded))
    ]
    if shown != stored:
        facts.append(Fact(tr("Shown as"), shown, tr("upright, with square pixels")))
    if info.display_aspect_ratio is not None:
        facts.append(Fact(tr("Aspect ratio"), aspect_words(info.display_aspect_ratio)))
    aspect = info.sample_aspect_ratio
    facts.append(
        Fact(tr("Pixel shape"), tr("square"))
        if aspect == 1
        else Fact(
            tr("Pixel shape"),
            f"{aspect.numerator}:{aspect.denominator}",
            tr("{aspect:.4g} as wide as high", aspect=float(aspect)),
        )
    )
    facts.append(_rotation(info))
    facts.append(
        Fact(tr("Pixel format"), info.pixel_format or tr("not known"), _pixel_words(info.pixel_format))
    )
    if info.clean_aperture is not None:
        width, height = info.clean_aperture
        facts.append(
            Fact(
                tr("Clean aperture"),
                ", ".join(filter(None, (f"{width}×{height}", aperture_words(info)))),
                tr("declared; the whole picture is shown"),
            )
        )
    facts += [
        Fact(label, tr_stored(words))
        for label, words in (
            (tr("Active format"), info.active_format),
            (tr("3D"), info.stereo_3d),
            (tr("Projection"), info.projection),
        )
        if words
    ]
    if info.has_closed_captions:
        facts.append(Fact(tr("Captions"), tr("CEA-608 or CEA-708"), tr("in the first picture")))
    facts.append(Fact(tr("Scan"), tr_stored(info.interlacing)))
    if info.pulldown:
        facts.append(Fact(tr("Pulldown"), *info.pulldown.partition(": ")[::2]))
    return facts


def _rotation(info: VideoInfo) -> Fact:
    if not info.rotation and not info.mirrored:
        return Fact(tr("Rotation"), tr("none"))
    parts = [tr("mirrored")] if info.mirrored else []
    if info.rotation:
        parts.append(tr("{rotation}° clockwise", rotation=info.rotation))
    return Fact(tr("Rotation"), tr(", then ").join(parts), tr("applied for display and export"))


def _pixel_words(name: str) -> str:
    return pixel_format_facts(name).words if name else ""


def _color(info: VideoInfo) -> list[Fact]:
    color = info.color
    return [
        _color_fact(tr("Matrix"), color_words(color.matrix), color_words(color.matrix_used)),
        _color_fact(tr("Range"), color_words(color.range_), color_words(color.range_used)),
        Fact(tr("Transfer"), transfer_words(color.transfer)),
        Fact(tr("Primaries"), color_words(color.primaries)),
        *([] if info.hdr is None else _hdr(info.hdr)),
    ]


def _hdr(hdr: HdrFacts) -> list[Fact]:
    facts = [Fact(tr("HDR format"), ", ".join(hdr.formats))] if hdr.formats else []
    if hdr.mastering_display is not None:
        gamut, luminance = gamut_words(hdr.mastering_display), luminance_words(hdr.mastering_display)
        facts.append(Fact(tr("Mastered on"), luminance or gamut, gamut if luminance else ""))
    if light_words(hdr):
        facts.append(
            Fact(tr("Light levels"), light_words(hdr), tr("the brightest pixel, the brightest frame"))
        )
    if hdr.dolby_vision is not None:
        facts.append(Fact(tr("Dolby Vision"), dolby_vision_words(hdr.dolby_vision)))
    return facts


def _color_fact(label: str, signalled: str, used: str) -> Fact:
    if signalled == used:
        return Fact(label, signalled)
    if signalled == color_words(UNSPECIFIED):
        return Fact(label, signalled, tr("shown as {used}", used=used))
    return Fact(label, used, tr("the stream signals {signalled}", signalled=signalled))


def _timing(info: VideoInfo, scan: MeasuredFacts | None) -> list[Fact]:
    facts = []
    if info.duration_s is not None:
        facts.append(Fact(tr("Duration"), clock(info.duration_s), tr("declared")))
    if info.start_pts is not None:
        start_s = float(info.start_pts * info.time_base)
        facts.append(
            Fact(tr("Start"), clock(start_s), tr("pts {start_pts}", start_pts=grouped(info.start_pts)))
        )
    if info.timecode_start is not None:
        code, counting = timecode_words(info.timecode_start)
        facts.append(
            Fact(tr("Timecode"), code, ", ".join(filter(None, (tr("of the first frame"), counting))))
        )
    if info.timecode_in_stream:
        facts.append(Fact(tr("In the stream"), info.timecode_in_stream, tr("timecode of the first frame")))
    facts.append(Fact(tr("Time base"), f"{info.time_base} s"))
    if info.average_rate is not None:
        facts.append(Fact(tr("Average rate"), *_rate(info.average_rate), tip=_AVERAGE_TIP))
    if info.base_rate is not None:
        facts.append(Fact(tr("Base rate"), *_rate(info.base_rate), tip=_BASE_TIP))
    if info.rate_in_stream is not None:
        facts.append(
            Fact(tr("Rate in stream"), rate_words(info.rate_in_stream), tr("declared by the codec's headers"))
        )
    if scan is not None:
        facts.append(_steps(scan))
    return facts


def _rate(rate: Fraction) -> tuple[str, str]:
    return rate_words(rate), "" if rate.denominator == 1 else f"{rate}"


def _steps(scan: MeasuredFacts) -> Fact:
    if scan.shortest_step_s is None or scan.longest_step_s is None:
        return Fact(tr("Spacing"), tr("not known"), tr("the stream does not timestamp every frame"))
    shortest, longest = _milliseconds(scan.shortest_step_s), _milliseconds(scan.longest_step_s)
    if scan.rate_is_constant:
        return Fact(
            tr("Spacing"),
            tr("constant"),
            tr("{longest} per frame", longest=longest)
            if shortest == longest
            else tr("{shortest} to {longest} per frame", shortest=shortest, longest=longest),
        )
    return Fact(
        tr("Spacing"),
        tr("variable"),
        tr("{shortest} to {longest} per frame", shortest=shortest, longest=longest),
    )


def _counts(info: VideoInfo, index: FrameIndex | None, measured: MeasuredFacts | None) -> list[Fact]:
    declared = info.frame_count_declared
    facts = [
        Fact(tr("Declared"), counted(declared, "frame", "frames") if declared > 0 else tr("not declared"))
    ]
    if index is None or measured is None:
        return facts
    so_far = "" if measured.complete else tr(" so far")
    facts.append(
        Fact(
            tr("Counted"), f"{counted(measured.frame_count, 'frame', 'frames')}{so_far}", _BASIS[index.basis]
        )
    )
    silent = measured.silent_packets if measured.complete else 0
    yields = (
        tr_plural("{count} yields no picture", "{count} yield no picture", silent, count=grouped(silent))
        if silent
        else ""
    )
    facts.append(Fact(tr("Packets"), f"{grouped(measured.packet_count)}{so_far}", yields))
    if measured.complete:
        size, detail = size_in_words(measured.size_bytes)
        if measured.packet_bytes is not None:
            each = counted(measured.packet_bytes, "byte", "bytes")
            detail = tr("constant bitrate: each packet has {size}", size=each)
        facts.append(Fact(tr("Compressed"), size, detail))
    share = measured.keyframe_count / measured.frame_count if measured.frame_count else 0.0
    facts.append(
        Fact(tr("Keyframes"), grouped(measured.keyframe_count), tr("{share:.2%} of the frames", share=share))
    )
    if measured.damaged_count:
        facts.append(
            Fact(
                tr("Damaged"),
                counted(measured.damaged_count, "frame", "frames"),
                tr("or dependent on damage"),
            )
        )
    lost = sum(note.packet_count for note in index.damage)
    if lost:
        facts.append(Fact(tr("Lost"), counted(lost, "packet", "packets"), tr("they could not be decoded")))
    facts += [Fact(tr("Doubt"), tr_stored(doubt)) for doubt in index.doubts]
    facts += [Fact(tr("Note"), tr_stored(note)) for note in index.notes]
    return facts


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.4g} ms" if seconds < 1 else f"{seconds:.4g} s"
