"""Edits keyboard shortcuts: a preset, and individual changes; conflicts are shown at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from framescope.core.translation import tr
from framescope.ui.actions.catalog import ACTIONS
from framescope.ui.actions.presets import Preset
from framescope.ui.actions.spec import Menu
from framescope.ui.dialogs.help_overlay import native_key
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.roles import named_combo
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from framescope.ui.actions.key_map import KeyMap

_TEXTS = {spec.action_id: spec.text.rstrip("…") for spec in ACTIONS}
_ID = Qt.ItemDataRole.UserRole


class ShortcutEditor(QDialog):
    """Edits a KeyMap; ``key_map`` is the result."""

    def __init__(self, key_map: KeyMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key_map = key_map
        self.setObjectName("shortcutEditor")
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.resize(620, 620)
        self._preset = named_combo(self, "shortcutPreset", tr("Preset"))
        self._preset.addItems([preset.value for preset in Preset])
        self._preset.setCurrentText(key_map.preset.value)
        self._search = QLineEdit(self)
        self._search.setObjectName("shortcutSearch")
        self._search.setPlaceholderText(tr("Search"))
        self._search.setAccessibleName(tr("Search actions and keys"))
        self._search.setClearButtonEnabled(True)
        self._tree = QTreeWidget(self)
        self._edit = QKeySequenceEdit(self)
        self._edit.setObjectName("shortcutKey")
        self._edit.setAccessibleName(tr("New key"))
        self._edit.setMaximumSequenceLength(1)
        self._assign = QPushButton(tr("Set"), self)
        self._add = QPushButton(tr("Add"), self)
        self._clear = QPushButton(tr("Remove"), self)
        self._restore = QPushButton(tr("Restore"), self)
        self._warning = QLabel(self)
        self._warning.setObjectName("shortcutConflict")
        self._warning.setProperty("role", "warning")
        self._lay_out()
        self._connect()
        self._fill()

    def _lay_out(self) -> None:
        self._tree.setObjectName("shortcutTree")
        self._tree.setAccessibleName(tr("Actions and their keys"))
        self._tree.setHeaderLabels([tr("Action"), tr("Keys")])
        self._tree.setRootIsDecorated(False)
        self._tree.setIndentation(12)
        self._tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._tree.header().setStretchLastSection(False)
        head = QHBoxLayout()
        head.addWidget(QLabel(tr("Preset")))
        head.addWidget(self._preset)
        head.addStretch()
        head.addWidget(self._search)
        row = QHBoxLayout()
        row.addWidget(QLabel(tr("Press a key")))
        row.addWidget(self._edit, 1)
        for button, tip in (
            (self._assign, tr("Make it the only shortcut of the selected action")),
            (self._add, tr("Add it to the shortcuts of the selected action")),
            (self._clear, tr("Remove all shortcuts of the selected action")),
            (self._restore, tr("Restore the preset's shortcuts for the selected action")),
        ):
            button.setToolTip(tip)
            button.setAutoDefault(False)
            row.addWidget(button)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addLayout(head)
        column.addWidget(self._tree, 1)
        column.addLayout(row)
        column.addWidget(self._warning)
        column.addWidget(buttons)

    def _connect(self) -> None:
        self._preset.currentTextChanged.connect(self._on_preset_changed)
        self._search.textChanged.connect(self._on_search_changed)
        self._tree.currentItemChanged.connect(self._on_choice_changed)
        self._edit.keySequenceChanged.connect(self._on_choice_changed)
        self._assign.clicked.connect(self._on_assign_clicked)
        self._add.clicked.connect(self._on_add_clicked)
        self._clear.clicked.connect(self._on_clear_clicked)
        self._restore.clicked.connect(self._on_restore_clicked)

    # --- user actions

    def choose(self, action_id: str) -> None:
        """Select an action in the list."""
        for item in self._items():
            if item.data(0, _ID) == action_id:
                self._tree.setCurrentItem(item)

    @property
    def warning(self) -> str:
        """The message about the pressed key; empty if it is unused."""
        return self._warning.text()

    @Slot(str)
    def _on_preset_changed(self, name: str) -> None:
        self.key_map = self.key_map.with_preset(Preset(name))
        self._fill()

    @Slot(str)
    def _on_search_changed(self, text: str) -> None:
        words = text.casefold().split()
        for item in self._items():
            searched = f"{item.text(0)} {item.text(1)}".casefold()
            item.setHidden(not all(word in searched for word in words))

    @Slot()
    def _on_choice_changed(self) -> None:
        action_id, key = self._chosen(), self._pressed()
        for button in (self._assign, self._add):
            button.setEnabled(action_id is not None and bool(key))
        for button in (self._clear, self._restore):
            button.setEnabled(action_id is not None)
        owner = self.key_map.action_of(key) if key else None
        if owner is None or owner == action_id:
            self._warning.clear()
        else:
            self._warning.setText(
                tr(
                    "{native_key} is assigned to “{texts}”, which would lose it.",
                    native_key=native_key(key),
                    texts=_TEXTS[owner],
                )
            )

    @Slot()
    def _on_assign_clicked(self) -> None:
        self._rebind((self._pressed(),))

    @Slot()
    def _on_add_clicked(self) -> None:
        action_id = self._chosen()
        if action_id is not None:
            self._rebind((*self.key_map.keys_of(action_id), self._pressed()))

    @Slot()
    def _on_clear_clicked(self) -> None:
        self._rebind(())

    @Slot()
    def _on_restore_clicked(self) -> None:
        action_id = self._chosen()
        if action_id is not None:
            self._rebind(self.key_map.preset_keys_of(action_id))

    def _rebind(self, keys: tuple[str, ...]) -> None:
        action_id = self._chosen()
        if action_id is None:
            return
        self.key_map = self.key_map.rebound(action_id, keys)
        self._edit.clear()
        self._fill()
        self.choose(action_id)

    # --- the list

    def _chosen(self) -> str | None:
        item = self._tree.currentItem()
        action_id = None if item is None else item.data(0, _ID)
        return action_id if isinstance(action_id, str) else None

    def _pressed(self) -> str:
        return self._edit.keySequence().toString(QKeySequence.SequenceFormat.PortableText)

    def _items(self) -> list[QTreeWidgetItem]:
        groups = [self._tree.topLevelItem(row) for row in range(self._tree.topLevelItemCount())]
        children = [group.child(row) for group in groups if group for row in range(group.childCount())]
        return [item for item in children if item is not None]

    def _fill(self) -> None:
        self._tree.clear()
        for menu in Menu:
            group = QTreeWidgetItem([menu.plain, ""])
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            group.setFont(0, sized(self.font(), 12, bold=True))
            self._tree.addTopLevelItem(group)
            for spec in ACTIONS:
                if spec.menu is not menu:
                    continue
                keys = self.key_map.keys_of(spec.action_id)
                item = QTreeWidgetItem([_TEXTS[spec.action_id], "   ".join(native_key(key) for key in keys)])
                item.setData(0, _ID, spec.action_id)
                if spec.action_id in self.key_map.changes:
                    font = item.font(0)
                    font.setItalic(True)
                    item.setFont(0, font)
                    item.setFont(1, font)
                group.addChild(item)
        self._tree.expandAll()
        self._on_search_changed(self._search.text())
        self._on_choice_changed()
