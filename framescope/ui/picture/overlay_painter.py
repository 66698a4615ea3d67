"""Draws the overlays: chips, pixel grid, pixel values under the cursor, missing frame."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from framescope.core.text import grouped
from framescope.core.translation import tr
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import RADIUS, SPACE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtCore import QSize
    from PySide6.QtGui import QFont

    from framescope.ui.picture.pixel_reader import PixelReading
    from framescope.ui.widgets.theme import Tokens

_CHIP_HEIGHT = 24.0
_SUBTITLE_SHARE = 0.045
_SUBTITLE_SIZES = (11, 40)
_GRID_FROM = 8.0
_GRID_LINES_MAX = 4000
_VALUES_FROM = 52.0


def paint_chip(
    painter: QPainter, corner: QPointF, text: str, tokens: Tokens, *, dot: QColor | None = None
) -> QRectF:
    """Draw text on a rounded background with its top left at ``corner``; returns the area covered."""
    metrics = QFontMetricsF(painter.font())
    dot_width = 14.0 if dot is not None else 0.0
    width = metrics.horizontalAdvance(text) + 2 * (SPACE + 1) + dot_width
    ground = QRectF(corner.x(), corner.y(), math.ceil(width), _CHIP_HEIGHT)
    _paint_ground(painter, ground, tokens)
    if dot is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(dot)
        painter.drawEllipse(QPointF(ground.x() + SPACE + 4, ground.center().y()), 3.5, 3.5)
    painter.setPen(tokens.overlay_text)
    where = ground.adjusted(SPACE + 1 + dot_width, 0, 0, 0)
    painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, text)
    return ground


def paint_subtitle(painter: QPainter, area: QRectF, text: str, tokens: Tokens) -> None:
    """Draw a subtitle at the bottom of ``area``, centred; its size follows that of the picture."""
    size = min(max(round(area.height() * _SUBTITLE_SHARE), _SUBTITLE_SIZES[0]), _SUBTITLE_SIZES[1])
    painter.save()
    painter.setFont(sized(painter.font(), size))
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextWordWrap
    room = area.adjusted(area.width() * 0.08, 0, -area.width() * 0.08, -area.height() * 0.05)
    taken = painter.boundingRect(room, flags, text)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tokens.overlay)
    painter.drawRoundedRect(taken.adjusted(-SPACE, -SPACE / 2, SPACE, SPACE / 2), RADIUS, RADIUS)
    painter.setPen(tokens.overlay_text)
    painter.drawText(room, flags, text)
    painter.restore()


def paint_reading(
    painter: QPainter, bottom_left: QPointF, reading: PixelReading, tokens: Tokens, *, name: str = ""
) -> QRectF:
    """Draw the values of the pixel under the cursor, after a name; returns the area covered."""
    parts = [("x", str(reading.x)), ("y", str(reading.y))]
    rgb = reading.rgb
    missing = "…" if reading.is_convertible else "–"
    parts += zip("RGB", (missing,) * 3 if rgb is None else (str(value) for value in rgb), strict=True)
    parts += [
        (title, f"{value:.4f}" if isinstance(value, float) else str(value))
        for title, value in reading.native.items()
    ]
    metrics = QFontMetricsF(painter.font())
    gap, swatch = 5.0, 14.0
    lead = metrics.horizontalAdvance(name) + 14 if name else 0.0
    # Fixed columns: values of varying width would make the chip jitter under a moving cursor.
    columns = [
        metrics.horizontalAdvance(title) + gap + metrics.horizontalAdvance("0" * max(len(value), 3))
        for title, value in parts
    ]
    breaks = {2, 5}
    width = 2 * (SPACE + 1) + lead + swatch + sum(columns) + 9 * len(parts) + 7
    ground = QRectF(bottom_left.x(), bottom_left.y() - _CHIP_HEIGHT, math.ceil(width), _CHIP_HEIGHT)
    _paint_ground(painter, ground, tokens)
    x = ground.x() + SPACE + 1
    painter.setPen(tokens.overlay_text)
    painter.drawText(QRectF(x, ground.y(), lead, ground.height()), Qt.AlignmentFlag.AlignVCenter, name)
    x += lead
    for place, ((title, value), column) in enumerate(zip(parts, columns, strict=True)):
        if place == 2:
            x = _paint_swatch(painter, QRectF(x, ground.center().y() - 6, 12, 12), rgb, tokens) + 9
        elif place in breaks:
            x += 9
        where = QRectF(x, ground.y(), column, ground.height())
        painter.setPen(tokens.overlay_text_muted)
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
        painter.setPen(tokens.overlay_text)
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, value)
        x += column + 9
    return ground


def paint_pixel_grid(
    painter: QPainter, target: QRectF, seen: QRectF, stored: QSize, device_ratio: float
) -> None:
    """Draw hairlines between picture pixels, once they are large enough to be distinguished."""
    if stored.isEmpty():
        return
    wide, high = target.width() / stored.width(), target.height() / stored.height()
    if min(wide, high) * device_ratio < _GRID_FROM:
        return
    area = target.intersected(seen)
    if area.isEmpty() or area.width() / wide + area.height() / high > _GRID_LINES_MAX:
        return
    # Fades in with size, so that the grid does not appear abruptly while zooming.
    strength = min((min(wide, high) * device_ratio - _GRID_FROM) / 16, 1.0)
    first, last = math.ceil((area.left() - target.left()) / wide), int((area.right() - target.left()) / wide)
    lines = [
        QLineF(target.left() + n * wide, area.top(), target.left() + n * wide, area.bottom())
        for n in range(first, last + 1)
    ]
    first, last = math.ceil((area.top() - target.top()) / high), int((area.bottom() - target.top()) / high)
    lines += [
        QLineF(area.left(), target.top() + n * high, area.right(), target.top() + n * high)
        for n in range(first, last + 1)
    ]
    # Two colours half a pixel apart are visible on any picture.
    for color, shift in (
        (QColor(0, 0, 0, int(90 * strength)), 0.0),
        (QColor(255, 255, 255, int(46 * strength)), 1.0),
    ):
        painter.setPen(QPen(color, 1 / device_ratio))
        offset = shift / device_ratio
        painter.drawLines([line.translated(offset, offset) for line in lines])


def shows_values(target: QRectF, stored: QSize) -> bool:
    """Whether pixels are large enough to write their values into them."""
    if stored.isEmpty():
        return False
    return min(target.width() / stored.width(), target.height() / stored.height()) >= _VALUES_FROM


def paint_pixel_values(
    painter: QPainter, target: QRectF, seen: QRectF, rgb: NDArray[np.uint8], tokens: Tokens
) -> None:
    """Write red, green and blue into each pixel large enough for three lines."""
    rows, columns = rgb.shape[:2]
    wide, high = target.width() / columns, target.height() / rows
    area = target.intersected(seen)
    if area.isEmpty():
        return
    painter.setFont(sized(painter.font(), 11))
    left, right = int((area.left() - target.left()) / wide), (area.right() - target.left()) / wide
    top, bottom = int((area.top() - target.top()) / high), (area.bottom() - target.top()) / high
    center = int(Qt.AlignmentFlag.AlignCenter)
    for row in range(top, min(math.ceil(bottom), rows)):
        for column in range(left, min(math.ceil(right), columns)):
            red, green, blue = (int(value) for value in rgb[row, column])
            is_light = 0.299 * red + 0.587 * green + 0.114 * blue > 140
            # The overlay's background without its translucency serves as the dark text colour.
            painter.setPen(tokens.overlay if is_light else tokens.overlay_text)
            where = QRectF(target.left() + column * wide, target.top() + row * high, wide, high)
            painter.drawText(where, center, f"{red}\n{green}\n{blue}")


def paint_missing_frame(painter: QPainter, area: QRectF, number: int, reason: str, tokens: Tokens) -> None:
    """Draw a card in place of a frame that cannot be shown: its number and why."""
    sentence = reason[:1].upper() + reason[1:].rstrip(".") + "."
    title = tr("Frame {number} is not available", number=grouped(number))
    below = tr("No other picture is shown instead.")
    paint_message_card(painter, area, (title, sentence, below), tokens)


def paint_message_card(painter: QPainter, area: QRectF, texts: tuple[str, str, str], tokens: Tokens) -> None:
    """Draw a card in place of a picture: a title, a sentence, and a remark below them."""
    _paint_hatching(painter, area, tokens)
    base: QFont = painter.font()
    title, sentence, below = texts
    width = min(460.0, area.width() - 2 * SPACE)
    reason_font, title_font = sized(base, 13), sized(base, 17, bold=True)
    flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter
    inner = width - 6 * SPACE
    wrapped = QFontMetricsF(reason_font).boundingRect(QRectF(0, 0, inner, 1000), int(flags), sentence)
    height = min(112 + wrapped.height(), area.height() - SPACE)
    card = QRectF(area.center().x() - width / 2, area.center().y() - height / 2, width, height)
    painter.setPen(QPen(tokens.border_strong, 1))
    painter.setBrush(tokens.surface)
    painter.drawRoundedRect(card, 2 * RADIUS, 2 * RADIUS)
    text = card.adjusted(3 * SPACE, 3 * SPACE, -3 * SPACE, -2 * SPACE)
    painter.setFont(title_font)
    painter.setPen(tokens.text)
    painter.drawText(text, int(flags), title)
    painter.setFont(reason_font)
    painter.setPen(tokens.text_muted)
    painter.drawText(text.adjusted(0, 32, 0, 0), int(flags), sentence)
    painter.setPen(tokens.text_faint)
    painter.setFont(sized(base, 12))
    bottom = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter
    painter.drawText(text, int(bottom), below)
    painter.setFont(base)


def _paint_ground(painter: QPainter, ground: QRectF, tokens: Tokens) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(255, 255, 255, 28), 1))
    painter.setBrush(tokens.overlay)
    painter.drawRoundedRect(ground.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS + 1, RADIUS + 1)


def _paint_swatch(
    painter: QPainter, where: QRectF, rgb: tuple[int, int, int] | None, tokens: Tokens
) -> float:
    painter.setPen(QPen(tokens.overlay_text_muted, 1))
    painter.setBrush(QColor(*rgb) if rgb is not None else Qt.GlobalColor.transparent)
    painter.drawRoundedRect(where, 2, 2)
    return where.right()


def _paint_hatching(painter: QPainter, area: QRectF, tokens: Tokens) -> None:
    painter.save()
    painter.setClipRect(area)
    painter.fillRect(area, tokens.surface_sunken)
    painter.setPen(QPen(tokens.border, 1))
    step = 14
    start = int(area.left() - area.height())
    for x in range(start, int(area.right()) + step, step):
        painter.drawLine(QPointF(x, area.bottom()), QPointF(x + area.height(), area.top()))
    painter.restore()
