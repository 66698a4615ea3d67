"""The curve of size and similarity, worked with a real mouse."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from framescope.core.export.quality.trial import LevelKind, Trial
from framescope.ui.export.preview.curve_pane import CurveChart
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def trial(level: int, *, decibels: float | None = None) -> Trial:
    similarity = 30 + level / 10 if decibels is None else decibels
    return Trial(level, 1000 + 100 * level, similarity, math.nan, level / 1000)


@pytest.fixture
def chart(qtbot: QtBot, theme: ThemeSource) -> CurveChart:
    widget = CurveChart(theme)
    on_screen(qtbot, widget, 500, 128)
    qtbot.waitExposed(widget)
    widget.add_points([trial(100), trial(0), trial(50)])
    return widget


def x_of(chart: CurveChart, level: int) -> int:
    places = [x for x in range(chart.width()) if chart.level_at(x) == level]
    return places[len(places) // 2]


def test_every_level_can_be_reached(chart: CurveChart) -> None:
    assert {chart.level_at(x) for x in range(chart.width())} == set(range(101))


def test_a_click_and_a_drag_choose_levels(qtbot: QtBot, chart: CurveChart) -> None:
    chosen: list[int] = []
    chart.level_chosen.connect(chosen.append)
    chart.level_chosen.connect(chart.set_level)
    view = chart.viewport()
    QTest.mousePress(view, LEFT, NONE, QPoint(x_of(chart, 40), 50))
    QTest.mouseMove(view, QPoint(x_of(chart, 60), 50))
    QTest.mouseMove(view, QPoint(x_of(chart, 75), 20))
    QTest.mouseRelease(view, LEFT, NONE, QPoint(x_of(chart, 75), 20))
    qtbot.waitUntil(lambda: chosen == [40, 60, 75], timeout=20_000)


def test_the_pointer_reads_out_without_choosing(qtbot: QtBot, chart: CurveChart) -> None:
    pointed: list[int] = []
    chart.level_pointed.connect(pointed.append)
    with qtbot.assertNotEmitted(chart.level_chosen, wait=0):
        QTest.mouseMove(chart.viewport(), QPoint(x_of(chart, 30), 60))
        QTest.mouseMove(chart.viewport(), QPoint(x_of(chart, 31), 60))
    qtbot.waitUntil(lambda: pointed[-1:] == [31], timeout=20_000)


def test_arrows_move_the_setting(qtbot: QtBot, chart: CurveChart) -> None:
    chart.set_level(95)
    for key, level in ((Qt.Key.Key_Left, 94), (Qt.Key.Key_PageUp, 100), (Qt.Key.Key_PageDown, 85)):
        with qtbot.waitSignal(chart.level_chosen) as chosen:
            QTest.keyClick(chart, key)
        assert chosen.args == [level]


def test_values_are_those_that_were_tried_and_straight_lines_between(chart: CurveChart) -> None:
    assert chart.value_at(50) == (6000, 35.0, True)
    assert chart.value_at(25) == (3500, 32.5, False)
    chart.add_points([trial(25, decibels=40.0)])
    assert chart.value_at(25) == (3500, 40.0, True)
    chart.clear_points(LevelKind.QUALITY)
    assert chart.value_at(25) is None
    chart.add_points([trial(50)])
    assert chart.value_at(20) is None


def test_points_are_kept_in_order(chart: CurveChart) -> None:
    assert [point.level for point in chart.points] == [0, 50, 100]


def test_a_lossless_format_shows_time_in_place_of_similarity(chart: CurveChart) -> None:
    chart.clear_points(LevelKind.COMPRESSION)
    chart.add_points([trial(level, decibels=math.inf) for level in range(10)])
    assert chart.value_at(4) == (1400, 4.0, True)
    assert chart.kind is LevelKind.COMPRESSION
    assert {chart.level_at(x) for x in range(chart.width())} == set(range(10))


def test_an_exact_file_among_others_does_not_break_the_axis(chart: CurveChart) -> None:
    chart.add_points([trial(100, decibels=math.inf)])
    chart.set_level(100)
    assert not chart.grab().isNull()


def test_the_mark_is_drawn_where_the_setting_is(chart: CurveChart, theme: ThemeSource) -> None:
    chart.set_level(20)
    image = chart.grab().toImage()
    accent = theme.tokens.accent
    x = x_of(chart, 20)
    near = [
        (abs(color.red() - accent.red()) + abs(color.blue() - accent.blue())) < 40
        for color in (image.pixelColor(x, y) for y in range(image.height()))
    ]
    assert any(near)
