"""The packet table shows what the index knows at once, and asks for the rest of what is looked at."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt

from framescope.core.bitstream.packets import PacketFacts
from framescope.core.media.frame_order import order_frames
from framescope.core.media.tables.packet_table import PacketTable
from framescope.ui.panels.stream.model import BLOCK, COLUMNS, PacketModel

if TYPE_CHECKING:
    from framescope.core.media.index import FrameIndex


def _index(count: int, *, hidden: int | None = None) -> FrameIndex:
    """Packets of 100 bytes and more, shown in decode order, a keyframe every 50; one may be hidden."""
    numbers = np.arange(count, dtype=np.int64)
    is_discard = np.zeros(count, np.bool_)
    if hidden is not None:
        is_discard[hidden] = True
    table = PacketTable(
        pts=numbers * 2,
        dts=numbers * 2 - 2,
        sizes=(100 + numbers % 7).astype(np.int32),
        positions=numbers * 200,
        is_keyframe=numbers % 50 == 0,
        is_discard=is_discard,
        is_corrupt=np.zeros(count, np.bool_),
        picture_type_codes=np.zeros(count, np.uint8),
    )
    return order_frames(table, Fraction(1, 50))


def _facts(number: int) -> PacketFacts:
    return PacketFacts(
        packet_number=number,
        frame_numbers=(),
        pts=number * 2,
        dts=None,
        duration=2,
        size_bytes=100,
        position=number * 200,
        is_keyframe=number % 50 == 0,
        is_discard=False,
        is_corrupt=False,
        is_disposable=True,
    )


def _row(model: PacketModel, row: int) -> list[str]:
    return [str(model.index(row, column).data()) for column in range(len(COLUMNS))]


def _model(index: FrameIndex) -> tuple[PacketModel, list[int]]:
    model, wanted = PacketModel(), list[int]()
    model.block_wanted.connect(wanted.append)
    model.set_index(index)
    return model, wanted


def test_a_row_before_and_after_it_was_read() -> None:
    model, wanted = _model(_index(200, hidden=7))
    assert _row(model, 8) == ["8", "7", "P", "101 B", "16", "14", "…", "…", "…"]
    assert _row(model, 7)[1:6] == ["–", "–", "100 B", "…", "…"]
    assert set(wanted) == {0}
    model.add_facts(0, [_facts(number) for number in range(BLOCK)])
    wanted.clear()
    assert _row(model, 8)[4:] == ["16", "–", "2", "1\u202f600", "disposable"]
    assert _row(model, 50)[2] == "I K"
    assert _row(model, 50)[8] == "key, disposable"
    assert wanted == []
    assert _row(model, BLOCK)[7] == "…"
    assert set(wanted) == {1}


def test_a_block_that_could_not_be_read_is_not_asked_for_again() -> None:
    model, wanted = _model(_index(10))
    model.add_facts(0, [])
    assert _row(model, 3)[7] == "–"
    assert wanted == []


def test_millions_of_packets_are_a_row_each() -> None:
    count = 3_000_000
    model, wanted = _model(_index(count))
    assert model.rowCount() == count
    assert _row(model, count - 1)[:2] == ["2\u202f999\u202f999", "2\u202f999\u202f999"]
    assert set(wanted) == {(count - 1) // BLOCK}
    for block in range(300):
        model.add_facts(block, [_facts(0)])
    # What was read is forgotten again, so that scrolling through a film takes no more and more memory.
    assert model.facts_of(0) is None
    assert model.facts_of(299 * BLOCK) is not None


def test_a_growing_index_adds_rows() -> None:
    short, long = _index(60), _index(200)
    model, _ = _model(short)
    inserted: list[tuple[int, int]] = []
    resets: list[bool] = []
    model.rowsInserted.connect(lambda _parent, first, last: inserted.append((first, last)))
    model.modelReset.connect(lambda: resets.append(True))
    model.add_facts(0, [_facts(number) for number in range(60)])
    model.set_index(long)
    assert inserted == [(60, 199)]
    assert model.facts_of(3) is None
    model.set_index(replace(long, notes=("x",)))
    assert resets == []
    model.set_index(_index(30))
    assert resets == [True]
    model.set_index(None)
    assert model.rowCount() == 0


def test_columns_explain_themselves() -> None:
    model, _ = _model(_index(3, hidden=1))
    for column, (title, tip) in enumerate(COLUMNS):
        assert model.headerData(column, Qt.Orientation.Horizontal) == title
        assert model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) == tip
    assert "hidden" in str(model.index(1, 1).data(Qt.ItemDataRole.ToolTipRole))
    assert model.index(1, 3).data(Qt.ItemDataRole.ToolTipRole) == "101 bytes"
