"""Finds parts of a dialog by their names, as screen readers and testers do."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QWidget

Part = TypeVar("Part", bound=QWidget)


def part(whole: QWidget, kind: type[Part], name: str) -> Part:
    """The part of this kind and name."""
    found = whole.findChild(kind, name)
    assert found is not None, f"there is no {name}"
    return found
