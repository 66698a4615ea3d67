"""Makes an audit again from what `audit_table` wrote, so that reports can show files of an earlier run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.audit.records import (
    Advice,
    AdviceKind,
    Cause,
    CauseKind,
    EngineTrial,
    FileAudit,
    FileFacts,
    Interruption,
    Outcome,
    RequestResult,
    Sequence,
    TrialState,
    Verdict,
    VerdictKind,
)
from framescope.core.audit.requests import Order
from framescope.core.model.stream_facts import OpenCVFacts

if TYPE_CHECKING:
    from framescope.core.audit.report_table import Table


def audit_from_table(table: Table) -> FileAudit:
    """The audit as far as the table holds it: all that reports show, without digests and declared facts.

    Raises:
        KeyError: The table is not whole, as one of an older version.
        ValueError: It holds words that nobody writes.
    """
    return FileAudit(
        source=table["source"],
        info=None,
        facts=None if table["frame_count_measured"] is None else _facts(table),
        trials=tuple(_trial(one) for one in table["engines"]),
        asked=table["asked"],
        seed=table["seed"],
        is_quick=table["is_quick"],
        coverage=table["coverage"],
        elapsed_s=_float(table["elapsed_s"]),
        error=table["error"],
    )


def _facts(table: Table) -> FileFacts:
    total = table["frame_count_measured"]
    costs = np.ones(total, np.int64)
    for trial in table["engines"]:
        for one in trial["requests"]:
            if one["frame_number"] < total:
                costs[one["frame_number"]] = one["frames_to_decode"]
    count = table["frame_count_opencv"]
    return FileFacts(
        frame_count=total,
        keyframes=np.array(table["keyframes"], np.int64),
        decode_costs=costs,
        times_s=np.full(total, math.nan),
        causes=tuple(_cause(one) for one in table["causes"]),
        opencv=OpenCVFacts("", opened=count is not None, frame_count=_float(count)),
        stream=table["stream"],
    )


def _trial(table: Table) -> EngineTrial:
    read, fps = table["frame_count_sequential"], table["sequential_fps"]
    return EngineTrial(
        engine=table["engine"],
        title=table["title"],
        call=table["call"],
        version=table["version"],
        state=TrialState(table["state"]),
        reason=table["reason"],
        frame_count_claimed=table["frame_count_claimed"],
        sequence=Sequence(
            digests=np.zeros(read, np.uint64),
            is_complete=table["sequence_is_complete"],
            elapsed_s=read / fps if fps else 0.0,
            error=table["sequence_error"],
            interruptions=tuple(Interruption(**one) for one in table.get("interruptions", ())),
        ),
        requests=tuple(_request(one) for one in table["requests"]),
        open_s=_float(table["open_s"]),
        peak_memory_bytes=table["peak_memory_bytes"],
        verdict=_verdict(table["verdict"]),
    )


def _request(table: Table) -> RequestResult:
    error_ms = table.get("time_error_ms")
    return RequestResult(
        frame_number=table["frame_number"],
        order=Order(table["order"]),
        outcome=Outcome(table["outcome"]),
        landed=table["landed"],
        candidates=tuple(table.get("candidates", ())),
        repeat_differs=table.get("repeat_differs", False),
        latency_ms=table["latency_ms"],
        time_error_s=None if error_ms is None else error_ms / 1000,
        position=table.get("position"),
        error=table.get("error", ""),
    )


def _verdict(table: Table) -> Verdict:
    advice = tuple(
        Advice(AdviceKind(one["kind"]), one["sentence"], one["cost_s"], one["cost"])
        for one in table["advice"]
    )
    cause = None if table["cause"] is None else _cause(table["cause"])
    return Verdict(VerdictKind(table["kind"]), table["sentence"], cause, advice)


def _cause(table: Table) -> Cause:
    return Cause(CauseKind(table["kind"]), table["sentence"])


def _float(value: Any) -> float:  # noqa: ANN401 - a number of JSON, or nothing
    return math.nan if value is None else float(value)
