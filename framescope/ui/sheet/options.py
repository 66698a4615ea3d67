"""What a contact sheet shows and how it looks: the fields beside its preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QSpinBox,
    QWidget,
)

from framescope.core.contact_sheet.layout import MOST_COLUMNS, WIDTHS, SheetSettings
from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.ui.widgets.roles import inset_text
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractSpinBox

_WORDS = {
    SamplingKind.SPREAD: "Evenly spread",
    SamplingKind.EVERY_SECONDS: "Every so many seconds",
    SamplingKind.KEYFRAMES: "Keyframes",
    SamplingKind.SCENES: "One a scene",
    SamplingKind.REPRESENTATIVE: "Representative frames",
    SamplingKind.MARKED: "Marked frames",
}
_COUNTED = (SamplingKind.SPREAD, SamplingKind.REPRESENTATIVE)
_MOST_FRAMES = 2000


class SheetOptions(QWidget):
    """Fields that make up a choice of frames and a look. Threads: GUI."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sheetOptions")
        self._kind = QComboBox(self)
        self._kind.setObjectName("sheetKind")
        self._kind.setAccessibleName("Which frames")
        for kind, words in _WORDS.items():
            self._kind.addItem(words, kind.value)
        self._count = self._spin("sheetCount", "How many frames", (1, _MOST_FRAMES), Sampling().count)
        self._seconds = QDoubleSpinBox(self)
        self._seconds.setObjectName("sheetSeconds")
        self._seconds.setAccessibleName("Seconds between frames")
        self._seconds.setRange(0.05, 36_000)
        self._seconds.setDecimals(2)
        self._seconds.setSuffix(" s")
        self._seconds.setValue(5.0)
        inset_text(self._seconds)
        self._only = self._check("Only between in and out", "sheetOnlyInOut")
        defaults = SheetSettings()
        self._columns = self._spin("sheetColumns", "Columns", (1, MOST_COLUMNS), defaults.columns)
        self._width = self._spin("sheetWidth", "Width of the sheet in pixels", WIDTHS, defaults.width_px)
        self._width.setSuffix(" px")
        self._width.setSingleStep(100)
        self._header = self._check("The file’s facts on top", "sheetHeader")
        self._captions = self._check("Number and time below", "sheetCaptions")
        self._dark = self._check("Dark ground", "sheetDark")
        for box in (self._header, self._captions):
            box.setChecked(True)
        self._count_label, self._seconds_label = self._label("How many"), self._label("Every")
        self._lay_out()
        self._kind.currentIndexChanged.connect(self._on_edited)
        for spin in (self._count, self._columns, self._width, self._seconds):
            spin.setKeyboardTracking(False)
        for whole in (self._count, self._columns, self._width):
            whole.valueChanged.connect(self._on_edited)
        self._seconds.valueChanged.connect(self._on_edited)
        for box in (self._only, self._header, self._captions, self._dark):
            box.toggled.connect(self._on_edited)
        self._show_fields()

    @property
    def sampling(self) -> Sampling:
        """Which frames."""
        kind = SamplingKind(self._kind.currentData())
        count = self._count.value()
        return Sampling(
            kind,
            count=count,
            representatives=count,
            interval_s=self._seconds.value(),
            only_in_out=self._only.isChecked() and kind.spans_the_video,
        )

    def settings(self, *, rotate: bool) -> SheetSettings:
        """How it looks."""
        return SheetSettings(
            columns=self._columns.value(),
            width_px=self._width.value(),
            header=self._header.isChecked(),
            captions=self._captions.isChecked(),
            dark=self._dark.isChecked(),
            rotate=rotate,
        )

    def _show_fields(self) -> None:
        kind = self.sampling.kind
        for widget in (self._count, self._count_label):
            widget.setVisible(kind in _COUNTED)
        for other in (self._seconds, self._seconds_label):
            other.setVisible(kind is SamplingKind.EVERY_SECONDS)
        self._only.setEnabled(kind.spans_the_video)

    def _spin(self, name: str, accessible: str, limits: tuple[int, int], value: int) -> QSpinBox:
        spin = QSpinBox(self)
        spin.setObjectName(name)
        spin.setAccessibleName(accessible)
        spin.setRange(*limits)
        spin.setValue(value)
        inset_text(spin)
        return spin

    def _check(self, text: str, name: str) -> QCheckBox:
        box = QCheckBox(text, self)
        box.setObjectName(name)
        return box

    def _label(self, text: str, role: str = "muted") -> QLabel:
        label = QLabel(text, self)
        set_role(label, role)
        return label

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE)
        grid.setVerticalSpacing(SPACE)
        grid.setColumnMinimumWidth(0, 72)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._label("Frames", "heading"), 0, 0, 1, 2)
        grid.addWidget(self._kind, 1, 0, 1, 2)
        rows: tuple[tuple[QLabel, QAbstractSpinBox], ...] = (
            (self._count_label, self._count),
            (self._seconds_label, self._seconds),
        )
        for row, (label, field) in enumerate(rows, 2):
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        grid.addWidget(self._only, 4, 0, 1, 2)
        grid.setRowMinimumHeight(5, SPACE)
        grid.addWidget(self._label("Sheet", "heading"), 6, 0, 1, 2)
        grid.addWidget(self._label("Columns"), 7, 0)
        grid.addWidget(self._columns, 7, 1)
        grid.addWidget(self._label("Width"), 8, 0)
        grid.addWidget(self._width, 8, 1)
        for row, box in enumerate((self._header, self._captions, self._dark), 9):
            grid.addWidget(box, row, 0, 1, 2)
        grid.setRowStretch(12, 1)

    @Slot()
    def _on_edited(self) -> None:
        self._show_fields()
        self.changed.emit()
