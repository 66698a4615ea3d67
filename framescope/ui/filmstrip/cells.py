"""The cells of the filmstrip: which frames they show, their layout, and their painting."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen, QPolygonF

from framescope.core.text import grouped
from framescope.ui.timeline.shades import faded, on_color, type_colors
from framescope.ui.widgets.theme import RADIUS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QImage, QPainter

    from framescope.ui.timeline.axis import FrameAxis
    from framescope.ui.timeline.scene import Fonts
    from framescope.ui.widgets.theme import Tokens

_DOT_PX = 7.0
_BADGE_PX = 11.0
_OUTLINE_PX = 2.0
_DOT_GAP_PX = 5.0
_WORDS_GAP_PX = 5.0
_DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class CellLook:
    """The contents of a cell.

    Attributes:
        frame_number: The frame.
        time: Its time, as it is shown.
        type_code: Value of its ``PictureType``; None if not indexed.
        is_decoded: Whether the type comes from the decoder.
        image: The thumbnail; None while it is pending.
        is_current: Whether it is the current frame.
        holds_current: Whether it is the cell nearest to the current frame.
        is_marked: Whether its frame is marked.
        holds_mark: Whether another frame it represents is marked.
        is_damaged: Whether its frame is known to be damaged or lost.
        is_hovered: Whether the pointer is over it.
        note: The frame's label and note, or an empty string.
        mark_color: The colour of its label, ``#rrggbb``; None if it has none.
    """

    frame_number: int
    time: str
    type_code: int | None
    is_decoded: bool
    image: QImage | None
    is_current: bool
    holds_current: bool
    is_marked: bool
    holds_mark: bool
    is_damaged: bool
    is_hovered: bool
    note: str = ""
    mark_color: str | None = None


@dataclass(frozen=True, slots=True)
class CellStyle:
    """Properties shared by all cells.

    Attributes:
        tokens: The theme's colours.
        fonts: The fonts.
        size: Size of the thumbnail area, in logical pixels.
        ratio: Device pixels per logical pixel.
        view: Left and right end of the visible strip.
    """

    tokens: Tokens
    fonts: Fonts
    size: QSizeF
    ratio: float
    view: tuple[float, float]

    @property
    def line_height(self) -> float:
        """Height of a text line."""
        return float(self.fonts.text_height + 1)

    @property
    def height(self) -> float:
        """Height of a cell, including text."""
        return self.size.height() + _WORDS_GAP_PX + 2 * self.line_height


def paint_cell(painter: QPainter, look: CellLook, top_left: QPointF, style: CellStyle) -> None:
    """Paint the cell, with its thumbnail at ``top_left``."""
    # Aligning to device pixels keeps thumbnails sharp.
    x = round(top_left.x() * style.ratio) / style.ratio
    area = QRectF(QPointF(x, top_left.y()), style.size)
    _paint_picture(painter, look, area, style)
    if look.note:
        _paint_note(painter, look.note, area, style)
    _paint_outline(painter, look, area, style.tokens)
    _paint_badge(painter, look, area, style.tokens)
    _paint_words(painter, look, area, style)


def _paint_picture(painter: QPainter, look: CellLook, area: QRectF, style: CellStyle) -> None:
    tokens = style.tokens
    shape = QPainterPath()
    shape.addRoundedRect(area, RADIUS, RADIUS)
    if look.image is None or look.image.isNull():
        painter.fillPath(shape, tokens.surface_raised)
        _paint_damage(painter, look, area, style)
        return
    painter.save()
    # Intersect: the strip already clips at its gutter.
    painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
    size = QSizeF(look.image.size()).scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRectF(QPointF(), size)
    target.moveCenter(area.center())
    if size != area.size():
        painter.fillRect(area, tokens.picture_background)
    painter.drawImage(target, look.image)
    painter.restore()
    _paint_damage(painter, look, area, style)


def _paint_damage(painter: QPainter, look: CellLook, area: QRectF, style: CellStyle) -> None:
    """A label on a band at the bottom of a frame affected by damage; only the band if it is too narrow."""
    if not look.is_damaged:
        return
    tokens, metrics = style.tokens, style.fonts.small_metrics
    band = QRectF(area.left(), area.bottom() - metrics.height(), area.width(), metrics.height())
    painter.fillRect(band, tokens.error)
    if metrics.horizontalAdvance(_DAMAGED) + 4 <= area.width():
        painter.setFont(style.fonts.small)
        painter.setPen(on_color(tokens, tokens.error))
        painter.drawText(band, Qt.AlignmentFlag.AlignCenter, _DAMAGED)


def _paint_note(painter: QPainter, note: str, area: QRectF, style: CellStyle) -> None:
    """The note on a band along the picture's bottom edge."""
    metrics = style.fonts.small_metrics
    band = QRectF(area.left(), area.bottom() - metrics.height() - 2, area.width(), metrics.height() + 2)
    shape = QPainterPath()
    shape.addRoundedRect(area, RADIUS, RADIUS)
    painter.save()
    painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
    painter.fillRect(band, style.tokens.overlay)
    painter.restore()
    room = band.adjusted(_DOT_GAP_PX, 0, -_DOT_GAP_PX, 0)
    painter.setFont(style.fonts.small)
    painter.setPen(style.tokens.overlay_text)
    words = metrics.elidedText(note, Qt.TextElideMode.ElideRight, int(room.width()))
    painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)


def _paint_outline(painter: QPainter, look: CellLook, area: QRectF, tokens: Tokens) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if look.is_current:
        pen, inset = QPen(tokens.accent, _OUTLINE_PX), -_OUTLINE_PX / 2
    elif look.holds_current:
        pen, inset = QPen(faded(tokens.accent, 0.6), 1.0), -0.5
    elif look.is_hovered:
        pen, inset = QPen(tokens.text_faint, 1.0), -0.5
    else:
        # Outlines a dark picture on a dark background, or a light one on a light background.
        pen, inset = QPen(faded(tokens.text, 0.1), 1.0), 0.5
    painter.setPen(pen)
    painter.drawRoundedRect(area.adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)


def _paint_badge(painter: QPainter, look: CellLook, area: QRectF, tokens: Tokens) -> None:
    """A ribbon on a marked frame; a small diamond if another frame the cell represents is marked."""
    if look.is_marked:
        left, top = area.right() - _BADGE_PX - 5, area.top() - 1
        bottom = top + _BADGE_PX + 4
        points = [
            (0.0, top),
            (_BADGE_PX, top),
            (_BADGE_PX, bottom),
            (_BADGE_PX / 2, bottom - 4),
            (0.0, bottom),
        ]
        painter.setPen(QPen(faded(tokens.window, 0.6), 1.0))
        painter.setBrush(tokens.mark if look.mark_color is None else QColor(look.mark_color))
        painter.drawPolygon(QPolygonF([QPointF(left + x, y) for x, y in points]))
    elif look.holds_mark:
        middle = QPointF(area.right() - 9, area.top() + 9)
        corners = [QPointF(0, -4), QPointF(4, 0), QPointF(0, 4), QPointF(-4, 0)]
        painter.setPen(QPen(faded(tokens.window, 0.6), 1.0))
        painter.setBrush(tokens.mark)
        painter.drawPolygon(QPolygonF([middle + corner for corner in corners]))


def _paint_words(painter: QPainter, look: CellLook, area: QRectF, style: CellStyle) -> None:
    tokens, fonts = style.tokens, style.fonts
    number, time = grouped(look.frame_number), look.time
    number_font = fonts.strong if look.is_current else fonts.label
    metrics = fonts.strong_metrics if look.is_current else fonts.label_metrics
    dot = _DOT_PX + _DOT_GAP_PX if look.type_code is not None else 0.0
    width = dot + metrics.horizontalAdvance(number)
    time_width = fonts.small_metrics.horizontalAdvance(time)
    middle = _middle_in_view(area, max(width, time_width), style)
    if middle is None:
        return
    baseline = area.bottom() + _WORDS_GAP_PX + metrics.ascent()
    left = middle - width / 2
    if look.type_code is not None:
        center = QPointF(left + _DOT_PX / 2, baseline - metrics.capHeight() / 2)
        _paint_dot(painter, center, look.type_code, look, tokens)
    painter.setFont(number_font)
    painter.setPen(tokens.text)
    painter.drawText(QPointF(left + dot, baseline), number)
    painter.setFont(fonts.small)
    painter.setPen(tokens.text_muted)
    painter.drawText(QPointF(middle - time_width / 2, baseline + style.line_height), time)


def _middle_in_view(area: QRectF, width: float, style: CellStyle) -> float | None:
    """The x for text ``width`` wide that is fully visible below the picture; None if it does not fit."""
    left, right = style.view
    if min(area.right(), right) - max(area.left(), left) < min(width, area.width()):
        return None
    return min(max(area.center().x(), left + width / 2), right - width / 2)


def _paint_dot(painter: QPainter, middle: QPointF, code: int, look: CellLook, tokens: Tokens) -> None:
    color = type_colors(tokens)[code]
    painter.setPen(QPen(color, 1.5))
    painter.setBrush(color if look.is_decoded else Qt.BrushStyle.NoBrush)
    radius = (_DOT_PX - 1.5) / 2
    painter.drawEllipse(middle, radius, radius)


_SNAP_FROM = 8
"""Cells that represent at least this many frames show a keyframe near their middle: it decodes fast."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One thumbnail.

    Attributes:
        frame_number: The frame shown.
        start: The first frame it represents: those nearer to it than to its neighbours.
        stop: One past the last frame it represents.
        center: x of its middle, in logical pixels.
    """

    frame_number: int
    start: int
    stop: int
    center: float


def stride_for(px_per_frame: float, pitch_px: float) -> int:
    """The smallest frame count, from a sparse series, that is at least as wide as a cell.

    The series (1, 2, … 7, 8, 10, 12, 14, 16, 20, …) leaves gaps of at most a quarter of a cell, and keeps
    most frames of the strip while the timeline is zoomed.
    """
    wanted = max(math.ceil(pitch_px / px_per_frame - 1e-9), 1)
    if wanted < 8:
        return wanted
    unit: int = 1 << (wanted.bit_length() - 3)
    return -(-wanted // unit) * unit


def even_cells(
    axis: FrameAxis, frame_total: int, pitch_px: float, keyframes: NDArray[np.int64], margin: float = 0.0
) -> list[Cell]:
    """Evenly spaced cells, each at the middle of the frames it represents; the first one shows frame 0.

    Args:
        axis: The timeline's axis.
        frame_total: Frames of the video.
        pitch_px: Width of a cell, including the gap.
        keyframes: Frame numbers, ascending. One near the middle of a long stretch is preferred.
        margin: How far beyond the edges to continue, as a fraction of the view.
    """
    cells = []
    for start, stop, center in _stretches(axis, frame_total, pitch_px, margin):
        middle = (start + stop) // 2
        snap = (stop - start) // 4 if stop - start >= _SNAP_FROM else 0
        number = _nearest_within(keyframes, middle, max(middle - snap, start), min(middle + snap + 1, stop))
        if not start:
            number = 0
        cells.append(Cell(middle if number is None else number, start, stop, center))
    return _parted(cells)


def keyframe_cells(
    axis: FrameAxis, frame_total: int, pitch_px: float, keyframes: NDArray[np.int64], margin: float = 0.0
) -> list[Cell]:
    """Cells of keyframes only; where they are dense, one represents its neighbours.

    A stretch without a keyframe leaves a gap; if that would leave the whole view empty, the previous
    keyframe is shown at the left.
    """
    cells = []
    for start, stop, center in _stretches(axis, frame_total, pitch_px, margin):
        number = _nearest_within(keyframes, (start + stop) // 2 if start else 0, start, stop)
        if number is not None:
            cells.append(Cell(number, start, stop, center))
    half = pitch_px / 2
    if not any(axis.left - half < cell.center < axis.right + half for cell in cells):
        before = int(np.searchsorted(keyframes, axis.first, side="right")) - 1
        if before >= 0:
            number = int(keyframes[before])
            cells.append(Cell(number, number, number + 1, axis.left + half))
    return _parted(cells)


def request_order(cells: list[Cell], axis: FrameAxis) -> list[int]:
    """Unique frame numbers, from the middle of the view outward."""
    middle = axis.left + axis.width / 2
    outward = sorted(cells, key=lambda cell: abs(cell.center - middle))
    return list(dict.fromkeys(cell.frame_number for cell in outward))


def nearest_cell(cells: Sequence[Cell], frame_number: int) -> Cell | None:
    """The cell whose frame is nearest, the later one if tied; None if there are none."""
    return min(reversed(cells), key=lambda cell: abs(cell.frame_number - frame_number), default=None)


def cell_at(cells: list[Cell], x: float, width_px: float) -> Cell | None:
    """The cell under ``x``; None in a gap."""
    return next((cell for cell in cells if abs(x - cell.center) <= width_px / 2), None)


def _stretches(
    axis: FrameAxis, frame_total: int, pitch_px: float, margin: float
) -> list[tuple[int, int, float]]:
    """First frame, one past the last frame, and x of the middle of each cell.

    A view of the whole video is divided evenly. Any other uses a grid from frame 0, so that scrolling
    moves cells without changing them; a remainder at the end that is too narrow for a cell is added to
    the last stretch.
    """
    if axis.first <= 0 and axis.last >= frame_total:
        count = min(max(int(frame_total * axis.px_per_frame / pitch_px + 1e-6), 1), frame_total)
        edges = [(2 * frame_total * place + count) // (2 * count) for place in range(count + 1)]
        # Even spacing even where frames cannot be divided evenly: half a frame off, a cell is still over its
        # frames, but two cells closer than their width would overlap.
        centers = [axis.x_of(frame_total * (place + 0.5) / count) for place in range(count)]
        return [(*ends, center) for ends, center in zip(pairwise(edges), centers, strict=True)]
    stride = stride_for(axis.px_per_frame, pitch_px)
    reach = axis.span * margin
    first = max(math.floor((axis.first - reach) / stride), 0) * stride
    end = min(math.ceil(axis.last + reach), frame_total)
    stretches: list[tuple[int, int, float]] = []
    for start in range(first, end, stride):
        stop = min(start + stride, frame_total)
        if (stop - start) * axis.px_per_frame < pitch_px - 1 and stretches:
            start_before, _, center_before = stretches.pop()
            stretches.append((start_before, stop, center_before))
        else:
            stretches.append((start, stop, axis.x_of((start + stop) / 2)))
    return stretches


def _parted(cells: list[Cell]) -> list[Cell]:
    """Assign each frame to the cell whose own frame is nearest, so that the highlighted one fits best."""
    borders = [(left.frame_number + right.frame_number + 1) // 2 for left, right in pairwise(cells)]
    starts = [cell.start for cell in cells[:1]] + borders
    stops = borders + [cell.stop for cell in cells[-1:]]
    return [
        replace(cell, start=start, stop=stop) for cell, start, stop in zip(cells, starts, stops, strict=True)
    ]


def _nearest_within(keyframes: NDArray[np.int64], middle: int, start: int, stop: int) -> int | None:
    place = int(np.searchsorted(keyframes, middle))
    near = [int(number) for number in keyframes[max(place - 1, 0) : place + 1] if start <= number < stop]
    return min(near, key=lambda number: abs(number - middle)) if near else None
