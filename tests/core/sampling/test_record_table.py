"""Records as plain values."""

from __future__ import annotations

import pytest

from framescope.core.sampling.record_table import record_from_table, record_to_table
from framescope.core.sampling.scenes import SceneDetector, SceneRule

RULE = SceneRule(SceneDetector.HASH, hash=0.5, shortest=3)


def test_tables_hold_plain_values() -> None:
    table = record_to_table(RULE)
    assert table["detector"] == "hash"
    assert type(table["detector"]) is str
    assert record_from_table(SceneRule(), table) == RULE


@pytest.mark.parametrize(
    "table",
    [
        None,
        [],
        {},
        {"detector": "magic", "hash": "much", "shortest": True, "unknown": 1},
        {"detector": 3, "hash": float("nan"), "shortest": 2.5},
    ],
)
def test_what_cannot_be_used_takes_its_default(table: object) -> None:
    assert record_from_table(RULE, table) == RULE


def test_whole_numbers_do_for_fractions() -> None:
    rule = record_from_table(SceneRule(), {"content": 30})
    assert rule.content == 30.0
    assert type(rule.content) is float
