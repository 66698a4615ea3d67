"""Frames at a constant rate, compared with a plain search through all frames."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.errors import SettingsError
from framescope.core.media.index import NO_PTS
from framescope.core.sampling.rate import ClipRule, at_rate, clips_at_rate
from framescope.core.source.opening import open_video
from framescope.core.synth.number_blocks import read_number
from tests.clips.truth import true_frames
from tests.core.sampling.indexes import make_index

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NTSC = [round(n * 1001 / 30) for n in range(90)]
"""29.97 frames per second, as Matroska rounds them to milliseconds."""
JUMPY = [0, 17, 50, 100, 500, 517, 550, 600, 1000, 1017, 1050, 1100, 1900]


def by_search(pts: list[int], rate: Fraction) -> list[int]:
    """The nearest frame to every time, in the plainest of ways; milliseconds."""
    found, k = [], 0
    while (time := k * 1000 / rate) <= pts[-1] - pts[0] + Fraction(1, 2):
        distances = [abs(p - pts[0] - time) for p in pts]
        found.append(distances.index(min(distances)))
        k += 1
    return found


@pytest.mark.parametrize("pts", [NTSC, JUMPY, [5], [7, 8], [1_000_000 + n * 40 for n in range(30)]])
@pytest.mark.parametrize(
    "rate", [Fraction(1), Fraction(5), Fraction(10), Fraction(30000, 1001), Fraction(60)]
)
def test_each_time_takes_the_nearest_frame(pts: list[int], rate: Fraction) -> None:
    chosen = at_rate(make_index(pts), rate)
    assert chosen.frame_numbers.tolist() == sorted(set(by_search(pts, rate)))
    assert chosen.frame_numbers.dtype == np.int64


def test_the_videos_own_rate_takes_every_frame() -> None:
    assert at_rate(make_index(NTSC), 29.97).frame_numbers.tolist() == list(range(90))


def test_hours_do_not_drift() -> None:
    pts = [round(n * 1001 / 30) for n in range(400_000)]
    taken = at_rate(make_index(pts), Fraction(30000, 1001) / 10).frame_numbers
    assert taken.tolist() == list(range(0, 400_000, 10))


def test_of_two_equally_near_frames_the_earlier_one_is_taken() -> None:
    assert at_rate(make_index([0, 40, 60, 100]), 20).frame_numbers.tolist() == [0, 1, 3]


def test_frames_stored_out_of_order_keep_their_numbers() -> None:
    assert at_rate(make_index([0, 200, 100, 300]), 10).frame_numbers.tolist() == [0, 1, 2, 3]


def test_a_range_starts_the_clock() -> None:
    assert at_rate(make_index(JUMPY), 2, within=range(2, 9)).frame_numbers.tolist() == [2, 6]


def test_fine_time_bases_are_counted_without_overflow() -> None:
    index = make_index([n * 10**15 for n in range(50)], time_base=Fraction(1, 25 * 10**15))
    assert at_rate(index, Fraction(25, 7)).frame_numbers.tolist() == list(range(0, 50, 7))


@pytest.mark.parametrize("rate", [0, -1, float("nan"), float("inf"), 1e9])
def test_a_rate_that_is_none_is_refused(rate: float) -> None:
    with pytest.raises(SettingsError):
        at_rate(make_index([0, 3_600_000]), rate)


def test_without_timestamps_there_is_no_rate() -> None:
    with pytest.raises(SettingsError, match="1 frame has no timestamp"):
        at_rate(make_index([0, NO_PTS]), 5)


def rows(rule: ClipRule, *, rate: float = 10, pts: list[int] | None = None) -> list[list[int]]:
    """Clips as lists of frame numbers."""
    chosen = clips_at_rate(make_index(pts or [n * 50 for n in range(40)]), rate, rule)
    clips: list[list[int]] = [[0] * rule.length for _ in range(chosen.clip_total)]
    assert chosen.clips is not None
    assert chosen.places is not None
    table = zip(chosen.frame_numbers, chosen.clips, chosen.places, strict=True)
    for number, clip, place in table:
        clips[int(clip)][int(place)] = int(number)
    return clips


def test_clips_lie_side_by_side() -> None:
    # 20 frames at 10 a second: three clips of six, and two frames that make no clip.
    assert rows(ClipRule(length=6)) == [
        list(range(0, 12, 2)),
        list(range(12, 24, 2)),
        list(range(24, 36, 2)),
    ]


def test_a_stride_below_the_length_shares_frames() -> None:
    clips = rows(ClipRule(length=4, stride=2, count=3))
    assert clips == [[0, 2, 4, 6], [4, 6, 8, 10], [8, 10, 12, 14]]


def test_a_stride_above_the_length_leaves_gaps() -> None:
    assert rows(ClipRule(length=2, stride=9)) == [[0, 2], [18, 20], [36, 38]]


def test_a_number_of_clips_is_spread_evenly() -> None:
    clips = rows(ClipRule(length=2, count=4))
    assert clips[0] == [0, 2]
    assert clips[-1] == [36, 38]
    starts = [clip[0] for clip in clips]
    assert max(np.diff(starts)) - min(np.diff(starts)) <= 2


def test_one_clip_is_the_middle_one() -> None:
    assert rows(ClipRule(length=2, count=1)) == [[18, 20]]


def test_more_clips_than_fit_are_all_that_fit() -> None:
    assert len(rows(ClipRule(length=19, count=50))) == 2


def test_a_clip_longer_than_the_video_is_none() -> None:
    assert rows(ClipRule(length=21)) == []


def test_where_frames_are_rare_a_clip_repeats_them() -> None:
    (clip,) = rows(ClipRule(length=6), rate=10, pts=[0, 200, 400, 500])
    assert clip == [0, 0, 1, 1, 2, 3]
    assert all(earlier <= later for earlier, later in pairwise(clip))


@pytest.mark.parametrize("rule", [ClipRule(length=0), ClipRule(stride=-1), ClipRule(count=-1)])
def test_a_rule_that_makes_no_sense_is_refused(rule: ClipRule) -> None:
    with pytest.raises(SettingsError):
        clips_at_rate(make_index([0, 40]), 5, rule)


@pytest.mark.parametrize("name", ["vfr.mp4", "vfr.mkv", "h264.ts"])
@pytest.mark.parametrize("rate", [Fraction(2), Fraction(7), Fraction(24), Fraction(48)])
def test_real_streams_are_sampled_by_what_their_decoder_says(
    name: str, rate: Fraction, clip: Callable[[str], Path]
) -> None:
    times = [frame.pts for frame in true_frames(clip(name))]
    with open_video(clip(name), use_index_cache=False) as video:
        base = video.index.time_base
        taken = at_rate(video.index, rate).frame_numbers.tolist()
        pictures = [read_number(frame.to_rgb()) for frame in video.frames(taken)]
    seconds = [(pts - times[0]) * base for pts in times if pts is not None and times[0] is not None]
    wanted, k = set(), 0
    while k / rate <= seconds[-1] + base / 2:
        distances = [abs(second - k / rate) for second in seconds]
        wanted.add(distances.index(min(distances)))
        k += 1
    assert taken == sorted(wanted)
    assert pictures == taken
