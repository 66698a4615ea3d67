"""Frozen records of a benchmark."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.audit.records import TrialState


class BenchTask(StrEnum):
    """One thing that is timed."""

    OPEN = "open"
    """Open the file and learn the identity of its frames."""
    SEQUENTIAL = "sequential"
    """Read frames in order from the start, converted to 8 bit RGB or BGR."""
    RANDOM = "random"
    """Single frames far apart, each on its own: what was decoded before is not kept for the next one."""
    SCRUB = "scrub"
    """Forward by 3, back by 1, over and over, as a person drags."""
    SHUFFLED = "shuffled"
    """Many single frames in random order, as a data loader asks; all together."""


TASK_TITLES: dict[BenchTask, str] = {
    BenchTask.OPEN: "open + index",
    BenchTask.SEQUENTIAL: "sequential",
    BenchTask.RANDOM: tr("random access"),
    BenchTask.SCRUB: "scrub +3 −1",
    BenchTask.SHUFFLED: tr("shuffled frames"),
}


AVERAGED = frozenset({BenchTask.SCRUB, BenchTask.SHUFFLED})
"""Tasks told by the mean: most of their steps may be answered from a cache, so that a median would leave out
exactly the waiting that people notice."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Timings of one task of one engine, in milliseconds.

    Attributes:
        task: What was timed.
        unit: What one sample is: an opening, a frame, a step.
        samples_ms: Every sample of every round, in the order taken.
        median_ms: Their median.
        p95_ms: Their 95th percentile.
        rounds_ms: The figure of each round; their spread tells how far to trust the figure of all.
        ratio: Figure over OpenCV's figure of the same task; None if there is none.
        wrong: Answers whose picture was not the requested frame's.
        failed: Requests that brought nothing.
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
        """What engines are compared by: the mean where a cache may answer most steps, else the median."""
        return self.mean_ms if self.task in AVERAGED else self.median_ms

    @property
    def spread_ms(self) -> tuple[float, float]:
        """The least and the greatest figure of a round."""
        return min(self.rounds_ms), max(self.rounds_ms)

    @property
    def per_second(self) -> float:
        """Samples per second at the figure."""
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
        peak_memory_bytes: Most memory that its process held.
    """

    engine: str
    title: str
    version: str | None
    state: TrialState
    reason: str = ""
    measures: dict[BenchTask, Measure] = field(default_factory=dict)
    peak_memory_bytes: int = 0

    @property
    def is_exact(self) -> bool:
        """Whether all its answers were right."""
        return all(one.does_the_same_work for one in self.measures.values())


@dataclass(frozen=True, slots=True)
class FileBench:
    """All engines on one file.

    Attributes:
        source: Path or address.
        frame_count: Frames of the file.
        engines: In the catalogue's order.
        rounds: How often every engine had its turn.
        seed: Seed of the random frames.
        elapsed_s: Wall time of it all.
        window: The frames, from the start, that were read and asked for; 0 where that was not noted.
    """

    source: str
    frame_count: int
    engines: tuple[EngineBench, ...]
    rounds: int
    seed: int
    elapsed_s: float
    window: int = 0

    def engine(self, name: str) -> EngineBench:
        """One engine's figures by name.

        Raises:
            KeyError: It is not included.
        """
        for one in self.engines:
            if one.engine == name:
                return one
        raise KeyError(name)
