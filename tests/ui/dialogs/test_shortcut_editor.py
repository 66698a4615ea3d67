"""The shortcut editor: presets, new keys, and keys that are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QKeySequenceEdit, QLineEdit, QPushButton, QTreeWidget

from framescope.ui.actions.key_map import KeyMap
from framescope.ui.actions.presets import Preset
from framescope.ui.dialogs.shortcut_editor import ShortcutEditor

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def editor(qtbot: QtBot) -> ShortcutEditor:
    dialog = ShortcutEditor(KeyMap())
    qtbot.addWidget(dialog)
    return dialog


def press(editor: ShortcutEditor, key: str) -> None:
    field = editor.findChild(QKeySequenceEdit)
    assert isinstance(field, QKeySequenceEdit)
    field.setKeySequence(QKeySequence(key))


def click(editor: ShortcutEditor, text: str) -> None:
    buttons = [button for button in editor.findChildren(QPushButton) if button.text() == text]
    assert len(buttons) == 1
    QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)


def test_key_that_is_taken_is_said_before_it_is_set(editor: ShortcutEditor) -> None:
    editor.choose("mark.toggle")
    press(editor, "G")
    assert "Go to frame, time or pts" in editor.warning
    click(editor, "Set")
    assert editor.key_map.keys_of("mark.toggle") == ("G",)
    assert editor.key_map.keys_of("go.to") == ()
    assert editor.key_map.conflicts() == {}


def test_key_can_be_added_removed_and_restored(editor: ShortcutEditor) -> None:
    editor.choose("mark.toggle")
    press(editor, "X")
    assert editor.warning == ""
    click(editor, "Add")
    assert editor.key_map.keys_of("mark.toggle") == ("M", "X")
    click(editor, "Remove")
    assert editor.key_map.keys_of("mark.toggle") == ()
    click(editor, "Restore")
    assert editor.key_map.keys_of("mark.toggle") == ("M",)


def test_preset_is_taken_over(editor: ShortcutEditor) -> None:
    box = editor.findChild(QComboBox, "shortcutPreset")
    assert isinstance(box, QComboBox)
    box.setCurrentText("Avidemux")
    assert editor.key_map.preset is Preset.AVIDEMUX
    assert editor.key_map.keys_of("go.next_keyframe") == ("Up",)


def test_search_finds_actions_by_name_and_key(editor: ShortcutEditor) -> None:
    field = editor.findChild(QLineEdit, "shortcutSearch")
    tree = editor.findChild(QTreeWidget)
    assert isinstance(field, QLineEdit)
    assert isinstance(tree, QTreeWidget)
    field.setText("ctrl+shift+p")
    groups = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    items = [group.child(row) for group in groups if group is not None for row in range(group.childCount())]
    left = [item.text(0) for item in items if item is not None and not item.isHidden()]
    # The first is on Ctrl+Shift+PgDown.
    assert left == ["Next video without a label", "Find a command"]
