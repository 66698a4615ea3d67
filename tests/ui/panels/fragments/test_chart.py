"""The chart of a sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from framescope.ui.panels.fragments.split_page import SweepChart
from tests.ui.panels.fragments.parts import small_sweep

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


def test_marks_lie_by_bits_and_bytes(qtbot: QtBot, theme: ThemeSource) -> None:
    chart = SweepChart(theme)
    qtbot.addWidget(chart)
    chart.resize(320, 236)
    assert chart.places() == []
    chart.set_sweep(small_sweep())
    placed = chart.places()
    assert len(placed) == 5
    by_bytes = sorted(placed, key=lambda one: one[0].access_bytes)
    assert [spot.x() for _, spot in by_bytes] == sorted(spot.x() for _, spot in placed)
    by_bits = sorted(placed, key=lambda one: one[0].bits_per_frame)
    assert [spot.y() for _, spot in by_bits] == sorted((spot.y() for _, spot in placed), reverse=True)
    words = chart.words_at(placed[3][1])
    assert words.startswith("2 × 2 tiles × 10 frames: 0.2 kbit per frame (+20%)")
    assert chart.words_at(QPointF(-50, -50)) == ""
    assert not chart.grab().isNull()
    assert "one stream" in chart.accessibleDescription().lower()
