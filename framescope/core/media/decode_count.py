"""Counts frames by decoding the whole stream sequentially, which defines frame numbers."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import av
import numpy as np
import xxhash

from framescope.core.closing import Closing
from framescope.core.media.damage.reach import Damage, damaged_frames, starts_in_the_middle
from framescope.core.media.damage.search import DamageWatch, damaged_packets
from framescope.core.media.decoding.decoder import StreamDecoder
from framescope.core.media.index import NO_PTS, DamageNote, EntryTable, FrameIndex, IndexBasis
from framescope.core.media.picture.planes import frame_planes, owned_copy
from framescope.core.model.frame import PictureType
from framescope.core.model.progress import Progress
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from fractions import Fraction

    from numpy.typing import NDArray

    from framescope.core.media.decoding.decoder import DecodedPacket, VideoPacket
    from framescope.core.media.tables.packet_table import PacketTable
    from framescope.core.model.progress import CancelToken, ProgressCallback

    TakeFirst = Callable[[av.VideoFrame, FrameIndex], None]

_REPORT_S = 0.4
_KINDS = {
    1: PictureType.I,
    2: PictureType.P,
    3: PictureType.B,
    5: PictureType.I,
    6: PictureType.P,
    7: PictureType.B,
}


def always_go_on() -> None:
    """Never pause."""


def ignore_first(picture: av.VideoFrame, index: FrameIndex) -> None:
    """Take no first frame."""
    del picture, index


def picture_type_of(frame: av.VideoFrame) -> PictureType:
    """The decoder's picture type; SI, SP and BI count as I, P and B."""
    return _KINDS.get(frame.pict_type, PictureType.UNKNOWN)


def digest_frame(frame: av.VideoFrame) -> int:
    """XXH3, 64 bit, over the visible samples of all planes and the picture's size."""
    state = xxhash.xxh3_64(f"{frame.width}x{frame.height} {frame.format.name}".encode())
    for plane in frame_planes(frame):
        state.update(np.ascontiguousarray(plane).data)
    return state.intdigest()


class _Count:
    """The results of a sequential decode so far."""

    def __init__(self, packets: PacketTable, stream: CountedStream, codec: str, damage: Damage) -> None:
        self.packets = packets
        self.stream = stream
        self.codec = codec
        self.damage = damage
        """What was reported so far; others add to it."""
        self.packet_numbers: list[int] = []
        self.types: list[int] = []
        self.digests: list[int] = []
        self.lost: list[tuple[int, str]] = []
        self.packets_fed = 0

    def add(self, decoded: Iterable[DecodedPacket], last_fed: int, hidden: Collection[int]) -> None:
        for number, frame in decoded:
            if number in hidden:
                continue
            self.packet_numbers.append(last_fed if number is None else number)
            self.types.append(picture_type_of(frame).value)
            self.digests.append(digest_frame(frame))

    def lose(self, reason: str) -> None:
        self.lost.append((len(self.types), reason))

    def snapshot(self) -> FrameIndex:
        """The index of the frames counted so far."""
        packets = self.packets
        numbers = np.array(self.packet_numbers, np.int32)
        index = FrameIndex(
            basis=IndexBasis.DECODED,
            complete=False,
            time_base=self.stream.time_base,
            pts=packets.pts[numbers],
            dts=packets.dts[numbers],
            packet_numbers=numbers,
            is_keyframe=packets.is_keyframe[numbers],
            picture_type_codes=np.array(self.types, np.uint8),
            picture_types_decoded=True,
            packet_sizes=packets.sizes.copy(),
            entries=entry_table(packets, numbers),
            doubts=self.stream.doubts,
            digests=np.array(self.digests, np.uint64),
            frames_expected=len(packets),
        )
        damage = self.damage
        if starts_in_the_middle(index, self.codec):
            damage = replace(damage, gaps=damage.gaps | {0})
        return replace(index, damaged_frames=damaged_frames(index, damage), single_thread=bool(damage))

    def finish(self) -> FrameIndex:
        """The complete index."""
        return replace(self.snapshot(), complete=True, frames_expected=None, damage=_damage_notes(self.lost))


@dataclass(frozen=True, slots=True)
class CountedStream:
    """The stream to count.

    Attributes:
        source: Path or URL.
        stream_index: Index over all streams of the file.
        time_base: Seconds per unit of pts.
        doubts: Why packets alone were not enough; copied into the index.
    """

    source: str
    stream_index: int
    time_base: Fraction
    doubts: tuple[str, ...] = ()


class StrictCount(Closing):
    """A count whose decoder reports damage, and does not conceal it. Threads: one.

    It may begin before all packets are listed.
    """

    def __init__(
        self, stream: CountedStream, packets: PacketTable, on_first: TakeFirst = ignore_first
    ) -> None:
        """Open the file.

        Args:
            stream: The stream.
            packets: Those listed so far.
            on_first: Receives a copy of the first frame, and the index of that one alone, unless damage comes
                first.

        Raises:
            OpenError: The file cannot be opened.
        """
        self._decoder = StreamDecoder(
            stream.source, stream.stream_index, single_thread=True, is_strict=True, tells_hidden=True
        )
        self._packets = self._decoder.packets()
        self._on_first = on_first
        self.codec = self._decoder.context.name
        self.watch = DamageWatch(self._decoder)
        self.count = _Count(packets, stream, self.codec, self.watch.damage)

    def begin(self, cancel: CancelToken) -> FrameIndex | None:
        """Decode the first frames.

        Returns:
            The frames available as soon as there is one; None if there is none, or damage comes first.

        Raises:
            Cancelled: The work was cancelled.
        """
        for number, packet in _listed_packets(self._packets, self.count):
            cancel.raise_if_cancelled()
            self._feed(packet, number)
            if self.watch.damage or self.count.types:
                break
        return self.count.snapshot() if self.count.types and not self.watch.damage else None

    def finish(self, stream: CountedStream, packets: PacketTable, report: _Report) -> FrameIndex | None:
        """Continue to the end.

        Args:
            stream: The same stream, with what is known about it now.
            packets: All packets.
            report: Called after every packet.

        Returns:
            The complete index; None if anything is damaged.
        """
        count = self.count
        count.stream, count.packets = stream, packets
        for number, packet in _listed_packets(self._packets, count):
            self._feed(packet, number)
            report(count, number)
        rest = self.watch.drain()
        if self.watch.damage:
            return None
        self._add(rest, len(packets) - 1)
        return count.finish()

    def _feed(self, packet: VideoPacket, number: int) -> None:
        # No picture may be kept while the next one is decoded: what a damaged picture shows depends on which
        # buffers are free. The reader does the same.
        decoded = self.watch.feed(packet, number)
        if not self.watch.damage:
            self._add(decoded, number)

    def _add(self, decoded: list[DecodedPacket], last_fed: int) -> None:
        had_none = not self.count.types
        hidden = self._decoder.hidden
        self.count.add(decoded, last_fed, hidden)
        if had_none and self.count.types:
            first = next(one.frame for one in decoded if one.packet_number not in hidden)
            self._on_first(owned_copy(first), self.count.snapshot())

    def close(self) -> None:
        """Release the file."""
        self._decoder.close()


def count_frames(  # noqa: PLR0913 - every option is named at the call
    stream: CountedStream,
    packets: PacketTable,
    *,
    begun: StrictCount | None = None,
    on_first: TakeFirst = ignore_first,
    progress: ProgressCallback,
    cancel: CancelToken,
    on_partial: Callable[[FrameIndex], None] | None = None,
    give_way: Callable[[], None] = always_go_on,
) -> FrameIndex:
    """Decode everything sequentially, catching errors packet by packet, and number the output frames.

    It uses one thread: with several, the result for damaged data depends on timing. The first decode is
    strict, since a decoder that conceals damage does not always report it. A sound stream needs no second
    one; for a damaged stream the first decode finds the packets and a second one the frames.

    A count that has ``begun`` is continued and closed. ``give_way`` is called before every packet; it may
    block for a moment.

    Raises:
        Cancelled: The work was cancelled.
        OpenError: The file cannot be opened.
    """
    report = _Report(progress, cancel, on_partial, give_way)
    with begun or StrictCount(stream, packets, on_first) as strict:
        index = strict.finish(stream, packets, report)
    if index is not None:
        return index
    count = _Count(packets, stream, strict.codec, strict.watch.damage)
    _count_damaged(count, report)
    return count.finish()


def _listed_packets(packets: Iterator[VideoPacket], count: _Count) -> Iterator[tuple[int, VideoPacket]]:
    """The packets listed in the table and not fed yet, with their numbers."""
    listed, first = len(count.packets), count.packets_fed
    for number, packet in enumerate(islice(packets, max(listed - first, 0)), first):
        count.packets_fed = number + 1
        if number == listed - 1 and packet.size > count.packets.sizes[number]:
            # The file is still being written: the last listed packet was incomplete.
            count.packets = count.packets.first(number)
            return
        yield number, packet


def _count_damaged(count: _Count, report: _Report) -> None:
    """Count what a concealing decoder outputs, and add the damage that it reports."""
    stream, damage = count.stream, count.damage
    number = -1
    with StreamDecoder(
        stream.source, stream.stream_index, single_thread=True, renews=True, tells_hidden=True
    ) as decoder:
        for number, packet in _listed_packets(decoder.packets(), count):
            try:
                decoded = decoder.feed(packet, number)
            except av.error.FFmpegError as error:
                count.lose(error.strerror or str(error))
                damage.packets.add(number)
                decoded = []
            damage.packets.update(damaged_packets(decoded, number))
            count.add(decoded, number, decoder.hidden)
            del decoded
            report(count, number)
        decoded = decoder.drain()
        damage.packets.update(damaged_packets(decoded, number))
        count.add(decoded, number, decoder.hidden)


class _Report:
    """Reports progress of a decode at intervals, and stops it on request."""

    def __init__(
        self,
        progress: ProgressCallback,
        cancel: CancelToken,
        on_partial: Callable[[FrameIndex], None] | None,
        give_way: Callable[[], None],
    ) -> None:
        self._give_way = give_way
        self._progress = progress
        self._cancel = cancel
        self._on_partial = on_partial
        self._given = 0
        self._next = time.monotonic()

    def __call__(self, count: _Count, number: int) -> None:
        """Note that packet ``number`` was decoded.

        Raises:
            Cancelled: The work was cancelled.
        """
        self._give_way()
        self._cancel.raise_if_cancelled()
        # The caller is waiting for the first frame, so it is reported at once.
        if not count.types or time.monotonic() < self._next:
            return
        self._progress(Progress(number + 1, len(count.packets), tr("Counting frames by decoding")))
        # The second decode of a damaged stream first has to catch up with what the first one reported.
        if self._on_partial is not None and len(count.types) > self._given:
            self._given = len(count.types)
            self._on_partial(count.snapshot())
        self._next = time.monotonic() + max(_REPORT_S, len(count.types) / 100_000)


def entry_table(packets: PacketTable, packet_numbers: NDArray[np.int32]) -> EntryTable:
    """The entry points, given the packet that each frame came from."""
    keys = np.flatnonzero(packets.is_keyframe).astype(np.int32)
    # The first frame from the keyframe's packet or a later one. But leading pictures come from later packets
    # and are shown earlier, so if the keyframe itself is shown its own number is used.
    order = np.argsort(packet_numbers, kind="stable")
    place = np.searchsorted(packet_numbers[order], keys)
    shown = place < len(order)
    first = np.full(len(keys), len(packet_numbers), np.int32)
    first[shown] = order[place[shown]]
    _pass_leading_pictures(first, keys, packets.pts, packet_numbers)
    return EntryTable(
        packet_numbers=keys,
        first_numbers=first,
        pts=packets.pts[keys],
        dts=packets.dts[keys],
        positions=packets.positions[keys],
    )


def _pass_leading_pictures(
    first: NDArray[np.int32],
    keys: NDArray[np.int32],
    pts: NDArray[np.int64],
    packet_numbers: NDArray[np.int32],
) -> None:
    """Correct the first number of keyframes that are not shown, as where an edit list ends before one.

    The next packets may hold its leading pictures, which are shown: the first number is behind its own time.
    """
    times = pts[packet_numbers]
    hidden = np.flatnonzero(~np.isin(keys, packet_numbers) & (pts[keys] != NO_PTS))
    if not len(hidden) or (times == NO_PTS).any() or (np.diff(times) <= 0).any():
        return
    numbers = np.searchsorted(times, pts[keys[hidden]], side="right")
    is_last = numbers == len(times)
    follows = packet_numbers[np.minimum(numbers, len(times) - 1)] > keys[hidden] if len(times) else is_last
    right = is_last | follows
    first[hidden[right]] = numbers[right]


def _damage_notes(lost: list[tuple[int, str]]) -> tuple[DamageNote, ...]:
    notes: list[DamageNote] = []
    for before, reason in lost:
        if notes and notes[-1].before_frame_number == before and notes[-1].reason == reason:
            notes[-1] = DamageNote(before, notes[-1].packet_count + 1, reason)
        else:
            notes.append(DamageNote(before, 1, reason))
    return tuple(notes)
