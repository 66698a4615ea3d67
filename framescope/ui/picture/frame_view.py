"""Shows the frame: fit, 1:1, zoom at the cursor, pan, rotation badge, pixel values."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import QPainter

from framescope.core.marks.video_memory import PictureZoom
from framescope.core.media.picture.geometry import rotated_size
from framescope.core.translation import tr
from framescope.ui.picture.badges import FieldsBadge, LabelBadge, RotationBadge
from framescope.ui.picture.overlay_painter import (
    paint_chip,
    paint_missing_frame,
    paint_pixel_grid,
    paint_pixel_values,
    paint_reading,
    paint_subtitle,
    shows_values,
)
from framescope.ui.picture.pixel_reader import PixelReader
from framescope.ui.picture.zoom_view import ZoomView
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import (
        QContextMenuEvent,
        QEnterEvent,
        QKeyEvent,
        QMouseEvent,
        QPaintEvent,
        QResizeEvent,
    )
    from PySide6.QtWidgets import QWidget

    from framescope.session.controller import Controller
    from framescope.session.state import ShownFrame
    from framescope.ui.picture.block_overlay import BlockOverlay
    from framescope.ui.picture.line_tool import LineTool
    from framescope.ui.picture.pixel_reader import PixelReading
    from framescope.ui.picture.view_transform import ViewTransform
    from framescope.ui.widgets.theme import ThemeSource


class FrameView(ZoomView):
    """The picture. Draws what the controller provides; it neither converts nor decodes."""

    context_menu_requested = Signal(object)
    """QPoint on the screen."""
    double_clicked = Signal()

    def __init__(
        self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None, *, viewer: str = ""
    ) -> None:
        """Make the view.

        Args:
            controller: The session.
            theme: Its colours.
            parent: The widget it belongs to.
            viewer: Its name among several views of the picture. Only the one without a name stores its zoom.
        """
        super().__init__(
            theme, f"frameView.{viewer}" if viewer else "frameView", tr("Picture"), QSize(160, 90), parent
        )
        self._viewer = viewer
        self._controller = controller
        self._wanted: tuple[int | None, int | None] | None = None
        self._reader = PixelReader(self)
        kinds = (FieldsBadge, LabelBadge) if viewer else (RotationBadge, FieldsBadge, LabelBadge)
        self._badges = [kind(controller, theme, self) for kind in kinds]
        for badge in self._badges:
            badge.resized.connect(self._place_badges)
        self._reader.ready.connect(self.update)
        controller.frame_shown.connect(self._on_frame_shown)
        controller.tracks.changed.connect(self.update)
        controller.blocks.changed.connect(self.update)
        controller.line.changed.connect(self._on_line_changed)
        controller.source_opened.connect(self._on_source_opened)
        controller.source_closed.connect(self._on_frame_shown)
        controller.view.rotation_changed.connect(self._on_frame_shown)

    @cached_property
    def _blocks(self) -> BlockOverlay:
        # Few windows show blocks, and starting is not to wait for the code.
        from framescope.ui.picture.block_overlay import BlockOverlay  # noqa: PLC0415

        return BlockOverlay(self._controller)

    @cached_property
    def _line(self) -> LineTool:
        from framescope.ui.picture.line_tool import LineTool  # noqa: PLC0415

        return LineTool(self._controller)

    @property
    def has_picture(self) -> bool:
        """Whether a video is open."""
        return self._controller.info is not None

    @property
    def picture_size(self) -> QSizeF | None:
        """Size of the shown picture at 1:1."""
        shown = self._controller.shown
        if shown is None or shown.source_width <= 0 or shown.source_height <= 0:
            return None
        return QSizeF(shown.source_width, shown.source_height)

    @property
    def reading(self) -> PixelReading | None:
        """The pixel under the cursor; None outside the picture or over a placeholder."""
        # The picture's own windows show nothing but the picture.
        if self._cursor is None or self._held is not None or self._viewer:
            return None
        where = self._transform.to_fraction(self._cursor)
        return None if where is None else self._reader.read(*where)

    def catch_up(self) -> None:
        """Show the video that was opened before the view was made."""
        if self.has_picture:
            self._on_source_opened()
            self._on_frame_shown()

    def close_reader(self) -> None:
        """Wait for a running conversion; call before closing the window."""
        self._reader.close()

    # --- zoom

    def _anchor(self) -> QPointF | None:
        return super()._anchor() if self.underMouse() else None

    def _become(self, transform: ViewTransform) -> None:
        if transform != self._transform:
            super()._become(transform)
            self._ask_for_size()
            if not self._viewer:
                self._controller.view.set_picture_zoom(self._zoom_of(transform))
                self._controller.view.set_picture_part(*transform.part_in_view)

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
        size = (
            round(self.width() * transform.device_ratio),
            round(self.height() * transform.device_ratio),
        )
        # Magnified pixels are drawn from the full picture; only a reduced one is scaled beforehand.
        is_smaller = transform.is_fitted and not transform.is_nearest
        wanted = size if is_smaller else (None, None)
        if wanted != self._wanted:
            self._wanted = wanted
            width, height = wanted
            self._controller.view.set_size(width, height, self._viewer)

    # --- controller

    @Slot()
    def _on_source_opened(self) -> None:
        zoom = None if self._viewer else self._controller.view.picture_zoom
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
        if not self._viewer:
            self._controller.view.set_picture_part(*self._transform.part_in_view)
        self.zoom_changed.emit()
        self.update()

    @Slot()
    def _on_frame_shown(self) -> None:
        shown = self._controller.shown
        frame = None if shown is None or shown.provisional else shown.frame
        self._reader.set_frame(frame, rotated=self._controller.view.is_rotated)
        self._refit()
        self.update()

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw the picture and its overlays."""
        painter = QPainter(self)
        tokens = self._theme.tokens
        # Alone on a screen, nothing but the picture may be bright.
        ground = Qt.GlobalColor.black if self._viewer else tokens.picture_background
        painter.fillRect(self.rect(), ground)
        shown = self._controller.shown
        if shown is not None:
            self._paint_shown(painter, shown)
        self.paint_focus(painter)

    def _paint_shown(self, painter: QPainter, shown: ShownFrame) -> None:
        tokens = self._theme.tokens
        painter.setFont(sized(self.font(), 12))
        if shown.unavailable_reason is not None:
            area = QRectF(self.rect())
            paint_missing_frame(painter, area, shown.frame_number, shown.unavailable_reason, tokens)
            return
        self._paint_picture(painter, shown)
        if self._controller.blocks.layers:
            self._blocks.paint(painter, self._transform.target, self.size(), self._theme.tokens)
        if self._controller.line.is_active and not self._viewer:
            self._line.paint(painter, self._transform.target, tokens)
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
            rotation = picture.rotation if self._controller.view.is_rotated else 0
            stored = QSize(*rotated_size(picture.width, picture.height, rotation))
            seen = QRectF(self.rect())
            paint_pixel_grid(painter, target, seen, stored, transform.device_ratio)
            rgb = self._reader.rgb if shows_values(target, stored) else None
            if rgb is not None:
                paint_pixel_values(painter, target, seen, rgb, self._theme.tokens)

    def _paint_overlays(self, painter: QPainter, shown: ShownFrame) -> None:
        tokens = self._theme.tokens
        if shown.provisional:
            text = tr("approximate")
            if shown.pictured_number is not None and shown.pictured_number != shown.frame_number:
                text = tr("approximate: frame {pictured_number}", pictured_number=shown.pictured_number)
            paint_chip(painter, QPointF(SPACE, SPACE), text, tokens, dot=tokens.warning)
        elif shown.frame is not None and shown.frame.is_damaged:
            text = tr("damaged, or depends on a damaged picture")
            paint_chip(painter, QPointF(SPACE, SPACE), text, tokens, dot=tokens.error)
        subtitle = self._controller.tracks.text_at(shown.frame_number)
        if subtitle:
            seen = self._transform.target.intersected(QRectF(self.rect()))
            paint_subtitle(painter, seen, subtitle, tokens)
        reading = self.reading
        if reading is not None:
            corner = QPointF(SPACE, self.height() - SPACE)
            area = paint_reading(painter, corner, reading, tokens)
            if self._controller.blocks.layers and self._cursor is not None:
                words = self._blocks.words_at(self._cursor, self._transform.target)
                if words:
                    paint_chip(painter, QPointF(SPACE, area.top() - SPACE / 2 - area.height()), words, tokens)

    # --- events

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the zoom, and request a picture of the new size."""
        super().resizeEvent(event)
        self._ask_for_size()
        self._place_badges()

    @property
    def _draws_lines(self) -> bool:
        """Whether the mouse draws on the picture, instead of moving it."""
        return self._controller.line.tool is not None and not self._viewer

    @Slot()
    def _on_line_changed(self) -> None:
        if self._draws_lines:
            # For Escape and Enter.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._update_cursor()
        self.update()

    def _update_cursor(self) -> None:
        super()._update_cursor()
        if self._draws_lines:
            self.setCursor(Qt.CursorShape.CrossCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Draw a line if that is chosen; else pan."""
        if not (self._draws_lines and self._line.press(event, self._transform.target)):
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Draw a line if that is chosen; read the pixel under the pointer."""
        if self._draws_lines:
            self._line.move(event, self._transform.target)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End a line that was drawn by dragging, or panning."""
        if self._draws_lines:
            self._line.release(event, self._transform.target)
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Escape stops drawing and then removes the line, Enter ends a polyline."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        is_escape = event.key() == Qt.Key.Key_Escape
        has_line = self._controller.line.is_active and not self._viewer
        if not has_line or not ((is_enter and self._line.finish()) or (is_escape and self._line.cancel())):
            super().keyPressEvent(event)

    @Slot()
    def _place_badges(self) -> None:
        """Stack the badges in the top right corner."""
        top = SPACE
        for badge in self._badges:
            badge.move(self.width() - badge.width() - SPACE, top)
            if not badge.isHidden():
                top += badge.height() + SPACE

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Announce it, or end a polyline; with Ctrl, toggle between the fit and 1:1."""
        if self._draws_lines:
            self._line.finish()
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().mouseDoubleClickEvent(event)
        elif event.button() is Qt.MouseButton.LeftButton and self.has_picture:
            self.double_clicked.emit()

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Start reading pixels."""
        self._cursor = event.position()
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Request the context menu."""
        self.context_menu_requested.emit(event.globalPos())
