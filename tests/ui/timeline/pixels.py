"""Looking at painted pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.ui.timeline.lanes import Lane


def painted(image: QImage, paint: Callable[[QPainter], None]) -> QImage:
    """``image`` after ``paint`` was at it."""
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter)
    painter.end()
    return image


def holds_color(image: QImage | QPixmap, color: QColor, lane: Lane, left: float, right: float) -> bool:
    """Whether a pixel of nearly this colour is in the lane between two columns (device ratio 1)."""
    picture = image.toImage() if isinstance(image, QPixmap) else image
    columns = range(max(round(left), 0), min(round(right) + 1, picture.width()))
    rows = range(max(lane.top, 0), min(lane.bottom, picture.height()))
    return any(is_near(picture.pixelColor(x, y), color) for y in rows for x in columns)


def is_near(one: QColor, other: QColor) -> bool:
    """Whether two colours differ by no more than rounding does."""
    pairs = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return all(abs(a - b) <= 3 for a, b in pairs)


def differs(one: QImage, other: QImage) -> bool:
    """Whether two pictures differ anywhere."""
    return one.convertToFormat(QImage.Format.Format_RGB32) != other.convertToFormat(
        QImage.Format.Format_RGB32
    )
