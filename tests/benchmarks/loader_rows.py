"""Shuffled clips as data loaders ask for them: one worker, or two at once, each with a process of its own."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.benchmarks.child import ChildError
from tests.benchmarks.loaders import LOADERS
from tests.benchmarks.report import Measure, Row, summarise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.bench import Bench
    from tests.benchmarks.child import Child
    from tests.benchmarks.clips import ClipSpec

_LENGTH = 16
_CLIPS, _QUICK_CLIPS = 24, 10
"""Clips a worker."""
_NAMES = ("H.264 GOP 30", "H.264 GOP 250", "H.264 open GOP 720p", "HEVC open GOP 720p")


def shuffled_clips(bench: Bench) -> Iterator[Row]:
    """CPU time of a clip, in one worker that has all cores and in two that have one each."""
    for name in _NAMES:
        if not bench.is_wanted(name):
            continue
        for workers in (1, 2):
            row = Row("Shuffled clips of 16, mean CPU ms", f"{name}, workers: {workers}", goal=1.0)
            for engine in bench.engines:
                if engine in LOADERS:
                    row.measures[engine] = _measured(bench, engine, bench.specs[name], workers)
            yield row


def _measured(bench: Bench, engine: str, spec: ClipSpec, workers: int) -> Measure:
    children: list[Child] = []
    count = _QUICK_CLIPS if bench.quick else _CLIPS
    jobs: list[partial[dict[str, Any]]] = []
    try:
        for seed in range(workers):
            child = bench.another_child(engine)
            children.append(child)
            rng = random.Random(seed)
            starts = [rng.randrange(spec.frame_count - _LENGTH) for _ in range(count)]
            path, threads = str(bench.paths[spec.name]), int(workers > 1)
            jobs.append(
                partial(child.ask, "clips", path=path, threads=threads, starts=starts, length=_LENGTH)
            )
        with ThreadPoolExecutor(workers) as pool:
            answers = list(pool.map(lambda job: job(), jobs))
    except ChildError as error:
        return Measure(problem=str(error))
    finally:
        for child in children:
            child.end()
    values = [value for answer in answers for value in answer["cpu_ms"]]
    return summarise(values, wrong=sum(answer["wrong"] for answer in answers), mean=True)
