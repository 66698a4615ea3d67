"""The filmstrip: thumbnails of the frames that the timeline shows, zoomed and scrolled with it."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, QSizeF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from framescope.core.text import grouped
from framescope.core.translation import tr
from framescope.ui.filmstrip.cells import (
    Cell,
    CellLook,
    CellStyle,
    cell_at,
    even_cells,
    keyframe_cells,
    nearest_cell,
    paint_cell,
    request_order,
)
from framescope.ui.filmstrip.controls import FilmstripControls
from framescope.ui.timeline.axis import FrameAxis
from framescope.ui.timeline.clock import FrameClock
from framescope.ui.timeline.lanes import EDGE_PX, GUTTER_PX
from framescope.ui.timeline.scene import Fonts
from framescope.ui.timeline.shades import faded
from framescope.ui.timeline.thumbnail_desk import desk_of
from framescope.ui.timeline.wheel import range_after
from framescope.ui.widgets.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from PySide6.QtGui import (
        QContextMenuEvent,
        QMouseEvent,
        QPaintEvent,
        QResizeEvent,
        QShowEvent,
        QWheelEvent,
    )

    from framescope.core.media.index import FrameIndex
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource

_TOP_PX = 10.0
_BOTTOM_PX = 6.0
_GAP_PX = 10.0
_MARKER_PX = 6.0
"""How far around the playhead's marker to repaint."""
_FIRST_HEIGHT_PX = 72
_LOW_HEIGHT_PX = 40
"""The most height of a thumbnail in a low window, where the picture needs the room."""
_ASPECT = 16 / 9
_ASPECTS = (0.5, 2.4)
_MARGIN = 0.5
"""How far beyond the edges to request thumbnails, as a fraction of the view: scrolling then finds them."""
_REQUEST_MS = 30


class Filmstrip(QWidget):
    """Thumbnails under the timeline, evenly spaced or of keyframes only. Threads: GUI."""

    thumbnail_height_changed = Signal(int)
    """The user chose another height, in logical pixels; to be saved."""
    keyframes_only_changed = Signal(bool)
    """The user chose the other mode; to be saved."""
    context_menu_requested = Signal(object)
    """A QPoint on the screen; the clicked frame is already the current one."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._theme = theme
        self._fonts = Fonts(self.font())
        self._desk = desk_of(controller)
        self._turns = Turns.of(controller)
        self._has_painted = False
        self._is_low = False
        self._clock: FrameClock | None = None
        self._aspect: float | None = None
        self._cells: list[Cell] = []
        self._hovered: Cell | None = None
        self._lit: tuple[int, Cell | None] = (0, None)
        self._request_timer = QTimer(self, singleShot=True, interval=_REQUEST_MS)
        self._request_timer.timeout.connect(self._on_request_timeout)
        self.setObjectName("filmstrip")
        self.setAccessibleName(tr("Filmstrip"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._controls = FilmstripControls(theme, self)
        self._controls.set_thumbnail_height(_FIRST_HEIGHT_PX)
        self._controls.thumbnail_height_changed.connect(self._on_thumbnail_height_changed)
        self._controls.keyframes_only_changed.connect(self._on_keyframes_only_changed)
        self._connect()
        self._on_source_opened()
        self._hold_height()

    def _connect(self) -> None:
        controller = self._controller
        controller.source_opened.connect(self._on_source_opened)
        controller.source_closed.connect(self._on_source_opened)
        controller.index_updated.connect(self._on_index_updated)
        controller.frame_shown.connect(self._on_frame_shown)
        controller.position_changed.connect(self._on_position_changed)
        controller.video.thumbnail_ready.connect(self._on_thumbnail_ready)
        controller.view.visible_range_changed.connect(self._on_visible_range_changed)
        controller.view.rotation_changed.connect(self._on_rotation_changed)
        for signal in (controller.marks_changed, controller.range_changed, self._theme.changed):
            signal.connect(self.update)
        controller.times.changed.connect(self._arrange)

    # --- content

    @property
    def thumbnail_height(self) -> int:
        """Height of a thumbnail in logical pixels, as chosen."""
        return self._controls.thumbnail_height

    def set_thumbnail_height(self, height: int) -> None:
        """Show thumbnails of this height, clamped to the slider's range."""
        self._controls.set_thumbnail_height(height)

    def set_low(self, *, is_low: bool) -> None:
        """Keep thumbnails low, until the user chooses a height."""
        if is_low != self._is_low:
            self._is_low = is_low
            self._hold_height()
            self._arrange()

    @property
    def is_keyframes_only(self) -> bool:
        """Whether it shows keyframes only."""
        return self._controls.is_keyframes_only

    def set_keyframes_only(self, *, keyframes_only: bool) -> None:
        """Show keyframes only, or evenly spaced frames."""
        self._controls.set_keyframes_only(keyframes_only=keyframes_only)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells in view, left to right."""
        axis, half = self._axis, self._style.size.width() / 2
        return tuple(cell for cell in self._cells if axis.left - half < cell.center < axis.right + half)

    @property
    def lit_cell(self) -> Cell | None:
        """The visible cell nearest to the playhead; None if the playhead is not in view."""
        axis, position = self._axis, self._controller.position
        is_in_view = axis.first < position + 1 and position < axis.last
        return nearest_cell(self.cells, position) if is_in_view else None

    @property
    def _axis(self) -> FrameAxis:
        first, last = self._controller.view.visible_range
        width = float(max(self.width() - GUTTER_PX - EDGE_PX, 1))
        return FrameAxis(first, max(last, first + 1.0), float(GUTTER_PX), width)

    @property
    def _style(self) -> CellStyle:
        height = float(self._shown_height)
        width = float(round(height * (self._aspect or _ASPECT)))
        view = (float(GUTTER_PX - 4), float(self.width() - 2))
        return CellStyle(
            self._theme.tokens, self._fonts, QSizeF(width, height), self.devicePixelRatioF(), view
        )

    @property
    def _index(self) -> FrameIndex | None:
        return self._controller.index if self._controller.info is not None else None

    @property
    def _shown_height(self) -> int:
        return min(self.thumbnail_height, _LOW_HEIGHT_PX) if self._is_low else self.thumbnail_height

    @property
    def _height_px(self) -> int:
        """Height to request, in device pixels."""
        return round(self._shown_height * self.devicePixelRatioF())

    # --- session signals

    @Slot()
    def _on_source_opened(self) -> None:
        if self._has_painted:
            self._turns.clear(self)
        self._aspect = None
        self._controls.setVisible(self._controller.info is not None)
        self._on_index_updated()

    @Slot()
    def _on_index_updated(self) -> None:
        if self._has_painted:
            self._turns.repaint_soon(self)
        index = self._index
        self._clock = None if index is None else FrameClock(index)
        self._arrange()

    @Slot()
    def _on_frame_shown(self) -> None:
        shown = self._controller.shown
        if self._aspect is None and shown is not None and shown.source_height:
            self._set_aspect(shown.source_width / shown.source_height)

    @Slot()
    def _on_position_changed(self) -> None:
        """Repaint the marker, and the cells that the playhead left and came to."""
        before, (position, lit) = self._lit, self._light()
        axis = self._axis
        for number in (before[0], position):
            left = axis.x_of(number + 0.5) - _MARKER_PX
            self.update(QRectF(left, 0, 2 * _MARKER_PX, _TOP_PX).toAlignedRect())
        if lit is not before[1]:
            self._update_cells((before[1], lit))
        self._update_cells(cell for cell in self._cells if cell.frame_number in {before[0], position})

    @Slot(int, QImage)
    def _on_thumbnail_ready(self, frame_number: int, image: QImage) -> None:
        if self._aspect is None and image.height():
            self._set_aspect(image.width() / image.height())
        self._update_cells(cell for cell in self._cells if cell.frame_number == frame_number)

    @Slot(float, float)
    def _on_visible_range_changed(self, first: float, last: float) -> None:
        del first, last
        self._arrange()

    @Slot(bool)
    def _on_rotation_changed(self, is_rotated: bool) -> None:  # noqa: FBT001 - the controller's signal
        del is_rotated
        self._aspect = None
        self._arrange()

    @Slot(int)
    def _on_thumbnail_height_changed(self, height: int) -> None:
        self._is_low = False
        self._hold_height()
        self._arrange()
        self.thumbnail_height_changed.emit(height)

    @Slot(bool)
    def _on_keyframes_only_changed(self, keyframes_only: bool) -> None:  # noqa: FBT001 - as the signal
        self._arrange()
        self.keyframes_only_changed.emit(keyframes_only)

    def _set_aspect(self, aspect: float) -> None:
        low, high = _ASPECTS
        self._aspect = min(max(aspect, low), high)
        self._arrange()

    def _hold_height(self) -> None:
        """Update the height for thumbnails of the chosen size."""
        self.setMinimumHeight(round(_TOP_PX + self._style.height + _BOTTOM_PX))
        self.updateGeometry()

    @Slot()
    def _arrange(self) -> None:
        """Recompute the cells and, soon, request their thumbnails."""
        index = self._index
        self._cells = []
        if index is not None and len(index):
            place = keyframe_cells if self.is_keyframes_only else even_cells
            # Of all frames, so that the cells of those listed stay the same while others are being listed.
            total = self._controller.frame_total
            cells = place(self._axis, total, self._pitch_px, index.keyframes, _MARGIN)
            self._cells = [cell for cell in cells if cell.frame_number < len(index)]
        self._hovered = None
        self._light()
        # Not restarted: thumbnails should also arrive during a long scroll.
        if not self._request_timer.isActive():
            self._request_timer.start()
        self.update()

    @property
    def _pitch_px(self) -> float:
        """Width of a cell: the thumbnail, the longest number or the longest time, plus the gap."""
        index, clock = self._index, self._clock
        number, time = "", ""
        if index is not None and clock is not None and len(index):
            last = self._controller.frame_total - 1
            time_s = clock.time_of(last) if last < len(index) else clock.time_at(last)
            number, time = grouped(last), self._controller.times.of(last, time_s)
        label = self._fonts.strong_metrics.horizontalAdvance(number) + 14
        below = self._fonts.small_metrics.horizontalAdvance(time)
        return max(self._style.size.width(), label, below) + _GAP_PX

    def _light(self) -> tuple[int, Cell | None]:
        """Note where the playhead is, and in which cell."""
        self._lit = self._controller.position, self.lit_cell
        return self._lit

    def _areas_of(self, cells: Iterable[Cell]) -> Iterator[tuple[Cell, QRect]]:
        """All that each cell may paint on: words below a thumbnail at the edge move into the view."""
        half, height = self._pitch_px - self._style.size.width() / 2, self.height()
        for cell in cells:
            yield cell, QRectF(cell.center - half, 0, 2 * half, height).toAlignedRect()

    def _update_cells(self, cells: Iterable[Cell | None]) -> None:
        for _, area in self._areas_of(cell for cell in cells if cell is not None):
            self.update(area)

    @Slot()
    def _on_request_timeout(self) -> None:
        if self.isVisible():
            self._desk.request(request_order(self._cells, self._axis), self._height_px)

    # --- painting

    def sizeHint(self) -> QSize:  # noqa: N802
        """High enough for one row of thumbnails."""
        return QSize(900, self.minimumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the cells in the part that is to be painted; nothing here waits for a thumbnail."""
        self._has_painted = True
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), tokens.surface)
        if self._turns.is_clearing(self):
            return
        if not self._cells:
            self._paint_empty(painter)
            return
        axis, style = self._axis, self._style
        painter.setClipRect(QRectF(axis.left - 4, 0, axis.width + EDGE_PX + 4, self.height()))
        self._paint_range(painter, axis)
        top = _TOP_PX + max(self.height() - self.minimumHeight(), 0) // 2
        lit, region = self.lit_cell, event.region()
        for cell, area in self._areas_of(self.cells):
            if not region.intersects(area):
                continue
            left = cell.center - style.size.width() / 2
            paint_cell(painter, self._look_of(cell, is_lit=cell is lit), QPointF(left, top), style)
        self._paint_playhead(painter, axis)
        if self.hasFocus():
            painter.setClipping(False)
            painter.setPen(faded(tokens.accent, 0.7))
            painter.drawLine(0, 0, self.width(), 0)

    def _paint_empty(self, painter: QPainter) -> None:
        is_open = self._controller.info is not None
        text = tr("Indexing…") if is_open else tr("Thumbnails of the visible frames are shown here.")
        painter.setFont(self._fonts.label)
        painter.setPen(self._theme.tokens.text_faint)
        area = self.rect().adjusted(GUTTER_PX if is_open else 0, 0, 0, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def _look_of(self, cell: Cell, *, is_lit: bool) -> CellLook:
        controller, index = self._controller, self._index
        number, position = cell.frame_number, controller.position
        assert index is not None
        assert self._clock is not None
        marks = controller.marks
        first, own = bisect_left(marks, cell.start), bisect_left(marks, number)
        return CellLook(
            frame_number=number,
            time=controller.times.of(number, self._clock.time_of(number)),
            type_code=int(index.picture_type_codes[number]),
            is_decoded=index.picture_types_decoded,
            image=controller.video.thumbnail(number, self._height_px),
            is_current=number == position,
            holds_current=is_lit,
            is_marked=own < len(marks) and marks[own] == number,
            holds_mark=first < len(marks) and marks[first] < cell.stop,
            is_damaged=number in index.damaged_numbers,
            is_hovered=self._hovered is cell,
            note=controller.selection.state.text_of(number),
            mark_color=controller.label_color(controller.labels.get(number)),
        )

    def _paint_range(self, painter: QPainter, axis: FrameAxis) -> None:
        span = self._controller.marked_range
        if span is None:
            return
        left, right = max(axis.x_of(span.start), axis.left), min(axis.x_of(span.stop), axis.right)
        if right > left:
            tokens = self._theme.tokens
            veil = faded(tokens.in_out, tokens.in_out.alphaF() * 0.35)
            painter.fillRect(QRectF(left, 0, right - left, self.height()), veil)
            painter.fillRect(QRectF(left, 0, right - left, 2), tokens.accent)

    def _paint_playhead(self, painter: QPainter, axis: FrameAxis) -> None:
        """A small marker at the current frame, which is seldom one of those shown."""
        x = axis.x_of(self._controller.position + 0.5)
        if axis.left <= x <= axis.right:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.tokens.playhead)
            painter.drawPolygon(QPolygonF([QPointF(x - 4.5, 0), QPointF(x + 4.5, 0), QPointF(x, 6)]))

    # --- pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show the frame under the pointer."""
        cell = self._cell_at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._controller.show_frame(cell.frame_number)
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Mark the frame under the pointer, or remove its mark."""
        cell = self._cell_at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._controller.toggle_mark(cell.frame_number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Highlight the cell under the pointer."""
        self._set_hovered(self._cell_at(event.position()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Show the frame under the pointer and leave the menu to the window."""
        cell = self._cell_at(QPointF(event.pos()))
        if cell is not None:
            self._controller.show_frame(cell.frame_number)
            self.context_menu_requested.emit(event.globalPos())

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802, ARG002
        """Clear the highlight."""
        self._set_hovered(None)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Scroll and zoom the timeline from here as well."""
        if self._controller.info is not None:
            wanted = range_after(event, self._axis, self._controller.frame_total)
            self._controller.view.set_visible_range(*wanted)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter marks the current frame while the filmstrip has the focus."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._cells:
            self._controller.toggle_mark(self._controller.position)
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Request the thumbnails skipped while hidden."""
        self._arrange()
        super().showEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Place the controls."""
        self._controls.setGeometry(0, 0, GUTTER_PX, self.height())
        self._arrange()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Update to the application's font."""
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange}:
            self._fonts = Fonts(self.font())
            self._hold_height()
        super().changeEvent(event)

    def _cell_at(self, spot: QPointF) -> Cell | None:
        if spot.x() < GUTTER_PX:
            return None
        return cell_at(self._cells, spot.x(), self._style.size.width())

    def _set_hovered(self, cell: Cell | None) -> None:
        if cell is not self._hovered:
            self._update_cells((self._hovered, cell))
            self._hovered = cell
            shape = Qt.CursorShape.ArrowCursor if cell is None else Qt.CursorShape.PointingHandCursor
            self.setCursor(shape)
