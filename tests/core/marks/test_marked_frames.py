"""Marks with notes, and two people's changes of the same ones."""

from __future__ import annotations

from itertools import product

import pytest

from framescope.core.marks.marked_frames import (
    LABEL_LENGTH,
    NOTE_LENGTH,
    MarkedFrames,
    clean_label,
    clean_note,
    merged,
)


def test_marks_are_ascending_and_each_once() -> None:
    marked = MarkedFrames().with_marks([9, 3, 9]).with_marks([5])
    assert marked.marks == (3, 5, 9)
    assert [marked.is_marked(number) for number in (2, 3, 4, 9, 10)] == [False, True, False, True, False]


def test_a_note_marks_its_frame_and_goes_with_the_mark() -> None:
    marked = MarkedFrames().with_note(7, "Goal")
    assert (marked.marks, marked.notes) == ((7,), {7: "Goal"})
    assert marked.with_note(7, "  ").marks == (7,)
    assert marked.with_note(7, "  ").notes == {}
    assert not marked.without_mark(7)
    assert marked.without_mark(7).notes == marked.without_marks().notes == {}


def test_a_label_marks_its_frame_and_stays_apart_from_the_note() -> None:
    marked = MarkedFrames().with_label(7, " cat\n").with_note(7, "Goal").with_label(8, "dog")
    assert (marked.marks, marked.labels, marked.notes) == ((7, 8), {7: "cat", 8: "dog"}, {7: "Goal"})
    assert marked.with_label(7, "").labels == {8: "dog"}
    assert marked.with_label(7, "").marks == (7, 8)
    assert marked.with_note(7, "").labels == marked.labels
    assert marked.without_mark(7).labels == marked.within(9).without_mark(7).labels == {8: "dog"}
    assert marked.within(8).labels == {7: "cat"}
    assert marked.without_marks().labels == {}
    assert clean_label("x" * 100) == "x" * LABEL_LENGTH


def test_more_marks_do_not_take_notes_away() -> None:
    marked = MarkedFrames().with_note(7, "Goal").with_marks([7, 8], {8: "Cut"})
    assert marked.notes == {7: "Goal", 8: "Cut"}


def test_within_a_shorter_video() -> None:
    marked = MarkedFrames((1, 5, 9), {9: "end"}, 2, 9)
    assert marked.within(10) == marked
    assert marked.within(9) == MarkedFrames((1, 5), {}, 2, None)
    assert not marked.within(1)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  two\nlines\tand \x1b[31mred ", "two lines and [31mred"),
        ("half \udc80", "half"),
        ("e\u0301 👩‍🚀 עברית", "e\u0301 👩‍🚀 עברית"),
        ("x" * 600, "x" * NOTE_LENGTH),
    ],
)
def test_a_note_is_one_line_of_text(typed: str, kept: str) -> None:
    assert clean_note(typed) == kept


def test_what_two_did_to_a_mark_is_kept_of_both() -> None:
    base = MarkedFrames((1, 2, 3), {1: "a", 2: "b"})
    ours = base.with_marks([10]).without_mark(1).with_note(3, "c")
    theirs = base.with_marks([20]).without_mark(2)
    assert merged(base, ours, theirs).marks == (3, 10, 20)
    assert merged(base, ours, theirs).notes == {3: "c"}


def test_labels_of_two_are_kept_of_both() -> None:
    base = MarkedFrames((1, 2, 3)).with_label(1, "cat").with_label(2, "cat")
    ours, theirs = base.with_label(1, "dog").with_label(5, "own"), base.with_label(2, "").with_label(3, "new")
    assert merged(base, ours, theirs).labels == {1: "dog", 3: "new", 5: "own"}


def test_every_change_of_one_mark_against_every_other() -> None:
    base = MarkedFrames((1,), {1: "old"})
    changes = {
        "kept": base,
        "gone": base.without_mark(1),
        "renamed": base.with_note(1, "new"),
        "silenced": base.with_note(1, ""),
    }
    for (name, ours), (other, theirs) in product(changes.items(), changes.items()):
        found = merged(base, ours, theirs)
        assert found.is_marked(1) is ("gone" not in (name, other)), (name, other)
        if found.marks:
            assert found.notes == (ours.notes if name != "kept" else theirs.notes), (name, other)


def test_our_range_wins_where_we_changed_it() -> None:
    base = MarkedFrames(in_point=1, out_point=5)
    theirs = MarkedFrames((9,), {}, 2, 4)
    assert merged(base, base.with_marks([3]), theirs) == MarkedFrames((3, 9), {}, 2, 4)
    assert merged(base, MarkedFrames((3,), {}, 0, 5), theirs) == MarkedFrames((3, 9), {}, 0, 5)
