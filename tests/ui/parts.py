"""Shows widgets, and finds their parts by name, as screen readers and testers do."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

Part = TypeVar("Part", bound=QWidget)


def part(whole: QWidget, kind: type[Part], name: str) -> Part:
    """The part of this kind and name."""
    found = whole.findChild(kind, name)
    assert found is not None, f"there is no {name}"
    return found


def on_screen(qtbot: QtBot, widget: Part, width: int, height: int) -> Part:
    """The widget on screen, in this size."""
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget
