"""The table of both ways to read the chosen frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel

from framescope.core.sampling.read_cost import estimate_reading
from framescope.ui.export.frames.words import ReadingTable
from tests.core.sampling.indexes import make_index

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

INDEX = make_index(range(100))


@pytest.fixture
def table(qtbot: QtBot) -> ReadingTable:
    widget = ReadingTable()
    qtbot.addWidget(widget)
    return widget


def shown(table: ReadingTable) -> list[tuple[str, str]]:
    """Text and role of every label that is not hidden."""
    labels = [label for label in table.findChildren(QLabel) if label.isVisibleTo(table)]
    return [(label.text(), label.property("role")) for label in labels]


def test_without_frames_there_is_nothing_to_say(table: ReadingTable) -> None:
    assert table.isHidden()
    assert table.text == ""


def test_the_way_that_is_taken_stands_out(table: ReadingTable) -> None:
    table.show_estimate(estimate_reading(INDEX, [0, 90], frames_per_s=20.0))
    assert shown(table) == [
        ("Read through", "muted"),
        ("91 frames", "muted"),
        ("9.10 kB", "muted"),
        ("4.8 s", "muted"),
        ("✓ Seek", ""),
        ("2 frames", ""),
        ("200 B", ""),
        ("0.5 s", ""),
    ]
    assert table.text.startswith("Read by seeking: decodes 2 frames, 2 seeks")


def test_one_way_stands_alone(table: ReadingTable) -> None:
    table.show_estimate(estimate_reading(INDEX, [14]))
    assert [text for text, _ in shown(table)] == ["✓ Read through", "5 frames", "500 B", ""]
