"""Rows that lead to frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from framescope.ui.panels.timing.page import ErrorRow, OddityRow
from framescope.ui.panels.timing.words import ErrorWords
from framescope.ui.widgets.icons import IconSource

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


def test_an_oddity_leads_on_from_where_we_are(qtbot: QtBot, theme: ThemeSource) -> None:
    row = OddityRow("gaps", "Gaps", "", "warning", theme, IconSource(theme))
    qtbot.addWidget(row)
    asked: list[int] = []
    row.frame_wanted.connect(asked.append)
    row.set_numbers(np.array([4, 900]))
    row.set_position(4)
    for word in ("Next", "Previous"):
        button = row.findChild(QToolButton, f"oddity{word}.gaps")
        assert button is not None
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == [900, 900]
    assert (row.text, row.accessibleName()) == ("2", "Gaps: 2")


def test_what_is_not_there_takes_no_room(qtbot: QtBot, theme: ThemeSource) -> None:
    row = OddityRow("gaps", "Gaps", "", "warning", theme, IconSource(theme))
    qtbot.addWidget(row)
    row.set_numbers(np.empty(0, np.int64))
    assert row.isHidden()


def test_an_error_leads_to_its_maximum(qtbot: QtBot, theme: ThemeSource) -> None:
    row = ErrorRow("nominal", "n / fps", "accent", theme, IconSource(theme))
    qtbot.addWidget(row)
    row.set_words(ErrorWords("Up to +40 ms.", 1234, "warning"))
    button = row.findChild(QToolButton, "errorGo.nominal")
    assert button is not None
    with qtbot.waitSignal(row.frame_wanted) as asked:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked.args == [1234]
    row.set_words(ErrorWords("Correct for every frame.", None, "success"))
    assert button.isHidden()
    assert row.accessibleName() == "n / fps: Correct for every frame."
