"""Zooming and panning with wheel, pinch, keys' focus and the mouse, wherever the picture's panes lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPixmap,
    QPointingDevice,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication

from framescope.ui.picture.zoom_view import ZoomView

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource

PANE_X = 100
"""Where the pane begins; what lies left of it is no part of the picture's room."""


class Paned(ZoomView):
    """One pane of 300 × 300 right of an empty column, with a picture of 600 × 300 or none."""

    def __init__(self, theme: ThemeSource, *, has_picture: bool = True) -> None:
        super().__init__(theme, "zoomView", "A picture", QSize(10, 10))
        self._is_filled = has_picture
        self.resize(PANE_X + 300, 300)
        self._refit()

    @property
    def has_picture(self) -> bool:
        return self._is_filled

    @property
    def picture_size(self) -> QSizeF | None:
        return QSizeF(600, 300) if self._is_filled else None

    @property
    def pane_size(self) -> QSizeF:
        return QSizeF(self.width() - PANE_X, self.height())

    def in_pane(self, point: QPointF) -> QPointF:
        return point - QPointF(PANE_X, 0)


@pytest.fixture
def view(qtbot: QtBot, theme: ThemeSource) -> Paned:
    made = Paned(theme)
    qtbot.addWidget(made)
    return made


def wheel(view: ZoomView, at: QPointF, delta: int) -> bool:
    event = QWheelEvent(
        at, at, QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,  # noqa: FBT003 - Qt takes it by position
    )  # fmt: skip
    QApplication.sendEvent(view, event)
    return event.isAccepted()


def pinch(view: ZoomView, at: QPointF, value: float) -> None:
    kind, device = Qt.NativeGestureType.ZoomNativeGesture, QPointingDevice.primaryPointingDevice()
    QApplication.sendEvent(view, QNativeGestureEvent(kind, device, 2, at, at, at, value, QPointF()))


def mouse(
    view: ZoomView, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton = Qt.MouseButton.LeftButton
) -> None:
    event = QMouseEvent(kind, at, at, button, button, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view, event)


def picture_pixel(view: Paned, at: QPointF) -> tuple[float, float]:
    where = view.transform.to_fraction(view.in_pane(at))
    assert where is not None
    return where[0] * 600, where[1] * 300


@pytest.mark.parametrize("way", ["wheel", "pinch"])
def test_the_pixel_under_the_pointer_stays_there(qtbot: QtBot, view: Paned, way: str) -> None:
    at = QPointF(PANE_X + 75, 150)
    before = picture_pixel(view, at)
    with qtbot.waitSignal(view.zoom_changed):
        if way == "wheel":
            assert wheel(view, at, 480)
        else:
            pinch(view, at, 1.5)
    expected = 1.25**4 if way == "wheel" else 2.5
    assert view.transform.effective_scale == pytest.approx(0.5 * expected)
    assert picture_pixel(view, at) == pytest.approx(before, abs=1.5)


def test_without_a_picture_nothing_zooms_and_the_wheel_is_left_to_others(
    qtbot: QtBot, theme: ThemeSource
) -> None:
    view = Paned(theme, has_picture=False)
    qtbot.addWidget(view)
    before = view.transform
    assert not wheel(view, QPointF(200, 100), 120)
    pinch(view, QPointF(200, 100), 0.5)
    mouse(view, QEvent.Type.MouseButtonDblClick, QPointF(200, 100))
    assert view.transform == before


def test_a_double_click_goes_to_full_size_and_back(view: Paned) -> None:
    at = QPointF(PANE_X + 150, 150)
    before = picture_pixel(view, at)
    mouse(view, QEvent.Type.MouseButtonDblClick, at)
    assert view.transform.device_scale == pytest.approx(1)
    assert picture_pixel(view, at) == pytest.approx(before, abs=1.5)
    mouse(view, QEvent.Type.MouseButtonDblClick, at)
    assert view.transform.is_fitted


def test_a_magnified_picture_is_dragged_and_a_fitted_one_is_not(view: Paned) -> None:
    start, end = QPointF(PANE_X + 150, 150), QPointF(PANE_X + 140, 145)

    def drag() -> None:
        mouse(view, QEvent.Type.MouseButtonPress, start)
        mouse(view, QEvent.Type.MouseMove, end)
        mouse(view, QEvent.Type.MouseButtonRelease, end)

    before = view.transform
    drag()
    assert view.transform == before
    view.zoom_actual()
    view.zoom_in()
    held = picture_pixel(view, start)
    drag()
    assert picture_pixel(view, end) == pytest.approx(held, abs=1.5)
    mouse(view, QEvent.Type.MouseMove, start)
    assert picture_pixel(view, end) == pytest.approx(held, abs=1.5)


def test_steps_go_up_and_down_to_the_fit(view: Paned) -> None:
    view.zoom_in()
    view.zoom_in()
    assert view.transform.device_scale > 0.5
    view.zoom_fit()
    assert view.transform.is_fitted


def test_a_new_size_keeps_the_zoom(view: Paned) -> None:
    view.zoom_actual()
    view.resize(PANE_X + 200, 200)
    view.grab()
    assert view.transform.view == QSizeF(200, 200)
    assert view.transform.device_scale == pytest.approx(1)


@pytest.mark.parametrize(
    ("reason", "is_outlined"),
    [(Qt.FocusReason.TabFocusReason, True), (Qt.FocusReason.MouseFocusReason, False)],
)
def test_the_keyboard_gets_an_outline(
    view: Paned, theme: ThemeSource, reason: Qt.FocusReason, *, is_outlined: bool
) -> None:
    def edge() -> bool:
        pixmap = QPixmap(view.size())
        pixmap.fill(Qt.GlobalColor.black)
        painter = QPainter(pixmap)
        view.paint_focus(painter)
        painter.end()
        return pixmap.toImage().pixelColor(0, 150) == theme.tokens.accent

    QApplication.sendEvent(view, QFocusEvent(QEvent.Type.FocusIn, reason))
    assert edge() is is_outlined
    QApplication.sendEvent(view, QFocusEvent(QEvent.Type.FocusOut, reason))
    assert not edge()
