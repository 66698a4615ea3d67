"""Tells which packets of a stream in datagrams of RTP may lack something, from what FFmpeg reports."""

from __future__ import annotations

import ctypes
import sys
import threading
from fractions import Fraction
from typing import TYPE_CHECKING

from framescope.core.forking import run_in_children
from framescope.core.media.ffmpeg_messages import RtpLosses, rtp_losses

if TYPE_CHECKING:
    from av.container import InputContainer

    from framescope.core.media.decoding.decoder import VideoPacket

_OPENING_S = 1.5
"""FFmpeg reads about a second to recognise a stream, and passes on those packets later."""
_WORD = ctypes.sizeof(ctypes.c_void_p)

_lock = threading.Lock()
_watches: set[LossWatch] = set()
"""Those that are connected."""


def _forget_parent() -> None:
    """In a forked process: nothing is received there, and the lock may be held for good."""
    global _lock  # noqa: PLW0603 - belongs to the process
    _lock = threading.Lock()
    _watches.clear()


run_in_children(_forget_parent)


def _words_in(container: InputContainer) -> frozenset[int]:
    """All words of PyAV's object: one is the address of FFmpeg's context, which it tells in no other way."""
    held = ctypes.string_at(id(container), type(container).__basicsize__)
    places = range(0, len(held) - _WORD + 1, _WORD)
    return frozenset(int.from_bytes(held[place : place + _WORD], sys.byteorder) for place in places)


class LossWatch:
    """Follows the packets of one connection in the order in which they are demuxed. Threads: one.

    FFmpeg passes on what is left of a picture when datagrams of RTP are lost, without a mark, and decoders
    take much of that for whole pictures. But before it goes on after a gap in the sequence numbers, it writes
    a message. A picture is only passed on once the next one has begun: what is lost while FFmpeg is asked for
    a packet was part of that packet, or of the next one, or lay between them.

    A message holds the address of its connection. Only one that is known to be of another connection does not
    count: what is lost while another source is opened, before its address is known, counts for all.
    """

    def __init__(self) -> None:
        """Begin before connecting."""
        self._known = rtp_losses()
        self.is_deaf = self._known is None
        """Whether losses cannot be noticed, since FFmpeg's messages are not read."""
        self.words: frozenset[int] = frozenset()
        """One of them is the address of FFmpeg's context, once it is connected."""
        self._touches_next = False
        self._first_pts: int | None = None
        self._has_begun = False
        self._is_opening_lossy = False

    def connect(self, container: InputContainer) -> None:
        """It is connected; `disconnect` before the container is closed."""
        self.words = _words_in(container)
        with _lock:
            _watches.add(self)

    def disconnect(self) -> None:
        """Its address may be that of another connection from now on."""
        with _lock:
            _watches.discard(self)

    def touches(self, packet: VideoPacket) -> bool:
        """Whether the packet that was demuxed last may lack something, or the one directly before it."""
        losses = rtp_losses()
        is_new, self._known = self._is_new(losses), losses
        if not self._has_begun:
            self._has_begun, self._is_opening_lossy = True, is_new
        if self._first_pts is None:
            # The first packet may have none yet.
            self._first_pts = packet.pts
        touched, self._touches_next = is_new or self._touches_next, is_new
        return touched or (self._is_opening_lossy and self._is_from_opening(packet))

    def _is_new(self, losses: RtpLosses | None) -> bool:
        """Whether something was lost since the last time."""
        if self.is_deaf:
            # Another way is taken to notice some.
            return False
        if losses is None or self._known is None or losses.anywhere != self._known.anywhere:
            # Where the messages are no longer read, nobody knows.
            return True
        known = self._known.by_context
        return any(
            count != known.get(context, 0) and not self._is_of_another(context)
            for context, count in losses.by_context.items()
        )

    def _is_of_another(self, context: int) -> bool:
        """Whether an address is known to be that of another connection."""
        with _lock:
            return context not in self.words and any(context in one.words for one in _watches)

    def _is_from_opening(self, packet: VideoPacket) -> bool:
        """Whether it may have been received while the stream was recognised; its losses have no place."""
        if self._first_pts is None or packet.pts is None:
            return True
        return float((packet.pts - self._first_pts) * Fraction(packet.time_base)) <= _OPENING_S
