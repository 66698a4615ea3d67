"""What a person types, and which frame it means."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from framescope.core.media.index import NO_PTS, FrameIndex
from framescope.session.navigation import (
    TargetError,
    Whereabouts,
    clamp_range,
    keyframe_after,
    keyframe_before,
    parse_target,
    range_following,
)
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
