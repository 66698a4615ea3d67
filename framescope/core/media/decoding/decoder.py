"""One open container and its decoder: feeds packets, and traces each frame to its packet.

Frames are traced to packets by giving each packet its own number in place of its pts: decoders pass the pts
on, through reordering and threads, to the frame decoded from the packet. This works even where a file's
timestamps are missing, repeated or wrong, and no decoder depends on their values.
(``AV_CODEC_FLAG_COPY_OPAQUE`` does the same, but its label is a Python object: a decoder thread that releases
one needs the GIL, and closing or flushing the decoder at that moment waits for the thread: a deadlock.)
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import av

from framescope.core.closing import Closing
from framescope.core.errors import OpenError, UnsupportedMediaError
from framescope.core.forking import never_free, run_in_children
from framescope.core.machine_cores import core_limit
from framescope.core.media.container import open_container, source_name, video_stream
from framescope.core.media.damage.jpeg2000 import is_whole_picture
from framescope.core.media.damage.tiff import without_other_tags
from framescope.core.media.decoding.block_export import EXPORT_OPTIONS
from framescope.core.media.error_bound import ErrorBound
from framescope.core.media.packet_scan import read_packets
from framescope.core.translation import tr

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

    from av.container import InputContainer
    from av.video.codeccontext import VideoCodecContext

_INVALID_DATA = av.error.tag_to_code(b"INDA")
VideoPacket: TypeAlias = "av.Packet[av.video.stream.VideoStream]"
Decode: TypeAlias = "Callable[[VideoCodecContext, VideoPacket | None], list[av.VideoFrame]]"


class DecodedPacket(NamedTuple):
    """A frame that came out of the decoder.

    Attributes:
        packet_number: The number of the packet it came from; None if the decoder lost it.
        frame: The frame.
    """

    packet_number: int | None
    frame: av.VideoFrame


def _label(frame: av.VideoFrame) -> DecodedPacket:
    return DecodedPacket(frame.pts, frame)


def decode_in_software(context: VideoCodecContext, packet: VideoPacket | None) -> list[av.VideoFrame]:
    """The pictures that come out when a packet is fed, or with None those that are held back."""
    return context.decode(packet)


_open_decoders: weakref.WeakSet[StreamDecoder] = weakref.WeakSet()


def _leave_to_parent() -> None:
    """In a forked process, never free a decoder whose threads are in the parent."""
    for decoder in _open_decoders:
        never_free(decoder.context)
        decoder.disown()
    _open_decoders.clear()


run_in_children(_leave_to_parent)


def start_decoder(context: VideoCodecContext, source: str | os.PathLike[str]) -> None:
    """Open the decoder now: one that cannot be opened would fail again on every packet.

    Raises:
        UnsupportedMediaError: It cannot be opened.
    """
    # Checked beforehand: PyAV 19 crashes when a context whose codec failed to open is asked for its codec.
    name = context.name
    try:
        context.open(strict=False)
    except av.error.FFmpegError as error:
        raise UnsupportedMediaError(
            tr(
                "FFmpeg's {name} decoder cannot be opened for {source_name}: {strerror}.",
                name=name,
                source_name=source_name(source),
                strerror=error.strerror,
            ),
            hint=tr("The header of the video is damaged, or uses a feature that this FFmpeg cannot decode."),
        ) from error


class StreamDecoder(Closing):
    """A container, opened for one video stream, and its decoder. Threads: one, from opening to closing."""

    def __init__(  # noqa: PLR0913 - every option is named at the call
        self,
        source: str,
        stream_index: int,
        *,
        single_thread: bool = False,
        is_strict: bool = False,
        exports_blocks: bool = False,
        opened: Callable[[str], InputContainer] = open_container,
        decode: Decode = decode_in_software,
    ) -> None:
        """Open the file and prepare the decoder.

        Args:
            source: A path or an address.
            stream_index: Index over all streams of the file.
            single_thread: Whether to decode with one thread, which makes the concealment of damage
                repeatable.
            is_strict: Whether damage raises an error instead of being concealed. Sound streams decode the
                same.
            exports_blocks: Whether frames carry their motion vectors and quantisers; see `read_blocks`.
            opened: Opens the source.
            decode: Decodes a packet.

        Raises:
            OpenError: The file cannot be opened, no longer has the stream, or its decoder does not start.
        """
        self.drain_errors = 0
        self._needs_flush = False
        self._opened = opened
        self._decode = decode
        self._export_options = EXPORT_OPTIONS if exports_blocks else {}
        try:
            self._open(source, stream_index, single_thread=single_thread, is_strict=is_strict)
        except UnsupportedMediaError:
            if not is_strict:
                raise
            # It rejects the header, which a concealing decoder may still be able to use. In a new container,
            # since PyAV 19 crashes when a decoder that failed to open is opened again.
            self._open(source, stream_index, single_thread=single_thread, is_strict=False)

    def _open(self, source: str, stream_index: int, *, single_thread: bool, is_strict: bool) -> None:
        self.container = self._opened(source)
        try:
            self.stream = video_stream(self.container, source, stream_index)
            self.context = self.stream.codec_context
            self.context.thread_type = "NONE" if single_thread else "AUTO"
            threads = 1 if single_thread else core_limit()
            # Otherwise FFmpeg takes as many as there are cores.
            if threads is not None:
                self.context.thread_count = threads
            # With checksums verified where a stream has them: HEVC picture hashes and PNG chunk CRCs.
            checks = {"err_detect": "crccheck+explode"} if is_strict else {}
            self.context.options = {**checks, **self._export_options}
            self._checks_whole = is_strict and self.context.name == "jpeg2000"
            self._rejects_tags = is_strict and self.context.name == "tiff"
            start_decoder(self.context, source)
            _open_decoders.add(self)
        except OpenError:
            self.container.close()
            raise

    def packets(self) -> Iterator[VideoPacket]:
        """Packets from the container's position on; continues after unreadable ones."""
        return read_packets(self.container, self.stream)

    def feed(self, packet: VideoPacket, packet_number: int) -> list[DecodedPacket]:
        """Decode one packet.

        Raises:
            av.error.FFmpegError: The packet is damaged; the decoder continues with the next.
        """
        if self._checks_whole and packet.size and not is_whole_picture(memoryview(packet)):
            raise av.error.InvalidDataError(_INVALID_DATA, tr("Part of the picture is missing"))
        self._needs_flush = True
        packet.pts = packet_number
        try:
            return [_label(frame) for frame in self._decode(self.context, packet)]
        except av.error.FFmpegError:
            plain = without_other_tags(memoryview(packet)) if self._rejects_tags else None
            if plain is None:
                raise
        again: VideoPacket = av.Packet(plain)  # type: ignore[assignment]
        again.pts = packet_number
        return [_label(frame) for frame in self._decode(self.context, again)]

    def drain(self) -> list[DecodedPacket]:
        """All frames that the decoder still holds back; it must be flushed before it is fed again."""
        out: list[DecodedPacket] = []
        bound = ErrorBound()
        while True:
            try:
                out.extend(_label(frame) for frame in self._decode(self.context, None))
            except av.error.EOFError:
                return out
            except av.error.FFmpegError:
                # An error while draining loses that frame only; the next call continues after it.
                self.drain_errors += 1
                if bound.is_exceeded():
                    return out
                continue
            return out

    def seek(self, timestamp: int) -> None:
        """Seek to or before ``timestamp`` (stream time base), as accurately as the container can.

        Raises:
            av.error.FFmpegError: The container cannot seek there.
        """
        self.container.seek(timestamp, stream=self.stream, backward=True)
        self._flush()

    def seek_byte(self, position: int) -> None:
        """Seek to a byte offset of the file.

        Raises:
            av.error.FFmpegError: The container cannot seek by bytes.
        """
        self.container.seek(position, stream=self.stream, unsupported_byte_offset=True)
        self._flush()

    def restart(self) -> None:
        """Flush the decoder; the container keeps its position."""
        self._flush()

    def _flush(self) -> None:
        # Without this a drained decoder keeps returning EOF, and an undrained one returns stale frames.
        if self._needs_flush:
            self._settle()
            self.context.flush_buffers()
            self._needs_flush = False

    def _settle(self) -> None:
        """Let the decoder's threads finish before flushing or closing it, if they may need the GIL.

        If PyAV's logging is on, they need the GIL to log a message, while flushing and closing hold it and
        wait for them.
        """
        if self._needs_flush and av.logging.get_level() is not None:
            self.drain()

    def disown(self) -> None:
        """Give up the decoder: its threads are in another process."""
        self._needs_flush = False

    def close(self) -> None:
        """Release the file."""
        self._settle()
        self.container.close()

    def __del__(self) -> None:
        """Release the file: PyAV's objects refer to each other, and hold the decoder's memory."""
        if hasattr(self, "context"):
            self.close()
