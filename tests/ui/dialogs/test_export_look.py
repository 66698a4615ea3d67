"""Roles and outlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QLineEdit, QSpinBox

from framescope.ui.dialogs.export_look import inset_text, set_invalid, set_role

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_a_role_colours_at_once(qtbot: QtBot) -> None:
    label = QLabel("a")
    qtbot.addWidget(label)
    label.setStyleSheet('QLabel { color: #010203 } QLabel[role="error"] { color: #ff0000 }')
    set_role(label, "error")
    assert label.palette().windowText().color().name() == "#ff0000"
    set_role(label, "")
    assert label.palette().windowText().color().name() == "#010203"


def test_a_field_is_marked_and_unmarked(qtbot: QtBot) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    set_invalid(field, invalid=True)
    assert field.property("invalid") is True
    set_invalid(field, invalid=False)
    assert field.property("invalid") is False


def test_numbers_keep_off_the_edge(qtbot: QtBot) -> None:
    spin = QSpinBox()
    qtbot.addWidget(spin)
    inset_text(spin)
    assert spin.lineEdit().textMargins().left() > 0
