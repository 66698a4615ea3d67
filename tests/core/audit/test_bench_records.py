"""Figures of a comparison, and whether they compare."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from framescope.core.audit.bench_records import TASK_TITLES, BenchTask, EngineBench, FileBench, Measure
from framescope.core.audit.records import TrialState

RIGHT = Measure(BenchTask.RANDOM, "frame", (4.0,), 4.0, 4.0, (4.0,))


def engine(**measures: Measure) -> EngineBench:
    return EngineBench(
        "pyav", "PyAV", "18.1", TrialState.DONE, measures={BenchTask(k): v for k, v in measures.items()}
    )


def test_every_task_has_a_title() -> None:
    assert set(TASK_TITLES) == set(BenchTask)
    assert len(set(TASK_TITLES.values())) == len(BenchTask)


def test_samples_a_second() -> None:
    assert RIGHT.per_second == 250
    assert math.isnan(replace(RIGHT, median_ms=0.0).per_second)


def test_a_cache_does_not_flatter_a_scrub() -> None:
    samples = (1.0, 1.0, 1.0, 97.0)
    jump = Measure(BenchTask.RANDOM, "frame", samples, 1.0, 97.0, (1.0,))
    scrub = Measure(BenchTask.SCRUB, "step", samples, 1.0, 97.0, (25.0,))
    shuffled = replace(scrub, task=BenchTask.SHUFFLED)
    assert (jump.figure_ms, scrub.figure_ms, shuffled.figure_ms) == (1.0, 25.0, 25.0)
    assert scrub.mean_ms == 25.0
    assert scrub.per_second == 40.0


def test_the_spread_is_between_rounds() -> None:
    assert replace(RIGHT, rounds_ms=(5.0, 3.0, 4.0)).spread_ms == (3.0, 5.0)


@pytest.mark.parametrize("fault", [{"wrong": 1}, {"failed": 1}])
def test_one_fault_is_not_the_same_work(fault: dict[str, int]) -> None:
    assert RIGHT.does_the_same_work
    faulty = replace(RIGHT, wrong=fault.get("wrong", 0), failed=fault.get("failed", 0))
    assert not faulty.does_the_same_work
    assert engine(random=RIGHT, scrub=RIGHT).is_exact
    assert not engine(random=RIGHT, scrub=faulty).is_exact


def test_engines_by_name() -> None:
    found = FileBench("x.mp4", 48, (engine(),), rounds=1, seed=0, elapsed_s=1.0)
    assert found.engine("pyav") is found.engines[0]
    with pytest.raises(KeyError, match="opencv"):
        found.engine("opencv")
