"""Turns of the wheel."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent

from framescope.ui.timeline.axis import FrameAxis
from framescope.ui.timeline.wheel import (
    NOTCH,
    SCROLL_A_NOTCH_PX,
    ZOOM_A_NOTCH,
    is_for_frames,
    range_after,
)

AXIS = FrameAxis(1000, 2000, 0, 1000)
NO_KEY, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


def turn(
    angle: QPoint, keys: Qt.KeyboardModifier = NO_KEY, *, x: float = 500.0, pixels: QPoint | None = None
) -> QWheelEvent:
    return QWheelEvent(
        QPointF(x, 50), QPointF(x, 50), pixels or QPoint(), angle, Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,  # noqa: FBT003 - Qt's signature
    )  # fmt: skip


def test_up_with_ctrl_zooms_in_at_the_pointer() -> None:
    first, last = range_after(turn(QPoint(0, NOTCH), CTRL, x=250), AXIS, 10_000)
    assert last - first == pytest.approx(1000 / ZOOM_A_NOTCH)
    assert FrameAxis(first, last, 0, 1000).position_at(250) == pytest.approx(1250)


def test_down_with_ctrl_zooms_out() -> None:
    first, last = range_after(turn(QPoint(0, -2 * NOTCH), CTRL), AXIS, 10_000)
    assert last - first == pytest.approx(1000 * ZOOM_A_NOTCH**2)


@pytest.mark.parametrize("angle", [QPoint(0, -NOTCH), QPoint(-NOTCH, 0)])
def test_down_and_right_go_on(angle: QPoint) -> None:
    assert range_after(turn(angle), AXIS, 10_000) == (1000 + SCROLL_A_NOTCH_PX, 2000 + SCROLL_A_NOTCH_PX)


def test_a_touch_pad_scrolls_by_the_pixel() -> None:
    event = turn(QPoint(0, -7), pixels=QPoint(-33, 2))
    assert range_after(event, AXIS, 10_000) == (1033, 2033)


def test_inside_a_panel_a_plain_turn_is_the_panel_s() -> None:
    assert not is_for_frames(turn(QPoint(0, NOTCH)))
    assert is_for_frames(turn(QPoint(NOTCH, 0)))
    assert is_for_frames(turn(QPoint(0, NOTCH), CTRL))
    assert is_for_frames(turn(QPoint(0, NOTCH), Qt.KeyboardModifier.ShiftModifier))
