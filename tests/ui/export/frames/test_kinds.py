"""The list of sampling methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from framescope.core.sampling.sampling import SamplingKind
from framescope.ui.export.frames.kinds import GROUPS, WORDS, KindBox, count_text

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def box(qtbot: QtBot) -> KindBox:
    widget = KindBox()
    qtbot.addWidget(widget)
    return widget


def test_every_kind_is_in_one_group() -> None:
    listed = [kind for _, kinds in GROUPS for kind in kinds]
    assert sorted(listed) == sorted(SamplingKind)
    assert set(WORDS) == set(SamplingKind)
    assert len({words.name for words in WORDS.values()}) == len(SamplingKind)


def test_each_can_be_chosen(box: KindBox) -> None:
    for kind in SamplingKind:
        box.choose(kind)
        assert box.kind is kind
        assert box.currentText() == WORDS[kind].name


def test_headings_cannot_be_chosen(box: KindBox) -> None:
    headings = [
        row for row in range(box.count()) if not box.model().index(row, 0).flags() & Qt.ItemFlag.ItemIsEnabled
    ]
    assert [box.itemText(row) for row in headings] == [title for title, _ in GROUPS]
    box.choose(SamplingKind.LIST)
    for _ in range(2):
        box.setCurrentIndex(box.currentIndex())
    assert box.kind is SamplingKind.LIST


def test_counts_are_words_where_nothing_is_there() -> None:
    assert count_text(SamplingKind.ALL, 12_345) == "12\u202f345"
    assert count_text(SamplingKind.MARKED, 0) == "none"
    assert count_text(SamplingKind.IN_OUT, 0) == "not set"
    assert count_text(SamplingKind.KEYFRAMES, 0) == "0"
    assert count_text(SamplingKind.SCENES, None) == "–"


def test_it_unfolds_with_counts(qtbot: QtBot, box: KindBox) -> None:
    box.show_counts({SamplingKind.ALL: 250})
    box.show()
    box.showPopup()
    qtbot.waitUntil(box.view().isVisible)
    assert not box.view().grab().isNull()
    box.hidePopup()
