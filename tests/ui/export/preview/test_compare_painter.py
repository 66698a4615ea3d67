"""What lies on the compared pictures."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from framescope.core.export.settings import ImageFormat
from framescope.ui.export.preview.compare_view import (
    paint_legend,
    paint_pair_reading,
    pair_reading,
    scale_words,
)
from framescope.ui.picture.pair_view import paint_cross, paint_split, paint_tag
from framescope.ui.widgets.theme import DARK
from tests.ui.widgets.saved_pictures import JPEG, saved_picture

AREA = QRectF(0, 0, 300, 200)


@pytest.fixture
def canvas() -> QImage:
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("#404040"))
    return image


def painted(image: QImage) -> int:
    """How many pixels are no longer those of the ground."""
    ground = QColor("#404040").rgb()
    return sum(image.pixel(x, y) != ground for x in range(image.width()) for y in range(image.height()))


@pytest.mark.usefixtures("qapp")
def test_both_pixels_are_read(canvas: QImage) -> None:
    picture = saved_picture()
    reading = pair_reading(picture, 0.5, 0.25)
    assert (reading.x, reading.y) == (160, 45)
    before, after = picture.original.full.pixelColor(160, 45), picture.saved.full.pixelColor(160, 45)
    assert reading.original == (before.red(), before.green(), before.blue())
    assert reading.saved == (after.red(), after.green(), after.blue())
    apart = max(abs(a - b) for a, b in zip(reading.original, reading.saved, strict=True))
    assert reading.difference == apart
    painter = QPainter(canvas)
    covered = paint_pair_reading(painter, QPointF(8, 192), reading, DARK)
    painter.end()
    assert covered.bottom() == 192
    assert painted(canvas) > 0


@pytest.mark.usefixtures("qapp")
def test_a_lossless_pixel_has_no_difference() -> None:
    reading = pair_reading(saved_picture(replace(JPEG, image_format=ImageFormat.PNG)), 0.999, 0.999)
    assert reading.difference == 0
    assert reading.original == reading.saved
    assert (reading.x, reading.y) == (319, 179)


@pytest.mark.usefixtures("qapp")
def test_a_tag_needs_room(canvas: QImage) -> None:
    painter = QPainter(canvas)
    paint_tag(painter, QRectF(0, 0, 30, 200), "Original", DARK)
    assert painted(canvas) == 0
    paint_tag(painter, AREA, "Original", DARK, at_right=True)
    painter.end()
    assert painted(canvas.copy(0, 0, 150, 200)) == 0
    assert painted(canvas.copy(150, 0, 150, 200)) > 0


@pytest.mark.usefixtures("qapp")
def test_split_and_cross_stay_in_their_place(canvas: QImage) -> None:
    painter = QPainter(canvas)
    paint_split(painter, AREA, 100, DARK)
    paint_cross(painter, QRectF(200, 0, 100, 200), QPointF(50, 50), DARK)
    painter.end()
    assert painted(canvas.copy(80, 0, 40, 200)) == painted(canvas) > 200
    painter = QPainter(canvas)
    paint_cross(painter, QRectF(200, 0, 100, 200), QPointF(250, 50), DARK)
    painter.end()
    assert painted(canvas.copy(235, 35, 30, 30)) > 0


@pytest.mark.usefixtures("qapp")
def test_the_legend_says_what_its_end_means(canvas: QImage) -> None:
    heat = saved_picture().heat(1)
    assert scale_words(heat) == "255"
    beyond = replace(heat, gain=64, scale_end=255 / 64, largest=90)
    assert scale_words(beyond) == "≥ 4"
    painter = QPainter(canvas)
    paint_legend(painter, QRectF(0, 0, 100, 50), heat, 8, DARK)
    assert painted(canvas) == 0
    paint_legend(painter, AREA, heat, 8, DARK)
    painter.end()
    # Dark at its beginning, pale at its end.
    row = 200 - 8 - 44 + 8 + 5
    assert canvas.pixelColor(300 - 8 - 162, row).lightness() < 60
    assert canvas.pixelColor(300 - 8 - 12, row).lightness() > 140
