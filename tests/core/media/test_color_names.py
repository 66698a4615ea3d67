"""Colour numbers have FFmpeg's names, unknown ones are unspecified, and a matrix is always found."""

from __future__ import annotations

import pytest
from av.video.reformatter import ColorPrimaries, ColorTrc

from framescope.core.media.color_names import (
    color_words,
    matrix_for_display,
    matrix_name,
    primaries_name,
    range_name,
    transfer_name,
    transfer_words,
)


def test_numbers_have_names() -> None:
    assert [matrix_name(number) for number in (0, 1, 5, 6, 9)] == [
        "gbr",
        "bt709",
        "bt470bg",
        "smpte170m",
        "bt2020nc",
    ]
    assert [range_name(number) for number in (0, 1, 2, 7)] == [
        "unspecified",
        "limited",
        "full",
        "unspecified",
    ]
    assert transfer_name(int(ColorTrc.SMPTE2084)) == "smpte2084"
    assert transfer_name(int(ColorTrc.ARIB_STD_B67)) == "arib-std-b67"
    assert primaries_name(int(ColorPrimaries.BT2020)) == "bt2020"


@pytest.mark.parametrize("number", [2, 3, 99, -1])
def test_silence_and_reserved_numbers_are_unspecified(number: int) -> None:
    assert matrix_name(number) == transfer_name(number) == primaries_name(number) == "unspecified"


@pytest.mark.parametrize(
    ("name", "is_rgb", "size", "used"),
    [
        ("bt709", False, (320, 240), "bt709"),
        ("unspecified", False, (720, 576), "smpte170m"),
        ("unspecified", False, (1280, 720), "bt709"),
        ("unspecified", False, (1920, 800), "bt709"),
        ("gbr", False, (320, 240), "smpte170m"),
        ("unspecified", True, (320, 240), "none"),
    ],
)
def test_the_matrix_for_display(name: str, size: tuple[int, int], used: str, *, is_rgb: bool) -> None:
    assert matrix_for_display(name, is_rgb=is_rgb, width=size[0], height=size[1]) == used


def test_words() -> None:
    assert color_words("bt709") == "BT.709 (HD)"
    assert transfer_words("bt709") == "BT.709"
    assert color_words("unspecified") == "not declared"
    assert color_words("something new") == "something new"
