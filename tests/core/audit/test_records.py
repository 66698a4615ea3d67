"""The records sum up what they hold."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from framescope.core.audit.records import (
    FEW_FRAMES,
    EngineTrial,
    FileAudit,
    Interruption,
    Outcome,
    RequestResult,
    Sequence,
    TrialState,
    Verdict,
    VerdictKind,
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


@pytest.mark.parametrize(
    ("read", "is_complete", "asked", "few", "partial"),
    [
        (30, True, 30, False, False),
        (30, True, FEW_FRAMES, False, True),
        (30, True, 3, True, True),
        (3, True, 3, False, False),
        (30, False, 20, False, True),
        (3, False, 3, True, True),
        (0, False, 0, True, True),
    ],
)
def test_a_part_is_no_whole(
    read: int,
    is_complete: bool,  # noqa: FBT001
    asked: int,
    few: bool,  # noqa: FBT001
    partial: bool,  # noqa: FBT001
) -> None:
    sequence = Sequence(digests=np.arange(read, dtype=np.uint64), is_complete=is_complete)
    # Each frame twice: it is the frames that count, not the requests.
    requests = [result(number, number) for number in range(asked)] * 2
    one = replace(trial(*requests), sequence=sequence)
    assert (one.frames_asked, one.has_few_answers, one.is_partial) == (asked, few, partial)


def test_the_verdict_in_words_owns_up_to_a_part() -> None:
    right = Verdict(VerdictKind.TRUSTWORTHY, "All right.")
    one = replace(trial(result(0, 0), result(0, 0)), verdict=right)
    assert one.verdict_text == "correct for the requested frame"
    assert (
        replace(one, requests=(result(0, 0), result(4, 4))).verdict_text
        == "correct for the requested 2 frames"
    )
    whole = replace(one, sequence=Sequence(digests=np.zeros(1, np.uint64), is_complete=True))
    assert whole.verdict_text == "trustworthy"
    halting = Sequence(
        digests=np.zeros(1, np.uint64), is_complete=True, interruptions=(Interruption(0, 1, "None"),)
    )
    assert replace(one, sequence=halting).verdict_text == "trustworthy, but a plain loop stops early"
    wrong = replace(one, verdict=Verdict(VerdictKind.DRIFTS, "It drifts."))
    assert wrong.verdict_text == "drifts"


def test_an_audit_finds_its_trials() -> None:
    found = FileAudit("x.mp4", None, None, (trial(state=TrialState.CANCELLED),))
    assert found.trial("pyav").engine == "pyav"
    assert found.was_cancelled
    with pytest.raises(KeyError):
        found.trial("opencv")
