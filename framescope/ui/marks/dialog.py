"""Lists the marks with pictures, times, labels and notes: find, sort, go to, edit and remove them."""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSignalBlocker,
    QSize,
    QSortFilterProxyModel,
    Qt,
    QTimer,
    Slot,
)
from PySide6.QtGui import QIcon, QImage, QKeyEvent, QKeySequence, QShortcut
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

from framescope.core.marks.labels import label_title
from framescope.core.marks.marked_frames import NOTE_LENGTH
from framescope.core.text import grouped
from framescope.core.translation import tr
from framescope.ui.timeline.thumbnail_desk import desk_of
from framescope.ui.widgets.icons import swatch
from framescope.ui.widgets.roles import named_line
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QShowEvent

    from framescope.session.controller import Controller
    from framescope.ui.actions.action_set import ActionSet

    AnyIndex = QModelIndex | QPersistentModelIndex

_HEADS = ("", tr("Frame"), tr("Time"), tr("Label"), tr("Note"))
PICTURE, FRAME, TIME, LABEL, NOTE = range(len(_HEADS))
_EDITABLE = (LABEL, NOTE)
_SIZE = (640, 480)
_PICTURE_HEIGHT = 40
_PICTURES_MS = 30
_LONGEST_WAIT_MS = 600
SORT_ROLE = Qt.ItemDataRole.UserRole
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
        controller.video.thumbnail_ready.connect(self._on_thumbnail_ready)
        controller.marks_changed.connect(self._on_marks_changed)
        controller.index_updated.connect(self._on_index_updated)
        controller.times.changed.connect(self._on_index_updated)
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
        if role == Qt.ItemDataRole.TextAlignmentRole and column in {FRAME, TIME}:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._picture(number) if column == PICTURE else self._swatch(number, column)
        if role == SORT_ROLE:
            # Rows without a text come last.
            text = self._text(number, column).casefold()
            return (not text, text, number) if column in _EDITABLE else (False, "", number)
        if role == Qt.ItemDataRole.DisplayRole:
            text = self._text(number, column)
            return label_title(text) if column == LABEL else text
        if column in _EDITABLE and role in {Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole}:
            return self._text(number, column)
        return None

    def _text(self, number: int, column: int) -> str:
        if column in _EDITABLE:
            return (self._controller.labels if column == LABEL else self._controller.notes).get(number, "")
        return {FRAME: grouped(number), TIME: self._time(number)}.get(column, "")

    def _picture(self, number: int) -> QImage | None:
        return self._controller.video.thumbnail(number, _PICTURE_HEIGHT)

    def _swatch(self, number: int, column: int) -> QIcon | None:
        name = self._controller.labels.get(number) if column == LABEL else None
        color = self._controller.label_color(name)
        return None if color is None else swatch(color)

    def setData(  # noqa: N802 - Qt's name
        self, index: AnyIndex, value: object, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Set a label or a note."""
        if role != Qt.ItemDataRole.EditRole or index.column() not in _EDITABLE:
            return False
        put = self._controller.set_label if index.column() == LABEL else self._controller.set_note
        put(self._marks[index.row()], str(value)[:NOTE_LENGTH])
        return True

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Only labels and notes are editable."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() in _EDITABLE else flags

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The column titles."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in {FRAME, TIME} else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        is_head = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return _HEADS[section] if is_head else None

    def _time(self, number: int) -> str:
        index = self._controller.index
        time_s = index.time_of(number) if index is not None and number < len(index) else math.nan
        return self._controller.times.of(number, time_s)

    @Slot(int)
    def _on_thumbnail_ready(self, frame_number: int) -> None:
        row = bisect_left(self._marks, frame_number)
        if row < len(self._marks) and self._marks[row] == frame_number:
            index = self.index(row, PICTURE)
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

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


class _Found(QSortFilterProxyModel):
    """The marks in the order of a column, and only those in which a text occurs. Threads: GUI."""

    def __init__(self, model: MarksModel) -> None:
        super().__init__(model)
        self._wanted = ""
        self.setSourceModel(model)
        self.setDynamicSortFilter(True)

    def look_for(self, text: str) -> None:
        """List only the marks in which this occurs, whatever its case."""
        self._wanted = text.strip().casefold()
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: AnyIndex) -> bool:  # noqa: N802 - Qt's name
        """Whether the text occurs in any column."""
        del parent
        model = self.sourceModel()
        cells = (str(model.index(row, column).data() or "") for column in range(model.columnCount()))
        return not self._wanted or any(self._wanted in cell.casefold() for cell in cells)

    def lessThan(self, left: AnyIndex, right: AnyIndex) -> bool:  # noqa: N802 - Qt's name
        """By number, or by text with the rows that have one first."""
        own, other = left.data(SORT_ROLE), right.data(SORT_ROLE)
        return bool(own < other)


class MarksDialog(QDialog):
    """The list of marks. Modeless, and the window's shortcuts work here too. Threads: GUI."""

    def __init__(self, controller: Controller, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.setObjectName("marksDialog")
        self.setWindowTitle(tr("Marks"))
        self.resize(*_SIZE)
        self.model = MarksModel(controller, self)
        self._found = _Found(self.model)
        self._search = named_line(self, "marksSearch", tr("Search the marks"))
        self._search.setPlaceholderText(tr("Search label, note, frame or time"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._found.look_for)
        self.table = _make_table(self._found, self)
        self._desk = desk_of(controller)
        self._requested: set[int] = set()
        self._pictures = QTimer(self, singleShot=True)
        self._pictures.timeout.connect(self._request_picture)
        tips = (actions[name].toolTip() for name in ("mark.toggle", "mark.note"))
        self._hint = QLabel("\n".join((tr("No frame is marked."), *tips)), self)
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._counts = _make_counts(self)
        self._chosen: tuple[list[int], int | None] = ([], None)
        self._remove = QPushButton(tr("Remove"), self)
        self._remove.setObjectName("marksRemove")
        self._remove.setToolTip(tr("Remove the selected marks and their notes (Delete)"))
        save, load = QPushButton(tr("Save…"), self), QPushButton(tr("Load…"), self)
        save.setToolTip(tr("As CSV or JSON, a COCO data set, an EDL or OpenTimelineIO"))
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
        column.addWidget(self._search)
        column.addWidget(self.table, 1)
        column.addWidget(self._hint, 1)
        column.addWidget(self._counts)
        column.addLayout(row)
        self._save = save
        actions.add_to(self)
        save.clicked.connect(actions["file.save_marks"].trigger)
        load.clicked.connect(actions["file.load_marks"].trigger)
        self._connect()
        self._refresh()
        # In the search field, the window's keys would be letters.
        self.table.setFocus()

    def _connect(self) -> None:
        controller = self._controller
        for key, slot in (
            (Qt.Key.Key_Delete, self._on_remove),
            (Qt.Key.Key_Return, self._on_edit),
            (Qt.Key.Key_Enter, self._on_edit),
        ):
            shortcut = QShortcut(QKeySequence(key), self.table, slot)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        self._remove.clicked.connect(self._on_remove)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self.table.clicked.connect(self._on_clicked)
        controller.position_changed.connect(self._on_position_changed)
        self.model.modelAboutToBeReset.connect(self._remember_selection)
        self.model.modelReset.connect(self._refresh)
        controller.marks_changed.connect(self._count_labels)
        controller.video.thumbnail_ready.connect(self._request_soon)
        self.table.verticalScrollBar().valueChanged.connect(self._on_rows_moved)
        self._found.layoutChanged.connect(self._on_rows_moved)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Request the pictures of marks that were set while it was hidden."""
        super().showEvent(event)
        self._on_rows_moved()

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
        if row == len(marks) or marks[row] != self._controller.position:
            return
        index = self._found.mapFromSource(self.model.index(row, NOTE))
        if index.isValid() and self.table.currentIndex().row() != index.row():
            flags = QItemSelectionModel.SelectionFlag
            self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    @Slot()
    def _remember_selection(self) -> None:
        """Other marks come and go: what is selected is known by its frame number, not by its row."""
        current = self.table.currentIndex()
        self._chosen = self._chosen_frames(), self._number_at(current) if current.isValid() else None

    def _chosen_frames(self) -> list[int]:
        return [self._number_at(index) for index in self.table.selectionModel().selectedRows()]

    def _select_again(self) -> None:
        """Select the frames that were selected before marks changed, as far as they are still marked."""
        frames, current = self._chosen
        places = {number: row for row, number in enumerate(self.model.marks)}
        model, flags = self.table.selectionModel(), QItemSelectionModel.SelectionFlag
        with QSignalBlocker(model):
            if current in places:
                index = self._found.mapFromSource(self.model.index(places[current], NOTE))
                model.setCurrentIndex(index, flags.NoUpdate)
            chosen = QItemSelection()
            for number in frames:
                if number in places:
                    index = self._found.mapFromSource(self.model.index(places[number], NOTE))
                    chosen.select(index, index)
            model.select(chosen, flags.ClearAndSelect | flags.Rows)
        self.table.viewport().update()

    @Slot()
    def _count_labels(self) -> None:
        """Say how many frames have each label."""
        state = self._controller.selection.state
        counts = [
            tr("{label} ({count})", label=label_title(label), count=grouped(count))
            for label, count in state.label_counts().items()
        ]
        rest = len(state.marks) - len(state.labels)
        if counts and rest:
            counts.append(tr("without a label ({count})", count=grouped(rest)))
        self._counts.setText("  ·  ".join(counts))
        self._counts.setVisible(bool(counts))

    @Slot()
    def _refresh(self) -> None:
        has_marks = bool(self.model.marks)
        self.table.setVisible(has_marks)
        self._search.setVisible(has_marks)
        self._hint.setVisible(not has_marks)
        self._remove.setEnabled(has_marks)
        self._save.setEnabled(has_marks)
        self._count_labels()
        self._select_again()
        if len(self._chosen_frames()) <= 1:
            self._select_present()
        self._on_rows_moved()

    @Slot()
    def _on_rows_moved(self) -> None:
        self._requested.clear()
        self._request_soon()

    @Slot()
    def _request_soon(self) -> None:
        # Connected directly, a number that a signal carries would become the interval.
        self._pictures.start(_PICTURES_MS)

    @Slot()
    def _request_picture(self) -> None:
        """Request the picture of the first row in view that has none; the next one follows it."""
        if not self.isVisible():
            return
        last = self.table.rowAt(self.table.viewport().height() - 1)
        rows = range(max(self.table.rowAt(0), 0), (last if last >= 0 else self._found.rowCount() - 1) + 1)
        for row in rows:
            number = self._number_at(self._found.index(row, PICTURE))
            has_picture = self._controller.video.thumbnail(number, _PICTURE_HEIGHT) is not None
            if not has_picture and number not in self._requested:
                self._requested.add(number)
                self._desk.hurry(number, _PICTURE_HEIGHT)
                # A frame that cannot be decoded is never delivered, and must not hold up the rows below it.
                self._pictures.start(_LONGEST_WAIT_MS)
                return

    def _number_at(self, index: AnyIndex) -> int:
        return self.model.marks[self._found.mapToSource(index).row()]

    @Slot()
    def _on_position_changed(self) -> None:
        if len(self._chosen_frames()) <= 1 and self.table.state() != QAbstractItemView.State.EditingState:
            self._select_present()

    @Slot(QModelIndex)
    def _on_row_changed(self, index: QModelIndex) -> None:
        # Without a row of the current frame, Qt makes the first row current when the table gets the focus.
        if index.isValid() and self.table.selectionModel().hasSelection():
            self._controller.show_frame(self._number_at(index))

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        # F2 then edits the label if that was clicked, and otherwise the note.
        flags = QItemSelectionModel.SelectionFlag
        note = index if index.column() == LABEL else index.siblingAtColumn(NOTE)
        self.table.selectionModel().setCurrentIndex(note, flags.NoUpdate)
        self._on_row_changed(note)

    @Slot()
    def _on_edit(self) -> None:
        self.table.edit(self.table.currentIndex().siblingAtColumn(NOTE))

    @Slot()
    def _on_remove(self) -> None:
        self._controller.selection.remove_marks(self._chosen_frames())


def _make_counts(parent: QWidget) -> QLabel:
    counts = QLabel(parent)
    counts.setObjectName("marksCounts")
    counts.setProperty("role", "muted")
    counts.setWordWrap(True)
    counts.setTextFormat(Qt.TextFormat.PlainText)
    return counts


def _make_table(model: _Found, parent: QWidget) -> QTableView:
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
    for column in (PICTURE, FRAME, TIME, LABEL):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
    table.verticalHeader().setDefaultSectionSize(_PICTURE_HEIGHT + 6)
    table.setIconSize(QSize(_PICTURE_HEIGHT * 4, _PICTURE_HEIGHT))
    table.setSortingEnabled(True)
    table.sortByColumn(FRAME, Qt.SortOrder.AscendingOrder)
    header.setStretchLastSection(True)
    return table
