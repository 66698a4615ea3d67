"""Lists the marks with times and notes: go to them, edit notes, remove marks."""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from framescope.core.marks.marked_frames import NOTE_LENGTH
from framescope.core.text import clock, grouped
from framescope.core.translation import tr
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from framescope.session.controller import Controller
    from framescope.ui.actions.action_set import ActionSet

    AnyIndex = QModelIndex | QPersistentModelIndex

_HEADS = (tr("Frame"), tr("Time"), tr("Note"))
NOTE = 2
_SIZE = (520, 420)
_LIST_KEYS = frozenset(
    {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End}
    | {Qt.Key.Key_F2}
)
"""Keys that the table handles before the window; F2 edits, as in every list."""


def ask_note(controller: Controller, parent: QWidget) -> None:
    """Ask for the note of the current frame; a note also marks the frame."""
    number = controller.position
    dialog = QInputDialog(parent)
    dialog.setObjectName("noteDialog")
    dialog.setWindowTitle(tr("Note"))
    dialog.setLabelText(tr("Note on frame {number}:", number=grouped(number)))
    dialog.setTextValue(controller.notes.get(number, ""))
    dialog.setOkButtonText(tr("Save note"))
    dialog.resize(420, dialog.sizeHint().height())
    if dialog.exec() and (dialog.textValue().strip() or number in controller.notes):
        controller.set_note(number, dialog.textValue())


class MarksModel(QAbstractTableModel):
    """The marks as a Qt model. Threads: GUI."""

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._marks = controller.marks
        controller.marks_changed.connect(self._on_marks_changed)
        controller.index_updated.connect(self._on_index_updated)
        controller.source_closed.connect(self._on_marks_changed)

    @property
    def marks(self) -> tuple[int, ...]:
        """The frame number of each row."""
        return self._marks

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        """One row per mark."""
        return 0 if parent.isValid() else len(self._marks)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: N802, B008
        """The number of columns."""
        return 0 if parent.isValid() else len(_HEADS)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The content of a cell."""
        number, column = self._marks[index.row()], index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole and column != NOTE:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if column == NOTE and role in {
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.EditRole,
            Qt.ItemDataRole.ToolTipRole,
        }:
            return self._controller.notes.get(number, "")
        if role == Qt.ItemDataRole.DisplayRole:
            return grouped(number) if column == 0 else self._time(number)
        return None

    def setData(  # noqa: N802 - Qt's name
        self, index: AnyIndex, value: object, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Set a note."""
        if role != Qt.ItemDataRole.EditRole or index.column() != NOTE:
            return False
        self._controller.set_note(self._marks[index.row()], str(value)[:NOTE_LENGTH])
        return True

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Only notes are editable."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == NOTE else flags

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The column titles."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if section == NOTE else Qt.AlignmentFlag.AlignRight
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        is_head = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return _HEADS[section] if is_head else None

    def _time(self, number: int) -> str:
        index = self._controller.index
        time_s = index.time_of(number) if index is not None and number < len(index) else math.nan
        return clock(time_s)

    @Slot()
    def _on_marks_changed(self) -> None:
        if self._marks != self._controller.marks:
            self.beginResetModel()
            self._marks = self._controller.marks
            self.endResetModel()
        self._on_index_updated()

    @Slot()
    def _on_index_updated(self) -> None:
        if self._marks:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._marks) - 1, NOTE))


class MarksDialog(QDialog):
    """The list of marks. Modeless, and the window's shortcuts work here too. Threads: GUI."""

    def __init__(self, controller: Controller, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.setObjectName("marksDialog")
        self.setWindowTitle(tr("Marks"))
        self.resize(*_SIZE)
        self.model = MarksModel(controller, self)
        self.table = _make_table(self.model, self)
        tips = (actions[name].toolTip() for name in ("mark.toggle", "mark.note"))
        self._hint = QLabel("\n".join((tr("No frame is marked."), *tips)), self)
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._remove = QPushButton(tr("Remove"), self)
        self._remove.setObjectName("marksRemove")
        self._remove.setToolTip(tr("Remove the selected marks and their notes (Delete)"))
        save, load = QPushButton(tr("Save…"), self), QPushButton(tr("Load…"), self)
        for button in (self._remove, save, load):
            button.setAutoDefault(False)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self._remove)
        row.addStretch(1)
        row.addWidget(load)
        row.addWidget(save)
        column = QVBoxLayout(self)
        column.setSpacing(SPACE)
        column.addWidget(self.table, 1)
        column.addWidget(self._hint, 1)
        column.addLayout(row)
        actions.add_to(self)
        for key, slot in (
            (Qt.Key.Key_Delete, self._on_remove),
            (Qt.Key.Key_Return, self._on_edit),
            (Qt.Key.Key_Enter, self._on_edit),
        ):
            shortcut = QShortcut(QKeySequence(key), self.table, slot)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        self._remove.clicked.connect(self._on_remove)
        save.clicked.connect(actions["file.save_marks"].trigger)
        load.clicked.connect(actions["file.load_marks"].trigger)
        self._save = save
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self.table.clicked.connect(self._on_clicked)
        controller.position_changed.connect(self._on_position_changed)
        self.model.modelReset.connect(self._refresh)
        self._refresh()

    def event(self, event: QEvent) -> bool:
        """Leave list navigation keys to the table."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_for_list = event.key() in _LIST_KEYS or event.matches(QKeySequence.StandardKey.SelectAll)
            if self.table.hasFocus() and is_for_list:
                event.accept()
                return True
        return super().event(event)

    def _select_present(self) -> None:
        """Select the row of the current frame, if it is marked."""
        marks = self.model.marks
        row = bisect_left(marks, self._controller.position)
        is_current = self.table.currentIndex().row() == row
        if row < len(marks) and marks[row] == self._controller.position and not is_current:
            index = self.model.index(row, NOTE)
            flags = QItemSelectionModel.SelectionFlag
            self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    @Slot()
    def _refresh(self) -> None:
        has_marks = bool(self.model.marks)
        self.table.setVisible(has_marks)
        self._hint.setVisible(not has_marks)
        self._remove.setEnabled(has_marks)
        self._save.setEnabled(has_marks)
        self._select_present()

    @Slot()
    def _on_position_changed(self) -> None:
        selected = self.table.selectionModel().selectedRows()
        if len(selected) <= 1 and self.table.state() != QAbstractItemView.State.EditingState:
            self._select_present()

    @Slot(QModelIndex)
    def _on_row_changed(self, index: QModelIndex) -> None:
        if index.isValid():
            self._controller.show_frame(self.model.marks[index.row()])

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        # F2 then edits the note, whichever column was clicked.
        flags = QItemSelectionModel.SelectionFlag
        note = index.siblingAtColumn(NOTE)
        self.table.selectionModel().setCurrentIndex(note, flags.NoUpdate)
        self._on_row_changed(note)

    @Slot()
    def _on_edit(self) -> None:
        self.table.edit(self.table.currentIndex().siblingAtColumn(NOTE))

    @Slot()
    def _on_remove(self) -> None:
        rows = {index.row() for index in self.table.selectionModel().selectedRows()}
        self._controller.selection.remove_marks(self.model.marks[row] for row in rows)


def _make_table(model: MarksModel, parent: QWidget) -> QTableView:
    table = QTableView(parent)
    table.setObjectName("marksTable")
    table.setAccessibleName(tr("Marks"))
    table.setModel(model)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(
        # Letters are shortcuts of the window.
        QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
    )
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    header.setStretchLastSection(True)
    return table
