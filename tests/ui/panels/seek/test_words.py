"""The words of the seek-truth panel."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from framescope.core.audit.records import Outcome, TrialState
from framescope.ui.panels.seek.words import (
    Level,
    Tone,
    headline,
    level_of,
    milliseconds,
    outcome_words,
    percent,
    progress_words,
    signed,
    tone_of,
    under_way,
    verdict_words,
)
from tests.ui.panels.seek.audits import answer, canned_audit


def test_a_share_is_never_rounded_up_to_all_nor_down_to_none() -> None:
    assert percent(0.999) == "99 %"
    assert percent(0.001) == "<1 %"
    assert (percent(1.0), percent(0.0), percent(math.nan)) == ("100 %", "0 %", "–")


def test_numbers_have_their_signs_and_units() -> None:
    assert (signed(3), signed(-2), signed(0)) == ("+3", "−2", "0")
    assert (milliseconds(2.34), milliseconds(23.4), milliseconds(2345)) == ("2.3 ms", "23 ms", "2.3 s")


@pytest.mark.parametrize(
    ("outcome", "level"),
    [
        (Outcome.EXACT, Level.EXACT),
        (Outcome.AMBIGUOUS, Level.AMBIGUOUS),
        (Outcome.FAILED, Level.FAILED),
        (Outcome.SHIFTED, Level.WRONG),
        (Outcome.FOREIGN, Level.WRONG),
    ],
)
def test_each_outcome_has_a_level(outcome: Outcome, level: Level) -> None:
    assert level_of(answer(5, 5, outcome)) is level


def test_an_answer_that_changes_when_repeated_is_wrong() -> None:
    one = replace(answer(5, 5), repeat_differs=True)

    assert level_of(one) is Level.WRONG
    assert "a repeated request" in outcome_words(one)


def test_answers_are_told_in_words() -> None:
    assert outcome_words(answer(5, 8)) == "returned frame 8 (+3)"
    assert "share this picture" in outcome_words(
        replace(answer(5, 5, Outcome.AMBIGUOUS), candidates=(4, 5, 6, 7, 8))
    )
    assert outcome_words(replace(answer(5, None), error="EOF")) == "nothing came: EOF"


def test_the_headline_counts_engines_that_were_tried() -> None:
    audit = canned_audit()

    assert headline(audit) == ("2 of 3 engines give you frames other than the ones you request.", Tone.BAD)
    assert headline(replace(audit, trials=audit.trials[:1]))[1] is Tone.GOOD
    assert headline(replace(audit, trials=audit.trials[1:]))[0].startswith("No tested engine")
    assert headline(replace(audit, trials=()))[1] is Tone.NONE
    assert headline(replace(audit, error="No such file."))[0] == "No such file."


def test_few_right_answers_are_no_reason_to_trust() -> None:
    audit = canned_audit()
    right = audit.trials[0]
    few = replace(right, requests=right.requests[:3])
    started = replace(right, sequence=replace(right.sequence, is_complete=False))
    tiny = replace(few, sequence=replace(few.sequence, digests=few.sequence.digests[:3]))

    assert (tone_of(few), verdict_words(few)) == (Tone.THIN, "correct for the requested 3 frames")
    assert headline(replace(audit, trials=(few,)))[1] is Tone.THIN
    assert "1 answered too few" in headline(replace(audit, trials=(few, *audit.trials[1:])))[0]
    assert (tone_of(started), verdict_words(started)) == (
        Tone.GOOD,
        f"correct for the requested {right.frames_asked} frames",
    )
    assert tone_of(tiny) is Tone.GOOD


def test_a_missing_engine_is_neither_good_nor_bad() -> None:
    missing = canned_audit().trials[-1]

    assert tone_of(missing) is Tone.NONE
    assert verdict_words(missing) == "not installed"


def test_what_a_check_is_at_from_its_first_second_on() -> None:
    audit = canned_audit()
    own, opencv, decord, missing = audit.trials
    assert under_way(None) == "Indexing the frames of the file…"
    # What is left of an earlier check is no news of this one.
    assert progress_words(audit) == progress_words(None) == "Indexing the frames of the file…"
    waiting = [replace(one, state=TrialState.WAITING, requests=()) for one in (own, opencv, decord)]
    begun = replace(audit, trials=(replace(waiting[0], state=TrialState.RUNNING), *waiting[1:], missing))
    assert under_way(begun) == "Reading the file in order…"
    assert progress_words(begun) == "0 of 3 done · read in order: FrameScope"
    later = replace(begun, trials=(own, replace(opencv, state=TrialState.RUNNING), waiting[2], missing))
    assert under_way(later) == "Requesting frames from each engine…"
    assert progress_words(later) == "1 of 3 done · asked: OpenCV, n"
