"""What a person types, and which frame it means."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from framescope.core.media.index import NO_PTS, FrameIndex
from framescope.session.navigation import (
    TargetError,
    Whereabouts,
    clamp_range,
    frame_after,
    keyframe_after,
    keyframe_before,
    parse_target,
    range_following,
)
from framescope.session.playback import FrameTimes
from framescope.session.position_text import PositionField, position_text
from tests.engine.fakes import make_index

# 100 frames, 25 a second, pts 0, 512, 1024 …
WHERE = Whereabouts(position=40, frame_total=100, index=make_index())


def shifted(index: FrameIndex, pts: int) -> FrameIndex:
    return replace(index, pts=index.pts + pts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("99", 99),
        (" 12 ", 12),
        ("f12", 12),
        ("F 12", 12),
        ("frame 12", 12),
        ("#12", 12),
        ("n12", 12),
        ("+5", 45),
        ("-5", 35),
        ("− 5", 35),
        ("first", 0),
        ("start", 0),
        ("LAST", 99),
        ("end", 99),
        ("0%", 0),
        ("50%", 50),
        ("100 %", 99),
        ("0s", 0),
        ("1s", 25),
        ("1.04s", 26),
        ("1,04 s", 26),
        ("1.05s", 26),
        ("1.079s", 26),
        ("40ms", 1),
        ("t=1s", 25),
        ("2 sec", 50),
        ("0:01", 25),
        ("0:01.04", 26),
        ("00:00:01,04", 26),
        ("0:0:3.96", 99),
        ("3.99s", 99),
        ("pts 0", 0),
        ("pts 512", 1),
        ("pts=1023", 1),
        ("PTS: 1024", 2),
        ("512 pts", 1),
        ("pts\u202f1\u202f024", 2),
        ("9\u202f9", 99),
        ("1.04", 26),
        ("1,04", 26),
        ("0:01.0", 25),
        ("pts50688", 99),
    ],
)
def test_understood(text: str, expected: int) -> None:
    assert parse_target(text, WHERE) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "1.2.3",
        "f",
        "1:2:3:4",
        "12x",
        "--5",
        "pts",
        "9" * 5000,
        "1e3",
        "0x10",
        ":30",
        "101%",
        "nan",
    ],
)
def test_not_understood(text: str) -> None:
    with pytest.raises(TargetError):
        parse_target(text, WHERE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("100", "The last frame is 99."),
        ("+60", "The last frame is 99."),
        ("-41", "The first frame is 0."),
        ("4.1s", "The last frame is at 0:03.960."),
        ("1:00:00", "The last frame is at 0:03.960."),
        ("pts -1", "The first timestamp is 0."),
        ("pts 50689", "The last timestamp is 50688."),
        ("200%", "100 %"),
    ],
)
def test_outside_the_video(text: str, words: str) -> None:
    with pytest.raises(TargetError, match=words.replace(".", r"\.")):
        parse_target(text, WHERE)


@pytest.mark.parametrize("offset", [-1000, 0, 900_000_000])
def test_time_counts_from_the_first_frame_wherever_pts_start(offset: int) -> None:
    where = replace(WHERE, index=shifted(make_index(), offset))
    assert parse_target("1s", where) == 25
    assert parse_target(f"pts {512 + offset}", where) == 1


def test_frames_not_listed_yet_can_be_asked_for_by_number_only() -> None:
    where = Whereabouts(0, 100, make_index(10, complete=False))
    assert parse_target("80", where) == 80
    with pytest.raises(TargetError, match="So far"):
        parse_target("2s", where)
    with pytest.raises(TargetError, match="not indexed yet"):
        parse_target("2s", replace(where, index=None))


def test_times_reach_the_frames_that_have_one() -> None:
    index = make_index()
    pts = index.pts.copy()
    pts[:30] = NO_PTS
    where = replace(WHERE, index=replace(index, pts=pts))
    first, number = int(pts[30]), parse_target("1s", where)
    assert parse_target(f"pts {first}", where) == 30
    assert index.time_of(number) - index.time_of(30) == pytest.approx(1.0)
    with pytest.raises(TargetError, match=f"first timestamp is {first}"):
        parse_target(f"pts {first - 1}", where)


def test_without_timestamps_only_numbers_mean_something() -> None:
    index = make_index()
    blank = replace(index, pts=np.full(100, NO_PTS, np.int64))
    where = replace(WHERE, index=blank)
    assert parse_target("80", where) == 80
    with pytest.raises(TargetError, match="no timestamps"):
        parse_target("2s", where)


def test_keyframes_on_both_sides() -> None:
    index = make_index()
    assert [keyframe_after(index, number) for number in (0, 5, 89, 90, 99)] == [10, 10, 90, None, None]
    assert [keyframe_before(index, number) for number in (0, 1, 10, 11, 99)] == [None, 0, 0, 10, 90]
    assert keyframe_after(None, 0) is None
    assert keyframe_before(None, 50) is None


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (0, 100, (0, 100)),
        (-10, 40, (0, 50)),
        (80, 120, (60, 100)),
        (-50, 500, (0, 100)),
        (20.25, 20.5, (20.25, 21.25)),
        (99.9, 100.5, (99, 100)),
    ],
)
def test_clamp_range(first: float, last: float, expected: tuple[float, float]) -> None:
    assert clamp_range(first, last, 100) == expected


def test_clamp_range_of_an_empty_video() -> None:
    assert clamp_range(0, 10, 0) == (0, 1)


@pytest.mark.parametrize(
    ("frame_number", "expected"),
    [
        (40, (40, 60)),
        (59, (40, 60)),
        (60, (60, 80)),
        (39, (20, 40)),
        (95, (80, 100)),
        (0, (0, 20)),
    ],
)
def test_range_following(frame_number: int, expected: tuple[float, float]) -> None:
    assert range_following((40.0, 60.0), frame_number, 100) == expected


def test_range_following_at_the_deepest_zoom_shows_the_whole_frame() -> None:
    assert range_following((40.5, 41.5), 41, 100) == (41, 42)
    assert range_following((40.5, 41.5), 40, 100) == (40, 41)


def at_rate(numerator: int, denominator: int, count: int) -> FrameIndex:
    """An index with this constant rate."""
    index = make_index(count)
    return replace(
        index,
        time_base=Fraction(1, numerator),
        pts=np.arange(count, dtype=np.int64) * denominator,
        dts=np.arange(count, dtype=np.int64) * denominator,
    )


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("00:00:00:00", None, 0),
        ("00:00:02:10", None, 60),
        ("0:00:03:24", None, 99),
        ("01:00:00:00", "01:00:00:00", 0),
        ("01:00:01:05", "01:00:00:00", 30),
        ("23:59:59:24", "23:59:59:24", 0),
        ("00:00:00:00", "23:59:59:24", 1),
    ],
)
def test_timecode_is_found(text: str, start: str | None, expected: int) -> None:
    assert parse_target(text, replace(WHERE, timecode_start=start)) == expected


# By hand: at 29.97, drop-frame leaves out labels 00 and 01 of each minute but every tenth.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00:00:59:29", 1799),
        ("00:00:59;29", 1799),
        ("00:01:00;02", 1800),
        ("00:01:00:00", 1800),
        ("00:10:00;00", 17982),
        ("00:10:00:00", 18000),
    ],
)
def test_drop_frame_is_told_by_its_sign(text: str, expected: int) -> None:
    where = Whereabouts(0, 20_000, at_rate(30000, 1001, 20_000))
    assert parse_target(text, where) == expected


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        ("00:00:00:25", WHERE, "There is no timecode 00:00:00:25 at 25 frames per second."),
        ("00:00:04:00", WHERE, "Timecodes run from 00:00:00:00 to 00:00:03:24."),
        (
            "00:00:00:00",
            replace(WHERE, timecode_start="01:00:00:00"),
            "Timecodes run from 01:00:00:00 to 01:00:03:24.",
        ),
        ("00:00:01;00", WHERE, "not drop-frame"),
        ("00:01:00;00", Whereabouts(0, 3000, at_rate(30000, 1001, 3000)), "There is no timecode"),
        ("00:00:01:00", Whereabouts(0, 9, None), "not indexed"),
    ],
)
def test_timecode_that_names_no_frame_is_refused(text: str, where: Whereabouts, reason: str) -> None:
    with pytest.raises(TargetError, match=reason):
        parse_target(text, where)


def test_a_variable_rate_has_no_timecodes() -> None:
    pts = np.arange(100, dtype=np.int64) * 512
    pts[50:] += 300
    where = replace(WHERE, index=replace(make_index(), pts=pts))
    with pytest.raises(TargetError, match="frame rate varies"):
        parse_target("00:00:01:00", where)
    with pytest.raises(TargetError, match="frame rate varies"):
        position_text(PositionField.TIMECODE, 3, where.index, None)


@pytest.mark.parametrize("field", list(PositionField))
@pytest.mark.parametrize("start", [None, "10:00:00:00"])
def test_what_is_copied_leads_back_to_the_frame(field: PositionField, start: str | None) -> None:
    for number in (0, 1, 40, 99):
        text = position_text(field, number, WHERE.index, start)
        assert parse_target(text, replace(WHERE, timecode_start=start)) == number


def test_copied_drop_frame_timecode_leads_back() -> None:
    index = at_rate(30000, 1001, 20_000)
    for number in (0, 1799, 1800, 17_981, 17_982, 19_999):
        text = position_text(PositionField.TIMECODE, number, index, None)
        assert parse_target(text, Whereabouts(0, 20_000, index)) == number


def test_position_that_is_not_known_is_not_made_up() -> None:
    untimed = replace(make_index(), pts=np.full(100, NO_PTS, np.int64))
    for field in (PositionField.TIME, PositionField.PTS, PositionField.TIMECODE):
        with pytest.raises(TargetError):
            position_text(field, 3, untimed, None)
        with pytest.raises(TargetError, match="not indexed"):
            position_text(field, 100, make_index(), None)
    assert position_text(PositionField.NUMBER, 100, None, None) == "100"


@pytest.mark.parametrize(
    ("number", "seconds", "expected"),
    [(0, 1, 25), (25, -1, 0), (40, 0.04, 41), (40, 0.01, 41), (40, -0.01, 39), (90, 5, 99), (5, -60, 0)],
)
def test_steps_in_time(number: int, seconds: float, expected: int) -> None:
    assert frame_after(FrameTimes(make_index(), None), number, seconds) == expected


def test_a_step_in_time_gets_past_a_picture_that_stays() -> None:
    pts = np.array([0, 12800, 12800 * 60, 12800 * 61], np.int64)
    times = FrameTimes(replace(make_index(4), pts=pts), None)
    assert [frame_after(times, number, 5) for number in (0, 1, 2)] == [1, 2, 3]
    assert [frame_after(times, number, -5) for number in (3, 2, 1)] == [1, 1, 0]
