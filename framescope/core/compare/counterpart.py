"""Which frame of B is shown beside a frame of A, and why there is none where there is none. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.compare.choices import AlignBy
from framescope.core.compare.differences import DifferenceKind
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.compare.alignment import Alignment
    from framescope.core.compare.differences import Difference


@dataclass(frozen=True, slots=True)
class Counterpart:
    """What B has for a frame of A.

    Attributes:
        number: The frame of B; None if there is none.
        absence: Why there is none, for display; empty if there is one.
        repeats: All frames of B that show it, if there are several.
        is_cut_off: Whether it is missing together with a start, an end or a scene, and not by itself.
    """

    number: int | None
    absence: str = ""
    repeats: tuple[int, ...] = ()
    is_cut_off: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Pairing:
    """How frames of A and B are paired.

    Attributes:
        b_count: Frames of B.
        offset: By number, how much higher the numbers of B are.
        alignment: By time or content, the map; None by number.
    """

    b_count: int
    offset: int = 0
    alignment: Alignment | None = field(default=None)

    @property
    def by(self) -> AlignBy:
        """What decides which frames belong together."""
        return AlignBy.NUMBER if self.alignment is None else self.alignment.by

    def of(self, a: int) -> Counterpart:
        """What B has for a frame of A."""
        if self.alignment is None:
            return self._by_number(a + self.offset)
        b_of_a = self.alignment.b_of_a
        if a >= len(b_of_a):
            return Counterpart(None, tr("This frame of A was not compared."))
        number = int(b_of_a[a])
        if number < 0:
            found = self._difference_at(a)
            kind = None if found is None else found.kind
            return Counterpart(None, _ABSENCES.get(kind, tr("Not in B")), is_cut_off=kind in _CUT_OFF)
        return Counterpart(number, repeats=self._repeats(a))

    def _by_number(self, number: int) -> Counterpart:
        if number < 0:
            frames = counted(-self.offset, "frame", "frames")
            return Counterpart(None, tr("B begins {frames} later", frames=frames), is_cut_off=True)
        if number >= self.b_count:
            last = self.b_count - 1
            return Counterpart(None, tr("B ends with frame {last}", last=last), is_cut_off=True)
        return Counterpart(number)

    def _repeats(self, a: int) -> tuple[int, ...]:
        assert self.alignment is not None
        shown = np.flatnonzero(self.alignment.a_of_b == a)
        return tuple(shown.tolist()) if len(shown) > 1 else ()

    def _difference_at(self, a: int) -> Difference | None:
        assert self.alignment is not None
        missing = (one for one in self.alignment.differences if one.kind in _ABSENCES and a in one.a)
        # A rhythm covers a long run, in which single frames may be missing for a reason of their own.
        return min(missing, key=lambda one: len(one.a), default=None)


_ABSENCES: dict[DifferenceKind | None, str] = {
    DifferenceKind.DROPPED: tr("Dropped in B"),
    DifferenceKind.CUT: tr("Cut from B"),
    DifferenceKind.STARTS_LATER: tr("Missing at the start of B"),
    DifferenceKind.ENDS_EARLIER: tr("Missing at the end of B"),
    DifferenceKind.DROPS_IN_RHYTHM: tr("Left out in B, for its frame rate"),
    DifferenceKind.NOTHING_IN_COMMON: tr("B has no frame of A"),
}
_CUT_OFF = (DifferenceKind.CUT, DifferenceKind.STARTS_LATER, DifferenceKind.ENDS_EARLIER)
