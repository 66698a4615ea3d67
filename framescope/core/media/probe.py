"""Reads what a file declares about its video, before any scan. Decodes one frame at most."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import av.error
from av.sidedata.sidedata import SideData
from av.stream import Disposition

from framescope.core.errors import NoVideoStreamError, OpenError, UnsupportedMediaError
from framescope.core.media.arrivals import forget_arrivals
from framescope.core.media.container import local_path, open_container, opened_state
from framescope.core.media.decoding.decoder import (
    SHORT_CUT_CODECS,
    STRICT_OPTIONS,
    checks_more_than_ffmpeg,
    start_decoder,
)
from framescope.core.media.facts.bit_rate_facts import MPEG_VARIABLE_RATE
from framescope.core.media.facts.file_contents import encoder_tag, file_contents
from framescope.core.media.facts.format_names import commercial_name
from framescope.core.media.facts.fourcc import (
    codec_words,
    container_words,
    describe_fourcc,
    printable_tag,
    stream_type,
)
from framescope.core.media.facts.track_details import header_details
from framescope.core.media.ffmpeg_messages import note_source
from framescope.core.media.file_state import state_of
from framescope.core.media.picture.color_names import (
    matrix_for_display,
    matrix_name,
    primaries_name,
    range_name,
    transfer_name,
)
from framescope.core.media.picture.geometry import (
    Orientation,
    display_size,
    is_quarter_turn,
    nearest_right_angle,
    orientation_from_matrix,
    sane_pixel_aspect,
)
from framescope.core.media.picture.picture import DisplayRule
from framescope.core.media.picture.pixel_formats import pixel_format_facts
from framescope.core.media.picture.planes import shows_top_field_first
from framescope.core.media.refusal import explain_no_streams
from framescope.core.media.side_data import encoder_of, extras_of, hdr_of, timecode_of
from framescope.core.media.stream_choice import (
    choose_stream,
    list_candidates,
    stream_duration_s,
    streams_without_declared_frames,
    streams_without_packets,
)
from framescope.core.media.stream_details import (
    PULLDOWN_PICTURES,
    is_packed_bitstream,
    level_name,
    pulldown_words,
    user_data_encoder,
)
from framescope.core.model.stream_facts import ColorFacts, VideoInfo
from framescope.core.pyav import (
    as_fraction,
    codec_field_order,
    codec_level,
    codec_pixel_format,
    demux,
    known_count,
    read_tags,
)
from framescope.core.translation import tr, tr_later

if TYPE_CHECKING:
    from collections.abc import Callable

    from av import Packet
    from av.container import InputContainer
    from av.video.codeccontext import VideoCodecContext
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_LOG = logging.getLogger(__name__)
_FIELD_ORDERS = {
    1: tr_later("progressive"),
    2: tr_later("interlaced, top field first"),
    3: tr_later("interlaced, bottom field first"),
    # Containers only (QuickTime's fiel 9 and 14, Matroska's): interleaved lines, top or bottom field first.
    4: tr_later("interlaced, top field first"),
    5: tr_later("interlaced, bottom field first"),
}
_RAW_STREAMS = frozenset({"mpegvideo", "m4v", "h264", "hevc", "vvc"})
"""FFmpeg's names of raw streams without a container, whose timestamps are made up."""
_DRAINED_CODECS = SHORT_CUT_CODECS - {"mpeg1video", "mpeg2video"}
"""Drained, FFmpeg's decoders of the others give the first picture without its timecode."""
_DECLARE_RATES = frozenset({"mpeg1video", "mpeg2video", "h264", "hevc", "vc1", "dvvideo"})
_RATE_TOLERANCE = Fraction(1, 2000)
"""Half the way from 23.976 to 24. Times in milliseconds make a rate that is a little off."""
_LEAST_UNIT = 1000
# A stream that begins between keyframes outputs its first frame only after the next one.
_FIRST_FRAME_PACKETS = 128
_FIRST_FRAME_BYTES = 32 << 20


class FirstDecoded(NamedTuple):
    """A stream's first packet, and the picture that a decoder which reports damage makes of it alone.

    Attributes:
        packet_size: Bytes of the packet.
        frame: The picture.
    """

    packet_size: int
    frame: VideoFrame


class _Start(NamedTuple):
    """What a stream begins with.

    Attributes:
        frame: The first frame; None if there is none.
        heads: The first packets, if they say more about the stream (MPEG-2, MPEG-4 part 2).
        packet_size: Bytes of the first packet, if the frame was decoded from that alone.
    """

    frame: VideoFrame | None
    heads: list[bytes]
    packet_size: int | None


class _RejectedError(Exception):
    """A strict decoder does not take what the stream begins with."""


def probe(
    source: str | os.PathLike[str],
    *,
    stream_index: int | None = None,
    on_first: Callable[[FirstDecoded], None] | None = None,
) -> VideoInfo:
    """Read what a media file declares. Threads: any.

    Args:
        source: A local path or an address that FFmpeg can read.
        stream_index: The stream to describe, over all streams of the file; None to choose.
        on_first: Receives the first picture, which is decoded anyway, if it is sound. Where it is not, the
            file is opened twice.

    Raises:
        MissingFileError: There is no such file, it is a folder, or it may not be read.
        UnsupportedMediaError: It is empty, damaged, encrypted, not media, or has no decoder.
        NoVideoStreamError: It has no video stream besides cover art, or not the requested one.
        OpenError: The server does not answer.
    """
    forget_arrivals(os.fspath(source))
    note_source(os.fspath(source))
    info = None
    if on_first is not None:
        with suppress(_RejectedError):
            info = _probe(source, stream_index, on_first)
    if info is None:
        info = _probe(source, stream_index, None)
    _LOG.info(
        "%s: opened; %s, stream %d of %d (%s), %s by %s, %d × %d %s",
        *(info.source, info.container, info.stream_index, info.streams_total, info.stream_reason),
        *(info.codec, info.decoder, info.width, info.height, info.pixel_format),
    )
    return info


def _probe(
    source: str | os.PathLike[str],
    stream_index: int | None,
    on_first: Callable[[FirstDecoded], None] | None,
) -> VideoInfo:
    with open_container(source) as container:
        without_packets = _streams_without_packets(container, source) if stream_index is None else frozenset()
        try:
            return describe(
                container,
                source,
                stream_index=stream_index,
                without_packets=without_packets,
                drains=True,
                on_first=on_first,
            )
        except NoVideoStreamError as error:
            # A truncated MP4 may open without any stream: then report the truncation.
            path = local_path(source)
            is_empty = not any(stream.type in ("audio", "video", "subtitle") for stream in container.streams)
            cause = explain_no_streams(path) if path is not None and is_empty else None
            if cause is None:
                raise
            raise cause from error
        except av.error.FFmpegError as error:
            raise OpenError(
                tr("{source} cannot be read: {strerror}.", source=os.fspath(source), strerror=error.strerror)
            ) from error


def describe(  # noqa: PLR0913 - every option is named at the call
    container: InputContainer,
    source: str | os.PathLike[str],
    *,
    stream_index: int | None = None,
    without_packets: frozenset[int] = frozenset(),
    on_packet: Callable[[Packet[VideoStream]], None] = lambda _packet: None,
    drains: bool = False,
    on_first: Callable[[FirstDecoded], None] | None = None,
) -> VideoInfo:
    """The same for an open container. It reads up to the first frame and stays there.

    Args:
        container: A container that nothing was read from.
        source: What it was opened from.
        stream_index: As for `probe`.
        without_packets: The streams in which no packet was found.
        on_packet: Receives the packets that are read.
        drains: Whether the first frame may be taken by draining the decoder, which then cannot continue.
        on_first: As for `probe`. With it, the decoder is a strict one.

    Raises:
        _RejectedError: The strict decoder does not take what the stream begins with.
        NoVideoStreamError: There is no video stream besides cover art, or not the requested one.
        UnsupportedMediaError: FFmpeg has no decoder for it, cannot open the decoder, or cannot determine the
            picture size.
    """
    candidates = list_candidates(container, without_packets)
    chosen, reason = choose_stream(container, candidates, stream_index)
    stream, context = chosen.stream, chosen.stream.codec_context
    # Decoding overwrites these with the first frame's actual values; the header's are read first.
    width, height, pixel_format = context.width, context.height, codec_pixel_format(context)
    # Before the first packet: if that fails to open the decoder, PyAV 19 no longer reports the codec.
    is_strict = on_first is not None and not checks_more_than_ffmpeg(context)
    if is_strict:
        context.options = STRICT_OPTIONS
        # With several threads, FFmpeg may give a picture before it knows that it is damaged, or never tell.
        context.thread_type, context.thread_count = "NONE", 1
    try:
        start_decoder(context, source)
        start = _start_of(container, stream, on_packet, drains=drains, is_strict=is_strict)
    except UnsupportedMediaError as error:
        if is_strict:
            raise _RejectedError from error
        raise
    frame, heads = start.frame, start.heads
    if on_first is not None and is_strict and frame is not None and start.packet_size is not None:
        on_first(FirstDecoded(start.packet_size, frame))
    if width <= 0 or height <= 0:
        width, height = context.width, context.height
    if width <= 0 or height <= 0:
        raise UnsupportedMediaError(
            tr(
                "FFmpeg cannot determine the size of the {codec} pictures.",
                codec=codec_words(context.codec.canonical_name),
            ),
            hint=tr(
                "The file is damaged, or uses a format that this FFmpeg cannot decode (such as animated"
                " WebP)."
            ),
        )
    path = local_path(source)
    state = opened_state(container) if path is None else state_of(path, is_sampled=True)
    orientation = _orientation(frame)
    header = header_details(source, container.format.name, _track_ids(container))
    track = header.track(stream.index)
    # FFmpeg discards the box's pixel aspect if the codec has its own (DNxHD).
    aspect = sane_pixel_aspect(track.pixel_aspect or as_fraction(stream.sample_aspect_ratio))
    shown_width, shown_height = display_size(width, height, aspect, orientation.rotation)
    pixel_format = pixel_format or codec_pixel_format(context)
    pixels = pixel_format_facts(pixel_format)
    fourcc = _fourcc(context)
    codec = context.codec.canonical_name
    profile, level = stream.profile or None, codec_level(context)
    ratio = Fraction(width, height) * aspect
    color = _color(context, pixel_format, size=(width, height), is_rgb=pixels.is_rgb)
    encoder, extras = encoder_of(frame), extras_of(frame)
    written = user_data_encoder(codec, (context.extradata or b"", *heads))
    return VideoInfo(
        source=os.fspath(source),
        container=container.format.name,
        container_meaning=container_words(
            container.format.name,
            brand=read_tags(container.metadata).get("major_brand", ""),
            suffix=path.suffix if path is not None else Path(os.fspath(source)).suffix,
        ),
        stream_index=stream.index,
        stream_id=stream.id,
        stream_reason=reason,
        streams_total=len(container.streams),
        video_streams=tuple(candidate.choice for candidate in candidates),
        codec=codec,
        codec_meaning=codec_words(codec, context.codec.long_name),
        profile=profile,
        level=level,
        fourcc=fourcc if stream_type(fourcc, container.format.name) is None else "",
        fourcc_meaning=describe_fourcc(fourcc, container.format.name),
        width=width,
        height=height,
        coded_width=max(context.coded_width, width),
        coded_height=max(context.coded_height, height),
        display_width=shown_width,
        display_height=shown_height,
        sample_aspect_ratio=aspect,
        rotation=orientation.rotation,
        mirrored=orientation.mirrored,
        pixel_format=pixel_format,
        bit_depth=pixels.bit_depth,
        chroma=pixels.chroma,
        color=color,
        interlacing=_interlacing(context, frame),
        has_b_frames=bool(context.has_b_frames),
        average_rate=_average_rate(container, stream),
        base_rate=as_fraction(stream.base_rate),
        time_base=as_fraction(stream.time_base) or Fraction(1, 1_000_000),
        start_pts=stream.start_time,
        duration_s=stream_duration_s(container, stream),
        bit_rate=_bit_rate(container, stream),
        frame_count_declared=known_count(stream.frames),
        file_size_bytes=None if state is None else state.size,
        decoder=context.codec.name,
        timecode_start=_timecode_start(container, stream),
        timecode_in_stream=timecode_of(frame),
        rate_in_stream=_rate_in_stream(context, stream),
        container_bit_rate=known_count(container.bit_rate or 0) or None,
        level_name=level_name(codec, profile, level),
        clean_aperture=track.clean_aperture,
        clean_aperture_at=track.clean_aperture_at,
        pulldown=pulldown_words(heads) if codec == "mpeg2video" else "",
        packed_bitstream=is_packed_bitstream(codec, context.extradata),
        hdr=hdr_of(frame, color, bit_depth=pixels.bit_depth, dolby_vision=track.dolby_vision),
        encoder=encoder.name or written or encoder_tag(stream),
        encoder_settings=encoder.settings,
        commercial_name=commercial_name(
            codec, profile, fourcc=fourcc, height=height, pixel_format=pixel_format
        ),
        display_aspect_ratio=ratio if not is_quarter_turn(orientation.rotation) else 1 / ratio,
        **extras._asdict(),
        contents=file_contents(container, stream, header),
        file_state=state,
    )


def display_rule(context: VideoCodecContext, frame: VideoFrame) -> DisplayRule:
    """How a decoded picture that stands for itself is displayed; frames of a stream share one rule."""
    pixel_format = frame.format.name
    is_rgb = pixel_format_facts(pixel_format).is_rgb
    color = _color(context, pixel_format, size=(frame.width, frame.height), is_rgb=is_rgb)
    orientation = _orientation(frame)
    return DisplayRule.for_color(color, rotation=orientation.rotation, mirrored=orientation.mirrored)


def _track_ids(container: InputContainer) -> dict[int, int]:
    """The container's own number of each stream, by its index, without attached files and covers."""
    return {
        stream.index: stream.id
        for stream in container.streams
        if stream.type != "attachment" and not stream.disposition & Disposition.attached_pic
    }


def _average_rate(container: InputContainer, stream: VideoStream) -> Fraction | None:
    if container.format.name in _RAW_STREAMS:
        # FFmpeg's average rate is its default of 25 here.
        return as_fraction(stream.codec_context.framerate)
    return as_fraction(stream.average_rate)


def _rate_in_stream(context: VideoCodecContext, stream: VideoStream) -> Fraction | None:
    """The rate that the codec's headers declare, if it contradicts every one that the container gives."""
    if context.codec.canonical_name not in _DECLARE_RATES:
        return None
    rate = as_fraction(context.framerate)
    # Streams of variable rate declare the unit of their times there, which is no rate of frames.
    if rate is None or rate >= _LEAST_UNIT:
        return None
    others = (stream.average_rate, stream.base_rate, stream.guessed_rate)
    told = [one for one in map(as_fraction, others) if one is not None]
    return None if any(abs(one / rate - 1) < _RATE_TOLERANCE for one in told) else rate


def _streams_without_packets(container: InputContainer, source: str | os.PathLike[str]) -> frozenset[int]:
    suspected = streams_without_declared_frames(container)
    if not suspected:
        return suspected
    # Opened separately: reading would move a shared container's position.
    with open_container(source) as other:
        return streams_without_packets(other, suspected)


def _timecode_start(container: InputContainer, stream: VideoStream) -> str | None:
    # MOV's tmcd track belongs to a stream, MXF's and DV's timecode to the whole file; a separate track comes
    # last.
    tracks = (other.metadata for other in container.streams if other.type == "data")
    for metadata in (stream.metadata, container.metadata, *tracks):
        for name, value in read_tags(metadata).items():
            if name.casefold() == "timecode" and value.strip():
                return value.strip()
    return None


def _start_of(
    container: InputContainer,
    stream: VideoStream,
    on_packet: Callable[[Packet[VideoStream]], None],
    *,
    drains: bool,
    is_strict: bool,
) -> _Start:
    """The first frame, for which few packets are decoded.

    PyAV exposes a stream's display matrix only with a decoded frame.
    """
    context = stream.codec_context
    codec = context.codec.canonical_name
    wanted = {"mpeg2video": PULLDOWN_PICTURES, "mpeg4": 1}.get(codec, 0)
    drains = drains and codec in _DRAINED_CODECS
    heads: list[bytes] = []
    first: VideoFrame | None = None
    packet_size: int | None = None
    taken = 0
    try:
        for number, packet in enumerate(demux(container, stream)):
            taken += packet.size
            on_packet(packet)
            if number < wanted:
                heads.append(bytes(packet))
            if first is None:
                first = _first_of(stream, packet, is_strict=is_strict)
                if first is None and number == 0 and drains and packet.is_keyframe:
                    first = _drained(stream, packet, is_strict=is_strict)
                if first is not None and number == 0:
                    packet_size = packet.size
            if first is not None and number + 1 >= wanted:
                break
            if number >= _FIRST_FRAME_PACKETS or taken > _FIRST_FRAME_BYTES:
                break
    except (av.error.FFmpegError, OSError):
        # The scan reports damage; the header's facts remain valid.
        pass
    return _Start(first, heads, packet_size)


def _first_of(stream: VideoStream, packet: Packet[VideoStream], *, is_strict: bool) -> VideoFrame | None:
    try:
        return _sound(next(iter(stream.decode(packet)), None), is_strict=is_strict)
    except av.error.FFmpegError as error:
        if is_strict:
            raise _RejectedError from error
        return None


def _drained(stream: VideoStream, packet: Packet[VideoStream], *, is_strict: bool) -> VideoFrame | None:
    """The only frame that was fed; where it does not come out, the decoder can continue after it."""
    try:
        frame = next(iter(stream.decode(None)), None)
    except av.error.FFmpegError as error:
        if is_strict:
            raise _RejectedError from error
        frame = None
    if frame is None:
        stream.codec_context.flush_buffers()
        return _first_of(stream, packet, is_strict=is_strict)
    return _sound(frame, is_strict=is_strict)


def _sound(frame: VideoFrame | None, *, is_strict: bool) -> VideoFrame | None:
    if is_strict and frame is not None and frame.is_corrupt:
        raise _RejectedError
    return frame


def _orientation(frame: VideoFrame | None) -> Orientation:
    if frame is None:
        return Orientation()
    try:
        matrix = frame.side_data.get("DISPLAYMATRIX")
    except ValueError:
        # PyAV 18 rejects all side data if one type is unknown to it (stereo HEVC).
        return Orientation(nearest_right_angle(-frame.rotation) or 0)
    return orientation_from_matrix(bytes(matrix)) if isinstance(matrix, SideData) else Orientation()


def _fourcc(context: VideoCodecContext) -> str:
    try:
        raw = context.codec_tag.encode("utf-8")
    except UnicodeDecodeError as error:
        # PyAV decodes every tag as UTF-8; the invalid bytes are in the error.
        raw = bytes(error.object)
    return printable_tag(raw)


def _color(
    context: VideoCodecContext, pixel_format: str, *, size: tuple[int, int], is_rgb: bool
) -> ColorFacts:
    matrix = matrix_name(context.colorspace)
    signalled = range_name(context.color_range)
    is_full = is_rgb or signalled == "full" or pixel_format.startswith("yuvj")
    return ColorFacts(
        matrix=matrix,
        matrix_used=matrix_for_display(matrix, is_rgb=is_rgb, width=size[0], height=size[1]),
        range_=signalled,
        range_used="full" if is_full else "limited",
        transfer=transfer_name(context.color_trc),
        primaries=primaries_name(context.color_primaries),
    )


def _interlacing(context: VideoCodecContext, frame: VideoFrame | None) -> str:
    declared = _FIELD_ORDERS.get(codec_field_order(context))
    if frame is not None and frame.interlaced_frame:
        # The decoded picture's flag takes precedence over the header.
        return _FIELD_ORDERS[2 if shows_top_field_first(frame) else 3]
    return declared or tr_later("not declared")


def _bit_rate(container: InputContainer, stream: VideoStream) -> int | None:
    declared = stream.codec_context.bit_rate or 0
    # AVI has none: FFmpeg makes one up from the part of the index that it has read.
    if known_count(declared) and declared != MPEG_VARIABLE_RATE and container.format.name != "avi":
        return declared
    # Frame counts that mkvmerge writes into Matroska files.
    counted = next((text for name, text in read_tags(stream.metadata).items() if name.startswith("BPS")), "")
    return known_count(int(counted)) or None if counted.isascii() and counted.isdigit() else None
