"""A picture view with zoom at the pointer (wheel, pinch, double-click) and panning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import QNativeGestureEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from framescope.ui.picture.view_transform import ViewTransform

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QMouseEvent, QPainter, QResizeEvent, QWheelEvent

    from framescope.ui.widgets.theme import ThemeSource

_WHEEL_STEP = 1.25
_KEYBOARD_REASONS = {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}


class ZoomView(QWidget):
    """Zoom and pan of a picture; subclasses draw it. Threads: GUI.

    Subclasses describe the picture with `has_picture` and `picture_size`; those that show it in several panes
    also override `pane_size` and `in_pane`.
    """

    zoom_changed = Signal()
    """``transform`` changed: its scale, or whether it is fitted."""

    def __init__(
        self, theme: ThemeSource, name: str, title: str, smallest: QSize, parent: QWidget | None = None
    ) -> None:
        """Make the view.

        Args:
            theme: The current colours.
            name: The objectName.
            title: Accessible name.
            smallest: The minimum size in logical pixels.
            parent: The widget it belongs to.
        """
        super().__init__(parent)
        self._theme = theme
        self._transform = ViewTransform(QSizeF(), QSizeF())
        self._cursor: QPointF | None = None
        self._held: QPointF | None = None
        self._has_keyboard = False
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(smallest)
        theme.changed.connect(self.update)

    @property
    def transform(self) -> ViewTransform:
        """The position of the picture in each pane."""
        return self._transform

    # --- for subclasses

    @property
    def has_picture(self) -> bool:
        """Whether there is a picture to zoom."""
        raise NotImplementedError

    @property
    def picture_size(self) -> QSizeF | None:
        """Size of the picture at 1:1; None keeps the previous one."""
        raise NotImplementedError

    @property
    def pane_size(self) -> QSizeF:
        """Size of one pane, in logical pixels."""
        return QSizeF(self.size())

    def in_pane(self, point: QPointF) -> QPointF:
        """The same point in the coordinates of its pane."""
        return point

    def paint_focus(self, painter: QPainter) -> None:
        """Draw an outline for keyboard users."""
        if self._has_keyboard:
            painter.setPen(QPen(self._theme.tokens.accent, 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    # --- zoom

    @Slot()
    def zoom_fit(self) -> None:
        """Fit the picture into the view."""
        self._become(self._transform.fitted())

    @Slot()
    def zoom_actual(self) -> None:
        """One picture pixel per screen pixel, around the cursor if it is on the picture."""
        self._become(self._transform.at_actual_size(self._anchor()))

    def zoom_to(self, device_scale: float) -> None:
        """So many screen pixels per picture pixel, around the cursor if it is on the picture."""
        scale = device_scale / self._transform.device_ratio
        self._become(self._transform.scaled_to(scale, self._anchor()))

    @Slot()
    def zoom_in(self) -> None:
        """Zoom in by a step."""
        self._become(self._transform.stepped(1, self._anchor()))

    @Slot()
    def zoom_out(self) -> None:
        """Zoom out by a step, down to the fit."""
        self._become(self._transform.stepped(-1, self._anchor()))

    def _anchor(self) -> QPointF | None:
        return None if self._cursor is None else self.in_pane(self._cursor)

    def _become(self, transform: ViewTransform) -> None:
        if transform != self._transform:
            self._transform = transform
            self._update_cursor()
            self.update()
            self.zoom_changed.emit()

    def _zoom_at(self, point: QPointF, factor: float) -> None:
        self._become(self._transform.zoomed(factor, self.in_pane(point)))

    def _refit(self) -> None:
        """Keep the zoom for another picture, size or screen."""
        size = self.picture_size
        picture = self._transform.picture if size is None else size
        self._become(self._transform.with_sizes(picture, self.pane_size, self.devicePixelRatioF()))

    # --- events

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the zoom."""
        super().resizeEvent(event)
        self._refit()

    def event(self, event: QEvent) -> bool:
        """Handle a change of the device pixel ratio, and pinch gestures."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._refit()
        pinch = Qt.NativeGestureType.ZoomNativeGesture
        if not isinstance(event, QNativeGestureEvent) or event.gestureType() != pinch:
            return super().event(event)
        if self.has_picture:
            self._zoom_at(event.position(), 1 + event.value())
        return True

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom at the pointer; up zooms in."""
        if not self.has_picture:
            event.ignore()
            return
        delta = event.angleDelta().y()
        if delta:
            self._zoom_at(event.position(), _WHEEL_STEP ** (delta / 120))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Start panning a magnified picture."""
        if event.button() in {Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton}:
            if not self._transform.is_fitted:
                self._held = event.position()
                self._update_cursor()
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Pan, or read the pixel under the pointer."""
        self._cursor = event.position()
        if self._held is not None:
            self._become(self._transform.panned(event.position() - self._held))
            self._held = event.position()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802, ARG002 - Qt's own
        """Stop panning."""
        self._held = None
        self._update_cursor()
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Toggle between the fit and 1:1 at the pointer."""
        if event.button() is not Qt.MouseButton.LeftButton or not self.has_picture:
            return
        if self._transform.is_fitted:
            self._become(self._transform.at_actual_size(self.in_pane(event.position())))
        else:
            self.zoom_fit()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802, ARG002 - Qt's own
        """Stop reading pixels."""
        self._cursor = None
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show the focus outline for keyboard users."""
        super().focusInEvent(event)
        self._has_keyboard = event.reason() in _KEYBOARD_REASONS
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Remove the focus outline."""
        super().focusOutEvent(event)
        self._has_keyboard = False
        self.update()

    def _update_cursor(self) -> None:
        if self._held is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._transform.is_fitted:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
