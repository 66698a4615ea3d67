"""Frozen records of a benchmark."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.audit.records import TrialState


class BenchTask(StrEnum):
    """One thing that is timed."""

    OPEN = "open"
    """Open the file and its frame index."""
    SEQUENTIAL = "sequential"
    """Read frames in order from the start, converted to 8 bit RGB or BGR."""
    RANDOM = "random"
    """Single frames far apart, each independently: nothing decoded before is cached for the next one."""
    SCRUB = "scrub"
    """Forward by 3, back by 1, repeatedly, like dragging a slider."""
    SHUFFLED = "shuffled"
    """Many single frames in random order, as in a data loader; all together."""
    CLIPS = "clips"
    """Runs of `CLIP_LENGTH` frames from random places, as action recognition trains on."""


TASK_TITLES: dict[BenchTask, str] = {
    BenchTask.OPEN: "open + index",
    BenchTask.SEQUENTIAL: "sequential",
    BenchTask.RANDOM: tr("random access"),
    BenchTask.SCRUB: "scrub +3 −1",
    BenchTask.SHUFFLED: tr("shuffled frames"),
    BenchTask.CLIPS: tr("shuffled clips"),
}

CLIP_LENGTH = 16
"""Frames of a clip."""


AVERAGED = frozenset({BenchTask.SCRUB, BenchTask.SHUFFLED, BenchTask.CLIPS})
"""Tasks reported by their mean: most of their steps may come from a cache, so that a median would hide
exactly the waits that users notice."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Timings of one task of one engine, in milliseconds.

    Attributes:
        task: What was timed.
        unit: The unit of a sample: an opening, a frame, a step, a clip.
        samples_ms: Every sample of every round, in the order taken.
        median_ms: Their median.
        p95_ms: Their 95th percentile.
        rounds_ms: The figure of each round; their spread shows how reliable the overall figure is.
        ratio: Ratio to OpenCV's figure for the same task; None if there is none.
        wrong: Answers with the wrong picture, or clips that contain one.
        failed: Requests without an answer, or clips that miss a picture.
    """

    task: BenchTask
    unit: str
    samples_ms: tuple[float, ...]
    median_ms: float
    p95_ms: float
    rounds_ms: tuple[float, ...]
    ratio: float | None = None
    wrong: int = 0
    failed: int = 0

    @property
    def mean_ms(self) -> float:
        """The mean of all samples."""
        return statistics.fmean(self.samples_ms)

    @property
    def figure_ms(self) -> float:
        """The figure to compare engines by: the mean if a cache may answer most steps, else the median."""
        return self.mean_ms if self.task in AVERAGED else self.median_ms

    @property
    def spread_ms(self) -> tuple[float, float]:
        """The lowest and highest figure of a round."""
        return min(self.rounds_ms), max(self.rounds_ms)

    @property
    def per_second(self) -> float:
        """Samples per second."""
        return 1000 / self.figure_ms if self.figure_ms > 0 else float("nan")

    @property
    def does_the_same_work(self) -> bool:
        """Whether every answer was right; otherwise its time cannot be compared."""
        return not self.wrong and not self.failed


@dataclass(frozen=True, slots=True)
class EngineBench:
    """One engine's figures.

    Attributes:
        engine: Its name.
        title: Its name for display.
        version: The library's installed version; None if it is not installed.
        state: How it ended.
        reason: Why it ended early, or what to install.
        measures: By task.
        peak_memory_bytes: Peak memory of its process, and of the program that it runs.
        frame_count_claimed: The frame count that the library reports; None if it reports none.
        frames_read: Frames of its reference pass; None if there was none, or no time for all of them.
        reads_more: Whether its reference pass showed more frames than the file has.
        runs_on: What decodes: ``CPU`` or ``GPU``.
    """

    engine: str
    title: str
    version: str | None
    state: TrialState
    reason: str = ""
    measures: dict[BenchTask, Measure] = field(default_factory=dict)
    peak_memory_bytes: int = 0
    frame_count_claimed: int | None = None
    frames_read: int | None = None
    reads_more: bool = False
    runs_on: str = "CPU"

    @property
    def is_exact(self) -> bool:
        """Whether all its answers were right."""
        return all(one.does_the_same_work for one in self.measures.values())


@dataclass(frozen=True, slots=True)
class LiveTrial:
    """One library on a stream that arrived as it would from a camera: the first seconds of the file.

    Attributes:
        engine: The name of the library's engine.
        title: The library's name.
        version: Its installed version; None if it is not installed.
        state: How it ended.
        reason: Why it ended early, or what to install.
        sent: Frames of the stream.
        right: Frames received with the picture that a sequential decode of the stream shows.
        dropped: Frames that were not received.
        doubled: Pictures received again after they, or later ones, had been received.
        wrong: Pictures received that the stream does not show.
        first_ms: From opening to the first picture; None if there was none.
        came_late: Whether there was no picture before the whole stream had been sent.
        latencies_ms: From sending a frame's packet until it was decoded, of those sent after the first
            picture.
    """

    engine: str
    title: str
    version: str | None
    state: TrialState
    reason: str = ""
    sent: int = 0
    right: int = 0
    dropped: int = 0
    doubled: int = 0
    wrong: int = 0
    first_ms: float | None = None
    came_late: bool = False
    latencies_ms: tuple[float, ...] = ()

    @property
    def p50_ms(self) -> float | None:
        """The median latency; None if none was measured."""
        return float(np.percentile(self.latencies_ms, 50)) if self.latencies_ms else None

    @property
    def p95_ms(self) -> float | None:
        """The latency that 95 % of the frames have at most; None if none was measured."""
        return float(np.percentile(self.latencies_ms, 95)) if self.latencies_ms else None


@dataclass(frozen=True, slots=True)
class FileBench:
    """All engines on one file.

    Attributes:
        source: Path or address.
        frame_count: Frames of the file.
        engines: In the catalogue's order.
        rounds: The number of rounds.
        seed: Seed of the random frames.
        elapsed_s: Total wall time.
        window: The frames, from the start, that were read and requested; 0 if not recorded.
        reference: The frames, from the start, that each reference pass was to show; 0 if not recorded.
        live: The libraries on a stream of the file; empty if that was not requested.
    """

    source: str
    frame_count: int
    engines: tuple[EngineBench, ...]
    rounds: int
    seed: int
    elapsed_s: float
    window: int = 0
    reference: int = 0
    live: tuple[LiveTrial, ...] = ()

    def engine(self, name: str) -> EngineBench:
        """One engine's figures by name.

        Raises:
            KeyError: It is not included.
        """
        for one in self.engines:
            if one.engine == name:
                return one
        raise KeyError(name)
