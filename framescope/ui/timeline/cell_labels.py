"""Paints each frame's picture type and size once a frame is wide enough."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt

from framescope.ui.timeline.labels import bytes_label
from framescope.ui.timeline.lanes import HEADROOM_PX
from framescope.ui.timeline.raster import bar_height
from framescope.ui.timeline.shades import letter_color, on_color, type_colors

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from framescope.core.media.index import FrameIndex
    from framescope.ui.timeline.scene import Chart, Scene

LETTER_ROOM_PX = 13.0
"""Minimum width of a frame that shows the letter of its picture type."""
SIZE_ROOM_PX = 46.0
"""Minimum width of a frame that shows its compressed size."""

_LETTERS = "?IPB"
_CENTER = Qt.AlignmentFlag.AlignCenter


def paint_cell_labels(painter: QPainter, scene: Scene, chart: Chart, top_bytes: float) -> None:
    """Letters in the types lane (a keyframe's in a chip), sizes above the bars."""
    if scene.axis.px_per_frame < LETTER_ROOM_PX:
        return
    axis, index = scene.axis, chart.index
    start = max(math.floor(axis.first), 0)
    stop = min(math.ceil(axis.last), len(index))
    for number in range(start, stop):
        cell = QRectF(axis.x_of(number), scene.lanes.types.top, axis.px_per_frame, scene.lanes.types.height)
        _paint_letter(
            painter,
            scene,
            cell,
            int(index.picture_type_codes[number]),
            is_key=bool(index.is_keyframe[number]),
        )
    if axis.px_per_frame >= SIZE_ROOM_PX:
        _paint_sizes(painter, scene, chart.index, range(start, stop), top_bytes)


def _paint_letter(painter: QPainter, scene: Scene, cell: QRectF, code: int, *, is_key: bool) -> None:
    tokens = scene.tokens
    if is_key:
        width = min(cell.width() - 1, 20.0)
        chip = QRectF(0, 0, width, cell.height() - 3)
        chip.moveCenter(cell.center())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.keyframe)
        painter.drawRoundedRect(chip, 3, 3)
        painter.setFont(scene.fonts.strong)
        painter.setPen(on_color(tokens, tokens.keyframe))
    else:
        painter.setFont(scene.fonts.label)
        painter.setPen(letter_color(tokens, code))
    painter.drawText(cell, _CENTER, _LETTERS[code])


def _paint_sizes(
    painter: QPainter, scene: Scene, index: FrameIndex, numbers: range, top_bytes: float
) -> None:
    axis, bars = scene.axis, scene.lanes.bars
    line = scene.fonts.small_metrics.height()
    painter.setFont(scene.fonts.small)
    for number in numbers:
        size = int(index.sizes_bytes[number])
        top = bars.bottom - bar_height(size, top_bytes, bars.height - HEADROOM_PX)
        is_inside = top - line < bars.top
        color = type_colors(scene.tokens)[int(index.picture_type_codes[number])]
        painter.setPen(on_color(scene.tokens, color) if is_inside else scene.tokens.text_muted)
        y = top + 2 if is_inside else top - line - 1
        painter.drawText(QRectF(axis.x_of(number), y, axis.px_per_frame, line), _CENTER, bytes_label(size))
