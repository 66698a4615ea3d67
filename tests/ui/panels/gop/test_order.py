"""Display order above decode order: which cell is which frame, and what the words say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from framescope.core.media.frame_order import order_frames
from framescope.core.media.gops import gop_table
from framescope.ui.panels.gop.frame_chart import GopFrames, gop_frames
from framescope.ui.panels.gop.order import OrderDiagram, order_words
from tests.core.media.index_examples import TIME_BASE, packet_table
from tests.ui.panels.panel_examples import gop_index
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


def content_of(frame_number: int, most: int = 100) -> GopFrames:
    index = gop_index()
    return gop_frames(gop_table(index), index, frame_number, most)


def words_of(frame_number: int, most: int = 100) -> str:
    index = gop_index()
    return order_words(gop_frames(gop_table(index), index, frame_number, most), index)


def test_ranks_are_the_order_of_decoding() -> None:
    # Decoded I0 P3 B1 B2.
    assert content_of(2).ranks.tolist() == [0, 2, 3, 1]


def test_words_name_what_is_decoded_and_what_is_shown_later() -> None:
    assert words_of(0) == "Frame 0 is decoded by itself."
    assert words_of(3) == "To show frame 3, 2 frames are decoded: 0, 3."
    assert words_of(1) == "To show frame 1, 3 frames are decoded: 0, 3, 1. 1 of them is shown later."
    assert words_of(1, most=2) == ""
    index = order_frames(packet_table(list(range(300)), [0]), TIME_BASE)
    words = order_words(gop_frames(gop_table(index), index, 200, 1000), index)
    assert words == "To show frame 200, 201 frames are decoded: 0, 1, 2, 3, …, 197, 198, 199, 200."


@pytest.fixture
def diagram(qtbot: QtBot, theme: ThemeSource) -> OrderDiagram:
    made = on_screen(qtbot, OrderDiagram(theme), 360, 108)
    made.set_content(content_of(2))
    return made


def test_each_row_has_its_own_order(diagram: OrderDiagram, qtbot: QtBot) -> None:
    rows = []
    for y in (20, diagram.height() - 20):
        found = [diagram.frame_at(QPointF(x, y)) for x in range(diagram.width())]
        rows.append(list(dict.fromkeys(number for number in found if number is not None)))
    assert rows == [[0, 1, 2, 3], [0, 3, 1, 2]]
    assert all(diagram.frame_at(QPointF(x, diagram.height() / 2)) is None for x in range(diagram.width()))
    second = next(x for x in range(360) if diagram.frame_at(QPointF(x, diagram.height() - 20)) == 3)
    with qtbot.waitSignal(diagram.frame_clicked) as clicked:
        QTest.mouseClick(diagram, Qt.MouseButton.LeftButton, pos=QPoint(second + 4, diagram.height() - 20))
    assert clicked.args == [3]
