"""Reads packets by number from where they are in the file, with everything that the demuxer says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framescope.core.closing import Closing
from framescope.core.errors import OpenError, SettingsError
from framescope.core.media.container import source_name
from framescope.core.media.decoding.decoder import StreamDecoder
from framescope.core.media.decoding.landing import PacketRecogniser, land
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.text import grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framescope.core.media.decoding.decoder import VideoPacket
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo

_PACKETS_A_REPORT = 256


@dataclass(frozen=True, slots=True)
class PacketFacts:
    """What the demuxer says of a packet. Times are in the stream's time base, None where it has none.

    Attributes:
        packet_number: Its place in decode order, from 0.
        frame_numbers: The frames that come from it, ascending; empty if none does.
        pts: When its frame is shown.
        dts: When it is decoded.
        duration: How long its frame is shown.
        size_bytes: Compressed bytes.
        position: Byte offset that the demuxer reports for it.
        is_keyframe: The container's random-access flag.
        is_discard: It must be decoded, but its frame is not to be shown.
        is_corrupt: The demuxer marks it as damaged.
        is_disposable: No other packet refers to its frame.
    """

    packet_number: int
    frame_numbers: tuple[int, ...]
    pts: int | None
    dts: int | None
    duration: int | None
    size_bytes: int
    position: int | None
    is_keyframe: bool
    is_discard: bool
    is_corrupt: bool
    is_disposable: bool

    @property
    def flags(self) -> tuple[str, ...]:
        """Its flags as FFmpeg calls them."""
        flags = {
            "key": self.is_keyframe,
            "discard": self.is_discard,
            "corrupt": self.is_corrupt,
            "disposable": self.is_disposable,
        }
        return tuple(name for name, is_set in flags.items() if is_set)


def frames_of_packet(index: FrameIndex, packet_number: int) -> tuple[int, ...]:
    """The numbers of the frames that come from a packet, ascending."""
    shared = index.shared_packets.get(packet_number)
    if shared is not None:
        return tuple(shared)
    number = int(index.numbers_of_packets[packet_number])
    return () if number < 0 else (number,)


def packet_facts(packet: VideoPacket, packet_number: int, index: FrameIndex) -> PacketFacts:
    """The facts of a packet that was just read."""
    position = packet.pos
    return PacketFacts(
        packet_number=packet_number,
        frame_numbers=frames_of_packet(index, packet_number),
        pts=packet.pts,
        dts=packet.dts,
        duration=packet.duration or None,
        size_bytes=packet.size,
        position=None if position is None or position < 0 else position,
        is_keyframe=packet.is_keyframe,
        is_discard=packet.is_discard,
        is_corrupt=packet.is_corrupt,
        is_disposable=packet.is_disposable,
    )


class PacketReader(Closing):
    """Reads the packets of a video file, without decoding. Threads: one, from opening to closing.

    Attributes:
        extradata: The stream's header, empty if it has none.
    """

    def __init__(self, info: VideoInfo, index: FrameIndex) -> None:
        """Open the file.

        Raises:
            OpenError: It cannot be opened, or no longer has the stream.
        """
        self._info = info
        self._index = index
        self._decoder = self._opened()
        self._has_moved = False
        self.extradata = bytes(self._decoder.context.extradata or b"")

    def close(self) -> None:
        """Release the file."""
        self._decoder.close()

    def from_entry(
        self,
        packet_number: int,
        *,
        progress: ProgressCallback = ignore_progress,
        cancel: CancelToken | None = None,
    ) -> Iterator[tuple[int, VideoPacket]]:
        """Packets with their numbers from the last keyframe packet at or before ``packet_number`` on.

        From the first packet where there is no keyframe before, or the container cannot seek to it.

        Raises:
            OpenError: The packets are not those of the index: the file has changed.
            Cancelled: The work was cancelled.
        """
        cancel = cancel or CancelToken()
        sizes = self._index.packet_sizes
        for number, packet in self._numbered(packet_number):
            cancel.raise_if_cancelled()
            if number >= len(sizes):
                return
            if packet.size != sizes[number]:
                raise self._changed()
            if number % _PACKETS_A_REPORT == 0:
                progress(Progress(number, packet_number + 1, tr("Reading packets")))
            yield number, packet

    def _numbered(self, packet_number: int) -> Iterator[tuple[int, VideoPacket]]:
        entries = self._index.entries
        row = entries.at_or_before(packet_number)
        if row > 0:
            self._has_moved = True
            found = land(self._decoder, self._index, PacketRecogniser(self._index), row)
            if found is not None:
                packets, first = found
                start = int(entries.packet_numbers[row])
                yield start, first
                yield from enumerate(packets, start + 1)
                return
        if self._has_moved:
            # Not every container can go back to its start, and a failed search ends anywhere.
            self._decoder.close()
            self._decoder = self._opened()
        self._has_moved = True
        yield from enumerate(self._decoder.packets())

    def _opened(self) -> StreamDecoder:
        # It is never fed, so one thread is enough.
        return StreamDecoder(self._info.source, self._info.stream_index, single_thread=True)

    def _changed(self) -> OpenError:
        return OpenError(
            tr(
                "The packets of {name} are not those that were listed: the file has changed.",
                name=source_name(self._info.source),
            ),
            hint=tr("Open it again."),
        )


def check_packet_number(index: FrameIndex, packet_number: int) -> int:
    """The number, if there is such a packet.

    Raises:
        SettingsError: There is not.
    """
    count = len(index.packet_sizes)
    if not 0 <= packet_number < count:
        raise SettingsError(
            tr("There is no packet {number}.", number=grouped(packet_number)),
            hint=tr("The packets are numbered from 0 to {last}.", last=grouped(count - 1)),
        )
    return packet_number
