"""A choice of frames as a record."""

from __future__ import annotations

import numpy as np
import pytest

from framescope.core.sampling.sampling import Sampling, SamplingKind, Viewpoint, take
from tests.core.sampling.indexes import make_index

VIEW = Viewpoint(position=7, marks=(30, 4), in_out=range(20, 42))


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
    ],
)
def test_each_kind_takes_its_frames(sampling: Sampling, numbers: list[int]) -> None:
    taken = take(sampling, make_index([n * 100 for n in range(50)]), VIEW)
    assert taken.tolist() == numbers
    assert taken.dtype == np.int64


def test_every_kind_gives_an_ascending_array_of_whole_numbers() -> None:
    index = make_index([n * 40 for n in range(50)])
    for kind in SamplingKind:
        taken = take(Sampling(kind, listed="1:5,3"), index, VIEW)
        assert (np.diff(taken) > 0).all()


def test_without_a_range_only_in_out_means_the_whole_video() -> None:
    taken = take(
        Sampling(SamplingKind.KEYFRAMES, only_in_out=True), make_index(range(20)), Viewpoint(position=0)
    )
    assert taken.tolist() == [0, 10]


def test_an_unset_range_holds_no_frames() -> None:
    assert len(take(Sampling(SamplingKind.IN_OUT), make_index(range(20)), Viewpoint())) == 0
