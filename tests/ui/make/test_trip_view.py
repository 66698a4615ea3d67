"""The way into a video and back, drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.synth.make_settings import MakeSettings
from framescope.core.synth.pattern_pictures import Pattern, PatternPictures
from framescope.core.synth.round_trip import try_picture
from framescope.ui.make.result_page import TripView
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource

BARS = PatternPictures(Pattern.BARS, 1, size=(160, 120)).picture(0)


@pytest.fixture
def view(qtbot: QtBot, theme: ThemeSource) -> TripView:
    made = TripView(theme)
    return on_screen(qtbot, made, 800, 380)


def test_each_picture_has_its_figure(view: TripView) -> None:
    lossless = MakeSettings(codec="ffv1", container="mkv", pixel_format="yuv420p")
    trip = try_picture(BARS, lossless)
    view.show_trip(trip)
    figure = f"{trip.conversion.psnr_db:.1f} dB"
    assert view.captions == (("Original", ""), ("Converted only", figure), ("From the video", figure))
    image = view.grab().toImage()
    # A lossless codec changes nothing: its map of differences, the last of the lower row, is black.
    heat = [image.pixelColor(image.width() - 250 + 40 * n, image.height() - 60) for n in range(3)]
    assert {color.name() for color in heat} == {"#000000"}


def test_a_message_takes_the_pictures_place(view: TripView) -> None:
    view.show_trip(try_picture(BARS, MakeSettings()))
    view.show_message("The file is gone.")
    assert view.captions == ()
    view.grab()


@pytest.mark.parametrize("size", [(240, 150), (1600, 900)])
def test_it_draws_at_any_size(view: TripView, size: tuple[int, int]) -> None:
    view.resize(*size)
    view.show_trip(try_picture(BARS, MakeSettings()))
    assert not view.grab().isNull()
