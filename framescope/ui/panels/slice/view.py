"""Shows a space-time image with its time axis and the playhead: zoom, scroll, hover, click."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from framescope.core.spacetime.rendering import rendered
from framescope.core.translation import tr
from framescope.ui.timeline.axis import FrameAxis, clamped, scrolled
from framescope.ui.timeline.ruler import Tick, frame_ticks, time_step
from framescope.ui.timeline.wheel import range_after
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.rgb_image import image_from_rgb
from framescope.ui.widgets.tasks import LatestTask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QImage, QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent

    from framescope.core.spacetime.image import Columns, SpaceTimeImage, Spacing
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource

_AXIS_HEIGHT, _AXIS_PIXELS, _TICK = 20, 11, 4
_LABEL_GAP = 14.0
_LEAST_HEIGHT = 84
_DRAG_PX = 4
_RENDER_MS = 30
_POINTER_ALPHA = 150


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the image.

    Attributes:
        frame_number: The frame of its column.
        sample: The sample along the line.
    """

    frame_number: int
    sample: int


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    image: SpaceTimeImage
    spacing: Spacing
    shown: tuple[int, int]
    picture: QImage


class SliceView(QWidget):
    """A space-time image, time to the right. Threads: GUI; a job draws it."""

    place_pointed = Signal(object)
    """The `Place` under the pointer; None once it has left."""
    frame_clicked = Signal(int)

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._times = controller.times
        self._image: SpaceTimeImage | None = None
        self._columns: Columns | None = None
        self._range: tuple[float, float] | None = None
        self._drawn: _Drawn | None = None
        self._position = self._expected = 0
        self._pointer: QPointF | None = None
        self._pressed: tuple[QPointF, FrameAxis] | None = None
        self._was_dragged = False
        self.setObjectName("sliceView")
        self.setAccessibleName(tr("Space-time image"))
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(
            tr("A click goes to the frame; Ctrl and the wheel zoom, the wheel or dragging scrolls")
        )
        self._task = LatestTask(
            controller, tr("Drawing the space-time image"), _RENDER_MS, self, gives_late_answers=True
        )
        self._task.answered.connect(self._on_rendered)
        theme.changed.connect(self.update)
        controller.times.changed.connect(self.update)

    def show_image(self, image: SpaceTimeImage | None, columns: Columns | None, expected: int = 0) -> None:
        """Show an image, as far as it is made; None shows nothing. The zoom stays.

        Args:
            image: The image.
            columns: How time is laid out in it.
            expected: How many frames it will have, if that is known: there is room for them.
        """
        self._expected = expected
        is_same = image is not None and self._image is not None and image.slit == self._image.slit
        self._image, self._columns = image, columns
        if image is None or not is_same:
            self._drawn = None if image is None else self._drawn
        self._ask()
        self.update()

    def set_position(self, frame_number: int) -> None:
        """Move the playhead."""
        self._position = frame_number
        self.update()

    @Slot()
    def zoom_all(self) -> None:
        """Show the whole image."""
        self._show(None)

    @property
    def axis(self) -> FrameAxis:
        """Which columns are shown, and where."""
        total = float(max(self._total, 1))
        first, last = self._range or (0.0, total)
        last = min(last, total)
        return FrameAxis(min(first, last - 1e-6), last, 0.0, float(max(self.width(), 1)))

    @property
    def _total(self) -> int:
        columns = self._columns
        if columns is None:
            return 0
        return max(len(columns), self._expected) if columns.step is None else len(columns)

    @property
    def _picture_height(self) -> int:
        return max(self.height() - _AXIS_HEIGHT, 1)

    def place_at(self, point: QPointF) -> Place | None:
        """The frame and sample at a point; None where there is no image."""
        image, columns = self._image, self._columns
        if image is None or columns is None or not len(columns) or not self.rect().contains(point.toPoint()):
            return None
        column = self.axis.frame_at(point.x(), self._total)
        if column >= len(columns):
            return None
        sample = int(point.y() / self._picture_height * len(image.positions))
        number = image.first_frame + int(columns.frames[column])
        return Place(number, min(max(sample, 0), len(image.positions) - 1))

    def x_of_frame(self, frame_number: int) -> float | None:
        """The middle of a frame's first column; None if it has none."""
        image, columns = self._image, self._columns
        if image is None or columns is None:
            return None
        wanted = frame_number - image.first_frame
        first, last = np.searchsorted(columns.frames, [wanted, wanted + 1])
        if last == first:
            return None
        # Spaced by time, a frame begins at its time.
        return self.axis.x_of(int(first) + 0.5)

    # --- drawing in the background

    def _ask(self) -> None:
        image, columns = self._image, self._columns
        if image is None or columns is None or not len(columns) or not self.isVisible():
            return
        axis = self.axis
        shown = max(math.floor(axis.first), 0), min(math.ceil(axis.last), len(columns))
        ratio = self.devicePixelRatioF()
        # Whole columns, also those that reach beyond the edges.
        width = round((shown[1] - shown[0]) * axis.px_per_frame * ratio)
        size = max(width, 1), max(round(self._picture_height * ratio), 1)
        self._task.ask(
            lambda _progress, _cancel: _Drawn(
                image, columns.spacing, shown, image_from_rgb(rendered(image, columns, shown, size))
            )
        )

    @Slot(object)
    def _on_rendered(self, drawn: _Drawn) -> None:
        image, columns = self._image, self._columns
        if image is not None and columns is not None and drawn.image.slit == image.slit:
            self._drawn = drawn
            self.update()

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw the image, its axis, the playhead and the pointer."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        area = QRectF(0, 0, self.width(), self._picture_height)
        painter.fillRect(area, tokens.picture_background)
        drawn, axis = self._drawn, self.axis
        if self._image is None:
            return
        if drawn is not None and self._columns is not None and drawn.spacing is self._columns.spacing:
            left, right = (axis.x_of(column) for column in drawn.shown)
            painter.setClipRect(area)
            painter.drawImage(QRectF(left, 0, right - left, area.height()), drawn.picture)
            painter.setClipping(False)
        self._paint_axis(painter, axis)
        x = self.x_of_frame(self._position)
        if x is not None:
            painter.setPen(QPen(tokens.overlay, 3))
            painter.drawLine(QPointF(x, 0), QPointF(x, area.height()))
            painter.setPen(QPen(tokens.playhead, 1))
            painter.drawLine(QPointF(x, 0), QPointF(x, area.height() + _TICK))
        if self._pointer is not None:
            color = QColor(tokens.overlay_text)
            color.setAlpha(_POINTER_ALPHA)
            painter.setPen(QPen(color, 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(self._pointer.x(), 0), QPointF(self._pointer.x(), area.height()))

    def _paint_axis(self, painter: QPainter, axis: FrameAxis) -> None:
        tokens = self._theme.tokens
        font = sized(self.font(), _AXIS_PIXELS)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        top = float(self._picture_height)
        for tick in self._ticks(axis, metrics):
            painter.setPen(tokens.border_strong)
            painter.drawLine(
                QPointF(tick.x, top), QPointF(tick.x, top + (_TICK if tick.label else _TICK / 2))
            )
            width = metrics.horizontalAdvance(tick.label)
            left = min(max(tick.x - width / 2, 1.0), self.width() - width - 1)
            if tick.label and abs(left + width / 2 - tick.x) <= width / 2:
                painter.setPen(tokens.text_muted)
                painter.drawText(QPointF(left, self.height() - metrics.descent() - 1), tick.label)

    def _ticks(self, axis: FrameAxis, metrics: QFontMetricsF) -> Sequence[Tick]:
        image, columns = self._image, self._columns
        if image is None or columns is None or not len(columns):
            return ()
        if columns.step is None:
            first = image.first_frame
            numbered = FrameAxis(axis.first + first, axis.last + first, axis.left, axis.width)
            return frame_ticks(numbered, first + self._total, metrics.horizontalAdvance)
        begin_s, column_s = float(image.times_s[0]), float(columns.step)
        first_s, last_s = (begin_s + column * column_s for column in (axis.first, axis.last))
        write = self._times.written
        room = metrics.horizontalAdvance(write(last_s)) + _LABEL_GAP
        step = time_step(axis.px_per_frame / column_s, room)
        counts = range(math.ceil(first_s / step), math.floor(last_s / step) + 1)
        return [Tick(axis.x_of((count * step - begin_s) / column_s), write(count * step)) for count in counts]

    # --- events

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Draw it in the new size."""
        super().resizeEvent(event)
        self._ask()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom or scroll along time, as on the timeline."""
        if self._total:
            self._show(range_after(event, self.axis, self._total))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin to drag, or to click."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._was_dragged = (event.position(), self.axis), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Scroll while dragging; else tell the place under the pointer."""
        self._pointer = event.position()
        if self._pressed is not None:
            origin, axis = self._pressed
            delta = origin.x() - event.position().x()
            self._was_dragged = self._was_dragged or abs(delta) > _DRAG_PX
            if self._was_dragged:
                self._show(scrolled(axis, delta, self._total))
        self.place_pointed.emit(self.place_at(event.position()))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go to the frame that was clicked."""
        pressed, self._pressed = self._pressed, None
        place = self.place_at(event.position())
        if pressed is not None and not self._was_dragged and place is not None:
            self.frame_clicked.emit(place.frame_number)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802, ARG002 - Qt's own
        """Show the whole image."""
        self.zoom_all()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802, ARG002 - Qt's own
        """Tell that no place is pointed at."""
        self._pointer = None
        self.place_pointed.emit(None)
        self.update()

    def _show(self, shown: tuple[float, float] | None) -> None:
        if shown is not None:
            shown = clamped(*shown, float(self.width()), self._total)
            # All that there is stays all, however much is added.
            shown = None if shown == (0.0, float(self._total)) else shown
        if shown != self._range:
            self._range = shown
            self._ask()
            self.update()
