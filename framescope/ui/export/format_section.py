"""The part of the export dialog that says as what: the format with its options, and what is done before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from framescope.core.export.notes import format_notes
from framescope.core.export.quality.trial import level_kind
from framescope.core.export.settings import ExportSettings
from framescope.ui.export.format_options import FormatOptions
from framescope.ui.export.picture_options import PictureOptions
from framescope.ui.widgets.theme import SPACE, set_role
from framescope.ui.widgets.words import format_words

if TYPE_CHECKING:
    from framescope.core.export.geometry import Crop
    from framescope.core.model.stream_facts import VideoInfo


class FormatSection(QWidget):
    """Chooses the format. Threads: GUI."""

    changed = Signal()
    """`choice` is another one."""
    crop_wanted = Signal(bool)
    """Whether the crop is to be drawn on the picture now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportFormatSection")
        self._info: VideoInfo | None = None
        self._format = FormatOptions(self)
        self._picture = PictureOptions(self)
        self._notes = QLabel(self)
        self._notes.setObjectName("exportNotes")
        self._notes.setAccessibleName("What is not kept")
        self._notes.setWordWrap(True)
        set_role(self._notes, "warning")
        line = QFrame(self)
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFixedHeight(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * SPACE)
        for each in (self._format, self._notes, line, self._picture):
            column.addWidget(each)
        column.addStretch(1)
        self._format.changed.connect(self._on_changed)
        self._picture.changed.connect(self._on_changed)
        self._picture.crop_wanted.connect(self.crop_wanted)
        self._show_notes()

    @property
    def choice(self) -> ExportSettings:
        """What is chosen; folder and names are somebody else's."""
        return self._picture.applied(self._format.applied(ExportSettings(Path())))

    @property
    def summary(self) -> str:
        """What is chosen, in a few words."""
        return format_words(self.choice)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a file with these settings does not keep of the video."""
        return () if self._info is None else format_notes(self._info, self.choice)

    def choose(self, choice: ExportSettings) -> None:
        """Show this choice."""
        self._format.choose(choice)
        self._picture.choose(choice)
        self._on_changed()

    def show_source(self, info: VideoInfo | None) -> None:
        """Offer what this video has, and note what is not kept of it."""
        self._info = info
        self._picture.show_source(info)
        if info is not None:
            self._format.show_source_bits(info.bit_depth)
        self._on_changed()

    def set_rotated(self, *, rotated: bool) -> None:
        """Save as the view shows it."""
        self._picture.set_rotated(rotated=rotated)

    def set_level(self, level: int) -> None:
        """Choose another quality or compression, whichever the format has."""
        if level_kind(self.choice) is not None:
            self._format.set_level(level)

    def set_crop(self, crop: Crop | None) -> None:
        """Choose a crop, as drawn on the picture."""
        self._picture.set_crop(crop)

    def set_drawing_crop(self, *, drawing: bool) -> None:
        """Say whether the crop is being drawn."""
        self._picture.set_drawing(drawing=drawing)

    def _show_notes(self) -> None:
        notes = self.notes
        self._notes.setText("\n".join(notes))
        self._notes.setVisible(bool(notes))

    @Slot()
    def _on_changed(self) -> None:
        self._picture.show_format(self.choice)
        self._show_notes()
        self.changed.emit()
