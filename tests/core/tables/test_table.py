"""Tables as CSV, JSON and files."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import Cancelled, DestinationError, SettingsError
from framescope.core.model.progress import CancelToken, Progress
from framescope.core.tables.table import Table, TableFormat, csv_text, json_text, table_format_of, write_table

if TYPE_CHECKING:
    from pathlib import Path

_ROWS = ((0, 0.1, "a,b", True), (1, float("nan"), 'say "ü"', False), (2, None, "", True))


def table(rows: tuple[tuple[int, float | None, str, bool], ...] = _ROWS) -> Table:
    columns = ("number", "time_s", "text", "flag")
    return Table("rows", columns, len(rows), lambda: iter(rows), {"source": "x.mp4", "gap": float("nan")})


def test_csv_comes_back_as_it_was() -> None:
    read = list(csv.reader(io.StringIO("".join(csv_text(table())))))
    assert read == [
        ["number", "time_s", "text", "flag"],
        ["0", "0.1", "a,b", "1"],
        ["1", "", 'say "ü"', "0"],
        ["2", "", "", "1"],
    ]


def test_json_comes_back_as_it_was() -> None:
    read = json.loads("".join(json_text(table())))
    assert read["source"] == "x.mp4"
    assert read["gap"] is None
    assert read["rows"][1] == {"number": 1, "time_s": None, "text": 'say "ü"', "flag": False}
    assert json.loads("".join(json_text(table(()))))["rows"] == []
    bare = Table("rows", ("a",), 1, lambda: iter(((1,),)))
    assert json.loads("".join(json_text(bare))) == {"rows": [{"a": 1}]}


@pytest.mark.parametrize("count", [1999, 2000, 2001, 4500])
def test_long_tables_come_in_pieces_that_fit(count: int) -> None:
    rows = tuple((number, number / 3, "x", False) for number in range(count))
    pieces = list(csv_text(table(rows)))
    assert len(pieces) == count // 2000 + 1
    assert len(list(csv.reader(io.StringIO("".join(pieces))))) == count + 1
    assert len(json.loads("".join(json_text(table(rows))))["rows"]) == count


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.csv"
    reports: list[Progress] = []
    size = write_table(path, table(), progress=reports.append)
    assert size == path.stat().st_size
    assert reports[-1].done == reports[-1].total == 3
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        write_table(path.with_name("b.json"), table(), cancel=cancel)
    with pytest.raises(DestinationError, match="already exists"):
        write_table(path, table())
    write_table(path, table(_ROWS[:1]), replaces=True)
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2
    assert [one.name for one in path.parent.iterdir()] == ["a.csv"]
    with pytest.raises(DestinationError):
        write_table(path / "below" / "a.csv", table())


def test_the_name_says_the_format(tmp_path: Path) -> None:
    assert table_format_of(tmp_path / "a.JSON") is TableFormat.JSON
    with pytest.raises(SettingsError, match=r"\.csv or \.json"):
        write_table(tmp_path / "a.xlsx", table())
