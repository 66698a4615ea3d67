"""Header → facts: what a file declares about its video, before any scan. One frame at most is decoded."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av.error
from av.sidedata.sidedata import SideData

from framescope.core.errors import NoVideoStreamError, OpenError, UnsupportedMediaError
from framescope.core.media.arrivals import forget_arrivals
from framescope.core.media.color_names import (
    matrix_for_display,
    matrix_name,
    primaries_name,
    range_name,
    transfer_name,
)
from framescope.core.media.container import local_path, open_container
from framescope.core.media.decoder import start_decoder
from framescope.core.media.file_state import state_of
from framescope.core.media.fourcc import (
    codec_words,
    container_words,
    describe_fourcc,
    printable_tag,
    stream_type,
)
from framescope.core.media.geometry import (
    Orientation,
    display_size,
    nearest_right_angle,
    orientation_from_matrix,
    sane_pixel_aspect,
)
from framescope.core.media.pixel_formats import pixel_format_facts
from framescope.core.media.refusal import explain_no_streams
from framescope.core.media.source_kinds import is_fragment_store
from framescope.core.media.stream_choice import (
    choose_stream,
    list_candidates,
    stream_duration_s,
    streams_without_declared_frames,
    streams_without_packets,
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

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.codeccontext import VideoCodecContext
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_FIELD_ORDERS = {
    1: "progressive",
    2: "interlaced, top field first",
    3: "interlaced, bottom field first",
    4: "interlaced, top field coded first, bottom shown first",
    5: "interlaced, bottom field coded first, top shown first",
}
# A stream that begins between keyframes shows its first frame only after the next one.
_FIRST_FRAME_PACKETS = 128
_FIRST_FRAME_BYTES = 32 << 20


def probe(source: str | os.PathLike[str], *, stream_index: int | None = None) -> VideoInfo:
    """Read what a file declares. Threads: any.

    Args:
        source: A local path or an address that FFmpeg can read.
        stream_index: The stream to describe, over all streams of the file; None to choose.

    Raises:
        MissingFileError: There is no such file, it is a folder, or it may not be read.
        UnsupportedMediaError: It is empty, damaged, encrypted, not media, or has no decoder.
        NoVideoStreamError: It has no video stream besides covers, or not the wanted one.
        OpenError: The server does not answer.
    """
    if is_fragment_store(source):
        from framescope.core.fragments.source import probe_store  # noqa: PLC0415

        return probe_store(source)
    forget_arrivals(os.fspath(source))
    with open_container(source) as container:
        without_packets = _streams_without_packets(container, source) if stream_index is None else frozenset()
        try:
            return describe(container, source, stream_index=stream_index, without_packets=without_packets)
        except NoVideoStreamError as error:
            # An MP4 that is cut off may open with nothing in it: then the cut is the news.
            path = local_path(source)
            is_empty = not any(stream.type in ("audio", "video", "subtitle") for stream in container.streams)
            cause = explain_no_streams(path) if path is not None and is_empty else None
            if cause is None:
                raise
            raise cause from error
        except av.error.FFmpegError as error:
            raise OpenError(f"{os.fspath(source)} cannot be read: {error.strerror}.") from error


def describe(
    container: InputContainer,
    source: str | os.PathLike[str],
    *,
    stream_index: int | None = None,
    without_packets: frozenset[int] = frozenset(),
) -> VideoInfo:
    """The same for a container that is open already. It reads up to the first frame and leaves it there.

    ``without_packets`` are streams that nothing was found in.

    Raises:
        NoVideoStreamError: There is no video stream besides covers, or not the wanted one.
        UnsupportedMediaError: FFmpeg has no decoder for it, cannot start the one it has, or cannot make out
            the size of the pictures.
    """
    candidates = list_candidates(container, without_packets)
    chosen, reason = choose_stream(container, candidates, stream_index)
    stream, context = chosen.stream, chosen.stream.codec_context
    # Decoding overwrites these with what the first frame really is; the header's words come first.
    width, height, pixel_format = context.width, context.height, codec_pixel_format(context)
    frame = _first_frame(container, stream)
    if width <= 0 or height <= 0:
        width, height = context.width, context.height
    if width <= 0 or height <= 0:
        raise UnsupportedMediaError(
            f"FFmpeg cannot make out the size of the {codec_words(context.codec.canonical_name)} pictures.",
            hint="The file is damaged, or of a kind that this FFmpeg cannot decode (animated WebP is one).",
        )
    if frame is None:
        start_decoder(context, source)
    path = local_path(source)
    state = None if path is None else state_of(path)
    orientation = _orientation(frame)
    aspect = sane_pixel_aspect(as_fraction(stream.sample_aspect_ratio))
    shown_width, shown_height = display_size(width, height, aspect, orientation.rotation)
    pixel_format = pixel_format or codec_pixel_format(context)
    pixels = pixel_format_facts(pixel_format)
    fourcc = _fourcc(context)
    codec = context.codec.canonical_name
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
        profile=stream.profile or None,
        level=codec_level(context),
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
        color=_color(context, pixel_format, size=(width, height), is_rgb=pixels.is_rgb),
        interlacing=_interlacing(context, frame),
        has_b_frames=bool(context.has_b_frames),
        average_rate=as_fraction(stream.average_rate),
        base_rate=as_fraction(stream.base_rate),
        time_base=as_fraction(stream.time_base) or Fraction(1, 1_000_000),
        start_pts=stream.start_time,
        duration_s=stream_duration_s(container, stream),
        bit_rate=_bit_rate(container, context),
        frame_count_declared=known_count(stream.frames),
        file_size_bytes=None if state is None else state.size,
        decoder=context.codec.name,
        timecode_start=_timecode_start(container, stream),
        file_state=state,
    )


def _streams_without_packets(container: InputContainer, source: str | os.PathLike[str]) -> frozenset[int]:
    suspected = streams_without_declared_frames(container)
    if not suspected:
        return suspected
    # Opened for this alone: reading goes on from where a container stands.
    with open_container(source) as other:
        return streams_without_packets(other, suspected)


def _timecode_start(container: InputContainer, stream: VideoStream) -> str | None:
    # MOV's tmcd track belongs to a stream, MXF's and DV's to the whole file; a track of its own comes last.
    tracks = (other.metadata for other in container.streams if other.type == "data")
    for metadata in (stream.metadata, container.metadata, *tracks):
        for name, value in read_tags(metadata).items():
            if name.casefold() == "timecode" and value.strip():
                return value.strip()
    return None


def _first_frame(container: InputContainer, stream: VideoStream) -> VideoFrame | None:
    # PyAV hands out a stream's display matrix only with a decoded frame.
    context = stream.codec_context
    if not context.is_open:
        context.thread_type = "SLICE"
        context.thread_count = 1
    taken = 0
    try:
        for number, packet in enumerate(demux(container, stream)):
            taken += packet.size
            try:
                frames = stream.decode(packet)
            except av.error.FFmpegError:
                frames = []
            if frames:
                return frames[0]
            if number >= _FIRST_FRAME_PACKETS or taken > _FIRST_FRAME_BYTES:
                break
    except (av.error.FFmpegError, OSError):
        # Damage here is for the scan to report; the header's facts stand.
        return None
    return None


def _orientation(frame: VideoFrame | None) -> Orientation:
    if frame is None:
        return Orientation()
    try:
        matrix = frame.side_data.get("DISPLAYMATRIX")
    except ValueError:
        # PyAV 18 refuses all side data when one kind is newer than its own list (stereo HEVC).
        return Orientation(nearest_right_angle(-frame.rotation) or 0)
    return orientation_from_matrix(bytes(matrix)) if isinstance(matrix, SideData) else Orientation()


def _fourcc(context: VideoCodecContext) -> str:
    try:
        raw = context.codec_tag.encode("utf-8")
    except UnicodeDecodeError as error:
        # PyAV takes every tag for UTF-8; the bytes that are not are in the error.
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
    if frame is not None and frame.interlaced_frame and declared in (None, "progressive"):
        return "interlaced"
    return declared or "not declared"


def _bit_rate(container: InputContainer, context: VideoCodecContext) -> int | None:
    # With one stream the container's rate is the stream's, but for the container's own few bytes.
    rates = (context.bit_rate, container.bit_rate if len(container.streams) == 1 else 0)
    return next((rate for rate in rates if known_count(rate or 0)), None)
