"""Roles and outlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QSpinBox, QWidget

from framescope.ui.widgets.roles import (
    LABEL_WIDTH,
    inset_text,
    label_for,
    make_form,
    named_combo,
    named_spin,
    set_invalid,
    shrinkable,
)
from framescope.ui.widgets.theme import set_role

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


def test_a_field_may_be_narrower_than_its_choices(qtbot: QtBot) -> None:
    combo = QComboBox()
    qtbot.addWidget(combo)
    combo.addItem("a choice of a great many words, more than there is room for")
    wide = combo.sizeHint().width()
    shrinkable(combo)
    assert combo.sizeHint().width() < wide


def test_a_label_leads_to_its_field(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    form = make_form(page)
    field = QLineEdit(page)
    label = label_for("Name", page, field)
    form.addRow(label, field)
    assert label.buddy() is field
    assert label.minimumWidth() == LABEL_WIDTH
    assert label_for("", page, field).buddy() is None


def test_numbers_keep_off_the_edge(qtbot: QtBot) -> None:
    spin = QSpinBox()
    qtbot.addWidget(spin)
    inset_text(spin)
    assert spin.lineEdit().textMargins().left() > 0


def test_fields_are_found_by_name_and_hold_to_their_span(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    spin = named_spin(parent, "count", "Frames", range(1, 10), 5)
    assert parent.findChild(QSpinBox, "count") is spin
    assert (spin.minimum(), spin.maximum(), spin.value(), spin.accessibleName()) == (1, 9, 5, "Frames")
    combo = named_combo(parent, "codec", "Codec")
    assert parent.findChild(QComboBox, "codec") is combo
    assert combo.accessibleName() == "Codec"
