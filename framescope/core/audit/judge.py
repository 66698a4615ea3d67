"""Compares an engine's answers with its own sequential decode. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.audit.records import Outcome, RequestResult
from framescope.core.media.index import NO_PTS
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence as Numbers

    from numpy.typing import NDArray

    from framescope.core.audit.messages import Answer
    from framescope.core.audit.requests import Order


@dataclass(frozen=True, slots=True)
class Request:
    """One request with both answers, not yet judged."""

    frame_number: int
    order: Order
    latency_ms: float
    first: Answer
    second: Answer


@dataclass(slots=True)
class Truth:
    """An engine's own sequential decode, and the frames' true times.

    Attributes:
        digests: One per frame, in the engine's own count.
        pts: One per frame, None if not reported.
        is_complete: Whether the engine read until the end; otherwise later frames are unknown, not absent.
        true_times_s: Times from the index, by frame number, relative to the engine's time origin.
    """

    digests: list[int] = field(default_factory=list)
    pts: list[int | None] = field(default_factory=list)
    is_complete: bool = False
    true_times_s: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    _numbers: dict[int, list[int]] = field(default_factory=dict)

    def add(self, digest: int, pts: int | None) -> None:
        """Add the next frame of the pass."""
        self._numbers.setdefault(digest, []).append(len(self.digests))
        self.digests.append(digest)
        self.pts.append(pts)

    def numbers_of(self, digest: int) -> Numbers[int]:
        """The frames that have this picture, ascending."""
        return self._numbers.get(digest, ())

    @property
    def distinct(self) -> int:
        """The number of different pictures."""
        return len(self._numbers)

    @property
    def tail_run(self) -> int:
        """How many of the last pictures are identical."""
        run = 0
        while run < len(self.digests) and self.digests[-1 - run] == self.digests[-1]:
            run += 1
        return run

    def true_time_s(self, frame_number: int) -> float:
        """The frame's true time; NaN if unknown."""
        return float(self.true_times_s[frame_number]) if frame_number < len(self.true_times_s) else math.nan

    def pts_array(self) -> NDArray[np.int64]:
        """The pts as an array, ``NO_PTS`` for None."""
        return np.array([NO_PTS if pts is None else pts for pts in self.pts], np.int64)


def judge(request: Request, truth: Truth) -> RequestResult:
    """The result for one request."""
    number, first = request.frame_number, request.first
    outcome, landed, candidates = _judge_picture(number, first, truth)
    return RequestResult(
        frame_number=number,
        order=request.order,
        outcome=outcome,
        landed=landed,
        candidates=candidates,
        repeat_differs=first.digest != request.second.digest,
        latency_ms=request.latency_ms,
        time_error_s=_time_error_s(number, first, truth),
        position=first.position,
        error=first.error or (tr("no picture came") if first.digest is None else ""),
    )


def judge_past_end(request: Request) -> RequestResult:
    """The result for the request for one frame too many: an error or nothing is correct."""
    outcome = Outcome.ENDED if request.first.digest is None else Outcome.OVERRUN
    return RequestResult(
        request.frame_number, request.order, outcome, latency_ms=request.latency_ms, error=request.first.error
    )


def _judge_picture(number: int, answer: Answer, truth: Truth) -> tuple[Outcome, int | None, tuple[int, ...]]:
    if answer.digest is None:
        return Outcome.FAILED, None, ()
    same = truth.numbers_of(answer.digest)
    if not same:
        return Outcome.FOREIGN, None, ()
    if number in same:
        if len(same) == 1:
            return Outcome.EXACT, number, ()
        return Outcome.AMBIGUOUS, number, tuple(same)
    landed = _distinguished(answer.pts, same, truth)
    if landed is None:
        landed = min(same, key=lambda one: (abs(one - number), one))
    return Outcome.SHIFTED, landed, tuple(same) if len(same) > 1 else ()


def _distinguished(pts: int | None, same: Numbers[int], truth: Truth) -> int | None:
    """Which of several frames with the same picture was returned, by the engine's pts."""
    if pts is None or len(same) == 1:
        return None
    by_pts = [one for one in same if truth.pts[one] == pts]
    return by_pts[0] if len(by_pts) == 1 else None


def _time_error_s(number: int, answer: Answer, truth: Truth) -> float | None:
    true_s = truth.true_time_s(number)
    if (
        answer.digest is None
        or answer.time_s is None
        or not math.isfinite(answer.time_s)
        or math.isnan(true_s)
    ):
        return None
    return answer.time_s - true_s
