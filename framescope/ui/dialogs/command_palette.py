"""Finds a command by typing a few of its letters, and runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from framescope.ui.actions.catalog import ACTIONS
from framescope.ui.dialogs.help_overlay import native_key
from framescope.ui.theme import SPACE

if TYPE_CHECKING:
    from framescope.ui.actions.action_set import ActionSet

_MOVING = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


def match_score(typed: str, text: str) -> int | None:
    """How well letters typed fit a text: lower is better, None when they are not in it in this order."""
    typed, text = typed.casefold().replace(" ", ""), text.casefold()
    place, score = -1, 0
    for letter in typed:
        found = text.find(letter, place + 1)
        if found < 0:
            return None
        starts_word = found == 0 or not text[found - 1].isalnum()
        score += 0 if found == place + 1 or starts_word else found - place
        place = found
    return score


class CommandPalette(QDialog):
    """A field and what fits it; Enter runs the chosen one."""

    def __init__(self, actions: ActionSet, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._actions = actions
        self.setObjectName("commandPalette")
        self.setAccessibleName("Find a command")
        self.setFixedWidth(480)
        self._field = QLineEdit(self)
        self._field.setObjectName("paletteField")
        self._field.setPlaceholderText("Find a command")
        self._field.setAccessibleName("Find a command")
        self._field.textChanged.connect(self._on_text_changed)
        self._field.installEventFilter(self)
        self._list = QTreeWidget(self)
        self._list.setColumnCount(2)
        self._list.setHeaderHidden(True)
        self._list.setRootIsDecorated(False)
        self._list.header().setStretchLastSection(False)
        self._list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._list.setObjectName("paletteList")
        self._list.setAccessibleName("Commands")
        self._list.setMinimumHeight(300)
        self._list.itemActivated.connect(self._on_item_activated)
        self._list.itemClicked.connect(self._on_item_activated)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        column.addWidget(self._field)
        column.addWidget(self._list)
        # A popup gets the keys whatever is active, and hands them on only to a widget that has the focus.
        self._field.setFocus()
        self._on_text_changed("")

    def texts(self) -> tuple[str, ...]:
        """What is listed now, best first."""
        items = (self._list.topLevelItem(row) for row in range(self._list.topLevelItemCount()))
        return tuple(item.text(0) for item in items if item is not None)

    @Slot(str)
    def _on_text_changed(self, typed: str) -> None:
        self._list.clear()
        found = []
        for place, spec in enumerate(ACTIONS):
            score = match_score(typed, spec.text)
            if score is not None and self._actions[spec.action_id].isEnabled():
                found.append((score, place, spec))
        for _, _, spec in sorted(found, key=lambda entry: entry[:2]):
            keys = self._actions.key_map.keys_of(spec.action_id)
            item = QTreeWidgetItem([spec.text, native_key(keys[0]) if keys else ""])
            item.setData(0, Qt.ItemDataRole.UserRole, spec.action_id)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._list.addTopLevelItem(item)
        first = self._list.topLevelItem(0)
        if first is not None:
            self._list.setCurrentItem(first)

    @Slot(QTreeWidgetItem)
    def _on_item_activated(self, item: QTreeWidgetItem) -> None:
        self.accept()
        self._actions[item.data(0, Qt.ItemDataRole.UserRole)].trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """The field keeps the keyboard; moving keys go to the list, Enter runs."""
        if watched is self._field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in _MOVING:
                self._list.event(event)
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                item = self._list.currentItem()
                if item is not None:
                    self._on_item_activated(item)
                return True
        return super().eventFilter(watched, event)
