"""What is measured of a data set's pictures, on pictures that are known."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.dataset.measures import measure_dataset, spread
from framescope.core.errors import Cancelled
from framescope.core.model.progress import CancelToken
from framescope.core.opencv import cv2

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.dataset.records import DataSet
    from tests.core.dataset.conftest import Made


@pytest.fixture
def data(made: Made, tmp_path: Path) -> DataSet:
    """The data set, in a folder to change pictures in."""
    shutil.copytree(made.folder, tmp_path / "set")
    assert made.result.data is not None
    return replace(made.result.data, folder=tmp_path / "set")


def paint(data: DataSet, place: int, pixels: np.ndarray) -> None:
    picture = list(data.pictures())[place]
    assert cv2.imwrite(str(data.folder / picture.file), pixels)


def test_blur_repeats_and_leaks_are_found(data: DataSet) -> None:
    rng = np.random.default_rng(5)
    noise = rng.integers(0, 255, (120, 160, 3), np.uint8)
    paint(data, 0, noise)
    paint(data, 1, noise)
    paint(data, 2, cv2.GaussianBlur(noise, (0, 0), 8).astype(np.uint8))
    # The third picture of the second video, which is in another split; and black ones, which are no leak.
    paint(data, 5, noise)
    black = np.zeros((120, 160, 3), np.uint8)
    paint(data, 3, black)
    paint(data, 6, black)
    found = measure_dataset(data)
    assert found.total == len(found.measures) == 9
    first, second, blurred = found.by_video()[1]
    assert blurred.sharpness < first.sharpness / 50 == second.sharpness / 50
    assert found.repeats()[1] == 1
    assert [(one.picture.id, other.picture.id) for one, other in found.leaks() if one is first] == [(1, 6)]
    assert not [pair for pair in found.leaks() if pair[0].is_flat]


def test_files_that_are_no_pictures_are_left_out(data: DataSet) -> None:
    pictures = list(data.pictures())
    (data.folder / pictures[0].file).unlink()
    (data.folder / pictures[4].file).write_bytes(b"other")
    found = measure_dataset(data, most=4)
    # Every third of nine, and the first is gone.
    assert [one and one.picture.id for one in found.measures] == [None, 4, 7]
    assert found.total == 9
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        measure_dataset(data, cancel=cancel)


def test_a_spread_has_both_ends(data: DataSet) -> None:
    known = [one for one in measure_dataset(data).measures if one is not None]
    assert [one.picture.id for one in spread(known, 3)] == [1, 5, 9]
    assert spread(known, 99) == known
