"""The labels panel: each label with its key and how many frames have it, and the marks below them."""

from __future__ import annotations

from bisect import bisect_left
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from framescope.core.marks.labels import label_title
from framescope.core.text import counted, grouped
from framescope.core.translation import tr
from framescope.ui.marks.dialog import PICTURE, TIME, MarksModel
from framescope.ui.panels.fact_widgets import MARGIN, text_label
from framescope.ui.widgets.icons import swatch
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource

_ROW_PX = 26


class LabelsPanel(QWidget):
    """Labels as buttons, and the list of marks; a click on a mark goes there. Threads: GUI."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        del theme
        self._controller = controller
        self.setObjectName("labelsPanel")
        self.setAccessibleName(tr("Labels"))
        self._buttons: list[QToolButton] = []
        self._counts: list[QLabel] = []
        self._total = text_label(self, "muted", pixels=12)
        self._total.setObjectName("labelsTotal")
        self._model = MarksModel(controller, self)
        self._table = self._make_table()
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, 0)
        column.setSpacing(SPACE)
        column.addLayout(self._make_labels())
        column.addWidget(self._total)
        column.addWidget(self._table, 1)
        controller.settings.changed.connect(self._on_setting_changed)
        controller.marks_changed.connect(self._refresh)
        controller.position_changed.connect(self._refresh)
        controller.source_opened.connect(self._refresh)
        controller.source_closed.connect(self._refresh)
        self._refresh()

    def _make_labels(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for place in range(1, len(self._controller.settings.labels) + 1):
            key = QLabel(str(place), self)
            set_role(key, "muted")
            button = QToolButton(self)
            button.setObjectName(f"label.{place}")
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(partial(self._toggle, place))
            count = QLabel(self)
            count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            for across, widget in enumerate((key, button, count)):
                grid.addWidget(widget, place - 1, across)
            self._buttons.append(button)
            self._counts.append(count)
        return grid

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        table.setObjectName("labelsMarks")
        table.setAccessibleName(tr("Marks"))
        table.setModel(self._model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        # Letters and digits are shortcuts of the window.
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(_ROW_PX)
        for column in (PICTURE, TIME):
            table.setColumnHidden(column, True)  # noqa: FBT003 - Qt's own
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        table.clicked.connect(self._on_clicked)
        return table

    def _toggle(self, place: int, *_checked: bool) -> None:
        self._controller.toggle_label(place)
        # A click that changed nothing must not leave the button pressed.
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        controller = self._controller
        present = controller.labels.get(controller.position)
        counts = controller.selection.state.label_counts()
        is_open = controller.info is not None
        labels = controller.settings.labels
        for label, button, count in zip(labels, self._buttons, self._counts, strict=True):
            button.setText(label_title(label.name).replace("&", "&&"))
            button.setIcon(swatch(label.color))
            button.setChecked(label.name == present)
            button.setEnabled(is_open)
            count.setText(grouped(counts[label.name]) if label.name in counts else "")
        marks = controller.marks
        named = {label.name for label in labels}
        others = sum(number for name, number in counts.items() if name not in named)
        words = [counted(len(marks), "mark", "marks")]
        if others:
            words.append(tr("{count} with other labels", count=grouped(others)))
        self._total.setText("   ·   ".join(words))
        self._select_present()

    def _select_present(self) -> None:
        marks, position = self._model.marks, self._controller.position
        row = bisect_left(marks, position)
        if row < len(marks) and marks[row] == position:
            self._table.selectRow(row)
        else:
            self._table.clearSelection()

    @Slot(str)
    def _on_setting_changed(self, name: str) -> None:
        if name == "labels":
            self._refresh()

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self._controller.show_frame(self._model.marks[index.row()])
