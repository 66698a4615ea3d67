"""Rectangles and sizes, as written and as applied."""

from __future__ import annotations

from fractions import Fraction

import pytest

from framescope.core.errors import SettingsError
from framescope.core.export.geometry import Crop, Geometry, Resize, ResizeMethod, geometry_of


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


def test_a_letterbox_reads_what_it_writes() -> None:
    for text in ("640x640:letterbox", "1x9:letterbox:area"):
        assert str(Resize.parse(text)) == text
        assert Resize.parse(text).letterbox
    for text in (
        "640:letterbox",
        "640x:letterbox",
        "square:letterbox",
        "640x640:letterbox:blur",
        "640x640:box",
    ):
        with pytest.raises(SettingsError):
            Resize.parse(text)


@pytest.mark.parametrize(
    ("size", "aspect", "inner"),
    [
        ((1920, 1080), 1, (0, 140, 640, 360)),
        ((1080, 1920), 1, (140, 0, 360, 640)),
        ((320, 320), 1, (0, 0, 640, 640)),
        # 720 × 576 with pixels of 16:15 is shown as 768 × 576.
        ((720, 576), Fraction(16, 15), (0, 80, 640, 480)),
        ((10_000, 1), 1, (0, 319, 640, 1)),
    ],
)
def test_a_letterbox_keeps_the_shape_that_is_displayed(
    size: tuple[int, int], aspect: Fraction | int, inner: tuple[int, int, int, int]
) -> None:
    resize = Resize.parse("640x640:letterbox")
    assert resize.size_of(*size, aspect) == (640, 640)
    assert resize.inner_of(*size, aspect) == inner


def test_a_geometry_says_where_a_point_of_the_frame_is() -> None:
    crop = Crop(100, 50, 400, 200)
    found = geometry_of(1000, 500, 1, crop, Resize.parse("200x200:letterbox"))
    assert (found.source, found.size) == ((1000, 500), (200, 200))
    corners = {"left": 100, "right": 500}, {"top": 50, "bottom": 250}
    across, down = (
        {name: at * found.scale[axis] + found.offset[axis] for name, at in corners[axis].items()}
        for axis in (0, 1)
    )
    assert across == {"left": 0, "right": 200}
    assert down == {"top": 50, "bottom": 150}
    # No bar is part of what the picture shows, though the frame goes on behind it.
    assert found.box == (0, 50, 200, 100)
    assert Geometry.from_table(found.as_table()) == found
    assert geometry_of(8, 6, 1, None, None) == Geometry((8, 6), (8, 6))
    assert geometry_of(8, 6, 1, None, None).box == (0, 0, 8, 6)
    assert "inner" not in geometry_of(8, 6, 1, None, Resize.parse("16x12:letterbox")).as_table()
    assert geometry_of(8, 6, 2, None, Resize(square=True)) == Geometry((8, 6), (16, 6), (2, 1))
    with pytest.raises(SettingsError):
        geometry_of(300, 200, 1, crop, None)


@pytest.mark.parametrize(
    "change",
    [
        *({"size": [0, 5]}, {"scale": [0, 1]}, {"scale": [1]}, {"offset": ["a", 0]}, {"source": 5}),
        *({"inner": [0, 0, 9, 6]}, {"inner": [0, 0, 0, 6]}, {"inner": [0, 0, 8]}, {"inner": 5}),
    ],
)
def test_no_geometry_is_made_of_other_values(change: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        Geometry.from_table({**Geometry((8, 6), (8, 6)).as_table(), **change})
