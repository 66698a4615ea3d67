"""The header of a connection, kept as a small file from which decoders and clips are set up later."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

import av
import av.error

from framescope.core.closing import Closing
from framescope.core.media.decoding.decoder import StreamDecoder
from framescope.core.pyav import new_packet, open_input

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

    from framescope.core.media.decoding.decoder import VideoPacket

    AnyStream = TypeVar("AnyStream", VideoStream, AudioStream)


class Sink:
    """Takes what a muxer writes; nothing in it can be sought, as in a network."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Take bytes, as a file does."""
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """What was written since the last time."""
        data = b"".join(self._parts)
        self._parts.clear()
        return data


def make_head(stream: AnyStream, first: Packet[AnyStream]) -> bytes:
    """A NUT file of a stream's header and its first packet: NUT holds what any codec needs."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="nut") as out:
        target = copied_stream(out, stream)
        packet: Packet[AnyStream] = new_packet(bytes(first))
        packet.pts = packet.dts = 0
        packet.is_keyframe = True
        packet.time_base = stream.time_base or Fraction(1, 1_000_000)
        packet.stream = target
        out.mux(packet)
    return buffer.getvalue()


def open_head(head: bytes) -> InputContainer:
    """The stream of a head. Threads: any; the container stays in the caller's thread."""
    return open_input(io.BytesIO(head))


def decoder_of(head: bytes, name: str, *, is_strict: bool = False) -> StreamDecoder:
    """A decoder for packets of the stream.

    Args:
        head: The stream's.
        name: What it is called.
        is_strict: Whether damage raises an error instead of being concealed.

    Raises:
        UnsupportedMediaError: It cannot be opened.
    """
    # By one thread: several would hold each frame back until more have arrived.
    # Damage is common, and leaves something behind in a decoder of H.264.
    return StreamDecoder(
        name,
        0,
        single_thread=True,
        is_strict=is_strict,
        renews=True,
        opened=lambda _name: open_head(head),
    )


class DamageCheck(Closing):
    """Decodes what arrives, and says which packets are damaged. Threads: one.

    For sources that do not: where datagrams of RTP are lost, FFmpeg passes on what is left of a frame, and
    the decoder conceals the rest. Not every loss is noticed: where what is left of a slice seems to end
    with a whole block, the decoder does not count it as an error.
    """

    def __init__(self, head: bytes, name: str) -> None:
        """Begin with the packet that the head was made of."""
        self._decoder = decoder_of(head, name, is_strict=True)
        self._waits_for_key = False

    def is_damaged(self, packet: VideoPacket) -> bool:
        """Whether a packet does not decode; after one that does not, none does before the next keyframe."""
        if packet.is_keyframe and self._waits_for_key:
            self._decoder.restart()
            self._waits_for_key = False
        if self._waits_for_key:
            return True
        try:
            decoded = self._decoder.feed(new_packet(bytes(packet)), 0)
        except av.error.FFmpegError:
            self._waits_for_key = True
            return True
        return any(frame.is_corrupt for _, frame in decoded)

    def close(self) -> None:
        """Release the decoder."""
        self._decoder.close()


def copied_stream(out: OutputContainer, stream: AnyStream) -> AnyStream:
    """A stream of ``out`` that takes packets of ``stream`` as they are.

    Raises:
        ValueError: The container cannot hold the codec.
    """
    target = out.add_stream_from_template(stream, opaque=True)
    if stream.codec_context.name == "rawvideo":
        # The only thing that tells its pixel format, and not copied from the template.
        target.codec_context.codec_tag = stream.codec_context.codec_tag
    return target
