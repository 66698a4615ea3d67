"""Random access, and what a person's hands do: steps and drags, back and on."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.benchmarks.bench import PLAIN, Bench
from tests.benchmarks.child import Child, ChildError
from tests.benchmarks.limit import LIMIT
from tests.benchmarks.report import Measure, Row, summarise

if TYPE_CHECKING:
    from collections.abc import Iterator

_HELD_KEY_S = 1 / 30
"""A held key asks for a frame this often."""

_REST_S = 0.5
"""How long the hand rests on a frame before it begins."""

_WALK_BUDGET_S, _QUICK_WALK_BUDGET_S = 40.0, 5.0
"""A walk that takes longer is broken off; the figures are of what was done until then."""

_REPETITIONS = 5
"""Worst waits are of so many times, each from another frame."""

_HAND_GOPS = {
    "H.264 GOP 30": 30,
    "H.264 GOP 250": 250,
    "HEVC GOP 250": 250,
    "AV1": 120,
    "MPEG-4 AVI with B": 48,
    "H.264 TS": 250,
}
"""The clips that hands move on, and the frames from one keyframe to the next."""

_HANDS_OPTIONS: dict[str, Any] = {**PLAIN, "cache_bytes": 700 << 20, "read_ahead": True}


def random_access(bench: Bench) -> Iterator[Row]:
    """Shuffled single frames: every engine answers each before the next is requested."""
    for name, spec in bench.specs.items():
        if spec.copied_from == "long MP4" or not bench.is_wanted(name):
            continue
        trials = min(spec.trials, 12) if bench.quick else spec.trials
        targets = random.Random(3).sample(range(10, spec.frame_count), trials)
        row = Row("Exact random access, median ms", name, goal=spec.goal)
        _interleave(bench, row, targets)
        yield row


def _interleave(bench: Bench, row: Row, targets: list[int]) -> None:
    children: dict[str, Child] = {}
    # Without a cache: with one, a few trials on a short clip would often find their frame at hand.
    for engine, child in bench.opened(row.title, {**PLAIN, "cache_bytes": 0}, more=[LIMIT]):
        if isinstance(child, str):
            row.measures[engine] = Measure(problem=child)
        else:
            children[engine] = child
    order = list(children)
    times: dict[str, list[float]] = {engine: [] for engine in order}
    wrong = dict.fromkeys(order, 0)
    for turn, target in enumerate(targets):
        shift = turn % len(order)
        for engine in order[shift:] + order[:shift]:
            if engine in row.measures:
                continue
            try:
                answer = children[engine].ask("read", numbers=[target])
            except ChildError as error:
                row.measures[engine] = Measure(problem=str(error))
                continue
            times[engine] += answer["ms"]
            wrong[engine] += answer["landed"] != [target]
    for engine in order:
        if engine not in row.measures:
            row.measures[engine] = summarise(times[engine], wrong=wrong[engine])
            children[engine].ask("close")


@dataclass(frozen=True, slots=True)
class Walk:
    """What a hand does from a frame on.

    Attributes:
        name: For the table.
        path: Distances from the first frame, in the order they are requested.
        goal: Most time for one of them on average, as a share of the fastest peer's.
        feeding: Most packets that may be decoded for each distinct one.
        rest_s: How long the hand rests on the first frame.
        retraces: Whether it has been there before, unmeasured.
    """

    name: str
    path: tuple[int, ...]
    goal: float | None = None
    feeding: float | None = None
    rest_s: float = _REST_S
    retraces: bool = False


def _walks(steps: int) -> list[Walk]:
    rng = random.Random(9)
    mouse = [0]
    while len(mouse) < steps:
        mouse.append(mouse[-1] + rng.randint(2, 11))
    back, on = _line(-1, steps), _line(1, steps)
    turn = (*_line(-1, steps // 2), *range(-steps // 2, steps // 2), *range(steps // 2, 0, -1))
    return [
        Walk("step back", back, 0.07, 2.1),
        Walk("step back, at once after a jump", back, 0.07, 2.1, rest_s=0.0),
        Walk("drag back by 3", _line(-3, steps), 0.2, 2.1),
        Walk("drag back by 7", _line(-7, steps), 0.2, 2.1),
        Walk("drag back by 30", _line(-30, steps // 4), None, 2.1),
        Walk("drag back, unevenly", tuple(-distance for distance in mouse), 0.2, 2.1),
        Walk("drag back, retraced", tuple(-distance for distance in mouse), retraces=True),
        Walk("turn round", turn, None, 2.1),
        Walk("step on", on, 1.0, 1.1),
        Walk("step on, at once after a jump", on, 1.0, 1.1, rest_s=0.0),
        Walk("drag on by 3", _line(3, steps), 1.0, 1.1),
        Walk("drag on by 7", _line(7, steps), 1.0, 1.1),
        Walk("drag on by 30", _line(30, steps // 4), 1.0, 1.1),
        Walk("drag on, unevenly", tuple(mouse), 1.0, 1.1),
    ]


def _line(stride: int, steps: int) -> tuple[int, ...]:
    return tuple(range(0, stride * steps, stride))


def _starts(walk: Walk, frame_count: int, gop: int, repetitions: int) -> list[int]:
    """Where a walk begins each time: never right at a keyframe, and the next one is soon reached.

    A reader that seeks each time waits longest next to a keyframe, for the last frames of a GOP. It must get
    there before its time is used up: otherwise only the others' longest waits would be measured.
    """
    least, most = -min(walk.path), frame_count - 1 - max(walk.path)
    rng = random.Random(5)
    reach = (max(walk.path) - min(walk.path)) // 3
    distances = range(min(gop // 8, reach // 2), max(min(gop // 2, reach), gop // 8 + 1))
    side = 1 if walk.path[1] < 0 else -1
    starts = [key + side * distance for key in range(gop, frame_count, gop) for distance in distances]
    starts = [start for start in starts if least <= start <= most]
    return [rng.choice(starts) for _ in range(repetitions)] if starts else []


def hands(bench: Bench) -> Iterator[Row]:
    """Steps and drags over keyframes, as fast as the frames come and at the pace of a held key."""
    for name, gop in _HAND_GOPS.items():
        for walk in _walks(24 if bench.quick else 90):
            starts = _starts(walk, bench.specs[name].frame_count, gop, 2 if bench.quick else _REPETITIONS)
            for pace_s, words in ((0.0, "at once"), (_HELD_KEY_S, "held key, 30 a second")):
                title = f"{walk.name}, {name.removeprefix('H.264 ')}"
                if not bench.is_wanted(title):
                    continue
                typical = Row(f"Hands, {words}: mean ms", title, goal=walk.goal)
                worst = Row(f"Hands, {words}: worst wait of {len(starts)} times, ms", title, goal=1.0)
                worst.compares_worst = True
                fed = Row(f"Hands, {words}: packets decoded ÷ distinct packets, most", title, unit="")
                fed.limit = walk.feeding
                for engine, measure, feeding in _take_walk(bench, name, walk, starts, pace_s):
                    typical.measures[engine] = worst.measures[engine] = measure
                    if feeding:
                        fed.measures[engine] = summarise(feeding)
                        fed.compares_worst = True
                if not pace_s and starts and typical.measures and walk.path == tuple(sorted(walk.path)):
                    runs = [[start + distance for distance in walk.path] for start in starts]
                    typical.measures = {**typical.measures, LIMIT: bench.limit_of_many(name, runs)}
                yield from (row for row in (typical, worst, fed) if row.measures)


def _take_walk(
    bench: Bench, clip: str, walk: Walk, starts: list[int], pace_s: float
) -> Iterator[tuple[str, Measure, list[float]]]:
    """Each engine's times over all repetitions, every one of them with the file opened again."""
    budget_s = (_QUICK_WALK_BUDGET_S if bench.quick else _WALK_BUDGET_S) / max(len(starts), 1)
    times: dict[str, list[float]] = {}
    wrong: dict[str, int] = {}
    feeding: dict[str, list[float]] = {}
    problems: dict[str, str] = {}
    for start in starts:
        numbers = [start + distance for distance in walk.path]
        for engine, child in bench.opened(clip, _HANDS_OPTIONS):
            if engine in problems:
                continue
            if isinstance(child, str):
                problems[engine] = child
                continue
            try:
                if walk.retraces:
                    child.ask("read", numbers=numbers, pace_s=pace_s, budget_s=budget_s)
                answer = child.ask(
                    "read", numbers=numbers, pace_s=pace_s, rest_s=walk.rest_s, budget_s=budget_s
                )
                child.ask("close")
            except ChildError as error:
                problems[engine] = str(error)
                continue
            times.setdefault(engine, []).extend(answer["ms"][1:])
            landed = zip(answer["landed"], numbers, strict=False)
            wrong[engine] = wrong.get(engine, 0) + sum(a != b for a, b in landed)
            total, distinct = answer["fed"]
            if distinct:
                feeding.setdefault(engine, []).append(total / distinct)
    for engine in {**times, **problems}:
        if engine in problems or not times[engine]:
            yield engine, Measure(problem=problems.get(engine, "no answer in time")), []
        else:
            summary = summarise(times[engine], wrong=wrong[engine], mean=True)
            yield engine, summary, feeding.get(engine, [])
