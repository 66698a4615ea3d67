"""The picture before and after encoding, at the same zoom: side by side, split, or as differences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Slot
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPen

from framescope.core.export.quality.heat import heat_scale
from framescope.core.text import grouped
from framescope.core.translation import tr
from framescope.ui.picture.overlay_painter import paint_chip, paint_pixel_grid
from framescope.ui.picture.pair_view import PairView, paint_cross, paint_split, paint_tag, split_areas
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import RADIUS, SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from framescope.ui.export.preview.picture import HeatPicture, Pyramid, SavedPicture
    from framescope.ui.widgets.theme import ThemeSource, Tokens

_LEGEND_WIDTH = 160.0
_LEGEND_HEIGHT = 44.0
_LEGEND_STEPS = 32
_KNOB = 11.0


@dataclass(frozen=True, slots=True)
class PairReading:
    """One pixel before and after.

    Attributes:
        x: Column.
        y: Row.
        original: Red, green and blue before encoding, in 8 bits as on screen.
        saved: The same, as decoded from the file.
        difference: The largest difference of the three channels, at the file's bit depth.
    """

    x: int
    y: int
    original: tuple[int, int, int]
    saved: tuple[int, int, int]
    difference: int


def pair_reading(picture: SavedPicture, across: float, down: float) -> PairReading:
    """The pixel at a position given in fractions of the picture."""
    x = min(int(across * picture.width), picture.width - 1)
    y = min(int(down * picture.height), picture.height - 1)
    colors = [image.full.pixelColor(x, y) for image in (picture.original, picture.saved)]
    original, saved = ((color.red(), color.green(), color.blue()) for color in colors)
    difference = 0 if picture.difference is None else int(picture.difference[y, x])
    return PairReading(x, y, original, saved, difference)


def paint_legend(painter: QPainter, area: QRectF, heat: HeatPicture, bits: int, tokens: Tokens) -> None:
    """Draw the colour scale of the differences with its end values, at the bottom right."""
    ground = QRectF(0, 0, _LEGEND_WIDTH + 2 * SPACE, _LEGEND_HEIGHT)
    ground.moveBottomRight(area.bottomRight() - QPointF(SPACE, SPACE))
    if ground.width() + 2 * SPACE > area.width() or ground.height() + 5 * SPACE > area.height():
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tokens.overlay)
    painter.drawRoundedRect(ground, RADIUS, RADIUS)
    bar = QRectF(ground.left() + SPACE, ground.top() + SPACE, _LEGEND_WIDTH, 10)
    gradient = QLinearGradient(bar.topLeft(), bar.topRight())
    scale = heat_scale()
    for step in range(_LEGEND_STEPS + 1):
        blue, green, red = (int(part) for part in scale[step * 255 // _LEGEND_STEPS])
        gradient.setColorAt(step / _LEGEND_STEPS, QColor(red, green, blue))
    painter.setBrush(gradient)
    painter.setPen(QPen(tokens.overlay_text_muted, 1))
    painter.drawRoundedRect(bar, 2, 2)
    painter.setPen(tokens.overlay_text)
    words = QRectF(bar.left(), bar.bottom() + 2, bar.width(), ground.bottom() - bar.bottom() - 4)
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.drawText(words, middle | Qt.AlignmentFlag.AlignLeft, "0")
    painter.drawText(words, middle | Qt.AlignmentFlag.AlignRight, scale_words(heat))
    painter.setPen(tokens.overlay_text_muted)
    painter.drawText(
        words, middle | Qt.AlignmentFlag.AlignHCenter, tr("levels of {bits}", bits=grouped(2**bits))
    )
    painter.restore()


def scale_words(heat: HeatPicture) -> str:
    """The difference at the end of the scale; with ≥ where some differences exceed it."""
    end = math.ceil(heat.scale_end)
    return f"≥ {end}" if heat.largest > heat.scale_end else str(end)


def paint_pair_reading(
    painter: QPainter, bottom_left: QPointF, reading: PairReading, tokens: Tokens
) -> QRectF:
    """Draw both pixels' values and their difference; returns the area covered."""
    before = " ".join(f"{value:3d}" for value in reading.original)
    after = " ".join(f"{value:3d}" for value in reading.saved)
    text = f"{reading.x}, {reading.y}    {before}  →  {after}    Δ {reading.difference}"
    return paint_chip(painter, bottom_left - QPointF(0, 24), text, tokens)


class PreviewMode(StrEnum):
    """How the two pictures are compared."""

    SIDE = "side"
    """Two panes that zoom and pan together."""
    SPLIT = "split"
    """One picture, the original left of a draggable line."""
    DIFFERENCE = "difference"
    """Difference map in false colours."""


class PreviewView(PairView):
    """Draws the pictures it is given. The wheel zooms at the pointer, dragging pans both. Threads: GUI."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, "exportCompare", tr("The frame before and after saving"), QSize(240, 150), parent
        )
        self._picture: SavedPicture | None = None
        self._heat: HeatPicture | None = None
        self._message = ""
        self._mode = PreviewMode.SIDE

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for a picture of common film proportions."""
        return QSize(640, 360)

    @property
    def has_picture(self) -> bool:
        """Whether there is a picture to show."""
        return self._picture is not None

    @property
    def picture_size(self) -> QSizeF | None:
        """Size of the saved picture in its pixels."""
        return None if self._picture is None else QSizeF(self._picture.width, self._picture.height)

    @property
    def has_panes(self) -> bool:
        """Whether the pictures are side by side."""
        return self._mode is PreviewMode.SIDE

    @property
    def has_split(self) -> bool:
        """Whether a line divides the pictures."""
        return self._mode is PreviewMode.SPLIT

    @property
    def picture(self) -> SavedPicture | None:
        """The picture shown."""
        return self._picture

    @property
    def seen_rect(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the visible area, in picture pixels; may exceed the picture."""
        target, scale, pane = self._transform.target, self._transform.effective_scale, self.panes[0]
        left, top = -target.x() / scale, -target.y() / scale
        return left, top, left + pane.width() / scale, top + pane.height() / scale

    @property
    def mode(self) -> PreviewMode:
        """How the two pictures are compared."""
        return self._mode

    def set_mode(self, mode: PreviewMode) -> None:
        """Change the comparison mode; the zoom stays."""
        self._mode = mode
        self._refit()
        self.update()

    def show_picture(self, picture: SavedPicture | None) -> None:
        """Show another picture; the zoom stays while its size is the same."""
        self._picture, self._message = picture, ""
        self._refit()
        self.update()

    def show_heat(self, heat: HeatPicture | None) -> None:
        """Show the differences that belong to the picture."""
        self._heat = heat
        self.update()

    def show_message(self, text: str) -> None:
        """Explain why there is no picture."""
        self._picture, self._heat, self._message = None, None, text
        self.update()

    # --- zoom

    @Slot()
    def zoom_actual(self) -> None:
        """One picture pixel on one screen pixel."""
        self._become(self._transform.at_actual_size())

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's own
        """Draw the pictures and overlays."""
        painter = QPainter(self)
        tokens = self._theme.tokens
        painter.setFont(sized(self.font(), 12))
        painter.fillRect(self.rect(), tokens.picture_background)
        if self._picture is None:
            self._paint_message(painter)
        elif self._mode is PreviewMode.SIDE:
            self._paint_side(painter, self._picture)
        elif self._mode is PreviewMode.SPLIT:
            self._paint_split(painter, self._picture)
        else:
            self._paint_difference(painter, self._picture)
        if self._picture is not None and self._cursor is not None and self._held is None:
            self._paint_reading(painter, self._picture, self._cursor)
        self.paint_focus(painter)

    def _paint_message(self, painter: QPainter) -> None:
        painter.setPen(self._theme.tokens.text_muted)
        room = self.rect().adjusted(3 * SPACE, SPACE, -3 * SPACE, -SPACE)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._message)

    def _paint_side(self, painter: QPainter, picture: SavedPicture) -> None:
        tokens = self._theme.tokens
        first, second = self.panes
        self._paint_pyramid(painter, first, first, picture.original)
        self._paint_pyramid(painter, second, second, picture.saved)
        between = QRectF(first.right(), 0, second.left() - first.right(), self.height())
        painter.fillRect(between, tokens.window)
        paint_tag(painter, first, tr("Original"), tokens)
        paint_tag(painter, second, self._saved_words(picture), tokens)
        if self._cursor is not None and self._held is None:
            here = self._pane_at(self._cursor)
            there = second if here == first else first
            paint_cross(painter, there, self._cursor - here.topLeft() + there.topLeft(), tokens)

    def _paint_split(self, painter: QPainter, picture: SavedPicture) -> None:
        tokens = self._theme.tokens
        (pane,) = self.panes
        left, right = split_areas(pane, self._split)
        self._paint_pyramid(painter, pane, left, picture.original)
        self._paint_pyramid(painter, pane, right, picture.saved)
        paint_split(painter, pane, right.left(), tokens)
        paint_tag(painter, left, tr("Original"), tokens)
        paint_tag(painter, right, self._saved_words(picture), tokens, at_right=True)

    def _paint_difference(self, painter: QPainter, picture: SavedPicture) -> None:
        (pane,) = self.panes
        if self._heat is None:
            return
        self._paint_pyramid(painter, pane, pane, self._heat.image)
        words = tr("Differences")
        if not self._heat.largest:
            words = tr("All pixels are identical")
        paint_tag(painter, pane, words, self._theme.tokens)
        if self._heat.largest:
            paint_legend(painter, pane, self._heat, picture.bits, self._theme.tokens)

    def _paint_pyramid(self, painter: QPainter, pane: QRectF, clip: QRectF, pyramid: Pyramid) -> None:
        transform = self._transform
        target = transform.target.translated(pane.topLeft())
        image = pyramid.full if transform.is_nearest else pyramid.best_for(transform.device_scale)
        painter.save()
        painter.setClipRect(clip)
        is_exact = transform.is_nearest or abs(transform.device_scale - 1) < 1e-6
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_exact)
        painter.drawImage(target, image, QRectF(image.rect()))
        if transform.is_nearest:
            paint_pixel_grid(painter, target, clip, pyramid.full.size(), transform.device_ratio)
        painter.restore()

    def _paint_reading(self, painter: QPainter, picture: SavedPicture, cursor: QPointF) -> None:
        where = self._transform.to_fraction(self.in_pane(cursor))
        if where is None or self.holds_split:
            return
        reading = pair_reading(picture, *where)
        paint_pair_reading(painter, QPointF(SPACE, self.height() - SPACE), reading, self._theme.tokens)

    def _saved_words(self, picture: SavedPicture) -> str:
        settings = picture.settings
        name = settings.image_format.label.split(" (")[0]
        has_quality = settings.image_format.has_quality and not settings.is_lossless
        return f"{name} {settings.quality}" if has_quality else tr("{name}, lossless", name=name)
