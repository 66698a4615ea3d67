"""The table of losses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QComboBox, QSpinBox

from framescope.core.synth.chroma_loss import measure_losses
from framescope.core.synth.pattern_pictures import Pattern, PatternPictures
from framescope.ui.panels.chroma.losses import LossTable

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

BARS = PatternPictures(Pattern.BARS, 1, size=(160, 120)).picture(0)


@pytest.fixture
def table(qtbot: QtBot) -> LossTable:
    made = LossTable()
    qtbot.addWidget(made)
    return made


def test_less_chroma_costs_more(table: LossTable) -> None:
    assert set(table.rows.values()) == {("–", "–", "–")}
    table.show_losses(None)
    assert set(table.rows.values()) == {("…", "…", "…")}
    table.show_losses(measure_losses(BARS, table.settings))
    figures = [float(row[0].split()[0]) for row in table.rows.values()]
    assert figures == sorted(figures, reverse=True)
    assert "conversion" in table.words


def test_a_codec_without_a_subsampling_leaves_its_row_empty(table: LossTable) -> None:
    combo = table.findChild(QComboBox, "chromaCodec")
    quality = table.findChild(QSpinBox, "chromaQuality")
    assert combo is not None
    assert quality is not None
    combo.setCurrentIndex(combo.findData("mpeg4"))
    table.show_losses(measure_losses(BARS, table.settings))
    assert table.rows["4:4:4"] == ("–", "–", "–")
    assert table.rows["4:2:0"][0].endswith("dB")
    combo.setCurrentIndex(combo.findData("ffv1"))
    assert not quality.isEnabled()
    table.show_losses(measure_losses(BARS, table.settings))
    assert {row[1] for row in table.rows.values()} == {"exact"}


def test_a_change_is_told_and_taken(table: LossTable, qtbot: QtBot) -> None:
    quality = table.findChild(QSpinBox, "chromaQuality")
    assert quality is not None
    with qtbot.waitSignal(table.changed):
        quality.setValue(20)
    assert table.settings.quality == 20


def test_the_part_that_was_measured_is_said(table: LossTable) -> None:
    table.show_losses(replace(measure_losses(BARS, table.settings), is_part=True))
    assert "middle" in table.words


def test_a_failure_is_said(table: LossTable) -> None:
    table.show_failure("no such encoder")
    assert table.words == "no such encoder"
    assert set(table.rows.values()) == {("–", "–", "–")}
