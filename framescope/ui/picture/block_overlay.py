"""The blocks of the frame on screen, drawn over it: what is drawn, where, and what the cursor is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QFontMetricsF, QTransform

from framescope.core.blocks.summary import NOTHING_EXPORTED
from framescope.core.media.decoding.block_export import VECTOR_CODECS
from framescope.core.media.picture.fields import FieldView
from framescope.core.media.picture.geometry import Orientation
from framescope.core.text import listed
from framescope.core.translation import tr
from framescope.session.frame_blocks import BlockLayer
from framescope.ui.picture.block_painter import (
    BlockPainter,
    BlockPicture,
    arrow_factor,
    block_words,
    heat_range,
)
from framescope.ui.picture.overlay_painter import paint_chip
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import Tokens


class BlockOverlay:
    """Draws the layers that are on. Threads: GUI."""

    def __init__(self, controller: Controller) -> None:
        self._controller = controller
        self._painter = BlockPainter()

    def paint(self, painter: QPainter, target: QRectF, view: QSize, tokens: Tokens) -> None:
        """Draw the layers over the picture at ``target``, and a legend in the bottom right corner."""
        picture = block_picture(self._controller, target)
        if picture is None:
            text = self._why_nothing()
        else:
            self._painter.paint(painter, picture, view, tokens)
            text = _legend(picture)
        if text:
            width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 2 * (SPACE + 1)
            corner = QPointF(max(view.width() - width - SPACE, SPACE), view.height() - SPACE - 24)
            paint_chip(painter, corner, text, tokens)

    def words_at(self, point: QPointF, target: QRectF) -> str:
        """What is known of the block at a point of the view; empty outside the picture."""
        picture = block_picture(self._controller, target)
        if picture is None or not target.contains(point):
            return ""
        back, _ = QTransform(picture.mapping).inverted()
        stored = back.map(point)
        return block_words(picture, int(stored.x()), int(stored.y()))

    def _why_nothing(self) -> str:
        controller = self._controller
        if controller.view.fields is not FieldView.FRAMES:
            return tr("Blocks belong to whole frames, which are not shown now.")
        return controller.blocks.reason


def block_picture(controller: Controller, target: QRectF) -> BlockPicture | None:
    """The layers over the frame on screen, if it lies at ``target``; None if its blocks are not known."""
    shown, info, blocks = controller.shown, controller.info, controller.blocks.blocks
    if blocks is None or shown is None or shown.frame is None or info is None:
        return None
    if controller.view.fields is not FieldView.FRAMES:
        return None
    turned = controller.view.is_rotated and (info.rotation or info.mirrored)
    return BlockPicture(
        blocks=blocks,
        has_vectors=info.codec in VECTOR_CODECS,
        stored=QSize(shown.frame.picture.width, shown.frame.picture.height),
        orientation=Orientation(info.rotation, info.mirrored) if turned else None,
        target=target,
        layers=controller.blocks.layers,
    )


def _legend(picture: BlockPicture) -> str:
    blocks, layers = picture.blocks, picture.layers
    if not blocks.is_exported:
        return NOTHING_EXPORTED
    parts = []
    if layers & BlockLayer.VECTORS:
        factor = arrow_factor(blocks, picture.scale)
        if not picture.has_vectors:
            parts.append(tr("no vectors exported for this codec"))
        elif not len(blocks.vectors):
            parts.append(tr("no vectors in this frame"))
        elif factor > 1:
            parts.append(tr("arrows {factor}× as long", factor=factor))
    if layers & BlockLayer.QUANTISERS and len(blocks.quantisers):
        low, high = heat_range(blocks.quantisers["value"])
        parts.append(tr("{scale} {low} (dark) to {high} (bright)", scale=blocks.scale, low=low, high=high))
    text = listed(parts) if parts else ""
    return text[:1].upper() + text[1:]
