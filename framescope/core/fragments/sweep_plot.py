"""Plots a sweep as SVG: bitrate of each setting against the bytes read for random access."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING

from framescope.core.fragments.sweep import name_of
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.core.fragments.sweep import Sweep, SweepPoint

_WIDTH, _HEIGHT = 860, 520
_LEFT, _TOP, _RIGHT, _BOTTOM = 76, 48, 24, 64
_COLORS = ("#2b6cb0", "#c05621", "#2f855a", "#805ad5", "#b83280", "#4a5568")
_INK, _LINE, _FAINT = "#1a202c", "#e2e8f0", "#718096"


def sweep_svg(sweep: Sweep) -> str:
    """The plot; a line joins the run lengths of each grid, a ring marks what no other way beats."""
    points = (sweep.undivided, *sweep.points)
    across = axis_range([one.access_bytes / 1000 for one in points])
    up = axis_range([one.bits_per_frame / 1000 for one in points])

    def place(point: SweepPoint) -> tuple[float, float]:
        x = share(point.access_bytes / 1000, across) * (_WIDTH - _LEFT - _RIGHT) + _LEFT
        y = _HEIGHT - _BOTTOM - share(point.bits_per_frame / 1000, up) * (_HEIGHT - _TOP - _BOTTOM)
        return x, y

    title = tr(
        "Cost of fragments: {codec}, quality {quality}, {frames}",
        codec=sweep.codec,
        quality=sweep.quality,
        frames=counted(sweep.frames, "frame", "frames"),
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
        f' aria-label="{html.escape(tr("Rate against random access"))}" font-family="sans-serif"'
        f' font-size="12" fill="{_INK}">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="26" font-size="15" font-weight="600">{html.escape(title)}</text>',
        *_axes(across, up),
    ]
    names = list(dict.fromkeys(point.grid_words for point in sweep.points))
    for number, name in enumerate(names):
        color = _COLORS[number % len(_COLORS)]
        own = [point for point in sweep.points if point.grid_words == name]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(place, own))
        parts.append(
            f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="1.5" opacity=".5"/>'
        )
        parts += [_mark(point, place(point), color, is_best=point in sweep.best) for point in own]
        below = _TOP + 16 + number * 18
        parts.append(f'<circle cx="{_WIDTH - 168}" cy="{below - 4}" r="4" fill="{color}"/>')
        parts.append(f'<text x="{_WIDTH - 156}" y="{below}">{html.escape(name)}</text>')
    x, y = place(sweep.undivided)
    parts.append(
        f'<path d="M{x - 6:.1f} {y:.1f}h12M{x:.1f} {y - 6:.1f}v12" stroke="{_INK}" stroke-width="2"/>'
    )
    anchor = "end" if x > _WIDTH / 2 else "start"
    shift = -10 if anchor == "end" else 10
    words = html.escape(tr("one stream"))
    parts.append(f'<text x="{x + shift:.1f}" y="{y - 8:.1f}" text-anchor="{anchor}">{words}</text>')
    return "".join(parts) + "</svg>\n"


def _axes(across: tuple[float, float], up: tuple[float, float]) -> list[str]:
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    parts = []
    for value in ticks(*across):
        x = share(value, across) * (right - _LEFT) + _LEFT
        parts.append(f'<path d="M{x:.1f} {_TOP}V{bottom}" stroke="{_LINE}"/>')
        parts.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{value:g}</text>')
    for value in ticks(*up):
        y = bottom - share(value, up) * (bottom - _TOP)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{right}" stroke="{_LINE}"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>')
    middle = (_TOP + bottom) / 2
    below = html.escape(tr("kB read to show the middle quarter of one frame (lower is better)"))
    beside = html.escape(tr("kbit per frame (lower is better)"))
    parts.append(
        f'<text x="{(right + _LEFT) / 2}" y="{bottom + 44}" text-anchor="middle" fill="{_FAINT}">'
        f"{below}</text>"
    )
    parts.append(
        f'<text transform="translate(20 {middle}) rotate(-90)" text-anchor="middle" fill="{_FAINT}">'
        f"{beside}</text>"
    )
    return parts


def _mark(point: SweepPoint, place: tuple[float, float], color: str, *, is_best: bool) -> str:
    x, y = place
    ring = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="none" stroke="{color}"/>' if is_best else ""
    words = html.escape(f"{name_of(point)}: {point.overhead:+.0%} bits, PSNR {point.psnr_db:.1f} dB")
    return (
        f'{ring}<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{color}"><title>{words}</title></circle>'
        f'<text x="{x + 9:.1f}" y="{y - 6:.1f}" fill="{_FAINT}">{point.run_length}</text>'
    )


def axis_range(values: Sequence[float]) -> tuple[float, float]:
    """From nothing to a little beyond the largest."""
    return 0.0, max([*values, 1e-9]) * 1.08


def share(value: float, span: tuple[float, float]) -> float:
    """Where a value lies in a span: 0 at its beginning, 1 at its end."""
    low, high = span
    return (value - low) / max(high - low, 1e-12)


def ticks(low: float, high: float, count: int = 6) -> list[float]:
    """Round values in the span, about ``count`` of them."""
    span = max(high - low, 1e-9)
    power = 10.0 ** math.floor(math.log10(span / count))
    step = next(power * one for one in (1, 2, 5, 10) if span / (power * one) <= count)
    first = math.ceil(low / step)
    return [round(number * step, 10) for number in range(first, math.floor(high / step) + 1)]
