"""Frames ↔ pixels, zoom and scroll."""

from __future__ import annotations

import pytest

from framescope.ui.timeline.axis import (
    WIDEST_CELL_PX,
    FrameAxis,
    clamped,
    narrowest_span,
    scrolled,
    zoomed,
)

TEN_HOURS = 2_160_000
AXIS = FrameAxis(100.0, 300.0, 80.0, 1000.0)


def test_a_frame_takes_the_room_up_to_the_next() -> None:
    assert AXIS.px_per_frame == 5
    assert AXIS.x_of(100) == 80
    assert AXIS.x_of(300) == AXIS.right == 1080
    assert AXIS.frame_at(80 + 4.9, 1000) == 100
    assert AXIS.frame_at(80 + 5.1, 1000) == 101


@pytest.mark.parametrize("position", [100.0, 123.456, 299.9])
def test_pixels_and_positions_are_inverse(position: float) -> None:
    assert AXIS.position_at(AXIS.x_of(position)) == pytest.approx(position)


def test_a_frame_is_found_only_within_the_edges_and_the_video() -> None:
    assert AXIS.frame_at(-500, 1000) == 100
    assert AXIS.frame_at(5000, 1000) == 299
    assert AXIS.frame_at(5000, 150) == 149
    assert FrameAxis(0, 1, 0, 100).frame_at(50, 0) == 0


@pytest.mark.parametrize("x", [80.0, 333.0, 1080.0])
@pytest.mark.parametrize("factor", [1.25, 0.8])
def test_zoom_keeps_what_is_under_the_pointer(x: float, factor: float) -> None:
    under = AXIS.position_at(x)
    first, last = zoomed(AXIS, factor, x, 10_000)
    after = FrameAxis(first, last, AXIS.left, AXIS.width)
    assert after.position_at(x) == pytest.approx(under)
    assert after.span == pytest.approx(AXIS.span / factor)


def test_zoom_ends_where_a_cell_shows_all_it_can() -> None:
    axis = FrameAxis(0, TEN_HOURS, 0, 1440)
    for _ in range(100):
        axis = FrameAxis(*zoomed(axis, 2, 700, TEN_HOURS), axis.left, axis.width)
    assert axis.px_per_frame == pytest.approx(WIDEST_CELL_PX)


def test_zoom_out_ends_at_the_whole_video() -> None:
    axis = FrameAxis(5000, 5100, 0, 1440)
    for _ in range(100):
        axis = FrameAxis(*zoomed(axis, 0.5, 700, TEN_HOURS), axis.left, axis.width)
    assert (axis.first, axis.last) == (0, TEN_HOURS)


def test_a_short_video_fills_the_width() -> None:
    assert narrowest_span(1000, 3) == 3
    assert clamped(-5, 90, 1000, 3) == (0, 3)


def test_scrolling_stops_at_the_ends() -> None:
    assert scrolled(AXIS, 50, 1000) == (110, 310)
    assert scrolled(AXIS, -1e9, 1000) == (0, 200)
    assert scrolled(AXIS, 1e9, 1000) == (800, 1000)
