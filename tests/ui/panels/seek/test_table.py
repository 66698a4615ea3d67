"""The table of engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.ui.panels.seek.table import SeekTable
from tests.ui.panels.seek.audits import canned_audit

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


def _texts(table: SeekTable, row: int) -> list[str]:
    model = table.model()
    return [str(model.index(row, column).data()) for column in range(model.columnCount())]


def test_a_row_says_how_good_an_engine_is(qtbot: QtBot, theme: ThemeSource) -> None:
    table = SeekTable(theme)
    qtbot.addWidget(table)
    table.set_audit(canned_audit())

    assert _texts(table, 1)[:4] == ["✕", "OpenCV by frame", "50 %", "+2"]
    assert _texts(table, 1)[6:] == ["200", "wrong after a frame"]
    assert _texts(table, 3) == ["–", "torchcodec", "–", "–", "–", "–", "–", "not installed"]


def test_a_narrow_table_leaves_columns_out(qtbot: QtBot, theme: ThemeSource) -> None:
    table = SeekTable(theme)
    qtbot.addWidget(table)
    table.set_audit(canned_audit())
    table.show()
    hidden = []
    for width in (320, 500, 700):
        table.resize(width, table.height())
        hidden.append(sum(table.isColumnHidden(column) for column in range(8)))

    assert hidden == [3, 1, 0]


def test_the_selection_stays_while_answers_arrive(qtbot: QtBot, theme: ThemeSource) -> None:
    table = SeekTable(theme)
    qtbot.addWidget(table)
    table.set_audit(canned_audit())
    with qtbot.waitSignal(table.engine_chosen) as chosen:
        table.choose("decord")
    table.set_audit(canned_audit())

    assert chosen.args == ["decord"]
    assert table.currentIndex().row() == 2
