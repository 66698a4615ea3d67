"""What is left of chosen frames: no excluded ones, no near-duplicates, so many a scene, so many."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from framescope.core.errors import SettingsError
from framescope.core.marks.marked_frames import MarkedFrames
from framescope.core.sampling.content import ContentMeasures
from framescope.core.sampling.rate import ClipRule
from framescope.core.sampling.refinement import Refinement, so_many, so_many_per_scene
from framescope.core.sampling.sampling import (
    Sampling,
    SamplingKind,
    Viewpoint,
    WindowUnit,
    choose,
    sampling_from_table,
    take,
)
from framescope.core.sampling.scenes import SceneRule
from tests.core.sampling.indexes import make_index

TOTAL = 40
CUTS = (10, 30)
"""Scenes: 0 to 9, 10 to 29, 30 to 39."""
INDEX = make_index(range(0, 40 * TOTAL, 40))
"""25 frames a second."""


def measured() -> ContentMeasures:
    """Three scenes; the frames of each pair are duplicates, and later frames are sharper."""
    change = np.full(TOTAL, 1.0)
    change[list(CUTS)] = 200.0
    # Sixteen bits apart from pair to pair.
    pairs = np.array([(0xFFFF << (16 * (pair % 4))) for pair in range(TOTAL // 2)], np.uint64)
    nothing = np.full(TOTAL, np.nan)
    return ContentMeasures(
        start=0,
        is_available=np.ones(TOTAL, np.bool_),
        hue=change,
        saturation=change,
        lightness=change,
        correlation=nothing,
        hash_distance=nothing,
        brightness=nothing,
        sharpness=np.arange(TOTAL, dtype=np.float64),
        hashes=np.repeat(pairs, 2),
        features=np.zeros((TOTAL, 192), np.uint8),
    )


def taken(sampling: Sampling, viewpoint: Viewpoint | None = None) -> list[int]:
    content = measured() if sampling.needs_content else None
    return list(map(int, take(sampling, INDEX, viewpoint or Viewpoint(), content)))


EVERY_4TH = Sampling(SamplingKind.EVERY_NTH, step=4, scenes=SceneRule(shortest=1))
SHARPEST = Sampling(SamplingKind.SHARPEST, window=10, window_unit=WindowUnit.FRAMES)


@pytest.mark.parametrize(
    ("sampling", "refine", "expected"),
    [
        (EVERY_4TH, Refinement(), list(range(0, TOTAL, 4))),
        (EVERY_4TH, Refinement(excluded="0:9,36"), [12, 16, 20, 24, 28, 32]),
        # What the video does not have excludes nothing.
        (EVERY_4TH, Refinement(excluded="100:,77,30:,-40"), [4, 8, 12, 16, 20, 24, 28]),
        (EVERY_4TH, Refinement(at_most=3), [0, 20, 36]),
        (EVERY_4TH, Refinement(at_most=50), list(range(0, TOTAL, 4))),
        (EVERY_4TH, Refinement(per_scene=1), [4, 20, 36]),
        (EVERY_4TH, Refinement(per_scene=2), [0, 8, 12, 28, 32, 36]),
        (EVERY_4TH, Refinement("12:20", per_scene=2, at_most=4), [0, 20, 28, 36]),
        (Sampling(SamplingKind.ALL), Refinement(without_duplicates=True), list(range(0, TOTAL, 2))),
        (Sampling(SamplingKind.LIST, listed="0,1,3,8,9"), Refinement(without_duplicates=True), [0, 3, 8]),
        (SHARPEST, Refinement(), [9, 19, 29, 39]),
        # The next sharpest of the window is chosen in place of an excluded one.
        (SHARPEST, Refinement(excluded="8:10,20:30"), [7, 19, 39]),
        (SHARPEST, Refinement(without_duplicates=True, at_most=2), [9, 39]),
        (Sampling(SamplingKind.SCENES, scenes=SceneRule(shortest=1)), Refinement("10:12"), [0, 12, 30]),
    ],
)
def test_steps(sampling: Sampling, refine: Refinement, expected: list[int]) -> None:
    assert taken(replace(sampling, refine=refine)) == expected


def test_within_a_range() -> None:
    viewpoint = Viewpoint(in_out=range(10, 30))
    refine = Refinement(per_scene=2)
    assert taken(replace(EVERY_4TH, refine=refine, only_in_out=True), viewpoint) == [10, 26]
    assert taken(Sampling(SamplingKind.IN_OUT, refine=refine), viewpoint) == [10, 29]


def test_clips_are_left_out_whole() -> None:
    sampling = Sampling(SamplingKind.CLIPS, rate_fps=25.0, clips=ClipRule(10), refine=Refinement("12"))
    chosen = choose(sampling, INDEX, Viewpoint(marked=MarkedFrames((3,))))
    assert (len(chosen), chosen.clip_total) == (30, 3)
    assert chosen.frame_numbers.tolist() == [*range(10), *range(20, TOTAL)]
    assert chosen.clips is not None
    assert chosen.clips.tolist() == [0] * 10 + [1] * 10 + [2] * 10
    assert chosen.marked.marks


@pytest.mark.parametrize(
    "sampling",
    [
        replace(EVERY_4TH, refine=Refinement(at_most=-1)),
        replace(EVERY_4TH, refine=Refinement(per_scene=-1)),
        replace(EVERY_4TH, refine=Refinement(excluded="a few")),
        Sampling(SamplingKind.CLIPS, refine=Refinement(at_most=3)),
        Sampling(SamplingKind.CLIPS, refine=Refinement(without_duplicates=True)),
    ],
)
def test_impossible_steps_are_refused(sampling: Sampling) -> None:
    with pytest.raises(SettingsError):
        taken(sampling)


def test_they_are_stored_with_the_choice() -> None:
    sampling = replace(EVERY_4TH, refine=Refinement("0:9", without_duplicates=True, per_scene=2, at_most=7))
    assert sampling_from_table(sampling.as_table()) == sampling
    older = {name: value for name, value in EVERY_4TH.as_table().items() if name != "refine"}
    assert sampling_from_table(older) == EVERY_4TH


def test_nothing_stays_nothing() -> None:
    none = np.empty(0, np.int64)
    assert so_many(none, 3).tolist() == []
    assert so_many_per_scene(none, np.array(CUTS), 3).tolist() == []
