"""Paints what changes often on the timeline: playhead, range, marks, chosen, cached and hovered frames."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen, QPolygonF

from framescope.core.distinct import distinct
from framescope.core.text import grouped
from framescope.core.translation import tr
from framescope.ui.timeline.cell_labels import LETTER_ROOM_PX
from framescope.ui.timeline.gutter import paint_name
from framescope.ui.timeline.lanes import EDGE_PX
from framescope.ui.timeline.shades import faded, on_color
from framescope.ui.timeline.spans import pixel_runs, single_frames
from framescope.ui.timeline.status_painter import paint_flagged

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from framescope.session.tracks import ChapterMark
    from framescope.ui.timeline.scene import Scene

_STEM_ROOM_PX = 14.0
"""Minimum mean distance of chosen frames that get a stem: denser ones would hide the bars."""
_CUT_ROOM_PX = 5.0
"""Minimum mean distance of scene cuts drawn as lines; denser ones get only ticks."""
_NOTCH_PX = 4.0


def paint_chosen(painter: QPainter, scene: Scene, frame_numbers: NDArray[np.int64]) -> None:
    """A tick below each frame, and a faint stem through its bar if they are not too dense.

    Args:
        painter: The painter to draw with.
        scene: The scene the content was painted from.
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
    """Label the ticks of the chosen frames."""
    lane = scene.lanes.chosen
    painter.setFont(scene.fonts.small)
    painter.setPen(scene.tokens.chosen)
    paint_name(painter, lane, tr("Export"))


def paint_scene_cuts(painter: QPainter, scene: Scene, scene_cuts: NDArray[np.int64]) -> None:
    """A line before the first frame of each scene, notched at its top.

    Args:
        painter: The painter to draw with.
        scene: The scene the content was painted from.
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
    # Sought as integers: for others, NumPy would first convert all frame numbers.
    ends = np.ceil([scene.axis.first - 1, scene.axis.last]).astype(np.int64)
    first, last = np.searchsorted(frame_numbers, ends)
    return frame_numbers[first:last]


def _places(scene: Scene, frame_numbers: NDArray[np.int64]) -> list[float]:
    return sorted({round(scene.axis.x_of(n + 0.5), 1) for n in frame_numbers})


HANDLE_PX = 7.0
"""Width of the handles of the in/out range, which lie outside it."""
_CELL_FROM_PX = 4.0
_LETTER_PX, _LETTER_GAP_PX = 10.0, 3.0
_MARK_PX = 4.0
_STEM_PX = 1.5
_MANY_STEMS = 40
_MARK_ROOM_PX = 14.0
"""Minimum mean distance of marks drawn as diamonds; denser ones are drawn as lines."""

_CHAPTER_INSET_PX = 4.0
_NOTE_ROOM_PX = 24.0
"""In less room, a note would be elided to a letter."""


def _none() -> NDArray[np.int64]:
    return np.empty(0, np.int64)


@dataclass(slots=True)
class Overlay:
    """What is painted over the content.

    Attributes:
        position: The current frame; None if no video is open.
        hovered: The frame under the pointer, or None.
        in_point: First frame of the range, or None.
        out_point: Last frame of the range (included), or None.
        loop: Where the A–B loop starts and ends, in frames; only its start until both are set, or empty.
        marks: int64, marked frames, ascending.
        text_of: Label and note of a marked frame; empty if it has neither.
        color_of: The colour of a frame's label; None without one.
        chosen: int64, frames chosen for export, ascending.
        scene_cuts: int64, first frames of scenes, ascending.
        cached: (n, 2) int64, half-open spans of frames in memory.
        unavailable: int64, frames found not to be decodable.
        chapters: Chapters, in order.
    """

    position: int | None = None
    hovered: int | None = None
    in_point: int | None = None
    out_point: int | None = None
    loop: tuple[int, ...] = ()
    marks: NDArray[np.int64] = field(default_factory=_none)
    text_of: Callable[[int], str] = lambda _number: ""
    color_of: Callable[[int], QColor | None] = lambda _number: None
    chosen: NDArray[np.int64] = field(default_factory=_none)
    scene_cuts: NDArray[np.int64] = field(default_factory=_none)
    cached: NDArray[np.int64] = field(default_factory=lambda: np.empty((0, 2), np.int64))
    unavailable: NDArray[np.int64] = field(default_factory=_none)
    chapters: Sequence[ChapterMark] = ()


def paint_overlay(
    painter: QPainter, scene: Scene, overlay: Overlay, number_places: Sequence[tuple[float, float]]
) -> None:
    """Paint all overlays, from bottom to top.

    Args:
        painter: The painter to draw with.
        scene: The scene the content was painted from.
        overlay: What to paint.
        number_places: Left and right of the ruler's frame numbers; none may be partly hidden by the flag.
    """
    axis = scene.axis
    painter.save()
    # Handles and flags may extend slightly beyond the ends of the axis.
    painter.setClipRect(QRectF(axis.left - HANDLE_PX - 1, 0, axis.width + 24, scene.lanes.content_bottom))
    _paint_cached(painter, scene, overlay.cached)
    paint_flagged(painter, scene, overlay.unavailable)
    _paint_chapters(painter, scene, overlay.chapters)
    _paint_range(painter, scene, overlay)
    _paint_loop(painter, scene, overlay.loop)
    paint_scene_cuts(painter, scene, overlay.scene_cuts)
    paint_chosen(painter, scene, overlay.chosen)
    _paint_marks(painter, scene, overlay)
    if overlay.hovered is not None:
        _paint_hovered(painter, scene, overlay.hovered)
    painter.restore()
    if len(overlay.chosen):
        paint_choice_name(painter, scene)
    if overlay.position is not None:
        _paint_playhead(painter, scene, overlay.position, number_places)


def _paint_cached(painter: QPainter, scene: Scene, spans: NDArray[np.int64]) -> None:
    lane = scene.lanes.cached
    for left, right in pixel_runs(spans, scene.axis):
        painter.fillRect(QRectF(left, lane.top, right - left, lane.height), scene.tokens.cached)


def _paint_chapters(painter: QPainter, scene: Scene, chapters: Sequence[ChapterMark]) -> None:
    """A line where each chapter begins, with its name in the lane of marks if there is room for it."""
    axis, lanes, tokens = scene.axis, scene.lanes, scene.tokens
    lane, metrics = lanes.markers, scene.fonts.small_metrics
    painter.setFont(scene.fonts.small)
    for place, chapter in enumerate(chapters):
        stop = chapters[place + 1].frame_number if place + 1 < len(chapters) else scene.frame_total
        left, right = axis.x_of(chapter.frame_number), min(axis.x_of(stop), axis.right)
        if right < axis.left or left > axis.right:
            continue
        if left >= axis.left:
            height = lanes.stage_bottom - lane.top
            painter.fillRect(QRectF(round(left), lane.top, 1, height), faded(tokens.text_muted, 0.6))
        start = max(left, axis.left) + _CHAPTER_INSET_PX
        room = right - start - _CHAPTER_INSET_PX
        if room >= _NOTE_ROOM_PX:
            painter.setPen(tokens.text_muted)
            words = metrics.elidedText(chapter.title, Qt.TextElideMode.ElideRight, int(room))
            area = QRectF(start, lane.middle - metrics.height() / 2, room, metrics.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)


def _paint_range(painter: QPainter, scene: Scene, overlay: Overlay) -> None:
    if overlay.in_point is None and overlay.out_point is None:
        return
    axis, lanes, tokens = scene.axis, scene.lanes, scene.tokens
    start = 0 if overlay.in_point is None else overlay.in_point
    stop = scene.frame_total if overlay.out_point is None else overlay.out_point + 1
    left, right = max(axis.x_of(start), axis.left), min(axis.x_of(stop), axis.right)
    if right > left:
        width = right - left
        painter.fillRect(
            QRectF(left, lanes.types.top, width, lanes.stage_bottom - lanes.types.top),
            faded(tokens.in_out, tokens.in_out.alphaF() * 0.55),
        )
        painter.fillRect(QRectF(left, lanes.markers.top + 2, width, lanes.markers.height - 4), tokens.in_out)
        painter.fillRect(QRectF(left, lanes.markers.bottom - 3, width, 1.5), tokens.accent)
    if overlay.in_point is not None:
        _paint_handle(painter, scene, axis.x_of(start), -1)
    if overlay.out_point is not None:
        _paint_handle(painter, scene, axis.x_of(stop), 1)


def _paint_loop(painter: QPainter, scene: Scene, loop: tuple[int, ...]) -> None:
    """A dotted line at each end of the A–B loop, with its letter on the inner side."""
    axis, lanes, tokens = scene.axis, scene.lanes, scene.tokens
    painter.setFont(scene.fonts.small)
    for edge, letter, flags in zip(
        loop, "AB", (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight), strict=False
    ):
        x = round(axis.x_of(edge)) + 0.5
        painter.setPen(QPen(tokens.text, 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, lanes.markers.top), QPointF(x, lanes.stage_bottom))
        width = _LETTER_PX
        left = x + _LETTER_GAP_PX if letter == "A" else x - width - _LETTER_GAP_PX
        area = QRectF(left, lanes.markers.top, width, lanes.markers.height)
        painter.drawText(area, flags | Qt.AlignmentFlag.AlignVCenter, letter)


def _paint_handle(painter: QPainter, scene: Scene, x: float, side: int) -> None:
    """A handle outside the range, so that both can be grabbed even if the range is one frame."""
    lanes, tokens = scene.lanes, scene.tokens
    outer = x + side * HANDLE_PX
    box = QRectF(min(x, outer), lanes.markers.top + 1, HANDLE_PX, lanes.markers.height - 3)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tokens.accent)
    painter.drawRoundedRect(box, 2, 2)
    painter.fillRect(
        QRectF(x - 0.5, lanes.markers.top + 1, 1, lanes.stage_bottom - lanes.markers.top), tokens.accent
    )
    middle = box.center()
    painter.setPen(tokens.accent_text)
    painter.drawLine(QLineF(middle.x(), middle.y() - 2.5, middle.x(), middle.y() + 2.5))


def _paint_marks(painter: QPainter, scene: Scene, overlay: Overlay) -> None:
    axis, lanes, tokens = scene.axis, scene.lanes, scene.tokens
    shown = _in_view(scene, overlay.marks)
    places = distinct(np.round((shown + 0.5 - axis.first) * axis.px_per_frame)) + axis.left
    middle = lanes.markers.middle
    if len(places) * _MARK_ROOM_PX > axis.width:
        for left, right in pixel_runs(single_frames(shown), axis):
            painter.fillRect(QRectF(left, middle - _MARK_PX, right - left, 2 * _MARK_PX), tokens.mark)
        return
    colored = dict.fromkeys(places.tolist(), tokens.mark)
    # Of labelled frames on one pixel, the last one gives the colour.
    at = np.round((shown + 0.5 - axis.first) * axis.px_per_frame) + axis.left
    pairs = zip(at.tolist(), shown.tolist(), strict=True)
    colored |= {x: color for x, n in pairs if (color := overlay.color_of(n)) is not None}
    # Too many stems would hide the bars.
    for x, color in colored.items() if len(places) <= _MANY_STEMS else ():
        painter.fillRect(QRectF(x, round(middle), 1, lanes.bars.bottom - round(middle)), faded(color, 0.55))
    painter.setPen(Qt.PenStyle.NoPen)
    diamond = _diamond(0.0, middle, _MARK_PX)
    for x, color in colored.items():
        painter.setBrush(color)
        painter.drawPolygon(diamond.translated(x + 0.5, 0.0))
    _paint_notes(painter, scene, shown, overlay)


def _paint_notes(painter: QPainter, scene: Scene, marks: NDArray[np.int64], overlay: Overlay) -> None:
    """Notes next to their diamonds, if they fit before the next one or a handle."""
    axis, lane, metrics = scene.axis, scene.lanes.markers, scene.fonts.small_metrics
    painter.setFont(scene.fonts.small)
    painter.setPen(scene.tokens.text)
    obstacles = [axis.x_of(number + 0.5) - _MARK_PX for number in marks.tolist()]
    if overlay.in_point is not None:
        obstacles.append(axis.x_of(overlay.in_point) - HANDLE_PX)
    if overlay.out_point is not None:
        obstacles.append(axis.x_of(overlay.out_point + 1))
    obstacles.sort()
    for number in marks.tolist():
        left = axis.x_of(number + 0.5) + 2 * _MARK_PX
        next_one = bisect_right(obstacles, left - 2 * _MARK_PX)
        room = (obstacles[next_one] if next_one < len(obstacles) else axis.right) - left - _MARK_PX / 2
        text = overlay.text_of(number) if room >= _NOTE_ROOM_PX else ""
        if text:
            words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room))
            area = QRectF(left, lane.middle - metrics.height() / 2, room, metrics.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)


def _diamond(x: float, y: float, reach: float) -> QPolygonF:
    corners = [QPointF(x, y - reach), QPointF(x + reach, y), QPointF(x, y + reach), QPointF(x - reach, y)]
    return QPolygonF(corners)


def _paint_hovered(painter: QPainter, scene: Scene, frame_number: int) -> None:
    axis, lanes, tokens = scene.axis, scene.lanes, scene.tokens
    top, height = lanes.types.top, lanes.stage_bottom - lanes.types.top
    if axis.px_per_frame >= _CELL_FROM_PX:
        cell = QRectF(axis.x_of(frame_number), top, axis.px_per_frame, height)
        painter.fillRect(cell, faded(tokens.text, 0.08))
    x = round(axis.x_of(frame_number + 0.5))
    painter.fillRect(
        QRectF(x, lanes.ticks.top, 1, lanes.stage_bottom - lanes.ticks.top), faded(tokens.text, 0.4)
    )


def _paint_playhead(
    painter: QPainter, scene: Scene, position: int, number_places: Sequence[tuple[float, float]]
) -> None:
    axis, lanes, tokens = scene.axis, scene.lanes, scene.tokens
    middle = axis.x_of(position + 0.5)
    if not axis.left <= middle <= axis.right:
        return
    stage_height = lanes.stage_bottom - lanes.types.top
    cell = QRectF(axis.x_of(position), lanes.types.top, axis.px_per_frame, stage_height)
    stem_bottom = lanes.cached.bottom
    if axis.px_per_frame >= _CELL_FROM_PX:
        painter.fillRect(cell, faded(tokens.playhead, 0.16))
    if axis.px_per_frame >= LETTER_ROOM_PX:
        # A stem would cross out the letter and size of the current frame.
        stem_bottom = lanes.types.top
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(tokens.playhead, _STEM_PX))
        painter.drawRect(cell.adjusted(-0.5, 0.75, -0.5, -0.75))
    top = lanes.numbers.bottom - 2
    painter.fillRect(QRectF(middle - _STEM_PX / 2, top, _STEM_PX, stem_bottom - top), tokens.playhead)
    _paint_flag(painter, scene, middle, grouped(position), number_places)


def _paint_flag(
    painter: QPainter, scene: Scene, middle: float, text: str, number_places: Sequence[tuple[float, float]]
) -> None:
    """The playhead's handle: the frame number in a flag that points at the frame."""
    lane, tokens = scene.lanes.numbers, scene.tokens
    width = max(scene.fonts.strong_metrics.horizontalAdvance(text) + 14, 26.0)
    left = min(max(middle - width / 2, scene.axis.left - EDGE_PX), scene.axis.right + EDGE_PX - 2 - width)
    box = QRectF(left, lane.top - 1, width, lane.height)
    for start, end in number_places:
        if start < box.right() + 3 and end > box.left() - 3:
            painter.fillRect(QRectF(start - 1, lane.top, end - start + 2, lane.height), tokens.surface)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tokens.playhead)
    painter.drawRoundedRect(box, 4, 4)
    base = box.bottom() - 1
    tip = scene.lanes.ticks.bottom + 1
    pointer = [QPointF(middle - 5, base), QPointF(middle + 5, base), QPointF(middle, tip)]
    painter.drawPolygon(QPolygonF(pointer))
    painter.setFont(scene.fonts.strong)
    painter.setPen(on_color(tokens, tokens.playhead))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
