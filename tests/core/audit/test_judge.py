"""Every kind of answer is judged by the engine's own sequence."""

from __future__ import annotations

import numpy as np
import pytest

from framescope.core.audit.judge import Request, Truth, judge, judge_past_end
from framescope.core.audit.messages import Answer
from framescope.core.audit.records import Outcome, RequestResult
from framescope.core.audit.requests import Order
from framescope.core.media.index import NO_PTS


def truth_of(*digests: int, times: tuple[float, ...] = ()) -> Truth:
    truth = Truth(is_complete=True, true_times_s=np.array(times))
    for number, digest in enumerate(digests):
        truth.add(digest, number * 10)
    return truth


def ask(number: int, answer: Answer, truth: Truth, again: Answer | None = None) -> RequestResult:
    return judge(Request(number, Order.SHUFFLED, 1.5, answer, answer if again is None else again), truth)


def test_the_right_picture_is_exact() -> None:
    result = ask(1, Answer(101), truth_of(100, 101, 102))
    assert (result.outcome, result.landed, result.offset, result.is_exact) == (Outcome.EXACT, 1, 0, True)
    assert result.latency_ms == 1.5


def test_another_frames_picture_is_shifted() -> None:
    result = ask(0, Answer(102), truth_of(100, 101, 102))
    assert (result.outcome, result.landed, result.offset, result.is_exact) == (Outcome.SHIFTED, 2, 2, False)


def test_a_shared_picture_is_ambiguous_and_counts_as_exact() -> None:
    result = ask(2, Answer(7), truth_of(7, 8, 7))
    assert (result.outcome, result.landed, result.candidates) == (Outcome.AMBIGUOUS, 2, (0, 2))
    assert result.is_exact


def test_of_wrong_frames_alike_the_nearest_is_named() -> None:
    result = ask(3, Answer(7), truth_of(7, 7, 8, 9))
    assert (result.outcome, result.landed, result.candidates) == (Outcome.SHIFTED, 1, (0, 1))


def test_of_wrong_frames_alike_the_pts_tells_which_came() -> None:
    result = ask(3, Answer(7, pts=0), truth_of(7, 7, 8, 9))
    assert result.landed == 0


def test_a_picture_that_never_occurs_is_foreign() -> None:
    result = ask(0, Answer(999), truth_of(100, 101))
    assert (result.outcome, result.landed, result.offset) == (Outcome.FOREIGN, None, None)


def test_nothing_is_a_failure_with_its_words() -> None:
    truth = truth_of(100)
    assert ask(0, Answer(None), truth).error == "no picture came"
    failed = ask(0, Answer(None, error="OSError: gone"), truth)
    assert (failed.outcome, failed.error, failed.is_exact) == (Outcome.FAILED, "OSError: gone", False)


def test_an_answer_that_changes_is_not_exact() -> None:
    result = ask(0, Answer(100), truth_of(100, 101), Answer(101))
    assert result.outcome is Outcome.EXACT
    assert result.repeat_differs
    assert not result.is_exact


def test_claimed_times_are_held_to_true_ones() -> None:
    truth = truth_of(100, 101, times=(0.0, 0.04))
    assert ask(1, Answer(101, time_s=0.05), truth).time_error_s == pytest.approx(0.01)
    assert ask(1, Answer(101), truth).time_error_s is None
    assert ask(1, Answer(101, time_s=float("nan")), truth).time_error_s is None
    assert ask(5, Answer(101, time_s=0.05), truth).time_error_s is None


def test_past_the_end_nothing_is_right() -> None:
    for answer, outcome in ((Answer(None, error="IndexError"), Outcome.ENDED), (Answer(4), Outcome.OVERRUN)):
        assert judge_past_end(Request(9, Order.FORWARD, 1.0, answer, answer)).outcome is outcome


def test_missing_pts_are_marked() -> None:
    truth = Truth()
    truth.add(1, None)
    truth.add(2, 5)
    assert truth.pts_array().tolist() == [NO_PTS, 5]
    assert truth.distinct == 2
