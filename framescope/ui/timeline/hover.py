"""The hover bubble of the timeline: the frame under the pointer, with its thumbnail."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QWidget

from framescope.core.text import grouped
from framescope.core.translation import tr
from framescope.ui.timeline.labels import bytes_label
from framescope.ui.timeline.pointer import overview_axis
from framescope.ui.timeline.scene import Fonts
from framescope.ui.timeline.shades import on_color, type_colors
from framescope.ui.timeline.thumbnail_desk import desk_of
from framescope.ui.widgets.theme import RADIUS

if TYPE_CHECKING:
    from collections.abc import Container

    from PySide6.QtGui import QPaintEvent

    from framescope.core.media.index import FrameIndex
    from framescope.session.controller import Controller
    from framescope.ui.timeline.scene import Scene
    from framescope.ui.widgets.theme import ThemeSource, Tokens

THUMBNAIL_HEIGHT_PX = 108
_WIDEST_PX = 224
_PAD_PX = 8
_GAP_PX = 6
_LETTERS = "?IPB"
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class HoverFacts:
    """The contents of the bubble.

    Attributes:
        frame_number: The frame under the pointer.
        time: Its time, as it is shown.
        pts: Its timestamp; None if it has none.
        type_code: Value of its ``PictureType``; None if not indexed.
        is_decoded: Whether the picture type comes from the decoder.
        is_keyframe: Whether the container flags it as a random-access point.
        size_bytes: Its compressed size; None if not indexed.
        trouble: Why it cannot be shown, or an empty string.
        note: The note of the mark under the pointer, or an empty string.
        values: The name and the value of each lane of values.
    """

    frame_number: int
    time: str
    pts: int | None
    type_code: int | None
    is_decoded: bool
    is_keyframe: bool
    size_bytes: int | None
    trouble: str = ""
    note: str = ""
    values: tuple[tuple[str, str], ...] = ()


def facts_of(index: FrameIndex | None, frame_number: int, time: str, *, is_unavailable: bool) -> HoverFacts:
    """Look up a frame; beyond the index only its number is known."""
    if index is None or frame_number >= len(index):
        return HoverFacts(
            frame_number, time, None, None, is_decoded=False, is_keyframe=False, size_bytes=None,
            trouble=tr("not indexed yet"),
        )  # fmt: skip
    is_damaged = frame_number in index.damaged_numbers
    return HoverFacts(
        frame_number,
        time,
        index.pts_of(frame_number),
        int(index.picture_type_codes[frame_number]),
        is_decoded=index.picture_types_decoded,
        is_keyframe=bool(index.is_keyframe[frame_number]),
        size_bytes=int(index.sizes_bytes[frame_number]),
        trouble=tr("cannot be shown") if is_unavailable else tr("damaged") if is_damaged else "",
    )


class HoverBubble(QWidget):
    """A bubble above the timeline, transparent for mouse events."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.host = host
        self.setObjectName("hoverBubble")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._tokens: Tokens | None = None
        self._facts: HoverFacts | None = None
        self._image: QImage | None = None
        self._image_number = 0
        self._fonts = Fonts(self.font())
        self.hide()

    @property
    def facts(self) -> HoverFacts | None:
        """The current contents."""
        return self._facts

    def tell(self, facts: HoverFacts, tokens: Tokens) -> None:
        """Show these facts; the thumbnail stays until another one is set."""
        self._facts, self._tokens = facts, tokens
        self.update()

    def set_picture(self, image: QImage | None, frame_number: int) -> None:
        """Show a thumbnail and its frame number; None reserves space for a pending one."""
        self._image, self._image_number = image, frame_number
        self.update()

    def point_at(self, spot: QPoint, below: int) -> None:
        """Place the bubble centred above ``spot``, or below ``below`` if there is no room (host's pixels)."""
        size = self._wanted_size()
        room = self.host.size()
        left = min(max(spot.x() - size.width() // 2, _GAP_PX), max(room.width() - size.width() - _GAP_PX, 0))
        top = spot.y() - size.height() - _GAP_PX
        if top < 0 and below + _GAP_PX + size.height() <= room.height():
            top = below + _GAP_PX
        self.setGeometry(QRect(QPoint(left, max(top, 0)), size))
        self.show()
        self.raise_()

    def _wanted_size(self) -> QSize:
        line = self._fonts.text_height + 3
        facts = self._facts
        lines = 3 + (0 if facts is None else bool(facts.note) + len(facts.values))
        return QSize(
            self._picture_size().width() + 2 * _PAD_PX,
            THUMBNAIL_HEIGHT_PX + lines * line + 2 * _PAD_PX + _GAP_PX,
        )

    def _picture_size(self) -> QSize:
        # The width follows the thumbnail's shape, within limits that leave room for the text.
        if self._image is None or self._image.isNull():
            return QSize(192, THUMBNAIL_HEIGHT_PX)
        width = round(self._image.width() * THUMBNAIL_HEIGHT_PX / self._image.height())
        return QSize(min(max(width, 176), _WIDEST_PX), THUMBNAIL_HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw the bubble."""
        facts, tokens = self._facts, self._tokens
        if facts is None or tokens is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(tokens.border_strong)
        painter.setBrush(tokens.surface_raised)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS + 2, RADIUS + 2)
        area = QRectF(_PAD_PX, _PAD_PX, self.width() - 2 * _PAD_PX, THUMBNAIL_HEIGHT_PX)
        self._paint_picture(painter, area, tokens, facts)
        self._paint_words(painter, area, tokens, facts)

    def _paint_picture(self, painter: QPainter, area: QRectF, tokens: Tokens, facts: HoverFacts) -> None:
        outline = QPainterPath()
        outline.addRoundedRect(area, RADIUS - 1, RADIUS - 1)
        painter.save()
        painter.setClipPath(outline)
        painter.fillRect(area, tokens.picture_background)
        if self._image is not None and not self._image.isNull():
            size = self._image.size().scaled(area.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRectF(0, 0, size.width(), size.height())
            target.moveCenter(area.center())
            painter.drawImage(target, self._image)
            if self._image_number != facts.frame_number:
                self._paint_caption(painter, area, tokens)
        painter.restore()

    def _paint_caption(self, painter: QPainter, area: QRectF, tokens: Tokens) -> None:
        """Indicate that the thumbnail shows a different frame from the hovered one."""
        text = tr("keyframe {image_number}", image_number=grouped(self._image_number))
        painter.setFont(self._fonts.small)
        width = self._fonts.small_metrics.horizontalAdvance(text) + 10
        height = self._fonts.small_metrics.height() + 4
        chip = QRectF(area.left() + 4, area.bottom() - height - 4, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.overlay)
        painter.drawRoundedRect(chip, 3, 3)
        painter.setPen(tokens.overlay_text)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_words(self, painter: QPainter, area: QRectF, tokens: Tokens, facts: HoverFacts) -> None:
        line = self._fonts.text_height + 3
        row = QRectF(area.left(), area.bottom() + _GAP_PX, area.width(), line)
        painter.setFont(self._fonts.strong)
        painter.setPen(tokens.text)
        painter.drawText(row, _LEFT, tr("Frame {frame_number}", frame_number=grouped(facts.frame_number)))
        painter.setFont(self._fonts.label)
        painter.drawText(row, _RIGHT, facts.time)
        row.translate(0, line)
        painter.setPen(tokens.text_muted)
        painter.drawText(row, _LEFT, tr("no pts") if facts.pts is None else f"pts {grouped(facts.pts)}")
        if facts.size_bytes is not None:
            painter.drawText(row, _RIGHT, bytes_label(facts.size_bytes))
        row.translate(0, line)
        self._paint_type(painter, row, tokens, facts)
        for name, value in facts.values:
            row.translate(0, line)
            painter.setPen(tokens.text_muted)
            painter.drawText(row, _LEFT, name)
            painter.setPen(tokens.text)
            painter.drawText(row, _RIGHT, value)
        row.translate(0, line)
        painter.setPen(tokens.mark)
        words = self._fonts.label_metrics.elidedText(
            facts.note, Qt.TextElideMode.ElideRight, int(row.width())
        )
        painter.drawText(row, _LEFT, words)

    def _paint_type(self, painter: QPainter, row: QRectF, tokens: Tokens, facts: HoverFacts) -> None:
        if facts.type_code is not None:
            color = type_colors(tokens)[facts.type_code]
            chip = QRectF(row.left(), row.top() + 1, 15, row.height() - 2)
            painter.setPen(color)
            painter.setBrush(color if facts.is_decoded else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            painter.setFont(self._fonts.strong)
            painter.setPen(on_color(tokens, color) if facts.is_decoded else tokens.text)
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, _LETTERS[facts.type_code])
            painter.setFont(self._fonts.label)
            painter.setPen(tokens.text_muted)
            words = tr("decoded") if facts.is_decoded else tr("inferred")
            painter.drawText(row.adjusted(21, 0, 0, 0), _LEFT, words)
        painter.setFont(self._fonts.label)
        if facts.trouble:
            painter.setPen(tokens.error if facts.type_code is not None else tokens.text_muted)
            painter.drawText(row, _RIGHT, facts.trouble)
        elif facts.is_keyframe:
            painter.setPen(tokens.keyframe)
            painter.drawText(row, _RIGHT, tr("keyframe"))


_REST_MS = 50
"""Delay before a thumbnail is requested: a fast-moving pointer requests none."""

_REACH_PX = 5.0
"""How far from the middle of a mark's diamond the pointer may be to hit it."""


class Hover(QObject):
    """The bubble of one timeline. Threads: GUI."""

    def __init__(self, owner: QWidget, controller: Controller, theme: ThemeSource) -> None:
        super().__init__(owner)
        self._owner = owner
        self._controller = controller
        self._theme = theme
        self._bubble: HoverBubble | None = None
        self._wanted: int | None = None
        self._timer = QTimer(self, singleShot=True, interval=_REST_MS)
        self._timer.timeout.connect(self._on_timeout)
        controller.video.thumbnail_ready.connect(self._on_thumbnail_ready)

    @property
    def bubble(self) -> HoverBubble | None:
        """The bubble, once made."""
        return self._bubble

    def follow(self, scene: Scene, spot: QPointF, unavailable: Container[int]) -> int | None:
        """Show the bubble for the frame under ``spot``. Returns its number; None if there is no frame."""
        number = _frame_under(scene, spot)
        if number is None:
            self.leave()
            return None
        chart = scene.chart
        index = None if chart is None else chart.index
        time_s = math.nan if chart is None else chart.clock.time_of(number)
        bubble = self._ready_bubble()
        is_new = bubble.facts is None or bubble.isHidden() or bubble.facts.frame_number != number
        if is_new:
            time = self._controller.times.of(number, time_s)
            facts = facts_of(index, number, time, is_unavailable=number in unavailable)
            note = note_near(self._controller, number, _REACH_PX / scene.axis.px_per_frame)
            values = tuple((curve.spec.label, curve.words(number)) for curve in scene.curves)
            bubble.tell(replace(facts, note=note, values=values), self._theme.tokens)
            self._look_for_picture(bubble, number)
        top = self._owner.mapTo(bubble.host, QPoint(0, 0))
        bubble.point_at(QPoint(top.x() + round(spot.x()), top.y()), top.y() + self._owner.height())
        return number

    def leave(self) -> None:
        """Hide the bubble and stop requesting thumbnails."""
        self._timer.stop()
        self._wanted = None
        if self._bubble is not None:
            self._bubble.hide()

    def _ready_bubble(self) -> HoverBubble:
        window = self._owner.window()
        # Detaching a dock moves the timeline to another window.
        if self._bubble is None or self._bubble.host is not window:
            if self._bubble is not None:
                self._bubble.deleteLater()
            self._bubble = HoverBubble(window)
        return self._bubble

    def _look_for_picture(self, bubble: HoverBubble, frame_number: int) -> None:
        """Show the frame's own thumbnail if cached, else its keyframe's, which is fast to decode."""
        height = self._height_px
        own = self._controller.video.thumbnail(frame_number, height)
        index = self._controller.index
        if own is not None:
            self._wanted = None
            bubble.set_picture(own, frame_number)
            return
        keyframe = None
        if index is not None and frame_number < len(index):
            keyframe = index.keyframe_at_or_before(frame_number)
        if keyframe is None:
            self._wanted = None
            bubble.set_picture(None, frame_number)
        elif keyframe != self._wanted:
            self._wanted = keyframe
            image = self._controller.video.thumbnail(keyframe, height)
            bubble.set_picture(image, keyframe)
            if image is None:
                self._timer.start()

    @property
    def _height_px(self) -> int:
        return round(THUMBNAIL_HEIGHT_PX * self._owner.devicePixelRatioF())

    @Slot()
    def _on_timeout(self) -> None:
        if self._wanted is not None:
            desk_of(self._controller).hurry(self._wanted, self._height_px)

    @Slot(int, QImage)
    def _on_thumbnail_ready(self, frame_number: int, image: QImage) -> None:
        if frame_number == self._wanted and self._bubble is not None:
            self._bubble.set_picture(image, frame_number)


def note_near(controller: Controller, frame_number: int, reach: float) -> str:
    """Label and note of the nearest mark within ``reach`` frames, with the number of another frame."""
    marks = controller.marks
    place = bisect_left(marks, frame_number)
    near = [number for number in marks[max(place - 1, 0) : place + 1] if abs(number - frame_number) <= reach]
    if not near:
        return ""
    number = min(near, key=lambda mark: abs(mark - frame_number))
    note = controller.selection.state.text_of(number)
    return note if number == frame_number or not note else f"{grouped(number)}: {note}"


def _frame_under(scene: Scene, spot: QPointF) -> int | None:
    axis, lanes = scene.axis, scene.lanes
    if not scene.frame_total or not axis.left <= spot.x() <= axis.right:
        return None
    if spot.y() >= lanes.overview.top:
        position = overview_axis(scene).position_at(spot.x())
    elif spot.y() < lanes.content_bottom:
        position = axis.position_at(spot.x())
    else:
        return None
    return min(max(math.floor(position), 0), scene.frame_total - 1)
