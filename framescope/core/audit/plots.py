"""Draws an audit as SVG text; colours are CSS variables of the page around it."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from framescope.core.audit.records import Outcome
from framescope.core.printable import printable
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from framescope.core.audit.records import EngineTrial, FileAudit, RequestResult

_WORST_LAST = (Outcome.EXACT, Outcome.AMBIGUOUS, Outcome.FAILED, Outcome.SHIFTED, Outcome.FOREIGN)
"""Of overlapping marks, the worst is on top."""
_KEY_LINE = 18
_MARK_ROOM = 10.0
_LETTER = 6.9
"""The average character width in the plots."""
_LANE_CELL, _MARK_CELL = 1.0, 2.0
"""Marks of one outcome no farther apart than this are merged."""
_SHAPES = ("circle", "square", "diamond", "triangle", "cross", "down", "bar", "ring")

Spot: TypeAlias = "tuple[float, float, RequestResult]"
"""A mark's position, from the left and from the top, and its meaning."""


def lane_strip(audit: FileAudit) -> str:
    """One lane per engine along the file; each request is a mark in its outcome's colour."""
    trials = _tried(audit)
    width, left, lane, top = 1040, 170, 30, 8
    total = _frame_total(audit)
    height = top + lane * len(trials) + 40
    scale = (width - left - 16) / max(total, 1)
    mark = max(2.0, min(44.0, scale * 0.9))
    parts = [_open(width, height, tr("Requests of each engine along the file"))]
    for row, trial in enumerate(trials):
        y = top + row * lane
        parts.append(f'<text class="name" x="0" y="{y + 17}">{_text(trial.title)}</text>')
        parts.append(
            f'<rect x="{left}" y="{y + 4}" width="{width - left - 16}" height="18" rx="3" fill="var(--line)"'
            ' opacity=".5"/>'
        )
        spots = ((left + (one.frame_number + 0.5) * scale - mark / 2, y + 4, one) for one in trial.requests)
        parts += [
            f'<rect x="{x:.1f}" y="{top_y}" width="{mark:.1f}" height="18" rx="1"'
            f' fill="var(--{_shown(one).value})"><title>{_text(_words(trial, one))}</title></rect>'
            for x, top_y, one in _distinct(spots, _LANE_CELL)
        ]
    y = top + lane * len(trials)
    keys = audit.facts.keyframes if audit.facts is not None else ()
    parts += [
        f'<path d="M{left + (int(key) + 0.5) * scale:.1f} {y}v6" stroke="var(--key)" stroke-width="2"/>'
        for key in _thinned(keys, 400)
    ]
    for number in _ticks(0, max(total - 1, 1), 8):
        x = left + (number + 0.5) * scale
        parts.append(f'<text x="{x:.1f}" y="{y + 22}" text-anchor="middle">{number:g}</text>')
    words = html.escape(tr("frame · blue: keyframes"))
    parts.append(f'<text x="0" y="{y + 22}">{words}</text></svg>')
    return "".join(parts)


def landing_plot(audit: FileAudit) -> str:
    """Requested frame (x) against returned frame (y)."""
    total = max(_frame_total(audit) - 1, 1)
    ends = (-0.5, total + 0.5)
    frame = _Frame(480, 400, ends, ends, tr("requested"), tr("returned"), engines=_names(audit))
    diagonal = f"M{frame.x(0):.1f} {frame.y(0):.1f}L{frame.x(total):.1f} {frame.y(total):.1f}"
    marks = [f'<path d="{diagonal}" stroke="var(--axis)" stroke-dasharray="4 4" fill="none"/>']
    marks += _answer_marks(audit, frame, lambda one: one.landed)
    return frame.draw("".join(marks))


def offset_plot(audit: FileAudit) -> str:
    """Frame number (x) against returned minus requested frame (y)."""
    total = max(_frame_total(audit) - 1, 1)
    offsets = [one.offset for trial in _tried(audit) for one in trial.requests if one.offset is not None]
    low, high = min(0, *offsets, 0), max(0, *offsets, 0)
    margin = max((high - low) * 0.08, 0.5)
    across, up = (-0.5, total + 0.5), (low - margin, high + margin)
    frame = _Frame(480, 400, across, up, tr("frame"), tr("offset"), engines=_names(audit))
    keys = audit.facts.keyframes if audit.facts is not None else ()
    marks = [
        f'<path d="M{frame.x(int(key)):.1f} {frame.bottom}v-6" stroke="var(--key)"/>'
        for key in _thinned(keys, 200)
    ]
    marks += _answer_marks(audit, frame, lambda one: one.offset)
    return frame.draw("".join(marks))


def latency_plot(audit: FileAudit) -> str:
    """Frames to decode (x) against milliseconds (y, logarithmic); one point per request."""
    costs = audit.facts.decode_costs if audit.facts is not None else np.empty(0, np.int64)
    points = [
        (place, int(costs[one.frame_number]), math.log10(max(one.latency_ms, 0.01)), one)
        for place, trial in enumerate(_tried(audit))
        for one in trial.requests
        if one.frame_number < len(costs) and one.outcome is not Outcome.FAILED
    ]
    if not points:
        return f"<p>{html.escape(tr('No request returned a picture.'))}</p>"
    low = math.floor(min(point[2] for point in points))
    high = math.ceil(max(point[2] for point in points))
    most = max(point[1] for point in points)
    frame = _Frame(
        1040,
        340,
        (0, most + 1),
        (low, max(high, low + 1)),
        tr("frames to decode"),
        "ms",
        engines=_names(audit),
        is_log=True,
    )
    aside = frame.steps_aside(len(_tried(audit)))
    marks: list[str] = []
    for place, trial in enumerate(_tried(audit)):
        spots = (
            (frame.x(cost) + aside[place], frame.y(power), one)
            for engine, cost, power, one in points
            if engine == place
        )
        marks += _marks(trial, place, spots)
    return frame.draw("".join(marks))


class _Frame:
    """Axes of a plot."""

    def __init__(  # noqa: PLR0913, PLR0917 - a plot's frame
        self,
        width: int,
        height: int,
        across: tuple[float, float],
        up: tuple[float, float],
        name_across: str,
        name_up: str,
        *,
        engines: Sequence[str],
        is_log: bool = False,
    ) -> None:
        self._engines = engines
        self._across, self._up = across, up
        self._names = name_across, name_up
        self._is_log = is_log
        self._left, self._top, self._right = 56, 28, width - 12
        self.bottom = height - 84
        lines = max((row for _, row in _key_places(engines, self._right - self._left)), default=0) + 1
        self._size = width, self.bottom + 58 + lines * _KEY_LINE

    def x(self, value: float) -> float:
        """The position of a value, from the left."""
        low, high = self._across
        return self._left + (value - low) / (high - low) * (self._right - self._left)

    def y(self, value: float) -> float:
        """The position of a value, from the top."""
        low, high = self._up
        return self.bottom - (value - low) / (high - low) * (self.bottom - self._top)

    def steps_aside(self, engines: int) -> list[float]:
        """How far each engine's marks are shifted, so that they do not hide each other."""
        low, high = self._across
        room = (self._right - self._left) / max(high - low, 1) * 0.8
        step = min(_MARK_ROOM, room / max(engines, 1))
        return [(place - (engines - 1) / 2) * step for place in range(engines)]

    def draw(self, marks: str) -> str:
        """The whole plot; marks have a shape per engine, with a legend below."""
        width, height = self._size
        parts = [
            _open(width, height, tr("{names} over {baseline}", names=self._names[1], baseline=self._names[0]))
        ]
        for value in _ticks(*self._up, 5):
            y = self.y(value)
            words = f"{10**value:g}" if self._is_log else f"{value:g}"
            parts.append(f'<path d="M{self._left} {y:.1f}H{self._right}" stroke="var(--line)"/>')
            parts.append(f'<text x="{self._left - 8}" y="{y + 4:.1f}" text-anchor="end">{words}</text>')
        for value in _ticks(*self._across, 6):
            x = self.x(value)
            parts.append(f'<text x="{x:.1f}" y="{self.bottom + 18}" text-anchor="middle">{value:g}</text>')
        parts.append(
            f'<path d="M{self._left} {self._top}V{self.bottom}H{self._right}" stroke="var(--axis)"'
            ' fill="none"/>'
        )
        parts.append(
            f'<text x="{self._right}" y="{self.bottom + 36}" text-anchor="end">{self._names[0]}</text>'
        )
        parts.append(f'<text x="{self._left - 8}" y="12" text-anchor="end">{self._names[1]}</text>')
        parts.append(marks)
        parts.append(_engine_key(self._engines, self._left, self.bottom + 58, self._right))
        return "".join(parts) + "</svg>"


def _engine_key(engines: Sequence[str], left: int, top: int, right: int) -> str:
    parts = []
    for place, (x, row) in enumerate(_key_places(engines, right - left)):
        y = top + row * _KEY_LINE
        mark = _shape(place, left + x + 5, y - 4)
        parts.append(f'<g fill="var(--text)" stroke="var(--text)">{mark}</g>')
        parts.append(f'<text x="{left + x + 14:.0f}" y="{y}">{_text(engines[place])}</text>')
    return "".join(parts)


def _key_places(engines: Sequence[str], width: int) -> list[tuple[float, int]]:
    """The position of each name in the legend: from the left, and the line."""
    places: list[tuple[float, int]] = []
    x, line = 0.0, 0
    for name in engines:
        needed = len(name) * _LETTER + 32
        if x and x + needed > width:
            x, line = 0.0, line + 1
        places.append((x, line))
        x += needed
    return places


def _answer_marks(
    audit: FileAudit, frame: _Frame, height: Callable[[RequestResult], float | None]
) -> Iterator[str]:
    """The marks of every engine's answers: requested frame (x) against ``height`` of the answer (y)."""
    aside = frame.steps_aside(len(_tried(audit)))
    for place, trial in enumerate(_tried(audit)):
        heights = ((one, height(one)) for one in trial.requests)
        spots = (
            (frame.x(one.frame_number) + aside[place], frame.y(up), one)
            for one, up in heights
            if up is not None
        )
        yield from _marks(trial, place, spots)


def _marks(trial: EngineTrial, place: int, spots: Iterable[Spot]) -> list[str]:
    """The marks of one engine, in its shape."""
    return [
        f'<g fill="var(--{_shown(one).value})" stroke="var(--{_shown(one).value})" opacity=".85">'
        f"{_shape(place, x, y)}<title>{_text(_words(trial, one))}</title></g>"
        for x, y, one in _distinct(spots, _MARK_CELL)
    ]


def _distinct(spots: Iterable[Spot], cell: float) -> list[Spot]:
    """One mark for each position and outcome, the worst on top: the page for a long file stays small."""
    kept: dict[tuple[Outcome, int, int], Spot] = {}
    for spot in spots:
        x, y, one = spot
        kept.setdefault((_shown(one), round(x / cell), round(y / cell)), spot)
    return sorted(kept.values(), key=lambda spot: _WORST_LAST.index(_shown(spot[2])))


def _shape(place: int, x: float, y: float) -> str:
    paths = {
        "square": f"M{x - 3:.1f} {y - 3:.1f}h6v6h-6z",
        "diamond": f"M{x:.1f} {y - 4:.1f}l4 4-4 4-4-4z",
        "triangle": f"M{x:.1f} {y - 4:.1f}l4 7h-8z",
        "down": f"M{x:.1f} {y + 4:.1f}l4-7h-8z",
        "cross": f"M{x - 3:.1f} {y - 3:.1f}l6 6m0-6l-6 6",
        "bar": f"M{x - 4:.1f} {y - 1:.1f}h8v2h-8z",
    }
    shape = _SHAPES[place % len(_SHAPES)]
    if shape in paths:
        return f'<path d="{paths[shape]}"/>'
    fill = ' fill="none"' if shape == "ring" else ""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"{fill}/>'


def _tried(audit: FileAudit) -> list[EngineTrial]:
    return [trial for trial in audit.trials if trial.requests]


def _names(audit: FileAudit) -> list[str]:
    return [trial.engine for trial in _tried(audit)]


def _frame_total(audit: FileAudit) -> int:
    counts = [len(trial.sequence) for trial in audit.trials]
    return max(counts + ([] if audit.facts is None else [audit.facts.frame_count]), default=1)


def _shown(one: RequestResult) -> Outcome:
    """The colour of a request: a correct answer that changes when repeated does not count as correct."""
    return Outcome.FOREIGN if one.repeat_differs and one.outcome is not Outcome.FAILED else one.outcome


def _words(trial: EngineTrial, one: RequestResult) -> str:
    parts = [tr("{title}: requested {frame_number}", title=trial.title, frame_number=one.frame_number)]
    if one.offset:
        parts.append(tr("returned frame {landed} ({offset:+d})", landed=one.landed, offset=one.offset))
    elif one.landed is None:
        parts.append(one.error or one.outcome.value)
    else:
        parts.append(one.outcome.value)
    if one.repeat_differs:
        parts.append(tr("a different picture when repeated"))
    return f"{', '.join(parts)}; {one.latency_ms:.1f} ms, {one.order.value}"


def _thinned(values: Iterable[int], most: int) -> list[int]:
    listed = list(values)
    return listed[:: max(1, -(-len(listed) // most))]


def _ticks(low: float, high: float, count: int) -> list[float]:
    """Round values from ``low`` to ``high``, about ``count`` of them."""
    span = max(high - low, 1e-9)
    power = 10 ** math.floor(math.log10(span / count))
    step = max(1, next(power * one for one in (1, 2, 5, 10) if span / (power * one) <= count))
    first = math.ceil(low / step)
    return [place * step for place in range(first, math.floor(high / step) + 1)]


def _open(width: int, height: int, title: str) -> str:
    return f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{_text(title)}">'


def _text(words: str) -> str:
    return html.escape(printable(words), quote=True)
