"""Every name of a frame leads back to it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.media.video import open_video
from framescope.core.timing.identity import (
    TITLES,
    IdentityError,
    IdentityField,
    IdentityTranslator,
    number_of_timecode,
    timecode_of,
)
from tests.core.timing.made_index import index_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NTSC = Fraction(30000, 1001)


@pytest.mark.parametrize("name", ["h264.mp4", "h264.mkv", "h264.ts", "gop_open.mp4", "vfr.mp4"])
def test_every_name_leads_back(name: str, clip: Callable[[str], Path]) -> None:
    with open_video(clip(name)) as video:
        index = video.index
    translator = IdentityTranslator(index, index.times_s)
    assert len(translator) == 48
    for number in range(48):
        identity = translator.identity(number)
        for field in IdentityField:
            text = identity.text(field)
            if text:
                assert translator.find(field, text) == number, (field, text)


def test_the_names_of_one_frame() -> None:
    index = index_of(1000, 1040, 1080, 1120, packets=(0, 2, 1, 3))
    one = IdentityTranslator(index, np.array([0.0, 0.04, np.nan])).identity(1)
    assert (one.number, one.number_from_1, one.pts, one.dts, one.decode_order) == (1, 2, 1040, 1040, 2)
    assert one.time_s == pytest.approx(0.04)
    assert one.time_stored_s == pytest.approx(1.04)
    assert one.current_time_s == pytest.approx(0.06)
    assert one.timecode == "00:00:00:01"
    assert one.opencv_pos_frames == 2
    assert one.opencv_pos_msec == pytest.approx(40)


def test_what_a_file_lacks_is_none() -> None:
    translator = IdentityTranslator(index_of(None, None, None))
    one = translator.identity(2)
    assert (one.pts, one.dts, one.time_s, one.time_stored_s) == (None, None, None, None)
    assert (one.current_time_s, one.timecode, one.opencv_pos_msec) == (None, None, None)
    assert one.text(IdentityField.PTS) == ""
    assert translator.find(IdentityField.NUMBER, "2") == 2
    for field in (IdentityField.TIME, IdentityField.TIMECODE, IdentityField.OPENCV_MSEC):
        with pytest.raises(IdentityError):
            translator.find(field, "0")


def test_there_is_no_frame_behind_the_last() -> None:
    translator = IdentityTranslator(index_of(0, 40))
    for number in (-1, 2):
        with pytest.raises(IndexError):
            translator.identity(number)


@pytest.mark.parametrize(
    ("field", "text", "number"),
    [
        (IdentityField.TIME, "0:00.05", 1),
        (IdentityField.TIME, "0.079s", 1),
        (IdentityField.TIME, "0", 0),
        (IdentityField.TIME_STORED, "1.08", 2),
        (IdentityField.NUMBER_FROM_1, "1", 0),
        (IdentityField.OPENCV_FRAMES, "3", 2),
        (IdentityField.DECODE_ORDER, " 1 ", 1),
        (IdentityField.TIMECODE, "00:00:00:03", 3),
    ],
)
def test_people_write_names_in_their_ways(field: IdentityField, text: str, number: int) -> None:
    assert IdentityTranslator(index_of(1000, 1040, 1080, 1120)).find(field, text) == number


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (IdentityField.NUMBER, "4"),
        (IdentityField.NUMBER, "-1"),
        (IdentityField.NUMBER, "one"),
        (IdentityField.NUMBER_FROM_1, "0"),
        (IdentityField.PTS, "1041"),
        (IdentityField.DTS, "x"),
        (IdentityField.DECODE_ORDER, "9"),
        (IdentityField.DECODE_ORDER, "-1"),
        (IdentityField.TIME, "9"),
        (IdentityField.TIME, ""),
        (IdentityField.TIME_STORED, "0.5"),
        (IdentityField.TIMECODE, "00:00:00"),
        (IdentityField.TIMECODE, "00:00:09:00"),
        (IdentityField.OPENCV_MSEC, "40"),
    ],
)
def test_what_names_no_frame_is_refused(field: IdentityField, text: str) -> None:
    with pytest.raises(IdentityError) as refusal:
        IdentityTranslator(index_of(1000, 1040, 1080, 1120)).find(field, text)
    assert TITLES[field] in refusal.value.message


@pytest.mark.parametrize(
    ("number", "rate", "text"),
    [
        (0, Fraction(25), "00:00:00:00"),
        (90_000, Fraction(25), "01:00:00:00"),
        (59, Fraction(24000, 1001), "00:00:02:11"),
        (1799, NTSC, "00:00:59;29"),
        (1800, NTSC, "00:01:00;02"),
        (17_981, NTSC, "00:09:59;29"),
        (17_982, NTSC, "00:10:00;00"),
        (107_892, NTSC, "01:00:00;00"),
        (3600, Fraction(60000, 1001), "00:01:00;04"),
        (250, Fraction(240), "00:00:01:010"),
    ],
)
def test_timecodes(number: int, rate: Fraction, text: str) -> None:
    assert timecode_of(number, rate) == text
    assert number_of_timecode(text, rate) == number


def test_every_drop_frame_number_leads_back() -> None:
    for number in range(0, 40_000, 7):
        assert number_of_timecode(timecode_of(number, NTSC), NTSC) == number


@pytest.mark.parametrize(
    "text", ["00:01:00;00", "00:01:00;01", "00:00:00;30", "00:60:00;00", "00:00:60;00", "x"]
)
def test_timecodes_that_do_not_exist(text: str) -> None:
    assert number_of_timecode(text, NTSC) is None
