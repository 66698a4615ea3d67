"""Colour numbers, their names and words, and the matrix that is used."""

from __future__ import annotations

import pytest

from framescope.core.media.picture.color_names import (
    UNSPECIFIED,
    color_words,
    matrix_for_display,
    matrix_name,
    primaries_name,
    primaries_number,
    range_name,
    transfer_name,
    transfer_number,
    transfer_words,
)


def test_names_are_those_of_the_standard() -> None:
    assert [matrix_name(number) for number in (0, 1, 5, 6, 9)] == [
        "gbr",
        "bt709",
        "bt470bg",
        "smpte170m",
        "bt2020nc",
    ]
    assert [transfer_name(number) for number in (1, 13, 16, 18)] == [
        "bt709",
        "iec61966-2-1",
        "smpte2084",
        "arib-std-b67",
    ]
    assert [primaries_name(number) for number in (1, 9, 12)] == ["bt709", "bt2020", "smpte432"]
    assert [range_name(number) for number in (0, 1, 2)] == [UNSPECIFIED, "limited", "full"]


@pytest.mark.parametrize("number", [2, 3, 99, 255, -1])
def test_reserved_numbers_say_nothing(number: int) -> None:
    assert matrix_name(number) == transfer_name(number) == UNSPECIFIED
    assert primaries_name(number) == UNSPECIFIED


@pytest.mark.parametrize(
    ("name", "is_rgb", "size", "expected"),
    [
        ("bt709", False, (320, 240), "bt709"),
        ("bt2020nc", False, (1920, 1080), "bt2020nc"),
        (UNSPECIFIED, False, (1280, 534), "bt709"),
        (UNSPECIFIED, False, (960, 720), "bt709"),
        (UNSPECIFIED, False, (720, 576), "smpte170m"),
        ("gbr", False, (640, 480), "smpte170m"),
        ("bt709", True, (640, 480), "none"),
    ],
)
def test_silence_is_filled_by_size(name: str, size: tuple[int, int], expected: str, *, is_rgb: bool) -> None:
    assert matrix_for_display(name, is_rgb=is_rgb, width=size[0], height=size[1]) == expected


def test_words_tell_more_than_names() -> None:
    assert "HD" in color_words("bt709")
    assert transfer_words("bt709") == "BT.709"
    assert "HLG" in transfer_words("arib-std-b67")
    assert color_words("something-new") == "something-new"
    assert color_words(UNSPECIFIED) == "not declared"


def test_names_lead_back_to_their_numbers() -> None:
    for number in (1, 4, 6, 13, 16, 18):
        assert transfer_number(transfer_name(number)) == number
    for number in (1, 5, 9, 12):
        assert primaries_number(primaries_name(number)) == number
    assert transfer_number(UNSPECIFIED) == primaries_number("no such") == 2
