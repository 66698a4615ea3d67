"""Comparing again with other pins or metrics, with what was measured before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.compare import comparison, quality
from framescope.core.compare.comparison import compare
from framescope.core.timing.telecine import Telecine, TelecineKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.compare.comparison import Comparison
    from framescope.core.compare.quality import Quality
    from framescope.core.model.progress import Progress
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


def test_a_pin_measures_only_pairs_that_are_new(
    compared_clips: ComparedClips, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, copy = compared_clips.source, compared_clips.copy
    first = compare(source, copy)
    measured: list[int] = []
    whole = quality.measure_pairs

    def measure(pairs: NDArray[np.int64], *rest: object, **options: object) -> Quality:
        measured.append(len(pairs))
        return whole(pairs, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(quality, "measure_pairs", measure)
    again = compare(source, copy, pins=[(60, 62)], earlier=first)
    fresh = compare(source, copy, pins=[(60, 62)])
    assert 0 < measured[0] < measured[1]
    assert again.quality is not None
    assert fresh.quality is not None
    assert again.quality.values.keys() == fresh.quality.values.keys()
    for name, values in fresh.quality.values.items():
        np.testing.assert_array_equal(again.quality.values[name], values)
    assert again.quality.is_identical.tolist() == fresh.quality.is_identical.tolist()


def test_one_progress_over_all_steps(compared_clips: ComparedClips) -> None:
    reports: list[Progress] = []
    maps: list[Comparison] = []
    found = compare(compared_clips.source, compared_clips.copy, aligned=maps.append, progress=reports.append)
    counted = [one for one in reports if one.total]
    assert len({one.total for one in counted}) == 1
    shares = [one.done for one in counted]
    assert shares == sorted(shares)
    assert shares[-1] == counted[-1].total
    assert {"Measuring frames", "Looking for telecine", "Measuring quality"} <= {one.text for one in counted}
    (mapped,) = maps
    assert mapped.quality is None
    assert mapped.alignment is found.alignment
