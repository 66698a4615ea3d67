"""Audits many files on all cores: continues after bad ones, and resumes an interrupted run."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.audit.each_file import FileTask, do_each
from framescope.core.audit.file_audit import AuditSettings, run_audit
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
from framescope.core.audit.report_table import audit_table
from framescope.core.audit.requests import Order
from framescope.core.errors import Cancelled, FrameScopeError
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.core.model.stream_facts import OpenCVFacts
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from framescope.core.audit.report_table import Table
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.workers.each import Workers


def audit_from_table(table: Table) -> FileAudit:
    """The audit from a table: everything that reports show, without digests and declared facts.

    Raises:
        KeyError: The table is incomplete, as from an older version.
        ValueError: It has an unknown value.
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


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of many: its audit as JSON values, so that rows of an earlier run are equal.

    Attributes:
        source: The file.
        table: The result of `audit_table`.
        audit: The audit itself; from an earlier run it only has the table's contents.
        is_new: Whether it is from this run.
    """

    source: str
    table: dict[str, Any]
    audit: FileAudit
    is_new: bool = True


def audit_files(  # noqa: PLR0913 - every option is named at the call
    sources: Iterable[str],
    settings: AuditSettings,
    *,
    journal: Path | None = None,
    jobs: int | None = None,
    workers: Workers | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    on_row: Callable[[FileRow], None] = lambda _row: None,
) -> list[FileRow]:
    """Audit every file; the rows come in the order of the files. A bad file is a row too.

    Args:
        sources: Paths or addresses.
        settings: What to test on each.
        journal: A file that gets a line after each audit. Files that already have a line with the same
            settings and have not changed since are skipped.
        jobs: Files at a time; None for one per core.
        workers: Who audits them instead of threads of this process; None for those.
        progress: Receives the number of finished files.
        cancel: Cancels the work; finished rows are kept.
        on_row: Receives each finished row, in the calling thread.

    Raises:
        DestinationError: The journal cannot be read or written.
        SettingsError: An engine's name is unknown.
    """
    jobs = max(1, jobs or os.cpu_count() or 1)

    def work(count: int) -> _FileWork:
        is_shared = workers is not None or (count > 1 and jobs > 1)
        return _FileWork(replace(settings, jobs=1 if is_shared else settings.jobs))

    def made(source: str, found: FileAudit | FrameScopeError | None) -> FileRow | None:
        return _row(source, found, settings)

    task = FileTask("audit", _settings_key(settings), work, _known, made, jobs, begins=_auditing)
    return do_each(
        task,
        sources,
        journal=journal,
        workers=workers,
        progress=progress,
        cancel=cancel,
        on_row=on_row,
    )


def _auditing(todo: list[str]) -> str:
    words = counted(len(todo), "file", "files") if len(todo) > 1 else Path(todo[0]).name
    return tr("Auditing {words}", words=words)


@dataclass(frozen=True, slots=True)
class _FileWork:
    """The work for one file, whose task is its name; None where it was cancelled."""

    settings: AuditSettings

    def __call__(self, task: str, progress: ProgressCallback, cancel: CancelToken) -> FileAudit | None:
        """Audit it."""
        if cancel.is_cancelled:
            return None
        try:
            return run_audit(task, self.settings, progress=progress, cancel=cancel)
        except Cancelled:
            return None


def _known(source: str, table: Any) -> FileRow | None:  # noqa: ANN401 - JSON, from anybody
    """The row of an earlier run."""
    try:
        return None if table is None else FileRow(source, table, audit_from_table(table), is_new=False)
    except (KeyError, ValueError, TypeError, IndexError, AttributeError, OverflowError):
        return None  # Written by another version, or by hand.


def _row(source: str, found: FileAudit | FrameScopeError | None, settings: AuditSettings) -> FileRow | None:
    """A result under the name that the file has here; None for a partial one."""
    if found is None:
        return None
    if isinstance(found, FrameScopeError):
        found = FileAudit(
            source, None, None, (), is_quick=settings.is_quick, error=found.in_full, fault=found
        )
    found = replace(found, source=source)
    return None if found.was_cancelled else FileRow(source, audit_table(found), found)


def _settings_key(settings: AuditSettings) -> str:
    versions = [f"{spec.name} {spec.version}" for spec in settings.specs()]
    return repr(
        (versions, settings.requests, settings.orders, settings.seed, settings.sequence_s, settings.seek_s)
    )
