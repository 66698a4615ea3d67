"""Mouse handling of the timeline: scrub, move an end of the range, pan, drag the overview's window."""

from __future__ import annotations

import math
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from framescope.core.translation import tr
from framescope.ui.timeline.axis import clamped, scrolled
from framescope.ui.timeline.overlay import HANDLE_PX, Overlay
from framescope.ui.timeline.overview import Grip, OverviewAxis

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from framescope.session.controller import Controller
    from framescope.ui.timeline.scene import Scene

_REACH_PX = 4.0
"""How far from a handle the pointer may be to grab it."""
_EDGE_SPEED = 0.35
"""Fraction of the overshoot, in pixels, by which the view scrolls per tick of the edge timer."""


class Hold(Enum):
    """What the pointer is dragging, or would drag after a press."""

    NOTHING = "nothing"
    PLAYHEAD = "playhead"
    IN_POINT = tr("in point")
    OUT_POINT = tr("out point")
    VIEW = "view"
    WINDOW = "window"
    WINDOW_FIRST = tr("window's first")
    WINDOW_LAST = tr("window's last")


_CURSORS = {
    Hold.IN_POINT: Qt.CursorShape.SizeHorCursor,
    Hold.OUT_POINT: Qt.CursorShape.SizeHorCursor,
    Hold.VIEW: Qt.CursorShape.ClosedHandCursor,
    Hold.WINDOW_FIRST: Qt.CursorShape.SizeHorCursor,
    Hold.WINDOW_LAST: Qt.CursorShape.SizeHorCursor,
}
_GRIPS = {
    Grip.INSIDE: Hold.WINDOW,
    Grip.OUTSIDE: Hold.WINDOW,
    Grip.FIRST: Hold.WINDOW_FIRST,
    Grip.LAST: Hold.WINDOW_LAST,
}


class Pointer:
    """Turns presses and moves into commands. The overlay shows a dragged end before it is set."""

    def __init__(self, controller: Controller, overlay: Overlay) -> None:
        self._controller = controller
        self._overlay = overlay
        self._hold = Hold.NOTHING
        self._has_moved = False
        self._grabbed_x = 0.0
        self._grabbed_range = (0.0, 1.0)

    @property
    def hold(self) -> Hold:
        """What is being dragged."""
        return self._hold

    @property
    def is_dragging(self) -> bool:
        """Whether something is being dragged."""
        return self._hold is not Hold.NOTHING

    @property
    def is_edge_bound(self) -> bool:
        """Whether dragging past an edge scrolls the view."""
        return self._hold in {Hold.PLAYHEAD, Hold.IN_POINT, Hold.OUT_POINT}

    def hold_at(self, scene: Scene, spot: QPointF) -> Hold:
        """What a press of the left button at ``spot`` grabs."""
        if not scene.frame_total:
            return Hold.NOTHING
        if spot.y() >= scene.lanes.overview.top - 2:
            overview = overview_axis(scene)
            return _GRIPS[overview.grip_at(spot.x(), scene.axis.first, scene.axis.last)]
        if scene.lanes.markers.holds(spot.y()):
            end = self._end_at(scene, spot.x())
            if end is not Hold.NOTHING:
                return end
        return Hold.PLAYHEAD if spot.x() >= scene.axis.left - HANDLE_PX else Hold.NOTHING

    def cursor_at(self, scene: Scene, spot: QPointF) -> Qt.CursorShape:
        """The cursor for what a press there would do."""
        hold = self.hold_at(scene, spot) if self._hold is Hold.NOTHING else self._hold
        return _CURSORS.get(hold, Qt.CursorShape.ArrowCursor)

    def press(self, scene: Scene, spot: QPointF, button: Qt.MouseButton) -> bool:
        """Start a drag; False if there is nothing to grab."""
        if self._hold is not Hold.NOTHING or not scene.frame_total:
            return False
        if button == Qt.MouseButton.MiddleButton:
            self._hold = Hold.VIEW
        elif button == Qt.MouseButton.LeftButton:
            self._hold = self.hold_at(scene, spot)
        if self._hold is Hold.NOTHING:
            return False
        self._has_moved = False
        self._grabbed_x = spot.x()
        self._grabbed_range = (scene.axis.first, scene.axis.last)
        if self._hold is Hold.WINDOW:
            self._center_if_outside(scene, spot.x())
        elif self._hold is Hold.PLAYHEAD:
            self.move(scene, spot)
        return True

    def move(self, scene: Scene, spot: QPointF) -> None:
        """Drag to ``spot``."""
        self._has_moved = True
        if self.is_edge_bound:
            self._drag_frame(scene, spot.x())
        elif self._hold is Hold.VIEW:
            delta = (self._grabbed_x - spot.x()) / scene.axis.px_per_frame
            self._show_from(scene, self._grabbed_range[0] + delta)
        elif self._hold is not Hold.NOTHING:
            self._drag_window(scene, spot.x())

    def release(self) -> None:
        """End the drag; a dragged end of the range is set now, as one undo step."""
        hold, self._hold = self._hold, Hold.NOTHING
        if not self._has_moved:
            return
        if hold is Hold.IN_POINT:
            self._controller.mark_in()
        elif hold is Hold.OUT_POINT:
            self._controller.mark_out()

    def pull_at_edge(self, scene: Scene, spot: QPointF) -> None:
        """Scroll while a drag is past an edge; called repeatedly."""
        over = min(spot.x() - scene.axis.left, 0.0) + max(spot.x() - scene.axis.right, 0.0)
        if over and self.is_edge_bound:
            wanted = scrolled(scene.axis, over * _EDGE_SPEED, scene.frame_total)
            self._controller.view.set_visible_range(*wanted)

    def _end_at(self, scene: Scene, x: float) -> Hold:
        overlay, axis = self._overlay, scene.axis
        if overlay.in_point is not None:
            edge = axis.x_of(overlay.in_point)
            if edge - HANDLE_PX - _REACH_PX <= x <= edge + 1:
                return Hold.IN_POINT
        if overlay.out_point is not None:
            edge = axis.x_of(overlay.out_point + 1)
            if edge - 1 <= x <= edge + HANDLE_PX + _REACH_PX:
                return Hold.OUT_POINT
        return Hold.NOTHING

    def _drag_frame(self, scene: Scene, x: float) -> None:
        number = whole_frame_at(scene, x)
        overlay = self._overlay
        if self._hold is Hold.IN_POINT:
            number = min(number, scene.frame_total - 1 if overlay.out_point is None else overlay.out_point)
            overlay.in_point = number
        elif self._hold is Hold.OUT_POINT:
            number = max(number, overlay.in_point or 0)
            overlay.out_point = number
        # Show the frame at the end being moved.
        self._controller.show_frame(number)

    def _drag_window(self, scene: Scene, x: float) -> None:
        overview = overview_axis(scene)
        delta = overview.position_at(x) - overview.position_at(self._grabbed_x)
        first, last = self._grabbed_range
        if self._hold is Hold.WINDOW:
            self._show_from(scene, first + delta)
            return
        if self._hold is Hold.WINDOW_FIRST:
            wanted = clamped(min(first + delta, last - 1), last, scene.axis.width, scene.frame_total)
        else:
            wanted = clamped(first, max(last + delta, first + 1), scene.axis.width, scene.frame_total)
        self._controller.view.set_visible_range(*wanted)

    def _center_if_outside(self, scene: Scene, x: float) -> None:
        overview = overview_axis(scene)
        if overview.grip_at(x, scene.axis.first, scene.axis.last) is not Grip.OUTSIDE:
            return
        self._show_from(scene, overview.position_at(x) - scene.axis.span / 2)
        self._grabbed_range = self._controller.view.visible_range

    def _show_from(self, scene: Scene, first: float) -> None:
        wanted = clamped(first, first + scene.axis.span, scene.axis.width, scene.frame_total)
        self._controller.view.set_visible_range(*wanted)


def overview_axis(scene: Scene) -> OverviewAxis:
    """The overview's map from frames to pixels."""
    return OverviewAxis(scene.axis.left, scene.axis.width, scene.frame_total)


def whole_frame_at(scene: Scene, x: float) -> int:
    """The frame under ``x`` among those fully in view.

    Showing a frame cut off by an edge would scroll the view under the pointer.
    """
    number = scene.axis.frame_at(x, scene.frame_total)
    lowest = math.ceil(scene.axis.first - 1e-6)
    highest = math.floor(scene.axis.last + 1e-6) - 1
    return min(max(number, lowest), highest) if highest >= lowest else number
