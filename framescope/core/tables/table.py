"""A table of plain values, with CSV and JSON output."""

from __future__ import annotations

import io
import json
import math
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from framescope.core.csv_cells import CsvWriter
from framescope.core.files import check_ending, part_file
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.printable import json_document, printable
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from framescope.core.model.progress import ProgressCallback

Cell = str | int | float | bool | None
_ROWS_A_BATCH = 2000


class TableFormat(StrEnum):
    """What a table is written as."""

    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Plain values in columns; a film of hours is never held as text.

    Attributes:
        name: What a row is, in the plural; the name of the rows in JSON.
        columns: Names of the columns.
        row_count: How many rows there are.
        rows: Gives them, one after the other.
        head: What is said of the whole file; only JSON has room for it.
    """

    name: str
    columns: tuple[str, ...]
    row_count: int
    rows: Callable[[], Iterator[tuple[Cell, ...]]]
    head: Mapping[str, object] = field(default_factory=dict)


def csv_text(table: Table) -> Iterator[str]:
    """The table as CSV (RFC 4180 with plain line ends), in pieces of many lines.

    What is unknown is an empty cell; yes and no are 1 and 0.
    """
    buffer = io.StringIO()
    writer = CsvWriter(buffer)
    writer.writerow(table.columns)
    for count, row in enumerate(table.rows(), 1):
        writer.writerow([_csv_cell(value) for value in row])
        if count % _ROWS_A_BATCH == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def json_text(table: Table) -> Iterator[str]:
    """The table as one JSON document, a row per line, in pieces. What is unknown is null."""
    head = json_document(plain(dict(table.head)))
    start = head[:-1] + (", " if table.head else "")
    pieces = [f"{start}{json.dumps(table.name)}: [\n"]
    for count, row in enumerate(table.rows(), 1):
        record = {name: _json_cell(value) for name, value in zip(table.columns, row, strict=True)}
        pieces.append(json_document(record) + (",\n" if count < table.row_count else "\n"))
        if count % _ROWS_A_BATCH == 0:
            yield "".join(pieces)
            pieces = []
    yield "".join((*pieces, "]}\n"))


def text_of(table: Table, table_format: TableFormat) -> Iterator[str]:
    """The table in a format, in pieces."""
    return csv_text(table) if table_format is TableFormat.CSV else json_text(table)


def table_format_of(path: Path) -> TableFormat:
    """What a name asks for.

    Raises:
        SettingsError: It asks for neither CSV nor JSON.
    """
    ending = check_ending(path, tr("A table"), [f".{one.value}" for one in TableFormat])
    return TableFormat(ending.removeprefix("."))


def write_table(  # noqa: PLR0913 - every option is named at the call
    path: Path,
    table: Table,
    *,
    replaces: bool = False,
    sources: Iterable[str] = (),
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> int:
    """Write a table whole or not at all; how many bytes that was.

    Args:
        path: The file; its ending says CSV or JSON.
        table: What to write.
        replaces: Whether a file of this name may be replaced.
        sources: What the table was made from, which is never replaced.
        progress: Called after every few rows.
        cancel: Cancels the work.

    Raises:
        SettingsError: The name asks for neither CSV nor JSON.
        DestinationError: The file cannot be written, or is there already.
        Cancelled: The work was cancelled; nothing is left.
    """
    cancel = cancel or CancelToken()
    table_format = table_format_of(path)
    done = 0
    with (
        part_file(path, replaces=replaces, sources=sources) as part,
        part.open("w", encoding="utf-8", newline="") as file,
    ):
        for piece in text_of(table, table_format):
            cancel.raise_if_cancelled()
            file.write(piece)
            done = min(done + _ROWS_A_BATCH, table.row_count)
            progress(Progress(done, table.row_count, tr("Writing {name}", name=table.name)))
        return file.tell()


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _csv_cell(value: Cell) -> Cell:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        return printable(value)
    return round(value, 9) if isinstance(value, float) else value


def _json_cell(value: Cell) -> Cell:
    if isinstance(value, float):
        return round(value, 9) if math.isfinite(value) else None
    return value


def plain(value: object) -> object:
    """``value`` in JSON's own kinds: fractions as ``30000/1001``, what is not a number as null."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value
