"""Rectangles and sizes, as written and as applied."""

from __future__ import annotations

import pytest

from framescope.core.errors import SettingsError
from framescope.core.export.geometry import Crop, Resize, ResizeMethod


def test_a_crop_reads_what_it_writes() -> None:
    crop = Crop(100, 20, 640, 360)
    assert str(crop) == "640x360+100+20"
    assert Crop.parse(" 640x360+100+20 ") == crop


@pytest.mark.parametrize("text", ["", "640x360", "0x10+0+0", "10x0+0+0", "-1x5+0+0", "axb+0+0", "٣x٣+0+0"])
def test_no_crop_is_made_of_other_words(text: str) -> None:
    with pytest.raises(SettingsError):
        Crop.parse(text)


def test_a_crop_stays_inside_the_picture() -> None:
    Crop(10, 20, 30, 40).check_inside(40, 60)
    for size in ((39, 60), (40, 59)):
        with pytest.raises(SettingsError, match="beyond"):
            Crop(10, 20, 30, 40).check_inside(*size)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1280x720", (1280, 720)),
        ("960x", (960, 540)),
        ("x540", (960, 540)),
        ("640", (640, 360)),
        ("640:lanczos", (640, 360)),
        ("1x", (1, 1)),
    ],
)
def test_a_size_keeps_the_shape_of_what_it_does_not_name(text: str, size: tuple[int, int]) -> None:
    resize = Resize.parse(text)
    assert str(resize) == text
    assert resize.size_of(1920, 1080) == size


def test_the_longest_side_of_an_upright_picture_is_its_height() -> None:
    assert Resize(longest=640).size_of(1080, 1920) == (360, 640)


@pytest.mark.parametrize("text", ["", "x", "0x0", "640:best", "99999x", "a", "1x2x3", "-3x"])
def test_no_size_is_made_of_other_words(text: str) -> None:
    with pytest.raises(SettingsError):
        Resize.parse(text)


def test_a_size_is_named_in_one_way() -> None:
    with pytest.raises(SettingsError):
        Resize(width=3, longest=4)
    assert Resize(3, 4).method is ResizeMethod.AUTO
