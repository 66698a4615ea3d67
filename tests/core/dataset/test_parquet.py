"""The table of pictures, read back by pyarrow."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope.core.dataset import parquet
from framescope.core.dataset.layout import LayoutWork
from framescope.core.dataset.parquet import Parquet
from framescope.core.errors import SettingsError
from tests.core.dataset.conftest import FRAMES, PNG, SPLITS, VIDEOS, Made

if TYPE_CHECKING:
    from pathlib import Path

pq = pytest.importorskip("pyarrow.parquet")


def test_pyarrow_reads_a_row_for_each_picture(made: Made) -> None:
    rows = pq.read_table(made.folder / "metadata.parquet").to_pylist()
    assert [row["file_name"] for row in rows] == made.files
    assert [row["frame_number"] for row in rows] == [*FRAMES] * 3
    for row in rows:
        assert row["sha256"] == hashlib.sha256((made.folder / row["file_name"]).read_bytes()).hexdigest()
        assert row["class"] == VIDEOS[row["video"]]
        assert row["split"] == SPLITS.split_of(row["video"])
        assert row["time_s"] == pytest.approx(row["frame_number"] / 24, abs=0.001)
        assert (row["width"], row["height"], row["clip"]) == (160, 120, None)


def test_tables_of_several_groups_have_the_same_rows(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "_ROWS", 2)
    folder = tmp_path / "set"
    shutil.copytree(made.folder, folder)
    assert made.result.data is not None
    Parquet().write(replace(made.result.data, folder=folder), LayoutWork())
    found = pq.ParquetFile(folder / "metadata.parquet")
    assert found.num_row_groups == 5
    assert found.read().equals(pq.read_table(made.folder / "metadata.parquet"))


def test_a_missing_library_is_told_before_anything_is_exported(monkeypatch: pytest.MonkeyPatch) -> None:
    Parquet().check(PNG)
    monkeypatch.setattr(parquet, "find_spec", lambda _name: None)
    with pytest.raises(SettingsError, match="pyarrow") as caught:
        Parquet().check(PNG)
    assert "framescope[parquet]" in caught.value.hint
