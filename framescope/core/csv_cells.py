"""Writes CSV whose cells no spreadsheet program runs, and reads such cells back.

Names, labels and notes come from anybody. A cell that begins like a formula and calls something, such as
``=HYPERLINK("…")``, gets an apostrophe before it. All others stay as they are: programs read most CSV files,
and need names such as ``-QxN1`` as they are.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterable

_RUNS = re.compile(r"'*\s*[=+\-@].*[(|!]", re.DOTALL)
"""A formula with a call or a reference to another program or sheet, whatever apostrophes stand before it."""


class CsvWriter:
    """``csv.writer`` with plain line ends, for cells from anybody."""

    def __init__(self, out: TextIO) -> None:
        self._writer = csv.writer(out, lineterminator="\n")

    def writerow(self, cells: Iterable[object]) -> None:
        """Write a row; None is an empty cell."""
        self._writer.writerow([guarded(cell) for cell in cells])

    def writerows(self, rows: Iterable[Iterable[object]]) -> None:
        """Write rows."""
        for row in rows:
            self.writerow(row)


def guarded(cell: object) -> object:
    """A cell as it is written."""
    return f"'{cell}" if isinstance(cell, str) and _RUNS.match(cell) else cell


def unguarded(cell: str) -> str:
    """A cell as it was before it was written."""
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell) else cell
