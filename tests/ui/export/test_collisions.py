"""Names that stand in an export's way, found before it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.export.settings import ExportSettings, OnExisting
from framescope.ui.export.files_section import taken_words
from framescope.ui.export.survey import Collisions, find_collisions
from tests.core.sampling.indexes import make_index
from tests.ui.stand_ins import make_info

if TYPE_CHECKING:
    from pathlib import Path

INDEX = make_index([n * 100 for n in range(200)])


def find(folder: Path, count: int, pattern: str = "{stem}_{frame:03d}") -> Collisions:
    return find_collisions(make_info(), INDEX, np.arange(count), ExportSettings(folder, name_pattern=pattern))


def test_files_that_are_there_are_counted(tmp_path: Path) -> None:
    for name in ("clip_003.jpg", "clip_007.jpg", "clip_099.jpg", "other.jpg"):
        (tmp_path / name).touch()
    assert find(tmp_path, 50) == Collisions("", 2)
    assert find(tmp_path / "new", 50) == Collisions("", 0)


def test_a_shared_name_is_found_though_first_and_last_differ(tmp_path: Path) -> None:
    # Whole seconds: ten frames share each of them.
    found = find(tmp_path, 50, "{time:.0f}")
    assert "would share the name" in found.error
    assert found.taken is None


def test_nothing_is_told_of_nothing_or_of_very_many(tmp_path: Path) -> None:
    assert find(tmp_path, 0) == Collisions()
    million = np.zeros(1_000_000, np.int64)
    assert find_collisions(make_info(), INDEX, million, ExportSettings(tmp_path)) == Collisions()


@pytest.mark.parametrize(
    ("taken", "count", "on_existing", "words"),
    [
        (0, 9, OnExisting.ASK, ""),
        (1, 1, OnExisting.ASK, "The file exists already: you will be asked."),
        (1, 9, OnExisting.SKIP, "1 of them exists already: those frames will be skipped."),
        (4, 9, OnExisting.OVERWRITE, "4 of them exist already: they will be replaced."),
        (9, 9, OnExisting.NUMBER, "All of them exist already: the new ones will be numbered."),
    ],
)
def test_what_will_happen_is_said(taken: int, count: int, on_existing: OnExisting, words: str) -> None:
    assert taken_words(taken, count, on_existing) == words
