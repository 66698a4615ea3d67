"""Two pictures under one zoom, worked with a real mouse and keyboard."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from framescope.core.export.settings import ImageFormat
from framescope.ui.export.preview.compare_view import PreviewMode, PreviewView
from tests.ui.parts import on_screen
from tests.ui.widgets.saved_pictures import JPEG, film_frame, saved_picture

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def view(qtbot: QtBot, theme: ThemeSource) -> PreviewView:
    widget = PreviewView(theme)
    on_screen(qtbot, widget, 642, 300)
    qtbot.waitExposed(widget)
    widget.show_picture(saved_picture())
    return widget


def roll(view: QWidget, at: QPoint, steps: int) -> None:
    place = QPointF(at)
    event = QWheelEvent(
        place, view.mapToGlobal(place), QPoint(), QPoint(0, 120 * steps), Qt.MouseButton.NoButton, NONE,
        Qt.ScrollPhase.NoScrollPhase, False,  # noqa: FBT003 - Qt's own signature
    )  # fmt: skip
    QApplication.sendEvent(view, event)


def drag(view: PreviewView, begin: QPoint, end: QPoint) -> None:
    QTest.mousePress(view, LEFT, NONE, begin)
    QTest.mouseMove(view, (begin + end) / 2)
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, LEFT, NONE, end)


def is_fitted(view: PreviewView) -> bool:
    return view.transform.is_fitted


def shot(view: PreviewView) -> QImage:
    return view.grab().toImage()


def test_both_pictures_lie_at_the_same_place_of_their_panes(view: PreviewView) -> None:
    first, second = view.panes
    assert first.size() == second.size()
    assert second.right() == view.width()
    # 320 × 180 in panes of 320: exactly 1:1.
    assert view.transform.device_scale == pytest.approx(1.0)
    image, picture = shot(view), saved_picture()
    top = int(view.transform.target.top())
    for x, y in ((40, 60), (200, 120), (300, 90)):
        assert image.pixel(x, top + y) == picture.original.full.pixel(x, y)
        assert image.pixel(int(second.left()) + x, top + y) == picture.saved.full.pixel(x, y)


@pytest.mark.parametrize("pane", [0, 1])
def test_the_wheel_zooms_where_the_pointer_is(view: PreviewView, pane: int) -> None:
    at = QPoint(int(view.panes[pane].left()) + 80, 120)
    local = QPointF(80, 120)
    before = view.transform.to_fraction(local)
    roll(view, at, 6)
    after = view.transform.to_fraction(local)
    assert view.transform.effective_scale > 3
    assert before is not None
    assert after is not None
    assert after == pytest.approx(before, abs=0.01)


def test_magnified_pixels_are_squares_of_one_colour(view: PreviewView) -> None:
    roll(view, QPoint(160, 150), 9)
    scale = view.transform.device_scale
    assert 6 < scale < 8
    image, picture = shot(view), saved_picture()
    target = view.transform.target
    for x, y in ((155, 85), (160, 90), (163, 94)):
        for share in (0.3, 0.7):
            place = QPoint(int(target.left() + (x + share) * scale), int(target.top() + (y + share) * scale))
            if view.panes[0].contains(place):
                assert image.pixel(place) == picture.original.full.pixel(x, y)


@pytest.mark.parametrize("pane", [0, 1])
def test_dragging_either_picture_moves_both(view: PreviewView, pane: int) -> None:
    roll(view, QPoint(160, 150), 8)
    before = view.transform.target.topLeft()
    begin = QPoint(int(view.panes[pane].left()) + 150, 150)
    drag(view, begin, begin + QPoint(-50, -30))
    assert view.transform.target.topLeft() - before == QPointF(-50, -30)


def test_a_double_click_switches_between_fit_and_actual_size(view: PreviewView) -> None:
    view.resize(300, 160)
    assert is_fitted(view)
    QTest.mouseDClick(view, LEFT, NONE, QPoint(60, 80))
    assert view.transform.device_scale == pytest.approx(1.0)
    assert not is_fitted(view)
    QTest.mouseDClick(view, LEFT, NONE, QPoint(60, 80))
    assert is_fitted(view)


def test_the_split_is_dragged_over_one_picture(view: PreviewView) -> None:
    view.set_mode(PreviewMode.SPLIT)
    assert len(view.panes) == 1
    drag(view, QPoint(321, 60), QPoint(160, 60))
    assert view.split == pytest.approx(160 / 642, abs=0.01)
    image, picture = shot(view), saved_picture()
    target, scale = view.transform.target, view.transform.device_scale
    # Magnified, so each colour is that of one pixel: left of the line the original, right of it the file.
    roll(view, QPoint(160, 150), 8)
    image, target, scale = shot(view), view.transform.target, view.transform.device_scale
    for x_on_screen, expected in ((100, picture.original), (230, picture.saved)):
        x, y = int((x_on_screen - target.left()) / scale), int((200 - target.top()) / scale)
        centre = QPoint(int(target.left() + (x + 0.5) * scale), int(target.top() + (y + 0.5) * scale))
        assert image.pixel(centre) == expected.full.pixel(x, y)
    # Away from the line the picture is dragged.
    before = view.transform.target.left()
    drag(view, QPoint(400, 100), QPoint(380, 100))
    assert view.transform.target.left() == before - 20
    assert view.split == pytest.approx(160 / 642, abs=0.01)


def test_differences_are_drawn_with_a_legend(view: PreviewView) -> None:
    picture = saved_picture()
    heat = picture.heat(8)
    view.set_mode(PreviewMode.DIFFERENCE)
    view.show_heat(heat)
    roll(view, QPoint(300, 150), 8)
    image, target, scale = shot(view), view.transform.target, view.transform.device_scale
    x, y = int((300 - target.left()) / scale), int((150 - target.top()) / scale)
    centre = QPoint(int(target.left() + (x + 0.5) * scale), int(target.top() + (y + 0.5) * scale))
    assert image.pixel(centre) == heat.image.full.pixel(x, y)
    view.show_heat(None)
    assert shot(view).pixel(centre) != image.pixel(centre)


def test_keys_zoom_and_move(view: PreviewView) -> None:
    view.setFocus()
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Plus):
        QTest.keyClick(view, key)
    assert view.transform.device_scale == pytest.approx(3.0)
    before = view.transform.target.left()
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.transform.target.left() == before + 40
    QTest.keyClick(view, Qt.Key.Key_0)
    assert is_fitted(view)
    view.set_mode(PreviewMode.SPLIT)
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.split == pytest.approx(0.45)
    QTest.keyClick(view, Qt.Key.Key_1)
    assert view.transform.device_scale == pytest.approx(1.0)
    QTest.keyClick(view, Qt.Key.Key_Plus)
    QTest.keyClick(view, Qt.Key.Key_Minus)
    assert view.transform.device_scale == pytest.approx(1.0)


def test_the_zoom_stays_while_the_size_does(qtbot: QtBot, view: PreviewView) -> None:
    roll(view, QPoint(160, 150), 5)
    before = view.transform
    with qtbot.assertNotEmitted(view.zoom_changed, wait=0):
        view.show_picture(saved_picture(replace(JPEG, quality=20)))
    assert view.transform == before
    view.show_picture(saved_picture(frame=film_frame(width=100, height=80)))
    assert view.transform.picture.width() == 100


def test_a_message_takes_the_pictures_place(view: PreviewView) -> None:
    view.show_message("Frame 7: the packet is damaged")
    image = shot(view)
    assert image.pixelColor(40, 40) == view.grab().toImage().pixelColor(600, 250)
    QTest.mouseMove(view, QPoint(100, 100))
    roll(view, QPoint(100, 100), 2)
    assert is_fitted(view)


def test_a_lossless_file_says_so(view: PreviewView) -> None:
    view.set_mode(PreviewMode.DIFFERENCE)
    exact = saved_picture(replace(JPEG, image_format=ImageFormat.PNG))
    view.show_picture(exact)
    view.show_heat(exact.heat())
    image = shot(view)
    assert image.pixelColor(321, 150).name() == "#000000"
