"""Drawing the part that is saved, with a real mouse and keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from framescope.core.export.geometry import Crop
from framescope.ui.export.preview.crop_view import CropView
from framescope.ui.export.preview.picture import Pyramid
from tests.ui.export.preview.test_compare_view import roll
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def view(qtbot: QtBot, theme: ThemeSource) -> CropView:
    """A picture of 200 × 100 in a view of 400 × 300: two to one, 50 pixels from the top."""
    widget = CropView(theme)
    on_screen(qtbot, widget, 400, 300)
    qtbot.waitExposed(widget)
    widget.show_picture(Pyramid.of(np.full((100, 200, 3), 128, np.uint8)))
    return widget


def at(x: int, y: int) -> QPoint:
    """Where a picture pixel's corner lies."""
    return QPoint(2 * x, 50 + 2 * y)


def drag(view: CropView, begin: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.mousePress(view, LEFT, modifiers, begin)
    QTest.mouseMove(view, (begin + end) / 2)
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, LEFT, modifiers, end)


def test_a_drag_draws_the_rectangle(qtbot: QtBot, view: CropView) -> None:
    chosen: list[Crop | None] = []
    view.crop_chosen.connect(chosen.append)
    drag(view, at(20, 10), at(120, 70))
    qtbot.waitUntil(lambda: view.crop == Crop(20, 10, 100, 60), timeout=20_000)
    assert chosen[-1] == view.crop


def test_edges_and_middle_are_dragged(view: CropView) -> None:
    view.set_crop(Crop(20, 10, 100, 60))
    drag(view, at(120, 40), at(150, 40))
    assert view.crop == Crop(20, 10, 130, 60)
    drag(view, at(80, 40), at(90, 50))
    assert view.crop == Crop(30, 20, 130, 60)
    drag(view, at(30, 20), at(10, 0))
    assert view.crop == Crop(10, 0, 150, 80)


def test_a_click_beside_it_leaves_it(view: CropView) -> None:
    view.set_crop(Crop(20, 10, 40, 30))
    QTest.mouseClick(view, LEFT, NONE, at(150, 90))
    assert view.crop == Crop(20, 10, 40, 30)


def test_a_double_click_takes_the_whole_picture(view: CropView) -> None:
    view.set_crop(Crop(20, 10, 40, 30))
    QTest.mouseDClick(view, LEFT, NONE, at(40, 20))
    assert view.crop is None


def test_arrows_move_it_and_its_corner(view: CropView) -> None:
    view.set_crop(Crop(20, 10, 40, 30))
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Up, SHIFT)
    assert view.crop == Crop(21, 0, 40, 30)
    QTest.keyClick(view, Qt.Key.Key_Left, CONTROL)
    QTest.keyClick(view, Qt.Key.Key_Down, CONTROL)
    assert view.crop == Crop(21, 0, 39, 31)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert view.crop is None


def test_keys_end_it(qtbot: QtBot, view: CropView) -> None:
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        with qtbot.waitSignal(view.done):
            QTest.keyClick(view, key)


def test_the_wheel_zooms_and_drags_stay_exact(view: CropView) -> None:
    roll(view, at(100, 50), 4)
    scale, target = view.transform.effective_scale, view.transform.target
    assert scale > 4
    begin = QPointF(target.x() + 90 * scale, target.y() + 40 * scale).toPoint()
    end = QPointF(target.x() + 110 * scale, target.y() + 60 * scale).toPoint()
    drag(view, begin, end)
    assert view.crop == Crop(90, 40, 20, 20)


def test_what_is_not_saved_is_dark(view: CropView) -> None:
    view.set_crop(Crop(100, 0, 100, 100))
    image = view.grab().toImage()
    assert image.pixelColor(at(60, 80)).lightness() < 80
    assert image.pixelColor(at(150, 45)).lightness() == 128
