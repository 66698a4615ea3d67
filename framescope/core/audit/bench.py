"""Compares the libraries on one file: every engine in its own process, turn by turn, stopped in between."""

from __future__ import annotations

import random
import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.audit.bench_records import BenchTask, EngineBench, FileBench, Measure
from framescope.core.audit.child_process import BENCH_WORKER, ChildEnded, ChildProcess, Limits
from framescope.core.audit.engines.catalog import find_engines
from framescope.core.audit.engines.protocol import Target
from framescope.core.audit.file_audit import DEFAULT_SEED
from framescope.core.audit.messages import target_message
from framescope.core.audit.records import TrialState
from framescope.core.media.video import open_video
from framescope.core.model.progress import CancelToken, Progress, ignore_progress

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from framescope.core.audit.engines.catalog import EngineSpec
    from framescope.core.audit.messages import Message
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import ProgressCallback

_REFERENCE = "opencv"
_UNITS = {
    BenchTask.OPEN: "opening",
    BenchTask.SEQUENTIAL: "frame",
    BenchTask.RANDOM: "frame",
    BenchTask.SCRUB: "step",
    BenchTask.SHUFFLED: "frame",
}


@dataclass(frozen=True, slots=True)
class BenchSettings:
    """How much is measured.

    Attributes:
        engines: Names of engines; empty for all.
        rounds: Turns of every engine at every task.
        turn_s: Seconds that one turn may take.
        window: Frames, from the start, that requests and sequential reading stay within.
        random_count: Frames of a random turn.
        scrub_steps: Steps of a scrub turn.
        shuffled_count: Frames of a shuffled turn.
        seed: Seed of the random frames.
        limits: When a library is given up.
        catalogue: The engines to choose from; None for all that there are.
    """

    engines: tuple[str, ...] = ()
    rounds: int = 3
    turn_s: float = 4.0
    window: int = 600
    random_count: int = 20
    scrub_steps: int = 60
    shuffled_count: int = 100
    seed: int = DEFAULT_SEED
    limits: Limits = field(default_factory=lambda: Limits(silence_s=180.0))
    catalogue: tuple[EngineSpec, ...] | None = None


def run_bench(
    source: str | os.PathLike[str],
    settings: BenchSettings | None = None,
    *,
    stream_index: int | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> FileBench:
    """Measure every engine on one file, interleaved. Threads: any.

    Every answer is checked against the engine's own sequential decode of the same frames, so that an engine
    that does not do the same work is marked.

    Raises:
        OpenError: The file cannot be opened.
        SettingsError: An engine's name is nobody's.
    """
    settings = settings or BenchSettings()
    cancel = cancel or CancelToken()
    began = time.monotonic()
    specs = settings.catalogue or find_engines(settings.engines)
    with open_video(
        source, stream_index=stream_index, cache_bytes=1, progress=progress, cancel=cancel
    ) as video:
        index = video.index
        target = Target(
            video.info.source, video.info.stream_index, index.time_base, single_thread=index.single_thread
        )
    with ExitStack() as stack:
        seats = [_Seat(spec, target, settings, cancel, stack) for spec in specs]
        turns = _turns(index, settings)
        _play(seats, turns, progress, cancel)
        engines = tuple(seat.result() for seat in seats)
    return FileBench(
        source=video.info.source,
        frame_count=len(index),
        engines=_with_ratios(engines),
        rounds=settings.rounds,
        seed=settings.seed,
        elapsed_s=time.monotonic() - began,
    )


Turn = tuple[BenchTask | None, "Message"]


def _turns(index: FrameIndex, settings: BenchSettings) -> list[Turn]:
    """What every engine does, in this order; the first turn learns what is right and is not counted."""
    window = min(settings.window, len(index))
    chance = random.Random(settings.seed)
    turns: list[Turn] = [(None, {"do": "learn", "count": window})]
    for _ in range(settings.rounds):
        far_apart = [chance.randrange(window) for _ in range(settings.random_count)]
        shuffled = chance.sample(range(window), min(settings.shuffled_count, window))
        turns += [
            (BenchTask.OPEN, {"do": "open"}),
            (BenchTask.SEQUENTIAL, {"do": "sequential", "count": window, "seconds": settings.turn_s}),
            (BenchTask.RANDOM, _asking(index, far_apart, settings, is_cold=True)),
            (BenchTask.SCRUB, _asking(index, _scrub(window, settings.scrub_steps), settings, is_cold=True)),
            (BenchTask.SHUFFLED, _asking(index, shuffled, settings, is_cold=True)),
        ]
    return turns


def _scrub(window: int, steps: int) -> list[int]:
    """Forward by 3, back by 1, from a third of the way in."""
    here, path = window // 3, []
    for step in range(steps):
        path.append(min(max(here, 0), window - 1))
        here += 3 if step % 2 == 0 else -1
        if here >= window:
            here = 0
    return path


def _asking(index: FrameIndex, numbers: Iterable[int], settings: BenchSettings, *, is_cold: bool) -> Message:
    def row(number: int) -> list[Any]:
        time_s = index.time_of(number)
        return [number, index.pts_of(number), None if np.isnan(time_s) else time_s]

    return {"do": "ask", "asks": [row(n) for n in numbers], "seconds": settings.turn_s, "is_cold": is_cold}


def _play(seats: list[_Seat], turns: list[Turn], progress: ProgressCallback, cancel: CancelToken) -> None:
    done, total = 0, len(seats) * len(turns)
    for task, message in turns:
        for seat in seats:
            if cancel.is_cancelled:
                seat.leave(TrialState.CANCELLED, "cancelled")
            seat.play(task, message)
            done += 1
            progress(
                Progress(done, total, f"{seat.spec.title}: {'warming up' if task is None else task.value}")
            )


@dataclass(slots=True)
class _Notes:
    rounds: list[list[float]] = field(default_factory=list)
    wrong: int = 0
    failed: int = 0


class _Seat:
    """One engine at the table: its process, stopped while others have their turn."""

    def __init__(
        self,
        spec: EngineSpec,
        target: Target,
        settings: BenchSettings,
        cancel: CancelToken,
        stack: ExitStack,
    ) -> None:
        self.spec = spec
        self._version = spec.version
        self._state, self._reason = TrialState.DONE, ""
        self._notes: dict[BenchTask, _Notes] = {}
        self._child: ChildProcess | None = None
        if self._version is None:
            self._state, self._reason = TrialState.NOT_INSTALLED, spec.missing_text
            return
        self._child = stack.enter_context(ChildProcess(BENCH_WORKER, settings.limits, cancel))
        self._child.send({"factory": spec.factory, "target": target_message(target)})
        self._listen(None)

    def leave(self, state: TrialState, reason: str) -> None:
        """Take no more turns; what was measured stays."""
        if self._state is TrialState.DONE:
            self._state, self._reason = state, reason

    def play(self, task: BenchTask | None, message: Message) -> None:
        """Take one turn."""
        if self._child is None or self._state is not TrialState.DONE:
            return
        self._child.resume()
        self._child.send(message)
        self._listen(task)

    def _listen(self, task: BenchTask | None) -> None:
        child = self._child
        if child is None:
            return
        try:
            for message in child.receive():
                if message["kind"] == "turn" and task is not None:
                    self._note(task, message)
                elif message["kind"] == "failed":
                    self.leave(TrialState.CANNOT_OPEN, message["text"])
        except ChildEnded as ended:
            self.leave(ended.state, ended.message)
            return
        child.memory_bytes()
        child.suspend()

    def _note(self, task: BenchTask, message: Message) -> None:
        notes = self._notes.setdefault(task, _Notes())
        if message["samples_ms"]:
            notes.rounds.append(message["samples_ms"])
        notes.wrong += message.get("wrong", 0)
        notes.failed += message.get("failed", 0)

    def result(self) -> EngineBench:
        """What was measured."""
        return EngineBench(
            engine=self.spec.name,
            title=self.spec.title,
            version=self._version,
            state=self._state,
            reason=self._reason,
            measures={task: _measure(task, notes) for task, notes in self._notes.items() if notes.rounds},
            peak_memory_bytes=0 if self._child is None else self._child.peak_bytes,
        )


def _measure(task: BenchTask, notes: _Notes) -> Measure:
    samples = np.concatenate([np.array(one, np.float64) for one in notes.rounds])
    return Measure(
        task=task,
        unit=_UNITS[task],
        samples_ms=tuple(samples.tolist()),
        median_ms=float(np.median(samples)),
        p95_ms=float(np.percentile(samples, 95)),
        rounds_ms=tuple(float(np.median(one)) for one in notes.rounds),
        wrong=notes.wrong,
        failed=notes.failed,
    )


def _with_ratios(engines: tuple[EngineBench, ...]) -> tuple[EngineBench, ...]:
    reference = next((one.measures for one in engines if one.engine == _REFERENCE), {})

    def ratio(measure: Measure) -> float | None:
        other = reference.get(measure.task)
        return measure.median_ms / other.median_ms if other is not None and other.median_ms > 0 else None

    return tuple(
        replace(
            one,
            measures={task: replace(measure, ratio=ratio(measure)) for task, measure in one.measures.items()},
        )
        for one in engines
    )
