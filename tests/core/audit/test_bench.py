"""Engines take turns, and who gives wrong frames is marked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope.core.audit.bench import BenchSettings, run_bench
from framescope.core.audit.bench_records import BenchTask
from framescope.core.audit.child_process import Limits
from framescope.core.audit.records import TrialState
from framescope.core.model.progress import CancelToken, Progress
from tests.core.audit import fake_engines as fakes

if TYPE_CHECKING:
    from pathlib import Path

QUICK = BenchSettings(rounds=2, turn_s=0.5, window=10, random_count=6, scrub_steps=8, shuffled_count=10)


def test_everything_is_measured_and_held_to_opencv(plain_clip: Path) -> None:
    progress: list[Progress] = []
    settings = replace(QUICK, engines=("framescope", "opencv", "pyav"))
    found = run_bench(plain_clip, settings, progress=progress.append)
    assert found.frame_count == 48
    for name in ("framescope", "opencv", "pyav"):
        engine = found.engine(name)
        assert engine.state is TrialState.DONE
        assert set(engine.measures) == set(BenchTask)
        assert engine.peak_memory_bytes > 0
        for measure in engine.measures.values():
            assert len(measure.rounds_ms) == 2
            assert 0 < measure.median_ms <= measure.p95_ms
            assert measure.ratio is not None
            assert measure.per_second == pytest.approx(1000 / measure.median_ms)
    assert found.engine("opencv").measures[BenchTask.RANDOM].ratio == 1
    assert found.engine("framescope").is_exact
    assert found.engine("opencv").is_exact
    assert not found.engine("pyav").measures[BenchTask.SHUFFLED].does_the_same_work
    assert progress[-1].done == progress[-1].total
    with pytest.raises(KeyError):
        found.engine("decord")


def test_misbehaviour_costs_only_its_own_row(plain_clip: Path) -> None:
    missing = replace(fakes.spec_of(fakes.Honest), name="missing", distributions=("no-such-distribution",))
    catalogue = (
        fakes.spec_of(fakes.Honest),
        fakes.spec_of(fakes.Hanging),
        fakes.spec_of(fakes.Refusing),
        fakes.spec_of(fakes.Exiting),
        missing,
    )
    settings = replace(QUICK, rounds=1, catalogue=catalogue, limits=Limits(silence_s=2.0))
    found = run_bench(plain_clip, settings)
    states = {engine.engine: engine.state for engine in found.engines}
    assert states == {
        "honest": TrialState.DONE,
        "hanging": TrialState.HUNG,
        "refusing": TrialState.CANNOT_OPEN,
        "exiting": TrialState.CRASHED,
        "missing": TrialState.NOT_INSTALLED,
    }
    assert set(found.engine("honest").measures) == set(BenchTask)
    # What was measured before it went wrong stays.
    assert BenchTask.OPEN in found.engine("hanging").measures
    assert found.engine("honest").measures[BenchTask.OPEN].ratio is None


def test_cancelling_keeps_what_is_there(plain_clip: Path) -> None:
    cancel = CancelToken()

    def stop(progress: Progress) -> None:
        if "sequential" in progress.text:
            cancel.cancel()

    settings = replace(QUICK, catalogue=(fakes.spec_of(fakes.Honest),))
    found = run_bench(plain_clip, settings, cancel=cancel, progress=stop)
    engine = found.engine("honest")
    assert engine.state is TrialState.CANCELLED
    assert set(engine.measures) == {BenchTask.OPEN, BenchTask.SEQUENTIAL}
