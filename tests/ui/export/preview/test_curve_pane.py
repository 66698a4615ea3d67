"""The curve with its key and what is read off it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from framescope.core.export.quality.trial import LevelKind, Trial
from framescope.ui.export.preview.curve_pane import CurvePane
from tests.ui.parts import on_screen, part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def pane(qtbot: QtBot, theme: ThemeSource) -> CurvePane:
    widget = CurvePane(theme)
    on_screen(qtbot, widget, 600, 220)
    qtbot.waitExposed(widget)
    return widget


def readout(pane: CurvePane) -> str:
    return part(pane, QLabel, "exportCurveReadout").text()


def test_the_present_setting_is_read_out(pane: CurvePane) -> None:
    pane.set_level(95)
    assert readout(pane) == "Quality 95"
    pane.add_point(Trial(90, 10_000, 40.0, math.nan, 0.01))
    pane.add_point(Trial(100, 20_000, 44.0, math.nan, 0.01))
    assert readout(pane) == "Quality 95: about 15.0 kB, 42.0 dB"
    pane.add_point(Trial(95, 12_300, 41.25, math.nan, 0.01))
    assert readout(pane) == "Quality 95: 12.3 kB, 41.2 dB"


def test_the_pointer_reads_another_level_and_a_click_chooses_it(qtbot: QtBot, pane: CurvePane) -> None:
    for level in (0, 50, 100):
        pane.add_point(Trial(level, 1000 * (level + 1), 30.0, math.nan, 0.01))
    pane.set_level(100)
    x = next(x for x in range(pane.chart.width()) if pane.chart.level_at(x) == 50)
    QTest.mouseMove(pane.chart.viewport(), QPoint(x, 50))
    qtbot.waitUntil(lambda: readout(pane) == "Quality 50: 51.0 kB, 30.0 dB", timeout=20_000)
    with qtbot.waitSignal(pane.level_chosen) as chosen:
        QTest.mouseClick(
            pane.chart.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(x, 50)
        )
    assert chosen.args == [50]


def test_a_lossless_format_has_no_search_and_tells_time(pane: CurvePane) -> None:
    pane.begin(LevelKind.COMPRESSION)
    pane.set_level(3)
    pane.add_point(Trial(3, 5000, math.inf, math.nan, 0.0123))
    assert readout(pane) == "Compression 3: 5.00 kB, 12.3 ms"
    assert "time to encode" in part(pane, QLabel, "exportCurveKey").text()
    assert pane.target.isHidden()


def test_without_a_level_there_is_nothing_to_draw(pane: CurvePane) -> None:
    pane.begin(None)
    assert pane.chart.isHidden()
    assert pane.target.isHidden()
    pane.begin(LevelKind.QUALITY)
    assert not pane.chart.isHidden()
    assert not pane.target.isHidden()
