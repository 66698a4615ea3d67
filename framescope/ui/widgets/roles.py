"""Style roles of widgets, applied immediately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QSpinBox

from framescope.ui.widgets.theme import SPACE, set_role, set_style_property

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QWidget

LABEL_WIDTH = 84
"""Width of the labels before the fields, shared by the sections so that the fields line up."""


def set_invalid(field: QLineEdit, *, invalid: bool) -> None:
    """Outline a field whose text cannot be used."""
    set_style_property(field, "invalid", invalid)


def inset_text(spin: QAbstractSpinBox) -> None:
    """Keep a number off its field's edge: the stylesheet's padding does not reach it beside the arrows."""
    spin.lineEdit().setTextMargins(SPACE // 2, 0, 0, 0)


def shrinkable(combo: QComboBox) -> None:
    """Let a field be narrower than its longest choice, so that no page is wider than its place."""
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(8)


def label_for(text: str, parent: QWidget, field: QWidget | None = None) -> QLabel:
    """The label before a field; Alt and its letter, or a click on it, lead there."""
    label = QLabel(text, parent)
    label.setMinimumWidth(LABEL_WIDTH)
    set_role(label, "muted")
    if field is not None and text:
        label.setBuddy(field)
    return label


def named_combo(parent: QWidget, name: str, accessible: str) -> QComboBox:
    """A list to choose from that tests and screen readers find."""
    combo = QComboBox(parent)
    combo.setObjectName(name)
    combo.setAccessibleName(accessible)
    return combo


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
