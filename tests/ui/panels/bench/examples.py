"""Comparisons with known figures."""

from __future__ import annotations

from dataclasses import replace

from framescope.core.audit.bench_records import BenchTask, EngineBench, FileBench, Measure
from framescope.core.audit.records import TrialState

_MIB = 2**20


def measure(task: BenchTask, ms: float, *, wrong: int = 0, failed: int = 0) -> Measure:
    """Three rounds around a figure, a quarter to each side."""
    rounds = (ms, ms * 0.75, ms * 1.25)
    return Measure(task, "frame", (ms,) * 4, ms, ms * 2, rounds, None, wrong, failed)


def engine(
    name: str, title: str, ms: float, *, wrong: int = 0, state: TrialState = TrialState.DONE
) -> EngineBench:
    """An engine that needs so many milliseconds for everything."""
    measures = {
        task: measure(task, ms, wrong=0 if task in (BenchTask.OPEN, BenchTask.SEQUENTIAL) else wrong)
        for task in BenchTask
    }
    return EngineBench(name, title, "1.0", state, measures=measures, peak_memory_bytes=int(ms * 10 * _MIB))


OWN = engine("framescope", "FrameScope", 5.0)
OPENCV = engine("opencv", "OpenCV, by frame number", 20.0)
PLAIN = engine("pyav", "PyAV, plain seek", 2.0, wrong=3)
CRASHED = EngineBench("decord", "decord", "0.6", TrialState.CRASHED, "crashed: SIGSEGV")
HUNG = EngineBench("slow", "Slow", "2", TrialState.HUNG, "no progress for 60 s; ended")
ABSENT = EngineBench(
    "torchcodec", "torchcodec", None, TrialState.NOT_INSTALLED, "not installed: pip install torchcodec"
)


def canned_bench(*engines: EngineBench, window: int = 100) -> FileBench:
    """A comparison of these engines, or of one of each kind."""
    all_kinds = (OWN, OPENCV, PLAIN, CRASHED, HUNG, ABSENT)
    return FileBench("/videos/clip.mp4", 100, engines or all_kinds, 3, 7, 61.0, window)


def under_way() -> FileBench:
    """One where OpenCV has yet to shuffle, and decord to begin."""
    measures = dict(OPENCV.measures)
    del measures[BenchTask.SHUFFLED]
    return canned_bench(
        replace(OWN, state=TrialState.RUNNING),
        replace(OPENCV, state=TrialState.RUNNING, measures=measures),
        EngineBench("decord", "decord", "0.6", TrialState.WAITING),
    )
