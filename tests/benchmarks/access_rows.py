"""Random access, and what a person's hands do: steps and drags, back and on."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.benchmarks.bench import PLAIN, Bench
from tests.benchmarks.child import Child, ChildError
from tests.benchmarks.report import Measure, Row, summarise

if TYPE_CHECKING:
    from collections.abc import Iterator

_HELD_KEY_S = 1 / 30
"""A held key asks for a frame this often."""

_REST_S = 0.5
"""How long the hand rests on a frame before it begins."""

_WALK_BUDGET_S, _QUICK_WALK_BUDGET_S = 20.0, 5.0
"""A walk that takes longer is broken off; the figures are of what was done until then."""

_HANDS_OPTIONS: dict[str, Any] = {**PLAIN, "cache_bytes": 700 << 20, "read_ahead": True}


def random_access(bench: Bench) -> Iterator[Row]:
    """Shuffled single frames: every engine answers each before the next is requested."""
    for name, spec in bench.specs.items():
        is_wanted = not bench.words or any(word in name.lower() for word in bench.words)
        if spec.copied_from == "long MP4" or not is_wanted:
            continue
        trials = min(spec.trials, 12) if bench.quick else spec.trials
        targets = random.Random(3).sample(range(10, spec.frame_count), trials)
        row = Row("Exact random access, median ms", name, goal=spec.goal)
        _interleave(bench, row, targets)
        yield row


def _interleave(bench: Bench, row: Row, targets: list[int]) -> None:
    children: dict[str, Child] = {}
    # Without a cache: with one, a few trials on a short clip would often find their frame at hand.
    for engine, child in bench.opened(row.title, {**PLAIN, "cache_bytes": 0}):
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
    """Frames that a hand asks for in turn.

    Attributes:
        name: What the hand does.
        numbers: The frames; the first is where it rests before.
        goal: Most time for one of them on average, as a share of the fastest peer's.
        before: Frames requested earlier, not measured.
        is_stall_judged: Whether the worst wait must be shorter than every peer's.
    """

    name: str
    numbers: list[int]
    goal: float | None = None
    before: tuple[int, ...] = ()
    is_stall_judged: bool = False


def _walks(frame_count: int, steps: int) -> list[Walk]:
    rng = random.Random(9)
    start = frame_count * 3 // 4
    drag = [0]
    while len(drag) < steps:
        drag.append(drag[-1] + rng.randint(2, 11))
    back = [start - distance for distance in drag if distance <= start]
    ahead = [frame_count // 4 + distance for distance in drag if frame_count // 4 + distance < frame_count]
    single_back = list(range(start, max(start - steps, 0), -1))
    return [
        Walk("step back", single_back, 0.07, is_stall_judged=True),
        Walk("drag back, cold", back, 0.2, is_stall_judged=True),
        Walk("drag back, retraced", back[::-1] + back, before=tuple(back)),
        Walk("step on", list(range(start // 2, start // 2 + steps)), 1.0),
        Walk("drag on", ahead, 1.0),
    ]


def hands(bench: Bench) -> Iterator[Row]:
    """Steps and drags, as fast as the frames come and at the pace of a held key."""
    for name in ("H.264 GOP 30", "H.264 GOP 250"):
        for walk in _walks(bench.specs[name].frame_count, 24 if bench.quick else 90):
            for pace_s, words in ((0.0, "at once"), (_HELD_KEY_S, "held key, 30 a second")):
                title = f"{walk.name}, {name.removeprefix('H.264 ')}"
                typical = Row(f"Hands, {words}: mean ms", title, goal=walk.goal)
                worst = Row(f"Hands, {words}: worst wait, ms", title, compares_worst=True)
                worst.goal = 1.0 if walk.is_stall_judged else None
                for engine, measure in _take_walk(bench, name, walk, pace_s):
                    typical.measures[engine] = worst.measures[engine] = measure
                yield from (typical, worst)


def _take_walk(bench: Bench, clip: str, walk: Walk, pace_s: float) -> Iterator[tuple[str, Measure]]:
    budget_s = _QUICK_WALK_BUDGET_S if bench.quick else _WALK_BUDGET_S
    for engine, child in bench.opened(clip, _HANDS_OPTIONS):
        if isinstance(child, str):
            yield engine, Measure(problem=child)
            continue
        try:
            if walk.before:
                child.ask("read", numbers=list(walk.before), pace_s=pace_s, budget_s=budget_s)
            answer = child.ask("read", numbers=walk.numbers, pace_s=pace_s, rest_s=_REST_S, budget_s=budget_s)
            child.ask("close")
        except ChildError as error:
            yield engine, Measure(problem=str(error))
            continue
        wrong = sum(a != b for a, b in zip(answer["landed"], walk.numbers, strict=False))
        yield engine, summarise(answer["ms"][1:], wrong=wrong, mean=True)
