"""Benchmarks the libraries on one file: each engine in its own process, interleaved, paused in between."""

from __future__ import annotations

import os
import random
import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.audit.bench_records import (
    AVERAGED,
    CLIP_LENGTH,
    TASK_TITLES,
    BenchTask,
    EngineBench,
    FileBench,
    Measure,
)
from framescope.core.audit.child_process import BENCH_WORKER, ChildEnded, ChildProcess, Limits
from framescope.core.audit.engines.catalog import BENCH_ENGINES, find_engines
from framescope.core.audit.engines.protocol import Target
from framescope.core.audit.file_audit import DEFAULT_SEED
from framescope.core.audit.live_bench import live_specs, live_trials
from framescope.core.audit.messages import target_message
from framescope.core.audit.records import TrialState
from framescope.core.hardware.devices import AUTOMATIC
from framescope.core.media.arrivals import refuse_without_end
from framescope.core.media.remote_file import as_local_file
from framescope.core.model.decoder_in_use import DecoderInUse
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.source.opening import open_video
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from framescope.core.audit.engines.catalog import EngineSpec
    from framescope.core.audit.messages import Message
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo

_REFERENCE = "opencv"
_UNITS = {
    BenchTask.OPEN: "opening",
    BenchTask.SEQUENTIAL: "frame",
    BenchTask.RANDOM: "frame",
    BenchTask.SCRUB: "step",
    BenchTask.SHUFFLED: "frame",
    BenchTask.CLIPS: "clip",
}


@dataclass(frozen=True, slots=True)
class BenchSettings:
    """The extent of a benchmark.

    Attributes:
        engines: Names of engines; empty for all.
        rounds: Turns per engine and task.
        turn_s: Maximum seconds per turn.
        learn_s: Maximum seconds for an engine's reference pass.
        window: Frames, from the start, to which requests and sequential reading are limited; fewer if an
            engine's reference pass is too slow.
        random_count: Frames of a random turn.
        scrub_steps: Steps of a scrub turn.
        shuffled_count: Frames of a shuffled turn.
        clip_count: Clips of a turn.
        seed: Seed of the random frames.
        limits: When to give up on a library.
        catalogue: The engines to choose from; None for all.
        hardware: The device of the engine that decodes by one: ``auto`` or a name, as for `open_video`.
        live: Whether to try the libraries on a stream of the file as well.
    """

    engines: tuple[str, ...] = ()
    rounds: int = 3
    turn_s: float = 4.0
    learn_s: float = 10.0
    window: int = 600
    random_count: int = 20
    scrub_steps: int = 60
    shuffled_count: int = 100
    clip_count: int = 8
    seed: int = DEFAULT_SEED
    limits: Limits = field(default_factory=Limits)
    catalogue: tuple[EngineSpec, ...] | None = None
    hardware: str = AUTOMATIC
    live: bool = False


def run_bench(  # noqa: PLR0913 - the file, what to measure, and how to follow it
    source: str | os.PathLike[str],
    settings: BenchSettings | None = None,
    *,
    stream_index: int | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    on_update: Callable[[FileBench], None] = lambda _bench: None,
) -> FileBench:
    """Measure every engine on one file, interleaved. Threads: any.

    Every answer is checked against the engine's own sequential decode of the same frames, so that an engine
    that does not do the same work is marked as such.

    Args:
        source: Path or address of the video.
        settings: The extent of a benchmark.
        stream_index: Which video stream; None to choose automatically.
        progress: Called after every turn.
        cancel: Ends the run; measurements are kept.
        on_update: Receives the results so far after every turn.

    Raises:
        OpenError: The file cannot be opened.
        SettingsError: An engine's name is unknown.
    """
    settings = settings or BenchSettings()
    cancel = cancel or CancelToken()
    specs = settings.catalogue or find_engines(settings.engines, BENCH_ENGINES)
    with ExitStack() as stack:
        tested = stack.enter_context(as_local_file(os.fspath(source), cancel))
        with open_video(
            tested,
            stream_index=stream_index,
            cache_bytes=1,
            frames_wanted=1,
            progress=progress,
            cancel=cancel,
        ) as video:
            refuse_without_end(video.info.source)
            index = video.index
            needs_device = any(spec.runs_on == "GPU" for spec in specs)
            decoder = (
                _decoder(video.info, settings.hardware, progress, cancel) if needs_device else DecoderInUse()
            )
            target = Target(
                video.info.source,
                video.info.stream_index,
                index.time_base,
                single_thread=index.single_thread,
                device=decoder.device,
            )
        # What a copy in a temporary folder is called helps nobody.
        shown = target.source if tested == os.fspath(source) else os.fspath(source)
        table = _Table(shown, index, settings, progress, on_update)
        for spec in specs:
            is_absent = spec.runs_on == "GPU" and not decoder.device
            why_absent = decoder.reason if is_absent else ""
            table.seats.append(_Seat(spec, target, settings.limits, cancel, stack, why_absent=why_absent))
        table.play_all(cancel)
        bench = table.result(is_over=True)
    if not settings.live:
        return bench
    readers = live_specs(specs)
    trials = live_trials(
        target.source, target.stream_index, readers, cancel=cancel, on_begun=table.note_stream_of
    )
    return replace(bench, live=trials, elapsed_s=time.monotonic() - table.began)


def _decoder(info: VideoInfo, hardware: str, progress: ProgressCallback, cancel: CancelToken) -> DecoderInUse:
    """The device that decodes this file, or why there is none."""
    from framescope.core.hardware.use import HardwareUse  # noqa: PLC0415 - not every benchmark needs one

    return HardwareUse(info, hardware).settle(progress, cancel)


@dataclass(slots=True)
class _Table:
    """All engines of the benchmark."""

    source: str
    index: FrameIndex
    settings: BenchSettings
    progress: ProgressCallback
    on_update: Callable[[FileBench], None]
    seats: list[_Seat] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    window: int = 0
    reference: int = 0
    done: int = 0

    def play_all(self, cancel: CancelToken) -> None:
        """Run every engine's reference pass, then the tasks in turns."""
        self.reference = count = min(self.settings.window, len(self.index))
        learn: Message = {
            "do": "learn",
            "count": count,
            "seconds": self.settings.learn_s,
            "is_whole": count == len(self.index),
        }
        self._play(None, tr("Warming up"), learn, cancel)
        # Only frames that can be checked are requested; an engine whose sequence ends early is simply wrong.
        self.window = min((seat.learnt for seat in self.seats if seat.learnt), default=count)
        for number in range(self.settings.rounds if count else 0):
            for task, message in _turns(self.index, self.settings, self.window, number):
                title = f"{number + 1}/{self.settings.rounds} {TASK_TITLES[task]}"
                self._play(task, title, message, cancel)

    @property
    def _total(self) -> int:
        streams = len(live_specs(seat.spec for seat in self.seats)) if self.settings.live else 0
        return len(self.seats) * (1 + self.settings.rounds * len(BenchTask)) + streams

    def note_stream_of(self, spec: EngineSpec) -> None:
        """Report that a library is being tried on a stream."""
        title = tr("Live stream: {library}", library=spec.library)
        self.progress(Progress(self.done, self._total, title))
        self.done += 1

    def _play(self, task: BenchTask | None, title: str, message: Message, cancel: CancelToken) -> None:
        total = self._total
        for seat in self.seats:
            if cancel.is_cancelled:
                seat.leave(TrialState.CANCELLED, "cancelled")
            if seat.is_playing:
                self.progress(Progress(self.done, total, f"{title}: {seat.spec.title}"))
                seat.play(task, message)
                self.on_update(self.result(is_over=False))
            self.done += 1

    def result(self, *, is_over: bool) -> FileBench:
        """The results so far."""
        return FileBench(
            source=self.source,
            frame_count=len(self.index),
            engines=_with_ratios(tuple(seat.result(is_over=is_over) for seat in self.seats)),
            rounds=self.settings.rounds,
            seed=self.settings.seed,
            elapsed_s=time.monotonic() - self.began,
            window=self.window,
            reference=self.reference,
        )


def _turns(
    index: FrameIndex, settings: BenchSettings, window: int, number: int
) -> list[tuple[BenchTask, Message]]:
    """The tasks of one round."""
    chance = random.Random(f"{settings.seed} {number}")
    far_apart = [chance.randrange(window) for _ in range(settings.random_count)]
    shuffled = chance.sample(range(window), min(settings.shuffled_count, window))
    length = min(CLIP_LENGTH, window)
    starts = [chance.randrange(window - length + 1) for _ in range(settings.clip_count)]
    return [
        (BenchTask.OPEN, {"do": "open"}),
        (BenchTask.SEQUENTIAL, {"do": "sequential", "count": window, "seconds": settings.turn_s}),
        # A cache would soon hold every frame of a short file, and the timings would be meaningless.
        (BenchTask.RANDOM, _asking(index, far_apart, settings, keeps_frames=False)),
        (BenchTask.SCRUB, _asking(index, _scrub(window, settings.scrub_steps), settings, keeps_frames=True)),
        (BenchTask.SHUFFLED, _asking(index, shuffled, settings, keeps_frames=True)),
        (
            BenchTask.CLIPS,
            {
                "do": "clips",
                "clips": [_rows(index, range(start, start + length)) for start in starts],
                "seconds": settings.turn_s,
                "keeps_frames": True,
            },
        ),
    ]


def _scrub(window: int, steps: int) -> list[int]:
    """Forward by 3, back by 1, from a third of the way in."""
    here, path = window // 3, []
    for step in range(steps):
        path.append(min(max(here, 0), window - 1))
        here += 3 if step % 2 == 0 else -1
        if here >= window:
            here = 0
    return path


def _asking(
    index: FrameIndex, numbers: Iterable[int], settings: BenchSettings, *, keeps_frames: bool
) -> Message:
    asks = _rows(index, numbers)
    return {"do": "ask", "asks": asks, "seconds": settings.turn_s, "keeps_frames": keeps_frames}


def _rows(index: FrameIndex, numbers: Iterable[int]) -> list[list[Any]]:
    """The requests for these frames."""

    def row(number: int) -> list[Any]:
        time_s = index.time_of(number)
        return [number, index.pts_of(number), None if np.isnan(time_s) else time_s]

    return [row(number) for number in numbers]


@dataclass(slots=True)
class _Notes:
    rounds: list[list[float]] = field(default_factory=list)
    wrong: int = 0
    failed: int = 0


class _Seat:
    """One engine of the benchmark: its process, suspended during the turns of others."""

    def __init__(  # noqa: PLR0913 - what an engine needs to take part
        self,
        spec: EngineSpec,
        target: Target,
        limits: Limits,
        cancel: CancelToken,
        stack: ExitStack,
        *,
        why_absent: str = "",
    ) -> None:
        self.spec = spec
        # Frames in its reference pass, if there was no time for all of them; 0 otherwise.
        self.learnt = 0
        self._claimed: int | None = None
        self._frames_read: int | None = None
        self._reads_more = False
        self._version = spec.version
        self._state, self._reason = TrialState.DONE, ""
        self._notes: dict[BenchTask, _Notes] = {}
        self._child: ChildProcess | None = None
        if self._version is None:
            self._state, self._reason = TrialState.NOT_INSTALLED, spec.missing_text
            return
        if why_absent:
            self._state, self._reason = TrialState.UNAVAILABLE, why_absent
            return
        self._child = stack.enter_context(
            ChildProcess(BENCH_WORKER, limits, cancel, runs_programs=bool(spec.program))
        )
        self._child.send({"factory": spec.factory, "target": target_message(target)})
        self._listen(None)

    @property
    def is_playing(self) -> bool:
        """Whether it takes more turns."""
        return self._child is not None and self._state is TrialState.DONE

    def leave(self, state: TrialState, reason: str) -> None:
        """Take no more turns; measurements are kept."""
        if self._state is TrialState.DONE:
            self._state, self._reason = state, reason

    def play(self, task: BenchTask | None, message: Message) -> None:
        """Take one turn."""
        if self._child is None or not self.is_playing:
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
                elif message["kind"] == "turn":
                    self._note_reference(message)
                elif message["kind"] == "failed":
                    self.leave(TrialState.CANNOT_OPEN, message["text"])
        except ChildEnded as ended:
            self.leave(ended.state, ended.message)
            return
        child.memory_bytes()
        child.suspend()

    def _note_reference(self, message: Message) -> None:
        if message["is_short"]:
            self.learnt = message["count"]
        else:
            self._frames_read, self._reads_more = message["count"], message.get("has_more", False)

    def _note(self, task: BenchTask, message: Message) -> None:
        if task is BenchTask.OPEN:
            self._claimed = message.get("claimed")
        notes = self._notes.setdefault(task, _Notes())
        if message["samples_ms"]:
            notes.rounds.append(message["samples_ms"])
        notes.wrong += message.get("wrong", 0)
        notes.failed += message.get("failed", 0)

    def result(self, *, is_over: bool) -> EngineBench:
        """The measurements."""
        has_begun = bool(self._notes)
        state = self._state
        if self.is_playing and not is_over:
            state = TrialState.RUNNING if has_begun else TrialState.WAITING
        return EngineBench(
            engine=self.spec.name,
            title=self.spec.title,
            version=self._version,
            state=state,
            reason=self._reason,
            measures={task: _measure(task, notes) for task, notes in self._notes.items() if notes.rounds},
            peak_memory_bytes=0 if self._child is None else self._child.peak_bytes,
            frame_count_claimed=self._claimed,
            frames_read=self._frames_read,
            reads_more=self._reads_more,
            runs_on=self.spec.runs_on,
        )


def _measure(task: BenchTask, notes: _Notes) -> Measure:
    samples = np.concatenate([np.array(one, np.float64) for one in notes.rounds])
    of_round = np.mean if task in AVERAGED else np.median
    return Measure(
        task=task,
        unit=_UNITS[task],
        samples_ms=tuple(samples.tolist()),
        median_ms=float(np.median(samples)),
        p95_ms=float(np.percentile(samples, 95)),
        rounds_ms=tuple(float(of_round(one)) for one in notes.rounds),
        wrong=notes.wrong,
        failed=notes.failed,
    )


def _with_ratios(engines: tuple[EngineBench, ...]) -> tuple[EngineBench, ...]:
    reference = next((one.measures for one in engines if one.engine == _REFERENCE), {})

    def ratio(measure: Measure) -> float | None:
        other = reference.get(measure.task)
        return measure.figure_ms / other.figure_ms if other is not None and other.figure_ms > 0 else None

    return tuple(
        replace(
            one,
            measures={task: replace(measure, ratio=ratio(measure)) for task, measure in one.measures.items()},
        )
        for one in engines
    )
