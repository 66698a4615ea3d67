"""Comparing again with other pins or metrics, with what was measured before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.compare import comparison
from framescope.core.compare.comparison import compare
from framescope.core.timing.telecine import Telecine, TelecineKind

if TYPE_CHECKING:
    from framescope.core.compare.comparison import Comparison
    from tests.compared_clips import ComparedClips


@pytest.fixture(scope="module")
def earlier(compared_clips: ComparedClips) -> Comparison:
    return compare(compared_clips.source, compared_clips.copy, metrics=())


def test_quality_is_measured_of_the_map_that_is_known(
    compared_clips: ComparedClips, earlier: Comparison
) -> None:
    found = compare(compared_clips.source, compared_clips.copy, metrics=["psnr"], earlier=earlier)
    assert found.alignment is earlier.alignment
    assert found.prints is earlier.prints
    assert found.quality is not None
    assert len(found.quality.a) == len(earlier.alignment.pairs)


def test_other_pins_give_another_map(compared_clips: ComparedClips, earlier: Comparison) -> None:
    pinned = compare(compared_clips.source, compared_clips.copy, pins=[(60, 62)], metrics=(), earlier=earlier)
    assert pinned.prints is earlier.prints
    assert pinned.alignment.b_of_a[60] == 62
    again = compare(compared_clips.source, compared_clips.copy, metrics=(), earlier=pinned)
    assert again.alignment.b_of_a.tolist() == earlier.alignment.b_of_a.tolist()


def test_damage_that_was_met_before_is_not_forgotten(
    compared_clips: ComparedClips, earlier: Comparison
) -> None:
    damaged = replace(earlier, a=replace(earlier.a, damaged=np.array([5, 7])))
    found = compare(compared_clips.source, compared_clips.copy, metrics=(), earlier=damaged)
    assert found.a.damaged.tolist() == [5, 7]


def test_telecine_is_looked_for_where_no_picture_was_compared_before(
    compared_clips: ComparedClips, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = Telecine(TelecineKind.FRAMES, None, 2, 2)
    monkeypatch.setattr(comparison, "find_telecine", lambda _video, **_options: looked)
    by_number = compare(compared_clips.source, compared_clips.copy, align="number", metrics=())
    assert (by_number.a.telecine, by_number.b.telecine) == (None, None)
    found = compare(compared_clips.source, compared_clips.copy, metrics=(), earlier=by_number)
    assert (found.a.telecine, found.b.telecine) == (looked, looked)
