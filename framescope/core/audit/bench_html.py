"""Renders a benchmark as one self-contained HTML page: which library for what, and every figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.audit.bench_records import TASK_TITLES, BenchTask
from framescope.core.audit.bench_report import bench_headline
from framescope.core.html_page import html_page, html_text
from framescope.core.media.container import source_name
from framescope.core.text import counted, grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.core.audit.bench_records import EngineBench, FileBench, Measure
    from framescope.core.audit.choice import Choice


def bench_as_html(bench: FileBench, choices: Sequence[Choice]) -> str:
    """The page."""
    title = tr("Benchmark: {source_name}", source_name=source_name(bench.source))
    frames = counted(bench.frame_count, "frame", "frames")
    if 0 < bench.window < bench.frame_count:
        frames = tr("the first {window} of {frames}", window=grouped(bench.window), frames=frames)
    line = tr(
        "Measured on {frames}, in {rounds}, the libraries in turn. Every answer was checked.",
        frames=frames,
        rounds=counted(bench.rounds, "round", "rounds"),
    )
    return html_page(
        title,
        [
            f"<h1>{html_text(title)}</h1>",
            f'<p class="lead">{html_text(bench_headline(bench))}.</p>',
            f'<p class="muted">{html_text(line)}</p>',
            _card(tr("Which library for what"), _choices(choices)),
            _card(tr("All figures"), _figures(bench)),
        ],
    )


def _card(title: str, content: str) -> str:
    return f'<div class="card"><h3>{html_text(title)}</h3>{content}</div>'


def _row(cells: Sequence[str], tag: str = "td", kind: str = "words") -> str:
    return "<tr>" + "".join(f'<{tag} class="{kind}">{cell}</{tag}>' for cell in cells) + "</tr>"


def _choices(choices: Sequence[Choice]) -> str:
    heads = (tr("for"), tr("use"), tr("because"), tr("do not use"))
    rows = [_row([html_text(head) for head in heads], "th")]
    for one in choices:
        tone = "good" if one.titles else "bad" if one.is_measured else "none"
        unfit = "".join(f"<li>{html_text(each.title)}: {html_text(each.reason)}</li>" for each in one.unfit)
        library = f'<b class="{tone}">{html_text(one.library_words)}</b>'
        rows.append(
            _row(
                [html_text(one.title), library, html_text(one.reason), f"<ul>{unfit}</ul>" if unfit else "–"]
            )
        )
    return f"<table>{''.join(rows)}</table>"


def _figures(bench: FileBench) -> str:
    heads = [tr("engine"), tr("version"), tr("decoded by"), *TASK_TITLES.values(), tr("memory")]
    rows = [_row([html_text(head) for head in heads], "th", "")]
    for one in bench.engines:
        name = f"<b>{html_text(one.title)}</b>"
        if not one.measures:
            words = html_text(one.reason or one.state.value)
            rows.append(f'<tr><td>{name}</td><td class="words" colspan="{len(heads) - 1}">{words}</td></tr>')
            continue
        cells = [_cell(one, task) for task in BenchTask]
        memory = f"{one.peak_memory_bytes / 2**20:.0f} MiB"
        rows.append(_row([name, html_text(one.version or "–"), one.runs_on, *cells, memory], kind=""))
    return f"<table>{''.join(rows)}</table>"


def _cell(one: EngineBench, task: BenchTask) -> str:
    measure = one.measures.get(task)
    if measure is None:
        return "–"
    words = _measure_words(measure)
    if measure.does_the_same_work:
        return html_text(words)
    wrong = measure.wrong + measure.failed
    fault = tr("{wrong} of {count} wrong or missing", wrong=wrong, count=len(measure.samples_ms))
    return f'<span class="bad" title="{html_text(fault)}">{html_text(words)} *</span>'


def _measure_words(measure: Measure) -> str:
    if measure.task is BenchTask.SEQUENTIAL:
        return tr("{fps} fps", fps=f"{measure.per_second:.0f}")
    return tr("{ms} ms", ms=f"{measure.figure_ms:.2f}")
