"""Paints problems: unindexed parts, damaged frames, lost packets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPolygonF

from framescope.core.distinct import distinct
from framescope.core.text import counted, grouped
from framescope.core.translation import tr
from framescope.ui.timeline.shades import faded, mixed

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from framescope.ui.timeline.lanes import Lane
    from framescope.ui.timeline.scene import Chart, Scene
    from framescope.ui.widgets.theme import Tokens

_FLAG_PX = 4.0
_CELL_FROM_PX = 3.0


def paint_pending(painter: QPainter, scene: Scene) -> None:
    """Hatch the part not indexed yet, with a label if it fits."""
    pending_from = scene.pending_from
    if pending_from is None:
        return
    share = tr(
        "Indexing… {pending_from} of about {frames}",
        pending_from=grouped(pending_from),
        frames=counted(scene.frame_total, "frame", "frames"),
    )
    _paint_unknown(
        painter, scene, pending_from, scene.frame_total, share if pending_from else tr("Indexing…")
    )


def paint_gone(painter: QPainter, scene: Scene, chart: Chart) -> None:
    """Hatch the frames of a live source that have left the ring buffer."""
    if chart.index.first_held:
        _paint_unknown(painter, scene, 0, chart.index.first_held, tr("No longer in the buffer"))


def _paint_unknown(painter: QPainter, scene: Scene, first: int, stop: int, text: str) -> None:
    axis, lanes, tokens = scene.axis, scene.lanes, scene.tokens
    left = max(axis.x_of(first), axis.left)
    right = min(axis.x_of(stop), axis.right)
    if right <= left:
        return
    area = QRectF(left, lanes.types.top, right - left, lanes.bars.bottom - lanes.types.top)
    hatch(painter, area, tokens)
    width = scene.fonts.label_metrics.horizontalAdvance(text) + 20
    if width < area.width() - 12:
        chip = QRectF(0, 0, width, scene.fonts.text_height + 6)
        chip.moveCenter(QRectF(left, lanes.bars.top, right - left, lanes.bars.height).center())
        painter.setPen(tokens.border)
        painter.setBrush(tokens.surface)
        painter.drawRoundedRect(chip, 4, 4)
        painter.setFont(scene.fonts.label)
        painter.setPen(tokens.text_muted)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)


def hatch(painter: QPainter, area: QRectF, tokens: Tokens) -> None:
    """Fill ``area`` with the pattern for unknown parts."""
    painter.fillRect(area, tokens.gop_band_a)
    color = mixed(tokens.pending, tokens.text_faint, 0.3)
    painter.fillRect(area, QBrush(color, Qt.BrushStyle.BDiagPattern))


def paint_empty(painter: QPainter, scene: Scene) -> None:
    """Paint a message for when no video is open."""
    area = QRectF(0, 0, scene.width, scene.lanes.overview.bottom)
    painter.setFont(scene.fonts.label)
    painter.setPen(scene.tokens.text_faint)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, tr("The timeline of the open video is shown here."))


def paint_damage(painter: QPainter, scene: Scene, chart: Chart) -> None:
    """Flag damaged frames at the bottom, and places where packets yielded no frame."""
    paint_flagged(painter, scene, chart.index.damaged_frames)
    _paint_losses(painter, scene, [note.before_frame_number for note in chart.index.damage])


def paint_flagged(painter: QPainter, scene: Scene, frame_numbers: NDArray[np.integer]) -> None:
    """Flag frames that are damaged or cannot be shown; at most one flag per pixel."""
    axis, bars, tokens = scene.axis, scene.lanes.bars, scene.tokens
    shown = frame_numbers[(frame_numbers + 1 > axis.first) & (frame_numbers < axis.last)]
    width = max(axis.px_per_frame - 1, 2.0)
    veil = faded(tokens.error, 0.22)
    for x in distinct(np.round((shown - axis.first) * axis.px_per_frame)) + axis.left:
        if axis.px_per_frame >= _CELL_FROM_PX:
            painter.fillRect(QRectF(x, bars.top, width, bars.height), veil)
        painter.fillRect(QRectF(x, bars.bottom - _FLAG_PX, width, _FLAG_PX), tokens.error)


def _paint_losses(painter: QPainter, scene: Scene, frame_numbers: list[int]) -> None:
    axis, bars, tokens = scene.axis, scene.lanes.bars, scene.tokens
    painter.setPen(mixed(tokens.gop_band_a, tokens.error, 0.7))
    painter.setBrush(tokens.error)
    for x in sorted(
        {round(axis.x_of(number)) for number in frame_numbers if axis.first <= number <= axis.last}
    ):
        painter.drawLine(QPointF(x, bars.top), QPointF(x, bars.bottom))
        painter.drawPolygon(_notch(x, bars))


def _notch(x: float, lane: Lane) -> QPolygonF:
    return QPolygonF([QPointF(x - 3.5, lane.top), QPointF(x + 3.5, lane.top), QPointF(x, lane.top + 5)])
