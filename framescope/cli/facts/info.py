"""``framescope info``: shows what a file declares, before any scan, and what OpenCV reports."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from framescope.cli.options import json_option, stream_option, video_argument
from framescope.cli.output import Row, echo_json, echo_rows, plain
from framescope.core.bitstream.encoding_facts import EncodingFacts, encoding_facts, limits_words
from framescope.core.errors import FrameScopeError
from framescope.core.media.container import without_secrets
from framescope.core.media.facts.dolby_vision import dolby_vision_words
from framescope.core.media.facts.hdr_words import gamut_words, light_words, luminance_words
from framescope.core.media.facts.info_words import (
    ATTACHMENT,
    FactText,
    aperture_words,
    aspect_words,
    attachment_rows,
    chapter_rows,
    declared_rows,
    program_rows,
    stream_rows,
    stream_title,
    timecode_words,
)
from framescope.core.media.facts.measured import MeasuredFacts, measure
from framescope.core.media.facts.opencv_probe import probe_opencv
from framescope.core.media.index_builder import Counting
from framescope.core.media.index_store import IndexStore
from framescope.core.media.picture.color_names import color_words, transfer_words
from framescope.core.source.opening import build_index, probe
from framescope.core.text import bit_rate_words, clock, counted, rate_words
from framescope.core.translation import tr, tr_stored

if TYPE_CHECKING:
    from fractions import Fraction

    from framescope.core.model.stream_facts import HdrFacts, OpenCVFacts, VideoInfo

_MOST_BYTES_READ = 64 << 20
"""A file of no more than this is read through for figures that the header lacks."""


_MOST_CREDIBLE_COUNT = 1e12
_MOST_ROWS = 100
"""Attachments or chapters in words. JSON has more."""


@click.command()
@video_argument
@stream_option
@json_option
def info(video: str, *, stream_index: int | None, as_json: bool) -> None:
    """Show what the headers of VIDEO declare.

    Declared values may be wrong; `framescope index` measures. Only a bitrate and a stream size that are not
    declared are counted from the packets, if the file is small or already indexed.

    With --json, `info` has the fields of `framescope.VideoInfo`; streams, chapters, programs and tags are in
    its `contents`. `encoding` is what the parameter sets say.
    """
    facts = probe(video, stream_index=stream_index)
    opencv = probe_opencv(video)
    encoding = _encoding(facts)
    own = facts.contents.stream(facts.stream_index)
    is_declared = facts.bit_rate is not None and own is not None and own.size_bytes is not None
    measured = None if is_declared else _measured(facts)
    bit_rate = None if measured is None or facts.bit_rate is not None else measured.bit_rate
    size_bytes = None if measured is None else measured.size_bytes
    if as_json:
        echo_json(
            {
                "info": plain(replace(facts, source=without_secrets(facts.source))),
                "encoding": plain(encoding),
                "bit_rate_measured": bit_rate,
                "size_bytes_measured": size_bytes,
                "opencv": plain(opencv),
            }
        )
        return
    echo_rows(tr("File"), _file_rows(facts))
    echo_rows(tr("Video"), _video_rows(facts, _bit_rate_words(facts, bit_rate), encoding, size_bytes))
    echo_rows(tr("Picture"), _picture_rows(facts))
    echo_rows(tr("Colour"), _color_rows(facts))
    echo_rows(tr("Timing"), _timing_rows(facts))
    for title, rows in _content_sections(facts):
        echo_rows(title, rows)
    echo_rows("OpenCV", _opencv_rows(opencv))


def _file_rows(facts: VideoInfo) -> list[Row]:
    size = "" if facts.file_size_bytes is None else counted(facts.file_size_bytes, "byte", "bytes")
    rate = "" if facts.container_bit_rate is None else bit_rate_words(facts.container_bit_rate)
    others = [choice.label for choice in facts.video_streams if choice.stream_index != facts.stream_index]
    return [
        (tr("source"), without_secrets(facts.source)),
        (tr("container"), f"{facts.container_meaning} ({facts.container})"),
        (tr("size"), size),
        (tr("bitrate"), rate and tr("{rate}, all streams and the container", rate=rate)),
        (tr("stream"), f"#{facts.stream_index} of {facts.streams_total}: {facts.stream_reason}"),
        (tr("other video"), "; ".join(others)),
    ]


def _content_sections(facts: VideoInfo) -> list[tuple[str, list[Row]]]:
    contents = facts.contents
    others = [stream for stream in contents.streams if stream.stream_index != facts.stream_index]
    files = attachment_rows(contents, most=_MOST_ROWS)
    chapters = chapter_rows(contents, most=_MOST_ROWS)
    origin = [
        (tr("created"), contents.created),
        (tr("device"), contents.device),
        (tr("place"), contents.place),
        (tr("application"), contents.application),
    ]
    return [
        *((stream_title(one), _rows(stream_rows(one, contents))) for one in others if one.kind != ATTACHMENT),
        (tr("Programs"), _rows(program_rows(contents))),
        (tr("Attachments"), [(row.label, _joined(row)) for row in files]),
        (tr("Chapters"), [(row.label, _joined(row)) for row in chapters]),
        (tr("Origin"), origin),
        (tr("Tags"), [(name, value) for name, value in contents.tags.items() if value]),
    ]


def _rows(facts: list[FactText]) -> list[Row]:
    return [(_label(row.label), _joined(row)) for row in facts]


def _label(label: str) -> str:
    """In lower case, as all labels of rows here, unless it is a name."""
    return label if label == tr("Dolby Vision") else label[:1].lower() + label[1:]


def _joined(row: FactText) -> str:
    return f"{row.value} ({row.detail})" if row.detail else row.value


def _encoding(facts: VideoInfo) -> EncodingFacts:
    try:
        return encoding_facts(facts)
    except FrameScopeError:
        return EncodingFacts()


def _video_rows(
    facts: VideoInfo, bit_rate: str, encoding: EncodingFacts, size_bytes: int | None
) -> list[Row]:
    level = tr("level {level_name}", level_name=facts.level_name) if facts.level_name else ""
    profile = " ".join(filter(None, (facts.profile, level)))
    own = facts.contents.stream(facts.stream_index)
    is_measured = size_bytes is not None and (own is None or own.size_bytes is None)
    size = tr("{size}, counted from the packets", size=counted(size_bytes or 0, "byte", "bytes"))
    packed = tr("packed bitstream: a P and a B picture in one packet, then an empty packet")
    return [
        (tr("codec"), f"{facts.codec_meaning} ({facts.codec})"),
        (tr("profile"), profile),
        ("FourCC", f"{facts.fourcc}: {facts.fourcc_meaning}" if facts.fourcc else facts.fourcc_meaning),
        (tr("sold as"), facts.commercial_name),
        (tr("bitrate"), bit_rate),
        (tr("limits"), limits_words(own, encoding)),
        (tr("tier"), encoding.tier),
        (tr("entropy coding"), encoding.entropy_coding),
        (tr("references"), str(encoding.reference_frames or "")),
        (tr("fields"), encoding.field_coding),
        (tr("matrices"), encoding.quantiser_matrices),
        (tr("chroma at"), encoding.chroma_location),
        (tr("carries"), encoding.dolby_vision and tr("Dolby Vision: {parts}", parts=encoding.dolby_vision)),
        (tr("B-frames"), tr("allowed by the header") if facts.has_b_frames else tr("no")),
        (tr("packets"), packed if facts.packed_bitstream else ""),
        (tr("language"), "" if own is None else own.language),
        (tr("title"), "" if own is None else own.title),
        (tr("decoder"), facts.decoder),
        (tr("encoder"), facts.encoder),
        (tr("settings"), facts.encoder_settings),
        *([] if own is None else _rows(declared_rows(own, facts.contents))),
        (tr("stream size"), size if is_measured else ""),
    ]


def _picture_rows(facts: VideoInfo) -> list[Row]:
    coded = f"{facts.coded_width} × {facts.coded_height}"
    stored = f"{facts.width} × {facts.height}"
    turn = tr("{rotation}° clockwise", rotation=facts.rotation) if facts.rotation else ""
    clean = facts.clean_aperture
    aperture = (
        ""
        if clean is None
        else tr(
            "{width} × {height}, {place}; the whole picture is shown",
            width=clean[0],
            height=clean[1],
            place=aperture_words(facts),
        )
    )
    return [
        (
            tr("size"),
            stored if coded == stored else tr("{stored}, coded as {coded}", stored=stored, coded=coded),
        ),
        (tr("shown as"), f"{facts.display_width} × {facts.display_height}"),
        (tr("aspect ratio"), aspect_words(facts.display_aspect_ratio)),
        (tr("pixel shape"), "" if facts.sample_aspect_ratio == 1 else str(facts.sample_aspect_ratio)),
        (tr("rotation"), " ".join(filter(None, (turn, tr("mirrored") if facts.mirrored else "")))),
        (tr("pixel format"), f"{facts.pixel_format}: {facts.bit_depth} bit, {facts.chroma}"),
        (tr("interlacing"), tr_stored(facts.interlacing)),
        (tr("pulldown"), facts.pulldown),
        (tr("clean aperture"), aperture),
        (tr("active format"), tr_stored(facts.active_format)),
        (tr("3D"), tr_stored(facts.stereo_3d)),
        (tr("projection"), tr_stored(facts.projection)),
        (tr("captions"), tr("CEA-608 or CEA-708") if facts.has_closed_captions else ""),
    ]


def _color_rows(facts: VideoInfo) -> list[Row]:
    color = facts.color
    return [
        (tr("matrix"), _declared_and_used(color_words(color.matrix), color_words(color.matrix_used))),
        (tr("range"), _declared_and_used(color_words(color.range_), color_words(color.range_used))),
        (tr("transfer"), transfer_words(color.transfer)),
        (tr("primaries"), color_words(color.primaries)),
        *([] if facts.hdr is None else _hdr_rows(facts.hdr)),
    ]


def _hdr_rows(hdr: HdrFacts) -> list[Row]:
    display = hdr.mastering_display
    words = [] if display is None else [luminance_words(display), gamut_words(display)]
    return [
        (tr("HDR format"), ", ".join(hdr.formats)),
        (tr("mastering display"), ", ".join(filter(None, words))),
        (tr("light levels"), light_words(hdr)),
        (tr("Dolby Vision"), dolby_vision_words(hdr.dolby_vision)),
    ]


def _declared_and_used(declared: str, used: str) -> str:
    return declared if declared == used else tr("{declared}; {used} is used", declared=declared, used=used)


def _timing_rows(facts: VideoInfo) -> list[Row]:
    frames = str(facts.frame_count_declared) if facts.frame_count_declared > 0 else tr("not declared")
    return [
        (tr("duration"), "" if facts.duration_s is None else clock(facts.duration_s)),
        (tr("timecode"), ", ".join(filter(None, timecode_words(facts.timecode_start or "")))),
        (tr("in stream"), facts.timecode_in_stream),
        (
            tr("frames"),
            tr("{frames} (declared)", frames=frames) if facts.frame_count_declared > 0 else frames,
        ),
        (tr("average rate"), _rate(facts.average_rate)),
        (tr("base rate"), _rate(facts.base_rate)),
        (tr("rate in stream"), _rate(facts.rate_in_stream)),
        (tr("time base"), str(facts.time_base)),
        (tr("first pts"), "" if facts.start_pts is None else str(facts.start_pts)),
    ]


def _rate(rate: Fraction | None) -> str:
    if rate is None:
        return ""
    return rate_words(rate) if rate.denominator == 1 else f"{rate_words(rate)} ({rate})"


def _bit_rate_words(facts: VideoInfo, measured: float | None) -> str:
    if facts.bit_rate is not None:
        return tr("{bit_rate}, declared", bit_rate=bit_rate_words(facts.bit_rate))
    if measured is not None:
        return tr("{bit_rate}, counted from the packets", bit_rate=bit_rate_words(measured))
    return tr("not declared")


def _measured(facts: VideoInfo) -> MeasuredFacts | None:
    """What the stream's index or packets say; None if that would take long, or fails."""
    index = IndexStore().load(facts.source, facts.stream_index)
    if index is None and (facts.file_size_bytes or _MOST_BYTES_READ + 1) > _MOST_BYTES_READ:
        return None
    try:
        return measure(index or build_index(facts, counting=Counting.PACKETS))
    except FrameScopeError:
        return None


def _opencv_count(count: float) -> str:
    return (
        f"{count:.0f}"
        if 0 <= count < _MOST_CREDIBLE_COUNT
        else tr("{count:.2g}, which is not a count", count=count)
    )


def _opencv_rows(opencv: OpenCVFacts) -> list[Row]:
    if not opencv.opened:
        return [
            (tr("version"), opencv.version),
            (tr("opened"), tr("no: {reason}", reason=opencv.reason) if opencv.reason else tr("no")),
        ]
    return [
        (tr("version"), opencv.version),
        ("FourCC", opencv.fourcc),
        ("FPS", f"{opencv.fps:g}"),
        ("FRAME_COUNT", _opencv_count(opencv.frame_count)),
        (tr("size"), f"{opencv.width} × {opencv.height}"),
    ]
