"""Lanes of tiles over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from framescope.ui.panels.fragments.store_page import FragmentLanes
from tests.ui.panels.fragments.parts import small_tables

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def lanes(qtbot: QtBot, theme: ThemeSource, tmp_path: Path) -> FragmentLanes:
    widget = FragmentLanes(theme)
    qtbot.addWidget(widget)
    widget.set_tables(small_tables(tmp_path))
    widget.resize(326, widget.sizeHint().height())
    widget.show()
    return widget


def test_a_press_asks_for_the_frame_there(lanes: FragmentLanes, qtbot: QtBot) -> None:
    x = round(lanes.x_of(4.5))
    with qtbot.waitSignal(lanes.frame_wanted) as wanted:
        QTest.mousePress(lanes, Qt.MouseButton.LeftButton, pos=QPoint(x, 5))
    assert wanted.args == [4]
    assert [lanes.frame_at(-10), lanes.frame_at(10_000)] == [0, 5]


def test_what_lies_under_the_pointer_is_said(lanes: FragmentLanes) -> None:
    lower = lanes.height() - 3
    assert "Tile 1, frames 0–2: 131 bytes" in lanes.words_at(QPointF(lanes.x_of(1.5), lower))
    assert "Tile 0, frames 4–5" in lanes.words_at(QPointF(lanes.x_of(5.5), 2))
    assert lanes.words_at(QPointF(lanes.x_of(3.5), 2)) == "No fragment here"


def test_dear_runs_stand_out_and_the_playhead_moves(lanes: FragmentLanes, theme: ThemeSource) -> None:
    lanes.set_position(5)
    shown = lanes.grab().toImage()
    row = 4
    dear = shown.pixelColor(round(lanes.x_of(1)), row)
    cheap = shown.pixelColor(round(lanes.x_of(4.2)), row)
    assert dear != cheap
    columns = [shown.pixelColor(round(lanes.x_of(5.5)) + shift, row) for shift in (-1, 0, 1)]
    red = theme.tokens.playhead
    assert any(abs(one.red() - red.red()) < 40 and abs(one.blue() - red.blue()) < 60 for one in columns)


def test_chosen_tiles_leave_the_others_pale(lanes: FragmentLanes, theme: ThemeSource) -> None:
    before = theme.tokens.surface.alpha()
    plain = lanes.grab().toImage()
    lanes.set_tiles(frozenset({0}))
    veiled = lanes.grab().toImage()
    x = round(lanes.x_of(1))
    assert plain.pixelColor(x, 4) == veiled.pixelColor(x, 4)
    assert plain.pixelColor(x, lanes.height() - 4) != veiled.pixelColor(x, lanes.height() - 4)
    assert theme.tokens.surface.alpha() == before


def test_without_a_store_it_is_empty(qtbot: QtBot, theme: ThemeSource) -> None:
    widget = FragmentLanes(theme)
    qtbot.addWidget(widget)
    assert not widget.grab().isNull()
    assert widget.words_at(QPointF(50, 5)) == ""
