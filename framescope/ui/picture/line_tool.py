"""Draws lines, circles and regions on the picture with the mouse, for a space-time image."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from framescope.core.errors import SettingsError
from framescope.core.media.picture.geometry import displayed_position, stored_position
from framescope.core.spacetime.scan import upright_size
from framescope.core.spacetime.slit import Slit, SlitKind

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QMouseEvent

    from framescope.core.model.stream_facts import VideoInfo
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import Tokens

_DRAG_PX = 4
"""A press and a release further apart than this draw from one to the other; otherwise a second click does."""
_LINE_PX, _HALO_PX, _START_PX = 2.0, 4.0, 3.5
_BAND_ALPHA = 70


class LineTool:
    """The line on the picture, and the mouse that draws it. Threads: GUI.

    Points are pixels of the displayed picture, the centre of the first one at (0, 0), as in `Slit`.
    """

    def __init__(self, controller: Controller) -> None:
        self._controller = controller
        self._points: list[tuple[float, float]] = []
        self._before: Slit | None = None
        self._drawn_for: tuple[SlitKind, VideoInfo] | None = None
        self._pressed: QPointF | None = None

    # --- the mouse; each returns whether the view need do nothing else

    def press(self, event: QMouseEvent, target: QRectF) -> bool:
        """Begin to draw, or set the next corner."""
        info, tool = self._controller.info, self._controller.line.tool
        if tool is None or info is None or event.button() is not Qt.MouseButton.LeftButton:
            return False
        self._pressed = event.position()
        point = self._pixel_at(event.position(), target, info)
        if self._drawn_for != (tool, info):
            # Points of another tool, or on another video, are no part of this.
            self._points.clear()
            self._drawn_for = (tool, info)
        if not self._points:
            self._before = self._controller.line.slit
        if not self._points or tool is SlitKind.POLYLINE:
            self._points.append(point)
        self._follow(point)
        return True

    def move(self, event: QMouseEvent, target: QRectF) -> bool:
        """Show what would be drawn."""
        info, tool = self._controller.info, self._controller.line.tool
        if tool is None or info is None:
            return False
        if self._points and self._drawn_for == (tool, info):
            straight = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            point = self._pixel_at(event.position(), target, info)
            self._follow(_straightened(self._points[-1], point) if straight else point)
        return True

    def release(self, event: QMouseEvent, target: QRectF) -> bool:
        """End what was drawn by dragging."""
        pressed, self._pressed = self._pressed, None
        info, tool = self._controller.info, self._controller.line.tool
        if tool is None or info is None or pressed is None:
            return False
        was_dragged = (event.position() - pressed).manhattanLength() > _DRAG_PX
        self.move(event, target)
        is_second_click = (
            len(self._points) == 1 and not was_dragged and self._has_followed(event, target, info)
        )
        if tool in (SlitKind.ROW, SlitKind.COLUMN) or (
            tool is not SlitKind.POLYLINE and (was_dragged or is_second_click)
        ):
            self._points.clear()
        return True

    def finish(self) -> bool:
        """End a polyline at its last corner."""
        is_drawing = bool(self._points)
        if len(self._points) > 1:
            self._draw(SlitKind.POLYLINE, self._points)
        self._points.clear()
        return is_drawing

    def cancel(self) -> bool:
        """Stop drawing; else put the tool away; else remove the line."""
        if self._points:
            self._points.clear()
            self._controller.line.draw(self._before)
        elif self._controller.line.tool is not None:
            self._controller.line.use_tool(None)
        elif self._controller.line.slit is not None:
            self._controller.line.draw(None)
        else:
            return False
        return True

    def _has_followed(self, event: QMouseEvent, target: QRectF, info: VideoInfo) -> bool:
        return math.dist(self._points[0], self._pixel_at(event.position(), target, info)) >= 1

    def _follow(self, point: tuple[float, float]) -> None:
        tool = self._controller.line.tool
        if tool in (SlitKind.ROW, SlitKind.COLUMN):
            self._draw(tool, [point])
        elif tool is not None and point != self._points[-1]:
            self._draw(tool, [*self._points, point])

    def _draw(self, tool: SlitKind, points: list[tuple[float, float]]) -> None:
        info = self._controller.info
        assert info is not None
        try:
            slit = Slit(tool, _numbers(tool, points, upright_size(info)))
        except SettingsError:
            # Not long enough yet.
            return
        self._controller.line.draw(slit)

    # --- where pixels are

    def _pixel_at(self, position: QPointF, target: QRectF, info: VideoInfo) -> tuple[float, float]:
        """The pixel of the displayed picture that is nearest to a point of the view."""
        turns = not self._controller.view.is_rotated
        columns, rows = (info.width, info.height) if turns else upright_size(info)
        across = (position.x() - target.x()) / target.width()
        down = (position.y() - target.y()) / target.height()
        x = min(max(math.floor(across * columns), 0), columns - 1)
        y = min(max(math.floor(down * rows), 0), rows - 1)
        if turns:
            size = (info.width, info.height)
            x, y = displayed_position(x, y, size, rotation=info.rotation, mirrored=info.mirrored)
        return float(x), float(y)

    def _place_of(self, x: float, y: float, target: QRectF, info: VideoInfo) -> QPointF:
        columns, rows = upright_size(info)
        if not self._controller.view.is_rotated:
            columns, rows = info.width, info.height
            x, y = stored_position(x, y, (columns, rows), rotation=info.rotation, mirrored=info.mirrored)
        return QPointF(
            target.x() + (x + 0.5) / columns * target.width(), target.y() + (y + 0.5) / rows * target.height()
        )

    # --- painting

    def paint(self, painter: QPainter, target: QRectF, tokens: Tokens) -> None:
        """Draw the line over the picture in ``target``."""
        info, slit = self._controller.info, self._controller.line.slit
        if info is None or slit is None:
            return
        try:
            positions, _ = slit.trace(*upright_size(info))
        except SettingsError:
            return
        if slit.kind is SlitKind.REGION:
            corners = _corners_of(slit)
        elif slit.kind is SlitKind.CIRCLE:
            corners = [*map(tuple, positions.tolist()), tuple(positions[0].tolist())]
        else:
            corners = [tuple(positions[0].tolist()), *slit.points[1:-1], tuple(positions[-1].tolist())]
        places = [self._place_of(x, y, target, info) for x, y in corners]
        outline = QPolygonF(places)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if slit.width > 1:
            band = QColor(tokens.accent)
            band.setAlpha(_BAND_ALPHA)
            scale = target.width() / upright_size(info)[0]
            painter.setPen(QPen(band, slit.width * scale, c=Qt.PenCapStyle.FlatCap))
            painter.drawPolyline(outline)
        for color, width in ((tokens.overlay, _HALO_PX), (tokens.accent, _LINE_PX)):
            painter.setPen(QPen(color, width, j=Qt.PenJoinStyle.RoundJoin))
            painter.drawPolyline(outline)
        if slit.kind is not SlitKind.REGION:
            # Where the image begins, at its top.
            painter.setPen(QPen(tokens.overlay, 1))
            painter.setBrush(tokens.accent)
            painter.drawEllipse(places[0], _START_PX, _START_PX)
        painter.restore()


def _corners_of(region: Slit) -> list[tuple[float, float]]:
    x, y, width, height = region.numbers
    left, top, right, bottom = x - 0.5, y - 0.5, x + width - 0.5, y + height - 0.5
    return [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]


def _numbers(tool: SlitKind, points: list[tuple[float, float]], size: tuple[int, int]) -> tuple[float, ...]:
    """The numbers of a `Slit` through these points."""
    (x, y), (last_x, last_y) = points[0], points[-1]
    match tool:
        case SlitKind.ROW:
            return (y,)
        case SlitKind.COLUMN:
            return (x,)
        case SlitKind.CIRCLE:
            room = min(x, y, size[0] - 1 - x, size[1] - 1 - y)
            return (x, y, min(float(round(math.dist(points[0], points[-1]))), room))
        case SlitKind.REGION:
            return (min(x, last_x), min(y, last_y), abs(last_x - x) + 1, abs(last_y - y) + 1)
        case _:
            return tuple(number for point in points for number in point)


def _straightened(first: tuple[float, float], second: tuple[float, float]) -> tuple[float, float]:
    """The second point moved so that the two are in a row or a column."""
    across, down = second[0] - first[0], second[1] - first[1]
    return (second[0], first[1]) if abs(across) >= abs(down) else (first[0], second[1])
