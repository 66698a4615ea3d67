"""Choices by looks, on measures made by hand and on a film of which the truth is known."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.errors import SettingsError
from framescope.core.media.index import NO_PTS
from framescope.core.sampling.sampling import (
    representatives,
    sharpest_per_frames,
    sharpest_per_seconds,
    without_duplicates,
)
from tests.core.sampling.contents import make_content
from tests.core.sampling.indexes import make_index
from tests.core.sampling.story import CUTS, REPEATED, SHARP

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.sampling.content import ContentMeasures

SHARPNESS = [1, 5, 2, 2, 9, 3, 3, 3, 1, 4]


def test_the_sharpest_of_every_few_frames() -> None:
    content = make_content(10, sharpness=SHARPNESS)
    assert sharpest_per_frames(content, 4).tolist() == [1, 4, 9]
    assert sharpest_per_frames(content, 3).tolist() == [1, 4, 6, 9]
    assert sharpest_per_frames(content, 1).tolist() == list(range(10))
    assert sharpest_per_frames(content, 100).tolist() == [4]


def test_windows_are_counted_from_the_first_frame_of_the_run() -> None:
    assert sharpest_per_frames(make_content(10, start=7, sharpness=SHARPNESS), 4).tolist() == [8, 11, 16]


def test_lost_frames_are_never_sharpest_and_a_lost_window_has_none() -> None:
    content = make_content(10, sharpness=SHARPNESS, missing=(4, 5, 6, 7))
    assert sharpest_per_frames(content, 4).tolist() == [1, 9]


def test_seconds_are_counted_by_pts() -> None:
    index = make_index([0, 400, 990, 1000, 1001, 3500, 3999, 4000, 4100, 4200])
    content = make_content(10, sharpness=SHARPNESS)
    assert sharpest_per_seconds(content, index, 1.0).tolist() == [1, 4, 5, 9]


def test_rounded_timestamps_fall_into_their_windows() -> None:
    index = make_index([round(n * 1001 / 30) for n in range(60)])
    content = make_content(60, sharpness=[1 if n % 6 else 2 for n in range(60)])
    assert sharpest_per_seconds(content, index, 6 * 1001 / 30000).tolist() == list(range(0, 60, 6))


def test_seconds_need_timestamps() -> None:
    with pytest.raises(SettingsError, match="1 frame has no timestamp"):
        sharpest_per_seconds(make_content(2), make_index([0, NO_PTS]), 1.0)


def test_the_frames_that_are_not_blurred_are_taken(story: ContentMeasures) -> None:
    assert {2, 33}.issubset(SHARP)
    assert sharpest_per_frames(story.within(range(10)), 10).tolist() == [2]
    assert sharpest_per_frames(story.within(range(30, 39)), 9).tolist() == [33]
    assert sharpest_per_frames(story.within(range(45, 55)), 10).tolist() == [51]


def test_duplicates_fall_out(story: ContentMeasures) -> None:
    kept = set(without_duplicates(story, 0).tolist())
    assert REPEATED.start in kept
    assert kept.isdisjoint(range(REPEATED.start + 1, REPEATED.stop))
    assert set(CUTS) <= set(without_duplicates(story, 10).tolist())


@pytest.mark.parametrize("anywhere", [False, True])
@pytest.mark.parametrize("distance", [0, 3, 20, 40])
def test_duplicates_are_those_a_plain_loop_finds(distance: int, *, anywhere: bool) -> None:
    chance = np.random.default_rng(distance)
    hashes = np.cumsum(chance.integers(0, 4, 900)).astype(np.uint64) % np.uint64(60)
    kept: list[int] = []
    for place, value in enumerate(hashes.tolist()):
        others = kept if anywhere else kept[-1:]
        if all((value ^ int(hashes[one])).bit_count() > distance for one in others):
            kept.append(place)
    content = make_content(900, hashes=hashes)
    assert without_duplicates(content, distance, anywhere=anywhere).tolist() == kept


def test_runs_longer_than_a_chunk_are_skipped_whole() -> None:
    content = make_content(3000, hashes=[0] * 2999 + [255], missing=(0,))
    assert without_duplicates(content, 4).tolist() == [1, 2999]


def test_representatives_come_one_from_each_group() -> None:
    chance = np.random.default_rng(5)
    groups = chance.permutation(np.repeat(np.arange(4), 25))
    features = groups[:, None] * 60 + chance.integers(0, 5, (100, 192))
    content = make_content(100, features=features)
    taken = representatives(content, 4)
    assert sorted(groups[taken].tolist()) == [0, 1, 2, 3]
    assert (np.diff(taken) > 0).all()
    assert representatives(content, 4).tolist() == taken.tolist()


def test_no_more_representatives_than_pictures_that_differ() -> None:
    content = make_content(50, features=[[place % 3 * 40] * 192 for place in range(50)])
    assert sorted(representatives(content, 9) % 3) == [0, 1, 2]
    assert representatives(make_content(7, missing=(0,)), 5).tolist() == [1]
    assert len(representatives(make_content(0), 5)) == 0


def test_as_many_representatives_as_there_are_pictures() -> None:
    content = make_content(6, features=[[place * 40] * 192 for place in range(6)])
    assert representatives(content, 6).tolist() == [0, 1, 2, 3, 4, 5]


def test_long_films_are_represented_from_evenly_spread_frames() -> None:
    features = np.repeat(np.arange(3, dtype=np.uint8) * 80, 4000)[:, None].repeat(192, 1)
    taken = representatives(make_content(12_000, features=features), 3)
    assert (taken // 4000).tolist() == [0, 1, 2]


def test_scenes_of_a_film_are_represented(story: ContentMeasures) -> None:
    taken = representatives(story, 4).tolist()
    assert len(taken) == 4
    assert any(number < CUTS[0] for number in taken)
    assert any(CUTS[0] <= number < CUTS[1] or number >= 104 for number in taken)


def test_what_makes_no_sense_is_refused() -> None:
    content, index = make_content(3), make_index(range(3))
    calls: list[Callable[[], object]] = [
        partial(sharpest_per_frames, content, 0),
        partial(sharpest_per_seconds, content, index, 0),
        partial(sharpest_per_seconds, content, index, float("nan")),
        partial(without_duplicates, content, 64),
        partial(without_duplicates, content, -1),
        partial(representatives, content, 0),
    ]
    for call in calls:
        with pytest.raises(SettingsError):
            call()


def test_nothing_seen_is_nothing_taken() -> None:
    content, index = make_content(2, missing=(0, 1)), make_index(range(2))
    assert len(sharpest_per_frames(content, 2)) == 0
    assert len(sharpest_per_seconds(content, index, 1)) == 0
    assert len(without_duplicates(content, 4)) == 0
