"""A frame's names are right, and each leads back to the frame."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from framescope.core.media.frame_order import order_frames
from framescope.core.media.index import NO_PTS
from framescope.core.timing.identity import (
    TITLES,
    IdentityError,
    IdentityField,
    IdentityTranslator,
)
from tests.core.media.index_examples import TIME_BASE, closed_gops, packet_table


def late_start() -> IdentityTranslator:
    """Frames at 100 to 107 25ths of a second, decoded I P B B; OpenCV is 2 ms late."""
    pts = [100 + number for number in (0, 3, 1, 2, 4, 7, 5, 6)]
    return IdentityTranslator(
        order_frames(packet_table(pts, [0, 4]), TIME_BASE), np.arange(8, dtype=np.float64) * 0.04 + 0.002
    )


def test_every_name_of_a_frame() -> None:
    names = late_start().identity(3)
    assert (names.number, names.number_from_1) == (3, 4)
    assert (names.pts, names.dts, names.decode_order) == (103, 1, 1)
    assert names.time_s == pytest.approx(0.12)
    assert names.time_stored_s == pytest.approx(4.12)
    assert names.current_time_s == pytest.approx(0.14)
    assert names.timecode == "00:00:00:03"
    assert names.opencv_pos_frames == 4
    assert names.opencv_pos_msec == pytest.approx(122)


@pytest.mark.parametrize("field", IdentityField)
def test_every_name_leads_back(field: IdentityField) -> None:
    translator = late_start()
    for number in range(len(translator)):
        text = translator.identity(number).text(field)
        assert text
        assert translator.find(field, f" {text} ") == number


def test_every_field_has_a_title() -> None:
    assert set(TITLES) == set(IdentityField)
    assert len(set(TITLES.values())) == len(TITLES)


def test_a_frame_stays_as_long_as_the_next_one_lets_it() -> None:
    index = order_frames(packet_table([0, 1, 5, 6], [0]), TIME_BASE)
    assert IdentityTranslator(index).identity(1).current_time_s == pytest.approx(0.04 + 0.08)


def test_without_timestamps_only_the_order_names_frames() -> None:
    translator = IdentityTranslator(order_frames(packet_table([None, None], [0]), TIME_BASE))
    names = translator.identity(1)
    assert (names.pts, names.time_s, names.time_stored_s, names.current_time_s, names.timecode) == (None,) * 5
    assert names.text(IdentityField.PTS) == ""
    assert names.number == 1
    for field in (IdentityField.TIME, IdentityField.TIMECODE, IdentityField.OPENCV_MSEC):
        with pytest.raises(IdentityError):
            translator.find(field, "0")
    with pytest.raises(IdentityError):
        translator.find(IdentityField.PTS, str(NO_PTS))


@pytest.mark.parametrize("number", [-1, 8])
def test_there_is_no_such_frame(number: int) -> None:
    with pytest.raises(IndexError, match="of 8"):
        late_start().identity(number)


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("0.05", 1), ("0.079 s", 1), (".08", 2), ("0:00.16", 4), ("00:00:00.16", 4), ("0.31", 7)],
)
def test_a_time_names_the_frame_on_screen(text: str, number: int) -> None:
    assert IdentityTranslator(closed_gops()).find(IdentityField.TIME, text) == number


def test_minutes_and_hours_are_sixty() -> None:
    index = order_frames(packet_table([0, 62, 3723], [0]), Fraction(1))
    translator = IdentityTranslator(index)
    assert translator.find(IdentityField.TIME, "1:01") == 0
    assert translator.find(IdentityField.TIME, "1:02") == 1
    assert translator.find(IdentityField.TIME, "1:02:02") == 1
    assert translator.find(IdentityField.TIME, "1:02:03") == 2


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (IdentityField.NUMBER, "8"),
        (IdentityField.NUMBER, "-1"),
        (IdentityField.NUMBER, "three"),
        (IdentityField.NUMBER_FROM_1, "0"),
        (IdentityField.PTS, "99"),
        (IdentityField.PTS, ""),
        (IdentityField.DTS, "8"),
        (IdentityField.DECODE_ORDER, "8"),
        (IdentityField.TIME, "0.5"),
        (IdentityField.TIME, "-1"),
        (IdentityField.TIME_STORED, "0.04"),
        (IdentityField.TIMECODE, "00:00:00:25"),
        (IdentityField.TIMECODE, "00:00:01:00"),
        (IdentityField.OPENCV_MSEC, "43"),
    ],
)
def test_what_names_no_frame_is_refused_with_a_hint(field: IdentityField, text: str) -> None:
    with pytest.raises(IdentityError, match="No frame has") as caught:
        late_start().find(field, text)
    assert TITLES[field] in str(caught.value)
    assert "8 frames" in caught.value.hint


def test_timecodes_count_from_the_file_s_own_start() -> None:
    index = closed_gops()
    translator = IdentityTranslator(index, timecode_start="10:59:59:23")
    names = [translator.identity(number).timecode for number in range(3)]
    assert names == ["10:59:59:23", "10:59:59:24", "11:00:00:00"]
    assert translator.find(IdentityField.TIMECODE, "11:00:00:00") == 2
    for before_or_after in ("00:00:00:02", "10:59:59:22", "12:00:00:00"):
        with pytest.raises(IdentityError):
            translator.find(IdentityField.TIMECODE, before_or_after)


def test_a_start_that_is_no_timecode_at_this_rate_makes_none_up() -> None:
    assert IdentityTranslator(closed_gops(), timecode_start="00:00:00:48").identity(0).timecode is None
