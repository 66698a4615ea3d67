"""Names what a map between two videos leaves over: frames dropped, doubled, inserted, cut or added. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from framescope.core.distinct import runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from framescope.core.compare.cadence import Cadence
    from framescope.core.compare.matching import Matcher

    Numbers = NDArray[np.int64]

SCENE_FRAMES = 12
"""Frames in a row from which on a scene is cut or added, not frames dropped or inserted."""
_JITTER = 3
"""Frames by which a gap may be beside the place where its rhythm has it, in slow scenes."""
_MOST_AMBIGUOUS = 100_000


class DifferenceKind(StrEnum):
    """What happened to some frames."""

    DROPPED = "dropped"
    """Frames of A are missing from B."""
    DOUBLED = "doubled"
    """Frames of B repeat the one before."""
    INSERTED = "inserted"
    """Frames of B are not in A."""
    CUT = "cut"
    """A scene of A is missing from B."""
    ADDED = "added"
    """A scene of B is not in A."""
    STARTS_LATER = "starts later"
    """B begins with a later frame of A."""
    ENDS_EARLIER = "ends earlier"
    """B ends with an earlier frame of A."""
    LEAD_IN = "lead-in"
    """B begins with frames that are not in A."""
    LEAD_OUT = "lead-out"
    """B ends with frames that are not in A."""
    REPEATS_IN_RHYTHM = "rate raised"
    """Frames are repeated at regular intervals: another rate, or pulldown."""
    DROPS_IN_RHYTHM = "rate lowered"
    """Frames are left out at regular intervals: another rate."""
    NOTHING_IN_COMMON = "nothing in common"
    """No frame of one is in the other."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing by which B differs from A.

    Attributes:
        kind: What happened.
        a: The frames of A concerned; empty, at the place in question, if none is.
        b: The frames of B concerned, likewise.
        count: How many frames are missing, repeated or added.
        between: The run in which they may be anywhere, because the pictures are all the same: of A for frames
            missing from B, of B for the others; equal to the frames themselves where it is certain.
        share: For a rhythm, how many frames of how many are repeated or left out.
    """

    kind: DifferenceKind
    a: range
    b: range
    count: int
    between: range
    share: Fraction = Fraction(0)

    @property
    def is_certain(self) -> bool:
        """Whether it is known which frames it is."""
        return len(self.between) <= self.count or bool(self.share)


class _Gap(NamedTuple):
    """Frames of one video in a row, and the place in the other."""

    frames: range
    place: int


def find_differences(
    b_of_a: Numbers, a_of_b: Numbers, matcher: Matcher | None, cadence: Cadence | None
) -> tuple[Difference, ...]:
    """The differences, by their place in A.

    Args:
        b_of_a: For each frame of A, the first frame of B that shows it, or -1.
        a_of_b: For each frame of B, the frame of A, or -1.
        matcher: The pictures, to tell where frames look all the same; None if they were not looked at.
        cadence: Where gaps are due.
    """
    if (len(a_of_b) or len(b_of_a)) and (a_of_b < 0).all():
        kind, a, b = DifferenceKind.NOTHING_IN_COMMON, range(len(b_of_a)), range(len(a_of_b))
        return (Difference(kind, a, b, max(len(a), len(b)), a),)
    b_numbers = np.arange(len(a_of_b))
    is_repeat = (a_of_b >= 0) & (b_of_a[a_of_b] != b_numbers)
    missing, repeated = b_of_a < 0, is_repeat
    found: list[Difference] = []
    if cadence is not None:
        for kind, is_gap, due, others, share in (
            (DifferenceKind.DROPS_IN_RHYTHM, missing, cadence.skips, b_of_a, cadence.skip_share),
            (DifferenceKind.REPEATS_IN_RHYTHM, repeated, cadence.repeats, a_of_b, cadence.repeat_share),
        ):
            regular = _regular(is_gap, due == 1)
            if regular.any():
                found.append(_in_rhythm(kind, regular, others, share))
                is_gap[regular] = False
    found += [_missing(gap, len(b_of_a), len(a_of_b), matcher) for gap in _gaps(missing, b_of_a)]
    found += [_repeated(gap, matcher) for gap in _gaps(repeated, a_of_b)]
    found += [_extra(gap, len(b_of_a), len(a_of_b)) for gap in _gaps(a_of_b < 0, a_of_b)]
    return tuple(sorted(found, key=lambda one: (one.a.start, one.b.start)))


def _gaps(marked: NDArray[np.bool_], counterparts: Numbers) -> Iterator[_Gap]:
    """The runs of marked frames, and what comes next in the other video."""
    # The counterpart of the last frame with one before each frame.
    last = np.maximum.accumulate(np.concatenate([[-1], counterparts]))
    for begin, end in runs(marked):
        yield _Gap(range(begin, end), int(last[begin]) + 1)


def _regular(is_gap: NDArray[np.bool_], is_due: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The gaps that a rhythm explains: those that are due, and those instead of one nearby."""
    regular = is_gap & is_due
    free = {*np.flatnonzero(is_due & ~is_gap).tolist()}
    for frame in np.flatnonzero(is_gap & ~is_due).tolist():
        near = [one for one in range(frame - _JITTER, frame + _JITTER + 1) if one in free]
        if near:
            free.discard(min(near, key=lambda one: abs(one - frame)))
            regular[frame] = True
    return regular


def _in_rhythm(
    kind: DifferenceKind, regular: NDArray[np.bool_], others: Numbers, share: Fraction
) -> Difference:
    places = np.flatnonzero(regular)
    run = range(int(places[0]), int(places[-1]) + 1)
    partners = others[run.start : run.stop]
    partners = partners[partners >= 0]
    other = range(int(partners.min()), int(partners.max()) + 1) if len(partners) else range(0)
    a, b = (run, other) if kind is DifferenceKind.DROPS_IN_RHYTHM else (other, run)
    return Difference(kind, a, b, len(places), run, share)


def _missing(gap: _Gap, a_count: int, b_count: int, matcher: Matcher | None) -> Difference:
    kind = DifferenceKind.DROPPED
    if gap.frames.start == 0:
        kind = DifferenceKind.STARTS_LATER
    elif gap.frames.stop == a_count:
        kind = DifferenceKind.ENDS_EARLIER
    elif len(gap.frames) >= SCENE_FRAMES:
        kind = DifferenceKind.CUT
    place = min(gap.place, b_count)
    between = gap.frames
    if matcher is not None and kind is DifferenceKind.DROPPED:
        between = _ambiguous(matcher.a, gap.frames, matcher.noise)
    return Difference(kind, gap.frames, range(place, place), len(gap.frames), between)


def _repeated(gap: _Gap, matcher: Matcher | None) -> Difference:
    origin = gap.place - 1
    between = gap.frames
    if matcher is not None:
        between = _ambiguous(matcher.b, gap.frames, np.full(len(matcher.b), matcher.noise[origin]))
    return Difference(DifferenceKind.DOUBLED, range(origin, origin + 1), gap.frames, len(gap.frames), between)


def _extra(gap: _Gap, a_count: int, b_count: int) -> Difference:
    kind = DifferenceKind.INSERTED
    if gap.frames.start == 0:
        kind = DifferenceKind.LEAD_IN
    elif gap.frames.stop == b_count:
        kind = DifferenceKind.LEAD_OUT
    elif len(gap.frames) >= SCENE_FRAMES:
        kind = DifferenceKind.ADDED
    place = min(gap.place, a_count)
    return Difference(kind, range(place, place), gap.frames, len(gap.frames), gap.frames)


def _ambiguous(cells: NDArray[np.float32], frames: range, noise: NDArray[np.float64]) -> range:
    """The run in which as many frames could be missing or repeated, and leave the same pictures."""
    length = len(frames)

    def is_same(earlier: int) -> bool:
        apart = float(((cells[earlier] - cells[earlier + length]) ** 2).mean())
        return apart <= 0.02 * float(noise[earlier]) + 0.05**2

    start, stop = frames.start, frames.stop
    while start > 0 and frames.start - start < _MOST_AMBIGUOUS and is_same(start - 1):
        start -= 1
    while stop < len(cells) and stop - frames.stop < _MOST_AMBIGUOUS and is_same(stop - length):
        stop += 1
    return range(start, stop)
