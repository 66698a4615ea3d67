"""The whole picture with the crop rectangle: drawn with the mouse, moved with the arrow keys."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPen

from framescope.core.export.geometry import Crop
from framescope.core.translation import tr
from framescope.ui.picture.overlay_painter import paint_chip
from framescope.ui.picture.zoom_view import ZoomView
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
    from PySide6.QtWidgets import QWidget

    from framescope.ui.export.preview.picture import Pyramid
    from framescope.ui.widgets.theme import ThemeSource


class Grip(StrEnum):
    """A part of the rectangle, named by the sides that move with it; or all of it, or a new one."""

    NEW = "new"
    MOVE = "move"
    LEFT = "l"
    RIGHT = "r"
    TOP = "t"
    BOTTOM = "b"
    TOP_LEFT = "tl"
    TOP_RIGHT = "tr"
    BOTTOM_LEFT = "bl"
    BOTTOM_RIGHT = "br"

    @property
    def sides(self) -> str:
        """The letters of the sides that move."""
        return "" if self in {Grip.NEW, Grip.MOVE} else self.value


@dataclass(frozen=True, slots=True)
class Size:
    """Size of the picture, in pixels."""

    width: int
    height: int


def grip_at(crop: Crop | None, x: float, y: float, reach: float) -> Grip:
    """What the pointer grabs at a position in picture pixels.

    Args:
        crop: The rectangle; None when there is none yet.
        x: Horizontal position.
        y: Vertical position.
        reach: Maximum distance from an edge to grab it, in picture pixels.
    """
    if crop is None:
        return Grip.NEW
    right, bottom = crop.x + crop.width, crop.y + crop.height
    if not (crop.x - reach <= x <= right + reach and crop.y - reach <= y <= bottom + reach):
        return Grip.NEW
    # Even a small rectangle must keep a middle to drag it by.
    reach_x, reach_y = min(reach, crop.width / 3), min(reach, crop.height / 3)
    across = "l" if x < crop.x + reach_x else "r" if x > right - reach_x else ""
    down = "t" if y < crop.y + reach_y else "b" if y > bottom - reach_y else ""
    return Grip(down + across) if down + across else Grip.MOVE


def dragged(crop: Crop, grip: Grip, by: tuple[int, int], size: Size) -> Crop:
    """The rectangle after a drag; it stays inside the picture and is at least one pixel in size.

    Args:
        crop: The rectangle when the drag began.
        grip: What is dragged; must not be a new rectangle.
        by: Distance since then, in picture pixels across and down.
        size: The picture.
    """
    left, top = crop.x, crop.y
    right, bottom = crop.x + crop.width, crop.y + crop.height
    across, down = by
    if grip is Grip.MOVE:
        left = min(max(left + across, 0), size.width - crop.width)
        top = min(max(top + down, 0), size.height - crop.height)
        return Crop(left, top, crop.width, crop.height)
    sides = grip.sides
    if "l" in sides:
        left = min(max(left + across, 0), right - 1)
    if "r" in sides:
        right = max(min(right + across, size.width), left + 1)
    if "t" in sides:
        top = min(max(top + down, 0), bottom - 1)
    if "b" in sides:
        bottom = max(min(bottom + down, size.height), top + 1)
    return Crop(left, top, right - left, bottom - top)


def spanned(
    begin: tuple[float, float], end: tuple[float, float], size: Size, *, square: bool = False
) -> Crop | None:
    """The pixels between two corners; None if there are none.

    Args:
        begin: Where the drag began, in picture pixels.
        end: Where it is now.
        size: The picture.
        square: Whether to make both sides as long as the shorter one.
    """
    (x0, y0), (x1, y1) = begin, end
    left, right = (min(max(edge, 0.0), size.width) for edge in sorted((x0, x1)))
    top, bottom = (min(max(edge, 0.0), size.height) for edge in sorted((y0, y1)))
    width, height = round(right) - round(left), round(bottom) - round(top)
    if square:
        width = height = min(width, height)
    if width < 1 or height < 1:
        return None
    x = round(left) if x1 >= x0 else round(right) - width
    y = round(top) if y1 >= y0 else round(bottom) - height
    return Crop(x, y, width, height)


def seen_part(seen: tuple[float, float, float, float], shown: Size, crop: Crop) -> Crop | None:
    """The visible part of the frame; None if everything shown is visible, or nothing is.

    Args:
        seen: Left, top, right and bottom of the view, in pixels of the picture shown.
        shown: Size of the picture shown: the crop, possibly resized.
        crop: The part of the frame that is shown.
    """
    left, top = max(seen[0], 0.0), max(seen[1], 0.0)
    right, bottom = min(seen[2], shown.width), min(seen[3], shown.height)
    across, down = crop.width / shown.width, crop.height / shown.height
    x, y = math.floor(left * across), math.floor(top * down)
    width = min(math.ceil(right * across), crop.width) - x
    height = min(math.ceil(bottom * down), crop.height) - y
    if width < 1 or height < 1 or (width, height) == (crop.width, crop.height):
        return None
    return Crop(crop.x + x, crop.y + y, width, height)


def fitted_inside(crop: Crop, size: Size) -> Crop | None:
    """The part of the rectangle inside the picture; None if there is none."""
    right, bottom = min(crop.x + crop.width, size.width), min(crop.y + crop.height, size.height)
    if right <= crop.x or bottom <= crop.y:
        return None
    return Crop(crop.x, crop.y, right - crop.x, bottom - crop.y)


_REACH = 7.0
_HANDLE = 4.0
_SHAPES = {
    Grip.NEW: Qt.CursorShape.CrossCursor,
    Grip.MOVE: Qt.CursorShape.SizeAllCursor,
    Grip.LEFT: Qt.CursorShape.SizeHorCursor,
    Grip.RIGHT: Qt.CursorShape.SizeHorCursor,
    Grip.TOP: Qt.CursorShape.SizeVerCursor,
    Grip.BOTTOM: Qt.CursorShape.SizeVerCursor,
    Grip.TOP_LEFT: Qt.CursorShape.SizeFDiagCursor,
    Grip.BOTTOM_RIGHT: Qt.CursorShape.SizeFDiagCursor,
    Grip.TOP_RIGHT: Qt.CursorShape.SizeBDiagCursor,
    Grip.BOTTOM_LEFT: Qt.CursorShape.SizeBDiagCursor,
}
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class CropView(ZoomView):
    """Chooses a rectangle of picture pixels. Threads: GUI.

    Dragging draws one, or moves it or its edges; Shift makes a square. Arrow keys move it by a pixel, with
    Ctrl its bottom right corner; Shift moves by ten. Wheel and pinch zoom at the pointer.
    """

    crop_chosen = Signal(object)
    """`Crop`, or None for the whole picture."""
    done = Signal()
    """Enter or Escape was pressed."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, "exportCrop", tr("The part of the picture that is saved"), QSize(240, 150), parent
        )
        self._picture: Pyramid | None = None
        self._crop: Crop | None = None
        self._grip = Grip.NEW
        self._held_crop: Crop | None = None
        self._panned_from: QPointF | None = None

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for a picture of common film proportions."""
        return QSize(640, 360)

    @property
    def has_picture(self) -> bool:
        """Whether there is a picture to crop."""
        return self._picture is not None

    @property
    def picture_size(self) -> QSizeF | None:
        """Size of the whole picture in its pixels."""
        return None if self._picture is None else QSizeF(self._picture.full.size())

    @property
    def crop(self) -> Crop | None:
        """The rectangle; None for the whole picture."""
        return self._crop

    def show_picture(self, picture: Pyramid | None) -> None:
        """Show a whole picture."""
        self._picture = picture
        self._refit()
        self.update()

    def set_crop(self, crop: Crop | None) -> None:
        """Show this rectangle without emitting a signal."""
        self._crop = crop
        self.update()

    @property
    def _size(self) -> Size:
        picture = self._transform.picture
        return Size(round(picture.width()), round(picture.height()))

    def _to_picture(self, point: QPointF) -> tuple[float, float]:
        target, scale = self._transform.target, self._transform.effective_scale
        return (point.x() - target.x()) / scale, (point.y() - target.y()) / scale

    def _to_view(self, crop: Crop) -> QRectF:
        target, scale = self._transform.target, self._transform.effective_scale
        return QRectF(
            target.x() + crop.x * scale, target.y() + crop.y * scale, crop.width * scale, crop.height * scale
        )

    def _choose(self, crop: Crop | None) -> None:
        if crop != self._crop:
            self._crop = crop
            self.update()
            self.crop_chosen.emit(crop)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's own
        """Draw the picture, darkened outside the crop."""
        painter = QPainter(self)
        tokens = self._theme.tokens
        painter.setFont(sized(self.font(), 12))
        painter.fillRect(self.rect(), tokens.picture_background)
        if self._picture is None:
            return
        transform = self._transform
        target = transform.target
        image = self._picture.full if transform.is_nearest else self._picture.best_for(transform.device_scale)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not transform.is_nearest)
        painter.drawImage(target, image, QRectF(image.rect()))
        if self._crop is None:
            words = tr("Drag to select the part to keep")
        else:
            self._paint_crop(painter, self._crop, target)
            crop = self._crop
            words = tr(
                "{width} × {height}  at  {x}, {y}", width=crop.width, height=crop.height, x=crop.x, y=crop.y
            )
        paint_chip(painter, QPointF(SPACE, SPACE), words, tokens)

    def _paint_crop(self, painter: QPainter, crop: Crop, target: QRectF) -> None:
        tokens = self._theme.tokens
        frame = self._to_view(crop)
        outside = QPainterPath()
        outside.addRect(target)
        outside.addRect(frame)
        painter.fillPath(outside, tokens.overlay)
        painter.setPen(QPen(tokens.overlay_text_muted, 1))
        for third in (1 / 3, 2 / 3):
            x, y = frame.left() + third * frame.width(), frame.top() + third * frame.height()
            painter.setOpacity(0.45)
            painter.drawLine(QLineF(x, frame.top(), x, frame.bottom()))
            painter.drawLine(QLineF(frame.left(), y, frame.right(), y))
        painter.setOpacity(1.0)
        painter.setPen(QPen(tokens.accent, 2))
        painter.drawRect(frame)
        painter.setPen(QPen(tokens.accent_text, 1))
        painter.setBrush(tokens.accent)
        middle = frame.center()
        for x in (frame.left(), middle.x(), frame.right()):
            for y in (frame.top(), middle.y(), frame.bottom()):
                if QPointF(x, y) != middle:
                    painter.drawRect(QRectF(x - _HANDLE, y - _HANDLE, 2 * _HANDLE, 2 * _HANDLE))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    # --- events

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Grab an edge or all of it, or begin a new one; the middle button pans the picture."""
        if self._picture is None:
            return
        if event.button() is Qt.MouseButton.MiddleButton:
            self._panned_from = event.position()
        elif event.button() is Qt.MouseButton.LeftButton:
            self._held, self._held_crop = event.position(), self._crop
            self._grip = self._grip_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag what was grabbed."""
        position = self._cursor = event.position()
        if self._panned_from is not None:
            self._become(self._transform.panned(position - self._panned_from))
            self._panned_from = position
        elif self._held is None:
            self._update_cursor()
        elif self._grip is Grip.NEW:
            square = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            begin, end = self._to_picture(self._held), self._to_picture(position)
            self._choose(spanned(begin, end, self._size, square=square) or self._held_crop)
        elif self._held_crop is not None:
            scale = self._transform.effective_scale
            moved = (position - self._held) / scale
            by = (round(moved.x()), round(moved.y()))
            self._choose(dragged(self._held_crop, self._grip, by, self._size))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802, ARG002 - Qt's own
        """End the drag."""
        self._held = self._held_crop = self._panned_from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802, ARG002 - Qt's own
        """Reset the crop to the whole picture."""
        self._held = None
        self._choose(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move the rectangle, or its corner with Ctrl."""
        arrow = _ARROWS.get(Qt.Key(event.key()))
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape}:
            self.done.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self._choose(None)
        elif arrow is None or self._picture is None:
            super().keyPressEvent(event)
        else:
            crop = self._crop or Crop(0, 0, self._size.width, self._size.height)
            step = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            is_corner = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            by = (arrow[0] * step, arrow[1] * step)
            self._choose(dragged(crop, Grip.BOTTOM_RIGHT if is_corner else Grip.MOVE, by, self._size))

    def _update_cursor(self) -> None:
        if self._cursor is not None and self._held is None and self._panned_from is None:
            self.setCursor(_SHAPES[self._grip_at(self._cursor)])

    def _grip_at(self, point: QPointF) -> Grip:
        reach = _REACH / self._transform.effective_scale
        return grip_at(self._crop, *self._to_picture(point), reach)
