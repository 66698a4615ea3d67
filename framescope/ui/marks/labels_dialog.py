"""Names and colours the labels that the number keys give to frames."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QColorDialog,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from framescope.core.marks.labels import Label, label_title, shared_names
from framescope.core.marks.marked_frames import LABEL_LENGTH, clean_label
from framescope.core.text import counted, listed
from framescope.core.translation import tr
from framescope.ui.widgets.icons import swatch
from framescope.ui.widgets.roles import plain_label
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from framescope.session.controller import Controller


class LabelsDialog(QDialog):
    """Edits the nine labels; OK applies them, also to frames of the open video. Threads: GUI."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.setObjectName("labelsDialog")
        self.setWindowTitle(tr("Labels"))
        self.setMinimumWidth(400)
        self._rows = [
            _LabelRow(label, number, self) for number, label in enumerate(controller.settings.labels, 1)
        ]
        grid = QGridLayout()
        grid.setSpacing(SPACE)
        for place, row in enumerate(self._rows):
            key = QLabel(str(place + 1), self)
            key.setProperty("role", "muted")
            grid.addWidget(key, place, 0)
            grid.addWidget(row.swatch, place, 1)
            grid.addWidget(row.name, place, 2)
            row.name.textChanged.connect(self._check)
        fields: list[QWidget] = [row.name for row in self._rows]
        for before, after in pairwise(fields + [row.swatch for row in self._rows]):
            # Names are typed one after the other.
            self.setTabOrder(before, after)
        explanation = plain_label("labelsExplained", "muted", self)
        explanation.setText(
            tr("The keys 1 to 9 give these labels to the frame on screen; the same key again removes it.")
        )
        self._problem = plain_label("labelsProblem", "warning", self)
        kinds = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel, self)
        self._buttons.accepted.connect(self._on_accepted)
        self._buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(SPACE)
        column.addWidget(explanation)
        column.addLayout(grid)
        column.addWidget(self._problem)
        column.addWidget(self._buttons)
        self._check()

    @property
    def labels(self) -> tuple[Label, ...]:
        """As typed; an empty name is that of the key."""
        return tuple(row.label for row in self._rows)

    @Slot()
    def _check(self) -> None:
        shared = shared_names(self.labels)
        words = tr("Two keys give the same label: {names}.", names=listed(shared)) if shared else ""
        self._problem.setText(words)
        self._problem.setVisible(bool(shared))
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not shared)

    @Slot()
    def _on_accepted(self) -> None:
        before, settings = self._controller.settings.labels, self._controller.settings
        settings.labels = self.labels
        names = {
            old.name: new.name for old, new in zip(before, self.labels, strict=True) if old.name != new.name
        }
        renamed = self._controller.selection.rename_labels(names)
        if renamed:
            words = tr(
                "{frames} of this video got the new name; those of other videos keep the old one.",
                frames=counted(renamed, "frame", "frames"),
            )
            self._controller.notice_posted.emit(words, "info")
        self.accept()


class _LabelRow:
    """The widgets of one label."""

    def __init__(self, label: Label, number: int, parent: QWidget) -> None:
        self._number = number
        is_unnamed = label.name == str(number)
        self.name = QLineEdit("" if is_unnamed else label.name, parent)
        self.name.setObjectName(f"labelName{number}")
        self.name.setMaxLength(LABEL_LENGTH)
        self.name.setPlaceholderText(label_title(str(number)))
        self.name.setAccessibleName(tr("Name of label {number}", number=number))
        self.swatch = QToolButton(parent)
        self.swatch.setObjectName(f"labelColor{number}")
        self.swatch.setAccessibleName(tr("Colour of label {number}", number=number))
        self.swatch.setToolTip(tr("Choose a colour"))
        self.swatch.clicked.connect(self._on_clicked)
        self._color = label.color
        self._show_color()

    @property
    def label(self) -> Label:
        return Label(clean_label(self.name.text()) or str(self._number), self._color)

    def _show_color(self) -> None:
        self.swatch.setIcon(swatch(self._color))

    def _on_clicked(self) -> None:
        title = tr("Colour of {label}", label=label_title(self.label.name))
        chosen = QColorDialog.getColor(QColor(self._color), self.swatch, title)
        if chosen.isValid():
            self._color = chosen.name()
            self._show_color()
