"""Draws motion vectors, kinds of prediction and quantisers over the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap, QTransform

from framescope.core.blocks.summary import MACROBLOCK, BlockKind, block_kinds, vector_lengths
from framescope.core.translation import tr
from framescope.session.frame_blocks import BlockLayer
from framescope.ui.picture.view_transform import stored_to_view
from framescope.ui.widgets.fonts import sized

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from framescope.core.media.picture.geometry import Orientation
    from framescope.core.model.blocks import Blocks
    from framescope.ui.widgets.theme import Tokens

_ARROW_SPACING = 13.0
"""Fewest logical pixels between arrows: the longest of each cell of this size is drawn."""
_TYPICAL_ARROW = 14.0
"""The length that arrows are enlarged to, if most are shorter, by 2, 4 or 8."""
_HEAD = 4.0
_GRID_FROM = 12.0
_NUMBERS_FROM = 30.0
_KIND_ALPHA, _HEAT_ALPHA = 95, 150
_LEAST_SPREAD = 8
"""Quantisers that are closer together than this are not spread over all colours."""
_HEAT = np.array([[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]])
"""Matplotlib's viridis at five places: its lightness grows evenly, also for colour-blind eyes."""


@dataclass(frozen=True, eq=False)
class BlockPicture:
    """The blocks of one frame, and how its picture lies in the view.

    Attributes:
        blocks: What to draw.
        has_vectors: Whether the codec's vectors are exported, so that a block without any is intra.
        stored: Size of the decoded picture.
        orientation: How it is turned and mirrored for display; None to show it as stored.
        target: The displayed picture in the view, in logical pixels.
        layers: What is drawn.
    """

    blocks: Blocks
    has_vectors: bool
    stored: QSize
    orientation: Orientation | None
    target: QRectF
    layers: BlockLayer

    @property
    def mapping(self) -> QTransform:
        """From stored pixels to logical pixels of the view."""
        return stored_to_view(self.stored, self.orientation, self.target)

    @property
    def scale(self) -> float:
        """Logical pixels per stored pixel."""
        return float(abs(self.mapping.determinant()) ** 0.5)

    @property
    def look(self) -> tuple[object, ...]:
        """Equal for pictures that look the same."""
        target = self.target.getRect()
        return id(self.blocks), self.stored, self.orientation, target, self.layers


def kind_colors(tokens: Tokens) -> dict[BlockKind, QColor]:
    """The colours of the kinds: those of the picture types that they are typical of."""
    return {
        BlockKind.INTRA: tokens.i_frame,
        BlockKind.FROM_PAST: tokens.p_frame,
        BlockKind.FROM_FUTURE: tokens.mark,
        BlockKind.FROM_BOTH: tokens.b_frame,
    }


def heat_table() -> NDArray[np.uint8]:
    """(256, 3) uint8 R, G, B, from low quantisers to high ones."""
    places = np.linspace(0, 1, len(_HEAT))
    table = [np.interp(np.linspace(0, 1, 256), places, _HEAT[:, channel]) for channel in range(3)]
    return np.stack(table, axis=1).round().astype(np.uint8)


def heat_range(values: NDArray[np.int16]) -> tuple[int, int]:
    """The quantisers at the two ends of the colours: those of the frame, not too close together."""
    low, high = int(values.min()), int(values.max())
    missing = max(_LEAST_SPREAD - (high - low), 0)
    return low - missing // 2, high + missing - missing // 2


def arrow_factor(blocks: Blocks, scale: float) -> int:
    """How many times longer than true the arrows are drawn: 1, 2, 4 or 8."""
    lengths = vector_lengths(blocks)
    lengths = lengths[lengths > 0]
    if not len(lengths):
        return 1
    typical = max(float(np.percentile(lengths, 75)) * scale, 1e-6)
    return next((factor for factor in (1, 2, 4) if typical * factor >= _TYPICAL_ARROW), 8)


class BlockPainter:
    """Paints the layers, and keeps the result until something about it changes."""

    def __init__(self) -> None:
        self._look: tuple[object, ...] = ()
        self._painted: BlockPicture | None = None
        self._pixmap = QPixmap()

    def paint(self, painter: QPainter, picture: BlockPicture, view: QSize, tokens: Tokens) -> None:
        """Paint over the picture; ``painter`` draws in logical pixels of a view of this size."""
        ratio = painter.device().devicePixelRatioF()
        size = QSize(round(view.width() * ratio), round(view.height() * ratio))
        look = (*picture.look, tokens, size)
        if look != self._look:
            self._pixmap = QPixmap(size)
            self._pixmap.setDevicePixelRatio(ratio)
            self._pixmap.fill(Qt.GlobalColor.transparent)
            layers = QPainter(self._pixmap)
            layers.setFont(painter.font())
            paint_layers(layers, picture, QRectF(0, 0, view.width(), view.height()), tokens)
            layers.end()
            # The blocks are kept with it: another frame's could otherwise get the same id.
            self._look, self._painted = look, picture
        painter.drawPixmap(0, 0, self._pixmap)


def paint_layers(painter: QPainter, picture: BlockPicture, seen: QRectF, tokens: Tokens) -> None:
    """Paint the layers of a picture, as far as they are in ``seen``."""
    painter.setClipRect(picture.target.intersected(seen))
    if picture.layers & BlockLayer.QUANTISERS:
        _paint_quantisers(painter, picture, seen, tokens)
    if picture.layers & BlockLayer.KINDS and picture.has_vectors and picture.blocks.is_exported:
        _paint_kinds(painter, picture, tokens)
    if picture.layers & BlockLayer.VECTORS:
        _paint_vectors(painter, picture, seen, tokens)
    painter.setClipping(False)


def _paint_kinds(painter: QPainter, picture: BlockPicture, tokens: Tokens) -> None:
    kinds = block_kinds(picture.blocks, picture.stored.width(), picture.stored.height())
    palette = np.zeros((4, 4), np.uint8)
    for kind, color in kind_colors(tokens).items():
        palette[kind] = (color.red(), color.green(), color.blue(), _KIND_ALPHA)
    _paint_cells(painter, picture, palette[kinds], MACROBLOCK)
    if MACROBLOCK * picture.scale >= _GRID_FROM:
        vectors = picture.blocks.vectors
        pen = QPen(QColor(0, 0, 0, 110), 0)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.save()
        painter.setTransform(picture.mapping, combine=True)
        painter.drawRects(
            [
                QRectF(x, y, width, height)
                for x, y, width, height in vectors[["x", "y", "width", "height"]].tolist()
            ]
        )
        painter.restore()


def _paint_quantisers(painter: QPainter, picture: BlockPicture, seen: QRectF, tokens: Tokens) -> None:
    quantisers = picture.blocks.quantisers
    if not len(quantisers):
        return
    unit = max(int(min(quantisers["width"].min(), quantisers["height"].min())), 4)
    rows, columns = (-(-side // unit) for side in (picture.stored.height(), picture.stored.width()))
    low, high = heat_range(quantisers["value"])
    places = ((quantisers["value"].astype(int) - low) * 255 // (high - low)).clip(0, 255)
    colors = np.full((256, 4), _HEAT_ALPHA, np.uint8)
    colors[:, :3] = heat_table()
    cells = np.zeros((rows, columns, 4), np.uint8)
    for (x, y, width, height), place in zip(
        quantisers[["x", "y", "width", "height"]].tolist(), places.tolist(), strict=True
    ):
        bottom, right = -(-(y + height) // unit), -(-(x + width) // unit)
        cells[y // unit : bottom, x // unit : right] = colors[place]
    _paint_cells(painter, picture, cells, unit)
    if unit * picture.scale >= _NUMBERS_FROM:
        painter.setFont(sized(painter.font(), 11))
        painter.setPen(tokens.overlay_text)
        for x, y, width, height, value in quantisers.tolist():
            where = picture.mapping.mapRect(QRectF(x, y, width, height))
            if where.intersects(seen):
                painter.drawText(where, Qt.AlignmentFlag.AlignCenter, str(value))


def _paint_cells(painter: QPainter, picture: BlockPicture, cells: NDArray[np.uint8], unit: int) -> None:
    """Fill squares of ``unit`` stored pixels with (rows, columns, 4) uint8 R, G, B, A."""
    rows, columns = cells.shape[:2]
    pixels = np.ascontiguousarray(cells)
    image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
    painter.setTransform(picture.mapping, combine=True)
    painter.drawImage(QRectF(0, 0, columns * unit, rows * unit), image)
    painter.restore()


def _paint_vectors(painter: QPainter, picture: BlockPicture, seen: QRectF, tokens: Tokens) -> None:
    vectors = picture.blocks.vectors
    factor = arrow_factor(picture.blocks, picture.scale)
    start = np.stack(
        [vectors["x"] + vectors["width"] / 2, vectors["y"] + vectors["height"] / 2], axis=1
    ).astype(np.float64)
    end = start + factor * np.stack([vectors["dx"], vectors["dy"]], axis=1)
    start, end = _mapped(start, picture.mapping), _mapped(end, picture.mapping)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for direction, color in ((-1, tokens.p_frame), (1, tokens.mark)):
        chosen = np.flatnonzero(vectors["direction"] == direction)
        chosen = chosen[_longest_of_cells(start[chosen], end[chosen], seen)]
        lines, dots = _arrows(start[chosen], end[chosen])
        # A dark line below each keeps them visible on any picture.
        for pen in (QPen(QColor(0, 0, 0, 150), 3.2), QPen(color.lighter(125), 1.5)):
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLines(lines)
            painter.drawPoints(dots)


def _mapped(points: NDArray[np.float64], mapping: QTransform) -> NDArray[np.float64]:
    matrix = np.array([[mapping.m11(), mapping.m12()], [mapping.m21(), mapping.m22()]])
    moved: NDArray[np.float64] = points @ matrix + (mapping.dx(), mapping.dy())
    return moved


def _longest_of_cells(
    start: NDArray[np.float64], end: NDArray[np.float64], seen: QRectF
) -> NDArray[np.int64]:
    """The positions of the longest arrow in each cell of the view."""
    is_seen = (start[:, 0] >= seen.left()) & (start[:, 0] <= seen.right())
    is_seen &= (start[:, 1] >= seen.top()) & (start[:, 1] <= seen.bottom())
    places = np.flatnonzero(is_seen)
    lengths = np.hypot(*(end[places] - start[places]).T)
    places = places[np.argsort(-lengths, kind="stable")]
    _, first = np.unique(start[places] // _ARROW_SPACING, axis=0, return_index=True)
    chosen: NDArray[np.int64] = places[first]
    return chosen


def _arrows(start: NDArray[np.float64], end: NDArray[np.float64]) -> tuple[list[QLineF], list[QPointF]]:
    """Lines with heads, and a dot for each block that does not move."""
    along = end - start
    lengths = np.hypot(along[:, 0], along[:, 1])
    moves = lengths >= 1
    dots = [QPointF(x, y) for x, y in start[~moves].tolist()]
    start, end = start[moves], end[moves]
    unit = along[moves] / lengths[moves, None]
    head = np.minimum(_HEAD, lengths[moves] / 2)[:, None]
    across = np.stack([-unit[:, 1], unit[:, 0]], axis=1)
    back = end - head * unit
    lines = [*_lines(start, end)]
    for side in (0.6, -0.6):
        lines += _lines(end, back + side * head * across)
    return lines, dots


def _lines(start: NDArray[np.float64], end: NDArray[np.float64]) -> Sequence[QLineF]:
    return [QLineF(*ends) for ends in np.concatenate([start, end], axis=1).tolist()]


def block_words(picture: BlockPicture, x: int, y: int) -> str:
    """What is known of the block at a stored pixel, in one line."""
    parts = []
    blocks = picture.blocks
    holding = blocks.vectors[_holds(blocks.vectors, x, y)]
    for vector in holding.tolist():
        left, top, width, height, direction, dx, dy = vector
        whence = tr("from past") if direction < 0 else tr("from future")
        parts.append(f"{width}×{height} ({left}, {top}) {whence} ({dx:+.2f}, {dy:+.2f})")
    if not len(holding) and picture.has_vectors and blocks.is_exported:
        parts.append(tr("intra"))
    values = blocks.quantisers[_holds(blocks.quantisers, x, y)]["value"].tolist()
    parts += [f"{blocks.scale} {value}" for value in values]
    return "   ".join(parts)


def _holds(records: NDArray[np.void], x: int, y: int) -> NDArray[np.bool_]:
    across, down = x - records["x"].astype(int), y - records["y"].astype(int)
    inside: NDArray[np.bool_] = (
        (across >= 0) & (across < records["width"]) & (down >= 0) & (down < records["height"])
    )
    return inside
