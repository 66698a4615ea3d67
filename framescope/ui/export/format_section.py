"""The format section of the export dialog: picture format, its options, changes to the picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from framescope.core.export.encoders.encode import can_write
from framescope.core.export.encoders.formats import (
    BitDepth,
    ChromaSampling,
    ImageFormat,
    PngStrategy,
    TiffCompression,
)
from framescope.core.export.notes import format_notes
from framescope.core.export.quality.trial import LevelKind, level_kind
from framescope.core.export.settings import ExportSettings
from framescope.core.translation import tr
from framescope.ui.export.picture_options import PictureOptions
from framescope.ui.widgets.roles import (
    check_box,
    inset_text,
    label_for,
    make_form,
    named_combo,
    plain_label,
    shrinkable,
)
from framescope.ui.widgets.theme import SPACE, set_role
from framescope.ui.widgets.words import FORMAT_WORDS, cost_words, format_words

if TYPE_CHECKING:
    from enum import StrEnum

    from PySide6.QtGui import QStandardItemModel

    from framescope.core.export.geometry import Crop
    from framescope.core.model.stream_facts import VideoInfo

    Choice = TypeVar("Choice", bound=StrEnum)

_SPIN_WIDTH = 72
_CHROMA_WORDS = {
    ChromaSampling.QUARTER: tr("4:2:0 (one colour per four pixels)"),
    ChromaSampling.HALF: tr("4:2:2 (one colour per two pixels)"),
    ChromaSampling.FULL: tr("4:4:4 (one colour per pixel)"),
}
_STRATEGY_WORDS = {
    PngStrategy.AUTO: tr("Automatic"),
    PngStrategy.DEFAULT: tr("Default"),
    PngStrategy.FILTERED: tr("Filtered"),
    PngStrategy.HUFFMAN: tr("Huffman only"),
    PngStrategy.RLE: "RLE",
    PngStrategy.FIXED: tr("Fixed codes"),
}
_TIFF_WORDS = {
    TiffCompression.DEFLATE: tr("Deflate"),
    TiffCompression.LZW: "LZW",
    TiffCompression.NONE: tr("None"),
}
_DEPTH_WORDS = {
    BitDepth.SOURCE: tr("Same as the source"),
    BitDepth.EIGHT: tr("8 bits"),
    BitDepth.SIXTEEN: tr("16 bits"),
}


class FormatOptions(QWidget):
    """Chooses a format and its options. Threads: GUI."""

    changed = Signal()
    """`applied` would return different settings."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._levels = {LevelKind.QUALITY: 95, LevelKind.COMPRESSION: 2}
        self._kind: LevelKind | None = LevelKind.QUALITY
        self._base = ExportSettings(Path())
        self._formats = self._make_formats()
        self._level_label = label_for(tr("Quality"), self)
        self._level = self._make_level()
        self._cost = plain_label("exportCost", "muted", self)
        self._lossless = check_box(self, "exportLossless", tr("Lossless"))
        self._chroma = shrinkable(named_combo(self, "exportChroma", tr("Chroma subsampling"), _CHROMA_WORDS))
        self._progressive = check_box(self, "exportProgressive", tr("Progressive JPEG"))
        self._progressive.setToolTip(
            tr("Loads in successive passes of increasing detail; often slightly smaller.")
        )
        self._optimized = check_box(self, "exportOptimized", tr("Optimised Huffman tables"))
        self._optimized.setToolTip(tr("A few per cent smaller, slower to encode; the pixels are identical."))
        self._strategy = shrinkable(named_combo(self, "exportStrategy", tr("PNG strategy"), _STRATEGY_WORDS))
        self._tiff = shrinkable(
            named_combo(self, "exportTiffCompression", tr("TIFF compression"), _TIFF_WORDS)
        )
        self._depth = shrinkable(named_combo(self, "exportDepth", tr("Bits per channel"), _DEPTH_WORDS))
        self._lay_out()
        self._formats.currentIndexChanged.connect(self._on_changed)
        self._slider.valueChanged.connect(self._on_level_changed)
        self._spin.valueChanged.connect(self._on_level_changed)
        for box in (self._lossless, self._progressive, self._optimized):
            box.toggled.connect(self._on_changed)
        for combo in (self._chroma, self._strategy, self._tiff, self._depth):
            combo.currentIndexChanged.connect(self._on_changed)
        self._on_changed()

    def applied(self, settings: ExportSettings) -> ExportSettings:
        """The settings with the choices made here."""
        return replace(
            settings,
            image_format=self._chosen(self._formats, ImageFormat),
            quality=self._levels[LevelKind.QUALITY],
            compression=self._levels[LevelKind.COMPRESSION],
            lossless=self._lossless.isChecked(),
            chroma=self._chosen(self._chroma, ChromaSampling),
            progressive=self._progressive.isChecked(),
            optimized=self._optimized.isChecked(),
            png_strategy=self._chosen(self._strategy, PngStrategy),
            tiff_compression=self._chosen(self._tiff, TiffCompression),
            bit_depth=self._chosen(self._depth, BitDepth),
        )

    def choose(self, settings: ExportSettings) -> None:
        """Show these settings without emitting a signal; a format that cannot be written here becomes PNG."""
        self._base = settings
        with QSignalBlocker(self):
            self._levels = {
                LevelKind.QUALITY: settings.quality,
                LevelKind.COMPRESSION: settings.compression,
            }
            image_format = ImageFormat.PNG if can_write(settings.image_format) else settings.image_format
            values = {
                self._formats: image_format,
                self._chroma: settings.chroma,
                self._strategy: settings.png_strategy,
                self._tiff: settings.tiff_compression,
                self._depth: settings.bit_depth,
            }
            for combo, value in values.items():
                combo.setCurrentIndex(combo.findData(value.value))
            self._lossless.setChecked(settings.lossless)
            self._progressive.setChecked(settings.progressive)
            self._optimized.setChecked(settings.optimized)
            self._on_changed()

    def set_level(self, level: int) -> None:
        """Set the quality or compression, whichever the format has."""
        self._spin.setValue(level)

    def show_source_bits(self, bits: int) -> None:
        """Show the bit depth of the source."""
        deep = tr("{bits} → 16 bits", bits=bits) if bits > 8 else tr("8 bits")
        self._depth.setItemText(
            self._depth.findData(BitDepth.SOURCE.value), tr("Same as the source ({deep})", deep=deep)
        )

    def _chosen(self, combo: QComboBox, kind: type[Choice]) -> Choice:
        return kind(combo.currentData())

    def _make_formats(self) -> QComboBox:
        combo = named_combo(self, "exportFormat", tr("Format"))
        for image_format, words in FORMAT_WORDS.items():
            reason = can_write(image_format)
            combo.addItem(
                tr("{words} – not available on this machine", words=words) if reason else words,
                image_format.value,
            )
            if reason:
                item = cast("QStandardItemModel", combo.model()).item(combo.count() - 1)
                item.setEnabled(False)
                item.setToolTip(reason)
        combo.setMaxVisibleItems(combo.count())
        shrinkable(combo)
        return combo

    def _make_level(self) -> QWidget:
        whole = QWidget(self)
        self._slider = QSlider(Qt.Orientation.Horizontal, whole)
        self._slider.setObjectName("exportLevelSlider")
        self._spin = QSpinBox(whole)
        self._spin.setObjectName("exportLevel")
        self._spin.setFixedWidth(_SPIN_WIDTH)
        inset_text(self._spin)
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._slider, 1)
        row.addWidget(self._spin)
        return whole

    def _lay_out(self) -> None:
        self._form = make_form(self)
        rows: tuple[tuple[str, QWidget], ...] = (
            ("", self._lossless), ("", self._cost), (tr("Colours"), self._chroma), ("", self._progressive),
            ("", self._optimized), (tr("Strategy"), self._strategy), (tr("Method"), self._tiff),
            (tr("Depth"), self._depth),
        )  # fmt: skip
        self._form.addRow(label_for(tr("Save as"), self, self._formats), self._formats)
        self._form.addRow(self._level_label, self._level)
        for text, field in rows:
            self._form.addRow(label_for(text, self, field), field)

    def _show_options(self, settings: ExportSettings) -> None:
        """Show only the options of the format."""
        chosen = settings.image_format
        is_lossy = chosen.has_quality and not settings.is_lossless
        self._kind = level_kind(settings)
        if chosen is ImageFormat.TIFF and settings.tiff_compression is not TiffCompression.DEFLATE:
            self._kind = None
        words = "" if self._kind is None else cost_words(chosen, self._levels[self._kind])
        self._cost.setText(words)
        rows: dict[QWidget, bool] = {
            self._level: self._kind is not None,
            self._cost: bool(words),
            self._lossless: chosen.has_lossless_option,
            self._chroma: chosen.has_chroma and is_lossy,
            self._progressive: chosen is ImageFormat.JPEG,
            self._optimized: chosen is ImageFormat.JPEG,
            self._strategy: chosen is ImageFormat.PNG,
            self._tiff: chosen is ImageFormat.TIFF,
            self._depth: chosen.holds_16_bit and chosen.is_picture,
        }
        for field, is_shown in rows.items():
            self._form.setRowVisible(field, is_shown)
        self._range_level()

    def _range_level(self) -> None:
        kind = self._kind
        if kind is None:
            return
        name = kind.label
        self._level_label.setText(name)
        for field in (self._slider, self._spin):
            field.setAccessibleName(name)
            # Block signals, or the new range would clamp the other format's level.
            with QSignalBlocker(field):
                field.setRange(0, kind.most)
                field.setValue(self._levels[kind])
        self._slider.setPageStep(10 if kind.most > 9 else 1)

    @Slot(int)
    def _on_level_changed(self, level: int) -> None:
        if self._kind is not None:
            self._levels[self._kind] = level
            self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        self._show_options(self.applied(self._base))
        self.changed.emit()


class FormatSection(QWidget):
    """Chooses the format. Threads: GUI."""

    changed = Signal()
    """`choice` changed."""
    crop_wanted = Signal(bool)
    """Whether to start or stop drawing the crop on the picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportFormatSection")
        self._info: VideoInfo | None = None
        self._format = FormatOptions(self)
        self._picture = PictureOptions(self)
        self._notes = QLabel(self)
        self._notes.setObjectName("exportNotes")
        self._notes.setAccessibleName(tr("What this format loses"))
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
        """The settings, except for folder and names."""
        return self._picture.applied(self._format.applied(ExportSettings(Path())))

    @property
    def summary(self) -> str:
        """The current choice in a few words."""
        return format_words(self.choice)

    @property
    def notes(self) -> tuple[str, ...]:
        """What these settings lose of the video."""
        return () if self._info is None else format_notes(self._info, self.choice)

    def choose(self, choice: ExportSettings) -> None:
        """Show this choice."""
        self._format.choose(choice)
        self._picture.choose(choice)
        self._on_changed()

    def show_source(self, info: VideoInfo | None) -> None:
        """Offer the options this video has, and note what is not preserved."""
        self._info = info
        self._picture.show_source(info)
        if info is not None:
            self._format.show_source_bits(info.bit_depth)
        self._on_changed()

    def set_rotated(self, *, rotated: bool) -> None:
        """Apply the rotation of the view."""
        self._picture.set_rotated(rotated=rotated)

    def set_level(self, level: int) -> None:
        """Set the quality or compression, whichever the format has."""
        if level_kind(self.choice) is not None:
            self._format.set_level(level)

    def set_crop(self, crop: Crop | None) -> None:
        """Set the crop drawn on the picture."""
        self._picture.set_crop(crop)

    def set_drawing_crop(self, *, drawing: bool) -> None:
        """Show whether the crop is being drawn."""
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
