"""Paints the lane names, the scale of the bars, and the legend of picture types."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF, Qt

from framescope.core.model.frame import PictureType
from framescope.core.text import counted
from framescope.core.translation import tr
from framescope.ui.timeline.cell_labels import LETTER_ROOM_PX
from framescope.ui.timeline.labels import bytes_label, span_label
from framescope.ui.timeline.lanes import GUTTER_PX, HEADROOM_PX, Lane
from framescope.ui.timeline.shades import letter_color, type_colors

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from framescope.core.media.index import FrameIndex
    from framescope.ui.timeline.scene import Scene

_INSET_PX = 12.0
_AXIS_GAP_PX = 7.0
_CHIP_PX = 8.0
_LEGEND_ROW_PX = 13.0
_LETTER_STEP_PX = 8.0
_LEGEND = (PictureType.I, PictureType.P, PictureType.B)
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def paint_lane_names(painter: QPainter, scene: Scene) -> None:
    """Paint the name of each lane."""
    lanes = scene.lanes
    has_letters = scene.chart is not None and scene.axis.px_per_frame >= LETTER_ROOM_PX
    painter.setFont(scene.fonts.small)
    painter.setPen(scene.tokens.text_faint)
    paint_name(painter, lanes.times, tr("Time"))
    paint_name(painter, lanes.numbers, tr("Frame"))
    paint_name(painter, lanes.markers, tr("Range"))
    paint_name(painter, lanes.types, tr("Type") if has_letters else tr("Keyframes"))


def legend_text(index: FrameIndex | None) -> str:
    """The legend's text: the meaning of the colours and whether the types are decoded or inferred."""
    if index is None:
        return ""
    how = (
        tr("as the decoder reports them")
        if index.picture_types_decoded
        else tr("inferred from the packets (pale bars, hollow squares) until decoded")
    )
    return tr("Bars: compressed size of each frame, square-root scale.\nI, P and B pictures {how}.", how=how)


def paint_name(painter: QPainter, lane: Lane, text: str) -> None:
    """Paint a text beside a lane, elided where a translation is too long."""
    metrics = painter.fontMetrics()
    height, width = metrics.height(), GUTTER_PX - _INSET_PX - _AXIS_GAP_PX
    # Some lanes are lower than a line of text.
    area = QRectF(_INSET_PX, lane.middle - height / 2, width, height)
    painter.drawText(area, _LEFT, metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(width)))


def paint_scale(painter: QPainter, scene: Scene, top_bytes: float) -> None:
    """The size at full height, and a quarter of it, which the square root scale puts at half height."""
    bars = scene.lanes.bars
    room = bars.height - HEADROOM_PX
    line = scene.fonts.small_metrics.height()
    painter.setFont(scene.fonts.small)
    for share in (1.0, 0.25) if room > 2.5 * line else (1.0,):
        y = bars.bottom - room * share**0.5
        painter.setPen(scene.tokens.text_muted)
        area = QRectF(0, y - line / 2, GUTTER_PX - _AXIS_GAP_PX, line)
        painter.drawText(area, _RIGHT, bytes_label(top_bytes * share))
        painter.setPen(scene.tokens.border_strong)
        painter.drawLine(QLineF(GUTTER_PX - 4.5, y, GUTTER_PX - 1.5, y))


def paint_legend(painter: QPainter, scene: Scene, index: FrameIndex) -> None:
    """The legend of colours: squares are filled if the decoder has confirmed the types."""
    bars = scene.lanes.bars
    if bars.height < len(_LEGEND) * _LEGEND_ROW_PX:
        _paint_letters(painter, scene)
        return
    top = bars.bottom - len(_LEGEND) * _LEGEND_ROW_PX
    for place, picture_type in enumerate(_LEGEND):
        middle = top + (place + 0.5) * _LEGEND_ROW_PX
        chip = QRectF(_INSET_PX, middle - _CHIP_PX / 2, _CHIP_PX, _CHIP_PX)
        color = type_colors(scene.tokens)[picture_type]
        painter.setPen(color)
        painter.setBrush(color if index.picture_types_decoded else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
        painter.setPen(scene.tokens.text_muted)
        painter.drawText(QRectF(chip.right() + 5, middle - 7, 20, 14), _LEFT, picture_type.letter)


def _paint_letters(painter: QPainter, scene: Scene) -> None:
    """The legend of low bars: the letters in their colours, as the scale needs the room beside them."""
    bars = scene.lanes.bars
    if bars.height < _LEGEND_ROW_PX:
        return
    for place, picture_type in enumerate(_LEGEND):
        painter.setPen(letter_color(scene.tokens, picture_type))
        area = QRectF(_INSET_PX + place * _LETTER_STEP_PX, bars.bottom - _LEGEND_ROW_PX, 20, _LEGEND_ROW_PX)
        painter.drawText(area, _LEFT, picture_type.letter)


def paint_span(painter: QPainter, scene: Scene) -> None:
    """The visible span, next to the overview: as a time if there are times, else in frames."""
    axis, lane, chart = scene.axis, scene.lanes.overview, scene.chart
    frames = round(axis.span)
    text = counted(frames, "frame", "frames")
    if chart is not None and math.isfinite(chart.clock.mean_duration_s):
        text = span_label(axis.span * chart.clock.mean_duration_s)
    painter.setFont(scene.fonts.small)
    painter.setPen(scene.tokens.text_muted)
    paint_name(painter, lane, text)
