"""The chart of scores and its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from framescope.ui.export.frames.chart import ScoreChart, ScoreCurve

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def chart(qtbot: QtBot, theme: ThemeSource) -> ScoreChart:
    widget = ScoreChart(theme)
    qtbot.addWidget(widget)
    widget.resize(300, 104)
    return widget


def curve(threshold: float | None = 40.0, count: int = 1000) -> ScoreCurve:
    scores = np.full(count, 5.0)
    scores[count // 2] = 80.0
    scores[0] = np.nan
    return ScoreCurve(scores, threshold, "scenes.content", 255.0, "Change")


def test_it_is_seen_only_with_scores(chart: ScoreChart) -> None:
    assert chart.isHidden()
    chart.show_curve(curve())
    assert not chart.isHidden()
    assert "1\u202f000 frames, threshold 40" in chart.accessibleDescription()
    chart.show_curve(None)
    assert chart.isHidden()


@pytest.mark.parametrize("count", [0, 1, 7, 1000, 100_000])
def test_any_number_of_frames_is_painted(chart: ScoreChart, count: int) -> None:
    scores = np.linspace(0, 9, count)
    chart.show_curve(ScoreCurve(scores, None, "", 0.0, "Sharpness"))
    assert not chart.grab().isNull()


def test_a_single_peak_among_many_frames_is_seen(chart: ScoreChart, theme: ThemeSource) -> None:
    chart.show_curve(curve(count=100_000))
    image = chart.grab().toImage()
    y = round(chart.y_of(60.0))
    columns = [x for x in range(300) if image.pixelColor(x, y) == theme.tokens.chosen]
    assert columns
    assert abs(columns[0] - 150) <= 3


def test_heights_and_scores_are_each_others_inverse(chart: ScoreChart) -> None:
    chart.show_curve(curve())
    for value in (0.0, 20.0, 60.0):
        assert chart.value_at(chart.y_of(value)) == pytest.approx(value)


def test_the_line_is_dragged(qtbot: QtBot, chart: ScoreChart) -> None:
    chart.show_curve(curve())
    start = QPoint(100, round(chart.y_of(40.0)))
    QTest.mousePress(chart, Qt.MouseButton.LeftButton, pos=start)
    with qtbot.waitSignal(chart.threshold_dragged) as told:
        QTest.mouseMove(chart, QPoint(100, round(chart.y_of(60.0))))
    QTest.mouseRelease(chart, Qt.MouseButton.LeftButton, pos=start)
    assert told.args is not None
    path, value = told.args
    assert path == "scenes.content"
    assert value == pytest.approx(60.0, abs=2.0)


def test_beside_the_line_nothing_is_held(qtbot: QtBot, chart: ScoreChart) -> None:
    chart.show_curve(curve())
    QTest.mousePress(chart, Qt.MouseButton.LeftButton, pos=QPoint(100, round(chart.y_of(5.0))))
    with qtbot.assertNotEmitted(chart.threshold_dragged):
        QTest.mouseMove(chart, QPoint(100, round(chart.y_of(60.0))))


def test_it_follows_the_theme(chart: ScoreChart, theme: ThemeSource) -> None:
    chart.show_curve(curve())
    before = chart.grab().toImage()
    theme.set_choice(type(theme.choice).LIGHT)
    assert chart.grab().toImage() != before
