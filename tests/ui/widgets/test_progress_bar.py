"""A progress bar that is painted with the rest of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from framescope.ui.widgets.progress_bar import ProgressBar
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from pytestqt.qtbot import QtBot


class Neighbour(QWidget):
    """Counts how often it is painted."""

    paint_count = 0

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        self.paint_count += 1


def test_a_value_paints_nothing_at_once(qtbot: QtBot) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    bar, neighbour = ProgressBar("Progress", window), Neighbour(window)
    column.addWidget(bar)
    column.addWidget(neighbour, 1)
    on_screen(qtbot, window, 300, 200)
    qtbot.waitUntil(lambda: neighbour.paint_count > 0)
    before = neighbour.paint_count
    neighbour.update()
    for done in range(0, 101, 10):
        bar.show_share(done, 100)
    bar.show_busy()
    bar.show_share(3, 4)
    assert neighbour.paint_count == before
    assert bar.value() * 4 == bar.maximum() * 3
    qtbot.waitUntil(lambda: neighbour.paint_count > before)
