"""What this frame would lose when encoded: conversion and codec separately, for 4:4:4, 4:2:2 and 4:2:0."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from framescope.core.synth.codecs import CODECS, codec_named
from framescope.core.synth.make_settings import MakeSettings
from framescope.core.synth.round_trip import SUBSAMPLINGS, RoundTrip, try_picture
from framescope.core.translation import tr
from framescope.ui.panels.chroma.words import loss_sentence, psnr_words
from framescope.ui.panels.fact_widgets import text_label
from framescope.ui.widgets.roles import named_combo
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MOST_SIDE = (1920, 1088)
"""Larger pictures are measured on a centre crop: three encodes of 8K would take a minute."""
_HEADS = ("", tr("Conversion"), tr("Codec"), tr("Together"))


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """Losses of one picture in each subsampling.

    Attributes:
        settings: The codec and quality they are measured with.
        trips: By subsampling, such as ``4:2:0``; None for one the codec does not support.
        is_part: Whether only the centre of the picture was measured.
    """

    settings: MakeSettings
    trips: dict[str, RoundTrip | None]
    is_part: bool


def measure_losses(rgb: NDArray[np.uint8], settings: MakeSettings) -> Losses:
    """Encode the picture in each subsampling and measure the losses. Threads: any.

    Args:
        rgb: (height, width, 3) uint8.
        settings: Codec, container and quality.

    Raises:
        FrameScopeError: It cannot be encoded.
    """
    height, width = rgb.shape[:2]
    across, down = min(width, _MOST_SIDE[0]), min(height, _MOST_SIDE[1])
    left, top = (width - across) // 2, (height - down) // 2
    part = rgb[top : top + down, left : left + across]
    known = settings.codec_spec.pixel_formats
    trips: dict[str, RoundTrip | None] = {}
    for name, usual in SUBSAMPLINGS.items():
        pixel_format = next((one for one in (usual, usual.replace("yuv", "yuvj")) if one in known), None)
        trips[name] = (
            None if pixel_format is None else try_picture(part, replace(settings, pixel_format=pixel_format))
        )
    return Losses(settings, trips, (across, down) != (width, height))


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
        self._words.setText("" if losses is None else _sentence(losses))

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


def _sentence(losses: Losses) -> str:
    name = next((name for name in reversed(SUBSAMPLINGS) if losses.trips.get(name)), None)
    trip = None if name is None else losses.trips[name]
    if name is None or trip is None:
        return ""
    words = loss_sentence(name, trip.conversion, trip.codec)
    return tr("{words} Measured on the middle of the picture.", words=words) if losses.is_part else words
