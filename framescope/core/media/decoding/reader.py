"""Executes a seek plan exactly: it returns the requested frame or an error.

Every packet is recognised and counted, every frame is traced to its packet, and if the index has digests
every picture is compared. A frame that fails any of these checks is discarded and decoded from further back.
Without digests, the decoder reports damage instead of concealing it, and frames affected by damage are read
again in a way that always gives the same pictures: concealed, by one thread, from the last sound entry on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import av

from framescope.core.errors import CorruptFrameError, FrameUnavailableError
from framescope.core.media.damage.frame_gaps import gap_finder_for
from framescope.core.media.damage.search import DamageSearch, reports_in_the_middle
from framescope.core.media.decode_count import digest_frame, picture_type_of
from framescope.core.media.decoding.block_export import read_blocks
from framescope.core.media.decoding.decoder import SHORT_CUT_CODECS, StreamDecoder
from framescope.core.media.decoding.first_frame import frame_of
from framescope.core.media.decoding.frame_reader import Tally
from framescope.core.media.decoding.landing import PacketRecogniser, land
from framescope.core.media.decoding.seek_plan import (
    BEGINNING,
    DecoderPosition,
    choose_entry,
    plan_seek,
)
from framescope.core.media.file_state import check_unchanged
from framescope.core.media.packet_inspect import inspector_for
from framescope.core.media.picture.picture import AvPicture, DisplayRule
from framescope.core.media.picture.planes import owned_copy
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from framescope.core.media.damage.frame_gaps import GapFinder
    from framescope.core.media.decoding.decoder import DecodedPacket, VideoPacket
    from framescope.core.media.decoding.seek_plan import Outlook, SeekPlan
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.packet_inspect import Inspector
    from framescope.core.model.frame import Frame
    from framescope.core.model.stream_facts import VideoInfo

_TRIES_BEFORE_BEGINNING = 3
"""Entries tried for one frame before the stream is read from its start."""

_UNRELIABLE_ENTRIES = 3
"""This many entries that give wrong pictures mean that the stream's keyframe flags are worthless."""


_SPARE_BYTES = 64 << 20
"""Unused memory above which an idle or seeking decoder is closed: FFmpeg's buffer pools keep as many buffers
as were ever in use at once, and release none before the decoder is closed."""


_MOST_DELAY = 64
"""Maximum number of packets a decoder takes before it outputs the first picture."""


_MOST_FALSE_ALARMS = 2
"""Searches without a finding after which strict decoding is given up."""


class Loans:
    """Counts the pictures of one decoder in use: their buffers return to its pool when freed.

    Attributes:
        picture_bytes: Memory used by one picture.
    """

    def __init__(self) -> None:
        self.picture_bytes = 0
        self._lent: set[int] = set()
        self._most = 0

    def lend(self) -> _Loan:
        """Count one more picture in use, until the returned object is freed."""
        loan = _Loan(self._lent)
        self._most = max(self._most, len(self._lent))
        return loan

    @property
    def lent_bytes(self) -> int:
        """Bytes of buffers in use."""
        return len(self._lent) * self.picture_bytes

    @property
    def spare_bytes(self) -> int:
        """Bytes of buffers that are no longer in use."""
        return self._most * self.picture_bytes - self.lent_bytes


class _Loan:
    __slots__ = ("_lent",)

    def __init__(self, lent: set[int]) -> None:
        self._lent = lent
        lent.add(id(self))

    def __del__(self) -> None:
        self._lent.discard(id(self))


class _MissError(Exception):
    """The run did not yield the expected frames: a packet or a frame was a different one."""


class _DamageError(Exception):
    """The strict decoder met damage, or a packet is missing."""


class ExactReader:
    """Reads frames of one stream by number. Threads: one, from the first read to closing."""

    def __init__(  # noqa: PLR0913 - every option is named at the call
        self,
        info: VideoInfo,
        index: FrameIndex,
        on_frame: Callable[[Frame], None] = lambda _frame: None,
        *,
        one_thread: bool = False,
        exports_blocks: bool = False,
        make_decoder: Callable[..., StreamDecoder] = StreamDecoder,
    ) -> None:
        """Prepare to read; the file is opened by the first read.

        Args:
            info: The stream's declared facts.
            index: The frame index; see `adopt_index`.
            on_frame: Called with every decoded frame, including the requested one.
            one_thread: Whether to decode with one thread, since other readers use the other cores.
            exports_blocks: Whether frames come with their motion vectors and quantisers.
            make_decoder: Opens the file; any other than the default gives pictures that are not its own.
        """
        # With several, FFmpeg exports blocks of pictures that another thread has not finished decoding.
        self._one_thread = one_thread or exports_blocks
        self._exports_blocks = exports_blocks
        self._make_decoder = make_decoder
        self._info = info
        self._rule = DisplayRule.of(info)
        self._on_frame = on_frame
        self._decoder: StreamDecoder | None = None
        self._inspect: Inspector | None = None
        self._gaps: GapFinder | None = None
        self._loans = Loans()
        self._run = range(0)
        self.tally = Tally()
        self.index = index
        self._single_thread = index.single_thread
        self._start_over(index)

    def adopt_index(self, index: FrameIndex) -> None:
        """Use another index of the same stream from now on."""
        if index.extends(self.index):
            # The decoder may keep its position: no number changes.
            self._single_thread |= index.single_thread
            self.index = index.with_damage(self.index.damaged_frames)
            # The last run of a partial index was incomplete.
            self._search = DamageSearch(self._info)
            self._recogniser = PacketRecogniser(index)
        else:
            self._single_thread = index.single_thread
            self._start_over(index)

    def _start_over(self, index: FrameIndex) -> None:
        self.index = index
        self._recogniser = PacketRecogniser(index)
        self._distrusted: set[int] = set()
        self._from_beginning_only = False
        self._search = DamageSearch(self._info)
        self._false_alarms = 0
        self._conceals = index.digests is not None
        self._errors: dict[int, str] = {}
        self.close()

    @property
    def has_much_to_give_back(self) -> bool:
        """Whether the decoder holds much more memory than the pictures in use need. Threads: any."""
        loans = self._loans
        # Buffers in use return to the old pool, which is freed with the last of them.
        return self._decoder is not None and loans.spare_bytes > max(_SPARE_BYTES, loans.lent_bytes)

    def close(self) -> None:
        """Release the file; the next read opens it again."""
        if self._decoder is not None:
            self._decoder.close()
        self._decoder = None
        self.forget_position()

    def forget_position(self) -> None:
        """Start the next read with a seek, as after a run that was interrupted."""
        self._packets: Iterator[VideoPacket] | None = None
        self._next_packet: int | None = None
        self._run_entry = BEGINNING
        self._first_number = 0
        self._pending: set[int] = set()
        self._held: list[Frame] = []
        self._shared_seen: dict[int, int] = {}

    @property
    def position(self) -> DecoderPosition:
        """The decoder's position. A read interrupted by ``on_frame`` leaves it unchanged."""
        held = {int(self.index.packet_numbers[frame.frame_number]) for frame in self._held}
        return DecoderPosition(self._next_packet, self._first_number, self._pending | held, self._run)

    def read(self, frame_number: int, *, keeps_all: bool = False, outlook: Outlook | None = None) -> Frame:
        """Decode one frame.

        Args:
            frame_number: 0-based number within the index.
            keeps_all: Whether the frames on the way are wanted too and the decoder should continue from here.
            outlook: What is wanted next, if this frame is one of many; None if unknown.

        Raises:
            FrameUnavailableError: The frame cannot be decoded.
            OpenError: The file is gone, or has been changed.
        """
        while True:
            try:
                return self._read(frame_number, keeps_all=keeps_all, outlook=outlook)
            except _DamageError:
                self._search_damage(frame_number)

    def _search_damage(self, frame_number: int) -> None:
        """Find the damage that the strict decoder hit; with several threads it may be further back."""
        index, target = self.index, int(self.index.packet_numbers[frame_number])
        first = index.entries.at_or_before(min(self._pending, default=target))
        last = index.entries.at_or_before(max(self._next_packet or 0, target))
        first = min(first, choose_entry(index, frame_number))
        self.index = index.with_damage(self._search.search(index, first, last))
        if self._search.is_sound(first, last):
            self._false_alarms += 1
        self.close()

    def _prepare(self, frame_number: int) -> set[int]:
        """Open a suitable decoder for a frame; returns the entries that must not be used."""
        entry = choose_entry(self.index, frame_number)
        start = self._search.starts.get(entry)
        conceals = start is not None or self.index.digests is not None
        if conceals != self._conceals:
            self._conceals = conceals
            self.close()
        if start is None:
            return set()
        if self._run_entry != start:
            self.forget_position()
        return set(range(start + 1, entry + 1))

    @property
    def _is_misled(self) -> bool:
        """Whether a strict decoder rejects a sound stream; then a concealing decoder's marks are used."""
        # With several threads it sets some marks too late, so it is only the second choice.
        return self._false_alarms > _MOST_FALSE_ALARMS and not reports_in_the_middle(self._info.codec)

    @property
    def _is_searched(self) -> bool:
        """Whether the decoder is the concealing one for runs that were searched for damage."""
        return self._conceals and self.index.digests is None

    @property
    def _has_one_thread(self) -> bool:
        """Whether exactness requires a single thread, so that concealment is repeatable."""
        return self._single_thread or self._is_searched

    def _read(self, frame_number: int, *, keeps_all: bool, outlook: Outlook | None) -> Frame:
        tried = self._prepare(frame_number)
        fewest = len(tried)
        waiting = self._take((), frame_number)
        if waiting is not None:
            return waiting
        while True:
            distrusted = self._distrusted | tried
            if self._from_beginning_only or len(tried) >= fewest + _TRIES_BEFORE_BEGINNING:
                distrusted = set(range(len(self.index.entries)))
            # A second attempt skips nothing: concealment depends on everything that was fed.
            plain = keeps_all or bool(tried) or not self._allows_short_cuts
            plan = plan_seek(
                self.index,
                frame_number,
                self.position,
                keeps_all=plain,
                distrusted=distrusted,
                outlook=outlook,
            )
            try:
                frame = self._execute(plan, frame_number)
            except _MissError:
                if self._run_entry != BEGINNING:
                    self._distrust(self._run_entry)
                self.forget_position()
                frame = None
            if frame is not None:
                check_unchanged(self._info, is_open=True)
                return frame
            if self._is_lost(frame_number) or (plan.entry == BEGINNING and not plan.continues):
                if self._single_thread or self.index.digests is None:
                    raise self._unavailable(frame_number)
                # The stream has unreported damage: several threads conceal it differently from one.
                self._single_thread = True
                self._start_over(self.index)
                tried.clear()
                continue
            self.forget_position()
            if plan.entry != BEGINNING and not plan.continues:
                tried.add(plan.entry)

    @property
    def _allows_short_cuts(self) -> bool:
        """Whether packets may be skipped and the decoder drained early without changing any picture."""
        # FFmpeg's MPEG decoders export no blocks of a picture that is drained.
        is_plain = self._has_one_thread or self._exports_blocks
        return not is_plain and self._info.codec in SHORT_CUT_CODECS

    def _is_lost(self, frame_number: int) -> bool:
        """Whether even the concealing decoder rejected the frame's packet."""
        return self._is_searched and int(self.index.packet_numbers[frame_number]) in self._errors

    def _distrust(self, entry: int) -> None:
        self._distrusted.add(entry)
        if len(self._distrusted) >= _UNRELIABLE_ENTRIES:
            self._from_beginning_only = True

    def _unavailable(self, frame_number: int) -> FrameUnavailableError:
        packet = int(self.index.packet_numbers[frame_number])
        pts = self.index.pts_of(frame_number)
        if packet in self._errors:
            return CorruptFrameError(
                frame_number,
                pts,
                tr("its packet is damaged ({errors}).", errors=self._errors[packet]),
                hint=tr("The frames around it can still be shown."),
            )
        return FrameUnavailableError(
            frame_number,
            pts,
            tr("the decoder returns no picture for it."),
            hint=tr("Count the frames by decoding: this one may exist only in the file's tables."),
        )

    def _open(self) -> StreamDecoder:
        if self._decoder is None:
            self._decoder = self._make_decoder(
                self._info.source,
                self._info.stream_index,
                single_thread=self._has_one_thread or self._one_thread,
                is_strict=not self._conceals and not self._is_misled,
                exports_blocks=self._exports_blocks,
                renews=self._has_one_thread,
                tells_hidden=True,
            )
            check_unchanged(self._info, is_open=False)
            self._loans = Loans()
            context = self._decoder.context
            self._inspect = inspector_for(context.name, context.extradata)
        return self._decoder

    def _execute(self, plan: SeekPlan, frame_number: int) -> Frame | None:
        if not plan.continues and not self._start(plan):
            return None
        decoder = self._open()
        found: Frame | None = None
        is_fed = plan.drains and (self._next_packet or 0) > plan.end_packet
        for packet in () if is_fed else self._packets or ():
            number = self._count(packet)
            found = self._take(self._feed(decoder, packet, number, plan), frame_number) or found
            if (found is not None and number >= plan.last_packet) or (
                plan.drains and number >= plan.end_packet
            ):
                break
        else:
            if not is_fed:
                # End of file: the remaining frames come out only by draining.
                return self._drain(decoder, frame_number) or found
        if plan.drains and found is None:
            found = self._drain(decoder, frame_number)
        return found

    def _start(self, plan: SeekPlan) -> bool:
        """Seek to the plan's first packet and flush the decoder."""
        self.forget_position()
        self._run = range(plan.start_packet, plan.start_packet)
        is_started = self._go_to(plan)
        context = self._open().context
        self._gaps = None if self._conceals else gap_finder_for(context.name, context.extradata)
        return is_started

    def _go_to(self, plan: SeekPlan) -> bool:
        if plan.entry == BEGINNING:
            # Reopened: no container guarantees that a seek to the start returns the first packet.
            self.close()
            self._packets = self._open().packets()
            self._next_packet = 0
            return True
        # Also because the concealment of damage depends on which buffers the decoder used before.
        if self._is_searched or self.has_much_to_give_back:
            self.close()
        landed = land(self._open(), self.index, self._recogniser, plan.entry)
        if landed is None:
            return False
        following, first = landed
        self._packets = _chain(first, following)
        self._next_packet = plan.start_packet
        self._run_entry = plan.entry
        self._first_number = int(self.index.entries.first_numbers[plan.entry])
        return True

    def _count(self, packet: VideoPacket) -> int:
        """The number of the packet just read, verified by its size."""
        number = self._next_packet
        sizes = self.index.packet_sizes
        if number is None or (number < len(sizes) and sizes[number] != packet.size):
            raise _MissError
        self._next_packet = number + 1
        self._run = range(self._run.start, number + 1)
        return number

    def _feed(
        self, decoder: StreamDecoder, packet: VideoPacket, number: int, plan: SeekPlan
    ) -> list[DecodedPacket]:
        if self._gaps is not None and self._gaps.missing_before(memoryview(packet)) is not None:
            raise _DamageError
        # Neither referenced nor requested: about half the packets of a B-pyramid.
        is_skippable = number < plan.keep_from or not self._is_wanted(number, plan)
        inspect = self._inspect if is_skippable else None
        tally = self.tally
        if inspect is not None and not inspect(memoryview(packet)).is_reference:
            self.tally = tally._replace(left_out=tally.left_out + 1)
            return []
        skippable = tally.fed_of_skippable + is_skippable
        self.tally = tally._replace(fed=tally.fed + 1, fed_of_skippable=skippable)
        self._pending.add(number)
        try:
            return decoder.feed(packet, number)
        except av.error.FFmpegError as error:
            self._pending.discard(number)
            if not self._conceals:
                raise _DamageError from error
            self._errors[number] = error.strerror or str(error)
            return []

    def _is_wanted(self, packet: int, plan: SeekPlan) -> bool:
        """Whether a packet may hold one of the upcoming frames that are wanted."""
        numbers = self.index.numbers_of_packets
        if (plan.stride == 1 and plan.wanted is None) or packet >= len(numbers):
            return True
        while numbers[packet] < 0 and packet > 0:
            # A second field belongs to the first one's packet.
            packet -= 1
        number = int(numbers[packet])
        if packet == plan.target_packet or number < 0:
            return True
        on_stride = (number - int(numbers[plan.target_packet])) % plan.stride == 0
        return on_stride and (
            plan.wanted is None or (number < len(plan.wanted) and bool(plan.wanted[number]))
        )

    def _drain(self, decoder: StreamDecoder, frame_number: int) -> Frame | None:
        errors, left = decoder.drain_errors, decoder.drain()
        if not self._conceals and decoder.drain_errors > errors:
            raise _DamageError
        try:
            return self._take(left, frame_number, is_last=True)
        finally:
            self.forget_position()

    def _take(
        self, decoded: Iterable[DecodedPacket], frame_number: int, *, is_last: bool = False
    ) -> Frame | None:
        found: Frame | None = None
        for one in decoded:
            frame = self._identify(one)
            if frame is not None:
                self._held.append(frame)
        for frame in self._sound(is_last=is_last):
            self._held.remove(frame)
            self._on_frame(frame)
            if frame.frame_number == frame_number:
                found = frame
                if not is_last and not self._conceals:
                    # Frames after it are left for the next read.
                    break
        return found

    def _sound(self, *, is_last: bool) -> list[Frame]:
        """The decoded frames that are known to be sound, or whose damage is marked.

        A decoder marks a picture as damaged when it outputs it, and may output pictures predicted from it
        earlier. So a frame is held until all frames decoded before it have come out.
        """
        index, packets = self.index, self.index.packet_numbers
        if is_last or self._conceals:
            return self._held.copy()
        hidden = self._open().hidden
        awaited = (
            p for p in self._pending if p in hidden or index.numbers_of_packets[p] >= self._first_number
        )
        # Some never come out; no decoder holds back more frames than this.
        oldest = max(min(awaited, default=len(index.packet_sizes)), (self._next_packet or 0) - _MOST_DELAY)
        return [frame for frame in self._held if packets[frame.frame_number] < oldest]

    def _identify(self, decoded: DecodedPacket) -> Frame | None:
        """The number of a decoded frame; None if it is not shown or not correct in this run.

        Raises:
            _MissError: The frame is not the one that its packet should yield.
        """
        index, packet = self.index, decoded.packet_number
        if packet is None or packet >= len(index.packet_sizes):
            return None
        self._pending.discard(packet)
        number = int(index.numbers_of_packets[packet])
        if packet in index.shared_packets:
            turn = self._shared_seen.get(packet, 0)
            self._shared_seen[packet] = turn + 1
            number = index.shared_packets[packet][min(turn, len(index.shared_packets[packet]) - 1)]
        if packet in self._open().hidden:
            # Others are predicted from it.
            if not self._conceals and decoded.frame.is_corrupt:
                raise _DamageError
            return None
        if number < self._first_number:
            return None
        if not self._conceals and decoded.frame.is_corrupt:
            raise _DamageError
        if self._is_searched and choose_entry(index, number) not in self._search.starts:
            # This frame has not been checked for concealed damage yet.
            return None
        is_other = index.digests is not None and digest_frame(decoded.frame) != int(index.digests[number])
        if is_other and not (self._single_thread and self._run_entry == BEGINNING):
            raise _MissError
        # A damaged picture partly shows the buffer's previous content. A sequential decode reuses its
        # buffers; so must this one, whatever the cache holds on to.
        if self._has_one_thread:
            picture = AvPicture(owned_copy(decoded.frame), self._rule)
        else:
            picture = AvPicture(decoded.frame, self._rule, self._loans.lend())
            self._loans.picture_bytes = picture.size_bytes if self._make_decoder is StreamDecoder else 0
        return frame_of(
            index,
            number,
            picture_type_of(decoded.frame),
            picture,
            # One thread, from the beginning: that is the frame by definition. If it still differs from the
            # count, the damage makes the decoder show uninitialised memory.
            is_damaged=number in index.damaged_numbers or is_other,
            blocks=read_blocks(decoded.frame, self._info.codec) if self._exports_blocks else None,
        )


def _chain(first: VideoPacket, following: Iterator[VideoPacket]) -> Iterator[VideoPacket]:
    yield first
    yield from following
