"""The curve with its key, what the pointer reads off it, and the search for the smallest quality."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from framescope.core.export.quality.trial import LevelKind
from framescope.core.text import size_words
from framescope.ui.export.preview.curve_chart import CurveChart
from framescope.ui.export.preview.target_row import TargetRow
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from framescope.core.export.quality.trial import Trial
    from framescope.ui.widgets.theme import ThemeSource


class CurvePane(QWidget):
    """Shows what each level costs. Threads: GUI."""

    level_chosen = Signal(int)
    """Somebody chose this quality or compression."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportCurvePane")
        self._theme = theme
        self._level = 0
        self._pointed: int | None = None
        self._key = QLabel(self)
        self._key.setObjectName("exportCurveKey")
        self._readout = QLabel(self)
        self._readout.setObjectName("exportCurveReadout")
        set_role(self._readout, "muted")
        self.chart = CurveChart(theme, self)
        self.target = TargetRow(self)
        line = QHBoxLayout()
        line.addWidget(self._key, 1)
        line.addWidget(self._readout)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addLayout(line)
        column.addWidget(self.chart)
        column.addWidget(self.target)
        self.chart.level_chosen.connect(self.level_chosen)
        self.chart.level_pointed.connect(self._on_level_pointed)
        theme.changed.connect(self._show_key)
        self.begin(LevelKind.QUALITY)

    def begin(self, kind: LevelKind | None) -> None:
        """Begin another curve; None for a format that has no level."""
        for part in (self._key, self._readout, self.chart):
            part.setVisible(kind is not None)
        self.target.setVisible(kind is LevelKind.QUALITY)
        if kind is not None:
            self.chart.clear_points(kind)
            self._show_key()
            self._read()

    def add_point(self, trial: Trial) -> None:
        """Draw one more point."""
        self.chart.add_points([trial])
        self._read()

    def set_level(self, level: int) -> None:
        """Mark the present setting."""
        self._level = level
        self.chart.set_level(level)
        self._read()

    def _show_key(self) -> None:
        tokens = self._theme.tokens
        other = "PSNR" if self.chart.kind is LevelKind.QUALITY else "time to encode"
        size, right = tokens.accent.name(), tokens.success.name()
        self._key.setText(
            f"<span style='color:{size}'>●</span> Size and <span style='color:{right}'>●</span> {other} "
            f"of this frame by {self.chart.kind.value}"
        )

    def _read(self) -> None:
        """Say what the level under the pointer costs, or else the present one."""
        level = self._level if self._pointed is None else self._pointed
        value = self.chart.value_at(level)
        name = self.chart.kind.value.capitalize()
        if value is None:
            self._readout.setText(f"{name} {level}")
            return
        size, right, is_tried = value
        unit = "dB" if self.chart.kind is LevelKind.QUALITY else "ms"
        words = "exact" if math.isinf(right) else f"{right:.1f} {unit}"
        about = "" if is_tried else "about "
        self._readout.setText(f"{name} {level}: {about}{size_words(size)}, {words}")

    @Slot(int)
    def _on_level_pointed(self, level: int) -> None:
        self._pointed = None if level < 0 else level
        self._read()
