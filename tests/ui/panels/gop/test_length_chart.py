"""The histogram of GOP lengths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from framescope.core.media.gops import Histogram
from framescope.ui.panels.gop.length_chart import LengthChart
from framescope.ui.widgets.theme import ThemeChoice
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def chart(qtbot: QtBot, theme: ThemeSource) -> LengthChart:
    made = LengthChart(theme)
    on_screen(qtbot, made, 320, 92)
    made.set_histogram(Histogram(np.array([4, 6, 8]), 2, np.array([9, 0, 1])))
    return made


def bars(chart: LengthChart) -> dict[int | None, list[int]]:
    places: dict[int | None, list[int]] = {}
    for x in range(chart.width()):
        places.setdefault(chart.bar_at(x), []).append(x)
    return places


def test_places_are_bars_and_empty_bins_are_not(chart: LengthChart) -> None:
    places = bars(chart)
    assert set(places) == {0, 2, None}
    assert max(places[0]) < min(places[2])


def test_a_click_tells_the_lengths_of_the_bar(chart: LengthChart, qtbot: QtBot) -> None:
    x = bars(chart)[2][5]
    with qtbot.waitSignal(chart.bar_clicked) as clicked:
        QTest.mouseClick(
            chart.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(x, 40)
        )
    assert clicked.args == [8, 10]


def test_the_present_length_is_set_off_and_the_theme_followed(chart: LengthChart, theme: ThemeSource) -> None:
    plain = chart.grab().toImage()
    chart.set_current_length(9)
    marked = chart.grab().toImage()
    assert marked != plain
    theme.set_choice(ThemeChoice.LIGHT)
    assert chart.grab().toImage() != marked
    chart.set_current_length(50)
    chart.set_current_length(None)


def test_nothing_to_draw(chart: LengthChart) -> None:
    empty = np.empty(0, np.int64)
    chart.set_histogram(Histogram(empty, 1, empty))
    assert set(bars(chart)) == {None}
    chart.set_current_length(4)
