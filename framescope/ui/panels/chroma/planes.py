"""Draws the planes of a frame side by side at the same scale, so that subsampled ones are smaller."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from framescope.core.translation import tr
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.rgb_image import image_from_rgb
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QImage, QMouseEvent, QPaintEvent, QResizeEvent

    from framescope.core.media.picture.components import ComponentPlane
    from framescope.ui.widgets.theme import ThemeSource

_CAPTION_PX = 18
_GAP_PX = 8
_LOWEST_PX, _HIGHEST_PX = 90, 420
_MOST_COLUMNS = 1024
"""More than a panel's device pixels; wider planes are drawn from every second or third sample."""


class PlanesView(QWidget):
    """The planes of one frame. A click on one chooses the spot to magnify. Threads: GUI."""

    spot_chosen = Signal(float, float)
    """Position in the picture, as fractions of its width and height."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._planes: tuple[ComponentPlane, ...] = ()
        self._images: tuple[QImage, ...] = ()
        self._spot = (0.5, 0.5)
        self.setObjectName("chromaPlanes")
        self.setAccessibleName(tr("Planes of the frame"))
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(200)
        theme.changed.connect(self.update)

    @property
    def places(self) -> tuple[QRectF, ...]:
        """The rectangle of each plane."""
        return self._lay_out(float(self.width()))

    @property
    def names(self) -> tuple[str, ...]:
        """The planes' names, in the order of `places`."""
        return tuple(plane.name for plane in self._planes)

    def show_planes(self, planes: Sequence[ComponentPlane], *, tinted: bool) -> None:
        """Show these planes; ``tinted`` draws chroma in colour."""
        self._planes = tuple(planes)
        self._images = tuple(plane_image(_thinned(plane), tinted=tinted) for plane in self._planes)
        self._hold_height()
        self.update()

    def show_spot(self, x: float, y: float) -> None:
        """Mark the spot that is magnified."""
        self._spot = (x, y)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fix the height for the new width: a scroll area does not use height-for-width."""
        super().resizeEvent(event)
        self._hold_height()

    def _hold_height(self) -> None:
        self.setFixedHeight(int(max((place.bottom() for place in self.places), default=_LOWEST_PX)) + 2)

    def _lay_out(self, width: float) -> tuple[QRectF, ...]:
        """Place all at the same scale, in rows: luma has the first to itself where chroma is narrower."""
        if not self._planes:
            return ()
        rows, columns = self._planes[0].samples.shape
        scale = min(width / columns, _HIGHEST_PX / rows)
        if len(self._planes) > 1:
            # Two of the others fit side by side.
            scale = min(scale, (width - _GAP_PX) / (2 * self._planes[1].samples.shape[1]))
        places: list[QRectF] = []
        left, top, below = 0.0, float(_CAPTION_PX), 0.0
        for plane in self._planes:
            size = QSizeF(plane.samples.shape[1] * scale, plane.samples.shape[0] * scale)
            if places and left + size.width() > width + 0.5:
                left, top = 0.0, below + _GAP_PX + _CAPTION_PX
            places.append(QRectF(QPointF(left, top), size))
            left, below = places[-1].right() + _GAP_PX, max(below, places[-1].bottom())
        return tuple(places)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the planes with their names and sizes."""
        del event
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(sized(self.font(), 11))
        for plane, image, place in zip(self._planes, self._images, self.places, strict=True):
            rows, columns = plane.samples.shape
            caption = QRectF(place.left(), place.top() - _CAPTION_PX, max(place.width(), 60), _CAPTION_PX)
            painter.setPen(tokens.text)
            painter.drawText(caption, Qt.AlignmentFlag.AlignVCenter, plane.name)
            painter.setPen(tokens.text_muted)
            inset = painter.fontMetrics().horizontalAdvance(plane.name) + SPACE
            painter.drawText(
                caption.adjusted(inset, 0, 40, 0), Qt.AlignmentFlag.AlignVCenter, f"{columns}×{rows}"
            )
            painter.drawImage(place, image)
            self._paint_spot(painter, place)
        painter.end()

    def _paint_spot(self, painter: QPainter, place: QRectF) -> None:
        tokens = self._theme.tokens
        middle = QPointF(
            place.left() + self._spot[0] * place.width(), place.top() + self._spot[1] * place.height()
        )
        box = QRectF(middle.x() - 5, middle.y() - 5, 10, 10)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((tokens.picture_background, 3.0), (tokens.accent, 1.5)):
            painter.setPen(QPen(QColor(color), width))
            painter.drawRect(box)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose the spot under the pointer."""
        self._choose(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Follow the pointer while a button is held."""
        self._choose(event)

    def _choose(self, event: QMouseEvent) -> None:
        if not event.buttons() & Qt.MouseButton.LeftButton:
            return
        for place in self.places:
            if place.contains(event.position()):
                x = (event.position().x() - place.left()) / place.width()
                y = (event.position().y() - place.top()) / place.height()
                self.spot_chosen.emit(x, y)
                return


def plane_image(plane: ComponentPlane, *, tinted: bool) -> QImage:
    """A plane as an image: grey, or chroma on a scale between its two extreme colours."""
    grey = plane.as_grey()
    if not (tinted and plane.name in _TINTS):
        return image_from_rgb(np.repeat(grey[:, :, None], 3, 2))
    low, high = (np.array(color, np.float32) for color in _TINTS[plane.name])
    steps = np.arange(256, dtype=np.float32)[:, None] / 255
    table = np.round(low + (high - low) * steps).astype(np.uint8)
    return image_from_rgb(table[grey])


def _thinned(plane: ComponentPlane) -> ComponentPlane:
    """The plane subsampled for the screen: drawing every sample of 8K would block the GUI for 0.5 s."""
    step = max(plane.samples.shape[1] // _MOST_COLUMNS, 1)
    return replace(plane, samples=plane.samples[::step, ::step])


_TINTS = {
    # Colours of the smallest and largest value with luma 128 and neutral other chroma, in BT.709.
    "Cb": ((128, 152, 0), (128, 104, 255)),
    "Cr": ((0, 188, 128), (255, 68, 128)),
    "R": ((0, 0, 0), (255, 60, 60)),
    "G": ((0, 0, 0), (70, 230, 70)),
    "B": ((0, 0, 0), (90, 110, 255)),
}
