"""Paints the frames that are about to be exported, and where scenes change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPolygonF

from framescope.ui.timeline.lanes import GUTTER_PX
from framescope.ui.timeline.shades import faded
from framescope.ui.timeline.spans import pixel_runs, single_frames

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from framescope.ui.timeline.scene import Scene

_STEM_ROOM_PX = 14.0
"""Chosen frames that stand closer than this on average get no stem: a forest of them would hide the bars."""
_CUT_ROOM_PX = 5.0
"""Cuts that stand closer than this on average are only ticks."""
_NOTCH_PX = 4.0
_NAME_LEFT_PX = 12.0


def paint_chosen(painter: QPainter, scene: Scene, frame_numbers: NDArray[np.int64]) -> None:
    """A tick below each frame, and a faint stem through its bar where there is room.

    Args:
        painter: Where to.
        scene: What the content was painted from.
        frame_numbers: int64, ascending.
    """
    axis, lanes, tokens = scene.axis, scene.lanes, scene.tokens
    shown = _in_view(scene, frame_numbers)
    if not len(shown):
        return
    lane = lanes.chosen
    for left, right in pixel_runs(single_frames(shown), axis, least_px=2):
        painter.fillRect(QRectF(left, lane.top, right - left, lane.height), tokens.chosen)
    if len(shown) * _STEM_ROOM_PX > axis.width:
        return
    stem = faded(tokens.chosen, 0.38)
    width = max(min(axis.px_per_frame, _STEM_ROOM_PX), 1.0)
    for x in _places(scene, shown):
        painter.fillRect(
            QRectF(x - width / 2, lanes.types.top, width, lanes.bars.bottom - lanes.types.top), stem
        )


def paint_choice_name(painter: QPainter, scene: Scene) -> None:
    """Say, beside the ticks, what they are."""
    lane = scene.lanes.chosen
    painter.setFont(scene.fonts.small)
    painter.setPen(scene.tokens.chosen)
    height = scene.fonts.small_metrics.height()
    area = QRectF(_NAME_LEFT_PX, lane.middle - height / 2, GUTTER_PX - _NAME_LEFT_PX, height)
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, "Export")


def paint_scene_cuts(painter: QPainter, scene: Scene, scene_cuts: NDArray[np.int64]) -> None:
    """A line on the border before each frame that begins a scene, notched at its top.

    Args:
        painter: Where to.
        scene: What the content was painted from.
        scene_cuts: int64, ascending.
    """
    axis, lanes, tokens = scene.axis, scene.lanes, scene.tokens
    shown = _in_view(scene, scene_cuts)
    if not len(shown):
        return
    top = lanes.markers.top
    if len(shown) * _CUT_ROOM_PX > axis.width:
        for left, right in pixel_runs(single_frames(shown), axis):
            painter.fillRect(QRectF(left, top, right - left, lanes.markers.height), tokens.text_muted)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    for number in shown.tolist():
        x = round(axis.x_of(number))
        painter.fillRect(QRectF(x - 0.5, top, 1, lanes.bars.bottom - top), faded(tokens.text, 0.55))
        painter.setBrush(tokens.text)
        notch = (QPointF(x - _NOTCH_PX, top), QPointF(x + _NOTCH_PX, top), QPointF(x, top + _NOTCH_PX + 1))
        painter.drawPolygon(QPolygonF(notch))


def _in_view(scene: Scene, frame_numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    first, last = np.searchsorted(frame_numbers, [scene.axis.first - 1, scene.axis.last])
    return frame_numbers[first:last]


def _places(scene: Scene, frame_numbers: NDArray[np.int64]) -> list[float]:
    middles: list[float] = np.unique([round(scene.axis.x_of(n + 0.5), 1) for n in frame_numbers]).tolist()
    return middles
