"""Rows of the GOP table, sorted every way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from framescope.core.media.frame_order import order_frames
from framescope.core.media.gops import gop_table
from framescope.ui.panels.gop.model import COLUMNS, STRUCTURE_COLUMN, GopModel
from tests.core.media.index_examples import TIME_BASE, packet_table
from tests.ui.panels.panel_examples import gop_index

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def model(qtbot: QtBot) -> GopModel:
    del qtbot
    made = GopModel()
    made.set_table(gop_table(gop_index()))
    return made


def column(model: GopModel, place: int) -> list[str]:
    return [str(model.data(model.index(row, place))) for row in range(model.rowCount())]


def test_cells(model: GopModel) -> None:
    assert [column(model, place) for place in range(len(COLUMNS))] == [
        ["0", "4", "10"],
        ["4", "5", "3"],
        ["4.01 kB", "5.03 kB", "3.03 kB"],
        ["closed", "closed", "open"],
        ["1", "1", "1"],
        ["1", "2", "1"],
        ["2", "2", "1"],
        ["IBBP", "IBBPP", "BIP"],
    ]


def test_it_keeps_qt_s_rules(model: GopModel) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.sort(1, Qt.SortOrder.DescendingOrder)
    model.set_table(None)
    model.set_table(gop_table(gop_index()))
    del tester


@pytest.mark.parametrize("place", range(len(COLUMNS)))
def test_sorting_down_is_sorting_up_backwards_but_for_equals(place: int, model: GopModel) -> None:
    table = model.table
    assert table is not None
    keys = COLUMNS[place].key(table).astype(int)
    model.sort(place, Qt.SortOrder.AscendingOrder)
    up = [keys[model.gop_at(row)] for row in range(3)]
    model.sort(place, Qt.SortOrder.DescendingOrder)
    assert [keys[model.gop_at(row)] for row in range(3)] == sorted(up, reverse=True)
    assert [model.row_of(model.gop_at(row)) for row in range(3)] == [0, 1, 2]


def test_the_order_stays_when_the_table_grows(model: GopModel) -> None:
    model.sort(1, Qt.SortOrder.DescendingOrder)
    model.set_table(gop_table(gop_index()))
    assert column(model, 1) == ["5", "4", "3"]


def test_tips_explain(model: GopModel) -> None:
    tip = model.data(model.index(2, 0), Qt.ItemDataRole.ToolTipRole)
    assert tip == "Frame 9 is shown before this keyframe and decoded after it"
    assert "bytes" in str(model.data(model.index(0, 2), Qt.ItemDataRole.ToolTipRole))
    assert model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole) is None
    assert "IBBP" in str(model.data(model.index(0, STRUCTURE_COLUMN), Qt.ItemDataRole.ToolTipRole))
    assert all(
        model.headerData(place, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        for place in range(len(COLUMNS))
    )


def test_rows_are_copied_with_plain_numbers(model: GopModel) -> None:
    assert model.row_text(1) == "4\t5\t5030\tclosed\t1\t2\t2\tIBBPP"
    lines = model.all_text().splitlines()
    assert len(lines) == 4
    assert lines[0].count("\t") == lines[1].count("\t")


def test_frames_before_the_first_keyframe_have_none(model: GopModel) -> None:
    model.set_table(gop_table(order_frames(packet_table([0, 1, 2, 3], [2]), TIME_BASE)))
    assert column(model, 3) == ["no key", "closed"]


def test_an_empty_table(model: GopModel) -> None:
    model.set_table(None)
    assert model.rowCount() == 0
    assert model.widest_texts() == ()


def test_a_hundred_thousand_rows(model: GopModel) -> None:
    count = 100_000
    table = gop_table(order_frames(packet_table(list(range(count)), list(range(count))), TIME_BASE))
    model.set_table(table)
    model.sort(0, Qt.SortOrder.DescendingOrder)
    assert model.gop_at(0) == count - 1
    assert model.data(model.index(0, 0)) == "99\u202f999"
    assert np.array_equal(table.frame_counts, np.ones(count))


def test_a_structure_of_any_length_is_cut_for_the_cell(model: GopModel) -> None:
    model.set_table(gop_table(order_frames(packet_table(list(range(2000)), [0]), TIME_BASE)))
    text = str(model.data(model.index(0, STRUCTURE_COLUMN)))
    assert len(text) < 300
    assert text.endswith("…")
