"""Marks and the in/out range, with undo and redo."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Slot

from framescope.core.marks.marked_frames import MarkedFrames
from framescope.session.selection import Selection
from framescope.session.state import FrameRange


class Ear(QObject):
    """Counts the signals."""

    def __init__(self, selection: Selection) -> None:
        super().__init__()
        self.marks = self.ranges = 0
        selection.marks_changed.connect(self._on_marks_changed)
        selection.range_changed.connect(self._on_range_changed)

    @Slot()
    def _on_marks_changed(self) -> None:
        self.marks += 1

    @Slot()
    def _on_range_changed(self) -> None:
        self.ranges += 1


@pytest.fixture
def selection() -> Selection:
    return Selection()


def test_marks_stay_ascending_and_toggle(selection: Selection) -> None:
    ear = Ear(selection)
    for number in (5, 1, 9, 1, 3):
        selection.toggle_mark(number)
    assert selection.state.marks == (3, 5, 9)
    assert (ear.marks, ear.ranges) == (5, 0)


def test_adding_known_marks_is_no_change(selection: Selection) -> None:
    selection.add_marks([4, 2, 4])
    ear = Ear(selection)
    selection.add_marks([2])
    assert selection.state.marks == (2, 4)
    assert ear.marks == 0
    selection.undo()
    assert not selection.state.marks


@pytest.mark.parametrize(
    ("number", "before", "after"), [(0, None, 2), (2, None, 5), (3, 2, 5), (5, 2, None), (9, 5, None)]
)
def test_neighbouring_marks(selection: Selection, number: int, before: int | None, after: int | None) -> None:
    selection.add_marks([2, 5])
    assert selection.mark_before(number) == before
    assert selection.mark_after(number) == after


def test_range_holds_its_last_frame(selection: Selection) -> None:
    assert selection.range_within(100) is None
    selection.set_in_point(10)
    assert selection.range_within(100) == FrameRange(10, 100)
    selection.set_out_point(19)
    assert selection.range_within(100) == FrameRange(10, 20)
    selection.clear_range()
    selection.set_out_point(19)
    assert selection.range_within(100) == FrameRange(0, 20)


def test_an_end_on_the_wrong_side_is_forgotten(selection: Selection) -> None:
    selection.set_in_point(10)
    selection.set_out_point(20)
    selection.set_in_point(30)
    assert (selection.state.in_point, selection.state.out_point) == (30, None)
    selection.set_out_point(5)
    assert (selection.state.in_point, selection.state.out_point) == (None, 5)


def test_one_frame_range(selection: Selection) -> None:
    selection.set_in_point(7)
    selection.set_out_point(7)
    span = selection.range_within(100)
    assert span is not None
    assert len(span) == 1


def test_undo_and_redo_go_through_marks_and_ranges(selection: Selection) -> None:
    selection.toggle_mark(1)
    selection.set_in_point(2)
    selection.toggle_mark(3)
    states = [selection.state]
    ear = Ear(selection)
    while selection.can_undo:
        selection.undo()
        states.append(selection.state)
    assert [state.marks for state in states] == [(1, 3), (1,), (1,), ()]
    assert [state.in_point for state in states] == [2, 2, None, None]
    assert (ear.marks, ear.ranges) == (2, 1)
    while selection.can_redo:
        selection.redo()
    assert selection.state == states[0]


def test_a_change_ends_what_could_be_redone(selection: Selection) -> None:
    selection.toggle_mark(1)
    selection.undo()
    selection.toggle_mark(2)
    assert not selection.can_redo
    selection.redo()
    assert selection.state.marks == (2,)


def test_undo_reaches_back_a_hundred_changes(selection: Selection) -> None:
    for number in range(150):
        selection.toggle_mark(number)
    for _ in range(150):
        selection.undo()
    assert len(selection.state.marks) == 50


def test_reset_forgets_the_history(selection: Selection) -> None:
    selection.toggle_mark(1)
    selection.reset()
    assert selection.state.marks == ()
    assert not selection.can_undo
    assert not selection.can_redo


def test_notes_are_undone_like_marks(selection: Selection) -> None:
    ear = Ear(selection)
    selection.set_note(5, "Goal")
    selection.set_note(5, "Own goal")
    selection.set_note(5, "Own goal ")
    assert (selection.state.marks, selection.state.notes) == ((5,), {5: "Own goal"})
    assert (ear.marks, ear.ranges) == (2, 0)
    selection.toggle_mark(5)
    assert selection.state.notes == {}
    selection.undo()
    assert selection.state.notes == {5: "Own goal"}
    selection.undo()
    selection.undo()
    assert not selection.state
    selection.redo()
    assert selection.state.notes == {5: "Goal"}


def test_marks_of_a_file_are_one_step_of_undo(selection: Selection) -> None:
    selection.set_note(1, "a")
    selection.set_in_point(1)
    before = selection.state
    selection.add(MarkedFrames((1, 2), {2: "b"}))
    assert selection.state == MarkedFrames((1, 2), {1: "a", 2: "b"}, 1)
    selection.add(MarkedFrames((), {}, 3, 4))
    assert selection.state == MarkedFrames((1, 2), {1: "a", 2: "b"}, 3, 4)
    selection.undo()
    selection.undo()
    assert selection.state == before


def test_several_marks_are_taken_away_at_once(selection: Selection) -> None:
    selection.add(MarkedFrames((1, 2, 3), {2: "b"}))
    selection.remove_marks([1, 2, 9])
    assert selection.state == MarkedFrames((3,))
    selection.undo()
    assert selection.state == MarkedFrames((1, 2, 3), {2: "b"})


def test_another_video_begins_with_what_was_kept_of_it(selection: Selection) -> None:
    selection.set_note(1, "a")
    kept = MarkedFrames((7,), {7: "x"}, 2, 3)
    selection.reset(kept)
    assert selection.state == kept
    assert not selection.can_undo


def test_a_label_taken_back_takes_the_mark_that_it_made(selection: Selection) -> None:
    selection.toggle_label(5, "cat")
    selection.toggle_label(5, "dog")
    assert selection.state == MarkedFrames((5,), labels={5: "dog"})
    selection.toggle_label(5, "dog")
    assert selection.state == MarkedFrames()
    selection.undo()
    selection.toggle_label(5, "dog")
    assert selection.state == MarkedFrames()


def test_a_label_taken_back_leaves_what_was_marked_before_or_has_a_note(selection: Selection) -> None:
    selection.toggle_mark(5)
    selection.toggle_label(5, "cat")
    selection.toggle_label(7, "cat")
    selection.set_note(7, "asleep")
    selection.toggle_label(5, "cat")
    selection.toggle_label(7, "cat")
    assert selection.state == MarkedFrames((5, 7), {7: "asleep"})


def test_which_marks_labels_made_is_undone_with_them(selection: Selection) -> None:
    selection.toggle_mark(5)
    selection.toggle_label(5, "cat")
    selection.toggle_mark(5)
    selection.toggle_label(5, "cat")
    selection.undo()
    selection.undo()
    selection.toggle_label(5, "cat")
    assert selection.state == MarkedFrames((5,))
    selection.reset(MarkedFrames((9,), labels={9: "cat"}))
    selection.toggle_label(9, "cat")
    assert selection.state == MarkedFrames((9,))
