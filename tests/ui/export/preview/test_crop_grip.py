"""Drags on a rectangle."""

from __future__ import annotations

import pytest

from framescope.core.export.geometry import Crop
from framescope.ui.export.preview.crop_view import (
    Grip,
    Size,
    dragged,
    fitted_inside,
    grip_at,
    seen_part,
    spanned,
)

SIZE = Size(200, 100)
CROP = Crop(50, 20, 80, 60)


@pytest.mark.parametrize(
    ("place", "grip"),
    [
        ((90, 50), Grip.MOVE), ((51, 50), Grip.LEFT), ((129, 50), Grip.RIGHT), ((90, 21), Grip.TOP),
        ((90, 79), Grip.BOTTOM), ((49, 19), Grip.TOP_LEFT), ((131, 81), Grip.BOTTOM_RIGHT),
        ((131, 19), Grip.TOP_RIGHT), ((49, 81), Grip.BOTTOM_LEFT), ((40, 50), Grip.NEW), ((90, 90), Grip.NEW),
    ],
)  # fmt: skip
def test_the_pointer_takes_hold_of_the_nearest_part(place: tuple[int, int], grip: Grip) -> None:
    assert grip_at(CROP, *place, reach=4) is grip


def test_without_a_rectangle_a_drag_draws_one() -> None:
    assert grip_at(None, 5, 5, reach=4) is Grip.NEW


def test_a_small_rectangle_has_a_middle() -> None:
    assert grip_at(Crop(10, 10, 6, 6), 13, 13, reach=20) is Grip.MOVE
    assert grip_at(Crop(10, 10, 6, 6), 10, 13, reach=20) is Grip.LEFT


def test_moving_keeps_the_size_and_stays_inside() -> None:
    assert dragged(CROP, Grip.MOVE, (5, -7), SIZE) == Crop(55, 13, 80, 60)
    assert dragged(CROP, Grip.MOVE, (500, 500), SIZE) == Crop(120, 40, 80, 60)
    assert dragged(CROP, Grip.MOVE, (-500, -500), SIZE) == Crop(0, 0, 80, 60)


def test_sides_move_alone_and_keep_a_pixel() -> None:
    assert dragged(CROP, Grip.LEFT, (10, 99), SIZE) == Crop(60, 20, 70, 60)
    assert dragged(CROP, Grip.TOP_LEFT, (-500, -500), SIZE) == Crop(0, 0, 130, 80)
    assert dragged(CROP, Grip.BOTTOM_RIGHT, (500, 500), SIZE) == Crop(50, 20, 150, 80)
    assert dragged(CROP, Grip.RIGHT, (-500, 0), SIZE) == Crop(50, 20, 1, 60)
    assert dragged(CROP, Grip.TOP, (0, 500), SIZE) == Crop(50, 79, 80, 1)


def test_a_rectangle_is_spanned_from_any_corner() -> None:
    assert spanned((10.4, 10), (29.6, 40.2), SIZE) == Crop(10, 10, 20, 30)
    assert spanned((29.6, 40.2), (10.4, 10), SIZE) == Crop(10, 10, 20, 30)
    assert spanned((-50, -50), (500, 500), SIZE) == Crop(0, 0, 200, 100)
    assert spanned((10, 10), (10.2, 50), SIZE) is None


def test_a_square_grows_from_where_the_drag_began() -> None:
    assert spanned((10, 10), (60, 30), SIZE, square=True) == Crop(10, 10, 20, 20)
    assert spanned((60, 30), (10, 10), SIZE, square=True) == Crop(40, 10, 20, 20)


def test_the_part_in_view_is_a_crop_of_the_frame() -> None:
    whole = Crop(0, 0, 200, 100)
    assert seen_part((50.5, 10, 99.5, 60), SIZE, whole) == Crop(50, 10, 50, 50)
    assert seen_part((-20, 10, 300, 60), SIZE, whole) == Crop(0, 10, 200, 50)
    assert seen_part((-1, -1, 201, 101), SIZE, whole) is None
    # Shown at half its size, and itself a part of the frame.
    assert seen_part((10, 5, 30, 25), Size(100, 50), Crop(40, 20, 200, 100)) == Crop(60, 30, 40, 40)
    assert seen_part((300, 0, 400, 50), SIZE, whole) is None


def test_a_crop_of_another_picture_is_cut_down() -> None:
    assert fitted_inside(Crop(150, 50, 100, 100), SIZE) == Crop(150, 50, 50, 50)
    assert fitted_inside(CROP, SIZE) == CROP
    assert fitted_inside(Crop(200, 0, 10, 10), SIZE) is None
