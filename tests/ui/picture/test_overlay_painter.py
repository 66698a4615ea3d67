"""What is drawn over the picture, looked at pixel by pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from framescope.ui.picture.overlay_painter import (
    paint_chip,
    paint_missing_frame,
    paint_pixel_grid,
    paint_pixel_values,
    paint_reading,
    paint_subtitle,
    shows_values,
)
from framescope.ui.picture.pixel_reader import PixelReading
from framescope.ui.widgets.theme import DARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

pytestmark = pytest.mark.usefixtures("qapp")
_SEEN = QRectF(0, 0, 600, 400)


@pytest.fixture
def image() -> QImage:
    canvas = QImage(600, 400, QImage.Format.Format_RGB32)
    canvas.fill(Qt.GlobalColor.gray)
    return canvas


@pytest.fixture
def painter(image: QImage) -> Iterator[QPainter]:
    made = QPainter(image)
    yield made
    made.end()


def changed(image: QImage) -> NDArray[np.bool_]:
    """(rows, columns): where something was drawn."""
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width())
    differs: NDArray[np.bool_] = pixels != QColor(Qt.GlobalColor.gray).rgb()
    return differs


def test_chip_covers_what_it_says_it_covers(image: QImage, painter: QPainter) -> None:
    covered = paint_chip(painter, QPointF(8, 8), "approximate", DARK, dot=DARK.warning)
    rows, columns = np.nonzero(changed(image))
    assert len(rows)
    assert covered.adjusted(-1, -1, 1, 1).contains(QPointF(int(columns.min()), int(rows.min())))
    assert covered.adjusted(-1, -1, 1, 1).contains(QPointF(int(columns.max()), int(rows.max())))


def test_reading_does_not_change_its_width_with_its_values(painter: QPainter) -> None:
    small = PixelReading(1, 2, (0, 0, 0), {"Y": 1, "Cb": 2, "Cr": 3})
    large = PixelReading(999, 888, (255, 255, 255), {"Y": 255, "Cb": 240, "Cr": 240})
    waiting = PixelReading(1, 2, None, {"Y": 1, "Cb": 2, "Cr": 3})
    widths = {paint_reading(painter, QPointF(8, 390), one, DARK).width() for one in (small, large, waiting)}
    assert len(widths) == 1


@pytest.mark.parametrize(("size", "is_drawn"), [(4, False), (40, True)])
def test_grid_comes_with_size(image: QImage, painter: QPainter, *, size: int, is_drawn: bool) -> None:
    target = QRectF(0, 0, 10 * size, 8 * size)
    paint_pixel_grid(painter, target, _SEEN, QSize(10, 8), 1.0)
    assert changed(image).any() == is_drawn


def test_grid_of_a_huge_picture_far_out_costs_nothing(image: QImage, painter: QPainter) -> None:
    paint_pixel_grid(painter, QRectF(0, 0, 600, 400), _SEEN, QSize(16000, 9000), 1.0)
    paint_pixel_grid(painter, QRectF(0, 0, 600, 400), _SEEN, QSize(), 1.0)
    assert not changed(image).any()


def test_values_are_written_into_large_pixels_only(image: QImage, painter: QPainter) -> None:
    target = QRectF(0, 0, 600, 400)
    assert shows_values(target, QSize(10, 6))
    assert not shows_values(target, QSize(60, 40))
    assert not shows_values(target, QSize())
    paint_pixel_values(painter, target, _SEEN, np.full((6, 10, 3), 200, np.uint8), DARK)
    assert changed(image).any()


def test_missing_frame_is_a_card_in_the_middle(image: QImage, painter: QPainter) -> None:
    paint_missing_frame(painter, _SEEN, 1234, "its packet is damaged", DARK)
    inside_the_card, on_the_ground = image.pixelColor(110, 200), image.pixelColor(2, 3)
    assert inside_the_card == DARK.surface
    assert on_the_ground in [DARK.surface_sunken, DARK.border]


def test_a_subtitle_is_at_the_bottom_in_the_middle(image: QImage, painter: QPainter) -> None:
    paint_subtitle(painter, QRectF(100, 50, 400, 300), "Two words\nand a second line", DARK)
    rows, columns = np.nonzero(changed(image))
    assert rows.min() > 250
    assert rows.max() < 350
    assert abs((columns.min() + columns.max()) / 2 - 300) < 3
    assert columns.min() > 100
