"""Bars, footnotes and sentences of a comparison."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from framescope.core.audit.bench_records import BenchTask
from framescope.core.audit.engines.catalog import short_title
from framescope.core.audit.records import TrialState
from framescope.ui.panels.bench.words import (
    Bar,
    BarGroup,
    BarState,
    absences,
    bar_groups,
    how_measured,
    tiles,
)
from tests.ui.panels.bench.examples import OPENCV, OWN, PLAIN, canned_bench, measure, under_way


def groups() -> dict[str, BarGroup]:
    return {group.key: group for group in bar_groups(canned_bench())}


def bar(key: str, engine: str) -> Bar:
    return next(one for one in groups()[key].bars if one.engine == engine)


def test_a_group_for_each_measure_and_memory_last() -> None:
    assert list(groups()) == [
        "random",
        "random95",
        "scrub",
        "shuffled",
        "clips",
        "sequential",
        "open",
        "memory",
    ]


def test_values_ratios_and_spread() -> None:
    own = bar("random", "framescope")
    assert (own.value, own.text, own.ratio, own.ratio_text) == (5.0, "5.00", 0.25, "0.25×")
    assert own.spread == (3.75, 6.25)
    assert (own.is_own, own.state, own.has_value) == (True, BarState.RIGHT, True)
    assert own.sentence == "FrameScope: 5.00, 0.25× OpenCV’s"
    late = bar("random95", "framescope")
    assert (late.value, late.spread) == (10.0, (10.0, 10.0))


def test_speeds_grow_where_times_shrink() -> None:
    own = bar("sequential", "framescope")
    assert (own.value, own.ratio) == (200.0, 4.0)
    assert own.spread == pytest.approx((160.0, 1000 / 3.75))


def test_memory_is_in_mib() -> None:
    assert (bar("memory", "opencv").value, bar("memory", "framescope").ratio) == (200.0, 0.25)


@pytest.mark.parametrize("task", [BenchTask.SCRUB, BenchTask.SHUFFLED])
def test_a_scrub_is_told_by_its_mean(task: BenchTask) -> None:
    # Three steps from a cache and one that was waited for: the median would say 1 ms.
    cached = replace(measure(task, 1.0), samples_ms=(1.0, 1.0, 1.0, 97.0))
    engine = replace(OWN, measures={task: cached})
    group = next(each for each in bar_groups(canned_bench(engine)) if each.key == task.value)
    assert group.bars[0].value == 25.0
    assert "mean 25.0, median 1.00" in group.bars[0].tip


def test_who_gave_other_frames_is_marked_and_noted_once() -> None:
    plain = bar("random", "pyav")
    assert plain.state is BarState.OTHER_WORK
    assert plain.sentence.endswith("not comparable")
    assert "Not comparable: 3 of 4 wrong" in plain.tip
    assert groups()["random"].notes == ("≠ PyAV plain: not comparable, 3 of 4 wrong",)
    assert groups()["random95"].notes == ()
    assert groups()["open"].notes == ()
    assert bar("open", "pyav").state is BarState.RIGHT


def test_failures_are_noted_beside_wrong_answers() -> None:
    task = BenchTask.RANDOM
    engine = replace(PLAIN, measures={task: measure(task, 2.0, wrong=1, failed=2)})
    group = bar_groups(canned_bench(engine))[0]
    assert group.notes == ("≠ PyAV plain: not comparable, 1 of 4 wrong and 2 of 4 failed",)


def test_a_crash_and_a_hang_are_rows_and_what_is_not_installed_is_none() -> None:
    for engine, word in (("decord", "crashed"), ("slow", "hung")):
        for key in groups():
            one = bar(key, engine)
            assert (one.text, one.state, one.has_value) == (word, BarState.ENDED, False)
    assert all(one.engine != "torchcodec" for group in groups().values() for one in group.bars)
    assert "SIGSEGV" in bar("random", "decord").tip


def test_what_is_to_come_has_its_row_already() -> None:
    found = {group.key: group.bars for group in bar_groups(under_way())}
    assert [one.text for one in found["shuffled"]] == ["5.00", "…", "…"]
    assert found["shuffled"][1].state is BarState.PENDING
    assert found["shuffled"][0].ratio is None
    assert [one.text for one in found["random"]] == ["5.00", "20.0", "…"]


def test_nothing_is_drawn_before_the_first_figure() -> None:
    assert bar_groups(canned_bench(replace(OWN, measures={}))) == ()


def test_values_that_are_none() -> None:
    engine = replace(OWN, measures={BenchTask.SEQUENTIAL: measure(BenchTask.SEQUENTIAL, 0.0)})
    sequential = next(g for g in bar_groups(canned_bench(engine)) if g.key == "sequential").bars[0]
    assert math.isnan(sequential.value)
    assert (sequential.text, sequential.ratio_text) == ("–", "")


@pytest.mark.parametrize(
    ("ms", "text"), [(1.234, "1.23"), (12.34, "12.3"), (123.4, "123"), (12345.6, "12\u202f346")]
)
def test_digits_that_matter(ms: float, text: str) -> None:
    engine = replace(OWN, measures={BenchTask.OPEN: measure(BenchTask.OPEN, ms)})
    bars = next(g for g in bar_groups(canned_bench(engine)) if g.key == "open").bars
    assert bars[0].text == text


def test_tiles_are_framescope_s_own() -> None:
    assert [number for number, _ in tiles(canned_bench())] == ["5.00", "5.00", "200", "50.0"]
    assert [number for number, _ in tiles(canned_bench(OPENCV))] == ["–"] * 4


def test_how_it_was_measured() -> None:
    words = how_measured(canned_bench())
    assert words.startswith("3 rounds per engine, interleaved, in 1 min 01 s.")
    assert words.endswith("× is relative to OpenCV by frame number.")
    assert "Within the first 60 of 100 frames." in how_measured(canned_bench(window=60))
    assert "×" not in how_measured(canned_bench(OWN))
    assert how_measured(canned_bench(OWN)).endswith("All decoded on the CPU.")
    device = replace(OWN, engine="framescope-gpu", runs_on="GPU")
    words = how_measured(canned_bench(OWN, device))
    assert words.endswith("Decoded on the CPU, except FrameScope GPU: on the GPU.")


def test_ratios_to_an_opencv_that_was_wrong_are_doubted() -> None:
    wrong = replace(PLAIN, engine="opencv")
    assert "itself returned wrong frames" in how_measured(canned_bench(OWN, wrong))


def test_stopped_early_is_said() -> None:
    stopped = replace(OWN, state=TrialState.CANCELLED, reason="cancelled")
    assert how_measured(canned_bench(stopped)).startswith("Stopped early. ")
    assert absences(canned_bench(stopped)) == ()
    # What the user stopped is not a fault of the library.
    early = replace(stopped, measures={BenchTask.OPEN: measure(BenchTask.OPEN, 1.0)})
    random = bar_groups(canned_bench(early))[0].bars[0]
    assert (random.text, random.tip) == ("–", "FrameScope: not measured")


def test_why_there_are_no_figures() -> None:
    assert absences(canned_bench()) == (
        "decord: crashed: SIGSEGV",
        "Slow: no progress for 60 s; ended",
        "torchcodec ≈: not installed: pip install torchcodec",
    )
    assert short_title(OPENCV) == "OpenCV, n"
