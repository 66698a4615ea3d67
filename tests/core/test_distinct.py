"""Distinct values: the same as NumPy's, without its masked arrays."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from framescope.core.distinct import distinct, runs, union


@pytest.mark.parametrize("values", [[], [3], [2, 2, 2], [5, -1, 5, 0, -1], [1.5, 0.5, 1.5]])
def test_values_are_those_of_numpy(values: list[float]) -> None:
    array = np.array(values)
    assert distinct(array).tolist() == sorted(set(values))
    assert distinct(array).dtype == array.dtype


def test_union_of_several() -> None:
    parts = [np.array([4, 1], np.int32), np.array([], np.int32), np.array([1, 9], np.int32)]
    assert union(parts).tolist() == [1, 4, 9]
    assert union(parts).dtype == np.int32


@pytest.mark.parametrize(
    ("mask", "found"),
    [("", []), ("0", []), ("1", [(0, 1)]), ("0110010", [(1, 3), (5, 6)]), ("11011", [(0, 2), (3, 5)])],
)
def test_runs_of_a_mask(mask: str, found: list[tuple[int, int]]) -> None:
    assert runs(np.array([sign == "1" for sign in mask], np.bool_)) == found


def test_masked_arrays_are_not_imported() -> None:
    code = (
        "import sys, numpy as np; from framescope.core.distinct import distinct;"
        "distinct(np.array([1, 1])); sys.exit('numpy.ma' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
