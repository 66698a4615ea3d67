"""The frames that the user has marked: marks with notes and labels, and the in/out range."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from framescope.core.printable import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

NOTE_LENGTH = 500
"""Maximum length of a note in characters."""
LABEL_LENGTH = 60
"""Maximum length of a label in characters."""
_NOTHING: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class MarkedFrames:
    """An immutable state of the selection.

    Attributes:
        marks: Marked frame numbers, ascending, each once.
        notes: Notes on marked frames, by frame number; a mark without a note is not in it.
        in_point: First frame of the range, or None.
        out_point: Last frame of the range (it belongs to the range), or None.
        labels: Labels of marked frames, as notes: each names a class of frames.
    """

    marks: tuple[int, ...] = ()
    notes: Mapping[int, str] = field(default_factory=lambda: _NOTHING)
    in_point: int | None = None
    out_point: int | None = None
    labels: Mapping[int, str] = field(default_factory=lambda: _NOTHING)

    def __bool__(self) -> bool:
        """Whether anything is marked or set."""
        return bool(self.marks) or self.in_point is not None or self.out_point is not None

    def is_marked(self, frame_number: int) -> bool:
        """Whether the frame is marked."""
        place = bisect_left(self.marks, frame_number)
        return place < len(self.marks) and self.marks[place] == frame_number

    def texts_of(self, frame_number: int) -> tuple[str, str]:
        """The label and the note of a frame, each empty if there is none."""
        return self.labels.get(frame_number, ""), self.notes.get(frame_number, "")

    def text_of(self, frame_number: int) -> str:
        """The label and the note of a frame in one line; empty if there is neither."""
        return ": ".join(filter(None, self.texts_of(frame_number)))

    def label_counts(self) -> Mapping[str, int]:
        """How many frames have each label, by name in order; unlabelled ones are not counted."""
        return dict(sorted(Counter(self.labels.values()).items()))

    def with_marks(
        self,
        frame_numbers: Iterable[int],
        notes: Mapping[int, str] = _NOTHING,
        labels: Mapping[int, str] = _NOTHING,
    ) -> MarkedFrames:
        """These frames marked as well; ``notes`` and ``labels`` replace existing ones."""
        marks = tuple(sorted({*self.marks, *frame_numbers}))
        return replace(
            self,
            marks=marks,
            notes=_frozen({**self.notes, **notes}),
            labels=_frozen({**self.labels, **labels}),
        )

    def with_note(self, frame_number: int, text: str) -> MarkedFrames:
        """The frame marked, with this note; an empty one removes the note and leaves the mark."""
        notes = _with_text(self.notes, frame_number, clean_note(text))
        return replace(self, notes=notes).with_marks((frame_number,))

    def with_label(self, frame_number: int, text: str) -> MarkedFrames:
        """The frame marked, with this label; an empty one removes the label and leaves the mark."""
        labels = _with_text(self.labels, frame_number, clean_label(text))
        return replace(self, labels=labels).with_marks((frame_number,))

    def with_labels_renamed(self, names: Mapping[str, str]) -> MarkedFrames:
        """Each label that is among ``names`` under its new name."""
        labels = {number: names.get(label, label) for number, label in self.labels.items()}
        return replace(self, labels=_frozen(labels))

    def without_mark(self, frame_number: int) -> MarkedFrames:
        """The frame not marked; its note and its label go with the mark."""
        return self.kept_where(lambda number: number != frame_number)

    def without_marks(self) -> MarkedFrames:
        """No frame marked."""
        return replace(self, marks=(), notes=_NOTHING, labels=_NOTHING)

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
        marks = tuple(number for number in self.marks if keeps(number))
        notes, labels = (
            _frozen({number: words for number, words in texts.items() if keeps(number)})
            for texts in (self.notes, self.labels)
        )
        return replace(self, marks=marks, notes=notes, labels=labels)


def clean_note(text: str) -> str:
    """A note on one line, without control characters and no longer than notes may be."""
    return _on_one_line(text)[:NOTE_LENGTH].rstrip() if text else ""


@lru_cache(maxsize=1024)
def clean_label(text: str) -> str:
    """The same of a label; a few are in many places."""
    return _on_one_line(text)[:LABEL_LENGTH].rstrip()


def _on_one_line(text: str) -> str:
    return " ".join(readable(text).split())


def merged(base: MarkedFrames, ours: MarkedFrames, theirs: MarkedFrames) -> MarkedFrames:
    """Our changes since ``base`` on top of ``theirs``, a concurrent change of ``base``."""
    if theirs in (base, ours):
        return ours
    before, own, other = set(base.marks), set(ours.marks), set(theirs.marks)
    marks = (own | (other - before)) - (before - other)
    notes = _merged_texts(marks, base.notes, ours.notes, theirs.notes)
    labels = _merged_texts(marks, base.labels, ours.labels, theirs.labels)
    own_range, old_range = (ours.in_point, ours.out_point), (base.in_point, base.out_point)
    in_point, out_point = own_range if own_range != old_range else (theirs.in_point, theirs.out_point)
    return MarkedFrames(tuple(sorted(marks)), notes, in_point, out_point, labels)


def _merged_texts(
    marks: Iterable[int], base: Mapping[int, str], ours: Mapping[int, str], theirs: Mapping[int, str]
) -> Mapping[int, str]:
    found = {}
    for number in marks:
        own = ours.get(number, "")
        words = own if own != base.get(number, "") else theirs.get(number, "")
        if words:
            found[number] = words
    return _frozen(found)


def _with_text(texts: Mapping[int, str], frame_number: int, text: str) -> Mapping[int, str]:
    others = {number: words for number, words in texts.items() if number != frame_number}
    return _frozen(others | ({frame_number: text} if text else {}))


def _frozen(texts: Mapping[int, str]) -> Mapping[int, str]:
    return MappingProxyType(dict(texts)) if texts else _NOTHING
