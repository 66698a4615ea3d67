"""Shows the frame: fit, 1:1, zoom at the cursor, pan, and the values of the pixel under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import QNativeGestureEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from framescope.core.marks.video_memory import PictureZoom
from framescope.ui.picture.overlay_painter import (
    paint_chip,
    paint_missing_frame,
    paint_pixel_grid,
    paint_pixel_values,
    paint_reading,
    shows_values,
)
from framescope.ui.picture.pixel_reader import PixelReader
from framescope.ui.picture.rotation_badge import RotationBadge
from framescope.ui.picture.view_transform import ViewTransform
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import (
        QContextMenuEvent,
        QEnterEvent,
        QFocusEvent,
        QMouseEvent,
        QPaintEvent,
        QResizeEvent,
        QWheelEvent,
    )

    from framescope.session.controller import Controller
    from framescope.session.state import ShownFrame
    from framescope.ui.picture.pixel_reader import PixelReading
    from framescope.ui.widgets.theme import ThemeSource

_WHEEL_STEP = 1.25
_KEYBOARD_REASONS = {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}


class FrameView(QWidget):
    """The picture. Draws what the controller shows; converts and decodes nothing itself."""

    zoom_changed = Signal()
    """``transform`` changed: another scale, or fitted or not."""
    context_menu_requested = Signal(object)
    """QPoint on the screen."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._theme = theme
        self._transform = ViewTransform(QSizeF(), QSizeF())
        self._wanted: tuple[int | None, int | None] | None = None
        self._cursor: QPointF | None = None
        self._dragged_from: QPointF | None = None
        self._has_keyboard = False
        self._reader = PixelReader(self)
        self._badge = RotationBadge(controller, theme, self)
        self.setObjectName("frameView")
        self.setAccessibleName("Picture")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 90)
        self._reader.ready.connect(self.update)
        theme.changed.connect(self.update)
        controller.frame_shown.connect(self._on_frame_shown)
        controller.source_opened.connect(self._on_source_opened)
        controller.source_closed.connect(self._on_frame_shown)
        controller.rotation_changed.connect(self._on_frame_shown)

    @property
    def transform(self) -> ViewTransform:
        """Where the picture lies."""
        return self._transform

    @property
    def reading(self) -> PixelReading | None:
        """The pixel under the cursor; None outside the picture and while it is a placeholder."""
        if self._cursor is None or self._dragged_from is not None:
            return None
        where = self._transform.to_fraction(self._cursor)
        return None if where is None else self._reader.read(*where)

    def close_reader(self) -> None:
        """Wait for a conversion under way; call before the window goes."""
        self._reader.close()

    # --- zoom

    @Slot()
    def zoom_fit(self) -> None:
        """Fit the picture into the view."""
        self._become(self._transform.fitted())

    @Slot()
    def zoom_actual(self) -> None:
        """One picture pixel on one screen pixel, around the cursor when it is on the picture."""
        self._become(self._transform.at_actual_size(self._anchor()))

    @Slot()
    def zoom_in(self) -> None:
        """Magnify by a step."""
        self._become(self._transform.stepped(1, self._anchor()))

    @Slot()
    def zoom_out(self) -> None:
        """Make smaller by a step, at last fitted."""
        self._become(self._transform.stepped(-1, self._anchor()))

    def _anchor(self) -> QPointF | None:
        return self._cursor if self._cursor and self.underMouse() else None

    def _become(self, transform: ViewTransform) -> None:
        if transform == self._transform:
            return
        self._transform = transform
        self._ask_for_size()
        self._update_cursor()
        self.update()
        self.zoom_changed.emit()
        self._controller.set_picture_zoom(self._zoom_of(transform))

    @staticmethod
    def _zoom_of(transform: ViewTransform) -> PictureZoom | None:
        picture = transform.picture
        if transform.is_fitted or picture.isEmpty():
            return None
        center = transform.center or QPointF(picture.width() / 2, picture.height() / 2)
        return PictureZoom(
            transform.device_scale, center.x() / picture.width(), center.y() / picture.height()
        )

    def _ask_for_size(self) -> None:
        transform = self._transform
        width, height = (
            round(self.width() * transform.device_ratio),
            round(self.height() * transform.device_ratio),
        )
        # Magnified pixels are drawn from the full picture; only a smaller one is scaled beforehand.
        is_smaller = transform.is_fitted and not transform.is_nearest
        wanted = (width, height) if is_smaller else (None, None)
        if wanted != self._wanted:
            self._wanted = wanted
            self._controller.set_view_size(*wanted)

    def _fit_to(self, shown: ShownFrame | None) -> None:
        picture = self._transform.picture
        if shown is not None and shown.source_width > 0 and shown.source_height > 0:
            picture = QSizeF(shown.source_width, shown.source_height)
        self._become(self._transform.with_sizes(picture, QSizeF(self.size()), self.devicePixelRatioF()))

    # --- controller

    @Slot()
    def _on_source_opened(self) -> None:
        zoom = self._controller.picture_zoom
        self._transform = self._transform.fitted()
        self._wanted = None
        info = self._controller.info
        if info is not None:
            width, height = info.display_width, info.display_height
            self._transform = self._transform.with_sizes(
                QSizeF(width, height), QSizeF(self.size()), self.devicePixelRatioF()
            )
            if zoom is not None:
                self._transform = self._transform.centered_at(zoom.scale, zoom.x, zoom.y)
        self._ask_for_size()
        self.zoom_changed.emit()
        self.update()

    @Slot()
    def _on_frame_shown(self) -> None:
        shown = self._controller.shown
        frame = None if shown is None or shown.provisional else shown.frame
        self._reader.set_frame(frame, rotated=self._controller.is_rotated)
        self._fit_to(shown)
        self.update()

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw the picture and what lies on it."""
        painter = QPainter(self)
        tokens = self._theme.tokens
        painter.fillRect(self.rect(), tokens.picture_background)
        shown = self._controller.shown
        if shown is not None:
            self._paint_shown(painter, shown)
        if self._has_keyboard:
            painter.setPen(QPen(tokens.accent, 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_shown(self, painter: QPainter, shown: ShownFrame) -> None:
        tokens = self._theme.tokens
        painter.setFont(sized(self.font(), 12))
        if shown.unavailable_reason is not None:
            area = QRectF(self.rect())
            paint_missing_frame(painter, area, shown.frame_number, shown.unavailable_reason, tokens)
            return
        self._paint_picture(painter, shown)
        self._paint_overlays(painter, shown)

    def _paint_picture(self, painter: QPainter, shown: ShownFrame) -> None:
        if shown.image is None:
            return
        transform = self._transform
        target = transform.target
        image = shown.image
        smooth = not transform.is_nearest or shown.provisional
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(target, image, QRectF(image.rect()))
        picture = None if shown.frame is None else shown.frame.picture
        if picture is not None and transform.is_nearest:
            stored = QSize(picture.width, picture.height)
            if self._controller.is_rotated and picture.rotation in {90, 270}:
                stored.transpose()
            seen = QRectF(self.rect())
            paint_pixel_grid(painter, target, seen, stored, transform.device_ratio)
            rgb = self._reader.rgb if shows_values(target, stored) else None
            if rgb is not None:
                paint_pixel_values(painter, target, seen, rgb, self._theme.tokens)

    def _paint_overlays(self, painter: QPainter, shown: ShownFrame) -> None:
        tokens = self._theme.tokens
        if shown.provisional:
            text = "approximate"
            if shown.pictured_number is not None and shown.pictured_number != shown.frame_number:
                text = f"approximate: frame {shown.pictured_number}"
            paint_chip(painter, QPointF(SPACE, SPACE), text, tokens, dot=tokens.warning)
        elif shown.frame is not None and shown.frame.is_damaged:
            text = "damaged, or dependent on a damaged picture"
            paint_chip(painter, QPointF(SPACE, SPACE), text, tokens, dot=tokens.error)
        reading = self.reading
        if reading is not None:
            paint_reading(painter, QPointF(SPACE, self.height() - SPACE), reading, tokens)

    # --- events

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the zoom, and ask for a picture of the new size."""
        super().resizeEvent(event)
        self._fit_to(self._controller.shown)
        self._ask_for_size()
        self._badge.place()

    def event(self, event: QEvent) -> bool:
        """Notice a screen with other pixels, and fingers that pinch."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._fit_to(self._controller.shown)
        pinch = Qt.NativeGestureType.ZoomNativeGesture
        if not isinstance(event, QNativeGestureEvent) or event.gestureType() != pinch:
            return super().event(event)
        if self._controller.info is not None:
            self._become(self._transform.zoomed(1 + event.value(), event.position()))
        return True

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom at the cursor; up is in."""
        if self._controller.info is None:
            event.ignore()
            return
        delta = event.angleDelta().y()
        if delta:
            self._become(self._transform.zoomed(_WHEEL_STEP ** (delta / 120), event.position()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of a magnified picture."""
        if event.button() in {Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton}:
            if not self._transform.is_fitted:
                self._dragged_from = event.position()
                self._update_cursor()
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Pan, or read the pixel under the cursor."""
        self._cursor = event.position()
        if self._dragged_from is not None:
            self._become(self._transform.panned(event.position() - self._dragged_from))
            self._dragged_from = event.position()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802, ARG002
        """Let go."""
        self._dragged_from = None
        self._update_cursor()
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Switch between the fit and 1:1 at the cursor."""
        if event.button() is not Qt.MouseButton.LeftButton or self._controller.info is None:
            return
        if self._transform.is_fitted:
            self._become(self._transform.at_actual_size(event.position()))
        else:
            self.zoom_fit()

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Start reading pixels."""
        self._cursor = event.position()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802, ARG002
        """Stop reading pixels."""
        self._cursor = None
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show an outline to who came with the keyboard."""
        super().focusInEvent(event)
        self._has_keyboard = event.reason() in _KEYBOARD_REASONS
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Take the outline away."""
        super().focusOutEvent(event)
        self._has_keyboard = False
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for the context menu."""
        self.context_menu_requested.emit(event.globalPos())

    def _update_cursor(self) -> None:
        if self._dragged_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._transform.is_fitted:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
