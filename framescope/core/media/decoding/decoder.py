"""One open container and its decoder: feeds packets, and traces each frame to its packet.

Frames are traced to packets by giving each packet its own number in place of its pts: decoders pass the pts
on, through reordering and threads, to the frame decoded from the packet. This works even where a file's
timestamps are missing, repeated or wrong, and no decoder depends on their values.
(``AV_CODEC_FLAG_COPY_OPAQUE`` does the same, but its label is a Python object: a decoder thread that releases
one needs the GIL, and closing or flushing the decoder at that moment waits for the thread: a deadlock.)
"""

from __future__ import annotations

import os
import weakref
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import av

from framescope.core.closing import Closing
from framescope.core.errors import OpenError, UnsupportedMediaError
from framescope.core.forking import never_free, run_in_children
from framescope.core.machine_cores import core_limit
from framescope.core.media.container import open_container, source_name, video_stream
from framescope.core.media.damage.fresh_starts import fresh_starts_for
from framescope.core.media.damage.jpeg2000 import is_whole_picture
from framescope.core.media.damage.tiff import without_other_tags
from framescope.core.media.decoding.block_export import EXPORT_OPTIONS
from framescope.core.media.error_bound import ErrorBound
from framescope.core.media.packet_scan import read_packets
from framescope.core.pyav import new_packet, shown_packet
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from av.container import InputContainer
    from av.video.codeccontext import VideoCodecContext

SHORT_CUT_CODECS = frozenset(
    {"h264", "hevc", "vvc", "av1", "vp8", "vp9", "mpeg1video", "mpeg2video", "mjpeg", "prores", "dnxhd"}
    | {"ffv1", "huffyuv", "ffvhuff", "utvideo", "rawvideo", "png", "jpeg2000", "dvvideo", "cfhd"}
)
"""Codecs with a defined output order and one packet per picture, of which a decoder may be drained early.
MPEG-4 packs two and passes labels on late."""

STRICT_OPTIONS = {"err_detect": "crccheck+explode"}
"""Damage raises an error. Checksums are verified where a stream has them: HEVC picture hashes and PNG chunk
CRCs."""

_MOST_REORDERED, _MOST_HELD = 3, 16
"""Pictures that H.264 streams usually hold back to put them in order, and the most that FFmpeg does.

With several threads, FFmpeg gives a picture with the packet by which its turn has come, without the damage
that its own thread finds afterwards (measured: 22 marks of 4178 were lost). When as many packets as there are
threads have followed, that thread has ended it.
"""

_CHECKED_FOR_ITS_END, _CHECKED_WITHOUT_TAGS = "jpeg2000", "tiff"
"""FFmpeg's decoders that take a picture without its end, or refuse a sound one for its tags."""

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


def decode_in_software(context: VideoCodecContext, packet: VideoPacket | None) -> list[av.VideoFrame]:
    """The pictures that come out when a packet is fed, or with None those that are held back."""
    return context.decode(packet)


_open_decoders: weakref.WeakSet[StreamDecoder] = weakref.WeakSet()


def _leave_to_parent() -> None:
    """In a forked process, never free a decoder whose threads are in the parent."""
    for decoder in _open_decoders:
        never_free(decoder.context, decoder.stream.codec_context)
        decoder.disown()
    _open_decoders.clear()


run_in_children(_leave_to_parent)


def checks_more_than_ffmpeg(context: VideoCodecContext) -> bool:
    """Whether a strict `StreamDecoder` checks more than FFmpeg does with `STRICT_OPTIONS`."""
    return context.name in (_CHECKED_FOR_ITS_END, _CHECKED_WITHOUT_TAGS)


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
        renews: bool = False,
        tells_hidden: bool = False,
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
            renews: Whether, behind damage that would linger in the decoder, a new one begins at the first
                picture where that loses nothing; see `FreshStarts`. For streams known to be damaged.
            tells_hidden: Whether pictures that an edit list discards come out, too, with their damage; their
                packets are noted in ``hidden``.
            opened: Opens the source.
            decode: Decodes a packet.

        Raises:
            OpenError: The file cannot be opened, no longer has the stream, or its decoder does not start.
        """
        self.drain_errors = 0
        self._source, self._stream_index = source, stream_index
        self._single_thread, self._is_strict = single_thread, is_strict
        self._renews = renews
        self._renewed: InputContainer | None = None
        self._may_hold_damage = False
        """Whether the decoder may hold something of damage that flushing does not remove."""
        self._left: list[DecodedPacket] = []
        self._inside: set[int] = set()
        """The packets that were fed and gave no picture yet."""
        self._needs_flush = False
        self._opened = opened
        self._decode = decode
        self._tells_hidden = tells_hidden
        self._first_pts = 0
        self.hidden: set[int] = set()
        """The packets that were fed whose pictures are discarded."""
        self._export_options = EXPORT_OPTIONS if exports_blocks else {}
        try:
            self._open()
        except UnsupportedMediaError:
            if not is_strict:
                raise
            # It rejects the header, which a concealing decoder may still be able to use. In a new container,
            # since PyAV 19 crashes when a decoder that failed to open is opened again.
            self._is_strict = False
            self._open()

    def _open(self) -> None:
        self.container, self.stream = self._started()
        self.context = self.stream.codec_context
        self._checks_whole = self._is_strict and self.context.name == _CHECKED_FOR_ITS_END
        self._rejects_tags = self._is_strict and self.context.name == _CHECKED_WITHOUT_TAGS
        is_ours = self._decode is decode_in_software
        self._starts = fresh_starts_for(self.context.name, self.context.extradata) if is_ours else None
        _open_decoders.add(self)

    def _started(self) -> tuple[InputContainer, av.VideoStream]:
        """The file, opened once more, and its stream with a decoder that was fed nothing."""
        container = self._opened(self._source)
        try:
            stream = video_stream(container, self._source, self._stream_index)
            context = stream.codec_context
            context.thread_type = "NONE" if self._single_thread else "AUTO"
            threads = 1 if self._single_thread else core_limit()
            # Otherwise FFmpeg takes as many as there are cores.
            if threads is not None:
                context.thread_count = threads
            checks = dict(STRICT_OPTIONS) if self._is_strict else {}
            if self._is_strict and not self._single_thread and context.name == "h264":
                held = _MOST_REORDERED + (threads or (os.cpu_count() or 1) + 1)
                checks["has_b_frames"] = str(min(held, _MOST_HELD))
            context.options = {**checks, **self._export_options}
            start_decoder(context, self._source)
        except OpenError:
            container.close()
            raise
        return container, stream

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
        if self._renews and self._starts is not None and self._starts.is_at(memoryview(packet)):
            self._take_fresh_start()
        if not self._needs_flush:
            self._first_pts = packet.pts or 0
        # A leading picture lacks its references, which is not damage, and no other picture refers to it.
        if self._tells_hidden and packet.is_discard and (packet.pts or 0) >= self._first_pts:
            packet = shown_packet(packet)
            self.hidden.add(packet_number)
        self._needs_flush = True
        self._inside.add(packet_number)
        packet.pts = packet_number
        try:
            return self._labelled(self._decode(self.context, packet))
        except av.error.FFmpegError:
            plain = without_other_tags(memoryview(packet)) if self._rejects_tags else None
            if plain is None:
                self._may_hold_damage = True
                raise
        again = new_packet(plain)
        again.pts = packet_number
        return self._labelled(self._decode(self.context, again))

    def _take_fresh_start(self) -> None:
        """Let nothing of damage linger; all that the decoder holds back is shown before what comes next."""
        # Whether what it holds back is damaged shows only when it comes out. Otherwise it goes on, since it
        # conceals damage to a keyframe with the picture before it.
        if self._needs_flush and self._may_linger and (self._may_hold_damage or self.context.has_b_frames):
            left = self.drain()
            self._flush()
            self._left = left

    def _labelled(self, frames: list[av.VideoFrame]) -> list[DecodedPacket]:
        """The frames that came out, with their packets; before them those that are left."""
        self._may_hold_damage |= any(frame.is_corrupt for frame in frames)
        self._inside.difference_update(frame.pts for frame in frames if frame.pts is not None)
        left, self._left = self._left, []
        return [*left, *(DecodedPacket(frame.pts, frame) for frame in frames)]

    def drain(self) -> list[DecodedPacket]:
        """All frames that the decoder still holds back; it must be flushed before it is fed again."""
        out = [*self._labelled([]), *self._after_all_threads()]
        bound = ErrorBound()
        while True:
            try:
                out.extend(self._labelled(self._decode(self.context, None)))
            except av.error.EOFError:
                return out
            except av.error.FFmpegError:
                # An error while draining loses that frame only; the next call continues after it.
                self.drain_errors += 1
                self._may_hold_damage = True
                if bound.is_exceeded():
                    return out
                continue
            return out

    def _after_all_threads(self) -> list[DecodedPacket]:
        """What comes out while every thread of an H.264 decoder ends what it decodes.

        Drained, a decoder begins to give its pictures while other threads still decode them, and so without
        the damage that these find. A thread takes the next packet when it has ended: here one without a
        picture.
        """
        out: list[DecodedPacket] = []
        if self._starts is None or self._single_thread or not self._needs_flush:
            return out
        # Otherwise a packet without a picture is an error.
        before, self.context.skip_frame = self.context.skip_frame, "NONREF"
        for _ in range(self.context.thread_count - 1):
            try:
                out.extend(self._labelled(self._decode(self.context, new_packet(self._starts.delimiter))))
            except av.error.FFmpegError:
                self.drain_errors += 1
                self._may_hold_damage = True
        self.context.skip_frame = before
        return out

    def seek(self, timestamp: int) -> None:
        """Seek to or before ``timestamp`` (stream time base), as accurately as the container can.

        Raises:
            av.error.FFmpegError: The container cannot seek there.
        """
        self._settle()
        self.container.seek(timestamp, stream=self.stream, backward=True)
        self._flush()

    def seek_byte(self, position: int) -> None:
        """Seek to a byte offset of the file.

        Raises:
            av.error.FFmpegError: The container cannot seek by bytes.
        """
        self._settle()
        self.container.seek(position, stream=self.stream, unsupported_byte_offset=True)
        self._flush()

    def restart(self) -> None:
        """Flush the decoder; the container keeps its position."""
        self._flush()

    def _flush(self) -> None:
        # Without this a drained decoder keeps returning EOF, and an undrained one returns stale frames.
        if not self._needs_flush:
            return
        self._settle()
        self.context.flush_buffers()
        # With several threads, what is damaged may be missing without an error when the decoder is drained;
        # and one that conceals damage may show the picture before another thread has found it.
        is_sure = self._single_thread or self._is_strict
        if self._may_linger and (self._may_hold_damage or self._inside or not is_sure):
            self._renew()
        self._inside.clear()
        self._needs_flush = False

    def _renew(self) -> None:
        """Decode by a new decoder from now on; the packets still come from the first container."""
        container, stream = self._started()
        if self._renewed is not None:
            self._renewed.close()
        self._renewed, self.context = container, stream.codec_context
        self._may_hold_damage = False

    def _settle(self) -> None:
        """Let the decoder finish before seeking, which flushes it, and before flushing or closing it.

        Whether what it holds back is damaged shows only when it comes out. And if PyAV's logging is on, its
        threads need the GIL to log a message, while flushing and closing hold it and wait for them.
        """
        if self._needs_flush and (self._may_linger or av.logging.get_level() is not None):
            errors = self.drain_errors
            self.drain()
            self.drain_errors = errors

    @property
    def _may_linger(self) -> bool:
        """Whether flushing leaves something of damage in the decoder."""
        return self._starts is not None and self._starts.lingers

    def disown(self) -> None:
        """Give up the decoder: its threads are in another process."""
        self._needs_flush = False

    def close(self) -> None:
        """Release the file."""
        self._settle()
        if self._renewed is not None:
            self._renewed.close()
        self.container.close()

    def __del__(self) -> None:
        """Release the file: PyAV's objects refer to each other, and hold the decoder's memory."""
        if hasattr(self, "context"):
            self.close()
