"""Frozen records of an audit, shared by window, command line, reports and Python."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.audit.requests import Order
    from framescope.core.errors import FrameScopeError
    from framescope.core.model.stream_facts import OpenCVFacts, VideoInfo

FEW_FRAMES = 10
"""Answers for fewer frames than this say nothing about the others."""


class Outcome(StrEnum):
    """The result for one request."""

    EXACT = "exact"
    """The picture that the engine itself gives at this position in a sequential decode."""
    AMBIGUOUS = "ambiguous"
    """A picture that several frames share, the requested one among them; counted as exact."""
    SHIFTED = "shifted"
    """The picture of a different frame."""
    FOREIGN = "foreign"
    """A picture that never occurs in the engine's sequential decode."""
    FAILED = "failed"
    """No picture, or an error."""
    ENDED = "ended"
    """Correctly no picture: the request was past the end."""
    OVERRUN = "overrun"
    """A picture, although the request was past the end."""


@dataclass(frozen=True, slots=True)
class RequestResult:
    """One request of one engine, and its judgement.

    Attributes:
        frame_number: The frame that was requested.
        order: In which order of requests.
        outcome: The result.
        landed: The frame returned, in the engine's own count; None if it was no known picture.
        candidates: All frames with the returned picture, if there are several.
        repeat_differs: Whether the same request, repeated at once, returned a different picture.
        latency_ms: Wall time of the first of the two requests.
        time_error_s: The engine's reported time minus the requested frame's true time; None if either is
            unknown.
        position: The engine's reported position afterwards, as a frame number; None if not reported.
        error: The library's error message, if it failed.
    """

    frame_number: int
    order: Order
    outcome: Outcome
    landed: int | None = None
    candidates: tuple[int, ...] = ()
    repeat_differs: bool = False
    latency_ms: float = 0.0
    time_error_s: float | None = None
    position: float | None = None
    error: str = ""

    @property
    def is_exact(self) -> bool:
        """Whether the right picture was returned, both times."""
        return self.outcome in (Outcome.EXACT, Outcome.AMBIGUOUS) and not self.repeat_differs

    @property
    def offset(self) -> int | None:
        """Frames by which the answer was late (positive) or early; None if it was no known picture."""
        return None if self.landed is None else self.landed - self.frame_number


class TrialState(StrEnum):
    """How a trial ended."""

    DONE = "done"
    NOT_INSTALLED = "not installed"
    UNAVAILABLE = "not available"
    CANNOT_OPEN = "cannot open"
    CRASHED = "crashed"
    HUNG = "hung"
    OUT_OF_MEMORY = "out of memory"
    CANCELLED = "cancelled"
    RUNNING = "running"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Interruption:
    """A point in a sequential pass where a library gave no picture but continues afterwards.

    Attributes:
        frame_number: Frames read before, in the engine's own count.
        times: How often in a row it gave none.
        words: What happened the first time, such as ``read() returns False``.
    """

    frame_number: int
    times: int
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """An engine's own sequential decode, with which its answers are compared. Arrays by its own count.

    Attributes:
        digests: uint64, one per picture.
        pts: int64, ``NO_PTS`` if not reported.
        times_s: float64, NaN if not reported.
        is_complete: Whether the engine read to the end; a quick trial may stop earlier.
        elapsed_s: Wall time of the pass.
        error: The library's error message, if the pass ended with an error.
        rerun_compared: Pictures that were read again in a second pass.
        rerun_differing: How many of them differed.
        distinct: The number of different pictures.
        tail_run: How many of the last pictures are identical; at least 1 if there are any.
        is_flat: Whether every picture holds one value only.
        interruptions: Points where it gave no picture and continued, ascending.
        look: `look_of` of the first picture, in R, G and B; None if the engine returns no packed colours.
    """

    digests: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))
    pts: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    times_s: NDArray[np.float64] = field(default_factory=lambda: np.empty(0, np.float64))
    is_complete: bool = False
    elapsed_s: float = 0.0
    error: str = ""
    rerun_compared: int = 0
    rerun_differing: int = 0
    distinct: int = 0
    tail_run: int = 0
    is_flat: bool = False
    interruptions: tuple[Interruption, ...] = ()
    look: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        """Frames read."""
        return len(self.digests)

    @property
    def lost_by_stopping(self) -> int:
        """Frames missed by a loop that stops at the first read without a picture."""
        return len(self) - self.interruptions[0].frame_number if self.interruptions else 0

    @property
    def fps(self) -> float:
        """Frames per second; NaN if the pass is too short."""
        return len(self.digests) / self.elapsed_s if self.elapsed_s > 0 and len(self.digests) else math.nan


class VerdictKind(StrEnum):
    """Verdicts on an engine for a file, best first."""

    TRUSTWORTHY = "trustworthy"
    OFF_BY_CONSTANT = "off by a constant"
    LANDS_ON_KEYFRAMES = "lands on keyframes"
    WRONG_NEAR_KEYFRAMES = "wrong near keyframes"
    WRONG_AFTER = "wrong after a frame"
    DRIFTS = "drifts"
    UNRELIABLE = "unreliable"
    UNSTABLE = "unstable"
    CANNOT_SEEK = "cannot seek in it"
    CANNOT_READ = "cannot read it"
    NOT_TRIED = "not tried"


class CauseKind(StrEnum):
    """A property of the file that makes seeking go wrong."""

    INTERLACED = "interlaced"
    DAMAGED = "damaged"
    NO_TIMESTAMPS = "no timestamps"
    BROKEN_INDEX = "broken index"
    WRONG_COUNT = "wrong frame count"
    EDIT_LIST = "edit list"
    OPEN_GOP = "open GOP"
    VARIABLE_RATE = "variable rate"
    START_OFFSET = "start offset"
    NEGATIVE_DTS = "negative dts"
    B_FRAMES = "B-frames"
    FEW_KEYFRAMES = "few keyframes"


@dataclass(frozen=True, slots=True)
class Cause:
    """A property of the file, with its figures, in one sentence."""

    kind: CauseKind
    sentence: str


class AdviceKind(StrEnum):
    """A kind of recommendation."""

    SEEK_FREELY = "seek freely"
    READ_ON = "read sequentially"
    READ_PAST = "continue reading after a failed read"
    SEEK_EARLIER = "seek earlier and decode forward"
    CORRECT_OFFSET = "correct by the offset"
    REMUX = "remux"
    REENCODE = "re-encode all-intra"
    OTHER_ENGINE = "use another engine"


@dataclass(frozen=True, slots=True)
class Advice:
    """One recommendation.

    Attributes:
        kind: Its kind.
        sentence: The recommendation, with the figures of this file.
        cost_s: Its cost in seconds, on the machine of the trial; None if unknown.
        cost_text: The cost in words.
    """

    kind: AdviceKind
    sentence: str
    cost_s: float | None = None
    cost_text: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on an engine for this file.

    Attributes:
        kind: The kind.
        sentence: A sentence with figures.
        cause: The likely cause, if the index shows one.
        advice: Recommendations, best first.
    """

    kind: VerdictKind
    sentence: str
    cause: Cause | None = None
    advice: tuple[Advice, ...] = ()


@dataclass(frozen=True, eq=False)
class EngineTrial:
    """One engine's trial on one file.

    Attributes:
        engine: Its name.
        title: Its name for display.
        call: The call under test.
        version: The library's installed version; None if it is not installed.
        state: How the trial ended.
        reason: Why it ended early, such as the signal's name, or what to install.
        frame_count_claimed: The frame count reported by the library.
        sequence: Its sequential pass.
        requests: Its answers, in order of request, except the one past the end.
        past_end: The answer to a request past the end; None if not tested.
        open_s: Seconds to open the file.
        peak_memory_bytes: Peak memory of the process.
        elapsed_s: Wall time of the whole trial.
        complaints: The last lines that the library wrote to stderr.
        is_plain: Whether the engine is not meant to be exact.
        verdict: The verdict.
    """

    engine: str
    title: str
    call: str
    version: str | None
    state: TrialState
    reason: str = ""
    frame_count_claimed: int | None = None
    sequence: Sequence = field(default_factory=Sequence)
    requests: tuple[RequestResult, ...] = ()
    past_end: RequestResult | None = None
    open_s: float = math.nan
    peak_memory_bytes: int = 0
    elapsed_s: float = 0.0
    complaints: str = ""
    is_plain: bool = False
    verdict: Verdict = Verdict(VerdictKind.NOT_TRIED, tr("Not tried."))

    @cached_property
    def exact_count(self) -> int:
        """Requests that returned the right picture."""
        return sum(one.is_exact for one in self.requests)

    @property
    def exact_share(self) -> float:
        """Right answers over requests, 0 to 1; NaN without requests."""
        return self.exact_count / len(self.requests) if self.requests else math.nan

    @property
    def is_exact(self) -> bool:
        """Whether every answer was right; see `is_partial` for whether that covers the whole file."""
        return self.verdict.kind is VerdictKind.TRUSTWORTHY

    @cached_property
    def frames_asked(self) -> int:
        """Different frames that were requested."""
        return len({one.frame_number for one in self.requests})

    @property
    def has_few_answers(self) -> bool:
        """Whether too few frames were requested to say anything about the others."""
        total = len(self.sequence) if self.sequence.is_complete else FEW_FRAMES
        return self.frames_asked < min(FEW_FRAMES, total)

    @property
    def is_partial(self) -> bool:
        """Whether only part was tested: not every frame was requested, or the end was not reached."""
        return not self.sequence.is_complete or self.frames_asked < len(self.sequence)

    @property
    def stops_loops(self) -> bool:
        """Whether a read loop that stops at the first failure ends early."""
        return bool(self.sequence.interruptions)

    @property
    def verdict_text(self) -> str:
        """The verdict in a few words: only about what was tested, and whether a plain loop loses frames."""
        if not self.is_exact:
            return self.verdict.kind.value
        asked = "frame" if self.frames_asked == 1 else counted(self.frames_asked, "frame", "frames")
        words = (
            tr("correct for the requested {asked}", asked=asked)
            if self.is_partial
            else self.verdict.kind.value
        )
        return tr("{words}, but a plain loop stops early", words=words) if self.stops_loops else words

    @cached_property
    def offsets(self) -> dict[int, int]:
        """How often each nonzero offset occurred, most frequent first."""
        counts: dict[int, int] = {}
        for one in self.requests:
            if one.outcome is Outcome.SHIFTED and one.offset is not None:
                counts[one.offset] = counts.get(one.offset, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], abs(item[0]))))

    @property
    def largest_offset(self) -> int:
        """The offset farthest from 0."""
        return max(self.offsets, key=abs, default=0)

    @cached_property
    def latencies_ms(self) -> NDArray[np.float64]:
        """Wall time of each request, in order of request."""
        return np.array([one.latency_ms for one in self.requests], np.float64)

    @property
    def latency_median_ms(self) -> float:
        """Median latency; NaN without requests."""
        return float(np.median(self.latencies_ms)) if self.requests else math.nan

    @property
    def latency_p95_ms(self) -> float:
        """95th percentile of the latency; NaN without requests."""
        return float(np.percentile(self.latencies_ms, 95)) if self.requests else math.nan

    def outcome_count(self, outcome: Outcome) -> int:
        """The number of requests with this outcome."""
        return sum(one.outcome is outcome for one in self.requests)


@dataclass(frozen=True, slots=True, eq=False)
class FileFacts:
    """The facts from the index that plots and reports need.

    Attributes:
        frame_count: Frames that a sequential decode shows.
        keyframes: Their numbers, ascending.
        decode_costs: For each frame number the frames that must be decoded to reach it, itself included.
        times_s: Seconds since the first frame, NaN where unknown.
        causes: Every property that can make seeking go wrong, most serious first.
        opencv: OpenCV's properties right after opening.
        stream: Codec, size, declared rate and container in words.
    """

    frame_count: int
    keyframes: NDArray[np.int64]
    decode_costs: NDArray[np.int64]
    times_s: NDArray[np.float64]
    causes: tuple[Cause, ...]
    opencv: OpenCVFacts
    stream: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class FileAudit:
    """One file, all engines.

    Attributes:
        source: Path or address.
        info: The file's declared facts; None if it cannot be opened.
        facts: The facts from the index; None if there is none.
        trials: One per engine, in the catalogue's order.
        asked: The number of different frames chosen.
        seed: The random seed.
        is_quick: Whether it was a quick trial, which does not request every frame.
        coverage: A sentence on how much of the file was tested.
        elapsed_s: Total wall time.
        error: Why nothing could be tested; empty otherwise.
        fault: The exception behind it, if any; None in an audit from an earlier run.
    """

    source: str
    info: VideoInfo | None
    facts: FileFacts | None
    trials: tuple[EngineTrial, ...]
    asked: int = 0
    seed: int = 0
    is_quick: bool = True
    coverage: str = ""
    elapsed_s: float = 0.0
    error: str = ""
    fault: FrameScopeError | None = None

    def trial(self, engine: str) -> EngineTrial:
        """The trial of an engine by name.

        Raises:
            KeyError: It is not included.
        """
        for one in self.trials:
            if one.engine == engine:
                return one
        raise KeyError(engine)

    @property
    def was_cancelled(self) -> bool:
        """Whether it was cancelled."""
        return any(one.state is TrialState.CANCELLED for one in self.trials)
