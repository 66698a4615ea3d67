"""The heat-map on the picture, and the region dragged out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from framescope.core.fragments.geometry import Region
from framescope.ui.panels.fragments.map import FragmentMap
from tests.core.fragments.fragment_examples import small_manifest

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def heat_map(qtbot: QtBot, theme: ThemeSource) -> FragmentMap:
    widget = FragmentMap(theme)
    qtbot.addWidget(widget)
    widget.set_form(small_manifest().forms[0], 1.0)
    widget.resize(256, 128)
    widget.show()
    return widget


def drag(widget: FragmentMap, first: QPoint, second: QPoint) -> None:
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=first)
    QTest.mouseMove(widget, second)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=second)


def test_a_drag_chooses_pixels_of_the_stored_picture(heat_map: FragmentMap, qtbot: QtBot) -> None:
    # 256 pixels show 64 columns.
    with qtbot.waitSignal(heat_map.region_selected):
        drag(heat_map, QPoint(40, 20), QPoint(80, 60))
    assert heat_map.selection == Region(10, 4, 10, 12)
    drag(heat_map, QPoint(200, 100), QPoint(400, 300))
    assert heat_map.selection is not None
    assert (heat_map.selection.right, heat_map.selection.bottom) == (64, 32)


def test_a_region_is_what_will_be_written(heat_map: FragmentMap) -> None:
    heat_map.select(Region(3, 5, 17, 9))
    assert heat_map.selection == Region(2, 4, 18, 10)


def test_a_click_or_escape_takes_the_region_away(heat_map: FragmentMap) -> None:
    heat_map.select(Region(0, 0, 8, 8))
    QTest.keyClick(heat_map, Qt.Key.Key_Escape)
    assert heat_map.selection is None
    heat_map.select(Region(0, 0, 8, 8))
    QTest.mouseClick(heat_map, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    assert heat_map.selection is None


def test_the_tile_with_more_bits_is_warmer(heat_map: FragmentMap) -> None:
    image = QImage(64, 32, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    heat_map.set_picture(image, None)
    heat_map.set_bits([0, 1000])
    shown = heat_map.grab().toImage()
    assert QColor(shown.pixel(64, 64)).lightness() < QColor(shown.pixel(192, 64)).lightness()


def test_a_part_of_the_picture_lies_in_its_place(heat_map: FragmentMap) -> None:
    image = QImage(32, 32, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    heat_map.set_picture(image, Region(32, 0, 32, 32))
    shown = heat_map.grab().toImage()
    assert QColor(shown.pixel(200, 64)).lightness() > 250
    assert QColor(shown.pixel(60, 64)).lightness() < 250


def test_tiles_are_found_under_the_pointer(heat_map: FragmentMap) -> None:
    assert heat_map.tile_at(QPointF(10, 10)) == 0
    assert heat_map.tile_at(QPointF(250, 100)) == 1
    assert heat_map.tile_at(QPointF(10, 500)) is None


def test_without_a_form_there_is_nothing_to_draw_or_choose(qtbot: QtBot, theme: ThemeSource) -> None:
    widget = FragmentMap(theme)
    qtbot.addWidget(widget)
    widget.show()
    drag(widget, QPoint(1, 1), QPoint(30, 30))
    assert widget.selection is None
    assert not widget.grab().isNull()


def test_wide_pixels_make_a_wide_picture(heat_map: FragmentMap) -> None:
    assert heat_map.heightForWidth(240) == 120
    heat_map.set_form(small_manifest().forms[0], 2.0)
    assert heat_map.heightForWidth(400) == 100
