"""Encodes one fragment: one thread, one closed GOP, the same bytes on every run."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import av

from framescope.core.errors import FragmentError
from framescope.core.fragments.codecs import CODECS, FragmentCodec
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from av.video.codeccontext import VideoCodecContext

# SVT-AV1 otherwise writes its settings to stderr for every fragment.
os.environ.setdefault("SVT_LOG", "1")

_USUAL_RATE = Fraction(25)
_MOST_RATE = 1000
"""Encoders reject the rates that some headers declare; pictures are only counted here."""


@dataclass(frozen=True, slots=True)
class FragmentShape:
    """The parameters of a fragment's encoder.

    Attributes:
        width: Columns, padding included.
        height: Rows, padding included.
        pixel_format: Pixel format of the input frames.
        rate: Frames per second, for the encoder's rate control; None for a default.
        colorspace: FFmpeg's number of the matrix.
        color_range: FFmpeg's number of the range.
    """

    width: int
    height: int
    pixel_format: str
    rate: Fraction | None = None
    colorspace: int = 2
    color_range: int = 0


@dataclass(frozen=True, slots=True)
class EncodedFragment:
    """A finished stream.

    Attributes:
        data: Its packets, concatenated.
        packet_sizes: Bytes of each packet, in decode order.
        shown: The presentation position of each packet's picture; None if it is the same order.
        key_packets: Positions in decode order of the packets where decoding can start.
        extradata: The decoder's out-of-band configuration.
        encode_s: CPU seconds used by the encoder.
    """

    data: bytes
    packet_sizes: tuple[int, ...]
    shown: tuple[int, ...] | None
    key_packets: tuple[int, ...]
    extradata: bytes
    encode_s: float


class FragmentEncoder:
    """One encoder, from opening to flushing. Threads: one at a time."""

    def __init__(
        self, codec: FragmentCodec, quality: int, shape: FragmentShape, *, gop: int | None = None
    ) -> None:
        """Open the encoder.

        Args:
            codec: The codec.
            quality: The codec's own quality value.
            shape: The parameters of the input.
            gop: Keyframe interval; None for a keyframe at the beginning only.

        Raises:
            FragmentError: There is no such encoder, or it rejects the parameters.
        """
        self._spec = CODECS[codec]
        options = self._spec.options(quality) if gop is None else self._spec.options(quality, gop=gop)
        rate = shape.rate if shape.rate and 1 <= shape.rate <= _MOST_RATE else _USUAL_RATE
        self._count = 0
        self._packets: list[tuple[bytes, int, bool]] = []
        self._encode_s = 0.0
        try:
            self._context = self._open(shape, rate, options)
        except (av.FFmpegError, ValueError, OSError) as error:
            # FFV1 takes one slice for small pictures only, and its own choice for large ones only.
            freely = {name: value for name, value in options.items() if name != "slices"}
            if freely == options:
                raise self._failure(error) from error
            try:
                self._context = self._open(shape, rate, freely)
            except (av.FFmpegError, ValueError, OSError) as second:
                raise self._failure(second) from second

    def _open(self, shape: FragmentShape, rate: Fraction, options: Mapping[str, str]) -> VideoCodecContext:
        context = cast("VideoCodecContext", av.CodecContext.create(self._spec.encoder, "w"))
        context.width, context.height = shape.width, shape.height
        context.pix_fmt = shape.pixel_format
        context.framerate, context.time_base = rate, 1 / rate
        context.thread_count = 1
        context.colorspace, context.color_range = shape.colorspace, shape.color_range
        context.options = dict(options)
        context.open()
        return context

    def add(self, frame: av.VideoFrame) -> None:
        """Encode the next picture.

        Raises:
            FragmentError: The encoder rejects it.
        """
        frame.pts, frame.time_base = self._count, self._context.time_base
        frame.pict_type = 0
        self._count += 1
        self._feed(frame)

    def finish(self) -> EncodedFragment:
        """Flush the encoder and return the complete stream.

        Raises:
            FragmentError: The encoder failed, or did not output one packet per picture.
        """
        self._feed(None)
        packets = self._packets
        shown = tuple(number for _, number, _ in packets)
        if sorted(shown) != list(range(self._count)):
            raise FragmentError(
                tr(
                    "{title} gave {packets} packets for {pictures} pictures.",
                    title=self._spec.title,
                    packets=len(packets),
                    pictures=self._count,
                ),
                hint=tr("Choose another codec; this one drops pictures here."),
            )
        return EncodedFragment(
            data=b"".join(data for data, _, _ in packets),
            packet_sizes=tuple(len(data) for data, _, _ in packets),
            shown=None if shown == tuple(range(self._count)) else shown,
            key_packets=tuple(place for place, (_, _, is_key) in enumerate(packets) if is_key),
            extradata=bytes(self._context.extradata or b"")
            if self._spec.codec is FragmentCodec.FFV1
            else b"",
            encode_s=self._encode_s,
        )

    def _feed(self, frame: av.VideoFrame | None) -> None:
        started = time.perf_counter()
        try:
            for packet in self._context.encode(frame):
                number = -1 if packet.pts is None else packet.pts
                self._packets.append((bytes(packet), number, packet.is_keyframe))
        except (av.FFmpegError, ValueError, OSError) as error:
            raise self._failure(error) from error
        self._encode_s += time.perf_counter() - started

    def _failure(self, error: Exception) -> FragmentError:
        return FragmentError(
            tr("{title} cannot encode a fragment: {error}", title=self._spec.title, error=error),
            hint=tr("Try larger tiles or another codec."),
        )
