"""Choices in a menu that change with the video and the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtWidgets import QMenu

_NAME = "choices"


class MenuChoice(NamedTuple):
    """An entry of a menu.

    Attributes:
        value: What is chosen with it.
        text: What it says; an ampersand is one.
        is_checked: Whether it is the current choice; None where none is.
        tip: Its tooltip.
        is_enabled: Whether it can be chosen.
    """

    value: object
    text: str
    is_checked: bool | None = None
    tip: str = ""
    is_enabled: bool = True


def show_choices(
    menu: QMenu,
    choices: Iterable[MenuChoice],
    choose: Callable[..., object],
    *,
    before: QAction | None = None,
    is_numbered: bool = False,
) -> None:
    """Show these choices instead of those that were shown in the menu before. Threads: GUI.

    Args:
        menu: The menu; its other entries stay as they are.
        choices: What can be chosen.
        choose: Called with the value of the one that the user chooses.
        before: The entry of the menu that follows them; None for the end.
        is_numbered: Whether the first nine can be chosen by their number.
    """
    shown = menu.findChild(QActionGroup, _NAME, Qt.FindChildOption.FindDirectChildrenOnly)
    if shown is not None:
        shown.setObjectName("")
        for action in shown.actions():
            menu.removeAction(action)
        # One of them may be the one whose click leads here.
        shown.deleteLater()
    group = QActionGroup(menu)
    group.setObjectName(_NAME)
    for number, choice in enumerate(choices, 1):
        mnemonic = f"&{number}  " if is_numbered and number < 10 else ""
        action = QAction(mnemonic + choice.text.replace("&", "&&"), group)
        action.setData(choice.value)
        action.setEnabled(choice.is_enabled)
        action.setCheckable(choice.is_checked is not None)
        action.setChecked(bool(choice.is_checked))
        if choice.tip:
            action.setToolTip(choice.tip)
    menu.insertActions(before, group.actions())  # type: ignore[arg-type]
    group.triggered.connect(lambda action: choose(action.data()))
