"""The ring buffer: all packets of a live source are listed, the newest ones are also held."""

from __future__ import annotations

import math
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from framescope.core.errors import SettingsError
from framescope.core.live.columns import Column, EntryColumns, FrameColumns, PacketColumns
from framescope.core.live.interruptions import Interruptions
from framescope.core.live.order import ContinuousClock, Numbering
from framescope.core.machine_memory import memory_bytes
from framescope.core.media.index import NO_PTS, EntryTable, FrameIndex, IndexBasis
from framescope.core.text import counted, size_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    from fractions import Fraction

    from framescope.core.errors import FrameScopeError
    from framescope.core.live.interruptions import Gap
    from framescope.core.model.stream_facts import VideoInfo

DEFAULT_SECONDS, DEFAULT_BYTES = 120.0, 512_000_000
_MOST_NOTES = 20


@dataclass(frozen=True)
class Limits:
    """How much of a live source is held.

    Attributes:
        seconds: At least this much, in whole GOPs, unless it has too many bytes.
        size_bytes: At most this many bytes of packets.
    """

    seconds: float = DEFAULT_SECONDS
    size_bytes: int = DEFAULT_BYTES

    @classmethod
    def of_time(cls, seconds: float) -> Limits:
        """As much as it takes, up to half of the memory."""
        return cls(seconds, memory_bytes() // 2)

    @classmethod
    def of_size(cls, size_bytes: int) -> Limits:
        """However long it lasts.

        Raises:
            SettingsError: It is more than half of the memory.
        """
        most = memory_bytes() // 2
        if size_bytes > most:
            raise SettingsError(
                tr("A buffer of {size} does not fit in memory.", size=size_words(size_bytes)),
                hint=tr("{most} at most: half of the memory.", most=size_words(most)),
            )
        return cls(math.inf, size_bytes)


@dataclass(frozen=True, eq=False)
class Segment:
    """What one connection to the source delivers.

    Attributes:
        info: What it declares.
        head: A NUT file of its header and first packet, from which decoders and files are set up.
        time_base: That of its packets.
        parameters: What has to be the same for packets of two segments to go into one file.
    """

    info: VideoInfo
    head: bytes
    time_base: Fraction
    parameters: tuple[object, ...]


class LivePacket(NamedTuple):
    """A packet as it arrived.

    Attributes:
        data: Its bytes.
        pts: In the segment's time base; None if it has none.
        dts: Likewise.
        duration: Likewise; 0 if unknown.
        is_keyframe: Whether a decoder can start here.
        is_shown: Whether it yields a frame.
        is_damaged: Whether it, or what it refers to, is damaged or missing.
        picture_type_code: A value of ``PictureType``.
        arrived_s: When it arrived, by ``time.monotonic``.
        damaged_before: How many packets directly before it refer to what is missing, as only shows now.
        waited_s: For how long nothing had arrived before it, not even sound.
    """

    data: bytes
    pts: int | None
    dts: int | None
    duration: int
    is_keyframe: bool
    is_shown: bool
    is_damaged: bool
    picture_type_code: int
    arrived_s: float
    damaged_before: int = 0
    waited_s: float = 0.0


class HeldSound(NamedTuple):
    """A packet of sound in the ring, on the clock of the recording.

    Attributes:
        data: Its bytes.
        pts: In the recording's time base.
        duration: Likewise; 0 if unknown.
        head: A NUT file of the stream's header, as that of a segment.
    """

    data: bytes
    pts: int
    duration: int
    head: bytes


class HeldPacket(NamedTuple):
    """A packet in the ring, on the clock of the recording.

    Attributes:
        number: Its number, in decode order.
        data: Its bytes.
        pts: In the recording's time base; None if it has none.
        dts: Likewise.
        duration: Likewise.
        is_keyframe: Whether a decoder can start here.
        segment: Number of its segment.
    """

    number: int
    data: bytes
    pts: int | None
    dts: int | None
    duration: int
    is_keyframe: bool
    segment: int


class PacketFacts(NamedTuple):
    """A listed packet, on the clock of the recording.

    Attributes:
        pts: In the recording's time base; None if it has none.
        time_s: Seconds since the first frame; NaN if it has no pts.
        is_keyframe: Whether a decoder can start here.
        is_damaged: Whether it, or what it refers to, is damaged or missing.
    """

    pts: int | None
    time_s: float
    is_keyframe: bool
    is_damaged: bool


@dataclass(frozen=True)
class RingState:
    """What has arrived so far.

    Attributes:
        frames: Frames numbered.
        first_frame: The lowest number whose packets are still held; ``frames`` if there is none.
        packets: Packets received since the first keyframe.
        total_bytes: Their size.
        held_bytes: The size of those still held, and of the sound beside them.
        held_s: The time they span, in seconds.
        damaged_frames: Frames that are damaged or depend on damage.
        skipped_packets: Packets that no decoder could start with, and that are not listed.
        gaps: Losses of the connection, and skips of the time stamps.
        pauses: How often nothing arrived for an unusually long time, without the connection being lost.
        longest_pause_s: The longest of these times.
        has_ended: Whether nothing more will arrive.
    """

    frames: int
    first_frame: int
    packets: int
    total_bytes: int
    held_bytes: int
    held_s: float
    damaged_frames: int
    skipped_packets: int
    gaps: tuple[Gap, ...]
    pauses: int
    longest_pause_s: float
    has_ended: bool


@dataclass
class _HeldGop:
    """A keyframe packet and those up to the next one, with the sound that arrives meanwhile."""

    first_packet: int
    arrived_s: float
    size_bytes: int = 0
    sound: list[HeldSound] = field(default_factory=list)


@dataclass(frozen=True, eq=False, kw_only=True)
class LiveIndex(FrameIndex):
    """The frames of a live source that were numbered so far.

    Attributes:
        ring: Where their packets are, as long as they are held.
    """

    ring: PacketRing

    @property
    def is_live(self) -> bool:
        """It is."""
        return True

    @property
    def first_held(self) -> int:
        """The lowest frame number whose packets are still in the ring, now."""
        return self.ring.state().first_frame

    def extends(self, other: FrameIndex) -> bool:
        """Whether it lists the frames of ``other`` and perhaps more; numbers of a ring never change."""
        return isinstance(other, LiveIndex) and self.ring is other.ring and len(self) >= len(other)

    def time_of(self, frame_number: int) -> float:
        """Seconds since the first frame; NaN where the frame has no pts."""
        # One new index a frame: the times of all the others would be computed each time.
        pts, first = int(self.pts[frame_number]), int(self.pts[0])
        return float("nan") if NO_PTS in (pts, first) else (pts - first) * float(self.time_base)


class PacketRing:
    """Packets as they arrive. Threads: one adds, any read."""

    def __init__(self, time_base: Fraction, limits: Limits) -> None:
        """Empty; nothing can be added before `begin_segment`.

        Args:
            time_base: Of all times, whatever later connections use.
            limits: How much is held.
        """
        self.time_base = time_base
        self.limits = limits
        self.segments: list[Segment] = []
        self._changed = threading.Condition()
        self._numbering = Numbering()
        self._clock = ContinuousClock(time_base)
        self._packets, self._frames, self._entries = PacketColumns(), FrameColumns(), EntryColumns()
        self._damaged = Column(np.int32)
        self._bytes: dict[int, bytes] = {}
        self._gops: deque[_HeldGop] = deque()
        self._held_bytes = self._total_bytes = self._skipped = 0
        self._interruptions = Interruptions()
        self._notes: tuple[str, ...] = ()
        self._awaits_key = True
        self._first_pts: int | None = None
        """While the first GOP of a segment arrives: what is shown before this refers to lost packets."""
        self._is_overfull = False
        self.has_ended = False
        self.error: FrameScopeError | None = None

    # --- adding

    def begin_segment(self, segment: Segment) -> None:
        """Take the packets of another connection from now on."""
        with self._changed:
            self._finish(self._numbering.flush())
            self.segments.append(segment)
            self._awaits_key = True
            if len(self.segments) > 1:
                self._clock.reconnect()

    def lose(self, reason: str, since_s: float) -> None:
        """Note that the connection was lost; the gap ends with the next packet that is listed."""
        with self._changed:
            self._interruptions.lose(reason, since_s)
            self._finish(self._numbering.flush())

    def doubt_last(self) -> None:
        """Mark the packet listed last as damaged: its end may be missing."""
        with self._changed:
            self._mark_damaged(1)

    def note(self, words: str) -> None:
        """Add a sentence for display about how the source is received."""
        with self._changed:
            self._notes = (*(one for one in self._notes if one != words), words)[-_MOST_NOTES:]

    def end(self, error: FrameScopeError | None = None) -> None:
        """Nothing more will arrive. Threads: any."""
        with self._changed:
            if not self.has_ended:
                self._finish(self._numbering.flush())
                self.error, self.has_ended = error, True
                self._changed.notify_all()

    def add(self, packet: LivePacket) -> None:
        """Take the next packet in decode order."""
        with self._changed:
            if self.has_ended or not self._is_decodable(packet):
                self._skipped += not self.has_ended
                return
            self._mark_damaged(packet.damaged_before)
            number = self._list(packet)
            self._hold(number, packet)
            self._drop_old(packet.arrived_s)
            self._changed.notify_all()

    def add_sound(self, data: bytes, pts: int, duration: int, *, time_base: Fraction, head: bytes) -> None:
        """Hold a packet of sound beside the pictures that arrive now, and as long as they are held.

        Args:
            data: Its bytes.
            pts: In its own time base.
            duration: Likewise; 0 if unknown.
            time_base: Seconds per unit of its times.
            head: A NUT file of the stream's header.
        """
        with self._changed:
            if self.has_ended or not self._gops or self._awaits_key:
                return
            length = round(duration * time_base / self.time_base)
            self._gops[-1].sound.append(HeldSound(data, self._clock.beside(pts, time_base), length, head))
            self._gops[-1].size_bytes += len(data)
            self._held_bytes += len(data)

    def _is_decodable(self, packet: LivePacket) -> bool:
        """Whether a decoder that starts with this segment shows the packet's frame correctly."""
        if packet.is_keyframe:
            self._first_pts = packet.pts if self._awaits_key else None
            self._awaits_key = False
            return True
        if self._awaits_key:
            return False
        return self._first_pts is None or packet.pts is None or packet.pts >= self._first_pts

    def _note_gap(self, packet: LivePacket, time: int | None) -> None:
        # All that is shown before it has its number now.
        self._finish(self._numbering.pass_time(time))
        time_s = None if time is None else float(time * self.time_base)
        number = len(self._frames.packets)
        gap = self._interruptions.pass_packet(number, time_s, packet.arrived_s, packet.waited_s)
        if gap is not None:
            self.note(gap.words)

    def _list(self, packet: LivePacket) -> int:
        segment = self.segments[-1]
        pts, dts, breaks = self._clock.place(packet.pts, packet.dts, segment.time_base, packet.arrived_s)
        if breaks:
            self._finish(self._numbering.flush())
            self._interruptions.restart_clock()
        self._note_gap(packet, dts)
        columns, number = self._packets, len(self._packets.pts)
        columns.pts.append(NO_PTS if pts is None else pts)
        columns.dts.append(NO_PTS if dts is None else dts)
        columns.durations.append(round(packet.duration * segment.time_base / self.time_base))
        columns.sizes.append(len(packet.data))
        columns.segments.append(len(self.segments) - 1)
        columns.is_keyframe.append(packet.is_keyframe)
        columns.is_damaged.append(packet.is_damaged)
        columns.codes.append(packet.picture_type_code)
        columns.arrived_s.append(packet.arrived_s)
        columns.frames.append(-1)
        if packet.is_shown:
            self._finish(self._numbering.add(number, pts, dts))
        else:
            self._finish(self._numbering.pass_time(dts))
        return number

    def _mark_damaged(self, count: int) -> None:
        """Mark the packets listed last."""
        listed, found = len(self._packets.pts), list[int]()
        for packet in range(max(0, listed - count), listed):
            if not self._packets.is_damaged[packet]:
                self._packets.is_damaged[packet] = True
                if self._packets.frames[packet] >= 0:
                    found.append(self._packets.frames[packet])
        if found:
            # A new one, since indexes hold views of the earlier one.
            self._damaged = self._damaged.with_more(found)

    def _finish(self, packet_numbers: list[int]) -> None:
        """Give the next frame numbers to these packets."""
        packets, frames, entries = self._packets, self._frames, self._entries
        for packet in packet_numbers:
            number = len(frames.packets)
            is_keyframe = bool(packets.is_keyframe[packet])
            packets.frames[packet] = number
            frames.packets.append(packet)
            frames.pts.append(packets.pts[packet])
            frames.dts.append(packets.dts[packet])
            frames.is_keyframe.append(is_keyframe)
            frames.codes.append(packets.codes[packet])
            if packets.is_damaged[packet]:
                self._damaged.append(number)
            if is_keyframe and (not len(entries.packets) or entries.packets[-1] < packet):
                entries.packets.append(packet)
                entries.first_numbers.append(number)
        if packet_numbers:
            self._changed.notify_all()

    def _hold(self, number: int, packet: LivePacket) -> None:
        if packet.is_keyframe:
            self._is_overfull = False
            self._gops.append(_HeldGop(number, packet.arrived_s))
        self._total_bytes += len(packet.data)
        if self._is_overfull:
            return
        self._bytes[number] = packet.data
        self._gops[-1].size_bytes += len(packet.data)
        self._held_bytes += len(packet.data)

    def _drop_old(self, now_s: float) -> None:
        while self._gops and (self._held_bytes > self.limits.size_bytes or self._is_next_enough(now_s)):
            oldest = self._gops.popleft()
            stop = self._gops[0].first_packet if self._gops else len(self._packets.pts)
            for number in range(oldest.first_packet, stop):
                self._bytes.pop(number, None)
            self._held_bytes -= oldest.size_bytes
            # Without its keyframe, nothing of a GOP that is too large can be decoded.
            self._is_overfull = not self._gops

    def _is_next_enough(self, now_s: float) -> bool:
        """Whether the GOPs after the oldest one last long enough."""
        return len(self._gops) > 1 and now_s - self._gops[1].arrived_s >= self.limits.seconds

    # --- reading

    @property
    def frame_count(self) -> int:
        """Frames numbered so far."""
        return len(self._frames.packets)

    def index(self) -> LiveIndex:
        """The frames numbered so far, as views of what grows."""
        with self._changed:
            packets, frames, entries = self._packets, self._frames, self._entries
            keys = entries.packets.view()
            return LiveIndex(
                basis=IndexBasis.PACKETS,
                complete=self.has_ended,
                time_base=self.time_base,
                pts=frames.pts.view(),
                dts=frames.dts.view(),
                packet_numbers=frames.packets.view(),
                is_keyframe=frames.is_keyframe.view(),
                picture_type_codes=frames.codes.view(),
                packet_sizes=packets.sizes.view(),
                entries=EntryTable(
                    packet_numbers=keys,
                    first_numbers=entries.first_numbers.view(),
                    pts=packets.pts.view()[keys],
                    dts=packets.dts.view()[keys],
                    positions=np.full(len(keys), -1, np.int64),
                ),
                notes=self._notes,
                damaged_frames=self._damaged.view(),
                ring=self,
            )

    def state(self) -> RingState:
        """Counts of what has arrived."""
        with self._changed:
            newest_s = float(self._packets.arrived_s.view()[-1]) if len(self._packets.pts) else 0.0
            return RingState(
                frames=self.frame_count,
                first_frame=self._first_frame(),
                packets=len(self._packets.pts),
                total_bytes=self._total_bytes,
                held_bytes=self._held_bytes,
                held_s=newest_s - self._gops[0].arrived_s if self._gops else 0.0,
                damaged_frames=len(self._damaged),
                skipped_packets=self._skipped,
                gaps=tuple(self._interruptions.gaps),
                pauses=self._interruptions.pauses,
                longest_pause_s=self._interruptions.longest_pause_s,
                has_ended=self.has_ended,
            )

    def _first_frame(self) -> int:
        if not self._gops:
            return self.frame_count
        place = int(np.searchsorted(self._entries.packets.view(), self._gops[0].first_packet))
        numbers = self._entries.first_numbers.view()
        return int(numbers[place]) if place < len(numbers) else self.frame_count

    def data_of(self, packet_number: int) -> bytes | None:
        """A packet's bytes; None if it has left the ring or has not arrived yet."""
        return self._bytes.get(packet_number)

    def number_of(self, packet_number: int) -> int | None:
        """The frame number of a listed packet; None if it has none (yet)."""
        with self._changed:
            number = self._packets.frames[packet_number]
        return None if number < 0 else number

    def facts_of(self, packet_number: int) -> PacketFacts:
        """What is known of a listed packet besides its bytes."""
        with self._changed:
            columns, first = self._packets, self._frames.pts[0]
            pts = columns.pts[packet_number]
            return PacketFacts(
                pts=None if pts == NO_PTS else pts,
                time_s=math.nan if NO_PTS in (pts, first) else (pts - first) * float(self.time_base),
                is_keyframe=bool(columns.is_keyframe[packet_number]),
                is_damaged=bool(columns.is_damaged[packet_number]),
            )

    def segment_of(self, packet_number: int) -> int:
        """The number of a listed packet's segment."""
        with self._changed:
            return self._packets.segments[packet_number]

    def arrived_s(self, packet_number: int) -> float:
        """When a listed packet arrived, by ``time.monotonic``."""
        with self._changed:
            return float(self._packets.arrived_s.view()[packet_number])

    def await_packet(self, packet_number: int, longest_s: float) -> bool:
        """Wait until a packet is listed; returns whether it is."""
        with self._changed:
            self._changed.wait_for(
                lambda: self.has_ended or len(self._packets.pts) > packet_number, longest_s
            )
            return len(self._packets.pts) > packet_number

    def await_frames(self, count: int, longest_s: float) -> bool:
        """Wait until so many frames are numbered, or nothing more arrives; returns whether they are."""
        with self._changed:
            self._changed.wait_for(lambda: self.has_ended or self.frame_count >= count, longest_s)
            return self.frame_count >= count

    def held_packets(self) -> list[HeldPacket]:
        """All packets in the ring, in decode order."""
        with self._changed:
            held, columns = list(self._bytes.items()), self._packets
            pts, dts, durations = columns.pts.view(), columns.dts.view(), columns.durations.view()
            keys, segments = columns.is_keyframe.view(), columns.segments.view()
        return [
            HeldPacket(
                number,
                data,
                _known(pts[number]),
                _known(dts[number]),
                int(durations[number]),
                bool(keys[number]),
                int(segments[number]),
            )
            for number, data in held
        ]

    def held_sound(self) -> list[HeldSound]:
        """All packets of sound in the ring, as they arrived."""
        with self._changed:
            return [one for gop in self._gops for one in gop.sound]

    def held_words(self) -> str:
        """Which frames are held, for messages."""
        state = self.state()
        if state.first_frame >= state.frames:
            return tr("It holds no frame.")
        return tr(
            "It holds {frames}, from {first} to {last}.",
            frames=counted(state.frames - state.first_frame, "frame", "frames"),
            first=state.first_frame,
            last=state.frames - 1,
        )


def _known(time: np.int64) -> int | None:
    return None if time == NO_PTS else int(time)
