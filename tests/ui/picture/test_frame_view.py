"""The frame view with real wheel, mouse and paint events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from framescope.core.marks.video_memory import PictureZoom
from framescope.ui.picture.frame_view import FrameView
from tests.ui.parts import on_screen
from tests.ui.stand_ins import make_info

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController


@pytest.fixture
def view(qtbot: QtBot, session: StandInController, theme: ThemeSource) -> Iterator[FrameView]:
    widget = FrameView(session.as_controller(), theme)
    on_screen(qtbot, widget, 640, 480)
    yield widget
    widget.close_reader()


def color_at(view: FrameView, x: int, y: int) -> QColor:
    return view.grab().toImage().pixelColor(x, y)


def turn_wheel(view: FrameView, at: QPoint, notches: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(view.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # noqa: FBT003 - Qt's signature
    )
    QApplication.sendEvent(view, event)


def test_fit_asks_for_a_picture_of_its_size(view: FrameView, session: StandInController) -> None:
    session.open(make_info(width=1920, height=1080, display_width=1920, display_height=1080))
    assert view.transform.is_fitted
    assert session.called("set_size")[-1] == (640, 480, "")


def test_magnified_pictures_are_asked_for_in_full(view: FrameView, session: StandInController) -> None:
    session.open(make_info())
    session.show()
    assert session.called("set_size")[-1] == (None, None, "")
    session.open(make_info(width=1920, height=1080, display_width=1920, display_height=1080))
    view.zoom_actual()
    assert session.called("set_size")[-1] == (None, None, "")


def test_magnified_pixels_are_squares_of_one_colour(view: FrameView, session: StandInController) -> None:
    session.open()
    session.show()
    for _ in range(3):
        view.zoom_in()
    target, scale = view.transform.target, view.transform.effective_scale
    column, row = int((320 - target.x()) / scale), int((240 - target.y()) / scale)
    left, top = round(target.x() + column * scale), round(target.y() + row * scale)
    inside = {
        color_at(view, left + dx, top + dy).name()
        for dx in (4, round(scale) - 3)
        for dy in (4, round(scale) - 3)
    }
    assert inside == {QColor(column, row, 0).name()}


def test_wheel_zooms_in_upwards_at_the_cursor(view: FrameView, session: StandInController) -> None:
    session.open()
    session.show()
    cursor = QPoint(200, 150)
    before = view.transform.to_fraction(QPointF(cursor))
    turn_wheel(view, cursor, 1)
    assert view.transform.effective_scale > 10
    assert view.transform.to_fraction(QPointF(cursor)) == pytest.approx(before, abs=0.01)
    turn_wheel(view, cursor, -3)
    assert view.transform.is_fitted


def test_drag_moves_a_magnified_picture(view: FrameView, session: StandInController) -> None:
    session.open()
    session.show()
    for _ in range(4):
        view.zoom_in()
    before = view.transform.target.topLeft()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(300, 200))
    QTest.mouseMove(view, QPoint(260, 170))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(260, 170))
    moved = view.transform.target.topLeft() - before
    assert (moved.x(), moved.y()) == pytest.approx((-40, -30), abs=1)


def test_double_click_with_ctrl_switches_between_fit_and_actual(
    view: FrameView, session: StandInController
) -> None:
    session.open()
    session.show()
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, QPoint(320, 240))
    assert view.transform.device_scale == pytest.approx(1.0)
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, QPoint(320, 240))
    assert view.transform.is_fitted


def test_pixel_under_the_cursor_is_read_from_the_exact_frame(
    qtbot: QtBot, view: FrameView, session: StandInController
) -> None:
    session.open()
    session.show()
    QTest.mouseMove(view, QPoint(325, 245))
    qtbot.waitUntil(lambda: view.reading is not None and view.reading.rgb is not None)
    reading = view.reading
    assert reading is not None
    assert (reading.x, reading.y) == (32, 24)
    assert reading.rgb == (32, 24, 0)
    assert reading.native == {"Y": 56, "Cb": 128, "Cr": 127}


def test_placeholders_are_never_read(view: FrameView, session: StandInController) -> None:
    session.open()
    session.show(5, provisional=True, frame=None, pictured_number=0)
    QTest.mouseMove(view, QPoint(325, 245))
    assert view.reading is None


def test_provisional_picture_is_marked(view: FrameView, session: StandInController) -> None:
    session.open()
    session.show(5)
    exact = view.grab().toImage()
    session.show(5, provisional=True, frame=None, pictured_number=0)
    assert view.grab().toImage().copy(0, 0, 200, 40) != exact.copy(0, 0, 200, 40)


def test_unavailable_frame_shows_a_card_and_no_picture(view: FrameView, session: StandInController) -> None:
    session.open()
    session.show(7, image=None, frame=None, unavailable_reason="the packet is damaged")
    card = color_at(view, 320, 200)
    assert card == view._theme.tokens.surface  # noqa: SLF001
    assert view.reading is None


def test_resizing_keeps_the_fit(view: FrameView, session: StandInController) -> None:
    session.open()
    session.show()
    view.resize(800, 600)
    QApplication.sendPostedEvents(view, QEvent.Type.Resize)
    assert view.transform.is_fitted
    assert view.transform.view.width() == 800


def test_empty_view_ignores_wheel_and_double_click(view: FrameView) -> None:
    turn_wheel(view, QPoint(10, 10), 1)
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(10, 10))
    assert view.transform.is_fitted


def test_very_large_pixels_carry_their_values(
    qtbot: QtBot, view: FrameView, session: StandInController
) -> None:
    session.open()
    session.show()
    while view.transform.device_scale < 60:
        view.zoom_in()
    target, scale = view.transform.target, view.transform.effective_scale
    column, row = int((320 - target.x()) / scale), int((240 - target.y()) / scale)
    left, top = round(target.x() + column * scale), round(target.y() + row * scale)

    def is_written() -> bool:
        image = view.grab().toImage().copy(left + 8, top + 8, 40, 40)
        return len({image.pixel(x, y) for x in range(40) for y in range(40)}) > 2

    qtbot.waitUntil(is_written)


def test_outline_shows_who_came_with_the_keyboard(view: FrameView) -> None:
    accent = view._theme.tokens.accent  # noqa: SLF001
    view.setFocus(Qt.FocusReason.MouseFocusReason)
    assert color_at(view, 0, 200) != accent
    view.clearFocus()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert color_at(view, 0, 200) == accent


def test_a_zoom_is_kept_and_comes_back_with_its_video(view: FrameView, session: StandInController) -> None:
    session.open()
    session.show(0)
    turn_wheel(view, QPoint(320, 240), 5)
    (zoom,) = session.called("set_picture_zoom")[-1]
    assert isinstance(zoom, PictureZoom)
    assert zoom.scale == pytest.approx(view.transform.device_scale)
    assert (zoom.x, zoom.y) == pytest.approx((0.5, 0.5), abs=0.05)
    view.zoom_fit()
    assert session.called("set_picture_zoom")[-1] == (None,)
    session.picture_zoom = zoom
    session.open()
    assert view.transform.device_scale == pytest.approx(zoom.scale)
    session.picture_zoom = None
    session.open()
    assert view.transform.is_fitted


def test_double_click_is_announced(qtbot: QtBot, view: FrameView, session: StandInController) -> None:
    session.open()
    session.show()
    with qtbot.waitSignal(view.double_clicked):
        QTest.mouseDClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(320, 240))
    assert view.transform.is_fitted


def test_sizes_in_screen_pixels(view: FrameView, session: StandInController) -> None:
    session.open()
    session.show()
    for scale in (2.0, 0.5, 0.25):
        view.zoom_to(scale)
        assert view.transform.device_scale == pytest.approx(scale)


def test_the_subtitle_is_drawn_over_the_picture(view: FrameView, session: StandInController) -> None:
    session.open(make_info())
    session.show(0)
    before = view.grab().toImage()
    session.tracks.text = "Hello"
    session.tracks.changed.emit()
    assert view.grab().toImage() != before
