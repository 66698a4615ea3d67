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
