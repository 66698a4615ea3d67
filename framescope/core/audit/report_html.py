"""Renders audits as one self-contained HTML page with plots: no scripts, no fonts, nothing to download."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING

from framescope.core.audit.headline import has_answer, headline
from framescope.core.audit.plots import landing_plot, lane_strip, latency_plot, offset_plot
from framescope.core.audit.records import Outcome, VerdictKind
from framescope.core.media.container import source_name
from framescope.core.printable import printable
from framescope.core.text import counted, grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.core.audit.records import Advice, EngineTrial, FileAudit

_STYLE = """
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--text:#1b1f24;--muted:#5b6570;--line:#dfe3e8;
--exact:#2da44e;--ambiguous:#d4a017;--shifted:#cf222e;--foreign:#8250df;--failed:#8b949e;--axis:#aab2bb;
--accent:#0969da;--key:#0969da}
@media(prefers-color-scheme:dark){:root{--page:#0e1116;--card:#161b22;--text:#e6edf3;--muted:#9aa5b1;
--line:#2b323b;--exact:#3fb950;--ambiguous:#e3b341;--shifted:#ff6b61;--foreign:#bc8cff;--failed:#6e7681;
--axis:#4b5561;--accent:#58a6ff;--key:#58a6ff}}
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--text);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:1120px;margin:0 auto;padding:40px 24px 64px}h1{font-size:30px;line-height:1.2;margin:0 0 4px}
h2{font-size:21px;margin:48px 0 4px;overflow-wrap:anywhere}h3{font-size:16px;margin:0 0 8px}
p{margin:4px 0 12px}.muted{color:var(--muted)}.card{background:var(--card);border:1px solid var(--line);
border-radius:10px;padding:20px;margin:16px 0;overflow-x:auto}table{border-collapse:collapse;width:100%}
th{font-weight:600;color:var(--muted);font-size:13px}th,td{text-align:right;padding:8px;
border-bottom:1px solid var(--line);font-variant-numeric:tabular-nums;white-space:nowrap}
tr:last-child td{border-bottom:0}th:first-child,td:first-child,th.words,td.words{text-align:left}
td.words{white-space:normal;min-width:168px;max-width:420px}
td:first-child{white-space:normal;min-width:150px}td:first-child .muted{font-size:13px}
.pill{display:inline-block;border-radius:12px;padding:1px 10px;
font-size:13px;line-height:1.4;font-weight:600;border:1px solid}
.lead{font-size:19px;font-weight:600;margin:14px 0 18px}.bar{display:inline-block;width:44px;height:6px;
border-radius:3px;background:var(--line);margin-right:8px;vertical-align:2px;overflow:hidden}
.bar i{display:block;height:100%;background:currentColor}.scroll{overflow-x:auto}
.share{display:inline-block;min-width:58px}a{color:var(--accent)}
.good{color:var(--exact)}.bad{color:var(--shifted)}
.odd{color:var(--ambiguous)}.none,.thin{color:var(--muted)}.pair{display:grid;gap:16px;
grid-template-columns:repeat(auto-fit,minmax(min(420px,100%),1fr))}.pair .card{margin:0}
svg{display:block;width:100%;height:auto}
svg text{fill:var(--muted);font-size:12px;font-family:inherit}svg .name{fill:var(--text)}
ul{margin:4px 0 0;padding-left:20px}li{margin:2px 0}dl{margin:0}dt{font-weight:600}dd{margin:0 0 14px}
.legend span{margin-right:16px;white-space:nowrap}.legend i{display:inline-block;width:11px;height:11px;
border-radius:3px;margin-right:5px;vertical-align:-1px}
@media(max-width:700px){main{padding:24px 12px 40px}h1{font-size:24px}.card{padding:14px}
.wide svg{min-width:760px}.legend span{white-space:normal;display:block}}
@media print{body{background:#fff}.card{break-inside:avoid}}
"""
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
        f"<h1>{_text(title)}</h1>",
        '<p class="muted">Does each library return the frame that is requested? Each engine is compared'
        " with its own sequential decode of the same file, picture by picture. Frame numbers start at 0.</p>",
    ]
    if len(audits) > 1:
        body.append(_overview(audits))
    is_one = len(audits) == 1
    body += [_section(audit, number, has_title=not is_one) for number, audit in enumerate(audits)]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{_text(title)}</title><style>{_STYLE}</style></head>\n<body><main>\n"
        + "\n".join(body)
        + '\n<p class="muted">Made by FrameScope.</p></main></body></html>\n'
    )


def _overview(audits: Sequence[FileAudit]) -> str:
    names = list(dict.fromkeys(trial.engine for audit in audits for trial in audit.trials))
    head = "".join(f"<th>{_text(name)}</th>" for name in names)
    rows = []
    for number, audit in enumerate(audits):
        by_name = {trial.engine: trial for trial in audit.trials}
        cells = "".join(f"<td>{_mark(by_name.get(name))}</td>" for name in names)
        if audit.error:
            cells = f'<td class="words none" colspan="{max(len(names), 1)}">{_text(audit.error)}</td>'
        link = f'<a href="#file-{number}">{_text(source_name(audit.source))}</a>'
        rows.append(f"<tr><td>{link}</td>{cells}</tr>")
    return (
        f'<div class="card"><table><tr><th>file</th>{head}</tr>{"".join(rows)}</table></div>'
        '<p class="muted">Share of requests that returned the right frame; the colour shows the verdict.</p>'
    )


def _mark(trial: EngineTrial | None) -> str:
    if trial is None or trial.verdict.kind is VerdictKind.NOT_TRIED:
        return '<span class="none">–</span>'
    is_read = trial.requests and trial.verdict.kind is not VerdictKind.CANNOT_READ
    share = _percent(trial.exact_share) if is_read else tr("cannot read")
    return f'<span class="{_tone(trial)}" title="{_text(trial.verdict.sentence)}">{share}</span>'


def _section(audit: FileAudit, number: int, *, has_title: bool) -> str:
    name = source_name(audit.source)
    if audit.facts is None:
        return f'<h2>{_text(name)}</h2><div class="card">{_text(audit.error)}</div>'
    facts = audit.facts
    frames = counted(facts.frame_count, "frame", "frames")
    line = f"{frames}, {_keyframes(len(facts.keyframes))}: {facts.stream}."
    tried = [trial for trial in audit.trials if trial.requests]
    tones = [_tone(trial) for trial in audit.trials if has_answer(trial)]
    mood = "bad" if {"bad", "odd"} & {*tones} else "thin" if "thin" in tones else "good" if tones else "none"
    parts = [
        f'<h2 id="file-{number}">{_text(name)}</h2>' if has_title else "",
        f'<p class="lead {mood}">{_text(headline(audit))}</p>',
        f'<p class="muted">{_text(line)} {_text(audit.coverage)} Seed {audit.seed}.</p>',
        f'<div class="card">{_engine_table(audit)}</div>',
    ]
    if tried:
        parts.append(
            '<div class="card"><h3>Every request, frame by frame</h3>'
            f'{_legend()}<div class="scroll wide">{lane_strip(audit)}</div></div>'
            '<div class="pair"><div class="card"><h3>Requested frame against returned frame</h3>'
            '<p class="muted">Points on the diagonal are correct.</p>'
            f"{landing_plot(audit)}</div>"
            '<div class="card"><h3>Offset over the file</h3><p class="muted">Returned minus requested;'
            f" ticks at the bottom are keyframes.</p>{offset_plot(audit)}</div></div>"
            '<div class="card"><h3>Latency of a request</h3><p class="muted">By the number of frames that'
            f' must be decoded to reach it.</p><div class="scroll wide">{latency_plot(audit)}</div></div>'
        )
    parts.append(f'<div class="card"><h3>Verdicts and what to do</h3>{_verdicts(audit)}</div>')
    if facts.causes:
        items = "".join(f"<li>{_text(cause.sentence)}</li>" for cause in facts.causes)
        parts.append(f'<div class="card"><h3>About the file</h3><ul>{items}</ul></div>')
    return "\n".join(parts)


def _keyframes(count: int) -> str:
    return counted(count, "keyframe", "keyframes")


def _legend() -> str:
    items = "".join(
        f'<span><i style="background:var(--{outcome.value})"></i>{words}</span>' for outcome, words in _LEGEND
    )
    return f'<p class="legend muted">{items}</p>'


def _engine_table(audit: FileAudit) -> str:
    head = (
        "<tr><th>engine</th><th>version</th><th>exact</th><th>worst offset</th><th>median</th><th>p95</th>"
        '<th>in sequence</th><th class="words">verdict</th></tr>'
    )
    return f"<table>{head}{''.join(_engine_row(trial) for trial in audit.trials)}</table>"


def _engine_row(trial: EngineTrial) -> str:
    pill = f'<span class="pill {_tone(trial)}">{_text(trial.verdict_text)}</span>'
    name = f"<td><b>{_text(trial.title)}</b><br><span class=muted>{_text(trial.call)}</span></td>"
    version = f"<td>{_text(trial.version or '–')}</td>"
    if not trial.requests:
        words = _text(trial.verdict.sentence)
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
            tr(" Likely cause: {text}", text=_text(trial.verdict.cause.sentence))
            if trial.verdict.cause
            else ""
        )
        advice = "".join(_advice_item(one) for one in trial.verdict.advice[:4])
        parts.append(
            f'<dt class="{_tone(trial)}">{_text(trial.title)}:'
            f" {_text(trial.verdict_text)}</dt>"
            f"<dd>{_text(trial.verdict.sentence)}{cause}<ul>{advice}</ul></dd>"
        )
    return f"<dl>{''.join(parts)}</dl>"


def _advice_item(advice: Advice) -> str:
    cost = f' <span class="muted">{_text(advice.cost_text)}.</span>' if advice.cost_text else ""
    return f"<li>{_text(advice.sentence)}{cost}</li>"


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


def _text(words: str) -> str:
    return html.escape(printable(words), quote=True)
