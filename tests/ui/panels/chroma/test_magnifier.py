"""The same few pixels in every plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor

from framescope.core.media.picture.components import component_planes
from framescope.ui.panels.chroma.magnifier import Magnifier
from tests.ui.panels.chroma.frames import make_frame
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def magnifier(qtbot: QtBot, theme: ThemeSource) -> Magnifier:
    made = Magnifier(theme)
    return on_screen(qtbot, made, 340, 100)


@pytest.mark.parametrize(
    ("pixel_format", "chroma"),
    [("yuv420p", (8, 8)), ("yuv422p", (8, 16)), ("yuv444p", (16, 16)), ("yuv410p", (4, 4))],
)
def test_chroma_has_as_many_blocks_as_samples(
    magnifier: Magnifier, pixel_format: str, chroma: tuple[int, int]
) -> None:
    frame = make_frame(pixel_format)
    planes = component_planes(frame.picture.av_frame)  # type: ignore[attr-defined] # AvPicture
    magnifier.show_spot(frame.to_rgb(), planes, (0.5, 0.5), tinted=True)
    assert magnifier.grids == {"Picture": (16, 16), "Y": (16, 16), "Cb": chroma, "Cr": chroma}
    assert magnifier.corner == (72, 52)


@pytest.mark.parametrize(
    ("spot", "corner"), [((0.0, 0.0), (0, 0)), ((1.0, 1.0), (144, 104)), ((-1.0, 2.0), (0, 104))]
)
def test_the_crop_stays_inside_the_picture(
    magnifier: Magnifier, spot: tuple[float, float], corner: tuple[int, int]
) -> None:
    frame = make_frame()
    planes = component_planes(frame.picture.av_frame)  # type: ignore[attr-defined] # AvPicture
    magnifier.show_spot(frame.to_rgb(), planes, spot, tinted=False)
    assert magnifier.corner == corner
    magnifier.grab()


def test_the_picture_that_is_enlarged_is_the_crop(magnifier: Magnifier) -> None:
    frame = make_frame("gbrp")
    magnifier.show_spot(frame.to_rgb(), (), (0.05, 0.3), tinted=False)
    left, top = magnifier.corner
    image = magnifier.grab().toImage()
    side = magnifier.height() - 19
    # The middle of the first pixel's block.
    found = QColor(image.pixel(side // 32, 18 + side // 32))
    assert [found.red(), found.green(), found.blue()] == frame.to_rgb()[top, left].tolist()


def test_a_tiny_picture_is_shown_whole(magnifier: Magnifier) -> None:
    frame = make_frame("yuv420p", size=(64, 48))
    rgb = frame.to_rgb()[:6, :10]
    magnifier.show_spot(rgb, (), (0.5, 0.5), tinted=False)
    assert magnifier.grids == {"Picture": (10, 6)}
    magnifier.clear()
    assert magnifier.grids == {}
