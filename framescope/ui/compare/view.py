"""Draws frames of A and B: side by side, with a wipe, overlaid, in turn, or their difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter

from framescope.core.translation import tr
from framescope.session.compare_look import CompareMode
from framescope.ui.compare.words import (
    absence_words,
    difference_words,
    figure_words,
    frame_words,
    repeat_words,
)
from framescope.ui.picture.overlay_painter import (
    paint_chip,
    paint_message_card,
    paint_missing_frame,
    paint_pixel_grid,
    paint_reading,
)
from framescope.ui.picture.pair_view import PairView, paint_cross, paint_split, split_areas
from framescope.ui.picture.pixel_reader import PixelReader
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from framescope.core.errors import FrameScopeError
    from framescope.session.controller import Controller
    from framescope.session.state import ShownFrame
    from framescope.ui.picture.pixel_reader import PixelReading
    from framescope.ui.picture.view_transform import ViewTransform
    from framescope.ui.widgets.theme import ThemeSource

VIEWER = "compare"
"""The view's name among the viewers of the picture."""
_CHIP_STEP = 28.0
"""From one line of words over the picture to the next."""


class CompareView(PairView):
    """Both pictures at one zoom. Draws what the session provides; it neither decodes nor compares."""

    context_menu_requested = Signal(object)
    """QPoint on the screen."""

    def __init__(
        self,
        controller: Controller,
        theme: ThemeSource,
        parent: QWidget | None = None,
        *,
        viewer: str = VIEWER,
    ) -> None:
        """Make the view; ``viewer`` is its name among the viewers of the picture."""
        super().__init__(theme, "compareView", tr("Pictures of A and B"), QSize(240, 80), parent)
        self._controller = controller
        self._comparing = controller.comparing
        self._viewer = viewer
        self._wanted: tuple[int | None, int | None] | None = None
        self._readers = PixelReader(self), PixelReader(self)
        for reader in self._readers:
            reader.ready.connect(self.update)
        self._flickers_b = False
        self._flicker = QTimer(self)
        self._flicker.timeout.connect(self._on_flicker)
        controller.frame_shown.connect(self._on_pictures_changed)
        controller.comparing.pair_changed.connect(self._on_pictures_changed)
        controller.comparing.changed.connect(self._on_pictures_changed)
        controller.comparing.difference.changed.connect(self.update)
        controller.times.changed.connect(self.update)
        controller.comparing.look_changed.connect(self._on_look_changed)
        self._on_look_changed()

    # --- what is shown

    @property
    def has_picture(self) -> bool:
        """Whether a video is open."""
        return self._controller.info is not None

    @property
    def picture_size(self) -> QSizeF | None:
        """Size of both pictures at 1:1."""
        shown = self._controller.shown
        if shown is None or shown.source_width <= 0 or shown.source_height <= 0:
            return None
        return QSizeF(shown.source_width, shown.source_height)

    @property
    def has_panes(self) -> bool:
        """Whether the pictures are side by side; a view that needs both falls back to that without B."""
        return self._mode is CompareMode.SIDE and not self._comparing.look.holds_b

    @property
    def has_split(self) -> bool:
        """Whether a line divides the pictures."""
        return self._mode is CompareMode.WIPE and not self._comparing.look.holds_b

    @property
    def shows_b_only(self) -> bool:
        """Whether B alone is shown now, in turn with A or while a key is held."""
        return self._comparing.look.holds_b or (self._mode is CompareMode.FLICKER and self._flickers_b)

    @property
    def _mode(self) -> CompareMode:
        return self._comparing.look.mode

    @property
    def _b(self) -> ShownFrame | None:
        """The picture of B, if A's frame has a counterpart or B is shown by itself."""
        comparing = self._comparing
        counterpart = comparing.counterpart
        has_frame = counterpart is not None and counterpart.number is not None
        return comparing.shown if has_frame or comparing.is_held else None

    def readings(self, spot: QPointF) -> tuple[PixelReading | None, PixelReading | None]:
        """The pixels of A and of B at a point of the view, each None where there is no exact picture."""
        where = self._transform.to_fraction(self.in_pane(spot))
        if where is None:
            return None, None
        a, b = self._controller.shown, self._b
        rotated = self._controller.view.is_rotated
        for reader, shown in zip(self._readers, (a, b), strict=True):
            reader.set_frame(None if shown is None else shown.frame, rotated=rotated)
        first, second = (reader.read(*where) for reader in self._readers)
        return first, second

    def close_reader(self) -> None:
        """Wait for conversions of pictures that are read."""
        for reader in self._readers:
            reader.close()

    def forget(self) -> None:
        """No picture is needed for this view any more."""
        self._wanted = None
        self._flicker.stop()
        self._controller.view.forget_viewer(self._viewer)

    def resume(self) -> None:
        """The view is shown again."""
        self._become(self._transform.fitted())
        self._ask_for_size()
        self._on_look_changed()

    # --- zoom

    def _become(self, transform: ViewTransform) -> None:
        if transform != self._transform:
            super()._become(transform)
            self._ask_for_size()

    def _ask_for_size(self) -> None:
        if not self.isVisible():
            return
        transform, pane = self._transform, self.pane_size
        is_smaller = transform.is_fitted and not transform.is_nearest
        ratio = transform.device_ratio
        wanted: tuple[int | None, int | None] = (None, None)
        if is_smaller:
            wanted = round(pane.width() * ratio), round(pane.height() * ratio)
        if wanted != self._wanted:
            self._wanted = wanted
            self._controller.view.set_size(*wanted, self._viewer)

    # --- session

    @Slot()
    def _on_pictures_changed(self) -> None:
        if self.isVisible():
            self._refit()
            self.update()

    @Slot()
    def _on_look_changed(self) -> None:
        look = self._comparing.look
        self._flickers_b = False
        if look.mode is CompareMode.FLICKER and self._comparing.is_active:
            self._flicker.start(max(round(1000 / look.flicker_hz), 16))
        else:
            self._flicker.stop()
        self._refit()
        self._ask_for_size()
        self._update_cursor()
        self.update()

    @Slot()
    def _on_flicker(self) -> None:
        self._flickers_b = not self._flickers_b
        self.update()

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's own
        """Draw the pictures and what is said about them."""
        painter = QPainter(self)
        painter.setFont(sized(self.font(), 12))
        painter.fillRect(self.rect(), self._theme.tokens.picture_background)
        whole = QRectF(self.rect())
        if self.shows_b_only:
            self._paint_b(painter, whole, whole)
        elif self._mode is CompareMode.SIDE:
            self._paint_side(painter)
        elif self._mode is CompareMode.FLICKER:
            self._paint_a(painter, whole, whole)
        elif self._mode is CompareMode.WIPE:
            self._paint_wipe(painter, whole)
        elif self._b is None or self._b.unavailable_reason is not None:
            # Nothing to combine A with: say so beside A, instead of showing A as if it were the result.
            self._paint_a(painter, whole, whole)
            self._paint_b(painter, whole, split_areas(whole, 0.5)[1], at_right=True)
        elif self._mode is CompareMode.OVERLAY:
            self._paint_overlay(painter, whole, self._b)
        else:
            self._paint_difference(painter, whole)
        if self._cursor is not None and self._held is None and not self.holds_split:
            self._paint_readings(painter, self._cursor)
        self.paint_focus(painter)

    def _paint_readings(self, painter: QPainter, cursor: QPointF) -> None:
        """The values of both pictures under the pointer, one line below the other."""
        bottom = float(self.height() - SPACE)
        for name, reading in reversed(tuple(zip((tr("A"), tr("B")), self.readings(cursor), strict=True))):
            if reading is not None:
                spot = QPointF(SPACE, bottom)
                area = paint_reading(painter, spot, reading, self._theme.tokens, name=name)
                bottom = area.top() - SPACE / 2

    def _paint_side(self, painter: QPainter) -> None:
        first, second = self.panes
        self._paint_a(painter, first, first)
        self._paint_b(painter, second, second)
        between = QRectF(first.right(), 0, second.left() - first.right(), self.height())
        painter.fillRect(between, self._theme.tokens.window)
        if self._cursor is not None and self._held is None and self._b is not None:
            here = self._pane_at(self._cursor)
            there = second if here == first else first
            spot = self._cursor - here.topLeft() + there.topLeft()
            paint_cross(painter, there, spot, self._theme.tokens)

    def _paint_wipe(self, painter: QPainter, whole: QRectF) -> None:
        left, right = split_areas(whole, self._split)
        self._paint_a(painter, whole, left)
        self._paint_b(painter, whole, right, at_right=True)
        paint_split(painter, whole, right.left(), self._theme.tokens)

    def _paint_overlay(self, painter: QPainter, whole: QRectF, b: ShownFrame) -> None:
        a = self._controller.shown
        if a is None:
            return
        self._paint_image(painter, whole, whole, a.image, is_exact=a.frame is not None)
        painter.setOpacity(self._comparing.look.opacity)
        self._paint_image(painter, whole, whole, b.image, is_exact=b.frame is not None)
        painter.setOpacity(1)
        self._paint_a_chip(painter, whole)
        self._paint_b_chip(painter, whole, b, at_right=True)

    def _paint_difference(self, painter: QPainter, whole: QRectF) -> None:
        answer, pair = self._comparing.difference.answer, self._comparing.exact_pair
        tokens = self._theme.tokens
        if answer is None:
            self._chip(painter, whole, tr("Comparing…"), dot=tokens.warning)
            return
        if answer.error is not None:
            self._paint_error(painter, whole, tr("These pictures cannot be compared"), answer.error)
            return
        request = answer.request
        is_current = pair is not None and answer.is_of(pair[0].frame, pair[1].frame)
        self._paint_image(painter, whole, whole, answer.image, is_exact=True)
        # Until the next one is there, this is the difference of the frames it names.
        dot = None if is_current else tokens.warning
        a_times, b_times = self._controller.times, self._comparing.times
        self._chip(painter, whole, difference_words(request.a, a_times, request.b, b_times), dot=dot)
        if answer.found is not None:
            below = whole.adjusted(0, _CHIP_STEP, 0, 0)
            self._chip(painter, below, figure_words(answer.found), dot=None)

    def _paint_a(self, painter: QPainter, pane: QRectF, clip: QRectF) -> None:
        shown = self._controller.shown
        if shown is None:
            return
        if shown.unavailable_reason is not None:
            reason = shown.unavailable_reason
            paint_missing_frame(painter, clip, shown.frame_number, reason, self._theme.tokens)
            return
        self._paint_image(painter, pane, clip, shown.image, is_exact=shown.frame is not None)
        self._paint_a_chip(painter, clip)

    def _paint_b(self, painter: QPainter, pane: QRectF, clip: QRectF, *, at_right: bool = False) -> None:
        comparing, tokens, shown = self._comparing, self._theme.tokens, self._b
        counterpart = comparing.counterpart
        if comparing.error is not None:
            self._paint_error(painter, clip, tr("B cannot be opened"), comparing.error)
        elif counterpart is not None and counterpart.absence and not comparing.is_held:
            paint_message_card(painter, clip, absence_words(counterpart, self._controller.position), tokens)
        elif shown is None:
            text = comparing.pairing_error if comparing.info is not None else tr("Opening B…")
            self._chip(painter, clip, text or tr("B  …"), dot=tokens.warning, at_right=at_right)
        elif shown.unavailable_reason is not None:
            paint_missing_frame(painter, clip, shown.frame_number, shown.unavailable_reason, tokens)
        else:
            self._paint_image(painter, pane, clip, shown.image, is_exact=shown.frame is not None)
            self._paint_b_chip(painter, clip, shown, at_right=at_right)

    def _paint_error(self, painter: QPainter, pane: QRectF, title: str, error: FrameScopeError) -> None:
        sentence = f"{error.message} {error.hint or ''}".rstrip()
        paint_message_card(painter, pane, (title, sentence, ""), self._theme.tokens)

    def _paint_a_chip(self, painter: QPainter, area: QRectF) -> None:
        shown = self._controller.shown
        if shown is not None:
            self._chip(
                painter, area, frame_words(tr("A"), shown, self._controller.times), dot=self._dot(shown)
            )

    def _paint_b_chip(self, painter: QPainter, area: QRectF, shown: ShownFrame, *, at_right: bool) -> None:
        text = frame_words(tr("B"), shown, self._comparing.times)
        repeats = "" if self._comparing.is_held else repeat_words(self._comparing.counterpart)
        if repeats:
            text = f"{text} · {repeats}"
        self._chip(painter, area, text, dot=self._dot(shown), at_right=at_right)

    def _dot(self, shown: ShownFrame) -> QColor | None:
        tokens = self._theme.tokens
        if shown.provisional:
            return tokens.warning
        return tokens.error if shown.frame is not None and shown.frame.is_damaged else None

    def _chip(
        self, painter: QPainter, area: QRectF, text: str, *, dot: QColor | None, at_right: bool = False
    ) -> None:
        painter.save()
        painter.setClipRect(area)
        extra = 4 * SPACE + (14 if dot is not None else 0)
        room = max(int(area.width()) - extra, 0)
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        width = painter.fontMetrics().horizontalAdvance(text) + extra
        x = max(area.right() - width, area.left() + SPACE) if at_right else area.left() + SPACE
        paint_chip(painter, QPointF(x, area.top() + SPACE), text, self._theme.tokens, dot=dot)
        painter.restore()

    def _paint_image(
        self, painter: QPainter, pane: QRectF, clip: QRectF, image: QImage | None, *, is_exact: bool
    ) -> None:
        if image is None:
            return
        transform = self._transform
        target = transform.target.translated(pane.topLeft())
        painter.save()
        painter.setClipRect(clip)
        smooth = not transform.is_nearest or not is_exact
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(target, image, QRectF(image.rect()))
        if transform.is_nearest and is_exact:
            size = QSize(round(transform.picture.width()), round(transform.picture.height()))
            paint_pixel_grid(painter, target, clip, size, transform.device_ratio)
        painter.restore()

    # --- events

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the zoom, and request pictures of the new size."""
        super().resizeEvent(event)
        self._ask_for_size()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Request the context menu."""
        self.context_menu_requested.emit(event.globalPos())
