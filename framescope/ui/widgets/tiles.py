"""Large numbers in a row, each with a caption below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from framescope.core.translation import tr
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NUMBER_PIXELS = 17
_CAPTION_PIXELS = 11


class _Tile(QVBoxLayout):
    """A number and its caption."""

    def __init__(self, caption: str, parent: QWidget) -> None:
        super().__init__()
        self.setSpacing(0)
        self.number, self.caption = QLabel("–", parent), QLabel(caption, parent)
        self.number.setFont(sized(self.number.font(), _NUMBER_PIXELS, bold=True))
        self.caption.setFont(sized(self.caption.font(), _CAPTION_PIXELS))
        set_role(self.caption, "muted")
        for label in (self.number, self.caption):
            label.setTextFormat(Qt.TextFormat.PlainText)
            # A longer number must not resize its neighbours.
            label.setMinimumWidth(1)
            self.addWidget(label)

    def show_tip(self, tip: str) -> None:
        """Set the tooltip."""
        self.number.setToolTip(tip)
        self.caption.setToolTip(tip)


class StatTiles(QWidget):
    """One tile per number, with an explanation as tooltip. Threads: GUI."""

    def __init__(self, captions: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statTiles")
        self.setAccessibleName(tr("Summary"))
        self._tiles = [_Tile(caption, self) for caption in captions]
        for tile in self._tiles:
            # It never changes, and cut off it would say something else.
            tile.caption.setMinimumWidth(tile.caption.sizeHint().width())
        _fill_row(self, dict.fromkeys(self._tiles, 1), SPACE)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers shown."""
        return tuple(tile.number.text() for tile in self._tiles)

    def set_tile(self, place: int, number: str, tip: str) -> None:
        """Show a number, with its explanation as tooltip."""
        tile = self._tiles[place]
        tile.number.setText(number)
        tile.show_tip(tip)
        tile.number.setAccessibleName(f"{tile.caption.text()}: {number}. {tip}")


class FigureTiles(QWidget):
    """One tile per figure, identified by name. Threads: GUI."""

    def __init__(self, shares: Mapping[str, int], parent: QWidget | None = None) -> None:
        """Make the tiles.

        Args:
            shares: Name of each tile and its stretch factor.
            parent: The widget that owns it.
        """
        super().__init__(parent)
        self.setObjectName("exportTiles")
        self._tiles = {name: _Tile("", self) for name in shares}
        for name, tile in self._tiles.items():
            tile.setSpacing(1)
            tile.number.setObjectName(f"exportFigure.{name}")
            tile.caption.setObjectName(f"exportCaption.{name}")
        _fill_row(self, {self._tiles[name]: share for name, share in shares.items()}, 2 * SPACE)

    def text(self, name: str) -> tuple[str, str]:
        """The number and caption of a tile."""
        return self._tiles[name].number.text(), self._tiles[name].caption.text()

    def show_figure(self, name: str, number: str, caption: str, *, role: str = "", tip: str = "") -> None:
        """Show a figure.

        Args:
            name: The tile's name.
            number: The number.
            caption: What it is.
            role: The style role of the number; see `set_role`.
            tip: The tooltip.
        """
        tile = self._tiles[name]
        tile.number.setText(number)
        tile.caption.setText(caption)
        set_role(tile.number, role)
        tile.number.setAccessibleName(f"{caption}: {number}")
        tile.show_tip(tip)

    def show_pending(self, name: str) -> None:
        """Show that a figure is outdated and a new one is being computed."""
        set_role(self._tiles[name].number, "faint")


def _fill_row(owner: QWidget, shares: Mapping[_Tile, int], spacing: int) -> None:
    row = QHBoxLayout(owner)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for tile, share in shares.items():
        if row.count():
            line = QFrame(owner)
            line.setFrameShape(QFrame.Shape.VLine)
            line.setFixedWidth(1)
            row.addWidget(line)
        row.addLayout(tile, share)
