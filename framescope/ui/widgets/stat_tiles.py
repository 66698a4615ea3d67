"""A few large numbers in a row, each with a caption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBER_PIXELS = 17
_CAPTION_PIXELS = 11


class StatTiles(QWidget):
    """One tile a number; the tile's tooltip has the whole story."""

    def __init__(self, captions: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statTiles")
        self.setAccessibleName("Summary")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        self._numbers: list[QLabel] = []
        self._captions: list[QLabel] = []
        for place, caption in enumerate(captions):
            if place:
                row.addWidget(_line(self))
            row.addLayout(self._make_tile(caption), 1)

    @property
    def numbers(self) -> tuple[str, ...]:
        """What the tiles say."""
        return tuple(label.text() for label in self._numbers)

    def set_tile(self, place: int, number: str, tip: str) -> None:
        """Show a number, and when the pointer rests on it what it means."""
        self._numbers[place].setText(number)
        for label in (self._numbers[place], self._captions[place]):
            label.setToolTip(tip)
        self._numbers[place].setAccessibleName(f"{self._captions[place].text()}: {number}. {tip}")

    def _make_tile(self, caption: str) -> QVBoxLayout:
        number, below = QLabel("–", self), QLabel(caption, self)
        number.setFont(sized(number.font(), _NUMBER_PIXELS, bold=True))
        below.setFont(sized(below.font(), _CAPTION_PIXELS))
        below.setProperty("role", "muted")
        for label in (number, below):
            label.setMinimumWidth(1)
        tile = QVBoxLayout()
        tile.setSpacing(0)
        tile.addWidget(number)
        tile.addWidget(below)
        self._numbers.append(number)
        self._captions.append(below)
        return tile


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setFrameShape(QFrame.Shape.VLine)
    line.setFixedWidth(1)
    line.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return line
