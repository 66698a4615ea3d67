"""The timeline's strips."""

from __future__ import annotations

from itertools import pairwise

import pytest

from framescope.ui.timeline.lanes import lanes_for, least_height


@pytest.mark.parametrize("height", [0, 150, 172, 400])
@pytest.mark.parametrize("text_height", [10, 14, 24])
def test_strips_follow_each_other_without_overlap(height: int, text_height: int) -> None:
    lanes = lanes_for(height, text_height)
    strips = [
        lanes.times, lanes.numbers, lanes.ticks, lanes.markers, lanes.types, lanes.bars, lanes.cached,
        lanes.overview,
    ]  # fmt: skip
    for above, below in pairwise(strips):
        assert above.bottom <= below.top
    assert all(strip.height > 0 for strip in strips)
    assert lanes.content_bottom <= lanes.overview.top


def test_bars_get_what_is_left() -> None:
    assert lanes_for(400, 14).bars.height - lanes_for(300, 14).bars.height == 100


def test_the_least_height_holds_everything() -> None:
    assert lanes_for(least_height(14), 14) == lanes_for(0, 14)
    assert lanes_for(0, 14).overview.bottom < least_height(14)


@pytest.mark.parametrize("height", [0, 172, 260, 400])
@pytest.mark.parametrize("count", [1, 4, 10])
def test_lanes_of_values_share_what_the_bars_leave(height: int, count: int) -> None:
    lanes = lanes_for(height, 14, has_sound=True, curve_count=count, has_compared=True)
    assert len(lanes.curves) == count
    assert lanes.sound is not None
    assert lanes.compared is not None
    strips = [lanes.bars, lanes.sound, *lanes.curves, lanes.compared, lanes.cached]
    for above, below in pairwise(strips):
        assert above.bottom <= below.top
    assert all(strip.height >= 0 for strip in strips)
    assert lanes.stage_bottom == lanes_for(height, 14).stage_bottom


def test_a_strip_knows_what_it_holds() -> None:
    lane = lanes_for(200, 14).bars
    assert lane.holds(lane.top)
    assert not lane.holds(lane.bottom)
    assert lane.top < lane.middle < lane.bottom
