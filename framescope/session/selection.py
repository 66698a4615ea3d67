"""Marks, notes, labels and the in/out range, with undo and redo. Knows frame numbers only, no video."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from framescope.core.marks.marked_frames import MarkedFrames
from framescope.session.state import FrameRange

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_UNDO_LIMIT = 100


class _Step(NamedTuple):
    """A selection, and the frames in it that are marked only because they were given a label."""

    state: MarkedFrames
    labelled: frozenset[int]


class Selection(QObject):
    """The user's marks and in/out range. Threads: GUI."""

    marks_changed = Signal()
    range_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = MarkedFrames()
        self._labelled: frozenset[int] = frozenset()
        self._past: list[_Step] = []
        self._future: list[_Step] = []

    @property
    def state(self) -> MarkedFrames:
        """The current selection."""
        return self._state

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to undo."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to redo."""
        return bool(self._future)

    def range_within(self, frame_total: int) -> FrameRange | None:
        """The in/out range; an unset end is that of the video."""
        state = self._state
        if state.in_point is None and state.out_point is None:
            return None
        start = 0 if state.in_point is None else state.in_point
        # The half-open end must include the last frame the user marked.
        stop = frame_total if state.out_point is None else state.out_point + 1
        return FrameRange(start, max(stop, start))

    def toggle_mark(self, frame_number: int) -> None:
        """Mark the frame, or remove its mark."""
        state = self._state
        is_marked = state.is_marked(frame_number)
        self._change(state.without_mark(frame_number) if is_marked else state.with_marks((frame_number,)))

    def add_marks(self, frame_numbers: Iterable[int]) -> None:
        """Mark all of these frames, in addition to existing marks."""
        self._change(self._state.with_marks(frame_numbers))

    def add(self, marked: MarkedFrames) -> None:
        """Mark more frames, with their notes, and adopt their range if there is one; one undo step."""
        state = self._state.with_marks(marked.marks, marked.notes, marked.labels)
        if marked.in_point is not None or marked.out_point is not None:
            state = replace(state, in_point=marked.in_point, out_point=marked.out_point)
        self._change(state)

    def set_note(self, frame_number: int, text: str) -> None:
        """Mark the frame with this note; an empty one removes the note and leaves the mark."""
        self._change(self._state.with_note(frame_number, text))

    def set_label(self, frame_number: int, text: str) -> None:
        """Mark the frame with this label; an empty one removes the label and leaves the mark."""
        self._change(self._state.with_label(frame_number, text))

    def toggle_label(self, frame_number: int, label: str) -> None:
        """Give the frame this label, or take it back; with it goes the mark that it made."""
        state, labelled = self._state, self._labelled
        if state.labels.get(frame_number) != label:
            if not state.is_marked(frame_number):
                labelled |= {frame_number}
            self._change(state.with_label(frame_number, label), labelled)
        elif frame_number in labelled and frame_number not in state.notes:
            self._change(state.without_mark(frame_number), labelled - {frame_number})
        else:
            self._change(state.with_label(frame_number, ""))

    def rename_labels(self, names: Mapping[str, str]) -> int:
        """Give labels other names, by the present ones; how many frames have one of them."""
        count = sum(label in names for label in self._state.labels.values())
        self._change(self._state.with_labels_renamed(names))
        return count

    def remove_marks(self, frame_numbers: Iterable[int]) -> None:
        """Remove these marks, with their notes."""
        removed = frozenset(frame_numbers)
        self._change(self._state.kept_where(lambda number: number not in removed))

    def clear_marks(self) -> None:
        """Remove every mark."""
        self._change(self._state.without_marks())

    def set_in_point(self, frame_number: int) -> None:
        """Start the range here; clears an earlier out point."""
        out_point = self._state.out_point
        if out_point is not None and out_point < frame_number:
            out_point = None
        self._change(replace(self._state, in_point=frame_number, out_point=out_point))

    def set_out_point(self, frame_number: int) -> None:
        """End the range with this frame; clears a later in point."""
        in_point = self._state.in_point
        if in_point is not None and in_point > frame_number:
            in_point = None
        self._change(replace(self._state, in_point=in_point, out_point=frame_number))

    def clear_range(self) -> None:
        """Clear the in and out points."""
        self._change(replace(self._state, in_point=None, out_point=None))

    def mark_after(self, frame_number: int) -> int | None:
        """The first mark after the frame."""
        place = bisect_right(self._state.marks, frame_number)
        return self._state.marks[place] if place < len(self._state.marks) else None

    def mark_before(self, frame_number: int) -> int | None:
        """The last mark before the frame."""
        place = bisect_left(self._state.marks, frame_number)
        return self._state.marks[place - 1] if place > 0 else None

    def undo(self) -> None:
        """Undo the last change."""
        if self._past:
            self._future.append(_Step(self._state, self._labelled))
            self._become(*self._past.pop())

    def redo(self) -> None:
        """Redo the last undone change."""
        if self._future:
            self._past.append(_Step(self._state, self._labelled))
            self._become(*self._future.pop())

    def reset(self, state: MarkedFrames | None = None) -> None:
        """Start with this selection, or an empty one, without history: for another video."""
        self._past.clear()
        self._future.clear()
        self._become(state or MarkedFrames())

    def _change(self, state: MarkedFrames, labelled: frozenset[int] | None = None) -> None:
        if state == self._state:
            return
        self._past.append(_Step(self._state, self._labelled))
        del self._past[:-_UNDO_LIMIT]
        self._future.clear()
        if labelled is None:
            labelled = frozenset(number for number in self._labelled if state.is_marked(number))
        self._become(state, labelled)

    def _become(self, state: MarkedFrames, labelled: frozenset[int] = frozenset()) -> None:
        before, self._state, self._labelled = self._state, state, labelled
        was, now = ((one.marks, one.notes, one.labels) for one in (before, state))
        if was != now:
            self.marks_changed.emit()
        if (before.in_point, before.out_point) != (state.in_point, state.out_point):
            self.range_changed.emit()
