"""A row of large numbers, each with a caption and an optional second line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER_PIXELS = 17
_CAPTION_PIXELS = 11


class FigureTiles(QWidget):
    """One tile a figure; each is found by the name it was made with. Threads: GUI."""

    def __init__(self, shares: Mapping[str, int], parent: QWidget | None = None) -> None:
        """Make the tiles.

        Args:
            shares: Name of each tile and its share of the width.
            parent: The widget that owns it.
        """
        super().__init__(parent)
        self.setObjectName("exportTiles")
        self._numbers: dict[str, QLabel] = {}
        self._captions: dict[str, QLabel] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * SPACE)
        for name, share in shares.items():
            if self._numbers:
                row.addWidget(_line(self))
            row.addLayout(self._make_tile(name), share)

    def text(self, name: str) -> tuple[str, str]:
        """What a tile says: its number and its caption."""
        return self._numbers[name].text(), self._captions[name].text()

    def show_figure(self, name: str, number: str, caption: str, *, role: str = "", tip: str = "") -> None:
        """Show a figure.

        Args:
            name: Which tile.
            number: What is read first.
            caption: What it is.
            role: What colours the number; see `set_role`.
            tip: The whole story, when the pointer rests on it.
        """
        label, below = self._numbers[name], self._captions[name]
        label.setText(number)
        below.setText(caption)
        set_role(label, role)
        label.setAccessibleName(f"{caption}: {number}")
        for each in (label, below):
            each.setToolTip(tip)

    def show_pending(self, name: str) -> None:
        """Say that a figure belongs to an earlier request and a new one is on its way."""
        set_role(self._numbers[name], "faint")

    def _make_tile(self, name: str) -> QVBoxLayout:
        number, caption = QLabel("–", self), QLabel(self)
        number.setObjectName(f"exportFigure.{name}")
        number.setFont(sized(number.font(), _NUMBER_PIXELS, bold=True))
        caption.setObjectName(f"exportCaption.{name}")
        caption.setFont(sized(caption.font(), _CAPTION_PIXELS))
        set_role(caption, "muted")
        for label in (number, caption):
            label.setTextFormat(Qt.TextFormat.PlainText)
            # Figures that grow must not push their neighbours about.
            label.setMinimumWidth(1)
        tile = QVBoxLayout()
        tile.setSpacing(1)
        tile.addWidget(number)
        tile.addWidget(caption)
        self._numbers[name], self._captions[name] = number, caption
        return tile


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setFrameShape(QFrame.Shape.VLine)
    line.setFixedWidth(1)
    return line
