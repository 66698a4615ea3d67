"""The frames that the user has marked: marks with notes, and the in/out range."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING
from unicodedata import category

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

NOTE_LENGTH = 500
"""Maximum length of a note in characters."""
_BREAKS = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Control characters, halves of characters, and what ends a line or a paragraph."""
_NO_NOTES: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class MarkedFrames:
    """An immutable state of the selection.

    Attributes:
        marks: Marked frame numbers, ascending, each once.
        notes: Notes on marked frames, by frame number; a mark without a note is not in it.
        in_point: First frame of the range, or None.
        out_point: Last frame of the range (it belongs to the range), or None.
    """

    marks: tuple[int, ...] = ()
    notes: Mapping[int, str] = field(default_factory=lambda: _NO_NOTES)
    in_point: int | None = None
    out_point: int | None = None

    def __bool__(self) -> bool:
        """Whether anything is marked or set."""
        return bool(self.marks) or self.in_point is not None or self.out_point is not None

    def is_marked(self, frame_number: int) -> bool:
        """Whether the frame is marked."""
        place = bisect_left(self.marks, frame_number)
        return place < len(self.marks) and self.marks[place] == frame_number

    def with_marks(self, frame_numbers: Iterable[int], notes: Mapping[int, str] = _NO_NOTES) -> MarkedFrames:
        """These frames marked as well; ``notes`` replace existing ones."""
        marks = tuple(sorted({*self.marks, *frame_numbers}))
        return replace(self, marks=marks, notes=_frozen({**self.notes, **notes}))

    def with_note(self, frame_number: int, text: str) -> MarkedFrames:
        """The frame marked, with this note; an empty one removes the note and leaves the mark."""
        note = clean_note(text)
        others = {number: words for number, words in self.notes.items() if number != frame_number}
        return replace(self, notes=_frozen(others)).with_marks(
            (frame_number,), {frame_number: note} if note else {}
        )

    def without_mark(self, frame_number: int) -> MarkedFrames:
        """The frame not marked; its note goes with the mark."""
        return self.kept_where(lambda number: number != frame_number)

    def without_marks(self) -> MarkedFrames:
        """No frame marked."""
        return replace(self, marks=(), notes=_NO_NOTES)

    def within(self, frame_total: int) -> MarkedFrames:
        """The part that exists in a video with this many frames."""
        kept = self
        if self.marks and self.marks[-1] >= frame_total:
            kept = self.kept_where(lambda number: number < frame_total)
        ends = (end if end is None or end < frame_total else None for end in (self.in_point, self.out_point))
        in_point, out_point = ends
        return replace(kept, in_point=in_point, out_point=out_point)

    def kept_where(self, keeps: Callable[[int], bool]) -> MarkedFrames:
        """The marks whose frame number ``keeps`` agrees to, and the range."""
        notes = {number: words for number, words in self.notes.items() if keeps(number)}
        return replace(
            self, marks=tuple(number for number in self.marks if keeps(number)), notes=_frozen(notes)
        )


def clean_note(text: str) -> str:
    """A note on one line, without control characters and no longer than notes may be."""
    words = " ".join("".join(" " if category(letter) in _BREAKS else letter for letter in text).split())
    return words[:NOTE_LENGTH].rstrip()


def merged(base: MarkedFrames, ours: MarkedFrames, theirs: MarkedFrames) -> MarkedFrames:
    """Our changes since ``base`` on top of ``theirs``, a concurrent change of ``base``."""
    if theirs in (base, ours):
        return ours
    before, own, other = set(base.marks), set(ours.marks), set(theirs.marks)
    marks = (own | (other - before)) - (before - other)
    notes = {
        number: words
        for number in marks
        if (words := _merged_note(number, base.notes, ours.notes, theirs.notes))
    }
    own_range, old_range = (ours.in_point, ours.out_point), (base.in_point, base.out_point)
    in_point, out_point = own_range if own_range != old_range else (theirs.in_point, theirs.out_point)
    return MarkedFrames(tuple(sorted(marks)), _frozen(notes), in_point, out_point)


def _merged_note(
    number: int, base: Mapping[int, str], ours: Mapping[int, str], theirs: Mapping[int, str]
) -> str:
    own = ours.get(number, "")
    return own if own != base.get(number, "") else theirs.get(number, "")


def _frozen(notes: Mapping[int, str]) -> Mapping[int, str]:
    return MappingProxyType(dict(notes)) if notes else _NO_NOTES
