"""Blocks are drawn where they are in the displayed picture, turned and scaled as it is."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QImage, QPainter

from framescope.core.media.picture.geometry import Orientation
from framescope.core.model.blocks import QUANTISER, VECTOR, Blocks, QuantiserScale
from framescope.session.frame_blocks import BlockLayer
from framescope.ui.picture.block_painter import (
    BlockPicture,
    arrow_factor,
    block_words,
    heat_range,
    heat_table,
    paint_layers,
)
from framescope.ui.widgets.theme import DARK

STORED = QSize(64, 32)


def blocks(*vectors: tuple[float, ...], quantisers: tuple[tuple[int, ...], ...] = ()) -> Blocks:
    scale = QuantiserScale.H264_QP if quantisers else None
    return Blocks(np.array(list(vectors), VECTOR), np.array(list(quantisers), QUANTISER), scale)


def picture(
    shown: Blocks, layers: BlockLayer, *, target: QRectF, orientation: Orientation | None = None
) -> BlockPicture:
    return BlockPicture(shown, True, STORED, orientation, target, layers)  # noqa: FBT003


def painted(of: BlockPicture, size: QSize) -> QImage:
    image = QImage(size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    paint_layers(painter, of, QRectF(0, 0, size.width(), size.height()), DARK)
    painter.end()
    return image


@pytest.mark.parametrize(
    ("orientation", "target", "expected"),
    [
        # The stored pixel (16, 0) of 64 × 32, at twice the size.
        (None, QRectF(10, 20, 128, 64), (42, 20)),
        (Orientation(90), QRectF(0, 0, 64, 128), (64, 32)),
        (Orientation(180), QRectF(0, 0, 128, 64), (96, 64)),
        (Orientation(270), QRectF(0, 0, 64, 128), (0, 96)),
        (Orientation(0, mirrored=True), QRectF(0, 0, 128, 64), (96, 0)),
        # Wide pixels.
        (None, QRectF(0, 0, 256, 64), (64, 0)),
    ],
)
def test_a_stored_pixel_is_where_the_displayed_picture_has_it(
    orientation: Orientation | None, target: QRectF, expected: tuple[float, float]
) -> None:
    of = picture(blocks(), BlockLayer.VECTORS, target=target, orientation=orientation)
    where = of.mapping.map(QPointF(16, 0))
    assert (where.x(), where.y()) == pytest.approx(expected)


def test_kinds_are_filled_in_their_colours() -> None:
    shown = blocks(
        (16, 0, 16, 16, -1, 1, 0),
        (32, 16, 16, 16, 1, 1, 0),
        (48, 0, 16, 16, -1, 1, 0),
        (48, 0, 16, 16, 1, 1, 0),
    )
    image = painted(picture(shown, BlockLayer.KINDS, target=QRectF(0, 0, 64, 32)), STORED)
    expected = {(8, 8): DARK.i_frame, (24, 8): DARK.p_frame, (40, 24): DARK.mark, (56, 8): DARK.b_frame}
    for (x, y), color in expected.items():
        drawn = image.pixelColor(x, y)
        assert abs(drawn.red() - color.red()) < 6
        assert abs(drawn.blue() - color.blue()) < 6
        assert 0 < drawn.alpha() < 200


def test_quantisers_are_brighter_the_higher_they_are() -> None:
    shown = blocks(quantisers=((0, 0, 16, 16, 10), (16, 0, 16, 16, 20), (32, 0, 32, 32, 40)))
    image = painted(picture(shown, BlockLayer.QUANTISERS, target=QRectF(0, 0, 64, 32)), STORED)
    levels = [image.pixelColor(x, 8).lightnessF() for x in (8, 24, 50)]
    assert levels == sorted(levels)
    assert len(set(levels)) == 3
    assert image.pixelColor(8, 24).alpha() == 0


def test_an_arrow_goes_from_the_block_to_its_reference() -> None:
    shown = blocks((0, 0, 16, 16, -1, 32.0, 0.0))
    target = QRectF(0, 0, 64, 32)
    image = painted(picture(shown, BlockLayer.VECTORS, target=target), STORED)
    drawn = {x for x in range(64) for y in range(32) if image.pixelColor(x, y).alpha() > 200}
    assert 6 <= min(drawn) <= 9
    assert 38 <= max(drawn) <= 42
    assert arrow_factor(shown, 1.0) == 1
    assert arrow_factor(blocks((0, 0, 16, 16, -1, 2.0, 0.0)), 1.0) == 8
    assert arrow_factor(blocks((0, 0, 16, 16, -1, 0.0, 0.0)), 1.0) == 1


def test_what_is_out_of_the_picture_is_not_drawn() -> None:
    shown = blocks((0, 0, 16, 16, -1, 300.0, 0.0))
    size = QSize(200, 32)
    image = painted(picture(shown, BlockLayer.VECTORS, target=QRectF(0, 0, 64, 32)), size)
    assert all(image.pixelColor(x, 8).alpha() == 0 for x in range(65, 200))


def test_words_name_block_vector_and_quantiser() -> None:
    shown = blocks((16, 0, 16, 16, -1, -1.25, 0.5), quantisers=((16, 0, 16, 16, 23), (0, 0, 16, 16, 30)))
    of = picture(shown, BlockLayer.VECTORS, target=QRectF(0, 0, 64, 32))
    assert block_words(of, 20, 3) == "16×16 (16, 0) from past (-1.25, +0.50)   QP 23"
    assert block_words(of, 3, 3) == "intra   QP 30"


def test_near_values_are_not_spread_over_all_colours() -> None:
    assert heat_range(np.array([23, 23], np.int16)) == (19, 27)
    assert heat_range(np.array([10, 40], np.int16)) == (10, 40)
    lightness = heat_table().astype(float) @ (0.2126, 0.7152, 0.0722)
    assert (np.diff(lightness[::8]) > 0).all()
