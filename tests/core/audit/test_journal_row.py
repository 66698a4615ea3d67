"""What was written down becomes the same report again."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope.core.audit.file_audit import AuditSettings, run_audit
from framescope.core.audit.folder import audit_from_table
from framescope.core.audit.records import FileAudit, RequestResult
from framescope.core.audit.report_html import audits_as_html
from framescope.core.audit.report_table import audit_table, audits_as_csv
from tests.core.audit import fake_engines as fakes

if TYPE_CHECKING:
    from pathlib import Path


def again(audit: FileAudit) -> FileAudit:
    return audit_from_table(json.loads(json.dumps(audit_table(audit))))


def without_places(page: str) -> str:
    """The page without coordinates and without figures of time."""
    page = re.sub(r' (?:d|x|y|cx|cy)="[^"]*"', "", page)
    return re.sub(r"[\d,.]+ (?:ms|s|fps)\b", "", page)


def in_microseconds(audit: FileAudit) -> FileAudit:
    """The audit with latencies as a table holds them: of marks that nearly touch, a plot draws one."""

    def rounded(one: RequestResult) -> RequestResult:
        return replace(one, latency_ms=round(one.latency_ms, 3))

    trials = (replace(trial, requests=tuple(map(rounded, trial.requests))) for trial in audit.trials)
    return replace(audit, trials=tuple(trials))


def test_reports_of_a_restored_audit_are_the_same(plain_clip: Path) -> None:
    engines = tuple(
        fakes.spec_of(one) for one in (fakes.Honest, fakes.Halting, fakes.Late, fakes.Refusing, fakes.Moody)
    )
    found = in_microseconds(run_audit(plain_clip, AuditSettings(catalogue=engines, **fakes.NO_HURRY)))
    restored = again(found)
    assert audits_as_csv([restored]) == audits_as_csv([found])
    page = audits_as_html([restored])
    assert without_places(page) == without_places(audits_as_html([found]))
    assert audits_as_html([again(restored)]) == page


def test_a_file_that_could_not_be_opened_stays_so() -> None:
    broken = FileAudit("x.mp4", None, None, (), error="It is empty.")
    assert audit_table(again(broken)) == audit_table(broken)


def test_half_a_table_is_refused() -> None:
    with pytest.raises(KeyError):
        audit_from_table({"source": "x.mp4"})
