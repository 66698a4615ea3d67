"""Gives packets frame numbers as they arrive, and times on one clock across reconnections. Pure."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction

_MOST_WAITING = 64
"""No codec shows a picture later than this many packets after its own."""
_BACK_S, _AHEAD_S = 1.0, 10.0
"""Decoding times that move further than this do not continue the ones before them."""
_SAME_CLOCK_S = 2.0
"""How far the clock of a source may be off after a reconnection and still be taken as running on."""


class Numbering:
    """Decides which packet holds the next frame; a place once given never changes.

    A packet's place is final once the newest decoding time has passed its presentation time: no later packet
    can then be shown before it.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int]] = []
        self._newest_dts: int | None = None

    def add(self, packet_number: int, pts: int | None, dts: int | None) -> list[int]:
        """Take a packet that is shown; returns the packets whose places are now final, in order.

        A packet without a pts is shown as it arrives, after all that wait.
        """
        if pts is None:
            return [*self.flush(), packet_number]
        heapq.heappush(self._waiting, (pts, packet_number))
        return self.pass_time(dts)

    def pass_time(self, dts: int | None) -> list[int]:
        """Note a decoding time, of any packet; returns as `add` does."""
        if dts is not None and (self._newest_dts is None or dts > self._newest_dts):
            self._newest_dts = dts
        final: list[int] = []
        while self._waiting and self._is_final(self._waiting[0][0]):
            final.append(heapq.heappop(self._waiting)[1])
        return final

    def flush(self) -> list[int]:
        """All packets that wait, in order: nothing that follows is shown before them."""
        final = [packet for _, packet in sorted(self._waiting)]
        self._waiting.clear()
        self._newest_dts = None
        return final

    def _is_final(self, pts: int) -> bool:
        is_passed = self._newest_dts is not None and pts <= self._newest_dts
        return is_passed or len(self._waiting) > _MOST_WAITING


class Placed(NamedTuple):
    """Times of a packet on the clock of the whole recording, in its time base.

    Attributes:
        pts: Presentation time; None if the packet has none.
        dts: Decoding time, likewise.
        breaks: Whether the source's clock jumped before this packet.
    """

    pts: int | None
    dts: int | None
    breaks: bool


class ContinuousClock:
    """Places the times of all connections to a source on one clock, that of the first connection.

    Where a source begins anew or jumps, its times continue by the time that passed between the arrivals.
    """

    def __init__(self, time_base: Fraction) -> None:
        """Begin with the first packet.

        Args:
            time_base: Seconds per unit of the resulting times.
        """
        self._time_base = time_base
        self._offset = 0
        self._origin: tuple[int, float] | None = None
        self._last: int | None = None
        self._highest = 0
        self._is_new_connection = False

    def reconnect(self) -> None:
        """The next packet comes from a new connection."""
        self._is_new_connection = True

    def place(self, pts: int | None, dts: int | None, time_base: Fraction, arrived_s: float) -> Placed:
        """The times of the next packet in decode order.

        Args:
            pts: In ``time_base``.
            dts: In ``time_base``.
            time_base: That of the connection.
            arrived_s: When the packet arrived, in seconds of any steady clock.
        """
        pts, dts = self._scaled(pts, time_base), self._scaled(dts, time_base)
        time = dts if dts is not None else pts
        breaks = time is not None and self._follow(time, arrived_s)
        if pts is not None:
            pts += self._offset
            self._highest = max(self._highest, pts)
        return Placed(pts, None if dts is None else dts + self._offset, breaks)

    def beside(self, pts: int, time_base: Fraction) -> int:
        """The time of a packet of another stream of the same connection, by the clock of the last packet."""
        return round(pts * time_base / self._time_base) + self._offset

    def _scaled(self, time: int | None, time_base: Fraction) -> int | None:
        if time is None or time_base == self._time_base:
            return time
        return round(time * time_base / self._time_base)

    def _follow(self, time: int, arrived_s: float) -> bool:
        """Set the offset for a packet of this time; returns whether the clock jumped."""
        if self._origin is None or self._last is None:
            self._origin, self._last, self._highest = (time, arrived_s), time, time
            self._is_new_connection = False
            return False
        step_s = float((time + self._offset - self._last) * self._time_base)
        breaks = self._is_new_connection or not -_BACK_S <= step_s <= _AHEAD_S
        if breaks:
            start, start_s = self._origin
            expected = start + round((arrived_s - start_s) / float(self._time_base))
            off_s = abs(time + self._offset - expected) * float(self._time_base)
            if off_s > _SAME_CLOCK_S or time + self._offset <= self._highest:
                self._offset = max(expected, self._highest + 1) - time
        self._is_new_connection = False
        self._last = max(self._last, time + self._offset)
        return breaks
