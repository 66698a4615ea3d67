"""All differences between PyAV versions: opening files, tags, rationals, codec properties.

PyAV 17 and 18 take ``metadata_errors`` when a file is opened, and raise on tags that are not UTF-8 unless it
is given. PyAV 19 has no such argument and returns surrogates; its rationals have their own type, not
``Fraction``.
"""

from __future__ import annotations

import threading
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar, cast

import av
import av.codec.hwaccel
import av.stream

from framescope.core.errors import DecodeError
from framescope.core.printable import valid_text
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from av.codec.hwaccel import HWAccel
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.codeccontext import VideoCodecContext
    from av.video.format import VideoFormat
    from av.video.reformatter import VideoReformatter
    from av.video.stream import VideoStream

AnyStream = TypeVar("AnyStream", bound="Stream")

BT2020_MATRIX = 9
"""swscale's SWS_CS_BT2020, which PyAV 17 does not name."""
ACCURATE_ROUNDING = 1 << 18
"""swscale's SWS_ACCURATE_RND, likewise."""

_UNKNOWN_LEVEL = -99
"""FFmpeg's AV_LEVEL_UNKNOWN."""

_ABSURD = 1 << 50
"""More bytes, bits per second or frames than any file has."""

_MAJOR = int(av.__version__.split(".")[0])
_OPTIONS: dict[str, Any] = {"metadata_errors": "surrogateescape"} if _MAJOR < 19 else {}
_IGNORES_BT2020 = _MAJOR < 18
_borrowed_value = threading.Lock()


def open_input(file: object, **options: Any) -> InputContainer:  # noqa: ANN401 - handed on to PyAV
    """``av.open`` for reading: a file is opened whatever bytes its tags hold.

    Args:
        file: A path, an address, or an object with ``read``.
        options: Further arguments of ``av.open``, such as ``timeout``.

    Raises:
        av.error.FFmpegError: FFmpeg cannot open it.
    """
    return cast("InputContainer", av.open(file, "r", **_OPTIONS, **options))


def demux(container: InputContainer, *streams: AnyStream) -> Iterator[Packet[AnyStream]]:
    """``container.demux``, also where a stream appears in the middle of the file.

    At the end PyAV asks every stream, the new ones included, for what is left, in lists made at the start: it
    raises a bare ``IndexError``. Asked again, it continues with lists that are long enough.

    Raises:
        av.error.FFmpegError: A packet cannot be read; asked again, the next one is.
    """
    has_moved = True
    while has_moved:
        has_moved = False
        try:
            for packet in container.demux(*streams):
                has_moved = True
                yield cast("Packet[AnyStream]", packet)
        except IndexError:
            continue
        return


def new_packet(data: bytes) -> Packet[Any]:
    """A packet of these bytes, without times.

    In FFmpeg's own memory: a decoder's thread that releases memory of Python needs the GIL, and closing or
    flushing the decoder at that moment waits for the thread, which is a deadlock. And FFmpeg reads a little
    beyond a packet.
    """
    packet: Packet[Any] = av.Packet(len(data))
    packet.update(data)
    return packet


def shown_packet(packet: Packet[VideoStream]) -> Packet[VideoStream]:
    """A copy that is not marked as one whose picture is discarded: FFmpeg reports no damage of these.

    Edit lists discard pictures that others are predicted from.
    """
    shown = new_packet(bytes(packet))
    shown.pts, shown.dts, shown.time_base = packet.pts, packet.dts, packet.time_base
    shown.is_keyframe, shown.is_corrupt = packet.is_keyframe, packet.is_corrupt
    return shown


def read_only(container: InputContainer, stream: Stream) -> None:
    """Let the demuxer pass over every other stream, without reading it from the disk where it can."""
    for other in container.streams:
        if other is not stream:
            other.discard = av.stream.Discard.all


def opened_file(container: InputContainer) -> object | None:
    """The file object that a container reads; None if FFmpeg opened a path or an address itself."""
    return getattr(getattr(container, "file", None), "file", None)


def known_size(container: InputContainer) -> int | None:
    """Bytes of what is open; None if the protocol does not tell: FFmpeg has negative numbers for that."""
    return known_count(container.size) or None


def known_count(number: int | None) -> int:
    """A number of bytes, bits or frames as a demuxer tells it; 0 where there is none or it cannot be one."""
    return number if number is not None and 0 < number < _ABSURD else 0


def codec_level(context: VideoCodecContext) -> int | None:
    """The level in the codec's own numbers; None if none is declared, or PyAV is older than 18.1."""
    level: int | None = getattr(context, "level", None)
    return None if level == _UNKNOWN_LEVEL else level


def codec_field_order(context: VideoCodecContext) -> int:
    """The declared order of fields, as FFmpeg's AVFieldOrder; 0 (unknown) where PyAV is older than 18.1."""
    return int(getattr(context, "field_order", 0))


def codec_pixel_format(context: VideoCodecContext) -> str:
    """The pixel format's name, or an empty string; ``pix_fmt`` crashes PyAV 17 where none is known."""
    # Typed as always there, which it is not.
    described: VideoFormat | None = context.format
    return "" if described is None else described.name


def device_kinds() -> tuple[str, ...]:
    """FFmpeg's names of the kinds of decoding hardware that it was built for; a device may be missing."""
    return tuple(av.codec.hwaccel.hwdevices_available())


def device_formats(decoder: str) -> dict[str, str]:
    """The kinds of device that a decoder can use, each with the pixel format of pictures that are on it."""
    found: dict[str, str] = {}
    for config in av.Codec(decoder, "r").hardware_configs or ():
        try:
            kind = config.device_type.name
        except ValueError:
            continue  # A kind that this PyAV does not know yet.
        if config.is_supported and config.format is not None:
            found.setdefault(kind, config.format.name)
    return found


def new_device(kind: str, address: str) -> HWAccel:
    """A device to open a container with. It never decodes in software instead.

    Args:
        kind: One of `device_kinds`; with any other, FFmpeg would take whichever device it likes.
        address: Which of them, such as ``1`` or ``/dev/dri/renderD129``; empty for the first.
    """
    if kind not in device_kinds():
        raise ValueError(kind)
    return av.codec.hwaccel.HWAccel(kind, address or None, allow_software_fallback=False)


def convert(
    scaler: VideoReformatter,
    frame: av.VideoFrame,
    *,
    matrix: int,
    **options: Any,  # noqa: ANN401 - handed on to PyAV
) -> av.VideoFrame:
    """``VideoReformatter.reformat`` between R, G, B and the colours of a matrix, by swscale's number for it.

    PyAV 17 ignores BT.2020 and uses the frame's own value, so that is set for the call.

    Raises:
        DecodeError: swscale does not take the pixel format.
    """
    options |= {"src_colorspace": matrix, "dst_colorspace": matrix}
    try:
        if not (_IGNORES_BT2020 and matrix == BT2020_MATRIX):
            return scaler.reformat(frame, **options)
        # Another thread may convert the same frame.
        with _borrowed_value:
            before, frame.colorspace = frame.colorspace, matrix
            try:
                return scaler.reformat(frame, **options)
            finally:
                frame.colorspace = before
    except av.error.FFmpegError as error:
        raise unconvertible(frame) from error


def unconvertible(frame: av.VideoFrame) -> DecodeError:
    """The error for a picture that swscale does not take."""
    size = f"{frame.width}×{frame.height}"
    return DecodeError(
        tr(
            "Pictures in the pixel format {format} cannot be converted at {size}.",
            format=frame.format.name,
            size=size,
        ),
        hint=tr("Export the planes as NumPy arrays (npz-planes)."),
    )


def read_tags(metadata: Mapping[str, str]) -> dict[str, str]:
    """The tags of a container or stream; bytes that are not UTF-8 become U+FFFD, so that any can be shown."""
    return {valid_text(name): valid_text(text) for name, text in metadata.items()}


def as_fraction(ratio: object) -> Fraction | None:
    """A rational of any PyAV as a ``Fraction``; None if it is missing, zero or undefined (``n/0``)."""
    numerator, denominator = getattr(ratio, "numerator", 0), getattr(ratio, "denominator", 0)
    return Fraction(int(numerator), int(denominator)) if numerator and denominator else None
