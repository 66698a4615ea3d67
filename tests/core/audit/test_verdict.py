"""Each pattern of answers has its own verdict."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from framescope.core.audit.records import (
    EngineTrial,
    Interruption,
    Outcome,
    RequestResult,
    Sequence,
    TrialState,
    VerdictKind,
)
from framescope.core.audit.requests import Order
from framescope.core.audit.verdict import (
    Finding,
    PictureCheck,
    find_verdict,
    looks_suspicious,
    repeated_runs,
)

FRAMES = 60
KEYS = (0, 20, 40)


def exact(number: int) -> RequestResult:
    return RequestResult(number, Order.SHUFFLED, Outcome.EXACT, number)


def landed(number: int, at: int) -> RequestResult:
    return exact(number) if at == number else RequestResult(number, Order.SHUFFLED, Outcome.SHIFTED, at)


def failed(number: int) -> RequestResult:
    return RequestResult(number, Order.SHUFFLED, Outcome.FAILED, error="no picture came")


def trial(*requests: RequestResult, **changes: object) -> EngineTrial:
    sequence = Sequence(
        digests=np.arange(FRAMES, dtype=np.uint64),
        is_complete=True,
        elapsed_s=1.0,
        distinct=FRAMES,
        rerun_compared=24,
    )
    made = EngineTrial("opencv", "OpenCV", "set", "5", TrialState.DONE, requests=requests, sequence=sequence)
    return replace(made, **changes)  # type: ignore[arg-type] # names of its fields


def found(one: EngineTrial, pictures: PictureCheck | None = None) -> Finding:
    return find_verdict(one, FRAMES, KEYS, pictures or PictureCheck())


def test_all_right_is_trustworthy() -> None:
    kind, sentence = found(trial(*map(exact, range(FRAMES))))
    assert kind is VerdictKind.TRUSTWORTHY
    assert "All 60 requests" in sentence


def test_what_was_tried_in_part_is_said_to_be() -> None:
    assert "Only" not in found(trial(*map(exact, range(FRAMES))))[1]
    kind, sentence = found(trial(*map(exact, range(5)), exact(0)))
    assert kind is VerdictKind.TRUSTWORTHY
    assert sentence.endswith("Only 5 of 60 frames were requested: the others are not known.")
    one = trial(*map(exact, range(20)))
    sequence = replace(one.sequence, is_complete=False, digests=one.sequence.digests[:20])
    sentence = found(replace(one, sequence=sequence))[1]
    assert "Only 20 frames were requested, all among the first 20 of 60: the others" in sentence
    wrong = found(trial(*(landed(n, n + 2) for n in range(2, 6))))[1]
    assert wrong.endswith("Only 4 of 60 frames were requested.")


def test_reading_on_after_nothing_is_not_the_end() -> None:
    """The mistake that a loop makes which takes one failed read for the end of the file."""
    one = trial(*map(exact, range(FRAMES)))
    once = replace(one.sequence, interruptions=(Interruption(28, 1, "read() returns False"),))
    kind, sentence = found(replace(one, sequence=once))
    assert kind is VerdictKind.TRUSTWORTHY
    assert sentence.endswith(
        "read() returns False once, at frame 28, and continues after it:"
        " a loop that stops there loses 32 frames."
    )
    often = replace(once, interruptions=(*once.interruptions, Interruption(40, 2, "read() returns False")))
    sentence = found(replace(one, sequence=replace(often, is_complete=False)))[1]
    assert "3 times, first at frame 28" in sentence
    assert "loses at least 32 frames" in sentence


def test_what_breaks_off_cannot_be_read() -> None:
    one = trial(*map(exact, range(20)))
    short = replace(one.sequence, digests=one.sequence.digests[:20])
    assert found(replace(one, sequence=short))[0] is VerdictKind.CANNOT_READ
    ended = replace(short, is_complete=False, error="DECORDError: no")
    kind, sentence = found(replace(one, sequence=ended))
    assert kind is VerdictKind.CANNOT_READ
    assert "20 frames where the file has 60 (DECORDError: no)" in sentence


def test_shared_pictures_are_mentioned() -> None:
    shared = RequestResult(1, Order.FORWARD, Outcome.AMBIGUOUS, 1, (1, 2))
    assert "several frames share" in found(trial(exact(0), shared))[1]


def test_a_picture_past_the_end_is_mentioned() -> None:
    past = RequestResult(60, Order.FORWARD, Outcome.OVERRUN)
    assert "past the end" in found(trial(exact(0), past_end=past))[1]


@pytest.mark.parametrize(("by", "words"), [(2, "+2: 2 frames too late"), (-1, "-1: 1 frame too early")])
def test_one_offset_everywhere_is_a_constant(by: int, words: str) -> None:
    kind, sentence = found(trial(*(landed(n, n + by) for n in range(2, 58))))
    assert kind is VerdictKind.OFF_BY_CONSTANT
    assert words in sentence


def test_where_the_constant_leads_out_of_the_file_nothing_comes() -> None:
    kind, sentence = found(
        trial(*(landed(n, n + 5) if n + 5 < FRAMES else failed(n) for n in range(30, FRAMES)))
    )
    assert kind is VerdictKind.OFF_BY_CONSTANT
    assert "25 of 25 requests" in sentence


def test_always_a_keyframe() -> None:
    kind, sentence = found(trial(*(landed(n, n // 20 * 20) for n in range(FRAMES))))
    assert kind is VerdictKind.LANDS_ON_KEYFRAMES
    assert "-19" in sentence


def test_right_up_to_a_frame() -> None:
    kind, sentence = found(trial(*(landed(n, n if n < 31 else n - 4) for n in range(FRAMES))))
    assert kind is VerdictKind.WRONG_AFTER
    assert "Right up to frame 30, wrong from frame 31 on" in sentence


def test_only_near_keyframes() -> None:
    kind, _ = found(trial(*(landed(n, n + 1 if n in (19, 39) else n) for n in range(FRAMES))))
    assert kind is VerdictKind.WRONG_NEAR_KEYFRAMES


def test_an_error_that_grows_drifts() -> None:
    kind, sentence = found(trial(*(landed(n, n + 1 + n // 8) for n in range(FRAMES))))
    assert kind is VerdictKind.DRIFTS
    assert "+1 to +8" in sentence


def test_here_and_there_is_unreliable() -> None:
    bad = {5: 11, 28: 25, 33: 35, 55: 30}
    kind, sentence = found(trial(*(landed(n, bad.get(n, n)) for n in range(FRAMES))))
    assert kind is VerdictKind.UNRELIABLE
    assert "4 of 60" in sentence
    assert "-25 to +6" in sentence


def test_nothing_comes() -> None:
    kind, sentence = found(trial(*(failed(n) if n % 10 else landed(n, n + 1) for n in range(FRAMES))))
    assert kind is VerdictKind.CANNOT_SEEK
    assert "no picture came" in sentence


def test_other_answers_when_repeated_are_unstable() -> None:
    moody = [replace(exact(n), repeat_differs=n % 4 == 0) for n in range(FRAMES)]
    assert found(trial(*moody))[0] is VerdictKind.UNSTABLE


def test_other_answers_in_another_order_are_unstable() -> None:
    again = [replace(landed(n, n + n % 3), order=Order.BACKWARD) for n in range(FRAMES)]
    kind, sentence = found(trial(*map(exact, range(FRAMES)), *again))
    assert kind is VerdictKind.UNSTABLE
    assert "different order" in sentence


def test_other_pictures_in_another_run_are_unstable() -> None:
    one = trial(*map(exact, range(FRAMES)))
    one = replace(one, sequence=replace(one.sequence, rerun_differing=3))
    kind, sentence = found(one)
    assert kind is VerdictKind.UNSTABLE
    assert "3 of 24" in sentence


def test_one_picture_for_all_is_no_reading_unless_the_video_stands_still() -> None:
    one = trial(*map(exact, range(FRAMES)))
    one = replace(one, sequence=replace(one.sequence, distinct=1))
    assert looks_suspicious(one)
    assert found(one, PictureCheck(moves=True))[0] is VerdictKind.CANNOT_READ
    kind, sentence = found(one, PictureCheck(moves=False))
    assert kind is VerdictKind.TRUSTWORTHY
    assert "proves little" in sentence
    assert not looks_suspicious(trial(exact(0)))


def test_one_colour_is_no_reading_unless_the_video_has_one() -> None:
    one = trial(exact(0))
    one = replace(one, sequence=replace(one.sequence, is_flat=True))
    assert looks_suspicious(one)
    assert found(one, PictureCheck(is_flat=False))[0] is VerdictKind.CANNOT_READ
    assert found(one, PictureCheck(is_flat=True))[0] is VerdictKind.TRUSTWORTHY


def test_one_picture_at_the_end_is_no_reading_unless_the_video_ends_so() -> None:
    one = trial(*map(exact, range(FRAMES)))
    one = replace(one, sequence=replace(one.sequence, tail_run=13))
    assert looks_suspicious(one)
    kind, sentence = found(one, PictureCheck(end_moves=True))
    assert kind is VerdictKind.CANNOT_READ
    assert "last 13 pictures" in sentence
    assert found(one, PictureCheck(end_moves=False))[0] is VerdictKind.TRUSTWORTHY


def test_frames_that_a_library_invents_are_no_reading() -> None:
    one = trial(*map(exact, range(FRAMES)))
    digests = np.arange(FRAMES, dtype=np.uint64)
    digests[1:3], digests[-1] = digests[0], digests[-2]
    one = replace(one, sequence=replace(one.sequence, digests=digests))
    assert repeated_runs(one) == ((0, 2), (FRAMES - 2, FRAMES - 1))
    assert looks_suspicious(one)
    kind, sentence = found(one, PictureCheck(repeated=(0, 2)))
    assert kind is VerdictKind.CANNOT_READ
    assert "its frames 0 to 2 are one and the same where the video's are not" in sentence
    assert found(one, PictureCheck())[0] is VerdictKind.TRUSTWORTHY
    # A trial that is not over is not looked at: each look decodes pictures.
    assert repeated_runs(replace(one, state=TrialState.RUNNING)) == ()
    assert repeated_runs(replace(one, sequence=Sequence())) == ()


def test_a_refused_conversion_is_no_reading() -> None:
    words = "[swscaler] Cannot convert interlaced to progressive frames or vice versa."
    assert found(trial(exact(0), complaints=words))[0] is VerdictKind.CANNOT_READ


@pytest.mark.parametrize(
    ("state", "reason", "words"),
    [
        (TrialState.CRASHED, "crashed: SIGSEGV", "crashed: SIGSEGV after 60 frames and 1 request"),
        (TrialState.HUNG, "no progress for 60 s; ended", "Hangs: no progress for 60 s"),
        (TrialState.OUT_OF_MEMORY, "took 9 MiB", "Uses too much memory: took 9 MiB"),
        (TrialState.CANNOT_OPEN, "OSError: bad", "Cannot open the file: OSError: bad"),
    ],
)
def test_an_early_end_is_no_reading(state: TrialState, reason: str, words: str) -> None:
    kind, sentence = found(trial(exact(0), state=state, reason=reason))
    assert kind is VerdictKind.CANNOT_READ
    assert words in sentence


def test_no_frame_is_no_reading() -> None:
    kind, sentence = found(trial(sequence=Sequence(error="ValueError: bad")))
    assert kind is VerdictKind.CANNOT_READ
    assert "ValueError: bad" in sentence


def test_what_was_not_tried_says_so() -> None:
    missing = trial(state=TrialState.NOT_INSTALLED, reason="not installed: pip install it")
    assert found(missing) == (VerdictKind.NOT_TRIED, "Not installed: pip install it.")
    assert found(trial(state=TrialState.WAITING))[0] is VerdictKind.NOT_TRIED
    assert found(trial(state=TrialState.CANCELLED))[0] is VerdictKind.NOT_TRIED


def test_cancelled_keeps_its_verdict_so_far() -> None:
    assert found(trial(exact(0), exact(9), state=TrialState.CANCELLED))[0] is VerdictKind.TRUSTWORTHY


def test_breaking_off_is_no_reading() -> None:
    one = trial(*map(exact, range(FRAMES)))
    kind, sentence = find_verdict(one, 2 * FRAMES, KEYS, PictureCheck())
    assert kind is VerdictKind.CANNOT_READ
    assert "60 of 60 requests within them were right" in sentence
    assert "shows 60 frames where the file has 120" in sentence
    broken = replace(one, sequence=replace(one.sequence, is_complete=False, error="ValueError: bad"))
    kind, sentence = find_verdict(broken, FRAMES + 1, KEYS, PictureCheck())
    assert kind is VerdictKind.CANNOT_READ
    assert "ValueError: bad" in sentence
    unfinished = replace(one, sequence=replace(one.sequence, is_complete=False))
    assert find_verdict(unfinished, 2 * FRAMES, KEYS, PictureCheck())[0] is VerdictKind.TRUSTWORTHY


def test_another_count_is_mentioned() -> None:
    _, sentence = find_verdict(trial(exact(0)), FRAMES + 4, KEYS, PictureCheck())
    assert "shows 60 frames where the file has 64" in sentence
