"""The label that gives way: text left out in the middle, and never a wider window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from framescope.ui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

_LONG = "A sentence that is far too long for the little room that this window has to give to it."


def test_long_text_is_cut_in_the_middle_and_told_in_the_tooltip(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    label = ElidedLabel(window)
    row = QHBoxLayout(window)
    row.addWidget(label)
    window.resize(160, 40)
    window.show()
    label.set_whole_text(_LONG)
    qtbot.waitUntil(lambda: "…" in label.text())
    assert label.toolTip() == label.whole_text == _LONG
    assert window.minimumSizeHint().width() < 160
    window.resize(1200, 40)
    qtbot.waitUntil(lambda: label.text() == _LONG)
    assert label.toolTip() == ""


def test_wish_for_room_has_a_limit(qtbot: QtBot) -> None:
    label = ElidedLabel(most_width=100)
    qtbot.addWidget(label)
    label.set_whole_text(_LONG)
    assert label.sizeHint().width() == 100
