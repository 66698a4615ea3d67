"""Measures say what they are worth."""

from __future__ import annotations

import math
from dataclasses import replace

from framescope.core.audit.bench_records import TASK_TITLES, BenchTask, EngineBench, Measure
from framescope.core.audit.records import TrialState

GOOD = Measure(BenchTask.RANDOM, "frame", (4.0, 5.0), 4.5, 5.0, (4.5,))


def test_wrong_answers_are_other_work() -> None:
    assert GOOD.does_the_same_work
    assert not replace(GOOD, wrong=1).does_the_same_work
    assert not replace(GOOD, failed=1).does_the_same_work


def test_an_engine_is_exact_when_all_its_answers_were() -> None:
    engine = EngineBench("x", "X", "1", TrialState.DONE, measures={BenchTask.RANDOM: GOOD})
    assert engine.is_exact
    wrong = {BenchTask.RANDOM: GOOD, BenchTask.SCRUB: replace(GOOD, wrong=2)}
    assert not replace(engine, measures=wrong).is_exact


def test_speed() -> None:
    assert math.isclose(GOOD.per_second, 222.2, rel_tol=1e-3)
    assert math.isnan(replace(GOOD, median_ms=0.0).per_second)


def test_every_task_has_a_title() -> None:
    assert set(TASK_TITLES) == set(BenchTask)
