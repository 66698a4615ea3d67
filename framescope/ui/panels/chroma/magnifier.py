"""A few pixels of a frame, enlarged: the picture, its luma, and the chroma shared by neighbouring pixels."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from framescope.core.translation import tr
from framescope.ui.panels.chroma.planes import plane_image
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.rgb_image import image_from_rgb
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from framescope.core.media.picture.components import ComponentPlane
    from framescope.ui.widgets.theme import ThemeSource

CROP_PIXELS = 16
"""Width and height of the crop in pixels; a multiple of every chroma subsampling factor."""
_CAPTION_PX = 18


class Magnifier(QWidget):
    """The same 16 × 16 pixels as a picture and in each plane, one block per sample. Threads: GUI."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tiles: tuple[tuple[str, QImage, tuple[int, int]], ...] = ()
        self._corner = (0, 0)
        self.setObjectName("chromaMagnifier")
        self.setAccessibleName(tr("A few pixels, enlarged"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def corner(self) -> tuple[int, int]:
        """Column and row of the crop's top left pixel."""
        return self._corner

    @property
    def grids(self) -> dict[str, tuple[int, int]]:
        """Samples across and down in each tile, by name."""
        return {name: grid for name, _, grid in self._tiles}

    def show_spot(
        self,
        rgb: NDArray[np.uint8],
        planes: Sequence[ComponentPlane],
        spot: tuple[float, float],
        *,
        tinted: bool,
    ) -> None:
        """Enlarge the pixels around a spot.

        Args:
            rgb: (height, width, 3) uint8 as decoded, not rotated.
            planes: Its planes.
            spot: The spot, as fractions of width and height.
            tinted: Whether chroma is drawn in colour rather than grey.
        """
        height, width = rgb.shape[:2]
        self._corner = (_begin(spot[0], width), _begin(spot[1], height))
        left, top = self._corner
        across, down = min(CROP_PIXELS, width - left), min(CROP_PIXELS, height - top)
        crop = image_from_rgb(rgb[top : top + down, left : left + across])
        tiles = [(tr("Picture"), crop, (across, down))]
        for plane in planes:
            columns, rows = -(-across // plane.step_x), -(-down // plane.step_y)
            x, y = left // plane.step_x, top // plane.step_y
            part = replace(plane, samples=plane.samples[y : y + rows, x : x + columns])
            tiles.append((plane.name, plane_image(part, tinted=tinted), (columns, rows)))
        self._tiles = tuple(tiles)
        self._hold_height()
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._tiles = ()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fix the height for the new width: a scroll area does not use height-for-width."""
        super().resizeEvent(event)
        self._hold_height()

    def _hold_height(self) -> None:
        self.setFixedHeight(int(self._side(float(self.width()))) + _CAPTION_PX + 1)

    def _side(self, width: float) -> float:
        count = max(len(self._tiles), 1)
        return min((width - SPACE * (count - 1)) / count, 180.0)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the tiles, one block per sample, with grid lines between samples."""
        del event
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setFont(sized(self.font(), 11))
        side = self._side(float(self.width()))
        grid_color = QColor(tokens.picture_background)
        grid_color.setAlpha(110)
        for place, (name, image, (columns, rows)) in enumerate(self._tiles):
            left = place * (side + SPACE)
            painter.setPen(tokens.text_muted)
            painter.drawText(QRectF(left, 0, side, _CAPTION_PX), Qt.AlignmentFlag.AlignVCenter, name)
            box = QRectF(left, _CAPTION_PX, side, side)
            painter.drawImage(box, image)
            painter.setPen(QPen(grid_color, 1.0))
            for column in range(1, columns):
                x = box.left() + column * side / columns
                painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
            for row in range(1, rows):
                y = box.top() + row * side / rows
                painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
        painter.end()


def _begin(share: float, total: int) -> int:
    """Start of a crop around a fraction of the side: aligned to samples in all planes, inside the picture."""
    middle = int(np.clip(share, 0, 1) * total)
    begin = min(max(middle - CROP_PIXELS // 2, 0), max(total - CROP_PIXELS, 0))
    return begin // 4 * 4
