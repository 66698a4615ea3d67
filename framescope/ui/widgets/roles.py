"""Fields, labels and buttons as forms have them, named so that tests and screen readers find them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QLineEdit, QPushButton, QSpinBox

from framescope.ui.widgets.theme import SPACE, set_role, set_style_property

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QAbstractSpinBox, QWidget

LABEL_WIDTH = 84
"""Width of the labels before the fields, shared by the sections so that the fields line up."""


def set_invalid(field: QLineEdit, *, invalid: bool) -> None:
    """Outline a field whose text cannot be used."""
    set_style_property(field, "invalid", invalid)


def inset_text(spin: QAbstractSpinBox) -> None:
    """Keep a number off its field's edge: the stylesheet's padding does not reach it beside the arrows."""
    spin.lineEdit().setTextMargins(SPACE // 2, 0, 0, 0)


def shrinkable(combo: QComboBox) -> QComboBox:
    """The same field, made narrower than its longest choice, so that no page is wider than its place."""
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(8)
    return combo


def label_for(text: str, parent: QWidget, field: QWidget | None = None) -> QLabel:
    """The label before a field; Alt and its letter, or a click on it, lead there."""
    label = QLabel(text, parent)
    label.setMinimumWidth(LABEL_WIDTH)
    set_role(label, "muted")
    if field is not None and text:
        label.setBuddy(field)
    return label


def plain_label(name: str, role: str, parent: QWidget) -> QLabel:
    """A label that wraps and never reads file names as markup."""
    label = QLabel(parent)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    set_role(label, role)
    return label


def push_button(parent: QWidget, name: str, text: str, *, tip: str = "") -> QPushButton:
    """A button that is not what Enter presses unless it is made the default."""
    button = QPushButton(text, parent)
    button.setObjectName(name)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button


def check_box(parent: QWidget, name: str, text: str) -> QCheckBox:
    """A box to tick."""
    box = QCheckBox(text, parent)
    box.setObjectName(name)
    return box


def named_combo(
    parent: QWidget, name: str, accessible: str, words: Mapping[Any, str] | None = None
) -> QComboBox:
    """A list to choose from: the values of ``words``, whose keys are kept as plain strings."""
    combo = QComboBox(parent)
    combo.setObjectName(name)
    combo.setAccessibleName(accessible)
    for choice, text in (words or {}).items():
        combo.addItem(text, str(choice))
    return combo


def named_line(parent: QWidget, name: str, accessible: str) -> QLineEdit:
    """A line of text."""
    line = QLineEdit(parent)
    line.setObjectName(name)
    line.setAccessibleName(accessible)
    return line


def named_spin(parent: QWidget, name: str, accessible: str, span: range, value: int) -> QSpinBox:
    """A whole number within ``span`` that tests and screen readers find; it tells of typed ones when done."""
    spin = QSpinBox(parent)
    spin.setObjectName(name)
    spin.setAccessibleName(accessible)
    spin.setRange(span.start, span.stop - 1)
    spin.setValue(value)
    spin.setKeyboardTracking(False)
    inset_text(spin)
    return spin


def make_form(parent: QWidget) -> QFormLayout:
    """A column of labels and a column of fields, lined up with those of the dialog's other forms."""
    form = QFormLayout(parent)
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(SPACE)
    form.setVerticalSpacing(SPACE)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return form
