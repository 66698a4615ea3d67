"""The labels of the number keys, whatever was stored."""

from __future__ import annotations

import pytest

from framescope.core.marks.labels import DEFAULT_LABELS, Label, labels_from, shared_names


@pytest.mark.parametrize(
    "stored", [None, {}, "x", [], [None] * 20, [["", "red"]], [[1, 2]], [["a", "b"] * 2]]
)
def test_what_makes_no_sense_is_as_by_default(stored: object) -> None:
    assert labels_from(stored) == DEFAULT_LABELS


def test_each_label_is_read_by_itself() -> None:
    stored = [["cat", "#112233"], None, ["dog\n", "no colour"], ["", "#445566"]]
    found = labels_from(stored)
    assert found[0] == Label("cat", "#112233")
    assert found[1] == DEFAULT_LABELS[1]
    assert found[2] == Label("dog", DEFAULT_LABELS[2].color)
    assert found[3] == Label("4", "#445566")
    assert found[4:] == DEFAULT_LABELS[4:]


def test_names_that_two_keys_have() -> None:
    assert shared_names(DEFAULT_LABELS) == []
    assert shared_names([Label("b", ""), Label("a", ""), Label("b", ""), Label("a", "")]) == ["a", "b"]
