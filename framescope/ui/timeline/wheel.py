"""The wheel over timeline and filmstrip: zoom with Ctrl, otherwise scroll."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from framescope.ui.timeline.axis import scrolled, zoomed

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent

    from framescope.ui.timeline.axis import FrameAxis

NOTCH = 120
"""One step of a standard wheel, in eighths of a degree."""
ZOOM_A_NOTCH = 1.25
SCROLL_A_NOTCH_PX = 90.0


def is_for_frames(event: QWheelEvent) -> bool:
    """Whether a wheel event in a panel is for frames: with Ctrl or Shift, or horizontal; else it scrolls."""
    delta = event.angleDelta()
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    return abs(delta.x()) > abs(delta.y()) or bool(event.modifiers() & keys)


def range_after(event: QWheelEvent, axis: FrameAxis, frame_total: int) -> tuple[float, float]:
    """The visible range after the event: with Ctrl, up zooms in at the pointer; else down scrolls forward."""
    angle, pixels = event.angleDelta(), event.pixelDelta()
    if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        turn = _longer(angle.x(), angle.y())
        x = min(max(event.position().x(), axis.left), axis.right)
        return zoomed(axis, ZOOM_A_NOTCH ** (turn / NOTCH), x, frame_total)
    # Touchpads report pixels; Shift and some systems swap the axes of a wheel.
    if not pixels.isNull():
        return scrolled(axis, -_longer(pixels.x(), pixels.y()), frame_total)
    return scrolled(axis, -_longer(angle.x(), angle.y()) / NOTCH * SCROLL_A_NOTCH_PX, frame_total)


def _longer(x: float, y: float) -> float:
    return x if abs(x) > abs(y) else y
