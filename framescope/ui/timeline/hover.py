"""Follows the pointer: which frame is under it, what the bubble says, and the thumbnail it waits for."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, QTimer, Slot
from PySide6.QtGui import QImage

from framescope.core.text import grouped
from framescope.ui.timeline.hover_bubble import THUMBNAIL_HEIGHT_PX, HoverBubble, facts_of
from framescope.ui.timeline.pointer import overview_axis
from framescope.ui.timeline.thumbnail_desk import desk_of

if TYPE_CHECKING:
    from collections.abc import Container

    from PySide6.QtWidgets import QWidget

    from framescope.session.controller import Controller
    from framescope.ui.timeline.scene import Scene
    from framescope.ui.widgets.theme import ThemeSource

_REST_MS = 50
"""A pointer in flight asks for nothing; one that slows down asks for the frame it is over."""

_REACH_PX = 5.0
"""How far from the middle of a mark's diamond the pointer may be to mean it."""


class Hover(QObject):
    """The bubble of one timeline. Threads: GUI."""

    def __init__(self, owner: QWidget, controller: Controller, theme: ThemeSource) -> None:
        super().__init__(owner)
        self._owner = owner
        self._controller = controller
        self._theme = theme
        self._bubble: HoverBubble | None = None
        self._wanted: int | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REST_MS)
        self._timer.timeout.connect(self._on_timeout)
        controller.thumbnail_ready.connect(self._on_thumbnail_ready)

    @property
    def bubble(self) -> HoverBubble | None:
        """The bubble, once there has been one."""
        return self._bubble

    def follow(self, scene: Scene, spot: QPointF, unavailable: Container[int]) -> int | None:
        """Tell about the frame under ``spot``. Returns its number; None where there is no frame."""
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
            facts = facts_of(index, number, time_s, is_unavailable=number in unavailable)
            note = note_near(self._controller, number, _REACH_PX / scene.axis.px_per_frame)
            bubble.tell(replace(facts, note=note), self._theme.tokens)
            self._look_for_picture(bubble, number)
        top = self._owner.mapTo(bubble.host, QPoint(0, 0))
        bubble.point_at(QPoint(top.x() + round(spot.x()), top.y()), top.y() + self._owner.height())
        return number

    def leave(self) -> None:
        """Hide the bubble and ask for nothing more."""
        self._timer.stop()
        self._wanted = None
        if self._bubble is not None:
            self._bubble.hide()

    def _ready_bubble(self) -> HoverBubble:
        window = self._owner.window()
        # A dock that is torn off takes the timeline to another window.
        if self._bubble is None or self._bubble.host is not window:
            if self._bubble is not None:
                self._bubble.deleteLater()
            self._bubble = HoverBubble(window)
        return self._bubble

    def _look_for_picture(self, bubble: HoverBubble, frame_number: int) -> None:
        """Show the frame's own thumbnail if it is in memory, else its keyframe's, which is quick to make."""
        height = self._height_px
        own = self._controller.thumbnail(frame_number, height)
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
            image = self._controller.thumbnail(keyframe, height)
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
    """The note on the nearest mark within ``reach`` frames, with the mark's number if it is another frame."""
    marks = controller.marks
    place = bisect_left(marks, frame_number)
    near = [number for number in marks[max(place - 1, 0) : place + 1] if abs(number - frame_number) <= reach]
    if not near:
        return ""
    number = min(near, key=lambda mark: abs(mark - frame_number))
    note = controller.notes.get(number, "")
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
