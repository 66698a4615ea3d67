"""Who is called first, and what programs are given."""

from __future__ import annotations

import json
import math

import pytest

from framescope.core.audit.bench_records import BenchTask, EngineBench, FileBench, Measure
from framescope.core.audit.bench_report import bench_headline, bench_table, level_with_first, ranked
from framescope.core.audit.records import TrialState


def engine(name: str, *rounds_ms: float, wrong: int = 0, state: TrialState = TrialState.DONE) -> EngineBench:
    middle = sorted(rounds_ms)[len(rounds_ms) // 2] if rounds_ms else 0.0
    measure = Measure(BenchTask.RANDOM, "frame", rounds_ms, middle, middle, rounds_ms, 0.5, wrong)
    return EngineBench(
        name, name.title(), "1.0", state, measures={BenchTask.RANDOM: measure} if rounds_ms else {}
    )


def bench(*engines: EngineBench) -> FileBench:
    return FileBench("films/x.mp4", 48, engines, rounds=3, seed=7, elapsed_s=1.0, window=48)


QUICK, NEAR, SLOW = engine("quick", 4, 5, 6), engine("near", 6, 7, 8), engine("slow", 10, 11, 12)
WRONG = engine("wrong", 1, 1, 1, wrong=1)
ABSENT = engine("absent", state=TrialState.NOT_INSTALLED)


def test_quickest_first_and_who_was_wrong_is_left_out() -> None:
    found = ranked(bench(SLOW, WRONG, ABSENT, QUICK), BenchTask.RANDOM)
    assert [one.engine for one in found] == ["quick", "slow"]
    assert ranked(bench(QUICK), BenchTask.SCRUB) == ()


@pytest.mark.parametrize(
    ("engines", "names"),
    [
        ((SLOW, QUICK), ["quick"]),
        ((SLOW, NEAR, QUICK), ["quick", "near"]),
        ((engine("quick", 4), engine("slow", 39)), ["quick", "slow"]),
        ((engine("quick", 4), engine("slow", 40)), ["quick"]),
        ((WRONG,), []),
    ],
)
def test_level_is_whose_rounds_overlap(engines: tuple[EngineBench, ...], names: list[str]) -> None:
    assert [one.engine for one in level_with_first(bench(*engines), BenchTask.RANDOM)] == names


@pytest.mark.parametrize(
    ("engines", "said"),
    [
        ((SLOW, QUICK), "Quick is the fastest for exact random access, 2.2 times as fast as Slow"),
        (
            (QUICK, engine("next", 6.1, 5.5, 5.5)),
            "No clear winner for exact random access: Quick and Next are level",
        ),
        (
            (engine("a", 10, 10, 10), engine("b", 11, 11, 11)),
            "A is the fastest for exact random access, just ahead of B",
        ),
        (
            (engine("a", 0, 0, 0), engine("b", 1, 1, 1)),
            "A is the fastest for exact random access, ahead of B",
        ),
        (
            (SLOW, NEAR, QUICK, engine("c", 6, 6, 7)),
            "No clear winner for exact random access: Quick, C and Near are level",
        ),
        ((WRONG, QUICK), "Only Quick gave exact frames"),
        ((engine("a", 1), engine("b", 9)), "A single round has no spread, so the libraries cannot be ranked"),
        ((WRONG, ABSENT), "No library gave exact frames"),
        ((ABSENT,), "No library completed the random access task"),
        ((QUICK, engine("busy", 8, 8, 8, state=TrialState.RUNNING)), "Measuring…"),
    ],
)
def test_the_headline_claims_nothing_within_the_spread(engines: tuple[EngineBench, ...], said: str) -> None:
    assert bench_headline(bench(*engines)) == said


def test_everything_is_there_for_programs() -> None:
    table = json.loads(json.dumps(bench_table(bench(QUICK, ABSENT)), allow_nan=False))
    assert (table["frame_count"], table["window"], table["rounds"], table["seed"]) == (48, 48, 3, 7)
    quick, absent = table["engines"]
    random = quick["measures"]["random"]
    assert (random["figure"], random["figure_ms"], random["rounds_ms"]) == ("median", 5.0, [4.0, 5.0, 6.0])
    assert (random["samples_ms"], random["ratio"], random["does_the_same_work"]) == (
        [4.0, 5.0, 6.0],
        0.5,
        True,
    )
    assert (absent["state"], absent["measures"]) == ("not installed", {})


def test_what_is_no_number_is_null() -> None:
    table = bench_table(bench(engine("odd", math.nan, math.inf, 1.0)))
    random = table["engines"][0]["measures"]["random"]
    assert random["samples_ms"] == [None, None, 1.0]
    json.dumps(table, allow_nan=False)
