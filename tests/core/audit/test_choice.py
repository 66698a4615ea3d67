"""Which library for what: computed from made-up results, and never guessed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from framescope.core.audit.bench_records import BenchTask, EngineBench, FileBench, LiveTrial, Measure
from framescope.core.audit.choice import Choice, Use, which_library
from framescope.core.audit.records import (
    EngineTrial,
    FileAudit,
    FileFacts,
    Interruption,
    Outcome,
    RequestResult,
    Sequence,
    TrialState,
    Verdict,
    VerdictKind,
)
from framescope.core.audit.requests import Order
from framescope.core.model.stream_facts import OpenCVFacts

if TYPE_CHECKING:
    from collections.abc import Mapping

FRAMES = 48


def measure(task: BenchTask, ms: float, *, wrong: int = 0, failed: int = 0, rounds: int = 3) -> Measure:
    """So many samples of one figure, the rounds within 5 % of it."""
    figures = (ms, ms * 0.95, ms * 1.05)[:rounds]
    return Measure(task, "frame", (ms,) * 20, ms, ms, figures, None, wrong, failed)


def engine(  # noqa: PLR0913 - what a result may be
    name: str,
    ms: float,
    *,
    faults: Mapping[BenchTask, tuple[int, int]] | None = None,
    state: TrialState = TrialState.DONE,
    reason: str = "",
    claimed: int | None = FRAMES,
    read: int | None = FRAMES,
    rounds: int = 3,
) -> EngineBench:
    """An engine that needs so many milliseconds for everything."""
    by_task = faults or {}
    measures = {}
    for task in BenchTask:
        wrong, failed = by_task.get(task, (0, 0))
        measures[task] = measure(task, ms, wrong=wrong, failed=failed, rounds=rounds)
    return EngineBench(
        name, name, "1.0", state, reason, measures, frame_count_claimed=claimed, frames_read=read
    )


def bench(*engines: EngineBench) -> FileBench:
    return FileBench("clip.mp4", FRAMES, engines, 3, 7, 1.0, FRAMES, FRAMES)


def trial(  # noqa: PLR0913 - what a result may be
    name: str,
    *,
    right: int = 10,
    wrong: int = 0,
    read: int = FRAMES,
    kind: VerdictKind = VerdictKind.TRUSTWORTHY,
    sentence: str = "",
    interruptions: tuple[Interruption, ...] = (),
) -> EngineTrial:
    exact = RequestResult(0, Order.SHUFFLED, Outcome.EXACT, 0)
    shifted = RequestResult(0, Order.SHUFFLED, Outcome.SHIFTED, 1)
    sequence = Sequence(
        digests=np.arange(read, dtype=np.uint64), is_complete=True, interruptions=interruptions
    )
    return EngineTrial(
        name,
        name,
        "call",
        "1.0",
        TrialState.DONE,
        sequence=sequence,
        requests=(exact,) * right + (shifted,) * wrong,
        verdict=Verdict(kind, sentence),
    )


def audit(*trials: EngineTrial) -> FileAudit:
    numbers = np.arange(FRAMES)
    facts = FileFacts(
        FRAMES, numbers[:1], numbers + 1, numbers / 24, (), OpenCVFacts("5", opened=True), "H.264"
    )
    return FileAudit("clip.mp4", None, facts, trials)


def row(use: Use, *engines: EngineBench, seeks: FileAudit | None = None) -> Choice:
    return next(one for one in which_library(bench(*engines), seeks) if one.use is use)


MEASURED = (Use.SEQUENTIAL, Use.SHUFFLED, Use.CLIPS, Use.EXACT, Use.METADATA)
SEEKS = (Use.SHUFFLED, Use.CLIPS, Use.EXACT)
QUICK, SLOW = engine("quick", 4.0), engine("slow", 8.4)


def test_there_is_a_row_for_every_use_in_order() -> None:
    rows = which_library(bench(QUICK, SLOW))
    assert [one.use for one in rows] == list(Use)
    assert [one.title for one in rows] == [
        "Reading in sequence",
        "Shuffled single frames",
        "Shuffled clips of 16",
        "Exact single frames",
        "A live stream",
        "Metadata",
    ]


@pytest.mark.parametrize("use", MEASURED)
def test_the_fastest_that_is_right_is_chosen_whatever_the_order(use: Use) -> None:
    for engines in ((QUICK, SLOW), (SLOW, QUICK)):
        found = row(use, *engines)
        assert (found.engines, found.unfit, found.is_measured) == (("quick",), (), True)
        assert "2.1× faster than slow" in found.reason


def test_the_reason_has_the_figures_and_what_was_checked() -> None:
    said = {one.use: one.reason for one in which_library(bench(QUICK, SLOW))}
    assert said[Use.SEQUENTIAL] == "250 fps, 2.1× faster than slow, 48 of 48 frames read"
    assert said[Use.EXACT] == "4.00 ms a frame, 2.1× faster than slow, all 20 frames right"
    assert said[Use.CLIPS] == "4.00 ms a clip, 2.1× faster than slow, all 20 clips right"
    assert said[Use.METADATA] == "4.00 ms, 2.1× faster than slow, reports 48 frames, as there are"


def test_a_lead_of_little_is_not_given_as_a_number() -> None:
    found = row(Use.EXACT, engine("first", 10.0), engine("next", 11.2))
    assert (found.engines, "just ahead of next" in found.reason) == (("first",), True)


def test_ties_are_named_together() -> None:
    found = row(Use.EXACT, engine("b", 4.1), engine("a", 4.0), SLOW)
    assert (found.engines, found.library_words) == (("a", "b"), "a or b")
    assert found.reason.startswith("4.00 and 4.10 ms a frame, level within the spread of the rounds")


def test_one_round_ranks_only_what_is_far_apart() -> None:
    found = row(Use.EXACT, engine("a", 4.0, rounds=1), engine("b", 39.0, rounds=1))
    assert found.engines == ("a", "b")
    assert "not ranked, since a single round has no spread" in found.reason
    found = row(Use.EXACT, engine("a", 4.0, rounds=1), engine("b", 90.0, rounds=1))
    assert found.engines == ("a",)
    assert "spread" not in found.reason


@pytest.mark.parametrize("use", SEEKS)
@pytest.mark.parametrize(
    ("task", "fault", "said"),
    [
        (BenchTask.RANDOM, (12, 0), "wrong frame at 12 of 20 jumps"),
        (BenchTask.RANDOM, (0, 2), "no frame at 2 of 20 jumps"),
        (BenchTask.SHUFFLED, (12, 2), "wrong frame at 12 of 20 jumps and no frame at 2 of 20 jumps"),
        (BenchTask.SCRUB, (1, 0), "wrong frame at 1 of 20 jumps"),
        (BenchTask.CLIPS, (3, 4), "wrong frames in 3 of 20 clips and frames missing in 4 of 20 clips"),
    ],
)
def test_whoever_jumps_wrongly_once_is_unfit_for_every_jump(
    use: Use, task: BenchTask, fault: tuple[int, int], said: str
) -> None:
    hasty = engine("hasty", 1.0, faults={task: fault})
    found = row(use, hasty, SLOW)
    assert (found.engines, [(one.engine, one.reason) for one in found.unfit]) == (
        ("slow",),
        [("hasty", said)],
    )
    assert "the only one without errors" in found.reason
    # Reading in order, it may be used.
    assert row(Use.SEQUENTIAL, hasty, SLOW).engines == ("hasty",)


def test_the_faults_of_the_row_itself_come_first() -> None:
    hasty = engine("hasty", 1.0, faults={BenchTask.RANDOM: (1, 0), BenchTask.CLIPS: (2, 0)})
    assert row(Use.CLIPS, hasty, SLOW).unfit[0].reason == "wrong frames in 2 of 20 clips"
    assert row(Use.EXACT, hasty, SLOW).unfit[0].reason == "wrong frame at 1 of 20 jumps"


def test_where_all_are_wrong_none_is_named() -> None:
    wrong = [engine(name, 1.0, faults={BenchTask.RANDOM: (5, 0)}) for name in "ab"]
    found = row(Use.EXACT, *wrong)
    assert (found.engines, found.library_words, found.is_measured) == ((), "none", True)
    assert found.reason == "no library gave every frame right"
    assert [one.engine for one in found.unfit] == ["a", "b"]
    short = [engine(name, 1.0, read=40, claimed=3) for name in "ab"]
    assert row(Use.SEQUENTIAL, *short).reason == "no library reads all frames"
    assert row(Use.METADATA, *short).reason == "no library reports the right number of frames"


def test_what_nobody_measured_is_not_guessed() -> None:
    absent = EngineBench("absent", "absent", None, TrialState.NOT_INSTALLED, "not installed: pip install it")
    for engines in ((), (absent,)):
        for found in which_library(bench(*engines)):
            assert (found.engines, found.is_measured, found.library_words) == ((), False, "–")
            assert found.reason.startswith("not measured")
            assert found.unfit == ()
    partly = replace(QUICK, measures={BenchTask.OPEN: QUICK.measures[BenchTask.OPEN]})
    assert row(Use.EXACT, partly).reason == "not measured"
    assert row(Use.METADATA, partly).engines == ("quick",)


def test_a_live_stream_is_never_judged_by_a_file() -> None:
    crashed = EngineBench("dead", "dead", "1", TrialState.CRASHED, "crashed: SIGSEGV")
    found = row(Use.LIVE, QUICK, SLOW, crashed, seeks=audit(trial("quick")))
    assert (found.engines, found.unfit, found.is_measured) == ((), (), False)


def received(name: str, ms: float | None, **changes: Any) -> LiveTrial:  # noqa: ANN401 - any field
    """A library that received all 100 frames, each so late."""
    times = () if ms is None else (ms,) * 90
    facts = LiveTrial(name, name, "1", TrialState.DONE, "", 100, 100, first_ms=800.0, latencies_ms=times)
    return replace(facts, **changes)


def live_row(*trials: LiveTrial) -> Choice:
    found = which_library(replace(bench(QUICK), live=trials))
    return next(one for one in found if one.use is Use.LIVE)


def test_the_soonest_that_received_every_frame_is_chosen_for_a_stream() -> None:
    found = live_row(received("late", 100), received("soon", 40))
    assert (found.engines, found.unfit) == (("soon",), ())
    for words in ("40 ms from", "after 0.8 s", "all 100 frames right", "2.5× sooner than late"):
        assert words in found.reason


def test_every_library_that_received_all_frames_is_named() -> None:
    level = live_row(received("a", 40), received("b", 41), received("c", 300), received("d", None))
    assert level.engines == ("a", "b")
    assert level.reason.endswith(
        "level within 10 ms or 15 %, before c (300 ms) and d (too few frames for a latency)"
    )
    alone = live_row(received("a", 40), received("b", 100), received("c", 300))
    assert alone.reason.endswith("2.5× sooner than b, before c (300 ms)")


@pytest.mark.parametrize("other_ms", [40.0, 45.0, 49.9])
def test_latencies_close_together_are_level(other_ms: float) -> None:
    found = live_row(received("b", other_ms), received("a", 40))
    assert set(found.engines) == {"a", "b"}
    assert "level" in found.reason


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"right": 88, "dropped": 12}, "drops 12 of 100 frames"),
        ({"doubled": 3}, "shows 3 of 100 frames again"),
        ({"right": 99, "wrong": 1, "dropped": 1}, "shows 1 wrong picture and drops 1 of 100 frames"),
        ({"right": 0, "dropped": 100}, "gives no picture before the stream has ended"),
        ({"came_late": True}, "gives no picture before the stream has ended"),
        (
            {"state": TrialState.CANNOT_OPEN, "right": 0, "reason": "OSError: no"},
            "cannot read a stream: OSError: no",
        ),
        (
            {
                "state": TrialState.CANNOT_OPEN,
                "reason": "DECORDError: [23:11:49] /src/reader.cc:285: [tcp://127.0.0.1:4] No end.\nTrace",
            },
            "cannot read a stream: DECORDError: No end",
        ),
        ({"state": TrialState.HUNG, "reason": "no progress for 20 s; ended"}, "no progress for 20 s; ended"),
        ({"state": TrialState.UNAVAILABLE, "reason": "too slow"}, "too slow"),
    ],
)
def test_whoever_loses_or_delays_frames_is_unfit_for_a_stream(changes: dict[str, Any], said: str) -> None:
    found = live_row(received("bad", 1, **changes), received("good", 90))
    assert found.engines == ("good",)
    assert [one.reason for one in found.unfit] == [said]
    alone = live_row(received("bad", 1, **changes))
    assert (alone.engines, alone.library_words) == ((), "none")
    assert alone.reason == "no library received every frame of a stream"


def test_of_a_stream_nothing_is_guessed() -> None:
    absent = received("absent", None, state=TrialState.NOT_INSTALLED, right=0, sent=0)
    stopped = received("stopped", None, state=TrialState.CANCELLED, right=0, sent=0)
    refused = received(
        "refused", None, state=TrialState.UNAVAILABLE, right=0, sent=0, reason="It has no times."
    )
    for trials, said in (
        ((absent,), "not measured"),
        ((absent, stopped), "not measured: cancelled"),
        ((refused,), "not measured: it has no times"),
    ):
        found = live_row(*trials)
        assert (found.engines, found.unfit, found.is_measured, found.reason) == ((), (), False, said)
    untimed = live_row(received("short", None))
    assert untimed.engines == ("short",)
    assert "too few for a latency" in untimed.reason


def test_missing_engines_are_neither_used_nor_forbidden() -> None:
    absent = EngineBench("absent", "absent", None, TrialState.NOT_INSTALLED, "not installed: pip install it")
    found = row(Use.EXACT, absent, QUICK, SLOW)
    assert (found.engines, found.unfit) == (("quick",), ())


@pytest.mark.parametrize(
    ("state", "reason", "said"),
    [
        (TrialState.CRASHED, "crashed: SIGSEGV", "crashed: SIGSEGV"),
        (TrialState.HUNG, "no progress for 60 s; ended", "no progress for 60 s; ended"),
        (TrialState.CANNOT_OPEN, "OSError: no video", "cannot open it: OSError: no video"),
        (TrialState.OUT_OF_MEMORY, "took 9 GiB; ended", "took 9 GiB; ended"),
    ],
)
def test_what_crashes_must_not_be_used_even_for_what_it_did_before(
    state: TrialState, reason: str, said: str
) -> None:
    dying = engine("dying", 0.5, state=state, reason=reason)
    for use in MEASURED:
        found = row(use, dying, SLOW)
        assert (found.engines, [one.reason for one in found.unfit]) == (("slow",), [said])
    # Before anything was measured, too.
    unmeasured = replace(dying, measures={})
    assert [one.reason for one in row(Use.EXACT, unmeasured).unfit] == [said]


def test_whoever_was_stopped_by_the_user_keeps_what_it_did() -> None:
    stopped = engine("stopped", 1.0, state=TrialState.CANCELLED)
    assert row(Use.EXACT, stopped, SLOW).engines == ("stopped",)


def test_an_own_count_that_is_not_the_files_makes_all_frames_wrong() -> None:
    short, long = engine("short", 1.0, read=47), replace(engine("long", 1.0), reads_more=True)
    for use in (Use.SEQUENTIAL, *SEEKS):
        found = row(use, short, long, SLOW)
        assert found.engines == ("slow",)
        assert [one.reason for one in found.unfit] == [
            "shows only 47 of 48 frames in order",
            "shows more than the 48 frames of the file",
        ]
    # No time to read them all is no fault.
    assert row(Use.SEQUENTIAL, engine("late", 1.0, read=None), SLOW).engines == ("late",)
    assert row(Use.SEQUENTIAL, engine("late", 1.0, read=None)).reason.endswith("without errors")


def test_metadata_is_the_count_that_is_reported() -> None:
    liar, silent = engine("liar", 0.5, claimed=420), engine("silent", 0.5, claimed=None)
    found = row(Use.METADATA, liar, silent, SLOW)
    assert found.engines == ("slow",)
    assert [one.reason for one in found.unfit] == ["reports 420 frames where there are 48"]
    assert row(Use.METADATA, silent).engines == ()


def test_engines_of_one_library_are_one_where_they_do_the_same() -> None:
    frames, times = engine("opencv", 4.0), engine("opencv-msec", 4.01)
    found = row(Use.SEQUENTIAL, frames, times, SLOW)
    assert (found.engines, found.titles) == (("opencv", "opencv-msec"), ("OpenCV",))
    assert row(Use.SEQUENTIAL, frames, replace(times, measures=QUICK.measures)).titles == ("OpenCV",)
    assert row(Use.EXACT, frames, times, SLOW).titles == ("opencv", "opencv-msec")
    # The other way to seek crashed: that is no reason against reading on.
    dead = replace(times, state=TrialState.CRASHED, reason="crashed")
    assert row(Use.SEQUENTIAL, frames, dead, SLOW).unfit == ()


# --- joined with the seek test


def test_the_seek_test_finds_unfit_what_the_benchmark_found_right() -> None:
    seeks = audit(trial("quick", right=8, wrong=2, kind=VerdictKind.UNRELIABLE), trial("slow"))
    for use in SEEKS:
        found = row(use, QUICK, SLOW, seeks=seeks)
        assert found.engines == ("slow",)
        assert found.unfit[0].reason == "wrong frame or none at 2 of 10 jumps of the seek test"
        assert found.reason.endswith("right, and all 10 requests of the seek test")
    assert row(Use.SEQUENTIAL, QUICK, SLOW, seeks=seeks).engines == ("quick",)


def test_the_seek_test_knows_the_whole_sequence() -> None:
    seeks = audit(trial("quick", read=40), trial("slow"))
    for use in (Use.SEQUENTIAL, *SEEKS):
        found = row(use, QUICK, SLOW, seeks=seeks)
        assert found.unfit[0].reason == "shows 40 frames in order where the file has 48"
    assert row(Use.METADATA, QUICK, SLOW, seeks=seeks).engines == ("quick",)
    invalid = trial("quick", kind=VerdictKind.CANNOT_READ, sentence="Its pictures are invalid. See below.")
    found = row(Use.SEQUENTIAL, QUICK, SLOW, seeks=audit(invalid))
    assert found.unfit[0].reason == "its pictures are invalid"


def test_answers_that_change_say_nothing_about_reading_in_order() -> None:
    moody = trial("quick", right=9, wrong=1, kind=VerdictKind.UNSTABLE, sentence="1 of 10 differed.")
    seeks = audit(moody)
    assert row(Use.SEQUENTIAL, QUICK, SLOW, seeks=seeks).engines == ("quick",)
    assert row(Use.EXACT, QUICK, SLOW, seeks=seeks).engines == ("slow",)
    rerun = replace(moody, sequence=replace(moody.sequence, rerun_differing=3))
    assert row(Use.SEQUENTIAL, QUICK, SLOW, seeks=audit(rerun)).unfit[0].reason == "1 of 10 differed"


def test_a_loop_that_ends_early_counts_only_for_reading_in_order() -> None:
    gap = (Interruption(40, 1, "read() returns False"),)
    seeks = audit(trial("quick", interruptions=gap), trial("slow"))
    found = row(Use.SEQUENTIAL, QUICK, SLOW, seeks=seeks)
    assert found.unfit[0].reason == "a loop that stops at the first failed read loses 8 frames"
    assert row(Use.EXACT, QUICK, SLOW, seeks=seeks).engines == ("quick",)


def test_a_seek_test_that_is_not_over_says_nothing() -> None:
    begun = replace(trial("quick", wrong=5, kind=VerdictKind.UNRELIABLE), state=TrialState.RUNNING)
    assert row(Use.EXACT, QUICK, SLOW, seeks=audit(begun)).engines == ("quick",)
