"""A small bar chart without a vertical axis. Made when first shown: the plotting library loads slowly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot

from framescope.ui.widgets.fonts import sized

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from framescope.ui.widgets.theme import ThemeSource

_HEIGHT = 92
_AXIS_HEIGHT = 20
_AXIS_PIXELS = 11
FILL = 0.86
"""The width of a bar, of the distance between two."""


class BarChart(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Bars over a horizontal axis; subclasses set their heights in `draw`. Threads: GUI.

    Attributes:
        theme: The colours.
        bars: The bars.
    """

    def __init__(self, theme: ThemeSource, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, background=None, enableMenu=False)
        self.theme = theme
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setFixedHeight(_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.setFrameShape(self.Shape.NoFrame)
        item = self.getPlotItem()
        item.setContentsMargins(0, 4, 0, 0)
        item.hideAxis("left")
        axis = item.getAxis("bottom")
        axis.setHeight(_AXIS_HEIGHT)
        axis.setStyle(tickFont=sized(self.font(), _AXIS_PIXELS), tickLength=-3, tickTextOffset=3)
        self.bars = pg.BarGraphItem(x=[], height=[], width=FILL)
        item.addItem(self.bars)
        theme.changed.connect(self._dress)
        self._dress()

    def draw(self) -> None:
        """Draw the bars in the theme's colours."""
        raise NotImplementedError

    @Slot()
    def _dress(self) -> None:
        tokens = self.theme.tokens
        axis = self.getPlotItem().getAxis("bottom")
        axis.setPen(pg.mkPen(tokens.border_strong))
        axis.setTextPen(pg.mkPen(tokens.text_muted))
        self.draw()
