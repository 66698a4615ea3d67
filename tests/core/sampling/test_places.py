"""In and out points: numbers, times, and what is the wrong way round."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from framescope.core.errors import SettingsError
from framescope.core.sampling.places import InOutPlaces
from framescope.core.text import parse_time
from tests.core.sampling.indexes import make_index


@pytest.mark.parametrize(
    ("first", "last", "is_so"),
    [(5, 4, True), (5, 5, False), (-1, -2, True), (5, -9, False), ("2.5s", "1.9s", True), ("2", 3, False)],
)
def test_points_that_are_reversed_in_every_video(first: int | str, last: int | str, *, is_so: bool) -> None:
    places = [parse_time(one) if isinstance(one, str) else one for one in (first, last)]
    with pytest.raises(SettingsError, match="earlier") if is_so else nullcontext():
        InOutPlaces(*places)


def test_the_frames_between_them_are_included() -> None:
    index = make_index(range(0, 1000, 100))
    assert InOutPlaces().frames(index) is None
    assert InOutPlaces(2, -2).frames(index) == range(2, 9)
    assert InOutPlaces(parse_time("0.25s"), parse_time("0.5s")).frames(index) == range(2, 6)
    for first, last in ((5, 4), (-1, 3)):
        with pytest.raises(SettingsError, match="earlier"):
            InOutPlaces(first, last).frames(index)
    for outside in (InOutPlaces(10), InOutPlaces(parse_time("5s"))):
        with pytest.raises(SettingsError):
            outside.frames(index)
