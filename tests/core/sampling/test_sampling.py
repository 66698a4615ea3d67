"""A frame selection as a record."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace

import numpy as np
import pytest

from framescope.core.errors import SettingsError
from framescope.core.marks.marked_frames import MarkedFrames
from framescope.core.sampling.rate import ClipRule
from framescope.core.sampling.sampling import (
    Sampling,
    SamplingKind,
    Viewpoint,
    WindowUnit,
    choose,
    sampling_from_table,
    take,
)
from framescope.core.sampling.scenes import SceneDetector, ScenePick, SceneRule
from tests.core.sampling.contents import make_content
from tests.core.sampling.indexes import make_index

VIEW = Viewpoint(position=7, marked=MarkedFrames((4, 30)), in_out=range(20, 42))


@pytest.mark.parametrize(
    ("sampling", "numbers"),
    [
        (Sampling(SamplingKind.THIS), [7]),
        (Sampling(SamplingKind.MARKED), [4, 30]),
        (Sampling(SamplingKind.IN_OUT), list(range(20, 42))),
        (Sampling(SamplingKind.EVERY_NTH, step=20), [0, 20, 40]),
        (Sampling(SamplingKind.EVERY_NTH, step=20, only_in_out=True), [20, 40]),
        (Sampling(SamplingKind.EVERY_SECONDS, interval_s=2.0), [0, 20, 40]),
        (Sampling(SamplingKind.EVERY_SECONDS, interval_s=1.5, only_in_out=True), [20, 35]),
        (Sampling(SamplingKind.SPREAD, count=2), [0, 49]),
        (Sampling(SamplingKind.SPREAD, count=2, only_in_out=True), [20, 41]),
        (Sampling(SamplingKind.KEYFRAMES, only_in_out=True), [20, 30, 40]),
        (Sampling(SamplingKind.ALL, only_in_out=True), list(range(50))),
        (Sampling(SamplingKind.LIST, listed="1,-1"), [1, 49]),
        (Sampling(SamplingKind.RATE, rate_fps=0.5), [0, 20, 40]),
        (Sampling(SamplingKind.CLIPS, rate_fps=1, clips=ClipRule(2, 1), only_in_out=True), [20, 30, 40]),
    ],
)
def test_each_kind_takes_its_frames(sampling: Sampling, numbers: list[int]) -> None:
    taken = take(sampling, make_index([n * 100 for n in range(50)]), VIEW)
    assert taken.tolist() == numbers
    assert taken.dtype == np.int64


def test_every_kind_gives_an_ascending_array_of_whole_numbers() -> None:
    index = make_index([n * 40 for n in range(50)])
    for kind in SamplingKind:
        taken = take(Sampling(kind, listed="1:5,3"), index, VIEW, make_content(50))
        assert (np.diff(taken) > 0).all()


def test_without_a_range_only_in_out_means_the_whole_video() -> None:
    taken = take(
        Sampling(SamplingKind.KEYFRAMES, only_in_out=True), make_index(range(20)), Viewpoint(position=0)
    )
    assert taken.tolist() == [0, 10]


def test_an_unset_range_holds_no_frames() -> None:
    assert len(take(Sampling(SamplingKind.IN_OUT), make_index(range(20)), Viewpoint())) == 0


CUT = make_content(
    22,
    start=20,
    hue=[90.0 if place == 16 else 0.0 for place in range(22)],
    hashes=[1 << p for p in range(22)],
)
"""The in–out range of the viewpoint, frames 20 to 41, with a cut at frame 36."""


@pytest.mark.parametrize(
    ("sampling", "numbers"),
    [
        (Sampling(SamplingKind.SCENES), [20, 36]),
        (Sampling(SamplingKind.SCENES, scenes=SceneRule(pick=ScenePick.LAST)), [35, 41]),
        (Sampling(SamplingKind.SCENES, scenes=SceneRule(content=31)), [20]),
        (Sampling(SamplingKind.SHARPEST, window=10, window_unit=WindowUnit.FRAMES), [20, 30, 40]),
        (Sampling(SamplingKind.SHARPEST, window=0.5), [20, 25, 30, 35, 40]),
        (Sampling(SamplingKind.DISTINCT, distance=1), list(range(20, 42))),
        (Sampling(SamplingKind.DISTINCT, distance=2), [20]),
        (Sampling(SamplingKind.REPRESENTATIVE), [20]),
    ],
)
def test_kinds_that_look_take_from_what_was_measured(sampling: Sampling, numbers: list[int]) -> None:
    index = make_index([n * 100 for n in range(50)])
    within = replace(sampling, only_in_out=True)
    assert take(within, index, VIEW, CUT).tolist() == numbers


@pytest.mark.parametrize("kind", [kind for kind in SamplingKind if kind.needs_content])
def test_nothing_is_taken_by_looks_before_anybody_has_looked(kind: SamplingKind) -> None:
    index = make_index([n * 100 for n in range(50)])
    for content in (None, CUT):
        with pytest.raises(SettingsError, match="analysed"):
            take(Sampling(kind), index, VIEW, content)
    assert len(take(Sampling(kind, only_in_out=True), index, VIEW, CUT))


def test_only_kinds_that_look_have_frames_to_measure() -> None:
    index = make_index(range(50))
    assert len(Sampling(SamplingKind.ALL).content_span(index, VIEW)) == 0
    assert Sampling(SamplingKind.SCENES).content_span(index, VIEW) == range(50)
    assert Sampling(SamplingKind.SCENES, only_in_out=True).content_span(index, VIEW) == range(20, 42)


def test_clips_keep_their_structure() -> None:
    index = make_index([n * 100 for n in range(50)])
    chosen = choose(Sampling(SamplingKind.CLIPS, rate_fps=10, clips=ClipRule(8, 4)), index, VIEW)
    assert chosen.clip_total == 11
    assert len(chosen) == 88
    assert len(take(Sampling(SamplingKind.CLIPS, rate_fps=10, clips=ClipRule(8, 4)), index, VIEW)) == 48


def test_a_choice_survives_a_file() -> None:
    sampling = Sampling(
        SamplingKind.SCENES,
        listed="1,2",
        clips=ClipRule(8, 4, 3),
        scenes=SceneRule(SceneDetector.HASH, hash=0.4, pick=ScenePick.MIDDLE),
        window_unit=WindowUnit.FRAMES,
        anywhere=True,
    )
    assert sampling_from_table(json.loads(json.dumps(sampling.as_table()))) == sampling
    assert sampling_from_table(tomllib.loads("kind = 'rate'\nrate_fps = 2")) == Sampling(
        SamplingKind.RATE, rate_fps=2.0
    )
    assert sampling_from_table(None) == Sampling()
