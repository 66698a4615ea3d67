"""Sizes, qualities and losses in words."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import pytest

from framescope.core.export.settings import ImageFormat
from framescope.ui.dialogs.export_words import (
    cost_words,
    decibel_words,
    frames_words,
    loss_notes,
    size_words,
    ssim_words,
)
from tests.ui.stand_ins import make_info


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.00 kB"),
        (12_345, "12.3 kB"),
        (999_900, "1.00 MB"),
        (62_100_000, "62.1 MB"),
        (123_456_789_000, "123 GB"),
        (5e15, "5000 TB"),
    ],
)
def test_sizes_have_three_figures(size: float, words: str) -> None:
    assert size_words(size) == words


def test_frames_are_counted() -> None:
    assert [frames_words(count) for count in (1, 2, 12_345)] == [
        "1 frame",
        "2 frames",
        "12\u202f345 frames",
    ]


def test_every_level_has_words_and_they_change() -> None:
    jpeg = [cost_words(ImageFormat.JPEG, level) for level in range(101)]
    png = [cost_words(ImageFormat.PNG, level) for level in range(10)]
    assert all(jpeg)
    assert all(png)
    assert len(set(jpeg)) == 6
    assert len(set(png)) == 5


def test_an_ordinary_video_loses_nothing_worth_a_note() -> None:
    assert loss_notes(make_info()) == ()


def test_bit_depth_hdr_and_odd_pixels_are_noted() -> None:
    info = make_info(bit_depth=10, sample_aspect_ratio=Fraction(4, 3), width=720, height=576)
    info = replace(info, color=replace(info.color, transfer="smpte2084"))
    notes = " ".join(loss_notes(info))
    for words in ("10-bit", "PQ (HDR)", "720 × 576"):
        assert words in notes


def test_likeness_is_never_said_better_than_it_is() -> None:
    assert [decibel_words(value) for value in (39.9999, 40.0, math.inf, math.nan)] == [
        "39.99 dB", "40.00 dB", "∞ dB", "–",
    ]  # fmt: skip
    assert [ssim_words(value) for value in (0.99999, 1.0, math.nan)] == ["0.9999", "1.0000", "–"]
