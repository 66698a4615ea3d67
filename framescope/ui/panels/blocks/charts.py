"""The charts of the blocks panel: shares of kinds, lengths of vectors, the colours of quantisers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter
from PySide6.QtWidgets import QWidget

from framescope.core.translation import tr
from framescope.ui.panels.bar_chart import FILL, BarChart
from framescope.ui.picture.block_painter import heat_range, heat_table, kind_colors
from framescope.ui.timeline.shades import faded
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import RADIUS

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent

    from framescope.core.blocks.summary import BlockKind
    from framescope.ui.widgets.theme import ThemeSource

_BAR_HEIGHT = 14
_SCALE_HEIGHT = 34
_MOST_BARS = 32


class KindBar(QWidget):
    """One bar, divided by the shares of the kinds. Threads: GUI."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kinds: dict[BlockKind, int] = {}
        self.setObjectName("blockKinds")
        self.setAccessibleName(tr("Macroblocks by prediction"))
        self.setFixedHeight(_BAR_HEIGHT)
        theme.changed.connect(self.update)

    def set_kinds(self, kinds: dict[BlockKind, int]) -> None:
        """Show these numbers of macroblocks."""
        self._kinds = kinds
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw the shares side by side."""
        painter = QPainter(self)
        total = sum(self._kinds.values())
        left = 0.0
        for kind, color in kind_colors(self._theme.tokens).items():
            width = self.width() * self._kinds.get(kind, 0) / max(total, 1)
            painter.fillRect(QRectF(left, 0, width, self.height()), color)
            left += width


class QuantiserScaleBar(QWidget):
    """The colours of the heat map, their values, and the frame's mean. Threads: GUI."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ends = (0, 1)
        self._mean = 0.0
        self.setObjectName("quantiserScale")
        self.setAccessibleName(tr("Colours of the quantisers"))
        self.setFixedHeight(_SCALE_HEIGHT)
        theme.changed.connect(self.update)

    def set_values(self, values: NDArray[np.int16], mean: float) -> None:
        """Show the scale of these quantisers and their mean."""
        self._ends, self._mean = heat_range(values), mean
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw the gradient, its two ends and the mean."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(0, 0, self.width(), _BAR_HEIGHT)
        gradient = QLinearGradient(area.topLeft(), area.topRight())
        table = heat_table()
        for place in range(0, 256, 15):
            gradient.setColorAt(place / 255, QColor(*table[place].tolist()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.drawRoundedRect(area, RADIUS / 2, RADIUS / 2)
        low, high = self._ends
        across = (self._mean - low) / (high - low) * self.width()
        painter.fillRect(QRectF(across - 1, 0, 2, _BAR_HEIGHT), tokens.playhead)
        painter.setFont(sized(self.font(), 11))
        painter.setPen(tokens.text_muted)
        below = QRectF(0, _BAR_HEIGHT + 2, self.width(), self.height() - _BAR_HEIGHT - 2)
        for text, side in (
            (str(low), Qt.AlignmentFlag.AlignLeft),
            (tr("mean {mean:.2f}", mean=self._mean), Qt.AlignmentFlag.AlignHCenter),
            (str(high), Qt.AlignmentFlag.AlignRight),
        ):
            painter.drawText(below, side | Qt.AlignmentFlag.AlignVCenter, text)


class VectorChart(BarChart):
    """How many motion vectors are how long. Threads: GUI."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        self._counts: NDArray[np.int64] = np.empty(0, np.int64)
        self._width = 1.0
        super().__init__(theme, "vectorChart", tr("Motion vectors by length"), parent)

    def set_lengths(self, lengths: NDArray[np.float32]) -> None:
        """Show the lengths, in pixels."""
        longest = float(lengths.max(initial=1))
        # Whole pixels, or as many as keep the bars apart.
        self._width = float(2 ** max(int(np.ceil(np.log2(max(longest, 1) / _MOST_BARS))), 0))
        bins = int(longest // self._width) + 1
        self._counts = np.bincount((lengths // self._width).astype(np.int64), minlength=bins)
        self.draw()
        self.setXRange(0, bins * self._width, padding=0.02)
        self.setYRange(0, float(self._counts.max(initial=1)) ** 0.5, padding=0)

    def draw(self) -> None:
        """Draw the bars."""
        centres = (np.arange(len(self._counts)) + 0.5) * self._width
        self.bars.setOpts(
            x=centres,
            # Square roots keep a few long vectors visible next to thousands of short ones.
            height=self._counts**0.5,
            width=self._width * FILL,
            brush=faded(self.theme.tokens.p_frame, 0.7),
            pen=pg.mkPen(None),
        )
