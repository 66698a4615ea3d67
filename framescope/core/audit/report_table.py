"""Converts audits to JSON values, CSV and one-line summaries. Writes no files."""

from __future__ import annotations

import io
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from framescope.core.audit.records import Outcome
from framescope.core.csv_cells import CsvWriter
from framescope.core.media.container import without_secrets
from framescope.core.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from framescope.core.audit.records import EngineTrial, FileAudit, FileFacts, RequestResult, Verdict

FORMAT = 1
"""Incremented when a field of the JSON changes its meaning."""

Table = dict[str, Any]

_CSV_COLUMNS = (
    "file",
    "engine",
    "version",
    "order",
    "frame_number",
    "outcome",
    "landed",
    "offset",
    "exact",
    "repeat_differs",
    "latency_ms",
    "time_error_ms",
    "frames_to_decode",
    "error",
)


def audit_table(audit: FileAudit) -> Table:
    """All results of an audit, without the digests."""
    facts = audit.facts
    return {
        "format": FORMAT,
        "source": without_secrets(audit.source),
        "error": audit.error,
        "frame_count_measured": None if facts is None else facts.frame_count,
        "frame_count_declared": None if audit.info is None else audit.info.frame_count_declared,
        "frame_count_opencv": None if facts is None else _number(facts.opencv.frame_count),
        "keyframes": [] if facts is None else facts.keyframes.tolist(),
        "stream": "" if facts is None else facts.stream,
        "codec": None if audit.info is None else audit.info.codec,
        "container": None if audit.info is None else audit.info.container,
        "causes": [] if facts is None else [cause_table(one) for one in facts.causes],
        "coverage": audit.coverage,
        "is_quick": audit.is_quick,
        "asked": audit.asked,
        "seed": audit.seed,
        "elapsed_s": _number(audit.elapsed_s),
        "engines": [trial_table(trial, facts) for trial in audit.trials],
    }


def trial_table(trial: EngineTrial, facts: FileFacts | None = None) -> Table:
    """One engine's row with all its answers; the file's facts give the decoding cost of each answer."""
    sequence = trial.sequence
    return {
        "engine": trial.engine,
        "title": trial.title,
        "call": trial.call,
        "version": trial.version,
        "state": trial.state.value,
        "reason": trial.reason,
        "verdict": verdict_table(trial.verdict),
        "verdict_text": trial.verdict_text,
        "frame_count_claimed": trial.frame_count_claimed,
        "frame_count_sequential": len(sequence),
        "sequence_is_complete": sequence.is_complete,
        "sequence_error": sequence.error,
        "interruptions": [asdict(one) for one in sequence.interruptions],
        "frames_lost_by_stopping": sequence.lost_by_stopping,
        "sequential_fps": _number(sequence.fps),
        "exact": trial.exact_count,
        "asked": len(trial.requests),
        "frames_asked": trial.frames_asked,
        "is_partial": trial.is_partial,
        "outcomes": {one.value: count for one in Outcome if (count := trial.outcome_count(one))},
        "offsets": {str(offset): count for offset, count in trial.offsets.items()},
        "latency_median_ms": _number(trial.latency_median_ms),
        "latency_p95_ms": _number(trial.latency_p95_ms),
        "open_s": _number(trial.open_s),
        "peak_memory_bytes": trial.peak_memory_bytes,
        "past_end": None if trial.past_end is None else trial.past_end.outcome.value,
        "requests": [request_table(one, facts) for one in trial.requests],
    }


def verdict_table(verdict: Verdict) -> Table:
    """Verdict, cause and advice."""
    return {
        "kind": verdict.kind.value,
        "sentence": verdict.sentence,
        "cause": None if verdict.cause is None else cause_table(verdict.cause),
        "advice": [
            {
                "kind": one.kind.value,
                "sentence": one.sentence,
                "cost_s": _number(one.cost_s),
                "cost": one.cost_text,
            }
            for one in verdict.advice
        ],
    }


def cause_table(cause: Any) -> Table:  # noqa: ANN401 - a Cause
    """A cause and its sentence."""
    return {"kind": cause.kind.value, "sentence": cause.sentence}


def request_table(one: RequestResult, facts: FileFacts | None = None) -> Table:
    """One answer; empty fields are omitted."""
    row: Table = {
        "frame_number": one.frame_number,
        "order": one.order.value,
        "outcome": one.outcome.value,
        "landed": one.landed,
        "latency_ms": round(one.latency_ms, 3),
        "frames_to_decode": _frames_to_decode(one, facts),
    }
    if one.candidates:
        row["candidates"] = list(one.candidates)
    if one.repeat_differs:
        row["repeat_differs"] = True
    if one.time_error_s is not None:
        row["time_error_ms"] = round(one.time_error_s * 1000, 3)
    if one.position is not None:
        row["position"] = one.position
    if one.error:
        row["error"] = one.error
    return row


def audits_as_csv(audits: Iterable[FileAudit]) -> str:
    """A line for every request of every engine on every file, with a header."""
    out = io.StringIO()
    writer = CsvWriter(out)
    writer.writerow(_CSV_COLUMNS)
    for audit in audits:
        source = printable(without_secrets(audit.source))
        for trial in audit.trials:
            writer.writerows(_csv_row(audit, trial, one) for one in trial.requests)
            if not trial.requests:
                words = trial.reason or trial.verdict.sentence
                writer.writerow([source, trial.engine, trial.version, *[""] * 10, printable(words)])
        if not audit.trials:
            writer.writerow([source, *[""] * 12, printable(audit.error)])
    return out.getvalue()


def _csv_row(audit: FileAudit, trial: EngineTrial, one: RequestResult) -> Sequence[object]:
    return (
        printable(without_secrets(audit.source)),
        trial.engine,
        trial.version,
        one.order.value,
        one.frame_number,
        one.outcome.value,
        one.landed,
        one.offset,
        int(one.is_exact),
        int(one.repeat_differs),
        f"{one.latency_ms:.3f}",
        "" if one.time_error_s is None else f"{one.time_error_s * 1000:.3f}",
        _frames_to_decode(one, audit.facts),
        one.error,
    )


def _frames_to_decode(one: RequestResult, facts: FileFacts | None) -> int | None:
    known = facts is not None and one.frame_number < len(facts.decode_costs)
    return int(facts.decode_costs[one.frame_number]) if facts is not None and known else None


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value
