"""Tells which packets of a stream in datagrams of RTP may lack something, from what FFmpeg reports."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from framescope.core.media.ffmpeg_messages import rtp_losses

if TYPE_CHECKING:
    from framescope.core.media.decoding.decoder import VideoPacket

_OPENING_S = 1.5
"""FFmpeg reads about a second to recognise a stream, and passes on those packets later."""


class LossWatch:
    """Follows the packets of one connection in the order in which they are demuxed. Threads: one.

    FFmpeg passes on what is left of a picture when datagrams of RTP are lost, without a mark, and decoders
    take much of that for whole pictures. But before it goes on after a gap in the sequence numbers, it writes
    a message. A picture is only passed on once the next one has begun: what is lost while FFmpeg is asked for
    a packet was part of that packet, or of the next one, or lay between them.

    Messages do not tell which stream of which connection they are about: a loss anywhere counts.
    """

    def __init__(self) -> None:
        """Begin before connecting."""
        self._known = rtp_losses()
        self._touches_next = False
        self._first_pts: int | None = None
        self._has_begun = False
        self._is_opening_lossy = False

    @property
    def is_deaf(self) -> bool:
        """Whether losses cannot be noticed, since FFmpeg's messages are not read."""
        return self._known is None

    def touches(self, packet: VideoPacket) -> bool:
        """Whether the packet that was demuxed last may lack something, or the one directly before it."""
        losses = rtp_losses()
        is_new, self._known = losses != self._known, losses
        if not self._has_begun:
            self._has_begun, self._is_opening_lossy = True, is_new
        if self._first_pts is None:
            # The first packet may have none yet.
            self._first_pts = packet.pts
        touched, self._touches_next = is_new or self._touches_next, is_new
        return touched or (self._is_opening_lossy and self._is_from_opening(packet))

    def _is_from_opening(self, packet: VideoPacket) -> bool:
        """Whether it may have been received while the stream was recognised; its losses have no place."""
        if self._first_pts is None or packet.pts is None:
            return True
        return float((packet.pts - self._first_pts) * Fraction(packet.time_base)) <= _OPENING_S
