"""The table of the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableView

from framescope.core.recipe.run import VideoState
from framescope.ui.queue.runner import QueueRunner
from framescope.ui.queue.table import DONE, HEADS, QueueDelegate, QueueModel, state_color
from framescope.ui.widgets.theme import contrast_ratio

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource


def test_a_row_a_video(controller: Controller) -> None:
    runner = QueueRunner(controller, "queueDialog")
    model = QueueModel(runner)
    runner.add(["/videos/a.mp4", "/videos/b.mp4"])
    assert (model.rowCount(), model.columnCount()) == (2, len(HEADS))
    assert [model.data(model.index(0, column)) for column in range(3)] == ["a.mp4", "Waiting", "0 %"]
    assert model.data(model.index(1, 0), Qt.ItemDataRole.ToolTipRole) == "/videos/b.mp4"
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Video"
    runner.remove([0])
    assert model.rowCount() == 1


def test_changes_reach_the_view(qtbot: QtBot, controller: Controller) -> None:
    runner = QueueRunner(controller, "queueDialog")
    model = QueueModel(runner)
    runner.add(["a.mp4"])
    with qtbot.waitSignal(model.dataChanged):
        runner.item_changed.emit(0)


def test_the_bar_is_drawn(qtbot: QtBot, controller: Controller, theme: ThemeSource) -> None:
    runner = QueueRunner(controller, "queueDialog")
    view = QTableView()
    qtbot.addWidget(view)
    view.setModel(QueueModel(runner, view))
    view.setItemDelegate(QueueDelegate(theme, view))
    runner.add(["a.mp4"])
    view.resize(500, 100)
    image = view.viewport().grab().toImage()
    area = view.visualRect(view.model().index(0, DONE))
    middle = image.pixelColor(area.center())
    assert middle == theme.tokens.border_strong


@pytest.mark.parametrize("state", list(VideoState))
def test_states_can_be_read(theme: ThemeSource, state: VideoState) -> None:
    assert contrast_ratio(state_color(theme.tokens, state), theme.tokens.surface) >= 4.5


def test_damage_is_coloured_as_a_warning(theme: ThemeSource) -> None:
    assert state_color(theme.tokens, VideoState.DONE, has_damage=True) == theme.tokens.warning
    assert state_color(theme.tokens, VideoState.FAILED, has_damage=True) == theme.tokens.error
