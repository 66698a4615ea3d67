"""What is said about two pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.compare.counterpart import Counterpart
from framescope.core.compare.difference_picture import DifferencePicture
from framescope.core.errors import OpenError
from framescope.session.compare_look import CompareMode
from framescope.session.settings import TimeFormat
from framescope.ui.compare.words import (
    absence_words,
    difference_words,
    figure_words,
    frame_words,
    repeat_words,
    scaling_words,
    state_words,
)
from tests.ui.stand_ins import StandInController, make_frame, make_info, make_shown

if TYPE_CHECKING:
    from framescope.session.time_words import TimeWords


def figures(largest: int, share: float, plane: str = "") -> DifferencePicture:
    grey = np.zeros((2, 2), np.uint8)
    return DifferencePicture(grey, largest, share, 255, plane, ("Y", "U", "V"), "yuv420p as decoded")


@pytest.fixture
def times(session: StandInController) -> TimeWords:
    return session.times


def test_a_frame_has_number_time_and_type(times: TimeWords) -> None:
    assert frame_words("A", make_shown(50), times) == "A  50 · 0:02.000 · I"


def test_times_are_written_as_the_user_has_chosen(session: StandInController) -> None:
    session.settings.time_format = TimeFormat.SECONDS
    assert frame_words("B", make_shown(50), session.times) == "B  50 · 2.000 s · I"


def test_a_provisional_picture_says_which_frame_it_is(times: TimeWords) -> None:
    shown = make_shown(50, frame=None, provisional=True, pictured_number=48)
    assert frame_words("B", shown, times) == "B  48 · approximate"


def test_a_difference_names_both_frames(times: TimeWords) -> None:
    words = difference_words(make_frame(1), times, make_frame(2), times)
    assert words == "A  1 · 0:00.040 · I   −   B  2 · 0:00.080 · I"


def test_a_missing_frame_is_explained() -> None:
    title, sentence, below = absence_words(Counterpart(None, "Dropped in B"), 12)
    assert (title, sentence) == ("Dropped in B", "Frame 12 of A is not in B.")
    assert "No other frame" in below


def test_repeats_are_listed() -> None:
    assert repeat_words(Counterpart(3, repeats=(3, 4))) == "in B 2 times: 3, 4"
    assert repeat_words(Counterpart(3)) == repeat_words(None) == ""


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        ((1280, 720), (640, 360), "B scaled from 640 × 360 to 1280 × 720 by area averaging"),
        ((640, 360), (1280, 720), "A scaled from 640 × 360 to 1280 × 720 by area averaging"),
        ((1280, 720), (640, 480), "B scaled from 640 × 480 to 1280 × 720 by area averaging, stretched"),
    ],
)
def test_scaling_names_the_smaller_and_the_filter(a: tuple[int, int], b: tuple[int, int], words: str) -> None:
    assert scaling_words(a, b) == words


def test_figures_of_a_difference() -> None:
    assert figure_words(figures(0, 0.0)) == "Y, U, V: identical"
    assert figure_words(figures(12, 0.034, "U")) == "U: up to 12 of 255, in 3.40 % of samples"
    assert "less than 0.01 %" in figure_words(figures(1, 1e-6))


def test_the_line_says_what_is_special() -> None:
    comparing = StandInController().comparing
    info = make_info()
    assert state_words(comparing, info, None) == ""  # type: ignore[arg-type]
    comparing.is_active = True
    assert state_words(comparing, info, None) == "Opening B…"  # type: ignore[arg-type]
    comparing.info = make_info(pixel_format="yuv420p10le")
    comparing.offset = -3
    comparing.sizes = ((64, 48), (32, 24))
    words = state_words(comparing, info, None)  # type: ignore[arg-type]
    assert words.split("   ·   ") == [
        "B = A −3",
        "B scaled from 32 × 24 to 64 × 48 by area averaging",
        "yuv420p and yuv420p10le, both shown as 8-bit R'G'B'",
    ]
    comparing.show_mode(CompareMode.DIFFERENCE)
    comparing.is_same_stream = True
    words = state_words(comparing, info, figures(0, 0.0))  # type: ignore[arg-type]
    assert words.split("   ·   ")[1:] == [
        "A and B are the same video",
        "compared in yuv420p as decoded",
    ]
    comparing.error = OpenError("no")
    assert state_words(comparing, info, None) == ""  # type: ignore[arg-type]
