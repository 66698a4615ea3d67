"""Notices where a live source was interrupted: lost connections, skipped time stamps, pauses. Pure."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from framescope.core.text import counted, duration_words, grouped
from framescope.core.translation import tr

_SKIP_S = 0.5
_PAUSE_S = 1.0
_MANY = 4
"""How many times as long as the longest step of late an unusual one is, or a wait."""
_LATE = 50
_MINUTE_S = 60.0


@dataclass(frozen=True)
class Gap:
    """A time of which nothing was received.

    Attributes:
        frame_number: The first frame after it.
        seconds: How long nothing arrived; if the connection was not lost, how far the time stamps skip.
        reason: Why the connection was lost, as the network or the device said; empty if it was not.
    """

    frame_number: int
    seconds: float
    reason: str

    @property
    def words(self) -> str:
        """A sentence for display."""
        number, time = grouped(self.frame_number), _time_words(self.seconds)
        if self.reason:
            return tr(
                "Before frame {number} nothing arrived for {time}: {reason}.",
                number=number,
                time=time,
                reason=self.reason,
            )
        return tr(
            "Before frame {number} the time stamps skip {time}: frames may be missing.",
            number=number,
            time=time,
        )


def _time_words(seconds: float) -> str:
    """Fractions count where it is short."""
    return tr("{seconds:.3g} s", seconds=seconds) if seconds < _MINUTE_S else duration_words(seconds)


def pause_words(pauses: int, longest_s: float) -> str:
    """A sentence on the pauses of a source that had some."""
    return tr(
        "{pauses} in what arrived, of up to {time}.",
        pauses=counted(pauses, "pause", "pauses"),
        time=_time_words(longest_s),
    )


class Interruptions:
    """Follows the packets of a source in decode order.

    Attributes:
        gaps: Where something is missing.
        pauses: How often nothing arrived for an unusually long time, without the connection being lost.
        longest_pause_s: The longest of these times.
    """

    def __init__(self) -> None:
        self.gaps: list[Gap] = []
        self.pauses = 0
        self.longest_pause_s = 0.0
        self._steps: deque[float] = deque(maxlen=_LATE)
        self._last_s: float | None = None
        self._lost_since: tuple[float, str] | None = None

    def lose(self, reason: str, since_s: float) -> None:
        """The connection was lost; the gap ends with the next packet."""
        if self._lost_since is None:
            self._lost_since = since_s, reason

    def restart_clock(self) -> None:
        """The next time stamp does not continue the ones before it."""
        self._last_s = None

    def pass_packet(
        self, frame_number: int, time_s: float | None, arrived_s: float, waited_s: float
    ) -> Gap | None:
        """Take the next packet; returns the gap before it, if there is one.

        Args:
            frame_number: The next frame's.
            time_s: When it is decoded, in seconds on the source's clock; None if unknown.
            arrived_s: When it arrived.
            waited_s: For how long nothing had arrived before it.
        """
        usual_s = _MANY * max(self._steps, default=0.0)
        step_s = None if time_s is None or self._last_s is None else time_s - self._last_s
        if time_s is not None:
            self._last_s = time_s
        if self._lost_since is not None:
            (since_s, reason), self._lost_since = self._lost_since, None
            return self._add(Gap(frame_number, arrived_s - since_s, reason))
        if waited_s > max(_PAUSE_S, usual_s):
            self.pauses += 1
            self.longest_pause_s = max(self.longest_pause_s, waited_s)
        if step_s is None:
            return None
        is_skip = bool(self._steps) and step_s > max(_SKIP_S, usual_s)
        # Once, so that a source that is irregular is not reported for each of its frames.
        self._steps.append(step_s)
        return self._add(Gap(frame_number, step_s, "")) if is_skip else None

    def _add(self, gap: Gap) -> Gap:
        self.gaps.append(gap)
        return gap
