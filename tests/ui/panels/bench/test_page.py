"""The page of results arranges itself, and keeps its widgets while figures come in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel

from framescope.ui.panels.bench.page import BenchPage
from framescope.ui.widgets.tiles import StatTiles
from tests.ui.panels.bench.examples import OPENCV, OWN, PLAIN, canned_bench, under_way
from tests.ui.panels.seek.audits import child
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def page(qtbot: QtBot, theme: ThemeSource) -> BenchPage:
    widget = BenchPage(theme)
    return on_screen(qtbot, widget, 320, 1200)


def test_everything_found_is_there(page: BenchPage) -> None:
    page.set_bench(canned_bench())
    assert (
        page.headline == "FrameScope is the fastest for exact random access, 4.0 times as fast as OpenCV, n"
    )
    assert "decord: crashed: SIGSEGV" in page.absent_text
    assert child(page, StatTiles, "statTiles").numbers == ("5.00", "5.00", "200", "50.0")
    assert page.bars("scrub").group.bars[0].value == 5.0


def test_columns_follow_the_width(page: BenchPage) -> None:
    page.set_bench(canned_bench())
    assert page.columns == 1
    page.resize(700, 1200)
    assert page.columns == 2
    page.resize(320, 1200)
    assert page.columns == 1


def test_widgets_stay_while_figures_come_in(page: BenchPage) -> None:
    page.set_bench(under_way())
    assert page.headline == "Measuring…"
    bars = page.bars("shuffled")
    page.set_bench(canned_bench(OWN, OPENCV))
    assert page.bars("shuffled") is bars
    assert [bar.text for bar in bars.group.bars] == ["5.00", "20.0"]


def test_footnotes_come_and_go(page: BenchPage) -> None:
    def notes() -> list[str]:
        return [
            label.text()
            for label in page.findChildren(QLabel)
            if label.isVisible() and label.text().startswith("≠")
        ]

    page.set_bench(canned_bench(OWN, PLAIN))
    assert len(notes()) == 4
    page.set_bench(canned_bench(OWN, OPENCV))
    assert notes() == []


def test_captions_of_the_tiles_fit_the_narrowest_dock(page: BenchPage) -> None:
    page.resize(276, 1200)
    page.set_bench(canned_bench())
    for label in child(page, StatTiles, "statTiles").findChildren(QLabel):
        assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width(), label.text()
