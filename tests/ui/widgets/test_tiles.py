"""Figures in tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel

from framescope.ui.widgets.tiles import FigureTiles, StatTiles
from tests.ui.parts import part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def tiles(qtbot: QtBot) -> FigureTiles:
    widget = FigureTiles({"size": 1, "all": 2})
    qtbot.addWidget(widget)
    return widget


def test_a_tile_says_number_and_caption(tiles: FigureTiles) -> None:
    assert tiles.text("size") == ("–", "")
    tiles.show_figure("size", "182 kB", "this file", tip="the whole story")
    assert tiles.text("size") == ("182 kB", "this file")
    number = part(tiles, QLabel, "exportFigure.size")
    assert number.accessibleName() == "this file: 182 kB"
    assert number.toolTip() == "the whole story"
    assert tiles.text("all") == ("–", "")


def test_a_figure_that_is_on_its_way_is_faint(tiles: FigureTiles) -> None:
    tiles.show_figure("all", "9 GB", "all frames", role="warning")
    number = part(tiles, QLabel, "exportFigure.all")
    assert number.property("role") == "warning"
    tiles.show_pending("all")
    assert number.property("role") == "faint"
    assert number.text() == "9 GB"


def test_tiles_say_what_they_are_given(qtbot: QtBot) -> None:
    tiles = StatTiles(("GOPs", "keyframes"))
    qtbot.addWidget(tiles)
    assert tiles.numbers == ("–", "–")
    tiles.set_tile(1, "2 %", "Share of the frames")
    assert tiles.numbers == ("–", "2 %")
    label = next(each for each in tiles.findChildren(QLabel) if each.text() == "2 %")
    assert label.accessibleName() == "keyframes: 2 %. Share of the frames"
    assert label.toolTip() == "Share of the frames"


def test_captions_are_never_cut_off(qtbot: QtBot) -> None:
    tiles = StatTiles(("GOPs", "frames each", "keyframes", "worst seek"))
    qtbot.addWidget(tiles)
    tiles.set_tile(0, "1 234 567", "")
    tiles.resize(280, 50)
    tiles.show()
    captions = {label.text(): label for label in tiles.findChildren(QLabel)}
    for caption in ("GOPs", "frames each", "keyframes", "worst seek"):
        assert captions[caption].width() >= captions[caption].sizeHint().width(), caption
