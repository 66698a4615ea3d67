"""The headline of a benchmark, and its results as JSON and CSV."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

from framescope.core.audit.bench_records import AVERAGED, BenchTask
from framescope.core.audit.records import TrialState
from framescope.core.csv_cells import CsvWriter
from framescope.core.media.container import without_secrets
from framescope.core.printable import printable
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from framescope.core.audit.bench_records import EngineBench, FileBench, LiveTrial, Measure
    from framescope.core.audit.choice import Choice

FORMAT = 1
"""Incremented when a field of the JSON changes its meaning."""

_FAR = 10.0
"""How many times as slow a library must be to be told apart by a single round."""
_UNDER_WAY = (TrialState.WAITING, TrialState.RUNNING)


def ranked(bench: FileBench, task: BenchTask) -> tuple[EngineBench, ...]:
    """The engines that did a task without errors, fastest first."""
    exact = [one for one in bench.engines if task in one.measures and one.measures[task].does_the_same_work]
    return tuple(sorted(exact, key=lambda one: one.measures[task].figure_ms))


def level_with_first(bench: FileBench, task: BenchTask) -> tuple[EngineBench, ...]:
    """The fastest exact engine, and those not distinguishable from it; see `level_of`."""
    return level_of(ranked(bench, task), task)


def level_of(engines: Sequence[EngineBench], task: BenchTask) -> tuple[EngineBench, ...]:
    """The first of these, and those not distinguishable from it, since their rounds overlap.

    A single round has no spread, so that it separates only what is far apart.

    Args:
        engines: Those that did the task, fastest first.
        task: The task.
    """
    if not engines:
        return ()
    slowest_round = engines[0].measures[task].spread_ms[1]
    return tuple(
        one
        for one in engines
        if one is engines[0]
        or (
            min(len(each.measures[task].rounds_ms) for each in (one, engines[0])) < 2
            and one.measures[task].figure_ms < engines[0].measures[task].figure_ms * _FAR
        )
        or one.measures[task].spread_ms[0] <= slowest_round
    )


def bench_headline(bench: FileBench, name: Callable[[EngineBench], str] = lambda engine: engine.title) -> str:
    """The fastest engine at an exact random frame; none if the spread is larger than the lead."""
    task = BenchTask.RANDOM
    engines = ranked(bench, task)
    if any(one.state in _UNDER_WAY for one in bench.engines):
        return tr("Measuring…")
    if not any(task in one.measures for one in bench.engines):
        return tr("No library completed the random access task")
    if not engines:
        return tr("No library gave exact frames")
    if len(engines) == 1:
        return tr("Only {name} gave exact frames", name=name(engines[0]))
    return _first_of_several(bench, engines, name)


def _first_of_several(
    bench: FileBench, engines: tuple[EngineBench, ...], name: Callable[[EngineBench], str]
) -> str:
    first, level = engines[0], level_with_first(bench, BenchTask.RANDOM)
    measure = first.measures[BenchTask.RANDOM]
    if len(measure.rounds_ms) == 1:
        return tr("A single round has no spread, so the libraries cannot be ranked")
    if len(level) > 1:
        names = [name(one) for one in level]
        return tr(
            "No clear winner for exact random access: {names} and {last} are level",
            names=", ".join(names[:-1]),
            last=names[-1],
        )
    times = _times(engines[1].measures[BenchTask.RANDOM], measure)
    return tr(
        "{name} is the fastest for exact random access, {times} {second}",
        name=name(first),
        times=times,
        second=name(engines[1]),
    )


def _times(other: Measure, first: Measure) -> str:
    if first.figure_ms <= 0:
        return tr("ahead of")
    ratio = other.figure_ms / first.figure_ms
    return tr("{ratio:.1f} times as fast as", ratio=ratio) if ratio >= 1.15 else tr("just ahead of")


def bench_table(bench: FileBench, choices: Sequence[Choice] = ()) -> dict[str, Any]:
    """All measurements, and which library to use for what, as JSON values."""
    return {
        "format": FORMAT,
        "source": without_secrets(bench.source),
        "frame_count": bench.frame_count,
        "window": bench.window,
        "rounds": bench.rounds,
        "seed": bench.seed,
        "elapsed_s": _number(bench.elapsed_s),
        "headline": bench_headline(bench),
        "which_library": [_choice_table(one) for one in choices],
        "engines": [
            {
                "engine": one.engine,
                "title": one.title,
                "version": one.version,
                "state": one.state.value,
                "reason": one.reason,
                "is_exact": one.is_exact,
                "peak_memory_bytes": one.peak_memory_bytes,
                "frame_count_claimed": one.frame_count_claimed,
                "frames_read": one.frames_read,
                "reads_more": one.reads_more,
                "runs_on": one.runs_on,
                "measures": {task.value: _measure_table(each) for task, each in one.measures.items()},
            }
            for one in bench.engines
        ],
        "live": [_live_table(one) for one in bench.live],
    }


def _live_table(one: LiveTrial) -> dict[str, Any]:
    return {
        "engine": one.engine,
        "library": one.title,
        "version": one.version,
        "state": one.state.value,
        "reason": one.reason,
        "frames_sent": one.sent,
        "right": one.right,
        "dropped": one.dropped,
        "doubled": one.doubled,
        "wrong": one.wrong,
        "came_late": one.came_late,
        "first_ms": one.first_ms,
        "latency_p50_ms": one.p50_ms,
        "latency_p95_ms": one.p95_ms,
        "latencies_ms": list(one.latencies_ms),
    }


def _choice_table(choice: Choice) -> dict[str, Any]:
    return {
        "use": choice.use.value,
        "title": choice.title,
        "is_measured": choice.is_measured,
        "engines": list(choice.engines),
        "libraries": list(choice.titles),
        "reason": choice.reason,
        "unfit": [{"engine": one.engine, "library": one.title, "reason": one.reason} for one in choice.unfit],
    }


def _measure_table(measure: Measure) -> dict[str, Any]:
    return {
        "unit": measure.unit,
        "figure": "mean" if measure.task in AVERAGED else "median",
        "figure_ms": _number(measure.figure_ms),
        "mean_ms": _number(measure.mean_ms),
        "median_ms": _number(measure.median_ms),
        "p95_ms": _number(measure.p95_ms),
        "rounds_ms": [_number(value) for value in measure.rounds_ms],
        "ratio": None if measure.ratio is None else _number(measure.ratio),
        "does_the_same_work": measure.does_the_same_work,
        "wrong": measure.wrong,
        "failed": measure.failed,
        "samples_ms": [_number(value) for value in measure.samples_ms],
    }


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


_CSV_COLUMNS = (
    "file",
    "use",
    "task",
    "engine",
    "version",
    "runs_on",
    "to_use",
    "unfit_because",
    "unit",
    "figure_ms",
    "median_ms",
    "p95_ms",
    "samples",
    "wrong",
    "failed",
    "frame_count_claimed",
    "peak_memory_bytes",
    "state",
    "reason",
)


def bench_as_csv(bench: FileBench, choices: Sequence[Choice]) -> str:
    """A line for each use and engine, with a header: what was measured, and whether to use it for that."""
    out = io.StringIO()
    writer = CsvWriter(out)
    writer.writerow(_CSV_COLUMNS)
    for choice in choices:
        task = choice.task
        if task is None and bench.live:
            writer.writerows(_live_csv_row(bench, choice, one) for one in bench.live)
            continue
        if task is None:
            words = [choice.reason if name == "reason" else "" for name in _CSV_COLUMNS[2:]]
            writer.writerow([printable(bench.source), choice.use.value, *words])
            continue
        writer.writerows(_csv_row(bench, choice, task, one) for one in bench.engines)
    return out.getvalue()


def _live_csv_row(bench: FileBench, choice: Choice, one: LiveTrial) -> list[object]:
    times = [one.p50_ms, one.p50_ms, one.p95_ms]
    unfit = next((each.reason for each in choice.unfit if each.engine == one.engine), "")
    return [
        printable(bench.source),
        choice.use.value,
        "live",
        one.engine,
        one.version,
        "CPU",
        int(one.engine in choice.engines),
        printable(unfit),
        "frame",
        *("" if value is None else f"{value:.3f}" for value in times),
        one.sent,
        one.wrong + one.doubled,
        one.dropped,
        "",
        "",
        one.state.value,
        printable(one.reason),
    ]


def _csv_row(bench: FileBench, choice: Choice, task: BenchTask, one: EngineBench) -> list[object]:
    measure = one.measures.get(task)
    figures: list[object] = [""] * 7
    if measure is not None:
        times = (measure.figure_ms, measure.median_ms, measure.p95_ms)
        figures = [
            measure.unit,
            *(f"{value:.3f}" for value in times),
            len(measure.samples_ms),
            measure.wrong,
            measure.failed,
        ]
    unfit = next((each.reason for each in choice.unfit if each.engine == one.engine), "")
    return [
        printable(bench.source),
        choice.use.value,
        task.value,
        one.engine,
        one.version,
        one.runs_on,
        int(one.engine in choice.engines),
        printable(unfit),
        *figures,
        one.frame_count_claimed,
        one.peak_memory_bytes,
        one.state.value,
        printable(one.reason),
    ]
