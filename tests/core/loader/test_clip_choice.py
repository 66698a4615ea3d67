"""Where clips begin and which frames they hold, held against plain loops."""

from __future__ import annotations

import pytest

from framescope.core.errors import SettingsError
from framescope.core.loader.clip_choice import Boundary, ClipLayout, ClipsAre


def clips(layout: ClipLayout, total: int) -> list[list[int]]:
    return [layout.frame_numbers(int(start), total).tolist() for start in layout.starts(total, name="a")]


@pytest.mark.parametrize("total", [0, 1, 4, 5, 6, 11])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("step", [0, 1, 3])
def test_all_clips_that_fit(total: int, stride: int, step: int) -> None:
    expected = []
    start = 0
    while start + 2 * stride < total:
        expected.append([start, start + stride, start + 2 * stride])
        start += step or 2 * stride + 1
    assert clips(ClipLayout(length=3, stride=stride, step=step), total) == expected


def test_what_reaches_beyond_the_end() -> None:
    repeated = ClipLayout(length=4, boundary=Boundary.REPEAT_LAST)
    wrapped = ClipLayout(length=4, boundary=Boundary.WRAP)
    assert clips(repeated, 6) == [[0, 1, 2, 3], [4, 5, 5, 5]]
    assert clips(wrapped, 6) == [[0, 1, 2, 3], [4, 5, 4, 5]]
    assert clips(ClipLayout(length=4, stride=2, step=8, boundary=Boundary.WRAP), 5) == [[0, 2, 4, 0]]
    with pytest.raises(SettingsError, match="3 frames"):
        clips(ClipLayout(length=4, boundary=Boundary.ERROR), 3)


@pytest.mark.parametrize("are", [ClipsAre.UNIFORM, ClipsAre.RANDOM])
def test_so_many_of_each_video(are: ClipsAre) -> None:
    layout = ClipLayout(are, length=3, stride=2, per_video=4)
    for total in (5, 6, 50):
        taken = clips(layout, total)
        assert len(taken) == 4
        assert all(clip[0] >= 0 and clip[-1] < total for clip in taken)
    assert clips(layout, 4) == []
    assert clips(ClipLayout(are, length=3, boundary=Boundary.REPEAT_LAST, per_video=2), 2) == [[0, 1, 1]] * 2


def test_uniform_clips_reach_both_ends() -> None:
    assert ClipLayout(ClipsAre.UNIFORM, length=10, per_video=3).starts(50, name="a").tolist() == [0, 20, 40]
    assert ClipLayout(ClipsAre.UNIFORM, length=10).starts(50, name="a").tolist() == [20]


def test_random_clips_depend_on_seed_epoch_and_name() -> None:
    layout = ClipLayout(ClipsAre.RANDOM, per_video=50, seed=3)
    first = layout.starts(1000, name="a.mp4").tolist()
    assert first == layout.starts(1000, name="a.mp4").tolist()
    others = [
        layout.starts(1000, name="b.mp4"),
        layout.starts(1000, name="a.mp4", epoch=1),
        ClipLayout(ClipsAre.RANDOM, per_video=50, seed=4).starts(1000, name="a.mp4"),
        layout.starts(1000, name="\udcff.mp4"),
    ]
    assert all(other.tolist() != first for other in others)
    assert set(layout.starts(3, name="a.mp4").tolist()) == {0, 1, 2}


@pytest.mark.parametrize(
    "wrong", [{"length": 0}, {"stride": 0}, {"step": -1}, {"per_video": 0}, {"seed": -1}]
)
def test_impossible_numbers_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(SettingsError):
        ClipLayout(**wrong)  # type: ignore[arg-type]
