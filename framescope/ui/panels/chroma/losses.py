"""Chooses a codec and quality, and shows what this frame would lose when encoded with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from framescope.core.synth.chroma_loss import psnr_words
from framescope.core.synth.codecs import CODECS, codec_named
from framescope.core.synth.make_settings import MakeSettings
from framescope.core.synth.round_trip import SUBSAMPLINGS
from framescope.core.translation import tr
from framescope.ui.panels.fact_widgets import text_label
from framescope.ui.widgets.roles import named_combo
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from framescope.core.synth.chroma_loss import Losses

_HEADS = ("", tr("Conversion"), tr("Codec"), tr("Together"))


class LossTable(QWidget):
    """Chooses a codec and a quality, and shows the losses. Threads: GUI."""

    changed = Signal()
    """`settings` changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chromaLosses")
        self.setAccessibleName(tr("Losses"))
        self._cells: dict[tuple[str, str], QLabel] = {}
        self._codec = named_combo(self, "chromaCodec", tr("Codec"))
        for codec in CODECS:
            self._codec.addItem(codec.title, codec.codec_id)
        self._quality = QSpinBox(self)
        self._quality.setObjectName("chromaQuality")
        self._quality.setAccessibleName(tr("Quality"))
        self._quality.setRange(0, 100)
        self._quality.setValue(75)
        self._quality.setPrefix(tr("Quality "))
        # Typing 100 must not also trigger encodes at 1 and 10.
        self._quality.setKeyboardTracking(False)
        self._words = text_label(self, "muted")
        self._lay_out()
        self._codec.currentIndexChanged.connect(self._on_changed)
        self._quality.valueChanged.connect(self._on_changed)

    @property
    def settings(self) -> MakeSettings:
        """The chosen codec and quality."""
        codec = codec_named(str(self._codec.currentData()))
        return MakeSettings(
            codec=codec.codec_id, container=codec.containers[0], quality=self._quality.value()
        )

    @property
    def rows(self) -> dict[str, tuple[str, ...]]:
        """The rows of the table, by subsampling."""
        return {name: tuple(self._cells[name, head].text() for head in _HEADS[1:]) for name in SUBSAMPLINGS}

    @property
    def words(self) -> str:
        """The sentence below the table."""
        return self._words.text()

    def show_losses(self, losses: Losses | None) -> None:
        """Fill the table; None clears it."""
        for name in SUBSAMPLINGS:
            for head, value in zip(_HEADS[1:], _values(losses, name), strict=True):
                self._cells[name, head].setText(value)
        self._words.setText("" if losses is None else losses.words)

    def show_failure(self, message: str) -> None:
        """Show why there are no figures."""
        self.show_losses(None)
        for cell in self._cells.values():
            cell.setText("–")
        self._words.setText(message)

    def _lay_out(self) -> None:
        chooser = QHBoxLayout()
        chooser.setSpacing(SPACE)
        chooser.addWidget(self._codec, 1)
        chooser.addWidget(self._quality)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE)
        grid.setVerticalSpacing(SPACE // 2)
        for column, head in enumerate(_HEADS):
            label = text_label(self, "faint", pixels=11)
            label.setText(head)
            label.setWordWrap(False)
            grid.addWidget(
                label, 0, column, Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            )
            grid.setColumnStretch(column, 1)
        for row, name in enumerate(SUBSAMPLINGS, start=1):
            title = QLabel(name, self)
            grid.addWidget(title, row, 0)
            for column, head in enumerate(_HEADS[1:], start=1):
                cell = QLabel("–", self)
                cell.setAccessibleName(f"{name}, {head.lower()}")
                grid.addWidget(cell, row, column, Qt.AlignmentFlag.AlignRight)
                self._cells[name, head] = cell
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(0, 0, 0, 0)
        column_layout.setSpacing(SPACE)
        column_layout.addLayout(chooser)
        column_layout.addLayout(grid)
        column_layout.addWidget(self._words)

    @Slot()
    def _on_changed(self) -> None:
        spec = codec_named(str(self._codec.currentData()))
        self._quality.setEnabled(spec.quality is not None)
        self.changed.emit()


def _values(losses: Losses | None, name: str) -> tuple[str, str, str]:
    if losses is None:
        return ("…", "…", "…")
    trip = losses.trips.get(name)
    if trip is None:
        return ("–", "–", "–")
    return (psnr_words(trip.conversion), psnr_words(trip.codec), psnr_words(trip.total))
