"""A trial survives whatever a library does, and says what it was."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import psutil
import pytest

from framescope.core.audit.child_process import Limits
from framescope.core.audit.engines.protocol import Ask, Target
from framescope.core.audit.records import Interruption, Outcome, TrialState
from framescope.core.audit.requests import Order
from framescope.core.audit.trial import TrialPlan, run_trial
from framescope.core.model.progress import CancelToken, Progress
from tests.core.audit import fake_engines as fakes

if TYPE_CHECKING:
    from framescope.core.audit.records import EngineTrial


def plan(*orders: Order, **changes: object) -> TrialPlan:
    asks = tuple(Ask(number, number, number / 10) for number in range(fakes.FRAMES))
    made = TrialPlan(
        target=Target("nowhere.mp4", 0, Fraction(1, 10)),
        rounds=tuple((order, asks) for order in orders or (Order.FORWARD,)),
        frame_count=fakes.FRAMES,
        times_s=np.arange(fakes.FRAMES) / 10,
    )
    return replace(made, **changes)  # type: ignore[arg-type] # names of its fields


def try_out(engine: type[fakes.Honest], **changes: object) -> EngineTrial:
    return run_trial(fakes.spec_of(engine), plan(**changes))


def test_an_honest_engine_is_exact() -> None:
    trial = run_trial(fakes.spec_of(fakes.Honest), plan(Order.FORWARD, Order.END_THEN_BACK))
    assert trial.state is TrialState.DONE
    assert (trial.exact_count, len(trial.requests)) == (24, 24)
    assert len(trial.sequence) == fakes.FRAMES
    assert trial.sequence.is_complete
    assert (trial.sequence.rerun_compared, trial.sequence.rerun_differing) == (12, 0)
    assert trial.sequence.pts.tolist() == list(range(12))
    assert trial.past_end is not None
    assert trial.past_end.outcome is Outcome.ENDED
    assert trial.requests[3].time_error_s == pytest.approx(0)
    assert trial.frame_count_claimed == 12
    assert trial.peak_memory_bytes > 0
    assert {one.order for one in trial.requests} == {Order.FORWARD, Order.END_THEN_BACK}


def test_an_engine_that_halts_is_read_on() -> None:
    trial = try_out(fakes.Halting)
    assert (len(trial.sequence), trial.exact_count) == (12, 12)
    assert trial.sequence.interruptions == (Interruption(5, 2, "read() returns False"),)
    assert trial.sequence.lost_by_stopping == 7


def test_a_late_engine_is_off_by_two() -> None:
    trial = try_out(fakes.Late)
    assert trial.offsets == {2: 10}
    assert trial.outcome_count(Outcome.FAILED) == 2
    assert {one.landed for one in trial.requests if one.frame_number == 4} == {6}


def test_what_cannot_be_opened_says_why() -> None:
    trial = try_out(fakes.Refusing)
    assert trial.state is TrialState.CANNOT_OPEN
    assert "this is no video to me" in trial.reason


def test_what_is_not_installed_says_what_to_type() -> None:
    missing = replace(fakes.spec_of(fakes.Honest), distributions=("no-such-distribution-here",))
    trial = run_trial(missing, plan())
    assert trial.state is TrialState.NOT_INSTALLED
    assert trial.reason == "not installed: pip install pytest"


def test_prints_and_strange_errors_are_no_harm() -> None:
    trial = try_out(fakes.Complaining)
    assert trial.state is TrialState.DONE
    failed = [one for one in trial.requests if one.outcome is Outcome.FAILED]
    assert [(one.frame_number, one.error) for one in failed] == [(3, "KeyError: 'three'")]
    assert "a library prints this" in trial.complaints


@pytest.mark.skipif(os.name != "posix", reason="signals have names there")
def test_a_crash_is_a_row_with_the_signal_and_what_came_before() -> None:
    trial = try_out(fakes.Crashing)
    assert trial.state is TrialState.CRASHED
    assert "SIGSEGV" in trial.reason
    assert trial.exact_count == 1


def test_an_exit_is_a_row() -> None:
    trial = try_out(fakes.Exiting)
    assert trial.state is TrialState.CRASHED
    assert "exit status 7" in trial.reason


def test_a_hang_is_ended_and_is_a_row() -> None:
    # How far it comes before is the machine's matter: so short a silence may be a starved one's as well.
    trial = run_trial(fakes.spec_of(fakes.Hanging), plan(), limits=Limits(silence_s=0.5))
    assert trial.state is TrialState.HUNG
    assert "0.5 s" in trial.reason


@pytest.mark.parametrize(
    "engine",
    [
        fakes.Greedy,
        pytest.param(
            fakes.Swelling,
            marks=pytest.mark.skipif(
                sys.platform not in ("linux", "win32"), reason="the system keeps no peak of another process"
            ),
        ),
    ],
)
def test_a_memory_eater_is_ended_and_is_a_row(engine: type[fakes.Honest]) -> None:
    limits = Limits(memory_bytes=fakes.MEMORY_LIMIT_BYTES)
    # Not even a pass that ends before anybody looked hides it.
    trial = run_trial(fakes.spec_of(engine), plan(sequence_s=0.0, seek_s=0.0), limits=limits)
    assert trial.state is TrialState.OUT_OF_MEMORY
    assert "400 are allowed" in trial.reason
    assert trial.peak_memory_bytes > fakes.MEMORY_LIMIT_BYTES


def test_the_memory_of_a_program_that_a_library_runs_counts() -> None:
    spec = replace(fakes.spec_of(fakes.Delegating), program=sys.executable)
    before = set(psutil.Process().children(recursive=True))
    trial = run_trial(spec, plan(), limits=Limits(memory_bytes=fakes.MEMORY_LIMIT_BYTES))
    assert trial.state is TrialState.OUT_OF_MEMORY
    assert trial.peak_memory_bytes > fakes.MEMORY_LIMIT_BYTES
    assert set(psutil.Process().children(recursive=True)) <= before


def test_cancelling_keeps_what_is_there() -> None:
    cancel = CancelToken()

    def stop(progress: Progress) -> None:
        if progress.done > fakes.FRAMES:
            cancel.cancel()

    trial = run_trial(fakes.spec_of(fakes.Hanging), plan(), cancel=cancel, progress=stop)
    assert trial.state is TrialState.CANCELLED
    assert trial.requests


def test_answers_that_change_are_noticed() -> None:
    trial = try_out(fakes.Moody)
    assert all(one.repeat_differs for one in trial.requests)
    assert trial.exact_count == 0


def test_runs_that_differ_are_noticed() -> None:
    assert try_out(fakes.Forgetful).sequence.rerun_differing == fakes.FRAMES


def test_one_picture_for_all_is_told() -> None:
    sequence = try_out(fakes.Blind).sequence
    assert sequence.distinct == 1
    assert sequence.is_flat


def test_a_picture_past_the_end_is_told() -> None:
    past_end = try_out(fakes.Endless).past_end
    assert past_end is not None
    assert past_end.outcome is Outcome.OVERRUN


def test_time_limits_leave_a_spread_of_requests() -> None:
    trial = run_trial(
        fakes.spec_of(fakes.Honest), plan(Order.SHUFFLED, Order.FORWARD, sequence_s=0.0, seek_s=0.0)
    )
    assert trial.state is TrialState.DONE
    assert not trial.sequence.is_complete
    assert len(trial.sequence) == 2
    assert trial.requests
    assert all(one.frame_number < 2 for one in trial.requests)


def test_it_is_said_to_run_before_anything_came() -> None:
    seen: list[EngineTrial] = []
    progress: list[Progress] = []
    run_trial(fakes.spec_of(fakes.Refusing), plan(), on_update=seen.append, progress=progress.append)
    assert (seen[0].state, len(seen[0].sequence)) == (TrialState.RUNNING, 0)
    assert progress[0].text == "Refusing: starting…"


def test_updates_come_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("framescope.core.audit.trial._UPDATE_S", 0.0)
    seen: list[EngineTrial] = []
    run_trial(fakes.spec_of(fakes.Honest), plan(), on_update=seen.append)
    assert {trial.state for trial in seen} == {TrialState.RUNNING}
    assert [len(trial.requests) for trial in seen] == sorted(len(trial.requests) for trial in seen)
