"""Finds the damaged packets of a stream by a strict decode: one thread, and errors instead of concealment."""

from __future__ import annotations

import os
from itertools import chain, islice
from typing import TYPE_CHECKING

import av

from framescope.core.media.damage.frame_gaps import gap_finder_for, without_broken_messages
from framescope.core.media.damage.fresh_starts import fresh_starts_for
from framescope.core.media.damage.reach import Damage, damaged_frames
from framescope.core.media.decoding.decoder import StreamDecoder
from framescope.core.media.decoding.landing import PacketRecogniser, land
from framescope.core.media.decoding.seek_plan import BEGINNING
from framescope.core.media.packet_inspect import inspector_for
from framescope.core.pyav import new_packet

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.media.decoding.decoder import DecodedPacket, VideoPacket
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo


def damaged_packets(decoded: Iterable[DecodedPacket], last_fed: int) -> set[int]:
    """The packets of frames that the decoder marks as corrupt."""
    return {last_fed if number is None else number for number, frame in decoded if frame.is_corrupt}


def reports_in_the_middle(codec: str) -> bool:
    """Whether a strict decoder may start at any keyframe.

    The H.264 decoder reports an error when it is told to drop a reference that it never received, which is
    normal after the keyframe of an open GOP. In its concealing mode it marks damage well enough.
    """
    return codec != "h264"


_MOST_AT_ONCE = 16
"""FFmpeg's limit on the frame threads of its VVC decoder."""


class DamageWatch:
    """Feeds a decoder packet by packet and records the damage found."""

    def __init__(self, decoder: StreamDecoder, *, is_fresh: bool = False) -> None:
        """Start before the first packet.

        Args:
            decoder: A single-threaded decoder; a strict one reports the most.
            is_fresh: Whether it starts at a keyframe in the middle of the stream. Leading pictures there
                refer to pictures that were never fed, which is not damage.
        """
        context = decoder.context
        self._decoder = decoder
        self._extradata = context.extradata
        self._inspect = inspector_for(context.name, context.extradata)
        self._gaps = gap_finder_for(context.name, context.extradata)
        self._starts = fresh_starts_for(context.name, context.extradata)
        self._may_drop_messages = context.name == "h264"
        # FFmpeg's VVC decoder works on as many pictures as there are cores, even with one thread, and raises
        # an error in one of them only when a later packet is fed.
        self._late_by = min(os.cpu_count() or 1, _MOST_AT_ONCE) if context.name == "vvc" else 0
        self._waits_for_key = False
        self._is_fresh = is_fresh
        self._last_key: int | None = None
        self._strangers: set[int] = set()
        self._last_fed = -1
        self.damage = Damage()

    def feed(self, packet: VideoPacket, number: int) -> list[DecodedPacket]:
        """The frames output for a packet; none from a damaged packet up to the next keyframe."""
        pts, self._last_fed = packet.pts, number
        self._look(packet, number)
        if packet.is_keyframe:
            if self._waits_for_key:
                # Otherwise the pictures that the strict decoder dropped would be missing as references for a
                # long time.
                self._decoder.restart()
                self._waits_for_key, self._is_fresh = False, True
            else:
                self._is_fresh = self._last_key is None and self._is_fresh
            self._last_key = pts
        elif self._is_fresh and pts is not None and self._last_key is not None and pts < self._last_key:
            self._strangers.add(number)
        if self._waits_for_key:
            return []
        try:
            decoded = self._decode(packet, number)
        except av.error.FFmpegError:
            if number not in self._strangers:
                self._add(number)
                self._waits_for_key = number not in self.damage.unneeded
            return []
        self._note(decoded)
        return decoded

    def drain(self) -> list[DecodedPacket]:
        """The frames that the decoder still holds back."""
        if self._gaps is not None:
            self._note_gap(self._last_fed + 1, self._gaps.missing_at_end())
        if self._waits_for_key:
            return []
        decoded = self._decoder.drain()
        self._note(decoded)
        if self._decoder.drain_errors:
            self._add(self._last_fed)
        return decoded

    def _add(self, number: int) -> None:
        self.damage.packets.update(range(max(number - self._late_by, 0), number + 1))

    def _note(self, decoded: list[DecodedPacket]) -> None:
        self.damage.packets |= damaged_packets(decoded, self._last_fed) - self._strangers

    def _look(self, packet: VideoPacket, number: int) -> None:
        if packet.is_corrupt:
            self.damage.packets.add(number)
        data = memoryview(packet)
        is_fresh_start = self._starts is not None and self._starts.is_at(data)
        if self._starts is not None and self._starts.lingers:
            # Its damage spreads through the decoder.
            if packet.is_keyframe and not is_fresh_start:
                self.damage.uncertain.add(number)
        elif self._inspect is not None and not self._inspect(data).is_reference:
            self.damage.unneeded.add(number)
        if self._gaps is not None:
            self._note_gap(number, self._gaps.missing_before(data))

    def _note_gap(self, number: int, back: int | None) -> None:
        if back is not None:
            self.damage.gaps.add(number - back)

    def _decode(self, packet: VideoPacket, number: int) -> list[DecodedPacket]:
        try:
            return self._decoder.feed(packet, number)
        except av.error.FFmpegError:
            whole = (
                without_broken_messages(bytes(packet), self._extradata) if self._may_drop_messages else None
            )
            if whole is None:
                raise
            again = new_packet(whole)
            again.dts, again.time_base, again.is_keyframe = packet.dts, packet.time_base, packet.is_keyframe
            return self._decoder.feed(again, number)


_RUNS_BEFORE = 3
"""Sound runs decoded before a damaged one. Concealment depends on what the decoder's buffers held before;
after this many runs they nearly always hold what they do in a decode from the start."""

_CHEAP_PIXELS = 1_000_000_000
"""If no more than this precedes it, decoding begins at the start of the file: a few seconds at most."""


class DamageSearch:
    """Finds damage around a frame that the index does not list, run by run, each examined once.

    A run is what is decoded from one entry up to the next. Threads: that of the reader it belongs to.
    """

    def __init__(self, info: VideoInfo) -> None:
        self._info = info
        self._searched: dict[int, Damage] = {}
        self.starts: dict[int, int] = {}
        """For each run affected by damage, the entry from which it is decoded with one thread."""

    def search(self, index: FrameIndex, first_entry: int, last_entry: int) -> NDArray[np.int32]:
        """Search some runs, record where to start for each, and return the frames that depend on damage.

        A sound run that is searched again gets a start too: with several threads the decoder reads past its
            end.

        Raises:
            OpenError: The file is gone.
        """
        for entry in range(first_entry, last_entry + 1):
            was_searched = entry in self._searched
            if self._damage_of(index, entry):
                self.starts[entry] = self._clean_start(index, entry)
            elif was_searched:
                self.starts[entry] = entry
        damage = Damage()
        for found in self._searched.values():
            damage.update(found)
        return damaged_frames(index, damage)

    def is_sound(self, first_entry: int, last_entry: int) -> bool:
        """Whether all of these runs were searched and found sound."""
        return not any(self._searched[entry] for entry in range(first_entry, last_entry + 1))

    def _clean_start(self, index: FrameIndex, entry: int) -> int:
        """Where to start decoding a run so that its damage looks as in a sequential decode."""
        start = entry
        while start != BEGINNING and self._damage_of(index, start):
            start -= 1
        start = max(start - _RUNS_BEFORE, BEGINNING)
        packets = 0 if start == BEGINNING else int(index.entries.packet_numbers[start])
        return BEGINNING if packets * self._info.width * self._info.height <= _CHEAP_PIXELS else start

    def _damage_of(self, index: FrameIndex, entry: int) -> Damage:
        if entry not in self._searched:
            with StreamDecoder(
                self._info.source,
                self._info.stream_index,
                single_thread=True,
                is_strict=reports_in_the_middle(self._info.codec),
                tells_hidden=True,
            ) as decoder:
                self._searched[entry] = _watch_run(decoder, index, entry)
        return self._searched[entry]


def _watch_run(decoder: StreamDecoder, index: FrameIndex, entry: int) -> Damage:
    """The damage of one run. The previous run is decoded too, since leading pictures refer to it."""
    keys = index.entries.packet_numbers
    first = 0 if entry == BEGINNING else int(keys[entry])
    stop = int(keys[entry + 1]) if entry + 1 < len(keys) else len(index.packet_sizes)
    before = max(entry - 1, BEGINNING)
    watch = DamageWatch(decoder, is_fresh=before != BEGINNING)
    packets, number = decoder.packets(), 0
    if before != BEGINNING:
        landed = land(decoder, index, PacketRecogniser(index), before)
        if landed is None:
            return Damage({first})
        following, key = landed
        packets, number = chain((key,), following), int(keys[before])
    for packet in islice(packets, stop - number):
        watch.feed(packet, number)
        number += 1
    watch.drain()
    return watch.damage.of_packets(range(first, stop))
