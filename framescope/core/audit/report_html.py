"""Renders audits as one self-contained HTML page with plots: no scripts, no fonts, nothing to download."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from framescope.core.audit.headline import has_answer, headline
from framescope.core.audit.plots import landing_plot, lane_strip, latency_plot, offset_plot
from framescope.core.audit.records import Outcome, VerdictKind
from framescope.core.html_page import html_page, html_text
from framescope.core.media.container import source_name
from framescope.core.text import counted, grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.core.audit.records import Advice, EngineTrial, FileAudit

_GOOD = frozenset({VerdictKind.TRUSTWORTHY})
_ODD = frozenset(
    {VerdictKind.OFF_BY_CONSTANT, VerdictKind.WRONG_NEAR_KEYFRAMES, VerdictKind.LANDS_ON_KEYFRAMES}
)
_LEGEND = (
    (Outcome.EXACT, tr("the right frame")),
    (Outcome.AMBIGUOUS, tr("a picture shared by several frames, including the right one")),
    (Outcome.SHIFTED, tr("another frame")),
    (Outcome.FOREIGN, tr("a picture that never occurs in sequential decoding")),
    (Outcome.FAILED, tr("nothing")),
)


def audits_as_html(audits: Sequence[FileAudit]) -> str:
    """One page for one file or many."""
    title = (
        tr("Seek truth: {source_name}", source_name=source_name(audits[0].source))
        if len(audits) == 1
        else tr("Seek truth: {files}", files=counted(len(audits), "file", "files"))
    )
    body = [
        f"<h1>{html_text(title)}</h1>",
        _muted(
            tr(
                "Does each library return the frame that is requested? Each engine is compared with its own"
                " sequential decode of the same file, picture by picture. Frame numbers start at 0."
            )
        ),
    ]
    if len(audits) > 1:
        body.append(_overview(audits))
    is_one = len(audits) == 1
    body += [_section(audit, number, has_title=not is_one) for number, audit in enumerate(audits)]
    return html_page(title, body)


def _overview(audits: Sequence[FileAudit]) -> str:
    names = list(dict.fromkeys(trial.engine for audit in audits for trial in audit.trials))
    head = "".join(f"<th>{html_text(name)}</th>" for name in names)
    rows = []
    for number, audit in enumerate(audits):
        by_name = {trial.engine: trial for trial in audit.trials}
        cells = "".join(f"<td>{_mark(by_name.get(name))}</td>" for name in names)
        if audit.error:
            cells = f'<td class="words none" colspan="{max(len(names), 1)}">{html_text(audit.error)}</td>'
        link = f'<a href="#file-{number}">{html_text(source_name(audit.source))}</a>'
        rows.append(f"<tr><td>{link}</td>{cells}</tr>")
    head = f"<tr><th>{html_text(tr('file'))}</th>{head}</tr>"
    return f'<div class="card"><table>{head}{"".join(rows)}</table></div>' + _muted(
        tr("Share of requests that returned the right frame; the colour shows the verdict.")
    )


def _mark(trial: EngineTrial | None) -> str:
    if trial is None or trial.verdict.kind is VerdictKind.NOT_TRIED:
        return '<span class="none">–</span>'
    is_read = trial.requests and trial.verdict.kind is not VerdictKind.CANNOT_READ
    share = _percent(trial.exact_share) if is_read else tr("cannot read")
    return f'<span class="{_tone(trial)}" title="{html_text(trial.verdict.sentence)}">{share}</span>'


def _section(audit: FileAudit, number: int, *, has_title: bool) -> str:
    name = source_name(audit.source)
    if audit.facts is None:
        return f'<h2>{html_text(name)}</h2><div class="card">{html_text(audit.error)}</div>'
    facts = audit.facts
    line = tr(
        "{frames}, {keyframes}: {stream}. {coverage} Seed {seed}.",
        frames=counted(facts.frame_count, "frame", "frames"),
        keyframes=_keyframes(len(facts.keyframes)),
        stream=facts.stream,
        coverage=audit.coverage,
        seed=audit.seed,
    )
    tried = [trial for trial in audit.trials if trial.requests]
    tones = [_tone(trial) for trial in audit.trials if has_answer(trial)]
    mood = "bad" if {"bad", "odd"} & {*tones} else "thin" if "thin" in tones else "good" if tones else "none"
    parts = [
        f'<h2 id="file-{number}">{html_text(name)}</h2>' if has_title else "",
        f'<p class="lead {mood}">{html_text(headline(audit))}</p>',
        _muted(line),
        f'<div class="card">{_engine_table(audit)}</div>',
    ]
    if tried:
        landing = _muted(tr("Points on the diagonal are correct.")) + landing_plot(audit)
        offsets = _muted(tr("Returned minus requested; ticks at the bottom are keyframes."))
        latency = _muted(tr("By the number of frames that must be decoded to reach it."))
        parts += [
            _card(tr("Every request, frame by frame"), _legend() + _wide(lane_strip(audit))),
            '<div class="pair">',
            _card(tr("Requested frame against returned frame"), landing),
            _card(tr("Offset over the file"), offsets + offset_plot(audit)),
            "</div>",
            _card(tr("Latency of a request"), latency + _wide(latency_plot(audit))),
        ]
    parts.append(_card(tr("Verdicts and what to do"), _verdicts(audit)))
    if facts.causes:
        items = "".join(f"<li>{html_text(cause.sentence)}</li>" for cause in facts.causes)
        parts.append(_card(tr("About the file"), f"<ul>{items}</ul>"))
    return "\n".join(parts)


def _muted(text: str) -> str:
    return f'<p class="muted">{html_text(text)}</p>'


def _card(title: str, content: str) -> str:
    return f'<div class="card"><h3>{html_text(title)}</h3>{content}</div>'


def _wide(plot: str) -> str:
    return f'<div class="scroll wide">{plot}</div>'


def _keyframes(count: int) -> str:
    return counted(count, "keyframe", "keyframes")


def _legend() -> str:
    items = "".join(
        f'<span><i style="background:var(--{outcome.value})"></i>{words}</span>' for outcome, words in _LEGEND
    )
    return f'<p class="legend muted">{items}</p>'


def _engine_table(audit: FileAudit) -> str:
    heads = (
        tr("engine"),
        tr("version"),
        tr("exact"),
        tr("worst offset"),
        tr("median"),
        "p95",
        tr("in sequence"),
    )
    head = "".join(f"<th>{html_text(text)}</th>" for text in heads)
    head = f'<tr>{head}<th class="words">{html_text(tr("verdict"))}</th></tr>'
    return f"<table>{head}{''.join(_engine_row(trial) for trial in audit.trials)}</table>"


def _engine_row(trial: EngineTrial) -> str:
    pill = f'<span class="pill {_tone(trial)}">{html_text(trial.verdict_text)}</span>'
    name = f"<td><b>{html_text(trial.title)}</b><br><span class=muted>{html_text(trial.call)}</span></td>"
    version = f"<td>{html_text(trial.version or '–')}</td>"
    if not trial.requests:
        words = html_text(trial.verdict.sentence)
        return f'<tr>{name}{version}{"<td>–</td>" * 5}<td class="words">{pill} {words}</td></tr>'
    worst = f"{trial.largest_offset:+d}" if trial.offsets else "0"
    return (
        f"<tr>{name}{version}<td>{_share(trial)}</td><td>{worst}</td>"
        f"<td>{_ms(trial.latency_median_ms)}</td><td>{_ms(trial.latency_p95_ms)}</td>"
        f'<td>{_fps(trial.sequence.fps)}</td><td class="words">{pill}</td></tr>'
    )


def _verdicts(audit: FileAudit) -> str:
    parts = []
    for trial in audit.trials:
        if trial.verdict.kind is VerdictKind.NOT_TRIED:
            continue
        cause = (
            tr(" Likely cause: {text}", text=html_text(trial.verdict.cause.sentence))
            if trial.verdict.cause
            else ""
        )
        advice = "".join(_advice_item(one) for one in trial.verdict.advice[:4])
        parts.append(
            f'<dt class="{_tone(trial)}">{html_text(trial.title)}:'
            f" {html_text(trial.verdict_text)}</dt>"
            f"<dd>{html_text(trial.verdict.sentence)}{cause}<ul>{advice}</ul></dd>"
        )
    return f"<dl>{''.join(parts)}</dl>"


def _advice_item(advice: Advice) -> str:
    cost = f' <span class="muted">{html_text(advice.cost_text)}.</span>' if advice.cost_text else ""
    return f"<li>{html_text(advice.sentence)}{cost}</li>"


def _tone(trial: EngineTrial) -> str:
    kind = trial.verdict.kind
    if kind is VerdictKind.NOT_TRIED:
        return "none"
    if trial.is_exact and trial.has_few_answers:
        return "thin"
    if trial.is_exact and trial.stops_loops:
        return "odd"
    return "good" if kind in _GOOD else "odd" if kind in _ODD else "bad"


def _share(trial: EngineTrial) -> str:
    share = f'<span class="share">{_percent(trial.exact_share)}</span>'
    if trial.verdict.kind is VerdictKind.CANNOT_READ:  # It was right, but only on a part.
        return f'<span class="muted">{share}</span>'
    width = f"{100 * trial.exact_share:.1f}%"
    return f'<span class="bar {_tone(trial)}"><i style="width:{width}"></i></span>{share}'


def _percent(share: float) -> str:
    """Never rounded up to 100 %, nor down to 0."""
    tenths = 1000 * share
    shown = min(max(round(tenths), 1), 999) if 0 < share < 1 else round(tenths)
    return f"{shown / 10:.1f} %"


def _ms(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.1f} ms"


def _fps(value: float) -> str:
    return "–" if math.isnan(value) else f"{grouped(round(value))} fps"
