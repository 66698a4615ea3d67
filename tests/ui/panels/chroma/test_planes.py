"""Planes are drawn at one scale, and a click on one names the spot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from framescope.core.media.picture.components import component_planes
from framescope.ui.panels.chroma.planes import PlanesView, plane_image
from tests.ui.panels.chroma.frames import make_frame
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.core.media.picture.components import ComponentPlane
    from framescope.ui.widgets.theme import ThemeSource


def planes_of(pixel_format: str) -> tuple[ComponentPlane, ...]:
    return component_planes(make_frame(pixel_format).picture.av_frame)  # type: ignore[attr-defined] # AvPicture


@pytest.fixture
def view(qtbot: QtBot, theme: ThemeSource) -> PlanesView:
    made = PlanesView(theme)
    return on_screen(qtbot, made, 328, 200)


@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv422p", "yuv444p", "yuv410p", "gbrp", "gray"])
@pytest.mark.parametrize("width", [220, 328, 700])
def test_all_planes_fit_at_one_scale_and_do_not_touch(
    view: PlanesView, pixel_format: str, width: int
) -> None:
    planes = planes_of(pixel_format)
    view.show_planes(planes, tinted=True)
    view.resize(width, view.height())
    places = view.places
    assert view.names == tuple(plane.name for plane in planes)
    scales = {round(p.width() / plane.samples.shape[1], 6) for p, plane in zip(places, planes, strict=True)}
    assert len(scales) == 1
    for number, place in enumerate(places):
        assert place.right() <= width + 0.5
        assert place.bottom() <= view.height()
        assert not any(place.intersects(other) for other in places[number + 1 :])


def test_a_click_names_the_spot(view: PlanesView, qtbot: QtBot) -> None:
    view.show_planes(planes_of("yuv420p"), tinted=False)
    place = view.places[1]
    point = QPoint(round(place.left() + 0.25 * place.width()), round(place.top() + 0.75 * place.height()))
    with qtbot.waitSignal(view.spot_chosen) as told:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=point)
    assert told.args == pytest.approx([0.25, 0.75], abs=0.02)


def test_planes_are_grey_or_have_the_colors_they_stand_for() -> None:
    luma, blue, red = planes_of("yuv420p")
    assert plane_image(luma, tinted=True).isGrayscale()
    assert plane_image(blue, tinted=False).isGrayscale()
    for plane, channel in ((blue, 2), (red, 0)):
        row, column = np.unravel_index(int(plane.samples.argmax()), plane.samples.shape)
        color = plane_image(plane, tinted=True).pixelColor(int(column), int(row))
        assert max(range(3), key=lambda n: (color.red(), color.green(), color.blue())[n]) == channel


def test_it_paints_with_and_without_planes(view: PlanesView) -> None:
    view.grab()
    view.show_planes(planes_of("yuv420p"), tinted=True)
    view.show_spot(0.1, 0.9)
    assert len({view.grab().toImage().pixel(x, 60) for x in range(0, 300, 7)}) > 5
