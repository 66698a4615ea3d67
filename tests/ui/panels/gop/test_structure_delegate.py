"""Picture types painted as letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QTableView

from framescope.ui.panels.gop.panel import StructureDelegate

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.mark.parametrize("width", [40, 120])
def test_letters_are_drawn_in_their_colours(width: int, qtbot: QtBot, theme: ThemeSource) -> None:
    pictures: list[QImage] = []
    for structure in ("IBBP", "PPPP", "?" * 300, ""):
        model = QStandardItemModel(1, 1)
        model.setItem(0, 0, QStandardItem(structure))
        view = QTableView()
        qtbot.addWidget(view)
        view.setModel(model)
        view.setItemDelegate(StructureDelegate(theme, view))
        view.setColumnWidth(0, width)
        view.resize(200, 80)
        pictures.append(view.grab().toImage())
    assert all(picture != pictures[-1] for picture in pictures[:-1])
    assert pictures[0] != pictures[1]
