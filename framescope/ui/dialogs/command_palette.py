"""Finds a command by a few typed letters, and runs it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from framescope.core.translation import tr
from framescope.ui.actions.catalog import ACTIONS
from framescope.ui.dialogs.help_overlay import native_key
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from framescope.ui.actions.action_set import ActionSet

_WORD = re.compile(r"\w+")
_LIST_HEIGHT = 300
_BY_KEYWORD = 5
_MOVING = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


def match_score(typed: str, text: str) -> int | None:
    """How well the input matches a command: lower is better, None if it does not match.

    A command matches if it starts with the input, if each typed word is a prefix of one of its words or
    occurs in it, or if the typed letters are prefixes of its words in order: ``nk`` and ``nextkey`` match
    *Next keyframe*. Letters scattered over the words do not match.
    """
    typed, text = typed.casefold().strip(), text.casefold()
    wanted, words = typed.split(), _WORD.findall(text)
    if text.startswith(typed):
        return 0
    if _are_in_order(wanted, words):
        return 1
    if all(any(word.startswith(each) for word in words) for each in wanted):
        return 2
    if _are_beginnings("".join(wanted), words):
        return 3
    # Two letters occur almost everywhere.
    return 4 if all(len(each) > 2 and each in text for each in wanted) else None


def _are_in_order(wanted: Sequence[str], words: Sequence[str]) -> bool:
    left = iter(words)
    return all(any(word.startswith(each) for word in left) for each in wanted)


def _are_beginnings(letters: str, words: Sequence[str]) -> bool:
    """Whether the letters are prefixes of some of the words, joined in order."""
    if not letters:
        return True
    return any(
        letters.startswith(word[:length]) and _are_beginnings(letters[length:], words[place + 1 :])
        for place, word in enumerate(words)
        for length in range(1, len(word) + 1)
        if letters[0] == word[0]
    )


class CommandPalette(QDialog):
    """A search field with matching commands; Enter runs the selected one. Unavailable ones come last."""

    def __init__(self, actions: ActionSet, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._commands = _commands_of(actions)
        self.setObjectName("commandPalette")
        self.setAccessibleName(tr("Find a command"))
        self.setFixedWidth(480)
        self._field = QLineEdit(self)
        self._field.setObjectName("paletteField")
        self._field.setPlaceholderText(tr("Find a command"))
        self._field.setAccessibleName(tr("Find a command"))
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
        self._list.setAccessibleName(tr("Commands"))
        self._list.setMinimumHeight(_LIST_HEIGHT)
        self._list.itemActivated.connect(self._on_item_activated)
        self._list.itemClicked.connect(self._on_item_activated)
        self._nothing = QLabel(self)
        self._nothing.setObjectName("paletteNothing")
        self._nothing.setTextFormat(Qt.TextFormat.PlainText)
        self._nothing.setWordWrap(True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setMinimumHeight(_LIST_HEIGHT)
        self._nothing.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        column.addWidget(self._field)
        column.addWidget(self._list)
        column.addWidget(self._nothing)
        # A popup receives all keys, and forwards them only to a focused widget.
        self._field.setFocus()
        self._on_text_changed("")

    def texts(self) -> tuple[str, ...]:
        """The commands listed, best first, with unavailable ones last."""
        items = (self._list.topLevelItem(row) for row in range(self._list.topLevelItemCount()))
        return tuple(item.text(0) for item in items if item is not None)

    @Slot(str)
    def _on_text_changed(self, typed: str) -> None:
        self._list.clear()
        scores = [_score(typed, command) for command in self._commands]
        found = [
            (bool(command.why_not), score, place)
            for place, (command, score) in enumerate(zip(self._commands, scores, strict=True))
            if score is not None
        ]
        for _, _, place in sorted(found):
            self._list.addTopLevelItem(_item_of(self._commands[place], place))
        self._list.setVisible(bool(found))
        self._nothing.setVisible(not found)
        self._nothing.setText(tr("No command matches “{typed}”.", typed=typed.strip()))
        first = self._list.topLevelItem(0)
        if first is not None and not first.isDisabled():
            self._list.setCurrentItem(first)

    @Slot(QTreeWidgetItem)
    def _on_item_activated(self, item: QTreeWidgetItem) -> None:
        if not item.isDisabled():
            self.accept()
            self._commands[item.data(0, Qt.ItemDataRole.UserRole)].run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """The field keeps the focus; navigation keys go to the list, Enter runs the command."""
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


@dataclass(frozen=True, slots=True)
class _Command:
    """A row of the palette: title, shortcut, why it is unavailable, function, keywords."""

    text: str
    key: str
    why_not: str
    run: Callable[[], object]
    keywords: str = ""


def _score(typed: str, command: _Command) -> int | None:
    score = match_score(typed, command.text)
    # A match of keywords ranks below all matches of titles.
    return _BY_KEYWORD if score is None and match_score(typed, command.keywords) is not None else score


def _commands_of(actions: ActionSet) -> list[_Command]:
    commands = []
    for spec in ACTIONS:
        keys = actions.key_map.keys_of(spec.action_id)
        key = native_key(keys[0]) if keys else ""
        run = actions[spec.action_id].trigger
        commands.append(_Command(spec.text, key, actions.why_not(spec), run, spec.keywords))
    return commands + [_Command(text, "", "", run) for text, run in actions.further_commands]


def _item_of(command: _Command, place: int) -> QTreeWidgetItem:
    item = QTreeWidgetItem([command.text, command.why_not or command.key])
    item.setData(0, Qt.ItemDataRole.UserRole, place)
    item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    item.setDisabled(bool(command.why_not))
    return item
