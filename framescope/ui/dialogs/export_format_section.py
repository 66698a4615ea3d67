"""The part of the export dialog that says as what: format, quality or compression, rotation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QSlider, QSpinBox, QWidget

from framescope.core.export.settings import ExportSettings, ImageFormat
from framescope.ui.dialogs.export_look import inset_text, set_role
from framescope.ui.dialogs.export_words import cost_words, loss_notes
from framescope.ui.theme import SPACE

if TYPE_CHECKING:
    from framescope.core.model.stream_facts import VideoInfo

LABEL_WIDTH = 84
"""Width of the labels before the fields, shared by the sections so that the fields line up."""
_FORMAT_WORDS = {ImageFormat.JPEG: "JPEG, smaller", ImageFormat.PNG: "PNG, every pixel as it is"}
_LEVELS = {ImageFormat.JPEG: ("Quality", 100), ImageFormat.PNG: ("Compression", 9)}


class FormatSection(QWidget):
    """Chooses the format. Threads: GUI."""

    changed = Signal()
    """`choice` is another one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportFormatSection")
        self._levels = {ImageFormat.JPEG: 95, ImageFormat.PNG: 2}
        self._formats = QComboBox(self)
        self._formats.setObjectName("exportFormat")
        self._formats.setAccessibleName("Format")
        for image_format, words in _FORMAT_WORDS.items():
            self._formats.addItem(words, image_format.value)
        self._level_label = QLabel(self)
        set_role(self._level_label, "muted")
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self._slider.setObjectName("exportLevelSlider")
        self._spin = QSpinBox(self)
        self._spin.setObjectName("exportLevel")
        self._spin.setFixedWidth(72)
        inset_text(self._spin)
        self._cost = self._words_label("exportCost")
        self._notes = self._words_label("exportNotes")
        set_role(self._notes, "warning")
        self._rotate = QCheckBox(self)
        self._rotate.setObjectName("exportRotate")
        self._rotate.setChecked(True)
        self._lay_out()
        self._formats.currentIndexChanged.connect(self._on_format_changed)
        self._slider.valueChanged.connect(self._spin.setValue)
        self._spin.valueChanged.connect(self._on_level_changed)
        self._rotate.toggled.connect(self.changed)
        self._on_format_changed()

    @property
    def choice(self) -> ExportSettings:
        """What is chosen."""
        return ExportSettings(
            Path(),
            image_format=self._format,
            quality=self._levels[ImageFormat.JPEG],
            compression=self._levels[ImageFormat.PNG],
            rotate=self._rotate.isChecked(),
        )

    def choose(self, choice: ExportSettings) -> None:
        """Show this choice."""
        self._levels = {ImageFormat.JPEG: choice.quality, ImageFormat.PNG: choice.compression}
        self._formats.setCurrentIndex(self._formats.findData(choice.image_format.value))
        self._on_format_changed()
        self._rotate.setChecked(choice.rotate)

    def show_source(self, info: VideoInfo | None) -> None:
        """Offer what this video has: rotation where there is one, and notes on what is not kept."""
        turns = info is not None and bool(info.rotation or info.mirrored)
        self._rotate.setVisible(turns)
        if info is not None:
            self._rotate.setText(_rotation_words(info))
        notes = () if info is None else loss_notes(info)
        self._notes.setText("\n".join(notes))
        self._notes.setVisible(bool(notes))

    def set_rotated(self, *, rotated: bool) -> None:
        """Save as the view shows it."""
        self._rotate.setChecked(rotated)

    @property
    def _format(self) -> ImageFormat:
        return ImageFormat(self._formats.currentData())

    def _words_label(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setWordWrap(True)
        set_role(label, "muted")
        return label

    def _lay_out(self) -> None:
        heading = QLabel("Format", self)
        set_role(heading, "heading")
        format_label = QLabel("Save as", self)
        set_role(format_label, "muted")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE)
        grid.setVerticalSpacing(SPACE)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        grid.addWidget(heading, 0, 0, 1, 3)
        grid.addWidget(format_label, 1, 0)
        grid.addWidget(self._formats, 1, 1, 1, 2)
        grid.addWidget(self._level_label, 2, 0)
        grid.addWidget(self._slider, 2, 1)
        grid.addWidget(self._spin, 2, 2)
        grid.addWidget(self._cost, 3, 1, 1, 2)
        grid.addWidget(self._notes, 4, 1, 1, 2)
        grid.addWidget(self._rotate, 5, 1, 1, 2)

    @Slot()
    def _on_format_changed(self) -> None:
        name, most = _LEVELS[self._format]
        level = self._levels[self._format]
        self._level_label.setText(name)
        for field in (self._slider, self._spin):
            field.setAccessibleName(name)
            # Silent, or the new range would clamp the level of the other format.
            with QSignalBlocker(field):
                field.setRange(0, most)
                field.setValue(level)
        self._slider.setPageStep(10 if most > 9 else 1)
        self._on_level_changed(level)

    @Slot(int)
    def _on_level_changed(self, level: int) -> None:
        self._levels[self._format] = level
        self._slider.setValue(level)
        self._cost.setText(cost_words(self._format, level))
        self.changed.emit()


def _rotation_words(info: VideoInfo) -> str:
    parts = [f"turned by {info.rotation}°" if info.rotation else "", "mirrored" if info.mirrored else ""]
    return f"As shown: {' and '.join(filter(None, parts))}"
