"""Large numbers with captions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

from framescope.ui.widgets.stat_tiles import StatTiles

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_tiles_say_what_they_are_given(qtbot: QtBot) -> None:
    tiles = StatTiles(("GOPs", "keyframes"))
    qtbot.addWidget(tiles)
    assert tiles.numbers == ("–", "–")
    tiles.set_tile(1, "2 %", "Share of the frames")
    assert tiles.numbers == ("–", "2 %")
    label = next(each for each in tiles.findChildren(QLabel) if each.text() == "2 %")
    assert label.accessibleName() == "keyframes: 2 %. Share of the frames"
    assert label.toolTip() == "Share of the frames"
