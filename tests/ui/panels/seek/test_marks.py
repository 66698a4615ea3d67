"""Which mark stands where on a lane."""

from __future__ import annotations

import numpy as np

from framescope.ui.panels.seek.lanes import LaneMarks
from framescope.ui.panels.seek.words import Level
from framescope.ui.timeline.axis import FrameAxis
from tests.ui.panels.seek.audits import answer


def test_the_worst_answer_for_a_frame_stays() -> None:
    marks = LaneMarks.of([answer(3, 3), answer(3, 5), answer(1, 1), answer(3, None)])

    assert marks.frames.tolist() == [1, 3]
    assert marks.levels.tolist() == [Level.EXACT, Level.WRONG]
    assert marks.answers[1].landed == 5


def test_a_pixel_has_one_mark_and_the_worst_wins() -> None:
    marks = LaneMarks.of([answer(n, n + 1 if n == 57 else n) for n in range(1000)])
    shown = marks.by_pixel(FrameAxis(0, 1000, 0, 100))

    assert len(shown) == 100
    assert len(np.unique(shown.pixels)) == 100
    assert [marks.answers[place].frame_number for place in shown.places.tolist()][5] == 57


def test_two_million_frames_are_no_more_marks_than_pixels() -> None:
    frames = np.arange(0, 2_000_000, 20)
    marks = LaneMarks(frames, np.zeros(len(frames), np.int8), tuple(answer(0, 0) for _ in range(1)))

    assert len(marks.by_pixel(FrameAxis(0, 2_000_000, 84, 300))) == 300


def test_only_what_is_in_view_is_drawn() -> None:
    marks = LaneMarks.of([answer(n, n) for n in range(0, 100, 10)])
    shown = marks.by_pixel(FrameAxis(35, 65, 0, 300))

    assert [marks.answers[place].frame_number for place in shown.places.tolist()] == [40, 50, 60]
    assert not len(marks.by_pixel(FrameAxis(41, 49, 0, 300)))


def test_the_pointer_means_the_cell_it_is_in_when_zoomed_in() -> None:
    marks = LaneMarks.of([answer(0, 0), answer(1, 5), answer(2, 2)])
    axis = FrameAxis(0, 10, 0, 500)

    assert marks.place_at(axis, 95) == 1
    assert marks.place_at(axis, 120) == 2
    assert marks.place_at(axis, 400) is None


def test_the_pointer_means_the_worst_within_reach_when_zoomed_out() -> None:
    marks = LaneMarks.of([answer(n, n + 2 if n == 100 else n) for n in range(0, 1000, 5)])
    place = marks.place_at(FrameAxis(0, 1000, 0, 500), 51.5)

    assert place is not None
    assert marks.answers[place].frame_number == 100
