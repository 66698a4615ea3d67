"""The header of a connection, kept as a small file from which decoders and clips are set up later."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import TYPE_CHECKING

import av

from framescope.core.media.decoding.decoder import StreamDecoder
from framescope.core.pyav import open_input

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.video.stream import VideoStream

    from framescope.core.media.decoding.decoder import VideoPacket


def make_head(stream: VideoStream, first: VideoPacket) -> bytes:
    """A NUT file of a stream's header and its first packet: NUT holds what any codec needs."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="nut") as out:
        target = copied_stream(out, stream)
        packet = new_packet(bytes(first))
        packet.pts = packet.dts = 0
        packet.is_keyframe = True
        packet.time_base = stream.time_base or Fraction(1, 1_000_000)
        packet.stream = target
        out.mux(packet)
    return buffer.getvalue()


def open_head(head: bytes) -> InputContainer:
    """The stream of a head. Threads: any; the container stays in the caller's thread."""
    return open_input(io.BytesIO(head))


def decoder_of(head: bytes, name: str) -> StreamDecoder:
    """A decoder for packets of the stream.

    Raises:
        UnsupportedMediaError: It cannot be opened.
    """
    # By one thread: several would hold each frame back until more have arrived.
    return StreamDecoder(name, 0, single_thread=True, opened=lambda _name: open_head(head))


def copied_stream(out: OutputContainer, stream: VideoStream) -> VideoStream:
    """A stream of ``out`` that takes packets of ``stream`` as they are.

    Raises:
        ValueError: The container cannot hold the codec.
    """
    target = out.add_stream_from_template(stream, opaque=True)
    if stream.codec_context.name == "rawvideo":
        # The only thing that tells its pixel format, and not copied from the template.
        target.codec_context.codec_tag = stream.codec_context.codec_tag
    return target


def new_packet(data: bytes) -> VideoPacket:
    """A packet of these bytes, without times."""
    packet: VideoPacket = av.Packet(data)  # type: ignore[assignment]
    return packet
