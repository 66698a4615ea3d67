"""Which frames stand where."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from framescope.ui.filmstrip.cells import (
    Cell,
    cell_at,
    even_cells,
    keyframe_cells,
    nearest_cell,
    request_order,
    stride_for,
)
from framescope.ui.timeline.axis import FrameAxis

TEN_HOURS = 2_160_000
PITCH = 100.0
NO_KEYFRAMES = np.empty(0, np.int64)


def axis(first: float, last: float) -> FrameAxis:
    return FrameAxis(first, last, 84, 1000)


@pytest.mark.parametrize(
    ("wanted", "stride"),
    [
        (0.2, 1),
        (1, 1),
        (3, 3),
        (7, 7),
        (8, 8),
        (9, 10),
        (11, 12),
        (15, 16),
        (17, 20),
        (100, 112),
        (1025, 1280),
    ],
)  # fmt: skip
def test_strides_are_sparse(wanted: float, stride: int) -> None:
    assert stride_for(1.0, wanted) == stride


def test_strides_waste_little_room() -> None:
    assert all(wanted <= stride_for(1.0, wanted) <= wanted * 1.25 for wanted in range(1, 5000))


@pytest.mark.parametrize("span", [5, 14, 300, 47_123, TEN_HOURS])
@pytest.mark.parametrize("start", [0.0, 0.37, 0.9])
def test_cells_have_their_room_and_stand_over_their_frames(span: int, start: float) -> None:
    first = start * (TEN_HOURS - span)
    view = axis(first, first + span)
    cells = even_cells(view, TEN_HOURS, PITCH, NO_KEYFRAMES)
    assert 1 <= len(cells) <= 1000 / PITCH + 2
    for left, right in pairwise(cells):
        assert right.center - left.center >= PITCH - 1e-6
        assert left.stop == right.start
    for cell in cells:
        assert cell.start <= cell.frame_number < cell.stop
        if cell.frame_number:
            # Half a frame is what the middle of an odd stretch is off.
            offset = abs(view.x_of(cell.frame_number + 0.5) - cell.center)
            assert offset <= view.px_per_frame / 2 + 1e-6


@pytest.mark.parametrize("total", [1, 2, 7, 250, TEN_HOURS])
def test_the_strip_begins_with_frame_0_and_each_frame_belongs_to_the_nearest_picture(total: int) -> None:
    keyframes = np.arange(3, total, 50, dtype=np.int64)
    for cells in (
        even_cells(axis(0, total), total, PITCH, NO_KEYFRAMES),
        even_cells(axis(0, total), total, PITCH, keyframes),
    ):
        assert cells[0].frame_number == 0
        assert (cells[0].start, cells[-1].stop) == (0, total)
        for position in {0, total // 9, total // 3, total // 2, total - 1}:
            holder = next(cell for cell in cells if cell.start <= position < cell.stop)
            nearest = min(abs(cell.frame_number - position) for cell in cells)
            assert abs(holder.frame_number - position) == nearest


def test_scrolling_keeps_the_frames_and_moves_the_cells() -> None:
    before = {
        cell.frame_number: cell.center for cell in even_cells(axis(1000, 2000), 5000, PITCH, NO_KEYFRAMES)
    }
    after = {
        cell.frame_number: cell.center for cell in even_cells(axis(1010, 2010), 5000, PITCH, NO_KEYFRAMES)
    }
    shared = before.keys() & after.keys()
    assert len(shared) >= len(before) - 2
    assert all(before[number] - after[number] == pytest.approx(10) for number in shared)


def test_wide_stretches_show_a_keyframe_near_their_middle() -> None:
    keyframes = np.array([0, 50, 85, 131], np.int64)
    cells = even_cells(axis(0, 400), 400, PITCH, keyframes)
    assert [cell.frame_number for cell in cells][:4] == [0, 50, 100, 131]


def test_narrow_stretches_show_the_very_frame() -> None:
    cells = even_cells(axis(0, 20), 20, PITCH, np.arange(0, 20, 2, dtype=np.int64))
    assert [cell.frame_number for cell in cells][:3] == [0, 3, 5]


def test_a_rest_without_room_goes_to_the_stretch_before() -> None:
    cells = even_cells(axis(500, 1500), 1500, PITCH, NO_KEYFRAMES)
    assert cells[-1].stop == 1500
    assert cells[-1].stop - cells[-1].start > 112
    assert cells[-1].center + PITCH / 2 <= 84 + 1000 + 1


@pytest.mark.parametrize("total", [1, 3, 10, 999, TEN_HOURS])
def test_the_whole_video_is_divided_evenly(total: int) -> None:
    cells = even_cells(axis(0, total), total, PITCH, NO_KEYFRAMES)
    assert len(cells) == min(total, 10)
    assert cells[0].start == 0
    assert cells[-1].stop == total
    assert cells[0].center - 84 == pytest.approx(1084 - cells[-1].center, abs=1000 / total)


@pytest.mark.parametrize("total", [3, 11, 13, 16, 19, 25, 999])
def test_cells_over_a_short_video_do_not_overlap(total: int) -> None:
    whole = axis(0, total)
    cells = even_cells(whole, total, PITCH, NO_KEYFRAMES)
    assert all(after.center - before.center >= PITCH - 1 for before, after in pairwise(cells))
    assert all(whole.x_of(cell.start) <= cell.center <= whole.x_of(cell.stop) for cell in cells)


def test_a_video_shorter_than_one_cell_has_one() -> None:
    assert len(even_cells(FrameAxis(0, 1, 84, 60), 1, PITCH, NO_KEYFRAMES)) == 1


def test_a_margin_reaches_beyond_the_edges() -> None:
    without = even_cells(axis(1000, 2000), 5000, PITCH, NO_KEYFRAMES)
    with_margin = even_cells(axis(1000, 2000), 5000, PITCH, NO_KEYFRAMES, 0.5)
    assert len(with_margin) >= len(without) + 8


def test_keyframes_only() -> None:
    keyframes = np.arange(0, TEN_HOURS, 250, dtype=np.int64)
    for span in (1000, 40_000, TEN_HOURS):
        cells = keyframe_cells(axis(0, span), TEN_HOURS, PITCH, keyframes)
        assert cells
        assert all(cell.frame_number % 250 == 0 for cell in cells)
        assert all(right.center - left.center >= PITCH - 1e-6 for left, right in pairwise(cells))


def test_a_stretch_without_keyframes_is_left_empty() -> None:
    keyframes = np.array([0, 900], np.int64)
    assert [cell.frame_number for cell in keyframe_cells(axis(0, 1000), 1000, PITCH, keyframes)] == [0, 900]


def test_a_view_without_keyframes_shows_the_one_it_builds_on() -> None:
    cells = keyframe_cells(axis(300, 400), 1000, PITCH, np.array([0, 250, 900], np.int64))
    assert [(cell.frame_number, cell.center) for cell in cells] == [(250, 84 + 50)]
    assert keyframe_cells(axis(300, 400), 1000, PITCH, np.array([900], np.int64)) == []


@pytest.mark.parametrize(
    ("position", "number"), [(0, 0), (44, 0), (45, 90), (119, 90), (120, 150), (999, 150)]
)
def test_the_nearest_cell_is_that_of_the_nearest_frame(position: int, number: int) -> None:
    cells = [Cell(number, number, number + 1, 0.0) for number in (0, 90, 150)]
    found = nearest_cell(cells, position)
    assert found is not None
    assert found.frame_number == number
    assert nearest_cell([], position) is None


def test_wishes_go_from_the_middle_outward() -> None:
    view = axis(0, 1000)
    order = request_order(even_cells(view, 1000, PITCH, NO_KEYFRAMES, 0.5), view)
    distances = [abs(number - 500) for number in order]
    assert len(order) == len(set(order))
    assert all(near <= far + 112 for near, far in pairwise(distances))
    assert distances[0] < 60


def test_the_cell_under_the_pointer() -> None:
    cells = even_cells(axis(0, 1000), 1000, PITCH, NO_KEYFRAMES)
    assert cell_at(cells, cells[2].center + 30, 80) is cells[2]
    assert cell_at(cells, cells[2].center + 45, 80) is None
