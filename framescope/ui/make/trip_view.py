"""Three pictures beside each other: as it was given, as conversion leaves it, and as the video shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from framescope.core.export.quality.heat import best_gain, heat_map
from framescope.core.export.quality.measure import difference_map
from framescope.ui.panels.chroma.planes import image_from_rgb
from framescope.ui.panels.chroma.words import psnr_words
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from framescope.core.synth.round_trip import RoundTrip
    from framescope.ui.widgets.theme import ThemeSource

_CAPTION_PX = 22


class TripView(QWidget):
    """Draws one round trip. Threads: GUI."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tiles: tuple[tuple[str, str, QImage], ...] = ()
        self._heat: tuple[tuple[str, QImage], ...] = ()
        self._gain = 1
        self._message = ""
        self.setObjectName("makeTrip")
        self.setAccessibleName("The picture before and after")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(140)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Three pictures of film in a row, two below."""
        return QSize(820, 380)

    @property
    def captions(self) -> tuple[tuple[str, str], ...]:
        """Title and figure of each picture."""
        return tuple((title, figure) for title, figure, _ in self._tiles)

    def show_trip(self, trip: RoundTrip) -> None:
        """Show a picture's way into the video and back."""
        self._message = ""
        self._tiles = (
            ("Given", "", image_from_rgb(trip.original)),
            ("Converted only", psnr_words(trip.conversion), image_from_rgb(trip.converted)),
            ("Out of the video", psnr_words(trip.total), image_from_rgb(trip.decoded)),
        )
        steps = (
            difference_map(trip.original, trip.converted),
            difference_map(trip.converted, trip.decoded),
        )
        # One gain for both, so that the two can be compared.
        self._gain = min(best_gain(step) for step in steps)
        titles = ("What conversion changed", "What the codec changed")
        self._heat = tuple(
            (title, image_from_rgb(np.ascontiguousarray(heat_map(step, self._gain)[..., ::-1])))
            for title, step in zip(titles, steps, strict=True)
        )
        self.update()

    def show_message(self, words: str) -> None:
        """Say why there is nothing to see."""
        self._tiles, self._heat, self._message = (), (), words
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the pictures, each as large as its third allows."""
        del event
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(sized(self.font(), 12))
        if not self._tiles:
            painter.setPen(tokens.text_muted)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._message)
            painter.end()
            return
        width = (self.width() - 2 * SPACE) / 3
        room = QSize(int(width), max((self.height() - SPACE) // 2 - _CAPTION_PX, 20))
        below = 0.0
        for place, (title, figure, image) in enumerate(self._tiles):
            bottom = self._paint_tile(
                painter, QPointF(place * (width + SPACE), 0), room, (title, figure, image)
            )
            below = max(below, bottom + SPACE)
        for place, (title, image) in enumerate(self._heat, start=1):
            self._paint_tile(painter, QPointF(place * (width + SPACE), below), room, (title, "", image))
        painter.setPen(tokens.text_muted)
        legend = QRectF(0, below + _CAPTION_PX, width - SPACE, room.height())
        words = f"Differences, {self._gain} times as strong as they are. Black means no difference."
        painter.drawText(legend, int(Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap), words)
        painter.end()

    def _paint_tile(
        self, painter: QPainter, corner: QPointF, room: QSize, tile: tuple[str, str, QImage]
    ) -> float:
        """Draw a picture with its caption; answers where it ends below."""
        tokens = self._theme.tokens
        title, figure, image = tile
        size = image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        caption = QRectF(corner.x(), corner.y(), max(size.width(), 150), _CAPTION_PX)
        painter.setPen(tokens.text)
        painter.drawText(caption, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
        painter.setPen(tokens.text_muted)
        painter.drawText(caption, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, figure)
        place = QRectF(corner.x(), corner.y() + _CAPTION_PX, size.width(), size.height())
        painter.drawImage(place, image)
        return place.bottom()
