"""A comparison as plain values: the whole for programs, and a table with a row per frame."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from framescope.core.compare.words import remarks, sentence, verdict
from framescope.core.media.container import without_secrets
from framescope.core.tables.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framescope.core.compare.comparison import Comparison, Side
    from framescope.core.compare.differences import Difference
    from framescope.core.compare.quality import Quality
    from framescope.core.tables.table import Cell

FORMAT = 1
"""Incremented when a field of the JSON changes its meaning."""


def comparison_table(comparison: Comparison) -> dict[str, Any]:
    """All results; frame numbers are 0-based, runs half-open."""
    alignment = comparison.alignment
    registration = alignment.registration
    return {
        "format": FORMAT,
        "a": _side_table(comparison.a),
        "b": _side_table(comparison.b),
        "align": alignment.by.value,
        "is_complete": comparison.is_complete,
        "verdict": verdict(comparison),
        "remarks": remarks(comparison),
        "differences": [_difference_table(one, comparison) for one in alignment.differences],
        "crop": None
        if registration is None or not registration.is_cropped
        else {"zoom": list(registration.zoom), "shift": list(registration.shift)},
        "b_of_a": alignment.b_of_a.tolist(),
        "a_of_b": alignment.a_of_b.tolist(),
        "quality": None if comparison.quality is None else _quality_table(comparison.quality),
    }


def frame_table(comparison: Comparison) -> Table:
    """A row per pair of frames, and for each frame without a counterpart."""
    names = [] if comparison.quality is None else list(comparison.quality.values)
    columns = (
        "frame_a",
        "time_a_s",
        "frame_b",
        "time_b_s",
        "kind",
        *(f"{metric.value.replace('-', '_')}_{plane.lower()}" for metric, plane in names),
    )
    order = list(_in_order(comparison))
    return Table("frames", columns, len(order), lambda: _rows(comparison, order))


def _rows(
    comparison: Comparison, order: list[tuple[int | None, int | None, str]]
) -> Iterator[tuple[Cell, ...]]:
    quality = comparison.quality
    places = {} if quality is None else {int(a): place for place, a in enumerate(quality.a)}
    for a, b, kind in order:
        place = places.get(a) if kind == "matched" and a is not None else None
        values: list[Cell] = []
        if quality is not None:
            values = [None if place is None else float(one[place]) for one in quality.values.values()]
        yield (a, _time(comparison.a, a), b, _time(comparison.b, b), kind, *values)


def _in_order(comparison: Comparison) -> Iterator[tuple[int | None, int | None, str]]:
    """Frames of A and B with what became of them, as a viewer of both would meet them."""
    alignment = comparison.alignment
    missing_from_b = alignment.b_of_a < 0
    if comparison.is_selection:
        missing_from_b[:] = False
        for one in alignment.differences:
            missing_from_b[one.a.start : one.a.stop] = True
    next_a = 0
    for b, a in enumerate(alignment.a_of_b.tolist()):
        if a < 0:
            yield None, b, "inserted"
            continue
        for missing in range(next_a, a):
            if missing_from_b[missing]:
                yield missing, None, "missing"
        next_a = max(next_a, a + 1)
        yield a, b, "matched" if alignment.b_of_a[a] == b else "doubled"
    for missing in range(next_a, len(comparison.a)):
        if missing_from_b[missing]:
            yield missing, None, "missing"


def _time(side: Side, frame: int | None) -> float | None:
    return None if frame is None else float(side.times_s[frame])


def _side_table(side: Side) -> dict[str, Any]:
    return {
        "source": without_secrets(side.source),
        "stream_index": side.stream_index,
        "stream": side.words,
        "frame_count": len(side),
        "rate": None if side.rate is None else str(side.rate),
        "rate_fps": None if side.rate is None else float(side.rate),
        "unavailable": side.unavailable.tolist(),
        "damaged": side.damaged.tolist(),
        "telecine": None if side.telecine is None else side.telecine.kind.value,
    }


def _difference_table(difference: Difference, comparison: Comparison) -> dict[str, Any]:
    def run(frames: range) -> list[int]:
        return [frames.start, frames.stop]

    def time(side: Side, frames: range) -> float | None:
        return _number(float(side.times_s[frames.start])) if frames.start < len(side) else None

    return {
        "kind": difference.kind.value,
        "count": difference.count,
        "a": run(difference.a),
        "a_time_s": time(comparison.a, difference.a),
        "b": run(difference.b),
        "b_time_s": time(comparison.b, difference.b),
        "is_certain": difference.is_certain,
        "between": run(difference.between),
        "share": str(difference.share) if difference.share else None,
        "text": sentence(difference, comparison),
    }


def _quality_table(quality: Quality) -> dict[str, Any]:
    table: dict[str, Any] = {
        "pairs": len(quality.a),
        "identical": int(quality.is_identical.sum()),
        "compared_in": list(quality.spaces),
    }
    for metric in quality.metrics:
        summary = quality.summary(metric)
        table[metric.value] = {
            "mean": _number(summary.mean),
            "harmonic_mean": _number(summary.harmonic_mean),
            "low_1_percent": _number(summary.low),
            "lowest": _number(summary.lowest),
            "planes": {
                plane: _mean(values)
                for (one, plane), values in quality.values.items()
                if one is metric and plane != "all"
            },
            "worst": [
                {
                    "frame_a": int(quality.a[place]),
                    "frame_b": int(quality.b[place]),
                    "value": _number(float(quality.values[metric, "all"][place])),
                }
                for place in summary.worst
            ],
        }
    return table


def _mean(values: Any) -> float | None:  # noqa: ANN401 - an array of any length
    known = [value for value in values.tolist() if math.isfinite(value)]
    return sum(known) / len(known) if known else None


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
