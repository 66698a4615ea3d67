"""The chart finds the frame that a place means, in short videos and in long ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest

from framescope.ui.panels.timing.chart import Marks, Series, TimingChart
from framescope.ui.panels.timing.columns import scale_for
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def chart(qtbot: QtBot, theme: ThemeSource) -> TimingChart:
    widget = TimingChart("chart", "Chart", theme)
    return on_screen(qtbot, widget, 400, 132)


def fill(chart: TimingChart, values: NDArray[np.float64]) -> None:
    chart.set_content([Series(values, "accent")], [Marks(np.array([0]), "mark")], scale_for(values), 40.0)


def test_without_values_no_place_means_a_frame(chart: TimingChart) -> None:
    assert chart.frame_at(100) is None


def test_every_frame_of_a_short_video_can_be_reached(chart: TimingChart) -> None:
    fill(chart, np.array([np.nan, 40, 40, 90, 40]))
    assert {chart.frame_at(x) for x in range(chart.width())} == {0, 1, 2, 3, 4}


def test_a_click_goes_to_the_oddest_frame_nearby(qtbot: QtBot, chart: TimingChart) -> None:
    values = np.full(500_000, 40.0)
    values[250_123] = 0
    fill(chart, values)
    x = next(x for x in range(chart.width()) if chart.frame_at(x) == 250_123)
    with qtbot.waitSignal(chart.frame_clicked) as clicked:
        QTest.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x + 2, 50))
    assert clicked.args == [250_123]


def test_fewer_lines_leave_none_behind(chart: TimingChart) -> None:
    values = np.array([0.0, 1, 2])
    both = [Series(values, "accent"), Series(-values, "keyframe")]
    chart.set_content(both, [], scale_for(values, -values), 0.0)
    fill(chart, values)
    lines = [item for item in chart.getPlotItem().curves if isinstance(item, pg.PlotCurveItem)]
    shown = [line for line in lines if line.isVisible()]
    assert len(shown) == 1


def takes(chart: TimingChart, keys: Qt.KeyboardModifier) -> bool:
    """Turn the wheel in the middle of the chart; whether the chart wanted it."""
    box = chart.getViewBox().sceneBoundingRect()
    event = QWheelEvent(
        box.center(), QPointF(chart.mapToGlobal(box.center().toPoint())), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False,  # noqa: FBT003 - Qt's signature
    )  # fmt: skip
    chart.wheelEvent(event)
    return event.isAccepted()


def test_the_wheel_zooms_with_ctrl_and_is_the_panel_s_without(chart: TimingChart) -> None:
    asked: list[tuple[float, float]] = []
    chart.range_wanted.connect(lambda first, last: asked.append((first, last)))
    fill(chart, np.full(10_000, 40.0))
    assert not takes(chart, Qt.KeyboardModifier.NoModifier)
    assert takes(chart, Qt.KeyboardModifier.ControlModifier)
    ((first, last),) = asked
    assert last - first == pytest.approx(8000)
    assert (first + last) / 2 == pytest.approx(5000, abs=50)


def test_part_of_the_video_fills_the_chart(chart: TimingChart) -> None:
    fill(chart, np.full(10_000, 40.0))
    chart.set_frames(100, 110)
    assert {chart.frame_at(x) for x in range(70, chart.width() - 5)} == set(range(100, 110))
    # The timeline may show more than is listed so far.
    seen = []
    for first, last in ((9_990, 20_000), (30_000, 40_000)):
        chart.set_frames(first, last)
        seen.append(chart.frames)
    assert seen == [(9_990, 10_000), (9_999, 10_000)]


@pytest.mark.parametrize("last", [2, 5, 8])
def test_no_tick_stands_between_frames(chart: TimingChart, last: int) -> None:
    fill(chart, np.full(10_000, 40.0))
    chart.set_frames(0, last)
    axis = chart.getPlotItem().getAxis("bottom")
    ticks = [value for _, values in axis.tickValues(-0.5, last - 0.5, axis.width()) for value in values]
    assert ticks
    assert all(float(value).is_integer() for value in ticks)
