"""Form fields, labels and buttons, named for tests and screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QLineEdit, QPushButton, QSpinBox

from framescope.ui.widgets.theme import SPACE, set_role, set_style_property

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QAbstractSpinBox, QWidget

LABEL_WIDTH = 84
"""Width of the labels before fields, the same in all sections so that the fields line up."""


def set_invalid(field: QLineEdit, *, invalid: bool) -> None:
    """Outline a field whose text is not valid."""
    set_style_property(field, "invalid", invalid)


def inset_text(spin: QAbstractSpinBox) -> None:
    """Indent the number: Qt ignores the stylesheet's left padding in a spin box with styled arrows."""
    spin.lineEdit().setTextMargins(SPACE // 2, 0, 0, 0)


def shrinkable(combo: QComboBox) -> QComboBox:
    """The same combo box, allowed to be narrower than its longest item, so that pages are not too wide."""
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(8)
    return combo


def label_for(text: str, parent: QWidget, field: QWidget | None = None) -> QLabel:
    """The label before a field; its Alt key, or a click on it, focuses the field."""
    label = QLabel(text, parent)
    label.setMinimumWidth(LABEL_WIDTH)
    set_role(label, "muted")
    if field is not None and text:
        label.setBuddy(field)
    return label


def plain_label(name: str, role: str, parent: QWidget) -> QLabel:
    """A label that wraps and never interprets file names as markup."""
    label = QLabel(parent)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    set_role(label, role)
    return label


def push_button(parent: QWidget, name: str, text: str, *, tip: str = "") -> QPushButton:
    """A button that Enter does not press unless it is made the default."""
    button = QPushButton(text, parent)
    button.setObjectName(name)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button


def check_box(parent: QWidget, name: str, text: str) -> QCheckBox:
    """A check box."""
    box = QCheckBox(text, parent)
    box.setObjectName(name)
    return box


def named_combo(
    parent: QWidget, name: str, accessible: str, words: Mapping[Any, str] | None = None
) -> QComboBox:
    """A combo box with the values of ``words``; the keys are stored as plain strings."""
    combo = QComboBox(parent)
    combo.setObjectName(name)
    combo.setAccessibleName(accessible)
    for choice, text in (words or {}).items():
        combo.addItem(text, str(choice))
    return combo


def named_line(parent: QWidget, name: str, accessible: str) -> QLineEdit:
    """A single-line text field."""
    line = QLineEdit(parent)
    line.setObjectName(name)
    line.setAccessibleName(accessible)
    return line


def named_spin(parent: QWidget, name: str, accessible: str, span: range, value: int) -> QSpinBox:
    """A spin box for ``span``, named for tests and screen readers; typed values count once typing ends."""
    spin = QSpinBox(parent)
    spin.setObjectName(name)
    spin.setAccessibleName(accessible)
    spin.setRange(span.start, span.stop - 1)
    spin.setValue(value)
    spin.setKeyboardTracking(False)
    inset_text(spin)
    return spin


def make_form(parent: QWidget) -> QFormLayout:
    """A form with labels aligned with the other forms of the dialog."""
    form = QFormLayout(parent)
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(SPACE)
    form.setVerticalSpacing(SPACE)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return form
