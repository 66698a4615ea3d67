"""Runs the trial of one engine: starts its process, records its answers, and judges them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.audit.child_process import TRIAL_WORKER, ChildEnded, ChildProcess, Limits
from framescope.core.audit.judge import Request, Truth, judge, judge_past_end
from framescope.core.audit.messages import Answer, target_message
from framescope.core.audit.records import (
    EngineTrial,
    Interruption,
    RequestResult,
    Sequence,
    TrialState,
)
from framescope.core.audit.requests import Order
from framescope.core.errors import OpenError
from framescope.core.media.arrivals import refuse_without_end
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.audit.engines.catalog import EngineSpec
    from framescope.core.audit.engines.protocol import Ask, Target
    from framescope.core.audit.messages import Message
    from framescope.core.model.progress import ProgressCallback

_UPDATE_S = 0.4
_MOST_TIMES, _MOST_MORE = 4, 1000
"""A sequential pass of so many times the frames of the file, and so many more, has no end of its own."""

TrialCallback = Callable[[EngineTrial], None]


@dataclass(frozen=True, slots=True, eq=False)
class TrialPlan:
    """The content of a trial; the same for every engine on a file.

    Attributes:
        target: The file.
        rounds: Requests, in order.
        frame_count: Frames by the index, for progress.
        times_s: Seconds since the first frame, by frame number; NaN where unknown.
        first_s: Stored time of the first frame, in seconds.
        sequence_s: Maximum seconds for the sequential pass; None for the whole file.
        seek_s: Maximum seconds for the requests; None for all of them.
        rerun: Frames read a second time in sequence, to check that they are the same.
    """

    target: Target
    rounds: tuple[tuple[Order, tuple[Ask, ...]], ...]
    frame_count: int
    times_s: NDArray[np.float64]
    first_s: float = 0.0
    sequence_s: float | None = None
    seek_s: float | None = None
    rerun: int = 24

    @property
    def asks(self) -> int:
        """The total number of requests, each of which is made twice."""
        return sum(len(asks) for _, asks in self.rounds)

    def job(self, spec: EngineSpec) -> Message:
        """The message that starts the trial."""
        return {
            "factory": spec.factory,
            "target": target_message(self.target),
            "rounds": [
                {"order": order.value, "asks": [[ask.frame_number, ask.pts, ask.time_s] for ask in asks]}
                for order, asks in self.rounds
            ],
            "sequence_s": self.sequence_s,
            "seek_s": self.seek_s,
            "rerun": self.rerun,
            "most_frames": _MOST_TIMES * self.frame_count + _MOST_MORE,
        }


def run_trial(  # noqa: PLR0913 - every option is named at the call
    spec: EngineSpec,
    plan: TrialPlan,
    *,
    limits: Limits | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    on_update: TrialCallback = lambda _trial: None,
) -> EngineTrial:
    """Test one engine on one file, in a separate process. The result has no verdict yet. Threads: any.

    Whatever the library does (crash, hang, use too much memory) becomes the trial's state; cancelling keeps
    partial results.

    Args:
        spec: The engine.
        plan: What to test.
        limits: When to give up.
        progress: Receives the number of finished frames and requests.
        cancel: Cancels the trial.
        on_update: Receives the partial trial, a few times per second.
    """
    version = spec.version
    record = _Record(spec, plan, version)
    if version is None:
        return record.trial(TrialState.NOT_INSTALLED, spec.missing_text)
    try:
        refuse_without_end(plan.target.source)
    except OpenError as error:
        return record.trial(TrialState.CANNOT_OPEN, error.message)
    cancel = cancel or CancelToken()
    state, reason = TrialState.DONE, ""
    began = updated = time.monotonic()
    progress(record.progress)
    on_update(record.trial(TrialState.RUNNING, ""))  # It takes a while until its process sends anything.
    runs_programs = bool(spec.program)
    with ChildProcess(TRIAL_WORKER, limits or Limits(), cancel, runs_programs=runs_programs) as child:
        child.send(plan.job(spec))
        try:
            for message in child.receive():
                record.take(message)
                progress(record.progress)
                if time.monotonic() - updated > _UPDATE_S:
                    updated = time.monotonic()
                    on_update(record.trial(TrialState.RUNNING, ""))
            if record.refusal:
                state, reason = TrialState.CANNOT_OPEN, record.refusal
        except ChildEnded as ended:
            state, reason = ended.state, ended.message
        child.memory_bytes()
        record.peak_bytes = child.peak_bytes
        record.complaints = child.complaints()
    record.elapsed_s = time.monotonic() - began
    return record.trial(state, reason)


@dataclass(slots=True)
class _Record:
    """The child's messages so far."""

    spec: EngineSpec
    plan: TrialPlan
    version: str | None
    truth: Truth = field(default_factory=Truth)
    times_s: list[float] = field(default_factory=list)
    claimed: int | None = None
    open_s: float = math.nan
    sequence_s: float = 0.0
    sequence_error: str = ""
    flat: bool = False
    look: NDArray[np.float64] | None = None
    missed: list[tuple[int, str]] = field(default_factory=list)
    is_read: bool = False
    rerun: list[int] = field(default_factory=list)
    results: list[RequestResult] = field(default_factory=list)
    past_end: RequestResult | None = None
    refusal: str = ""
    peak_bytes: int = 0
    elapsed_s: float = 0.0
    complaints: str = ""

    def __post_init__(self) -> None:
        shift = 0.0 if self.spec.counts_time_from_zero else self.plan.first_s
        self.truth.true_times_s = self.plan.times_s + shift

    @property
    def progress(self) -> Progress:
        """The progress, and the current step."""
        read, asked = len(self.truth.digests), len(self.results)
        total = max(self.plan.frame_count, read) + self.plan.asks
        if math.isnan(self.open_s):
            doing = tr("starting…")
        elif not self.is_read:
            doing = tr("reading on, frame {read}", read=read) if read else tr("reading on…")
        else:
            doing = tr("requested {asked} of {asks}", asked=asked, asks=self.plan.asks)
        return Progress(read + asked, total, f"{self.spec.title}: {doing}")

    def take(self, message: Message) -> None:
        """Record one message."""
        taker = {
            "opened": self._take_opened,
            "sequence": self._take_sequence,
            "sequence_end": self._take_sequence_end,
            "rerun": self._take_rerun,
            "answer": self._take_answer,
            "past_end": self._take_past_end,
            "failed": self._take_failed,
        }.get(message["kind"])
        if taker is not None:
            taker(message)

    def _take_opened(self, message: Message) -> None:
        self.claimed, self.open_s = message["claimed"], message["open_s"]

    def _take_sequence(self, message: Message) -> None:
        for digest, pts, time_s in message["rows"]:
            self.truth.add(digest, pts)
            self.times_s.append(math.nan if time_s is None else time_s)

    def _take_sequence_end(self, message: Message) -> None:
        self.truth.is_complete = message["complete"]
        self.sequence_s, self.sequence_error = message["elapsed_s"], message["error"]
        self.flat = message["flat"]
        if message["look"] is not None:
            look = np.array(message["look"], np.float64)
            self.look = look[..., ::-1] if self.spec.gives_bgr else look
        self.missed = [(place, words) for place, words in message["missed"]]
        self.is_read = True

    def _take_rerun(self, message: Message) -> None:
        self.rerun = message["digests"]

    def _take_answer(self, message: Message) -> None:
        request = Request(
            message["n"],
            Order(message["order"]),
            message["ms"],
            Answer(*message["first"]),
            Answer(*message["second"]),
        )
        self.results.append(judge(request, self.truth))

    def _take_past_end(self, message: Message) -> None:
        answer = Answer(*message["answer"])
        self.past_end = judge_past_end(Request(message["n"], Order.FORWARD, message["ms"], answer, answer))

    def _take_failed(self, message: Message) -> None:
        self.refusal = message["text"] or tr("cannot be opened")

    def trial(self, state: TrialState, reason: str) -> EngineTrial:
        """The trial so far."""
        truth = self.truth
        differing = sum(a != b for a, b in zip(self.rerun, truth.digests, strict=False))
        return EngineTrial(
            engine=self.spec.name,
            title=self.spec.title,
            call=self.spec.call,
            version=self.version,
            state=state,
            reason=reason,
            frame_count_claimed=self.claimed,
            sequence=Sequence(
                digests=np.array(truth.digests, np.uint64),
                pts=truth.pts_array(),
                times_s=np.array(self.times_s, np.float64),
                is_complete=truth.is_complete,
                elapsed_s=self.sequence_s,
                error=self.sequence_error,
                rerun_compared=len(self.rerun),
                rerun_differing=differing,
                distinct=truth.distinct,
                tail_run=truth.tail_run,
                is_flat=self.flat,
                interruptions=_interruptions(self.missed),
                look=self.look,
            ),
            requests=tuple(self.results),
            past_end=self.past_end,
            open_s=self.open_s,
            peak_memory_bytes=self.peak_bytes,
            elapsed_s=self.elapsed_s,
            complaints=self.complaints,
            is_plain=self.spec.is_plain,
        )


def _interruptions(missed: list[tuple[int, str]]) -> tuple[Interruption, ...]:
    """Consecutive steps without a picture, merged into one interruption each."""
    places: dict[int, list[str]] = {}
    for place, words in missed:
        places.setdefault(place, []).append(words)
    return tuple(Interruption(place, len(words), words[0]) for place, words in places.items())
