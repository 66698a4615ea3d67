"""Asking for the smallest quality that keeps a similarity."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QPushButton

from framescope.core.export.quality.search import Metric, Search, Target
from framescope.core.export.quality.trial import Trial
from framescope.ui.export.preview.curve_pane import TargetRow, search_words
from tests.ui.parts import on_screen, part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

FORTY = Target(Metric.PSNR, 40.0)


def trial(level: int, decibels: float, ssim: float = math.nan) -> Trial:
    return Trial(level, 1000, decibels, ssim, 0.01)


@pytest.fixture
def row(qtbot: QtBot) -> TargetRow:
    widget = TargetRow()
    return on_screen(qtbot, widget, 700, 40)


def test_a_click_asks_for_what_is_shown(qtbot: QtBot, row: TargetRow) -> None:
    spin = part(row, QDoubleSpinBox, "exportTargetPsnr")
    spin.setValue(42.5)
    with qtbot.waitSignal(row.wanted) as wanted:
        QTest.mouseClick(part(row, QPushButton, "exportTargetFind"), Qt.MouseButton.LeftButton)
    assert wanted.args == [Target(Metric.PSNR, 42.5)]
    with qtbot.waitSignal(row.wanted):
        QTest.keyClick(spin, Qt.Key.Key_Return)


def test_each_measure_has_its_own_field(row: TargetRow) -> None:
    metric = part(row, QComboBox, "exportTargetMetric")
    metric.setCurrentIndex(1)
    assert part(row, QDoubleSpinBox, "exportTargetPsnr").isHidden()
    assert not part(row, QDoubleSpinBox, "exportTargetSsim").isHidden()
    assert row.target == Target(Metric.SSIM, 0.98)
    row.choose(FORTY)
    assert row.target == FORTY


def test_a_search_under_way_can_be_stopped(qtbot: QtBot, row: TargetRow) -> None:
    button = part(row, QPushButton, "exportTargetFind")
    row.show_searching("Quality 50")
    assert button.text() == "Stop"
    with qtbot.waitSignal(row.stopped), qtbot.assertNotEmitted(row.wanted, wait=0):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    row.show_nothing()
    assert button.text() == "Find"
    row.show_problem("too large")
    assert part(row, QLabel, "exportTargetFound").text() == "too large"


def test_what_was_found_is_said_with_what_is_just_below(row: TargetRow) -> None:
    search = Search(FORTY, trial(71, 40.0719), trial(100, 50), None, (trial(70, 39.9999), trial(71, 40.0719)))
    row.show_search(search)
    said = part(row, QLabel, "exportTargetFound")
    assert said.text() == "Quality 71 keeps 40.07 dB; 70 only 39.99 dB."
    assert said.property("role") == "success"


def test_out_of_reach_is_said_with_what_would_help() -> None:
    text, role = search_words(Search(FORTY, None, trial(100, 38.2), trial(100, 44.0), ()))
    assert text == "Not reachable: quality 100 gives 38.20 dB, with 4:4:4 44.00 dB."
    assert role == "warning"
    text, _ = search_words(Search(FORTY, None, trial(100, 38.2), None, ()))
    assert text == "Not reachable: quality 100 gives 38.20 dB."
    text, _ = search_words(Search(Target(Metric.SSIM, 0.9), None, trial(100, 38.2), None, ()))
    assert text == "The picture is too small for SSIM."


def test_ssim_is_said_as_ssim() -> None:
    found = trial(30, 33.0, 0.98129)
    text, _ = search_words(Search(Target(Metric.SSIM, 0.98), found, found, None, (found,)))
    assert text == "Quality 30 keeps 0.9812."
