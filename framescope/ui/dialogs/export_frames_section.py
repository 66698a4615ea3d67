"""The part of the export dialog that says which frames: one line a kind, each with its count."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.ui.dialogs.export_look import inset_text, set_invalid, set_role
from framescope.ui.number_text import grouped
from framescope.ui.theme import SPACE

if TYPE_CHECKING:
    from framescope.ui.dialogs.export_survey import Survey

_MOST = 10_000_000
_ROW_HEIGHT = 34
_EDITOR_WIDTH = 88
_LABEL_WIDTH = 136
_LABELS = {
    SamplingKind.THIS: "This frame",
    SamplingKind.MARKED: "Marked frames",
    SamplingKind.IN_OUT: "In–out range",
    SamplingKind.EVERY_NTH: "Every",
    SamplingKind.EVERY_SECONDS: "Every",
    SamplingKind.SPREAD: "Evenly spread",
    SamplingKind.KEYFRAMES: "Keyframes",
    SamplingKind.ALL: "All frames",
    SamplingKind.LIST: "List",
    SamplingKind.RATE: "Constant rate",
    SamplingKind.CLIPS: "Clips",
    SamplingKind.SCENES: "Scenes",
    SamplingKind.SHARPEST: "Sharpest",
    SamplingKind.DISTINCT: "No near-duplicates",
    SamplingKind.REPRESENTATIVE: "Representative",
}
_NAMES = {
    **_LABELS,
    SamplingKind.EVERY_NTH: "Every N-th frame",
    SamplingKind.EVERY_SECONDS: "Every so many seconds",
    SamplingKind.SPREAD: "A number of frames, evenly spread",
    SamplingKind.LIST: "A list of frames and ranges",
}
_TIPS = {
    SamplingKind.EVERY_SECONDS: "By timestamps: right where the frame rate varies.",
    SamplingKind.SPREAD: "The first and the last frame among them.",
    SamplingKind.KEYFRAMES: "Frames that the file flags as places to start decoding.",
    SamplingKind.LIST: "Numbers and ranges as in Python: 3,10:20,40::5. The end does not belong to a range.",
}
_EMPTY = {SamplingKind.MARKED: "none", SamplingKind.IN_OUT: "not set"}


class FramesSection(QWidget):
    """Chooses frames. Threads: GUI."""

    changed = Signal()
    """`sampling` may be another one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportFrames")
        self._group = QButtonGroup(self)
        self._rows: dict[SamplingKind, QRadioButton] = {}
        self._counts: dict[SamplingKind, QLabel] = {}
        self._details: dict[SamplingKind, QLabel] = {}
        self._step = self._spin(SamplingKind.EVERY_NTH, "exportStep", "Every how many frames", 30)
        self._interval = self._make_interval()
        self._count = self._spin(SamplingKind.SPREAD, "exportCount", "How many frames", 20)
        self._listed = QLineEdit(self)
        self._listed.setObjectName("exportList")
        self._listed.setAccessibleName("Frames and ranges")
        self._listed.setPlaceholderText("3,10:20,40::5")
        self._listed.textChanged.connect(partial(self._on_edited, SamplingKind.LIST, self._listed))
        self._only = QCheckBox("Only between in and out", self)
        self._only.setObjectName("exportOnlyInOut")
        self._only.toggled.connect(self.changed)
        self._error = QLabel(self)
        self._error.setObjectName("exportFramesError")
        self._error.setWordWrap(True)
        set_role(self._error, "error")
        self._error.hide()
        self._lay_out()
        self._group.buttonToggled.connect(self._on_button_toggled)
        self._rows[SamplingKind.THIS].setChecked(True)

    @property
    def sampling(self) -> Sampling:
        """What is chosen."""
        return Sampling(
            kind=self._kind,
            step=self._step.value(),
            interval_s=self._interval.value(),
            count=self._count.value(),
            listed=self._listed.text(),
            only_in_out=self._only.isChecked(),
        )

    def choose(self, sampling: Sampling) -> None:
        """Show this choice."""
        self._step.setValue(sampling.step)
        self._interval.setValue(sampling.interval_s)
        self._count.setValue(sampling.count)
        self._listed.setText(sampling.listed)
        self._only.setChecked(sampling.only_in_out)
        self._rows[sampling.kind].setChecked(True)

    def focus_choice(self) -> None:
        """Put the keyboard on the chosen kind."""
        self._rows[self._kind].setFocus()

    def set_detail(self, kind: SamplingKind, text: str) -> None:
        """Say more about a kind, such as which frame is the present one."""
        self._details[kind].setText(text)

    def show_survey(self, survey: Survey) -> None:
        """Show how many frames each kind takes, and what is wrong with the chosen one."""
        for kind, label in self._counts.items():
            count = survey.counts.get(kind)
            label.setText("–" if count is None else _EMPTY.get(kind, "0") if not count else grouped(count))
            label.setToolTip(survey.errors.get(kind, ""))
        # An empty list is no mistake until something is typed.
        is_begun = survey.kind is not SamplingKind.LIST or bool(self._listed.text().strip())
        self._error.setText(survey.frames_error if is_begun else "")
        self._error.setVisible(bool(self._error.text()))
        is_wrong = bool(self._listed.text().strip()) and SamplingKind.LIST in survey.errors
        set_invalid(self._listed, invalid=is_wrong)

    def set_range_known(self, *, is_set: bool) -> None:
        """Say whether there is an in–out range to keep to."""
        self._only.setEnabled(is_set and self._kind.spans_the_video)

    @property
    def _kind(self) -> SamplingKind:
        return next(kind for kind, button in self._rows.items() if button.isChecked())

    def _spin(self, kind: SamplingKind, name: str, accessible: str, value: int) -> QSpinBox:
        spin = QSpinBox(self)
        spin.setObjectName(name)
        spin.setAccessibleName(accessible)
        spin.setRange(1, _MOST)
        inset_text(spin)
        spin.setValue(value)
        spin.valueChanged.connect(partial(self._on_edited, kind, spin))
        return spin

    def _make_interval(self) -> QDoubleSpinBox:
        spin = QDoubleSpinBox(self)
        spin.setObjectName("exportInterval")
        spin.setAccessibleName("Every how many seconds")
        spin.setDecimals(3)
        inset_text(spin)
        spin.setRange(0.001, 86_400)
        spin.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        spin.setValue(1.0)
        spin.valueChanged.connect(partial(self._on_edited, SamplingKind.EVERY_SECONDS, spin))
        return spin

    def _lay_out(self) -> None:
        heading = QLabel("Frames", self)
        set_role(heading, "heading")
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE)
        grid.setVerticalSpacing(2)
        grid.setColumnMinimumWidth(0, _LABEL_WIDTH)
        grid.setColumnStretch(2, 1)
        editors: dict[SamplingKind, tuple[QWidget, str]] = {
            SamplingKind.EVERY_NTH: (self._step, "frames"),
            SamplingKind.EVERY_SECONDS: (self._interval, "seconds"),
            SamplingKind.SPREAD: (self._count, "frames"),
            SamplingKind.LIST: (self._listed, ""),
        }
        for row, kind in enumerate(SamplingKind):
            grid.setRowMinimumHeight(row, _ROW_HEIGHT)
            self._add_row(grid, row, kind)
            if kind in editors:
                editor, unit = editors[kind]
                editor.setFixedWidth(_EDITOR_WIDTH) if unit else editor.setMinimumWidth(_EDITOR_WIDTH)
                editor.setProperty("kind", kind.value)
                editor.installEventFilter(self)
                grid.addWidget(editor, row, 1, 1, 1 if unit else 2)
                self._details[kind].setText(unit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(heading)
        column.addLayout(grid)
        column.addWidget(self._error)
        column.addWidget(self._only)
        column.addStretch(1)

    def _add_row(self, grid: QGridLayout, row: int, kind: SamplingKind) -> None:
        button = QRadioButton(_LABELS[kind], self)
        button.setObjectName(f"exportKind.{kind.value}")
        button.setAccessibleName(_NAMES[kind])
        button.setToolTip(_TIPS.get(kind, ""))
        detail = QLabel(self)
        set_role(detail, "muted")
        count = QLabel("–", self)
        count.setObjectName(f"exportCount.{kind.value}")
        count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        count.setMinimumWidth(56)
        set_role(count, "muted")
        self._group.addButton(button)
        self._rows[kind], self._counts[kind], self._details[kind] = button, count, detail
        grid.addWidget(button, row, 0)
        if kind is not SamplingKind.LIST:
            has_editor = kind in {SamplingKind.EVERY_NTH, SamplingKind.EVERY_SECONDS, SamplingKind.SPREAD}
            grid.addWidget(detail, row, 2 if has_editor else 1, 1, 1 if has_editor else 2)
        grid.addWidget(count, row, 3)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Choose a kind by clicking into its field; rolling over one on the way elsewhere changes nothing."""
        kind = watched.property("kind")
        if kind is not None and not self._rows[SamplingKind(kind)].isChecked():
            if event.type() == QEvent.Type.Wheel:
                event.ignore()
                return True
            if isinstance(event, QFocusEvent) and event.reason() == Qt.FocusReason.MouseFocusReason:
                self._rows[SamplingKind(kind)].setChecked(True)
        return super().eventFilter(watched, event)

    def _on_edited(self, kind: SamplingKind, editor: QWidget, _value: object) -> None:
        if editor.hasFocus():
            self._rows[kind].setChecked(True)
        self.changed.emit()

    @Slot()
    def _on_button_toggled(self) -> None:
        for kind, label in self._counts.items():
            set_role(label, "heading" if self._rows[kind].isChecked() else "muted")
        self.changed.emit()
