"""Charts are made in slices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.ui.timeline.content_layer import FRAMES_A_SLICE, ChartBuilder
from tests.ui.timeline.live_session import make_index

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_a_short_index_is_charted_at_once(qtbot: QtBot) -> None:
    builder = ChartBuilder()
    index = make_index(1000)
    with qtbot.waitSignal(builder.chart_changed):
        builder.set_index(index)
    assert builder.chart is not None
    assert builder.chart.index is index


def test_a_long_index_takes_several_turns_and_the_old_chart_stays_meanwhile(qtbot: QtBot) -> None:
    builder = ChartBuilder()
    short, long = make_index(1000), make_index(3 * FRAMES_A_SLICE)
    builder.set_index(short)
    with qtbot.waitSignal(builder.chart_changed):
        builder.set_index(long)
        assert builder.chart is not None
        assert builder.chart.index is short
    assert builder.chart.index is long


def test_a_newer_index_overtakes(qtbot: QtBot) -> None:
    builder = ChartBuilder()
    builder.set_index(make_index(3 * FRAMES_A_SLICE))
    newest = make_index(500)
    with qtbot.waitSignal(builder.chart_changed):
        builder.set_index(newest)
    assert builder.chart is not None
    assert builder.chart.index is newest
    with qtbot.assertNotEmitted(builder.chart_changed, wait=20):
        pass


def test_nothing_is_charted_when_nothing_is_open(qtbot: QtBot) -> None:
    builder = ChartBuilder()
    builder.set_index(make_index(100))
    with qtbot.waitSignal(builder.chart_changed):
        builder.set_index(None)
    assert builder.chart is None
