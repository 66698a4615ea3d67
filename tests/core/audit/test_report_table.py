"""Audits become JSON and CSV with nothing left out that counts."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from framescope.core.audit.file_audit import AuditSettings, run_audit
from framescope.core.audit.records import FileAudit
from framescope.core.audit.report_table import audit_table, audits_as_csv
from tests.core.audit import fake_engines as fakes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def found(plain_clip: Path) -> FileAudit:
    engines = tuple(fakes.spec_of(one) for one in (fakes.Honest, fakes.Late, fakes.Refusing, fakes.Moody))
    return run_audit(plain_clip, AuditSettings(catalogue=engines, **fakes.NO_HURRY))


def test_json_and_csv_hold_every_answer(found: FileAudit) -> None:
    table = json.loads(json.dumps(audit_table(found), allow_nan=False))
    assert table["frame_count_measured"] == 48
    assert table["keyframes"] == [0, 12, 24, 36]
    engines = {one["engine"]: one for one in table["engines"]}
    assert engines["honest"]["verdict"]["kind"] == "trustworthy"
    assert engines["late"]["offsets"].keys() == {"2"}
    assert engines["late"]["verdict"]["advice"][0]["kind"] == "correct by the offset"
    assert engines["refusing"]["state"] == "cannot open"
    assert any(one.get("repeat_differs") for one in engines["moody"]["requests"])
    rows = list(csv.DictReader(io.StringIO(audits_as_csv([found]))))
    assert len([row for row in rows if row["engine"] == "late"]) == len(found.trial("late").requests)
    late = next(row for row in rows if row["engine"] == "late" and row["outcome"] == "shifted")
    assert late["offset"] == "2"
    assert late["exact"] == "0"
    assert int(late["frames_to_decode"]) > 0
    assert "this is no video to me" in next(row["error"] for row in rows if row["engine"] == "refusing")


def test_a_file_that_cannot_be_opened_is_a_line() -> None:
    broken = FileAudit("x.mp4", None, None, (), error="It is empty.")
    table = audit_table(broken)
    assert (table["error"], table["engines"], table["frame_count_measured"]) == ("It is empty.", [], None)
    (row,) = csv.DictReader(io.StringIO(audits_as_csv([broken])))
    assert (row["file"], row["error"]) == ("x.mp4", "It is empty.")
