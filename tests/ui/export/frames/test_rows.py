"""The declared fields fit the record that they set."""

from __future__ import annotations

import pytest

from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.core.sampling.scenes import SceneDetector, ScenePick
from framescope.ui.export.frames.editors import ROWS, ChoiceRow, FlagRow, NumberRow, Row, TextRow, value_at

ALL_ROWS = [pytest.param(row, id=row.name) for rows in ROWS.values() for row in rows]


@pytest.mark.parametrize("row", ALL_ROWS)
def test_each_row_sets_a_part_of_its_kind(row: Row) -> None:
    value = value_at(Sampling(), row.path)
    if isinstance(row, NumberRow):
        assert isinstance(value, int if not row.decimals and row.path not in MIXED else (int, float))
        assert row.least <= value <= row.most
    elif isinstance(row, ChoiceRow):
        assert value in row.words
    elif isinstance(row, FlagRow):
        assert isinstance(value, bool)
    else:
        assert isinstance(row, TextRow)
        assert isinstance(value, str)


MIXED = {"window", "scenes.fade"}
"""Numbers that are whole in one field only."""


def test_every_choice_is_offered() -> None:
    offered = {row.path: set(row.words) for row in ROWS[SamplingKind.SCENES] if isinstance(row, ChoiceRow)}
    assert offered == {"scenes.detector": set(SceneDetector), "scenes.pick": set(ScenePick)}


def test_kinds_without_numbers_have_no_rows() -> None:
    assert set(SamplingKind) - set(ROWS) == {
        SamplingKind.THIS,
        SamplingKind.MARKED,
        SamplingKind.IN_OUT,
        SamplingKind.ALL,
        SamplingKind.KEYFRAMES,
    }
