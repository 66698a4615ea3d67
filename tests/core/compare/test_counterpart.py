"""What B has for a frame of A, and why it has none."""

from __future__ import annotations

import numpy as np

from framescope.core.compare.alignment import Alignment
from framescope.core.compare.choices import AlignBy
from framescope.core.compare.counterpart import Pairing
from framescope.core.compare.differences import Difference, DifferenceKind


def test_by_number_the_offset_is_added_and_ends_are_named() -> None:
    pairing = Pairing(10, offset=-2)
    assert pairing.by is AlignBy.NUMBER
    assert pairing.of(5).number == 3
    assert "2 frames later" in pairing.of(1).absence
    assert "frame 9" in pairing.of(12).absence
    assert all(pairing.of(number).is_cut_off for number in (1, 12))


def aligned() -> Pairing:
    """A has 8 frames. B: 2 is dropped, 4 is doubled, the last two are missing."""
    b_of_a = np.array([0, 1, -1, 2, 3, 5, -1, -1])
    a_of_b = np.array([0, 1, 3, 4, 4, 5])
    differences = (
        Difference(DifferenceKind.DROPPED, range(2, 3), range(2, 2), 1, range(2, 3)),
        Difference(DifferenceKind.DOUBLED, range(4, 5), range(4, 5), 1, range(4, 5)),
        Difference(DifferenceKind.ENDS_EARLIER, range(6, 8), range(6, 6), 2, range(6, 8)),
    )
    return Pairing(6, alignment=Alignment(AlignBy.CONTENT, b_of_a, a_of_b, differences))


def test_a_dropped_frame_is_named_and_a_doubled_one_has_both() -> None:
    pairing = aligned()
    assert (pairing.of(2).number, pairing.of(2).absence) == (None, "Dropped in B")
    assert not pairing.of(2).is_cut_off
    assert pairing.of(4).number == 3
    assert pairing.of(4).repeats == (3, 4)
    assert pairing.of(5).repeats == ()


def test_a_missing_end_is_not_a_dropped_frame() -> None:
    assert aligned().of(7).absence == "Missing at the end of B"
    assert aligned().of(7).is_cut_off


def test_a_frame_that_came_after_the_comparison_has_no_counterpart() -> None:
    assert aligned().of(9).number is None
