"""Lists of frames as people type them."""

from __future__ import annotations

import numpy as np
import pytest

from framescope.core.errors import SettingsError
from framescope.core.sampling.frame_list import (
    check_frame_list,
    format_frame_list,
    frame_at,
    frames_needed,
    parse_frame_list,
)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("3", [3]),
        ("3,10:14,40::5", [3, 10, 11, 12, 13, 40, 45]),
        (" 5 , 2,,2 ", [2, 5]),
        (":3", [0, 1, 2]),
        ("47:", [47, 48, 49]),
        ("47:1000", [47, 48, 49]),
        ("-1", [49]),
        ("-3:", [47, 48, 49]),
        ("::20", [0, 20, 40]),
        ("10 : 12", [10, 11]),
        ("0:50", list(range(50))),
    ],
)
def test_a_list_is_read_as_python_reads_slices(text: str, numbers: list[int]) -> None:
    assert parse_frame_list(text, 50).tolist() == numbers


@pytest.mark.parametrize(
    ("text", "words", "hint"),
    [
        ("", "No frames are listed", "3,10:20,40::5"),
        (" , ", "No frames are listed", "3,10:20,40::5"),
        ("x", "“x” is not a frame number", "3,10:20"),
        ("1,2,1.5", "“1.5” is not a frame number", "3,10:20"),
        ("10-20", "“10-20” is not a range", "Write 10:21 for frames 10 to 20"),
        ("50", "There is no frame 50", "50 frames, 0 to 49"),
        ("-51", "There is no frame -51", "50 frames, 0 to 49"),
        ("60:70", "No frames are in the range “60:70”", "50 frames, 0 to 49"),
        ("20:10", "No frames are in the range", "50 frames"),
        ("1:2:3:4", "too many colons", "3,10:20"),
        ("10:20:0", "step", "3,10:20"),
        ("20:10:-1", "step", "3,10:20"),
        ("10:x", "“10:x” is not a frame number or a range", "3,10:20"),
        ("٣", "not a frame number", "3,10:20"),
        ("9" * 30, "not a frame number", "3,10:20"),
    ],
)
def test_what_cannot_be_read_is_named_with_a_hint(text: str, words: str, hint: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_frame_list(text, 50)
    assert words in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "text", ["3", "3,10:14,40,45", "0:50", "0:5:2", "48:50", "7:9", "0,9", "2,5:14:4,20:30", "0:7:3,8"]
)
def test_a_list_is_written_as_it_is_read(text: str) -> None:
    assert format_frame_list(parse_frame_list(text, 50)) == text


def test_no_frames_are_an_empty_list() -> None:
    assert format_frame_list(np.empty(0, np.int64)) == ""


@pytest.mark.parametrize("seed", range(20))
def test_any_frames_come_back_from_their_list(seed: int) -> None:
    generator = np.random.default_rng(seed)
    numbers = np.flatnonzero(generator.random(200) < generator.random())
    if len(numbers):
        assert parse_frame_list(format_frame_list(numbers), 200).tolist() == numbers.tolist()


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("0", 1),
        ("3,10:20", 20),
        ("100, 5:7:2", 101),
        ("3:", None),
        ("::5", None),
        ("-1", None),
        ("x", None),
        ("", None),
    ],
)
def test_how_many_frames_a_list_needs(text: str, needed: int | None) -> None:
    assert frames_needed(text) == needed


def test_a_list_can_be_wrong_for_every_video() -> None:
    for text in ("", "x", "1-5", "5:2", "1:2:0", "3,1:2:3:4", "-2:-5", ":0", "3:3"):
        with pytest.raises(SettingsError):
            check_frame_list(text)
    for text in ("3", "-1", "1000000", "5:", ":-3", "-5:2", "40::5", " 5 , 2,,2 "):
        check_frame_list(text)


def test_a_number_below_zero_counts_from_the_end() -> None:
    assert [frame_at(number, 50) for number in (0, 49, -1, -50)] == [0, 49, 49, 0]
    for number in (50, -51):
        with pytest.raises(SettingsError, match=f"no frame {number}"):
            frame_at(number, 50)
