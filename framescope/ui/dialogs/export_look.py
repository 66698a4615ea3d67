"""Roles that the stylesheet colours widgets by, set so that they hold at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.ui.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractSpinBox, QLabel, QLineEdit, QWidget


def set_role(label: QLabel, role: str) -> None:
    """Colour a label by its role: ``muted``, ``error``, ``warning``, ``success``, ``heading``, or none."""
    _set(label, "role", role)


def set_invalid(field: QLineEdit, *, invalid: bool) -> None:
    """Outline a field whose text cannot be used."""
    _set(field, "invalid", invalid)


def inset_text(spin: QAbstractSpinBox) -> None:
    """Keep a number off its field's edge: the stylesheet's padding does not reach it beside the arrows."""
    spin.lineEdit().setTextMargins(SPACE // 2, 0, 0, 0)


def _set(widget: QWidget, name: str, value: object) -> None:
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
