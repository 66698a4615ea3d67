"""Determines where a seek actually landed, by identifying a packet, not by the requested position."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import av
import numpy as np

from framescope.core.media.index import NO_PTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from framescope.core.media.decoding.decoder import StreamDecoder, VideoPacket
    from framescope.core.media.index import FrameIndex

_BYTE_SEEKING = frozenset({"mpegts", "mpeg", "mpegvideo", "h264", "hevc", "vvc", "m4v", "obu", "av1", "dv"})
"""Demuxers that resynchronise from any byte; their time seek is a guess or does not exist."""

_LOOK_AHEAD = 600
"""Packets read after a seek until one is recognised."""

_STEPS_BACK_S = (0.0, 0.7, 2.0, 6.0, 20.0)


class PacketRecogniser:
    """Identifies a packet as a keyframe packet of the index."""

    def __init__(self, index: FrameIndex) -> None:
        self._entries = index.entries
        self._sizes = index.packet_sizes

    @cached_property
    def _by_position(self) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
        order = np.argsort(self._entries.positions, kind="stable")
        return self._entries.positions[order], order

    @cached_property
    def _by_dts(self) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
        order = np.argsort(self._entries.dts, kind="stable")
        return self._entries.dts[order], order

    @cached_property
    def _by_pts(self) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
        order = np.argsort(self._entries.pts, kind="stable")
        return self._entries.pts[order], order

    def entry_of(self, packet: VideoPacket) -> int | None:
        """The number of this packet's entry, or None if that is not certain."""
        if packet.pos is not None and packet.pos >= 0:
            candidates = self._matching(self._by_position, packet.pos)
        elif packet.dts is not None:
            candidates = self._matching(self._by_dts, packet.dts)
        elif packet.pts is not None:
            candidates = self._matching(self._by_pts, packet.pts)
        else:
            return None
        entries = self._entries
        candidates = candidates[self._sizes[entries.packet_numbers[candidates]] == packet.size]
        for column, value in ((entries.dts, packet.dts), (entries.pts, packet.pts)):
            # An edit list can repeat the same bytes, and several packets may share one Ogg page.
            if len(candidates) > 1:
                candidates = candidates[column[candidates] == (NO_PTS if value is None else value)]
        return int(candidates[0]) if len(candidates) == 1 else None

    @staticmethod
    def _matching(sorted_column: tuple[NDArray[np.int64], NDArray[np.intp]], value: int) -> NDArray[np.intp]:
        values, order = sorted_column
        start, stop = np.searchsorted(values, value, "left"), np.searchsorted(values, value, "right")
        return np.sort(order[start:stop])


def land(
    decoder: StreamDecoder, index: FrameIndex, recogniser: PacketRecogniser, entry: int
) -> tuple[Iterator[VideoPacket], VideoPacket] | None:
    """Seek the container to an entry's packet.

    A seek that lands late is retried further back; one that lands early is read forward.

    Returns:
        The packets that follow, and the entry's packet itself; None if no seek reaches it.
    """
    for seek in _seeks(decoder, index, entry):
        try:
            seek()
        except (av.error.FFmpegError, OSError):
            # FFmpeg answers "operation not permitted" for a time before the start of an AVI.
            continue
        packets = decoder.packets()
        first = _read_up_to(packets, index, recogniser, entry)
        if first is not None:
            return packets, first
    return None


def _seeks(decoder: StreamDecoder, index: FrameIndex, entry: int) -> Iterator[Callable[[], None]]:
    position = int(index.entries.positions[entry])
    container = decoder.container.format.name.split(",")[0]
    if position >= 0 and container in _BYTE_SEEKING:
        yield lambda: decoder.seek_byte(position)
    known = [int(column[entry]) for column in (index.entries.pts, index.entries.dts)]
    times = [time for time in known if time != NO_PTS]
    if not times:
        return
    for step in _STEPS_BACK_S:
        # By pts first, which most containers use; then by dts, which some use.
        for time in dict.fromkeys(times if not step else [min(times)]):
            goal = time - int(step / float(index.time_base))
            yield lambda goal=goal: decoder.seek(goal)  # type: ignore[misc]


def _read_up_to(
    packets: Iterator[VideoPacket], index: FrameIndex, recogniser: PacketRecogniser, entry: int
) -> VideoPacket | None:
    wanted = int(index.entries.packet_numbers[entry])
    number: int | None = None
    for count, packet in enumerate(packets):
        if number is None:
            found = recogniser.entry_of(packet) if packet.is_keyframe else None
            if found is not None:
                number = int(index.entries.packet_numbers[found])
        else:
            number += 1
            if number >= len(index.packet_sizes) or index.packet_sizes[number] != packet.size:
                return None
        if number is None and count > _LOOK_AHEAD:
            return None
        if number is not None and number >= wanted:
            return packet if number == wanted else None
    return None
