"""The records sum up what they hold."""

from __future__ import annotations

import math

import numpy as np
import pytest

from framescope.core.audit.records import (
    EngineTrial,
    FileAudit,
    Outcome,
    RequestResult,
    Sequence,
    TrialState,
)
from framescope.core.audit.requests import Order


def result(number: int, landed: int | None, *, ms: float = 1.0) -> RequestResult:
    outcome = Outcome.FOREIGN if landed is None else Outcome.EXACT if landed == number else Outcome.SHIFTED
    return RequestResult(number, Order.FORWARD, outcome, landed, latency_ms=ms)


def trial(*requests: RequestResult, state: TrialState = TrialState.DONE) -> EngineTrial:
    return EngineTrial("pyav", "PyAV", "seek", "18", state, requests=requests)


def test_a_trial_counts() -> None:
    one = trial(
        result(0, 0, ms=1), result(5, 8, ms=2), result(6, 9, ms=3), result(7, 1, ms=10), result(8, None)
    )
    assert (one.exact_count, one.exact_share) == (1, 0.2)
    assert one.offsets == {3: 2, -6: 1}
    assert one.largest_offset == -6
    assert one.outcome_count(Outcome.FOREIGN) == 1
    assert one.latency_median_ms == 2
    assert one.latency_p95_ms == pytest.approx(8.6)
    assert not one.is_exact


def test_a_trial_without_answers_has_no_figures() -> None:
    empty = trial()
    assert math.isnan(empty.exact_share)
    assert math.isnan(empty.latency_median_ms)
    assert math.isnan(empty.latency_p95_ms)
    assert math.isnan(empty.sequence.fps)
    assert empty.largest_offset == 0


def test_a_sequence_has_its_speed() -> None:
    assert Sequence(digests=np.zeros(30, np.uint64), elapsed_s=0.5).fps == 60


def test_an_audit_finds_its_trials() -> None:
    found = FileAudit("x.mp4", None, None, (trial(state=TrialState.CANCELLED),))
    assert found.trial("pyav").engine == "pyav"
    assert found.was_cancelled
    with pytest.raises(KeyError):
        found.trial("opencv")
