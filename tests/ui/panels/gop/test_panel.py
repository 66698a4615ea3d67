"""The GOP panel: table, summary, lengths, and going to a GOP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QTableView, QToolButton

from framescope.core.media.frame_order import order_frames
from framescope.ui.panels.gop.length_chart import LengthChart
from framescope.ui.panels.gop.panel import GopPanel
from framescope.ui.widgets.tiles import StatTiles
from tests.core.media.index_examples import TIME_BASE, packet_table
from tests.ui.panels.panel_examples import gop_index, open_video
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController


@pytest.fixture
def panel(qtbot: QtBot, controller: Controller, theme: ThemeSource) -> GopPanel:
    made = GopPanel(controller, theme)
    return on_screen(qtbot, made, 340, 500)


@pytest.fixture
def opened(panel: GopPanel, session: StandInController) -> GopPanel:
    """The panel with three GOPs at 0, 4 and 10."""
    open_video(session)
    return panel


def view(panel: GopPanel) -> QTableView:
    found = panel.findChild(QTableView, "gopTable")
    assert isinstance(found, QTableView)
    return found


def cell(panel: GopPanel, row: int, column: int) -> str:
    return str(view(panel).model().index(row, column).data())


def click(panel: GopPanel, row: int) -> None:
    table = view(panel)
    centre = table.visualRect(table.model().index(row, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, centre)


def test_every_gop_has_a_row(opened: GopPanel) -> None:
    assert [cell(opened, row, 0) for row in range(view(opened).model().rowCount())] == ["0", "4", "10"]
    opened.grab()


def test_the_summary_is_in_tiles(opened: GopPanel) -> None:
    tiles = opened.findChild(StatTiles, "statTiles")
    assert isinstance(tiles, StatTiles)
    assert tiles.numbers == ("3", "4", "25 %", "7")


def test_a_click_goes_to_the_keyframe(opened: GopPanel, session: StandInController) -> None:
    click(opened, 2)
    assert session.called("show_frame")[-1] == (10,)


def test_a_click_on_the_present_gop_goes_to_its_keyframe_too(
    opened: GopPanel, session: StandInController
) -> None:
    session.show(6)
    assert view(opened).currentIndex().row() == 1
    session.calls.clear()
    click(opened, 1)
    assert session.called("show_frame") == [(4,)]


def test_arrow_keys_go_from_gop_to_gop(opened: GopPanel, session: StandInController) -> None:
    QTest.keyClick(view(opened), Qt.Key.Key_Down)
    assert session.called("show_frame") == [(4,)]


def test_following_the_position_asks_for_nothing(opened: GopPanel, session: StandInController) -> None:
    for number in (0, 5, 9, 11):
        session.show(number)
    assert view(opened).currentIndex().row() == 2
    assert session.called("show_frame") == []
    where = opened.findChild(QLabel, "gopWhere")
    assert isinstance(where, QLabel)
    assert where.text() == "GOP 3 of 3, position 3 of 3"


def test_sorting_keeps_the_present_row(opened: GopPanel, session: StandInController) -> None:
    session.show(5)
    session.calls.clear()
    view(opened).sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert [cell(opened, row, 1) for row in range(3)] == ["5", "4", "3"]
    assert session.called("show_frame") == []
    click(opened, 2)
    assert set(session.called("show_frame")) == {(10,)}


def test_buttons_go_to_the_neighbouring_keyframes(opened: GopPanel, session: StandInController) -> None:
    for name in ("previousKeyframe", "nextKeyframe"):
        button = opened.findChild(QToolButton, name)
        assert isinstance(button, QToolButton)
        button.click()
    assert len(session.called("show_previous_keyframe")) == 1
    assert len(session.called("show_next_keyframe")) == 1


def test_lengths_are_drawn_and_can_be_gone_to(opened: GopPanel, session: StandInController) -> None:
    chart = opened.findChild(LengthChart, "lengthChart")
    assert isinstance(chart, LengthChart)
    chart.bar_clicked.emit(3, 4)
    assert session.called("show_frame")[-1] == (10,)
    session.position = 11
    chart.bar_clicked.emit(3, 6)
    assert session.called("show_frame")[-1] == (0,)
    chart.bar_clicked.emit(90, 91)
    assert session.called("show_frame")[-1] == (0,)


def test_even_lengths_are_a_sentence_not_a_chart(panel: GopPanel, session: StandInController) -> None:
    open_video(session, order_frames(packet_table(list(range(8)), [0, 4]), TIME_BASE))
    assert panel.findChild(LengthChart, "lengthChart") is None
    texts = [label.text() for label in panel.findChildren(QLabel)]
    assert "Every GOP has 4 frames." in texts


def test_one_frame_is_one_gop(panel: GopPanel, session: StandInController) -> None:
    open_video(session, order_frames(packet_table([0], [0]), TIME_BASE))
    assert [label.text() for label in panel.findChildren(QLabel) if "GOP has" in label.text()] == [
        "The only GOP has 1 frame."
    ]


def test_a_growing_listing_is_marked(panel: GopPanel, session: StandInController) -> None:
    open_video(session, gop_index(complete=False))
    tiles = panel.findChild(StatTiles, "statTiles")
    assert isinstance(tiles, StatTiles)
    assert tiles.numbers[0].endswith("+")


def test_rows_and_the_table_can_be_copied(opened: GopPanel) -> None:
    table = view(opened)
    place = table.visualRect(table.model().index(1, 0)).center()
    table.customContextMenuRequested.emit(place)
    menu = next(menu for menu in opened.findChildren(QMenu) if menu.isVisible())
    row, whole = menu.actions()
    row.trigger()
    assert QGuiApplication.clipboard().text().startswith("4\t5\t")
    whole.trigger()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 4
    menu.close()
    table.customContextMenuRequested.emit(QPoint(5, table.viewport().height() - 2))
    beside = next(menu for menu in opened.findChildren(QMenu) if menu.isVisible())
    assert [action.text() for action in beside.actions()] == ["Copy table"]
    beside.close()


def test_a_hidden_panel_catches_up_when_it_is_shown(panel: GopPanel, session: StandInController) -> None:
    panel.hide()
    open_video(session)
    session.show(5)
    panel.show()
    assert view(panel).model().rowCount() == 3
    assert view(panel).currentIndex().row() == 1


def test_closing_empties_it(opened: GopPanel, session: StandInController) -> None:
    session.info = session.index = None
    session.source_closed.emit()
    assert view(opened).model().rowCount() == 0
