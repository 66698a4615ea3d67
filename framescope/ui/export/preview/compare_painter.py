"""Draws what lies on the compared pictures: tags, split, legend of differences, both pixels' values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPen, QPolygonF

from framescope.core.export.quality.heat import heat_scale
from framescope.core.text import grouped
from framescope.ui.picture.overlay_painter import paint_chip
from framescope.ui.widgets.theme import RADIUS, SPACE

if TYPE_CHECKING:
    from framescope.ui.export.preview.picture import HeatPicture, SavedPicture
    from framescope.ui.widgets.theme import Tokens

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
        original: Red, green and blue as encoded, in 8 bits as on screen.
        saved: The same as a reader of the file sees it.
        difference: The largest difference of the three, in the file's depth.
    """

    x: int
    y: int
    original: tuple[int, int, int]
    saved: tuple[int, int, int]
    difference: int


def pair_reading(picture: SavedPicture, across: float, down: float) -> PairReading:
    """The pixel at a place given in fractions of the picture."""
    x = min(int(across * picture.width), picture.width - 1)
    y = min(int(down * picture.height), picture.height - 1)
    colors = [image.full.pixelColor(x, y) for image in (picture.original, picture.saved)]
    original, saved = ((color.red(), color.green(), color.blue()) for color in colors)
    difference = 0 if picture.difference is None else int(picture.difference[y, x])
    return PairReading(x, y, original, saved, difference)


def paint_tag(painter: QPainter, area: QRectF, text: str, tokens: Tokens, *, at_right: bool = False) -> None:
    """Say in a corner what the area shows; nothing where there is no room to say it."""
    width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 4 * SPACE
    if width <= area.width():
        x = area.right() - width + SPACE if at_right else area.left() + SPACE
        paint_chip(painter, QPointF(x, area.top() + SPACE), text, tokens)


def paint_split(painter: QPainter, area: QRectF, x: float, tokens: Tokens) -> None:
    """Draw the line between the original and the file, with a knob to drag it by."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(tokens.overlay, 3))
    painter.drawLine(QLineF(x, area.top(), x, area.bottom()))
    painter.setPen(QPen(tokens.overlay_text, 1))
    painter.drawLine(QLineF(x, area.top(), x, area.bottom()))
    middle = QPointF(x, area.center().y())
    painter.setBrush(tokens.overlay)
    painter.drawEllipse(middle, _KNOB, _KNOB)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tokens.overlay_text)
    for side in (-1, 1):
        tip, base = x + side * 7, x + side * 3
        corners = [QPointF(tip, middle.y()), QPointF(base, middle.y() - 4), QPointF(base, middle.y() + 4)]
        painter.drawPolygon(QPolygonF(corners))
    painter.restore()


def paint_cross(painter: QPainter, area: QRectF, at: QPointF, tokens: Tokens) -> None:
    """Mark the place in one picture that the pointer is at in the other."""
    if not area.contains(at):
        return
    painter.save()
    painter.setClipRect(area)
    for pen in (QPen(tokens.overlay, 3), QPen(tokens.overlay_text, 1)):
        painter.setPen(pen)
        for begin, end in ((3.0, 9.0), (-9.0, -3.0)):
            painter.drawLine(QLineF(at.x() + begin, at.y(), at.x() + end, at.y()))
            painter.drawLine(QLineF(at.x(), at.y() + begin, at.x(), at.y() + end))
    painter.restore()


def paint_legend(painter: QPainter, area: QRectF, heat: HeatPicture, bits: int, tokens: Tokens) -> None:
    """Draw the scale of the differences with what its ends mean, at the bottom right."""
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
    painter.drawText(words, middle | Qt.AlignmentFlag.AlignHCenter, f"levels of {grouped(2**bits)}")
    painter.restore()


def scale_words(heat: HeatPicture) -> str:
    """The difference at the scale's end; with ≥ where some differences go beyond."""
    end = math.ceil(heat.scale_end)
    return f"≥ {end}" if heat.largest > heat.scale_end else str(end)


def paint_pair_reading(
    painter: QPainter, bottom_left: QPointF, reading: PairReading, tokens: Tokens
) -> QRectF:
    """Draw both pixels' values and how far they are apart; returns what it covers."""
    before = " ".join(f"{value:3d}" for value in reading.original)
    after = " ".join(f"{value:3d}" for value in reading.saved)
    text = f"{reading.x}, {reading.y}    {before}  →  {after}    Δ {reading.difference}"
    return paint_chip(painter, bottom_left - QPointF(0, 24), text, tokens)
