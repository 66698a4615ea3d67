"""A comparison as one self-contained HTML page: the map between both videos, and the quality curve."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.compare.differences import DifferenceKind
from framescope.core.compare.words import remarks, sentence, verdict
from framescope.core.html_page import html_page, html_text
from framescope.core.media.container import source_name
from framescope.core.text import clock, counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from framescope.core.compare.comparison import Comparison, Side
    from framescope.core.compare.quality import Metric, Quality

_WIDTH, _LEFT, _RIGHT = 1040, 56, 1028
_COLOURS = {
    DifferenceKind.DROPPED: "shifted",
    DifferenceKind.CUT: "shifted",
    DifferenceKind.STARTS_LATER: "failed",
    DifferenceKind.ENDS_EARLIER: "failed",
    DifferenceKind.DOUBLED: "ambiguous",
    DifferenceKind.INSERTED: "foreign",
    DifferenceKind.ADDED: "foreign",
    DifferenceKind.LEAD_IN: "foreign",
    DifferenceKind.LEAD_OUT: "foreign",
    DifferenceKind.REPEATS_IN_RHYTHM: "accent",
    DifferenceKind.DROPS_IN_RHYTHM: "accent",
    DifferenceKind.NOTHING_IN_COMMON: "shifted",
}
_LEGEND = (
    ("exact", tr("the same frames in both")),
    ("shifted", tr("missing from B")),
    ("ambiguous", tr("doubled in B")),
    ("foreign", tr("only in B")),
    ("failed", tr("before or after B")),
    ("accent", tr("another rate")),
)
_MOST_MARKS, _BUCKETS = 2000, 480
_LEAST_MARK = 1.5


def comparison_as_html(comparison: Comparison) -> str:
    """The whole page."""
    names = [source_name(side.source) for side in (comparison.a, comparison.b)]
    mood = "good" if comparison.is_complete else "bad"
    body = [
        f"<h1>{html_text(tr('{b} compared with {a}', a=names[0], b=names[1]))}</h1>",
        f'<p class="lead {mood}">{html_text(verdict(comparison))}</p>',
        *(
            f'<p class="muted">{html_text(_side_words(name, side))}</p>'
            for name, side in (("A", comparison.a), ("B", comparison.b))
        ),
        *(f"<p>{html_text(remark)}</p>" for remark in remarks(comparison)),
        f'<div class="card"><h3>{html_text(tr("Map"))}</h3>{_legend()}'
        f'<div class="scroll wide">{_map(comparison)}</div></div>',
    ]
    if comparison.alignment.differences:
        items = "".join(
            f"<li>{html_text(sentence(one, comparison))}</li>" for one in comparison.alignment.differences
        )
        body.append(f'<div class="card"><h3>{html_text(tr("Differences"))}</h3><ul>{items}</ul></div>')
    quality = comparison.quality
    if quality is not None and len(quality.a):
        body.append(_summary_card(quality))
        body += [_curve_card(comparison, quality, metric) for metric in quality.metrics]
    return html_page(tr("{b} compared with {a}", a=names[0], b=names[1]), body)


def _side_words(name: str, side: Side) -> str:
    frames = counted(len(side), "frame", "frames")
    return f"{name}: {source_name(side.source)}: {frames}, {side.words}"


def _legend() -> str:
    items = "".join(
        f'<span><i style="background:var(--{colour})"></i>{html_text(words)}</span>'
        for colour, words in _LEGEND
    )
    return f'<p class="legend muted">{items}</p>'


def _map(comparison: Comparison) -> str:
    """Two bars, A above B, and what belongs together joined."""
    total = max(len(comparison.a), len(comparison.b), 1)
    scale = (_RIGHT - _LEFT) / total
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} 150" role="img" aria-label="{html_text(tr("Map of both videos"))}">'
    ]
    for name, side, y in (("A", comparison.a, 14), ("B", comparison.b, 106)):
        parts.append(f'<text class="name" x="0" y="{y + 15}">{name}</text>')
        parts.append(
            f'<rect x="{_LEFT}" y="{y}" width="{len(side) * scale:.2f}" height="20" fill="var(--line)"/>'
        )
    for a, b, count_a, count_b in _runs(comparison):
        left, right = _LEFT + a * scale, _LEFT + (a + count_a) * scale
        low_left, low_right = _LEFT + b * scale, _LEFT + (b + count_b) * scale
        parts.append(
            f'<path d="M{left:.2f} 14V34L{low_left:.2f} 106V126H{low_right:.2f}V106L{right:.2f} 34V14Z"'
            ' fill="var(--exact)" opacity=".45"/>'
        )
    for one in comparison.alignment.differences[:_MOST_MARKS]:
        if one.share:
            continue
        frames, y = (one.b, 106) if len(one.b) else (one.a, 14)
        width = max(len(frames) * scale, _LEAST_MARK)
        parts.append(
            f'<rect x="{_LEFT + frames.start * scale:.2f}" y="{y}" width="{width:.2f}" height="20"'
            f' fill="var(--{_COLOURS[one.kind]})">'
            f"<title>{html_text(sentence(one, comparison))}</title></rect>"
        )
    for number in range(0, total, _step(total)):
        x = _LEFT + number * scale
        parts.append(f'<text x="{x:.1f}" y="145" text-anchor="middle">{number}</text>')
    return "".join(parts) + "</svg>"


def _runs(comparison: Comparison) -> list[tuple[int, int, int, int]]:
    """Runs of pairs that can be drawn as one: begin in A and B, frames of A and of B."""
    pairs = comparison.alignment.pairs
    if not len(pairs):
        return []
    long_steps = (np.diff(pairs, axis=0) > max(1, len(pairs) // _BUCKETS)).any(axis=1)
    starts = np.concatenate([[0], np.flatnonzero(long_steps) + 1, [len(pairs)]]).tolist()
    found = []
    for begin, end in pairwise(starts):
        (a, b), (last_a, last_b) = pairs[begin].tolist(), pairs[end - 1].tolist()
        found.append((a, b, last_a + 1 - a, last_b + 1 - b))
    return found


def _step(total: int) -> int:
    """A round number of frames between ticks, of which there are about ten."""
    power = 10 ** max(math.floor(math.log10(max(total / 10, 1))), 0)
    return int(next(one * power for one in (1, 2, 5, 10) if one * power >= total / 10))


def _summary_card(quality: Quality) -> str:
    head = "".join(
        f"<th>{html_text(words)}</th>"
        for words in (
            tr("metric"),
            tr("mean"),
            tr("harmonic mean"),
            tr("1 % low"),
            tr("lowest"),
            tr("identical"),
        )
    )
    rows = []
    for metric in quality.metrics:
        summary = quality.summary(metric)
        cells = (summary.mean, summary.harmonic_mean, summary.low, summary.lowest)
        rows.append(
            f"<tr><td>{metric.label}</td>"
            + "".join(f"<td>{html_text(metric.words(value))}</td>" for value in cells)
            + f"<td>{summary.identical}</td></tr>"
        )
    pairs = counted(len(quality.a), "pair of frames", "pairs of frames")
    words = tr("{pairs}, compared in {spaces}.", pairs=pairs, spaces="; ".join(quality.spaces))
    return (
        f'<div class="card"><h3>{html_text(tr("Quality"))}</h3><p class="muted">{html_text(words)}</p>'
        f"<table><tr>{head}</tr>{''.join(rows)}</table></div>"
    )


def _curve_card(comparison: Comparison, quality: Quality, metric: Metric) -> str:
    summary = quality.summary(metric)
    worst = "".join(
        f"<tr><td>{int(quality.a[place])}</td><td>{int(quality.b[place])}</td>"
        f"<td>{clock(float(comparison.a.times_s[quality.a[place]]))}</td>"
        f"<td>{html_text(metric.words(float(quality.values[metric, 'all'][place])))}</td></tr>"
        for place in summary.worst
    )
    head = "".join(
        f"<th>{html_text(words)}</th>"
        for words in (tr("frame of A"), tr("frame of B"), tr("time"), metric.label)
    )
    table = f"<table><tr>{head}</tr>{worst}</table>" if worst else ""
    return (
        f'<div class="card"><h3>{html_text(tr("{metric} over A", metric=metric.label))}</h3>'
        f'<div class="scroll wide">{_curve(comparison, quality, metric)}</div>'
        f"<h3>{html_text(tr('Worst frames'))}</h3>{table}</div>"
    )


def _curve(comparison: Comparison, quality: Quality, metric: Metric) -> str:
    """The lowest and the mean value of each stretch of A; identical pairs stand at the top."""
    values = quality.values[metric, "all"]
    known = np.isfinite(values)
    if not known.any():
        return f"<p>{html_text(tr('All pairs are identical, or none could be measured.'))}</p>"
    low, high = float(values[known].min()), float(values[known].max())
    margin = max((high - low) * 0.05, 1e-6)
    low, high = low - margin, high + margin
    total = max(len(comparison.a), 1)
    buckets = min(total, _BUCKETS)
    bucket_of = quality.a * buckets // total
    parts = [f'<svg viewBox="0 0 {_WIDTH} 230" role="img" aria-label="{metric.label}">']
    for share in (0.0, 0.5, 1.0):
        value, y = low + share * (high - low), 190 - share * 170
        digits = 1 if metric.value == "psnr" else 4
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_RIGHT}" stroke="var(--line)"/>')
        parts.append(f'<text x="{_LEFT - 4}" y="{y + 4:.1f}" text-anchor="end">{value:.{digits}f}</text>')
    shown = np.where(np.isposinf(values), high, values)
    for colour, reduce in (("shifted", np.min), ("accent", np.mean)):
        points = _points(shown, bucket_of, buckets, reduce)
        line = "".join(
            f"{'M' if is_new else 'L'}{_LEFT + (place + 0.5) / buckets * (_RIGHT - _LEFT):.1f}"
            f" {190 - (value - low) / (high - low) * 170:.1f}"
            for place, value, is_new in points
        )
        parts.append(f'<path d="{line}" fill="none" stroke="var(--{colour})" stroke-width="1.4"/>')
    for number in range(0, total, _step(total)):
        x = _LEFT + (number + 0.5) / total * (_RIGHT - _LEFT)
        parts.append(f'<text x="{x:.1f}" y="208" text-anchor="middle">{number}</text>')
    words = html_text(tr("frame of A; blue: mean, red: lowest of each stretch"))
    parts.append(f'<text x="{_LEFT}" y="226">{words}</text></svg>')
    return "".join(parts)


def _points(
    values: NDArray[np.float64],
    bucket_of: NDArray[np.int64],
    buckets: int,
    reduce: Callable[[NDArray[np.float64]], np.float64],
) -> list[tuple[int, float, bool]]:
    """(bucket, value, whether a new line begins) of the buckets that have values."""
    found: list[tuple[int, float, bool]] = []
    edges = np.searchsorted(bucket_of, np.arange(buckets + 1)).tolist()
    for bucket, (begin, end) in enumerate(pairwise(edges)):
        inside = values[begin:end]
        inside = inside[np.isfinite(inside)]
        if len(inside):
            found.append((bucket, float(reduce(inside)), not found or found[-1][0] != bucket - 1))
    return found
