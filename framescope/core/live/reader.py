"""Reads frames of a live source by number from the ring, with the same interface as any other reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import av
import av.error

from framescope.core.errors import CorruptFrameError, FrameUnavailableError
from framescope.core.live.head import decoder_of
from framescope.core.live.ring import LiveIndex
from framescope.core.media.decode_count import picture_type_of
from framescope.core.media.decoding.frame_reader import Tally
from framescope.core.media.decoding.seek_plan import BEGINNING, DecoderPosition, choose_entry
from framescope.core.media.picture.picture import AvPicture, DisplayRule
from framescope.core.media.picture.planes import owned_copy
from framescope.core.model.frame import Frame
from framescope.core.pyav import new_packet
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from framescope.core.live.ring import PacketRing
    from framescope.core.media.decoding.decoder import DecodedPacket, StreamDecoder
    from framescope.core.media.decoding.seek_plan import Outlook
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.frame import PictureType
    from framescope.core.model.stream_facts import VideoInfo

_PATIENCE_S = 0.25
"""How long to wait for the packet that makes a decoder release a frame, before it is drained."""
_MOST_DELAY = 32
"""Packets fed after a frame's own until the decoder counts as having no picture for it."""


class _Picture(NamedTuple):
    frame: av.VideoFrame
    picture_type: PictureType
    is_corrupt: bool


class LiveReader:
    """Frames of a live source, as long as the ring holds their packets.

    Threads: one, from the first read to closing.
    """

    def __init__(
        self,
        info: VideoInfo,
        index: FrameIndex,
        on_frame: Callable[[Frame], None] = lambda _frame: None,
        **_: object,
    ) -> None:
        """Prepare to read; no decoder is set up before the first read.

        Args:
            info: The source's facts.
            index: The frames so far.
            on_frame: Called with every decoded frame, including the requested one.
        """
        self._name = info.source
        self.index = index
        self._on_frame = on_frame
        self._decoder: StreamDecoder | None = None
        self._segment_number = -1
        self._rule = DisplayRule.of(info)
        self.tally = Tally()
        self.forget_position()

    def forget_position(self) -> None:
        """Start the next read at a keyframe."""
        self._next_packet: int | None = None
        self._first_number = 0
        self._run = range(0)
        self._pending: set[int] = set()
        self._ready: dict[int, _Picture] = {}
        """Pictures that came out and were not due yet, by packet number; some wait for their frame number."""
        self._errors: dict[int, str] = {}

    @property
    def position(self) -> DecoderPosition:
        """The packets that were fed."""
        waiting = self._pending | self._ready.keys()
        return DecoderPosition(self._next_packet, self._first_number, waiting, self._run)

    @property
    def has_much_to_give_back(self) -> bool:
        """Never: pictures own their memory."""
        return False

    def adopt_index(self, index: FrameIndex) -> None:
        """Use another index of the same source from now on."""
        if not index.extends(self.index):
            self.close()
        self.index = index

    def close(self) -> None:
        """Release the decoder."""
        if self._decoder is not None:
            self._decoder.close()
        self._decoder = None
        self._segment_number = -1
        self.forget_position()

    @property
    def _ring(self) -> PacketRing:
        assert isinstance(self.index, LiveIndex)
        return self.index.ring

    def read(self, frame_number: int, *, keeps_all: bool = False, outlook: Outlook | None = None) -> Frame:
        """Decode one frame.

        Args:
            frame_number: 0-based number within the index.
            keeps_all: All frames on the way are passed on anyway.
            outlook: Likewise.

        Raises:
            FrameUnavailableError: Its packets have left the ring, or yield no picture.
        """
        del keeps_all, outlook
        index, ring = self.index, self._ring
        target = int(index.packet_numbers[frame_number])
        found = self._hand_over(frame_number)
        if found is not None:
            return found
        entry = choose_entry(index, frame_number)
        start = 0 if entry == BEGINNING else int(index.entries.packet_numbers[entry])
        segment = ring.segment_of(target)
        if not self._can_continue(frame_number, target, start, segment):
            self._start(frame_number, start, 0 if entry == BEGINNING else entry, segment)
        while True:
            self._feed_next(frame_number, target, segment)
            found = self._hand_over(frame_number)
            if found is not None:
                return found
            if self._next_packet is None or self._next_packet > target + _MOST_DELAY:
                errors = self._errors.get(target)
                self.forget_position()
                raise self._without_picture(frame_number, errors)

    def _can_continue(self, frame_number: int, target: int, start: int, segment: int) -> bool:
        """Whether the decoder reaches the frame by being fed on."""
        following = self._next_packet
        if following is None or segment != self._segment_number or frame_number < self._first_number:
            return False
        return target in self._pending or (target >= following and start <= following)

    def _start(self, frame_number: int, start: int, entry: int, segment: int) -> None:
        """Set a decoder up to be fed from a keyframe on."""
        ring = self._ring
        if ring.data_of(start) is None:
            raise self._gone(frame_number)
        self.forget_position()
        if self._decoder is None or segment != self._segment_number:
            self._set_up_decoder(segment)
        else:
            self._decoder.restart()
        self._next_packet, self._run = start, range(start, start)
        self._first_number = int(self.index.entries.first_numbers[entry])

    def _set_up_decoder(self, segment: int) -> None:
        if self._decoder is not None:
            self._decoder.close()
        source = self._ring.segments[segment]
        self._decoder = decoder_of(source.head, self._name)
        self._rule = DisplayRule.of(source.info)
        self._segment_number = segment

    def _feed_next(self, frame_number: int, target: int, segment: int) -> None:
        """Feed the next packet, or drain the decoder where none follows for now."""
        ring, decoder, number = self._ring, self._decoder, self._next_packet
        assert decoder is not None
        assert number is not None
        is_there = ring.await_packet(number, _PATIENCE_S)
        if not is_there or ring.segment_of(number) != segment:
            decoded = decoder.drain()
            self._take(decoded)
            # A drained decoder starts again at a keyframe.
            self._next_packet = None
            return
        data = ring.data_of(number)
        if data is None:
            self.forget_position()
            if target >= number:
                raise self._gone(frame_number)
            return
        self._next_packet, self._run = number + 1, range(self._run.start, number + 1)
        self._pending.add(number)
        self.tally = self.tally._replace(fed=self.tally.fed + 1)
        try:
            self._take(decoder.feed(new_packet(data), number))
        except av.error.FFmpegError as error:
            self._pending.discard(number)
            self._errors[number] = error.strerror or str(error)

    def _take(self, decoded: Iterable[DecodedPacket]) -> None:
        """Keep the pictures that came out until they are due."""
        for one in decoded:
            if one.packet_number is not None:
                self._pending.discard(one.packet_number)
                # The copy has neither type nor mark.
                type_, is_corrupt = picture_type_of(one.frame), one.frame.is_corrupt
                self._ready[one.packet_number] = _Picture(owned_copy(one.frame), type_, is_corrupt)

    def _hand_over(self, frame_number: int) -> Frame | None:
        """Pass on what came out up to a frame, which is returned if it did."""
        found: Frame | None = None
        for packet in sorted(self._ready):
            number = self._ring.number_of(packet)
            if number is None or number > frame_number:
                continue
            picture = self._ready.pop(packet)
            # Before it, pictures refer to what the decoder has not been fed.
            if number >= self._first_number:
                frame = self._frame(number, packet, picture)
                found = frame if number == frame_number else found
                self._on_frame(frame)
        return found

    def _frame(self, number: int, packet: int, picture: _Picture) -> Frame:
        facts = self._ring.facts_of(packet)
        return Frame(
            frame_number=number,
            pts=facts.pts,
            time_s=facts.time_s,
            picture_type=picture.picture_type,
            is_keyframe=facts.is_keyframe,
            is_damaged=facts.is_damaged or picture.is_corrupt,
            picture=AvPicture(picture.frame, self._rule),
        )

    def _gone(self, frame_number: int) -> FrameUnavailableError:
        self.forget_position()
        return FrameUnavailableError(
            frame_number,
            self.index.pts_of(frame_number),
            f"{tr('it has left the ring buffer.')} {self._ring.held_words()}",
            hint=tr("A larger buffer holds more."),
        )

    def _without_picture(self, frame_number: int, errors: str | None) -> FrameUnavailableError:
        pts = self.index.pts_of(frame_number)
        hint = tr("The frames around it can still be shown.")
        if errors is not None:
            words = tr("its packet is damaged ({errors}).", errors=errors)
            return CorruptFrameError(frame_number, pts, words, hint=hint)
        return FrameUnavailableError(
            frame_number, pts, tr("the decoder returns no picture for it."), hint=hint
        )
